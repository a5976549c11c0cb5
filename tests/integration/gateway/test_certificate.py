"""The door's certificate as openssl makes it: what a phone would not believe is found before it is announced."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gateway.capport import certificate_fault
from gateway.setting import setting_of
from hotspot.sites import load
from tests.peers.certificate import certificate
from tests.peers.process import program

NAME = "gw-a.wifi.example.net"
SITES = Path(__file__).parents[2] / "data" / "sites" / "good" / "gateway.yaml"


def made(folder: Path, *words: str) -> Path:
    """A certificate of the door's name with other words of ``openssl x509`` behind the same key."""
    file, key = certificate(folder / "tls.pem", NAME), folder / "key.pem"
    key.write_text(file.read_text().partition("-----BEGIN CERTIFICATE")[0])
    tool = program("openssl", "openssl")
    line = [tool, "x509", "-in", str(file), "-signkey", str(key), "-copy_extensions", "copyall", *words]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    file.write_text(key.read_text() + done.stdout)
    return file


def test_a_certificate_of_the_doors_name_that_is_in_time_has_no_fault(tmp_path: Path) -> None:
    assert certificate_fault(certificate(tmp_path / "tls.pem", NAME), NAME) is None


def test_one_for_another_name_is_told_by_both(tmp_path: Path) -> None:
    fault = certificate_fault(certificate(tmp_path / "tls.pem", NAME), "gw-b.wifi.example.net")

    assert fault is not None
    assert "Hostname mismatch" in fault
    assert fault.endswith("; renew it for the name gw-b.wifi.example.net")


def test_one_whose_time_is_over_is_said_to_be(tmp_path: Path) -> None:
    assert certificate_fault(made(tmp_path, "-days", "-1"), NAME) == (
        f"{tmp_path}/tls.pem: certificate has expired; renew it for the name {NAME}"
    )


@pytest.mark.parametrize("content", [None, "no certificate", "certificate alone"])
def test_a_file_that_is_none_is_said_in_one_sentence(tmp_path: Path, content: str | None) -> None:
    file = certificate(tmp_path / "tls.pem", NAME)
    alone = "-----BEGIN CERTIFICATE" + file.read_text().partition("-----BEGIN CERTIFICATE")[2]
    file.unlink()
    if content:
        file.write_text(alone if content == "certificate alone" else content)
    fault = certificate_fault(file, NAME)

    assert fault is not None
    assert fault.startswith(f"{file}: ")
    assert fault.endswith(f"; it has to hold the private key and the chain of {NAME} in PEM")


def test_the_api_is_offered_with_a_certificate_and_the_door_opens_without_one(tmp_path: Path) -> None:
    sites = load(SITES)
    offered = setting_of(sites, None, certificate(tmp_path / "tls.pem", "gw-alun.wifi.example.go.id"))
    refused = setting_of(sites, None, certificate(tmp_path / "tls.pem", "gw-b.wifi.example.go.id"))

    assert (offered.place.api_port, offered.certificate_fault) == (3991, None)
    assert (refused.place.api_port, refused.certificate) == (None, None)
    assert "Hostname mismatch" in str(refused.certificate_fault)
