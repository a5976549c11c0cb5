"""make screenshots: a picture of every state of the portal for docs/screenshots/portal, in one language each.

Indonesian in light; English in dark and Javanese in light for every third state each, so that all are seen somewhere.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

from hotspot.sites import load
from hotspot.store import open_store, upgrade
from tests.conftest import ROOT
from tests.integration.captive_portal.states import STATES, Stage
from tests.integration.captive_portal.test_browser import FLAGS
from tests.peers.process import program

FOLDER = ROOT / "docs" / "screenshots" / "portal"
LOOKS: tuple[tuple[str, Literal["light", "dark"]], ...] = (("id", "light"), ("en", "dark"), ("jv", "light"))


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder) / "empty.db"
        first = open_store(f"sqlite:///{empty}")
        upgrade(first)
        first.close()
        stage = Stage(Path(folder), empty, load(ROOT / "sites.yaml"))
        chromium = playwright.chromium.launch(executable_path=program("chromium", "chromium"), args=FLAGS)
        page = chromium.new_page(viewport={"width": 360, "height": 640})
        for number, (name, state) in enumerate(STATES.items()):
            language, palette = LOOKS[number % len(LOOKS)]
            page.emulate_media(color_scheme=palette)
            page.set_content(stage.show(state, language))
            page.screenshot(path=FOLDER / f"{name}.jpg", full_page=True, type="jpeg", quality=55)
        stage.close()
        chromium.close()
    print(f"{len(STATES)} pictures in {FOLDER.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
