"""The palette is readable in light and in dark: WCAG 2.2, 1.4.3 (4.5 to 1 for text) and 1.4.11 (3 to 1 for borders)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import web

CSS = (Path(web.__file__).parent / "static" / "style.css").read_text()
TEXT_PAIRS = [
    ("ink", "paper"), ("ink", "card"), ("ink", "tint"), ("ink", "warn-tint"), ("ink", "bad-tint"),
    ("soft", "paper"), ("soft", "card"), ("brand", "paper"), ("brand", "card"), ("on-brand", "brand"),
    ("warn", "warn-tint"), ("warn", "card"), ("bad", "card"), ("good", "card"),
]  # fmt: skip
FIELD_BORDERS = [("soft", "card"), ("brand", "card"), ("brand", "paper")]


def palettes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root\{([^}]*)\}", CSS)
    return {
        name: dict(re.findall(r"--([a-z-]+):(#[0-9a-f]+)", text)) for name, text in (("light", light), ("dark", dark))
    }


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_text_and_ground_is_readable(scheme: str) -> None:
    palette = palettes()[scheme]
    weak = {pair: contrast(palette[pair[0]], palette[pair[1]]) for pair in TEXT_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_borders_of_fields_and_buttons_are_seen(scheme: str) -> None:
    palette = palettes()[scheme]
    assert all(contrast(palette[one], palette[other]) >= 3 for one, other in FIELD_BORDERS)


def test_the_stylesheet_asks_no_other_file_and_no_other_host() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert "</style" not in CSS
