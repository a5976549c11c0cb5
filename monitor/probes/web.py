"""What an answer over HTTP says: whether a service of the regency is there, whether a phone's check passes (pure)."""

from __future__ import annotations

from monitor.probes.captive import Check
from monitor.probes.fetch import Answer, Unreachable
from monitor.probes.result import Result


def judge_service(answer: Answer | Unreachable) -> Result:
    """A page or a redirect is well; a page that asks for a name and password is a page."""
    if isinstance(answer, Unreachable):
        return Result(ok=False, why=answer.why)
    ok = answer.status < 400 or answer.status in (401, 403)
    why = "" if ok else f"it answers {answer.status}"
    return Result(ok, why, answer.seconds, answer.certificate_ends)


def judge_check(check: Check, answer: Answer | Unreachable) -> Result:
    """Exactly what the phone expects, or the phone believes itself captive."""
    if isinstance(answer, Unreachable):
        return Result(ok=False, why=answer.why)
    if passes(check, answer):
        return Result(ok=True, seconds=answer.seconds, certificate_ends=answer.certificate_ends)
    where = f" to {answer.headers['location'][:80]}" if "location" in answer.headers else ""
    return Result(ok=False, why=f"somebody else answers: {answer.status}{where}")


def passes(check: Check, answer: Answer) -> bool:
    if answer.status != check.status:
        return False
    if check.status == 204:
        return not answer.body
    return check.body is None or answer.body.strip() == check.body


def days_left(result: Result, now: float) -> float | None:
    return None if result.certificate_ends is None else (result.certificate_ends - now) / 86400
