"""A citizen's whole way in, from a network interface in a site's own Wi-Fi: address, page, login, internet.

The interface gets its address from the system's own DHCP client, and the probe sees that the server still offers it
one, where it may ask; it then does what a phone and its owner do, by the real pages. In the portal's counts its visits
are one device's.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from ipaddress import ip_address
from urllib.parse import urlencode, urljoin

from monitor.probes import dhcp
from monitor.probes.captive import CHECKS, Check
from monitor.probes.fetch import Answer, Unreachable, fetch
from monitor.probes.way import Way
from monitor.probes.web import passes

STEPS = ("address", "page", "login", "internet")
CHECK = next(check for check in CHECKS if check.id == "android")
TARGETS = tuple(check for check in CHECKS if check.id in ("android", "apple"))  # the fixed ones of a month's figures
_HOPS = 8  # redirects from the check to the page, and from the button to the internet
_SIOCGIFADDR = 0x8915  # netdevice(7)

Fetch = Callable[[str, bytes | None], Answer | Unreachable]


@dataclass(frozen=True)
class Journey:
    """How far a citizen came: the steps that went well, and what stopped the next one.

    ``took`` is what each step took that went well, in seconds; ``seconds`` is from the first page to the internet,
    None for who was still in; ``answers`` how long each fixed target on the internet took; ``speed`` what a download
    brought, in bit/s, where one was made.
    """

    done: tuple[str, ...]
    why: str = ""
    seconds: float | None = None
    answers: tuple[float, ...] = ()
    speed: float | None = None
    was_in: bool = False
    took: tuple[tuple[str, float], ...] = field(default=(), compare=False)

    @property
    def failed(self) -> str | None:
        return next((step for step in STEPS if step not in self.done), None)


@dataclass
class Form:
    """The form of the portal's button."""

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Laps:
    """Times of steps, one after the other."""

    now: Callable[[], float] = time.monotonic
    took: list[tuple[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._at = self.now()

    def done(self, step: str) -> None:
        before, self._at = self._at, self.now()
        self.took.append((step, self._at - before))


def walk(way: Way, check: Check = CHECK) -> Journey:
    """By a real interface."""
    laps = Laps()
    try:
        offered = _has_address(way) if way.interface else True
    except OSError as error:
        return Journey((), f"the interface has no IPv4 address: {error.strerror or error}")
    if not offered:
        return Journey((), "no DHCP server answers on this network")
    laps.done(STEPS[0])
    began = time.monotonic()
    journey = visit(lambda url, form: fetch(url, way, form=form), check, laps)
    took = time.monotonic() - began
    seconds = None if journey.was_in or journey.failed else took
    return replace(journey, seconds=seconds, took=tuple(laps.took))


def _has_address(way: Way) -> bool:
    """Whether DHCP offers one; who may not ask (port 68 is the system's) goes by the address that is there."""
    if ip_address(address_of(way.interface)).is_loopback:
        return True
    try:
        return dhcp.discover(way, dhcp.own(way.interface)) is not None
    except PermissionError:
        return True


def look_out(way: Way, targets: tuple[Check, ...] = TARGETS) -> tuple[float, ...]:
    """Seconds that the fixed targets took, of those that answered as they should."""
    answers = [(target, fetch(target.url, way)) for target in targets]
    return tuple(found.seconds for target, found in answers if isinstance(found, Answer) and passes(target, found))


def visit(ask: Fetch, check: Check = CHECK, laps: Laps | None = None) -> Journey:
    """The steps behind the address; ``ask`` fetches one address without following redirects."""
    laps = laps or Laps()
    first = ask(check.url, None)
    if isinstance(first, Answer) and passes(check, first):
        laps.done(STEPS[3])
        return Journey(STEPS, was_in=True)  # still online from the last visit
    page = _follow(ask, check.url, first)
    if isinstance(page, Unreachable):
        return Journey(STEPS[:1], page.why)
    form = form_of(page[1].body.decode("utf-8", "replace"))
    if form is None:
        return Journey(STEPS[:1], f"the page ({page[1].status}) has no button to connect")
    laps.done(STEPS[1])
    target = urljoin(page[0], form.action)
    pressed = _follow(ask, target, ask(target, urlencode(form.fields).encode()))
    if isinstance(pressed, Unreachable):
        return Journey(STEPS[:2], pressed.why)
    if pressed[1].status >= 400:
        return Journey(STEPS[:2], f"the login ends at a page that says {pressed[1].status}")
    laps.done(STEPS[2])
    after = ask(check.url, None)
    if isinstance(after, Unreachable):
        return Journey(STEPS[:3], after.why)
    if not passes(check, after):
        again = 300 <= after.status < 400
        why = "the gateway still sends us to the page" if again else f"the check is answered with {after.status}"
        return Journey(STEPS[:2] if again else STEPS[:3], why)
    laps.done(STEPS[3])
    return Journey(STEPS)


def _follow(ask: Fetch, url: str, answer: Answer | Unreachable) -> tuple[str, Answer] | Unreachable:
    """(address, page) at the end of the redirects."""
    for _ in range(_HOPS):
        if isinstance(answer, Unreachable):
            return answer
        if not (300 <= answer.status < 400 and "location" in answer.headers):
            return url, answer
        url = urljoin(url, answer.headers["location"])
        answer = ask(url, None)
    return Unreachable(f"redirects go round: more than {_HOPS}")


def form_of(page: str) -> Form | None:
    """The first form of a page that holds the button ``#connect``, with its hidden fields."""
    reader = _Forms()
    reader.feed(page)
    return reader.found


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: Form | None = None
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given: Mapping[str, str] = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._form = Form(given.get("action", ""))
        if self._form and tag == "input" and given.get("type") == "hidden":
            self._form.fields[given.get("name", "")] = given.get("value", "")
        if self._form and tag == "button" and given.get("id") == "connect" and self.found is None:
            if given.get("name"):
                self._form.fields[given["name"]] = given.get("value", "")
            self.found = self._form

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def address_of(interface: str) -> str:
    """An interface's IPv4 address; OSError when it has none or is not there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        answer = fcntl.ioctl(one.fileno(), _SIOCGIFADDR, struct.pack("256s", interface.encode()[:15]))
    return socket.inet_ntoa(answer[20:24])
