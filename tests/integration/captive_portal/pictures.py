"""make screenshots: a picture of every state of the portal for docs/screenshots/portal, and the page that lists them.

Indonesian in light; English in dark and Javanese in light for every third state each, so that all are seen somewhere.
"""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Literal

from PIL import Image
from playwright.sync_api import sync_playwright

from hotspot.sites import load
from hotspot.store import open_store, upgrade
from tests.conftest import ROOT
from tests.integration.captive_portal.states import PARTS, STATES, Stage
from tests.integration.captive_portal.test_browser import FLAGS
from tests.peers.process import program

FOLDER = ROOT / "docs" / "screenshots" / "portal"
PAGE = ROOT / "docs" / "portal-states.md"
LOOKS: tuple[tuple[str, Literal["light", "dark"]], ...] = (("id", "light"), ("en", "dark"), ("jv", "light"))
COLUMNS = 4
HEAD = """# Every state of the portal

What `make screenshots` sees on a phone of 360 px. Each state is also held against WCAG 2.2 AA in three languages and
two palettes by `tests/integration/captive_portal/test_access.py`; a sentence of the portal that stands on none of these
pages fails that test. Languages and palettes take turns here, and folded ways in are shown folded.
"""


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder) / "empty.db"
        first = open_store(f"sqlite:///{empty}")
        upgrade(first)
        first.close()
        stage = Stage(Path(folder), empty, load(ROOT / "sites.yaml"))
        chromium = playwright.chromium.launch(executable_path=program("chromium", "chromium"), args=FLAGS)
        page = chromium.new_page(viewport={"width": 360, "height": 480})
        for number, (name, state) in enumerate(STATES.items()):
            language, palette = LOOKS[number % len(LOOKS)]
            page.emulate_media(color_scheme=palette)
            page.set_content(stage.show(state, language))
            keep(page.screenshot(full_page=True), FOLDER / f"{name}.webp")
        stage.close()
        chromium.close()
    PAGE.write_text(HEAD + "".join(gallery(part) for part in PARTS))
    print(f"{len(STATES)} pictures in {FOLDER.relative_to(ROOT)}")
    return 0


def keep(png: bytes, path: Path) -> None:
    """Few colours without loss: a page of text takes a third of what a photograph's format makes of it."""
    few = Image.open(BytesIO(png)).convert("RGB").quantize(48, dither=Image.Dither.NONE)
    few.save(path, lossless=True, quality=75, method=4)  # more takes a hundred times as long for a twentieth less


def gallery(part: ModuleType) -> str:
    names = [state.name for state in part.states()]
    rows = [names[begin : begin + COLUMNS] for begin in range(0, len(names), COLUMNS)]
    text = f"\n## {(part.__doc__ or '').strip().rstrip('.')}\n\n| | | | |\n|---|---|---|---|\n"
    for row in rows:
        cells = [f'`{name}`<br><img src="screenshots/portal/{name}.webp" width="180" alt="{name}">' for name in row]
        text += f"| {' | '.join(cells + [''] * (COLUMNS - len(row)))} |\n"
    return text


if __name__ == "__main__":
    sys.exit(main())
