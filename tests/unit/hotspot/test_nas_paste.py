"""What an operator pastes into a NAS: every field of every kind's template is filled."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotspot.command import OperatorError
from hotspot.nas import NAS_KINDS
from hotspot.paste import pasted
from hotspot.secret import SecretSource
from hotspot.sites import Nas, Sites

SECRETS = {f"HOTSPOT_NAS_GW_X{name}_SECRET": f"rahasia{name}" for name in ("", "_UAM", "_FASKEY")}


@pytest.mark.parametrize("kind", sorted(NAS_KINDS))
def test_the_secrets_and_the_portal_are_written_where_the_kind_wants_them(sites: Sites, kind: str) -> None:
    secrets = SecretSource(Path("/nowhere"), SECRETS)
    text = pasted(
        secrets,
        sites,
        Nas.model_construct(
            id="gw-x", site="museum-tosan-aji", kind=kind, coa_port=None, uam=None, fas=None, login_url=None
        ),
    )

    assert "gw-x" in text
    for suffix in () if NAS_KINDS[kind].controller else NAS_KINDS[kind].secrets:
        assert f"rahasia_{suffix.upper()}" in text
    assert ("rahasia\n" in text or 'rahasia"' in text) == NAS_KINDS[kind].speaks_radius


def test_a_missing_secret_is_said_in_one_sentence(sites: Sites) -> None:
    with pytest.raises(OperatorError, match="secret nas-gw-alun-alun-besar is missing: set HOTSPOT_NAS_GW_ALUN"):
        pasted(SecretSource(Path("/nowhere"), {}), sites, sites.nas["gw-alun-alun-besar"])


@pytest.mark.parametrize("kind", sorted(NAS_KINDS))
def test_a_sites_family_filter_reaches_its_nas_of_whatever_kind(sites: Sites, kind: str) -> None:
    secrets = SecretSource(Path("/nowhere"), SECRETS)
    box = Nas.model_construct(
        id="gw-x", site="museum-tosan-aji", kind=kind, coa_port=None, uam=None, fas=None, login_url=None
    )
    assert "1.1.1.3" in pasted(secrets, sites, box)
    assert "1.1.1.3" not in pasted(secrets, sites, box.model_copy(update={"site": "pendopo-bupati"}))


def test_no_captive_portal_api_that_is_pasted_has_a_mac_in_its_address(sites: Sites) -> None:
    box = Nas.model_construct(
        id="gw-x", site="museum-tosan-aji", kind="coovachilli", coa_port=None, uam=None, fas=None, login_url=None
    )
    text = pasted(SecretSource(Path("/nowhere"), SECRETS), sites, box)
    assert "/api/captive/gw-x/%{s}" in text
    assert "%{m}" not in text.lower()
