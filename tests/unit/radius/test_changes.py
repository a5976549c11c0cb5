"""What each kind of NAS is told when a session shall end or change: what it needs, and nothing that it refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyrad.packet import CoAPacket  # type: ignore[import-untyped]

from hotspot.allowance import Limits
from hotspot.mac import Mac
from hotspot.nas import NAS_KINDS
from hotspot.wire import Attribute, Code, change_request
from radius.changes import CHANGES, SoFar, Target
from radius.names import Names

NAMES = Names()
TARGET = Target("gabc", "80f00001", Mac("021122aabbcc"), "10.1.0.7")
LIMITS = Limits(seconds=600, idle=900, octets=None, up=256_000, down=512_000, interim=300)
HOSTAPDS_OWN = {
    *("User-Name", "NAS-IP-Address", "NAS-IPv6-Address", "Calling-Station-Id", "NAS-Identifier", "Acct-Session-Id"),
    *("Acct-Multi-Session-Id", "Event-Timestamp", "Message-Authenticator", "Chargeable-User-Identity"),
}


def read(attributes: tuple[Attribute, ...] | None) -> dict[str, list[object]]:
    """As pyrad reads them in a CoA-Request."""
    assert attributes is not None
    octets = change_request(Code.COA_REQUEST, 1, attributes, b"secret")
    packet = CoAPacket(packet=octets, dict=NAMES.dictionary, secret=b"secret")
    assert packet.VerifyCoARequest()
    return {str(name): packet[name] for name in packet.keys()}  # noqa: SIM118 - keys() names, the iterator numbers


def named(kind: str, target: Target = TARGET) -> dict[str, list[object]]:
    return read(CHANGES[kind].identify(target))


def limited(kind: str, limits: Limits, so_far: SoFar) -> dict[str, list[object]]:
    limit = CHANGES[kind].limit
    assert limit is not None
    return read(limit(limits, so_far))


@pytest.mark.parametrize("kind", sorted(CHANGES))
def test_every_kind_is_told_the_session_and_all_but_hostapd_the_user(kind: str) -> None:
    assert named(kind)["Acct-Session-Id"] == ["80f00001"]
    assert named(kind).get("User-Name") == (None if kind == "hostapd" else ["gabc"])


def test_mikrotik_is_told_the_address_too_and_is_not_asked_without_one() -> None:
    assert named("mikrotik")["Framed-IP-Address"] == ["10.1.0.7"]
    assert CHANGES["mikrotik"].identify(replace(TARGET, address=None)) is None


@pytest.mark.parametrize("name", ["02:11:22:AA:BB:CC", "02-11-22-aa-bb-cc", "021122aabbcc"])
def test_mikrotik_is_never_told_a_mac_as_the_user_for_it_would_cut_the_wireless_client(name: str) -> None:
    told = named("mikrotik", replace(TARGET, user_name=name))

    assert told == {"Acct-Session-Id": ["80f00001"], "Framed-IP-Address": ["10.1.0.7"]} | _seal(told)


def _seal(told: dict[str, list[object]]) -> dict[str, list[object]]:
    return {"Message-Authenticator": told["Message-Authenticator"]}


def test_hostapd_is_told_nothing_that_it_does_not_list() -> None:
    assert set(named("hostapd")) <= HOSTAPDS_OWN
    assert named("hostapd")["Calling-Station-Id"] == ["02-11-22-AA-BB-CC"]
    assert CHANGES["hostapd"].limit is None


@pytest.mark.parametrize("kind", sorted(CHANGES))
@pytest.mark.parametrize("name", [None, "", "é" * 200])
def test_a_session_whose_user_cannot_be_named_is_not_asked_for(kind: str, name: str | None) -> None:
    assert CHANGES[kind].identify(replace(TARGET, user_name=name)) is None


@pytest.mark.parametrize("kind", ["coovachilli", "linux"])
def test_coovachilli_is_told_every_limit_anew_as_totals_since_the_start(kind: str) -> None:
    told = limited(kind, replace(LIMITS, octets=2**32), SoFar(seconds=5000, octets=7))

    assert told == {
        "Message-Authenticator": told["Message-Authenticator"],
        "Session-Timeout": [5600],
        "Idle-Timeout": [900],
        "Acct-Interim-Interval": [300],
        "WISPr-Bandwidth-Max-Up": [256_000],
        "WISPr-Bandwidth-Max-Down": [512_000],
        "ChilliSpot-Max-Total-Octets": [7],
        "CoovaChilli-Max-Total-Gigawords": [1],
    }


def test_mikrotik_and_others_are_told_the_new_speed_alone() -> None:
    del (mikrotik := limited("mikrotik", LIMITS, SoFar(5000, 7)))["Message-Authenticator"]
    del (other := limited("generic", LIMITS, SoFar(5000, 7)))["Message-Authenticator"]

    assert mikrotik == {"Mikrotik-Rate-Limit": ["256k/512k"]}
    assert other == {"WISPr-Bandwidth-Max-Up": [256_000], "WISPr-Bandwidth-Max-Down": [512_000]}


def test_every_kind_that_speaks_radius_can_be_told_but_unifi() -> None:
    assert set(CHANGES) == {name for name, kind in NAS_KINDS.items() if kind.speaks_radius} - {"unifi-radius"}
