"""The doctor's checks of the portal as a phone sees it: its name, its certificate, its Captive Portal API."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from monitor.doctor.finding import Finding, ill, unseen, well
from monitor.probes.fetch import Answer, Unreachable

API_TYPE = "application/captive+json"
_FEW_DAYS = 14.0
_LONGEST_API = 4096  # Android reads no more (NetworkStack, CaptivePortalData)


def judge_certificate(portal_url: str, answer: Answer | Unreachable, now: float) -> Finding:
    """Phones fetch no missing intermediate certificate, and neither does this check."""
    check = "tls-chain"
    if urlsplit(portal_url).scheme != "https":
        return ill(check, f"{portal_url} has no TLS; phones show a warning and take no Captive Portal API from it")
    if isinstance(answer, Unreachable):
        cure = "; send the whole chain (fullchain.pem)" if answer.distrusted else ""
        return ill(check, f"{answer.why}{cure}")
    left = ((answer.certificate_ends or now) - now) / 86400
    if left < _FEW_DAYS:
        return ill(check, f"the certificate ends in {left:.0f} days; see that its renewal runs")
    return well(check, f"phones trust it for {left:.0f} more days")


def judge_api(answer: Answer | Unreachable) -> Finding:
    """RFC 8908 section 5, and what Android demands beyond it."""
    check = "api-json"
    if isinstance(answer, Unreachable):
        return ill(check, f"the Captive Portal API does not answer: {answer.why}")
    kind = answer.headers.get("content-type", "").split(";")[0].strip()
    if answer.status != 200 or kind != API_TYPE:
        return ill(check, f"it answers {answer.status} as {kind or 'nothing'}, not 200 as {API_TYPE}")
    if len(answer.body) > _LONGEST_API:
        return ill(check, f"its answer has {len(answer.body)} octets; Android reads {_LONGEST_API}")
    try:
        said = json.loads(answer.body)
        fault = _fault(said)
    except (ValueError, AttributeError):
        return ill(check, "its answer is no JSON object")
    return ill(check, fault) if fault else well(check, f"it says captive: {str(said['captive']).lower()}")


def _fault(said: dict[str, object]) -> str:
    captive, page = said.get("captive"), said.get("user-portal-url")
    if not isinstance(captive, bool):
        return "its answer does not say whether the phone is captive"
    if captive and not page:
        return "it says captive without user-portal-url, which Android then ignores"
    if page and not str(page).startswith("https://"):
        return f"user-portal-url is {page}; RFC 8908 demands https, and phones ignore it otherwise"
    return ""


def judge_clock(date: float | None, now: float, tolerance: float = 300.0) -> Finding:
    """``date``: what the NAS takes for the time; RADIUS believes reports within five minutes (radius/event.py)."""
    check = "clock"
    if date is None:
        return unseen(check, "the NAS tells no time that could be seen from here")
    off = date - now
    if abs(off) > tolerance:
        return ill(check, f"the NAS's clock is {off:+.0f} s off; give it NTP, or its reports count for the wrong hours")
    return well(check, f"the NAS's clock is {off:+.0f} s off")
