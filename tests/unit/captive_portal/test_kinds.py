"""The table of kinds, the hall's kinds and the files fit together."""

from __future__ import annotations

from pathlib import Path

from captive_portal.nas import KINDS
from captive_portal.portal import needs
from hotspot.nas import NAS_KINDS
from hotspot.sites import Sites

FOLDER = Path(__file__).parents[3] / "captive_portal" / "nas"


def test_every_kind_of_the_hall_has_its_file_here() -> None:
    files = {path.stem.replace("_", "-") for path in FOLDER.glob("*.py")} - {"--init--", "kind", "usual"}
    assert set(KINDS) == {name for name, kind in NAS_KINDS.items() if kind.portal} == files


def test_the_portal_asks_for_its_own_keys_and_the_uam_secrets_alone(sites: Sites) -> None:
    names = [names[0] for _, names in needs(sites)]
    assert names == ["grant-key", "flow-key", "nas-gw-museum-tosan-aji-uam", "nas-gw-pendopo-wabup-uam"]
