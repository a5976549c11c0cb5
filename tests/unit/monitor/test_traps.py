"""What a trap says, what is no trap, and how often a device may be poked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.secret import Secret
from monitor.snmp.agent import Access
from monitor.trap import Malformed, Trap, read_trap
from monitor.trap_v3 import ENGINES_OF_ONE, V3Reader, readers
from monitor.traps import HOLD_SECONDS, turn
from tests.peers.clock_liar import ClockLiar


def v2c(trap_number: int, pdu: int = 0xA7) -> bytes:
    """A v2c notification by hand: sysUpTime.0 and snmpTrapOID.0 = snmpTraps.<number>, then ifIndex.6 = 6."""

    def tlv(tag: int, *parts: bytes) -> bytes:
        body = b"".join(parts)
        return bytes([tag, len(body)]) + body

    uptime = tlv(0x30, tlv(6, bytes.fromhex("2b06010201010300")), tlv(0x43, b"\x05"))
    oid = tlv(
        0x30,
        tlv(6, bytes.fromhex("2b060106030101040100")),
        tlv(6, bytes.fromhex("2b06010603010105") + bytes([trap_number])),
    )
    index = tlv(0x30, tlv(6, bytes.fromhex("2b060102010202010106")), tlv(2, b"\x06"))
    numbers = tlv(2, b"\x01") + tlv(2, b"\x00") + tlv(2, b"\x00")
    return tlv(0x30, tlv(2, b"\x01"), tlv(4, b"public"), tlv(pdu, numbers, tlv(0x30, uptime, oid, index)))


@pytest.mark.parametrize(
    ("number", "name"), [(1, "coldStart"), (2, "warmStart"), (3, "linkDown"), (4, "linkUp"), (5, "")]
)
def test_the_standard_traps_have_their_names(number: int, name: str) -> None:
    assert read_trap(v2c(number)) == Trap(name, 6)


def test_an_inform_is_answered_with_its_own_bindings() -> None:
    trap = read_trap(v2c(3, pdu=0xA6))

    assert isinstance(trap, Trap)
    assert trap.name == "linkDown"
    assert trap.reply == v2c(3, pdu=0xA2), "the same message as a Response-PDU"


def test_a_question_is_not_a_trap() -> None:
    assert read_trap(v2c(3, pdu=0xA0)) == Malformed("a GetRequestPDU")


def test_version_3_is_refused_because_it_is_not_configured_here() -> None:
    assert read_trap(v2c(3).replace(b"\x02\x01\x01\x04", b"\x02\x01\x03\x04", 1)) == Malformed("SNMP version 3")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_an_exception(packet: bytes) -> None:
    assert isinstance(read_trap(packet), Malformed)


@given(st.data())
def test_a_damaged_trap_is_a_trap_or_malformed(data: st.DataObject) -> None:
    packet = bytearray(v2c(3))
    for _ in range(data.draw(st.integers(1, 4))):
        packet[data.draw(st.integers(0, len(packet) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(packet)))

    assert isinstance(read_trap(bytes(packet[:cut])), (Trap, Malformed))


@pytest.fixture(scope="module")
def reader() -> V3Reader:
    keys = ("3", None, "pemantau", "sha256", Secret("sandi-autentikasi"), "aes128", Secret("sandi-privasi-uji"))
    return V3Reader(Access("", 0, *keys))


@given(st.data())
def test_a_damaged_v3_message_proves_nothing(reader: V3Reader, data: st.DataObject) -> None:
    packet = bytearray(ClockLiar("sandi-autentikasi").report(7, b"pemantau"))
    for _ in range(data.draw(st.integers(0, 4))):
        packet[data.draw(st.integers(0, len(packet) - 1))] = data.draw(st.integers(0, 255))

    assert isinstance(read_trap(bytes(packet), "127.0.0.1", reader), Malformed)


def test_a_sender_teaches_no_more_engines_than_a_device_has_lives(reader: V3Reader) -> None:
    liar = ClockLiar("sandi-autentikasi")
    for number in range(ENGINES_OF_ONE + 3):
        liar.engine = bytes.fromhex("80000000010203") + bytes([number])
        read_trap(liar.report(7, b"pemantau"), "127.0.0.2", reader)

    assert len(reader.learned["127.0.0.2"]) == ENGINES_OF_ONE


def test_devices_of_one_user_share_a_reader_and_others_have_none() -> None:
    keys = ("pemantau", "sha256", Secret("sandi-autentikasi"), "aes128", Secret("sandi-privasi-uji"))
    of = {
        "a": Access("10.0.0.1", 161, "3", None, *keys),
        "b": Access("10.0.0.2", 161, "3", None, *keys),
        "c": Access("10.0.0.3", 161, "2c", Secret("publik")),
        "d": None,
    }
    found = readers(of)

    assert set(found) == {"a", "b"}
    assert found["a"] is found["b"]


def test_the_first_poke_goes_at_once_and_the_next_waits_its_turn() -> None:
    assert turn(None, 100.0) == 0
    assert turn(100.0, 101.0) == HOLD_SECONDS - 1
    assert turn(100.0, 100.0 + HOLD_SECONDS) == 0
    assert turn(100.0, 900.0) == 0
