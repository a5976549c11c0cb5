"""What the operator asks of the running gateway: who is online, and to send someone away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from typing import Any

from gateway.keeper import Keeper
from gateway.session import Cause, Session
from hotspot.clock import Clock
from hotspot.mac import Mac


class Office:
    def __init__(self, keeper: Keeper, waiting: Sized, clock: Clock) -> None:
        self._keeper = keeper
        self._waiting = waiting
        self._clock = clock

    async def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        if asked.get("do") == "kick":
            return self._kick(str(asked.get("who", "")))
        self._keeper.count()
        return {"clients": clients(self._keeper.sessions, self._clock.now()), "unacknowledged": len(self._waiting)}

    def _kick(self, word: str) -> dict[str, Any]:
        found = named(self._keeper.sessions, word)
        if found is not None:
            self._keeper.stop([found], Cause.ADMIN_RESET)
        return {"kicked": found.id if found else None}


def named(sessions: Iterable[Session], word: str) -> Session | None:
    """The stay that an operator means: by session id, or by MAC in any spelling."""
    try:
        mac = Mac.parse(word)
    except ValueError:
        mac = None
    return next((session for session in sessions if session.id == word or session.mac == mac), None)


def clients(sessions: Iterable[Session], now: float) -> list[dict[str, Any]]:
    """One row each; the MAC masks itself, and the session id is what other commands take."""
    return [
        {
            "session": session.id,
            "client": str(session.mac),
            "minutes": int(now - session.started_at) // 60,
            "left": max(0, int(session.ends_at - now)) // 60,
            "up": session.total.up,
            "down": session.total.down,
            "by": "RADIUS" if session.by_radius else "radius_down",
        }
        for session in sessions
    ]
