"""Keys and tokens of sessions: what counts a device for one day, and what joins the reports of one session."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from hotspot import clients
from hotspot.clock import local_month, month_bounds
from hotspot.mac import Mac
from hotspot.pseudonym import KeyDestroyed, KeyRing, commitment, device_token
from hotspot.secret import Secret
from radius.accounting import START_TOLERANCE
from radius.event import Step
from radius.moments import moment

_DEVICE = b"d1"
_SESSION = b"s1:"
_UID_DIGITS = 40


class Pseudonyms:
    """The key ring as RADIUS uses it; remembers which keys it met, so that their birth can be written down."""

    def __init__(self, ring: KeyRing, zone: ZoneInfo, grant_key: Secret) -> None:
        self._ring = ring
        self._grant_key = grant_key
        self._zone = zone
        self._written: set[str] = set()
        self._at_hand: dict[str, bytes] = {}
        self.births: dict[str, str] = {}

    def begin(self) -> None:
        """Another batch: each key that it needs is looked for once, because one may have been destroyed meanwhile."""
        self._at_hand.clear()

    def client(self, mac: Mac) -> str:
        """Who is counted where only the MAC is known."""
        return clients.of_mac(self._grant_key, mac)

    def memory(self, mac: Mac) -> str:
        """Under which token the portal remembers it."""
        return clients.memory_of(self._grant_key, mac)

    def device_day(self, mac: Mac, at: float) -> str | None:
        """The device's token for the local day of ``at``; None once that day's key is destroyed."""
        return self.device_days(at)(mac)

    def device_days(self, at: float) -> Callable[[Mac], str | None]:
        """The same for many devices: the day's key is looked for once."""
        try:
            key = self._key("day-" + moment(at, self._zone).day)
        except KeyDestroyed:
            return lambda _mac: None
        return partial(device_token, key, _DEVICE)

    def uids(self, step: Step) -> tuple[str, ...]:
        """The keys under which a report's session may be found; a new one goes under the first.

        Our Class names the session; without it a hash does, whose key ends with its month. A session that began
        about midnight of a month's end may have been booked under the other month.
        """
        if step.class_token is not None:
            words = f"{step.nas}\0{step.class_token}\0{step.session_id}"
            return (hashlib.sha256(words.encode()).hexdigest()[:_UID_DIGITS],)
        return tuple(dict.fromkeys(self._keyed(step, month) for month in self._months(step)))

    def written(self) -> None:
        """The births are committed."""
        self._written.update(self.births)
        self.births = {}

    def _months(self, step: Step) -> list[str]:
        if step.began_at is None:
            this = moment(step.at, self._zone).month
            return [this, local_month(month_bounds(this, self._zone)[0] - 1, self._zone)]
        slack = max(START_TOLERANCE, (step.seconds or 0) // 10)
        moments = (step.began_at, step.began_at - slack, step.began_at + slack)
        return [moment(at, self._zone).month for at in moments]

    def _keyed(self, step: Step, month: str) -> str:
        user = (step.user_name or "").strip().casefold().partition("@")[0]  # NASes change case and realm on the way
        mac = step.mac.digits if step.mac else ""
        words = f"{month}\0{step.nas}\0{step.session_id}\0{user}\0{mac}"
        try:
            key = self._key(f"month-{month}")
        except KeyDestroyed:  # a very late report; the month of its receipt stands in, so that a repeat is still met
            key = self._key("month-" + moment(step.received_at, self._zone).month)
        return hmac.digest(key, _SESSION + words.encode(), "sha256").hex()[:_UID_DIGITS]

    def _key(self, period: str) -> bytes:
        if (known := self._at_hand.get(period)) is not None:
            return known
        key = self._at_hand[period] = self._ring.get(period)
        if period not in self._written:
            self.births[period] = commitment(key)
        return key
