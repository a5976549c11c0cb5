"""The doctor's checks from inside a site's Wi-Fi before login: what DHCP says, what is open, what must be shut."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from monitor.doctor.finding import Finding, ill, well
from monitor.probes import dhcp, dns
from monitor.probes.captive import Check
from monitor.probes.fetch import Answer, Unreachable
from monitor.probes.way import Way
from monitor.probes.web import passes

UNRESTRICTED = "urn:ietf:params:capport:unrestricted"


def judge_leaks(answers: Mapping[Check, Answer | Unreachable]) -> Finding:
    """A check that passes before login makes the phone believe that it is online, and no page opens."""
    check = "probe-hosts"
    leaked = [one.id for one, answer in answers.items() if isinstance(answer, Answer) and passes(one, answer)]
    if leaked:
        return ill(
            check, f"phones' checks pass before login: {', '.join(leaked)}; take their hosts out of the walled garden"
        )
    caught = sum(isinstance(answer, Answer) for answer in answers.values())
    if not caught:
        return ill(check, "no check is answered at all, so no phone finds the page; see the redirect of port 80")
    return well(check, f"{caught} of {len(answers)} checks lead to the page, none passes")


def judge_ipv6(reached: bool) -> Finding:
    check = "ipv6-leak"
    if reached:
        return ill(check, "the internet is open over IPv6 before login; filter it as IPv4 is, or announce no prefix")
    return well(check, "nothing leads out over IPv6 before login")


def judge_name(host: str, found: dns.Reply | OSError) -> Finding:
    check = "dns-before-login"
    if isinstance(found, OSError):
        return ill(check, f"{host}: the site's resolver does not answer before login ({found.strerror or found})")
    if not found.addresses:
        return ill(check, f"{host}: {found.word}; the page's name must be known to everybody, inside and outside")
    return well(check, f"{host} is known before login")


def judge_garden(answers: Mapping[str, Answer | Unreachable], portal_host: str) -> Finding:
    """``answers`` by the service's address: reached means that its own server answered."""
    check = "walled-garden"
    shut = [
        url
        for url, answer in answers.items()
        if isinstance(answer, Unreachable)
        or urlsplit(answer.headers.get("location", "")).hostname == portal_host != urlsplit(url).hostname
    ]
    if shut:
        return ill(check, f"not reached before login: {', '.join(shut)}; let their hosts through")
    return well(check, f"all {len(answers)} services of sites.yaml are reached before login")


def judge_option(offer: bytes | None, expected: str) -> Finding:
    """``offer``: what DHCP answered; None for nothing."""
    check = "option-114"
    if offer is None:
        return ill(check, "no DHCP server answers here")
    value = dhcp.options(offer).get(dhcp.OPTION_API, b"").rstrip(b"\0").decode("utf-8", "replace")
    if not value:
        return ill(check, f"DHCP does not say where the Captive Portal API is; give option 114 the text {expected}")
    if value == UNRESTRICTED:
        return ill(check, "DHCP says that this network has no login page (option 114)")
    if not value.startswith("https://"):
        return ill(check, f"option 114 is {value}; phones take https with a name only")
    return well(check, f"option 114 is {value}")


def reaches_ipv6(way: Way, address: str = "2001:4860:4860::8888", port: int = 53) -> bool:
    """Whether a well-known machine of the internet is reached."""
    try:
        with way.open(socket.AF_INET6, socket.SOCK_STREAM) as wire:
            wire.connect((address, port))
    except OSError:
        return False
    return True
