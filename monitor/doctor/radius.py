"""The doctor's checks between a NAS and RADIUS: both ports, the secret, reports that come, changes that are obeyed."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from hotspot.secret import Secret
from hotspot.wire import Attr, Code, Malformed, Request, change_request, integer, reply_to, text
from monitor.doctor.finding import Finding, ill, unseen, well
from monitor.probes.result import Result
from monitor.probes.status_server import exchange

QUIET = 3600.0  # seconds after which a NAS that reports every few minutes is silent
_NO_SUCH_SESSION, _WRONG_NAS = 503, 403  # Error-Cause (RFC 5176 section 3.5)


def judge_port(port: str, found: Result) -> Finding:
    """``port``: auth or acct."""
    check = f"radius-{port}"
    if found.ok:
        return well(check, "RADIUS answers Status-Server under this NAS's secret")
    return ill(
        check,
        f"{found.why}; see systemctl status hotspot-radius, and that this machine's address is the NAS's or stands "
        "among its sources in sites.yaml",
    )


def judge_heard(heard: float | None) -> Finding:
    """``heard``: seconds since RADIUS last had a believed packet of this NAS; None for never."""
    check = "radius-from-nas"
    if heard is None:
        return ill(
            check, "RADIUS has never heard this NAS; see its RADIUS server address, and that udp 1812 is let through"
        )
    if heard > QUIET:
        return ill(
            check, f"RADIUS last heard this NAS {heard / 3600:.1f} hours ago; see its power, uplink and RADIUS client"
        )
    return well(check, f"RADIUS heard this NAS {max(0.0, heard):.0f} s ago")


def judge_secret(page: str | None, nas: str) -> Finding:
    """``page``: RADIUS' own metrics, which count what did not fit; None when they cannot be read."""
    check = "wrong-secret"
    if page is None:
        return unseen(check, "RADIUS' metrics cannot be read; start hotspot-radius on this machine")
    rows = re.findall(r"^hotspot_radius_requests_total\{([^}]*)\} (\S+)$", page, re.MULTILINE)
    mine = [(labels, float(value)) for labels, value in rows if f'nas="{nas}"' in labels]
    wrong = sum(value for labels, value in mine if 'result="wrong-secret"' in labels)
    if wrong:
        return ill(check, f"{wrong:.0f} packets came under another secret; paste it anew: hotspot nas-config {nas}")
    if not mine:
        return unseen(check, "no packet of this NAS has come since RADIUS started")
    return well(check, f"all {sum(value for _, value in mine):.0f} packets since RADIUS started fit the secret")


@dataclass(frozen=True)
class Door:
    """Where a NAS hears changes of authorisation."""

    address: str
    port: int
    source: str = ""


def ask_change(door: Door, secret: Secret, now: float, patience: float = 3.0) -> Request | Malformed | OSError:
    """A Disconnect-Request for a session that nobody has: a NAS that believes us says so, and nobody is cut off."""
    nobody = text(Attr.ACCT_SESSION_ID, f"doctor-{secrets.token_hex(8)}")
    stamped = integer(Attr.EVENT_TIMESTAMP, int(now))
    packet = change_request(Code.DISCONNECT_REQUEST, secrets.randbits(8), [nobody, stamped], secret.octets)
    try:
        heard = exchange((door.address, door.port), packet, door.source, patience)
    except OSError as error:
        return error
    return reply_to(packet, heard, secret.octets, must_seal=False)


def judge_change(heard: Request | Malformed | OSError | None) -> Finding:
    """``heard`` is None where sites.yaml gives the NAS no coa_port."""
    check = "change-of-authorisation"
    if heard is None:
        return ill(check, "sites.yaml gives this NAS no coa_port, so nobody can be disconnected or given more time")
    if isinstance(heard, OSError):
        why = heard.strerror or heard
        return ill(check, f"the NAS does not answer ({why}); switch on incoming RADIUS there and let udp through to it")
    if isinstance(heard, Malformed):
        return ill(check, f"the NAS answers under another secret: {heard.reason}")
    if heard.code == Code.DISCONNECT_ACK:
        return ill(check, "the NAS says it has ended a session that does not exist, so its answers prove nothing")
    cause = heard.number(Attr.ERROR_CAUSE)
    if cause in (None, _NO_SUCH_SESSION):
        return well(check, "the NAS believes us and knows no such session, as it should")
    why = "it takes itself for another NAS" if cause == _WRONG_NAS else f"Error-Cause {cause}"
    return ill(check, f"the NAS refuses: {why}")


@dataclass(frozen=True)
class Stays:
    """Open sessions at the NAS that are older than two interims, and how many of them reported lately."""

    old: int
    reported: int
    open: int


def judge_interim(stays: Stays) -> Finding:
    check = "interim-seen"
    if stays.old == 0:
        return unseen(check, f"{stays.open} sessions are open, none long enough to have reported in between")
    if stays.reported < stays.old:
        missing = stays.old - stays.reported
        return ill(
            check,
            f"{missing} of {stays.old} sessions have not reported for two intervals; set interim updates to received",
        )
    return well(check, f"all {stays.old} longer sessions report in between")
