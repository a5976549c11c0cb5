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
    """What is left of a day; ``slowed`` when the day's data is used up and the policy slows instead of ending."""

    seconds: int
    octets: int
    slowed: bool

    @property
    def is_used_up(self) -> bool:
        return self.seconds <= 0 or (self.octets <= 0 and not self.slowed)


def left(policy: Policy, used: Usage) -> Allowance:
    octets = max(0, policy.day.octets - used.octets)
    return Allowance(
        seconds=max(0, policy.day.time - used.seconds),
        octets=octets,
        slowed=octets == 0 and policy.day.then == "slow",
    )


def limits(policy: Policy, allowance: Allowance, seconds_open: int) -> Limits:
    """The limits of one visit: the visit's time, cut by what is left of the day and of the site's opening hours.

    Where the day's data slows the client, no octet limit is sent: the speed is the limit.
    """
    speed = policy.speed
    return Limits(
        seconds=min(policy.visit.time, allowance.seconds, seconds_open),
        idle=policy.visit.idle,
        octets=allowance.octets if policy.day.then == "end" else None,
        up=min(speed.up, speed.slow) if allowance.slowed else speed.up,
        down=min(speed.down, speed.slow) if allowance.slowed else speed.down,
        interim=policy.interim,
    )
