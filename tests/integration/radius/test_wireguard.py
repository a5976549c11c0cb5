"""The tunnels' configuration as our command makes it, read by the real wg-quick and wg."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from hotspot.command import OPERATOR
from radius.__main__ import main
from tests.conftest import ROOT
from tests.peers.namespace import Namespace, join, namespace
from tests.peers.process import program

NAS = "gw-museum-tosan-aji"


def key() -> tuple[str, str]:
    wg = program("wg", "wireguard-tools")
    private = subprocess.run([wg, "genkey"], check=True, capture_output=True, text=True).stdout
    return private, subprocess.run([wg, "pubkey"], input=private, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Private keys of a town whose museum is reached through a tunnel."""
    (office, office_public), (box, box_public) = key(), key()
    text = (ROOT / "sites.yaml").read_text().replace("127.66.", "10.66.")
    text, count = re.subn(rf"(- \{{id: {NAS}, )", rf'\1wireguard: {{public_key: "{box_public.strip()}"}}, ', text)
    assert count == 1
    hub = f'{{endpoint: 192.0.2.1, network: 10.66.99.1/16, public_key: "{office_public.strip()}"}}'
    (tmp_path / "sites.yaml").write_text(f"{text}\nwireguard: {hub}\n")
    (tmp_path / "secrets").mkdir()
    for name in ("grant-key", *re.findall(r"id: (gw-[a-z-]+)", text)):
        file = tmp_path / "secrets" / (name if name == "grant-key" else f"nas-{name}")
        file.write_text("a secret that is long enough\n")
        file.chmod(0o600)
    monkeypatch.setenv("HOTSPOT_STATE", str(tmp_path))
    monkeypatch.setenv("HOTSPOT_SITES", str(tmp_path / "sites.yaml"))
    return {"office": office, "box": box}


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["wireguard", *words]) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def stripped(folder: Path, config: str) -> str:
    """What wg-quick leaves for wg."""
    (folder / "hotspot.conf").write_text(config)
    (folder / "hotspot.conf").chmod(0o600)
    tool = program("wg-quick", "wireguard-tools")
    done = subprocess.run([tool, "strip", str(folder / "hotspot.conf")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.usefixtures("ends")
def test_wg_quick_reads_both_ends_and_no_private_key_is_in_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office, box = said(capsys), said(capsys, NAS)
    assert re.search(r"AllowedIPs = 10\.66\.3\.1/32, 10\.66\.3\.\d+/32", stripped(tmp_path, office))
    assert "Endpoint = 192.0.2.1:51820" in stripped(tmp_path, box)
    assert "Address = 10.66.3.1/16" in box
    assert "PrivateKey" not in office + box


@pytest.mark.usefixtures("ends")
def test_a_nas_without_a_key_of_its_own_is_told_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wireguard", "gw-pendopo-wabup"]) == OPERATOR
    assert "give it the public key of its box" in capsys.readouterr().err


def test_the_box_and_the_office_hear_each_other_through_the_tunnel(
    ends: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As wg-quick would bring them up, in two network namespaces."""
    configs = {"office": said(capsys), "box": said(capsys, NAS)}
    with namespace() as office, namespace() as box:
        join((office, "wan", "192.0.2.1/24"), (box, "wan", "192.0.2.2/24"))
        for name, place in (("office", office), ("box", box)):
            (tmp_path / name).mkdir()
            bring_up(place, tmp_path / name, configs[name], ends[name])
        box.run(program("ping", "iputils-ping"), "-c", "1", "-W", "3", "10.66.99.1")


def bring_up(place: Namespace, folder: Path, config: str, private: str) -> None:
    done = subprocess.run(
        [place.program, "-n", place.name, "link", "add", "hotspot", "type", "wireguard"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("needs WireGuard in the kernel")
    (folder / "key").write_text(private)
    (folder / "stripped").write_text(stripped(folder, config))
    wg = program("wg", "wireguard-tools")
    place.run(wg, "setconf", "hotspot", str(folder / "stripped"))
    place.run(wg, "set", "hotspot", "private-key", str(folder / "key"))
    address = re.findall(r"^Address = (.*)$", config, re.MULTILINE)[0]
    place.ip("addr", "add", address, "dev", "hotspot")
    place.ip("link", "set", "hotspot", "up")
