"""What other processes have learnt: a NAS that sealed its Access-Requests to one of them has to at all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from hotspot.store import Store, StoreAway
from radius.books import sealing_nases
from radius.peers import Peers

LOOK_SECONDS = 5.0


async def hear_of_seals(store: Store, peers: Callable[[], Peers]) -> None:
    """Until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            sealing = await asyncio.to_thread(sealing_nases, store)
        except StoreAway:
            continue
        for nas in sealing:
            learn(peers(), nas)


def learn(peers: Peers, nas: str) -> None:
    """It is in the store already, and need not be written again."""
    peer = peers.named(nas)
    if peer is not None and not peer.must_seal:
        peers.require_seal(nas)
        peers.settle(nas, written=True)
