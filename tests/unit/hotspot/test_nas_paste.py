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
        secrets, sites, Nas.model_construct(id="gw-x", kind=kind, coa_port=None, uam=None, fas=None, login_url=None)
    )

    assert "gw-x" in text
    for suffix in () if NAS_KINDS[kind].controller else NAS_KINDS[kind].secrets:
        assert f"rahasia_{suffix.upper()}" in text
    assert ("rahasia\n" in text or 'rahasia"' in text) == NAS_KINDS[kind].speaks_radius


def test_a_missing_secret_is_said_in_one_sentence(sites: Sites) -> None:
    with pytest.raises(OperatorError, match="secret nas-gw-alun-alun-besar is missing: set HOTSPOT_NAS_GW_ALUN"):
        pasted(SecretSource(Path("/nowhere"), {}), sites, sites.nas["gw-alun-alun-besar"])
