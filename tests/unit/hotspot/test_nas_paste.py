"""What an operator pastes into a NAS: every field of every kind's template is filled."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotspot.__main__ import _pasted
from hotspot.command import Settings
from hotspot.nas import NAS_KINDS
from hotspot.sites import Nas, Sites

SECRETS = {f"HOTSPOT_NAS_GW_X{name}_SECRET": f"rahasia{name}" for name in ("", "_UAM", "_FASKEY")}


@pytest.mark.parametrize("kind", sorted(NAS_KINDS))
def test_the_secrets_and_the_portal_are_written_where_the_kind_wants_them(sites: Sites, kind: str) -> None:
    settings = Settings(Path("sites.yaml"), Path("/nowhere"), "", None, check=False, log_level="info", environ=SECRETS)
    text = _pasted(settings, sites, Nas.model_construct(id="gw-x", kind=kind, coa_port=None, uam=None, fas=None))

    assert "gw-x" in text
    for suffix in NAS_KINDS[kind].secrets:
        assert f"rahasia_{suffix.upper()}" in text
    assert ("rahasia\n" in text or 'rahasia"' in text) == NAS_KINDS[kind].speaks_radius
