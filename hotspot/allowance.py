"""How much time, data and speed a client is allowed, has used and has left (pure)."""

from __future__ import annotations

from dataclasses import dataclass

from hotspot.sites.model import Policy


@dataclass(frozen=True)
class Usage:
    """What a client has used on one local day, over all sites."""

    seconds: int = 0
    octets: int = 0


@dataclass(frozen=True)
class Own:
    """A voucher's allowance in place of the policy's: what is left, when and where it is good; None: as the policy.

    ``seconds`` and ``octets`` are its whole rest, not a day's.
    """

    devices: int
    begins_at: int
    ends_at: int
    site: str | None = None
    revoked: bool = False
    seconds: int | None = None
    octets: int | None = None
    up: int | None = None
    down: int | None = None


@dataclass(frozen=True)
class Limits:
    """What a NAS is told; speeds in bit/s as the client sees them, ``octets`` None where data is not cut."""

    seconds: int
    idle: int
    octets: int | None
    up: int
    down: int
    interim: int


@dataclass(frozen=True)
class Allowance:
    """What is left of a day; ``slowed`` when the day's data is used up and the policy slows instead of ending.

    ``ends``: the rest of the data is told to the NAS, which ends the session there.
    """

    seconds: int
    octets: int
    slowed: bool
    ends: bool

    @property
    def is_used_up(self) -> bool:
        return self.seconds <= 0 or (self.octets <= 0 and not self.slowed)


def left(policy: Policy, used: Usage, own: Own | None = None) -> Allowance:
    """A voucher that has a time or an amount of its own is not measured by the day's."""
    seconds = max(0, policy.day.time - used.seconds) if own is None or own.seconds is None else own.seconds
    if own is not None and own.octets is not None:
        return Allowance(seconds, own.octets, slowed=False, ends=True)
    octets = max(0, policy.day.octets - used.octets)
    slows = policy.day.then == "slow"
    return Allowance(seconds, octets, slowed=slows and octets == 0, ends=not slows)


def limits(policy: Policy, allowance: Allowance, seconds_open: int, own: Own | None = None) -> Limits:
    """The limits of one visit: the visit's time, cut by what is left of the day and of the site's opening hours.

    Where the day's data slows the client, no octet limit is sent: the speed is the limit.
    """
    visit = policy.visit.time if own is None or own.seconds is None else own.seconds
    up, down = _speed(policy, own)
    slow = policy.speed.slow
    return Limits(
        seconds=min(visit, allowance.seconds, seconds_open),
        idle=policy.visit.idle,
        octets=allowance.octets if allowance.ends else None,
        up=min(up, slow) if allowance.slowed else up,
        down=min(down, slow) if allowance.slowed else down,
        interim=policy.interim,
    )


def _speed(policy: Policy, own: Own | None) -> tuple[int, int]:
    up, down = (own.up, own.down) if own is not None else (None, None)
    return policy.speed.up if up is None else up, policy.speed.down if down is None else down
