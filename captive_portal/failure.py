"""What a NAS said of a failed login, recognised as one of our own reasons (pure); its words are never shown."""

from __future__ import annotations

from enum import StrEnum

from hotspot.policy import Reason


class Failure(StrEnum):
    """Reasons beyond the policy's; the word is the key of the visitor's text in ``_failure.html``."""

    RADIUS_AWAY = "radius-away"
    NAS_FULL = "nas-full"
    NAS_STOPPING = "nas-stopping"
    IN_PROGRESS = "in-progress"
    REFUSED = "refused"
    FLOW_EXPIRED = "flow-expired"
    FLOW_BROKEN = "flow-broken"
    UNKNOWN_PLACE = "unknown-place"
    CODE_WRONG = "code-wrong"
    CODE_ELSEWHERE = "code-elsewhere"
    CODE_EXPIRED = "code-expired"
    BLOCKED = "blocked"
    TOO_MANY = "too-many"


# MikroTik's errors.txt: the key of each text and what it says as shipped; CoovaChilli's `reason`.
_WORDS: tuple[tuple[str, StrEnum], ...] = (
    ("radius-timeout", Failure.RADIUS_AWAY),
    ("radius-away", Failure.RADIUS_AWAY),
    ("radius server is not responding", Failure.RADIUS_AWAY),
    ("timeout", Failure.RADIUS_AWAY),
    ("license-session-limit", Failure.NAS_FULL),
    ("session limit reached", Failure.NAS_FULL),
    ("ippool-empty", Failure.NAS_FULL),
    ("no more free addresses", Failure.NAS_FULL),
    ("shutting", Failure.NAS_STOPPING),
    ("chap-missing", Failure.FLOW_EXPIRED),
    ("chap challenge", Failure.FLOW_EXPIRED),
    ("auth-in-progress", Failure.IN_PROGRESS),
    ("already authorizing", Failure.IN_PROGRESS),
    ("user-session-limit", Reason.DEVICES),
    ("no more sessions are allowed", Reason.DEVICES),
    ("uptime-limit", Reason.TIME_USED),
    ("uptime limit", Reason.TIME_USED),
    ("traffic-limit", Reason.DATA_USED),
    ("traffic limit", Reason.DATA_USED),
)


def recognise(says: str) -> StrEnum:
    """A reason word of our RADIUS in its Reply-Message first, then the router's own texts, else just "refused"."""
    text = says.strip().lower()[:253]
    for reason in Reason:
        if text == reason.value:
            return reason
    for words, reason_of_nas in _WORDS:
        if words in text:
            return reason_of_nas
    return Failure.REFUSED
