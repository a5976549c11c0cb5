"""The external portal that most vendors have: unsigned parameters, and a login form that the browser posts to the NAS.

Where the form goes is sites.yaml's ``login_url``; the address in the redirect, which any page can make up, is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from captive_portal.nas.kind import Arrival, Door, News, Posting, Refusal, read_client
from captive_portal.query import Query

LONGEST = 512  # characters of a parameter that is carried along
MOST = 16


@dataclass(frozen=True)
class Usual:
    """``mac`` and ``ip`` are the redirect's words for the visitor, ``user`` and ``password`` the form's.

    ``after`` is the form's word for the page to go on to, ``fixed`` what it always says, ``carried`` under which
    name it needs a parameter of the redirect again. ``failed`` reads the NAS's words of a refusal.
    """

    mac: str
    ip: str
    user: str
    password: str
    after: str | None = None
    fixed: tuple[tuple[str, str], ...] = ()
    carried: Callable[[str], str | None] = lambda _name: None
    failed: Callable[[Query], str] = lambda _query: ""

    def arrive(self, query: Query, door: Door) -> Arrival | Refusal:  # noqa: ARG002 - the contract; nothing is signed
        if not query.get(self.mac):
            return Refusal.NO_PARAMETERS
        client = read_client(query.get(self.mac), query.get(self.ip))
        if client is None:
            return Refusal.BAD_CLIENT
        says = self.failed(query)
        keys = {word: value for name, value in query.fields.items() if _is_plain(value) and (word := self._word(name))}
        if len(keys) > MOST:
            return Refusal.BAD_CHALLENGE
        return Arrival(*client, news=News.FAILED if says else News.NEW, keys=keys, says=says)

    def release(self, keys: Mapping[str, str], door: Door, grant_id: str, password: str, after: str) -> Posting:
        own = {self.user: grant_id, self.password: password} | ({self.after: after} if self.after else {})
        return Posting(entrance(door), dict(keys) | dict(self.fixed) | own)

    def entrance(self, door: Door) -> str:
        """Any page by http is answered by the NAS with its redirect to us."""
        return entrance(door)

    def logout(self, door: Door, user: str) -> str:  # noqa: ARG002
        return entrance(door)

    def _word(self, name: str) -> str | None:
        return self.carried(name) if name.isascii() and name.isprintable() else None


def _is_plain(value: str) -> bool:
    return len(value) <= LONGEST and value.isascii() and value.isprintable()


def entrance(door: Door) -> str:
    return str(door.nas.login_url)


def same_place(url: str, door: Door) -> bool:
    """Whether an address that came with the redirect is on the host and path that sites.yaml names."""
    given, known = urlsplit(url), urlsplit(entrance(door))
    return (given.scheme, given.netloc, given.path) == (known.scheme, known.netloc, known.path)
