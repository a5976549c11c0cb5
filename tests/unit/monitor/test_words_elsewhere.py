"""What the monitor calls causes and checks has its words in the office's pages, the report and the alert rules."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from monitor.catalogue import CAUSES
from monitor.doctor.visit import PLACE_CHECKS

ROOT = Path(__file__).parents[3]


def test_every_check_of_the_doctor_has_a_name_in_the_office() -> None:
    source = "".join(file.read_text() for file in (ROOT / "monitor" / "doctor").glob("*.py"))
    said = {*re.findall(r'check = "([a-z0-9-]+)"', source), "radius-auth", "radius-acct"}
    named = re.findall(r'word == "([a-z0-9-]+)"', (ROOT / "office" / "templates" / "doctor.html").read_text())

    assert len(said) >= 12
    assert set(PLACE_CHECKS) < said
    assert sorted(named) == sorted(said)


def test_every_cause_has_a_name_in_the_office_and_in_the_report() -> None:
    pages = re.findall(r'incident\.cause == "([a-z-]+)"', (ROOT / "office" / "templates" / "marks.html").read_text())
    report = yaml.safe_load((ROOT / "office" / "report" / "words" / "id.yaml").read_text())["causes"]

    assert set(pages) == set(CAUSES)
    assert set(report) == set(CAUSES)
