"""Who may speak: the longest prefix wins in either family, and what a NAS proved is remembered."""

from __future__ import annotations

import pytest

from radius.peers import Peers, weak_secrets
from radius.receive import Peer

OLD, NEW = b"the previous secret", b"the newest secret.."


def peer(nas: str, *secrets: bytes) -> Peer:
    known = secrets or (f"the secret of {nas}".encode(),)
    return Peer(nas, "a", "mikrotik", known, known[-1], must_seal=False, may_learn=True)


PEERS = Peers([
    (peer("host"), ["10.66.1.1", "fd00:66::1"]),
    (peer("narrow"), ["10.66.1.0/24", "fd00:66::/64"]),
    (peer("wide"), ["10.66.0.0/16", "fd00::/16"]),
    (peer("odd"), ["10.66.128.0/17", "10.77.0.0/31"]),
    (peer("far"), ["2001:db8:4::/48"]),
])  # fmt: skip


@pytest.mark.parametrize(
    ("address", "nas"),
    [
        ("10.66.1.1", "host"),
        ("10.66.1.2", "narrow"),
        ("10.66.2.2", "wide"),
        ("10.66.200.1", "odd"),
        ("10.77.0.1", "odd"),
        ("10.77.0.2", None),
        ("10.67.1.1", None),
        ("::ffff:10.66.1.1", "host"),
        ("::ffff:10.66.1.9", "narrow"),
        ("fd00:66::1", "host"),
        ("fd00:66::2", "narrow"),
        ("fd00:66:0:1::2", "wide"),
        ("2001:db8:4:ffff::1", "far"),
        ("2001:db8:5::1", None),
        ("fe80::1%eth0", None),
    ],
)
def test_the_longest_prefix_wins(address: str, nas: str | None) -> None:
    found = PEERS.find(address)

    assert (found.nas if found else None) == nas


def test_everything_may_be_a_source() -> None:
    peers = Peers([(peer("any"), ["0.0.0.0/0"]), (peer("one"), ["10.66.1.1"])])

    assert [found.nas for address in ("192.0.2.1", "10.66.1.1") if (found := peers.find(address))] == ["any", "one"]
    assert peers.find("fd00::1") is None


def test_the_secret_that_was_proved_last_is_first_also_for_those_who_come_after() -> None:
    peers, later = (Peers([(peer("gw", OLD, NEW), ["10.66.1.1"]), (peer("other"), ["10.66.1.2"])]) for _ in range(2))
    peers.prefer("gw", NEW)
    later.remember(peers)
    reduced = Peers([(peer("gw", NEW), ["10.66.1.1"])])
    reduced.remember(later)

    assert [one.secrets for one in (*later, *reduced) if one.nas == "gw"] == [(NEW, OLD), (NEW,)]
    assert {one.newest for one in later if one.nas == "gw"} == {NEW}


def test_a_seal_is_required_at_once_and_learnt_until_it_is_written() -> None:
    peers = Peers([(peer("gw"), ["10.66.1.1"])])
    peers.require_seal("gw")
    peers.settle("gw", written=False)
    (one,) = peers
    assert (one.must_seal, one.may_learn, peers.sealing) == (True, True, {"gw"})

    peers.settle("gw", written=True)
    peers.settle("gone", written=True)

    (one,) = peers
    assert (one.must_seal, one.may_learn) == (True, False)


def test_weak_secrets_are_told_without_showing_them() -> None:
    sentences = weak_secrets([peer("a", b"short"), peer("b", NEW), peer("c", NEW), peer("d", b"short", OLD)])

    assert sentences == ["a: shorter than 16", "b, c: the same"]
