"""Our RADIUS service and Debian's FreeRADIUS before the same two NASes, with the same secrets and the same users."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from random import Random

from hotspot.sites import load
from hotspot.store import Store
from tests.conftest import ROOT
from tests.fuzz.malformed import STATUS, Known, attribute, bare, login, report
from tests.fuzz.opinions import STRICTER_THAN_FREERADIUS, refusal
from tests.fuzz.verdicts import Address, disguised, verdicts
from tests.integration.radius.conftest import AFTERNOON, Town
from tests.peers.freeradius import freeradius
from tests.peers.process import running

SEALED, BARE = "gw-pendopo-wabup", "gw-museum-tosan-aji"  # the second has never proved that it can seal
MOST = 150_000  # octets of Debian's receive buffer, with room for the fences; FreeRADIUS does not ask for more
_numbers = count(1)


@dataclass(frozen=True)
class Doors:
    """A server's two ports."""

    auth: Address
    acct: Address

    def of(self, port: str) -> Address:
        return self.auth if port == "auth" else self.acct


@dataclass(frozen=True)
class Street:
    """Both servers, and what the two NASes before them know."""

    town: Town
    known: dict[str, Known]
    ours: Doors
    theirs: Doors

    def ask(self, server: Doors, nas: str, packets: Sequence[tuple[bytes, str]], *, late: bool) -> list[int | None]:
        """``late``: there may be guesses among them, whose answers are put off."""
        known = self.known[nas]
        asked = [(octets, server.of(port)) for octets, port in packets]
        source, found = self.town.sites.nas[nas].address, list[int | None]()
        for some in _portions(asked):
            mark = attribute(87, str(next(_numbers)).encode())  # NAS-Port-Id: no fence may be a repetition
            guess = login(mark, seal=None if nas == BARE else 0)(replace(known, password="a guess"))
            fences = [(guess if late else bare(mark, STATUS)(known), server.auth), (report(mark)(known), server.acct)]
            found += verdicts(source, some, fences)
        return found


class Lenient(Town):
    """A town with two NASes of which one does not know whether they seal."""

    @property
    def environ(self) -> dict[str, str]:
        return super().environ | {"HOTSPOT_SITES": str(self.state / "sites.yaml")}


def _portions(asked: Sequence[tuple[bytes, Address]]) -> Iterator[list[tuple[bytes, Address]]]:
    """As many at a time as a receive buffer holds; the kernel counts a packet as its pages."""
    portion, held = list[tuple[bytes, Address]](), 0
    for one in asked:
        weight = 800 if len(one[0]) < 300 else 2 * len(one[0]) + 1500
        if held + weight > MOST:
            yield portion
            portion, held = [], 0
        portion.append(one)
        held += weight
    yield portion


@dataclass(frozen=True)
class Differences:
    """Of changed packets: how many FreeRADIUS answered, how many we meant to be silent to, and what was not meant."""

    answered: int
    meant: int
    unmeant: list[str]


def differences(both: Street, number: int, random: Random) -> Differences:
    secret = both.known[SEALED].secret
    packets = [disguised(secret, random) for _ in range(number)]
    theirs, ours = (both.ask(server, SEALED, packets, late=False) for server in (both.theirs, both.ours))
    differ = [place for place in range(number) if (theirs[place] is None) != (ours[place] is None)]
    reasons = {place: refusal(*packets[place], secret, must_seal=True) for place in differ}
    unmeant = [place for place, why in reasons.items() if not (why or "").startswith(tuple(STRICTER_THAN_FREERADIUS))]
    words = [
        f"{theirs[place]} there, {ours[place]} here ({reasons[place]}): {packets[place][0].hex()}" for place in unmeant
    ]
    return Differences(sum(code is not None for code in theirs), len(differ) - len(unmeant), words)


@contextlib.contextmanager
def street(folder: Path, database: str, store: Store) -> Iterator[Street]:
    """``database`` is the URL of ``store``, which is ready and empty."""
    text = (ROOT / "sites.yaml").read_text()
    for nas in (SEALED, BARE):
        text = re.sub(rf"(id: {nas},.*?message_authenticator: )required", r"\1auto", text, count=1, flags=re.DOTALL)
    (folder / "sites.yaml").write_text(text)
    town = Lenient(folder, load(folder / "sites.yaml"), database, store)
    for name in ("grant-key", *(f"nas-{nas.id}" for nas in town.sites.nases)):
        town.secrets.make(name)
    town.set_time(AFTERNOON)
    with running(town.command, town.log, town.environ, cwd=ROOT):
        town.wait_ready()
        grants = {nas: town.mint(nas, "021122aabbcc") for nas in (SEALED, BARE)}
        known = {nas: Known(town.secret(nas).encode(), *grant) for nas, grant in grants.items()}
        users = "".join(f'{name} Cleartext-Password := "{word}"\n' for name, word in grants.values())
        secrets = {town.sites.nas[nas].address: town.secret(nas) for nas in known}
        (folder / "freeradius").mkdir()
        with freeradius(folder / "freeradius", secrets, users) as peer:
            ours = Doors(*(_address(town.address(name)) for name in ("auth", "acct")))
            yield Street(town, known, ours, Doors(peer.auth, peer.acct))


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    return host, int(port)
