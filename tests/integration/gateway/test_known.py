"""The file of those who were here before: no MAC in it, and nothing in it outlives the policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway import known as module
from gateway.known import KnownDevices
from hotspot.mac import Mac
from hotspot.secret import Secret

MAC = Mac("021122000001")
KEY = Secret("a key of this gateway")
MONTH = 30 * 86400


def test_a_device_is_known_after_a_restart_and_under_this_key_only(tmp_path: Path) -> None:
    path = tmp_path / "gateway" / "known"
    KnownDevices(path, KEY).accepted(MAC, 1000.5, MONTH)

    assert KnownDevices(path, KEY).knows(MAC, 2000, MONTH)
    assert not KnownDevices(path, KEY).knows(MAC, 2000 + MONTH, MONTH)
    assert not KnownDevices(path, Secret("another")).knows(MAC, 2000, MONTH)
    assert MAC.digits not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


def test_a_line_that_a_crash_cut_off_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "known"
    KnownDevices(path, KEY).accepted(MAC, 1000, MONTH)
    path.write_text(path.read_text() + "0123")

    assert len(KnownDevices(path, KEY)) == 1


def test_coming_back_within_the_hour_writes_nothing_and_later_a_line(tmp_path: Path) -> None:
    path = tmp_path / "known"
    devices = KnownDevices(path, KEY)
    for at in (1000, 1001, 4599, 4600):
        devices.accepted(MAC, at, MONTH)

    assert [line.split()[1] for line in path.read_text().splitlines()] == ["1000", "4600"]


def test_the_file_is_written_anew_when_much_of_it_is_out_of_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SLACK", 3)
    path = tmp_path / "known"
    devices = KnownDevices(path, KEY)
    for hour in range(0, 10, 2):
        devices.accepted(MAC, hour * 3600, MONTH)

    assert path.read_text().split()[1:] == [str(8 * 3600)]
    assert KnownDevices(path, KEY).knows(MAC, 9 * 3600, MONTH)


def test_who_is_no_longer_to_be_remembered_leaves_the_disk_within_a_day_of_visits(tmp_path: Path) -> None:
    path = tmp_path / "known"
    devices = KnownDevices(path, KEY)
    for at in (0, MONTH - 3600, MONTH + 86400 - 3600):
        devices.accepted(Mac(f"0211{at:08x}"), at, MONTH)

    assert [line.split()[1] for line in path.read_text().splitlines()] == [str(MONTH - 3600), str(MONTH + 82800)]


def test_a_full_disk_keeps_nobody_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    devices = KnownDevices(tmp_path / "known", KEY)
    (tmp_path / "known").mkdir()  # root may write anywhere but into this
    devices.accepted(MAC, 1000, MONTH)

    assert devices.knows(MAC, 1000, MONTH)
    assert "cannot be kept on disk" in caplog.text
