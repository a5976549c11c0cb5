"""What another process has learnt of a NAS holds here too."""

from __future__ import annotations

from radius.peers import Peers
from radius.receive import Peer
from radius.seals import learn


def test_a_nas_that_sealed_elsewhere_has_to_here_and_a_stranger_is_passed_over() -> None:
    secret = b"a-secret-of-this-test"
    peer = Peer("gw-a", "alun-alun", "mikrotik", (secret,), secret, must_seal=False, may_learn=True)
    peers = Peers([(peer, ["10.66.1.1"])])

    learn(peers, "gw-a")
    learn(peers, "gw-of-another-sites-yaml")

    found = peers.named("gw-a")
    assert found is not None
    assert (found.must_seal, found.may_learn) == (True, False)
