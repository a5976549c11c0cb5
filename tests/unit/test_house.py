"""The house keeps its own rules: a sentence at each door, small files, kinds that match, tests that mirror."""

from __future__ import annotations

import ast
import configparser
import importlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotspot.nas import NAS_KINDS
from tests.skips import allowed, not_allowed

ROOT = Path(__file__).parents[2]
ROOMS = ("hotspot", "web", "captive_portal", "radius", "monitor", "office", "gateway", "lab")
LONGEST = 300


def modules() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def handwritten() -> list[Path]:
    return [path for path in modules() if "versions" not in path.parts]


@pytest.mark.parametrize("module", list(modules()), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_module_opens_with_a_sentence(module: Path) -> None:
    if module.parent.name == "versions" and module.name == "__init__.py":
        return
    assert ast.get_docstring(ast.parse(module.read_text())), f"{module} does not say what it is for"


@pytest.mark.parametrize("module", handwritten(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_outgrows_its_reader(module: Path) -> None:
    lines = len(module.read_text().splitlines())
    assert lines <= LONGEST, f"{module} has {lines} lines; split it by meaning"


def test_most_functions_fit_on_a_screen() -> None:
    lengths = sorted(
        (node.end_lineno or 0) - node.lineno + 1
        for module in handwritten()
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )

    assert lengths[len(lengths) * 9 // 10] < 30


def test_no_unfinished_word_is_left_in_the_code() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "X" * 3, "NotImplemented" + "Error")
    found = [(path, word) for path in modules() for word in words if word in path.read_text()]

    assert found == []


@pytest.mark.parametrize("room", ["captive_portal", "radius"])
def test_the_nas_kinds_of_a_room_are_those_of_the_hall(room: str) -> None:
    folder = {"captive_portal": "nas", "radius": "answers"}[room]
    files = {path.stem.replace("_", "-") for path in (ROOT / room / folder).glob("*.py")}
    treats = {"captive_portal": "portal", "radius": "speaks_radius"}[room]
    shared = {"--init--", "kind", "usual"}

    assert {name for name, kind in NAS_KINDS.items() if getattr(kind, treats)} == files - shared
    hall = {path.stem.replace("_", "-") for path in (ROOT / "hotspot" / "nas").glob("*.py")}
    assert hall - {"--init--", "kind"} == set(NAS_KINDS)


def test_every_folder_of_tests_is_a_package() -> None:
    """Otherwise ``tests/unit/radius`` would hide the room ``radius`` from its own tests."""
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    missing = [folder for folder in folders if not (folder / "__init__.py").exists()]

    assert missing == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_rooms_name_leads_to_this_house(room: str) -> None:
    found = importlib.import_module(room).__file__

    assert found is not None
    assert Path(found).is_relative_to(ROOT)


def test_the_wheel_holds_the_rooms_and_nothing_else() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    included = setup["options.packages.find"]["include"].split()
    commands = [line.split("=")[0].strip() for line in setup["options.entry_points"]["console_scripts"].split("\n")[1:]]

    assert sorted(included) == sorted(f"{room}*" for room in ROOMS)
    assert commands == [
        "hotspot",
        "hotspot-portal",
        "hotspot-radius",
        "hotspot-monitor",
        "hotspot-office",
        "hotspot-report",
        "hotspot-gateway",
        "hotspot-lab",
    ]


def test_only_the_sidecar_knows_scapy_and_says_its_licence() -> None:
    knowing = [path for path in modules() if "scapy" in _imports(path)]

    assert knowing
    for path in knowing:
        assert path.is_relative_to(ROOT / "monitor" / "sidecar")
        assert path.read_text().startswith("# SPDX-License-Identifier: GPL-2.0-only")


def test_gufo_snmp_has_one_door() -> None:
    assert len([path for path in modules() if "gufo" in _imports(path)]) == 1


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


def test_the_repository_holds_no_recording_key_or_state() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )

    assert not [
        name for name in tracked if name.endswith((".snmprec", ".db", ".pem", ".key")) or name.startswith("var/")
    ]


def test_a_skip_needs_a_line_with_a_reason() -> None:
    patterns = allowed("# comment\n\ntests/a.py::test_* | no kernel support\ntests/b.py::test_x |\n")

    assert not_allowed(["tests/a.py::test_one"], patterns) == []
    assert not_allowed(["tests/b.py::test_x", "tests/c.py::t"], patterns) == ["tests/b.py::test_x", "tests/c.py::t"]
