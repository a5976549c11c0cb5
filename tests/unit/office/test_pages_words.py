"""The words of the pages: every sentence in every language, numbers as each language writes them."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from hotspot.sites.values import OpeningHours
from office import chart, numbers

OFFICE = Path(numbers.__file__).parent
KEYWORDS = {"_": None, "ngettext": (1, 2)}
OPTIONS = {kind: {"trim_blocks": "true", "newstyle_gettext": "true"} for kind in ("**.html", "**.xml")}


def written() -> set[str]:
    """Every sentence that a template says."""
    found = extract_from_dir(OFFICE / "templates", [(kind, "jinja2") for kind in OPTIONS], OPTIONS, KEYWORDS)
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", ["id", "jv"])
def test_every_sentence_is_translated_and_none_is_left_over(language: str) -> None:
    with (OFFICE / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    known = {m.id[0] if isinstance(m.id, tuple) else m.id: m for m in catalogue if m.id}

    lacking = written() - set(known)

    assert set(known) <= written()
    assert not lacking or language == "jv"  # where a sentence lacks, the office's Javanese is Indonesian
    for source, message in known.items():
        for text in [message.string] if isinstance(message.string, str) else message.string or [""]:
            assert text, source
            assert placeholders(text) == placeholders(str(source)), source


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s", text))


def test_numbers_are_written_as_each_language_does() -> None:
    assert (numbers.count(1234567, "id"), numbers.count(1234567, "en")) == ("1.234.567", "1,234,567")
    assert numbers.share(1, 3, "id") == "33%"
    assert numbers.share(1, 0, "id") == "0%"


def test_days_and_months_have_their_names() -> None:
    assert numbers.day("2026-11-24", "id") == "Selasa, 24 Nov"
    assert numbers.month("2026-11", "en") == "November 2026"


def test_the_time_left_of_a_promise_is_told_in_hours_and_at_last_in_minutes() -> None:
    assert numbers.hours_left(45 * 3600 + 100, "id") == "45 jam"
    assert numbers.hours_left(45 * 3600, "jv") == "45 jam"
    assert numbers.hours_left(-90 * 60, "en") == "1 hour"
    assert numbers.hours_left(59 * 60, "id") == "59 menit"


def test_opening_hours_have_dots_in_indonesian() -> None:
    hours = OpeningHours(time(5), time(23))

    assert (numbers.hours(hours, "id"), numbers.hours(hours, "en")) == ("05.00-23.00", "05:00-23:00")


def test_the_highest_bar_is_as_high_as_its_chart() -> None:
    low, high = chart.bars([1, 4])

    assert (high.y, high.height, low.height) == (0, chart.HEIGHT, chart.HEIGHT / 4)


def test_an_empty_chart_is_flat() -> None:
    assert [bar.height for bar in chart.bars([0, 0])] == [0, 0]
    assert chart.bars([]) == ()
