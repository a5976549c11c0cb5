"""What is said of the changes of incidents: a line in the log, and a sentence for people by the fallback's way."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from hotspot.log import event
from hotspot.sites import Sites
from monitor.cause import Cause
from monitor.incidents import Change, Closed, Graded, Incident, Opened, Turned
from monitor.sentence import Told, sentence

log = logging.getLogger(__name__)


def tell(changes: Iterable[Change], sites: Sites, now: float, say: Callable[[str], None]) -> None:
    """Announced work is recorded, and nobody is woken by it."""
    for change in changes:
        match change:
            case Opened() | Turned():
                said = _begun(change, sites, now)
                cause, grade = change.cause, change.grade.cause
                facts = {"grade": grade, "why": change.evidence, "said": said}
                event(log, logging.WARNING, "incident", cause=cause.name, subject=cause.subject, **facts)
                if grade != "maintenance":
                    say(said)
            case Graded(incident, grade):
                event(log, logging.INFO, "incident graded", incident=incident, grade=grade.cause)
            case Closed(incident, was):
                event(log, logging.INFO, "incident closed", incident=incident)
                if was and was.grade.cause != "maintenance":
                    say(_over(was, sites, now))
            case _:
                pass


def strange(cause: str, site: str, sites: Sites, now: float) -> str:
    """The sentence about what a sensor sees at a site."""
    return sentence(Told(Cause(cause, "site", site), "unknown", (), 0, now), sites, now)


def _begun(change: Opened | Turned, sites: Sites, now: float) -> str:
    members, since = (change.members, now) if isinstance(change, Opened) else ((), change.since or now)
    return sentence(Told(change.cause, change.grade.cause, members, change.clients, since), sites, now)


def _over(was: Incident, sites: Sites, now: float) -> str:
    return sentence(Told(was.cause, was.grade.cause, was.members, 0, was.opened_at, now), sites, now)
