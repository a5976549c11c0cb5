"""One worker beside two, on one PostgreSQL: what a second process brings on this machine."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from bench.radius import ours
from bench.radius.blaster import Volley
from bench.radius.freeradius import Peer
from bench.radius.ours import cast
from bench.radius.trials import Bench, Stand, accepted, compared, logins, postgresql
from bench.row import Row

MANY = 2


def workers(bench: Bench) -> list[Row]:
    """The kernel gives each NAS's socket to one worker, so that few NASes can be shared unevenly."""
    people = cast(bench.clients)
    load: list[Volley] = logins(people)
    with postgresql() as (url, postmaster):

        def stand(count: int) -> Stand:
            @contextlib.contextmanager
            def standing(folder: Path) -> Iterator[Peer]:
                with ours.service(folder, url, people, workers=count, postmaster=postmaster) as (peer, _):
                    yield peer

            return standing

        stands = (stand(MANY), stand(1))
        name = f"accept-durable-pg with {MANY} workers"
        return compared(bench, name, stands, lambda peer: accepted(bench, peer, load), "ours, 1 worker")
