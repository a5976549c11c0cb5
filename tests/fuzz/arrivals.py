"""Changed arrivals against the whole portal: no error of ours, no word of theirs in a page, nobody sent elsewhere."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from urllib.parse import quote, urlsplit

from flask import Flask

from captive_portal.app import create_app
from hotspot.command import Settings
from hotspot.sites import load
from tests.chaos.trial import Result
from tests.conftest import ROOT, FixedClock, prepared
from tests.integration.captive_portal.conftest import (
    MORNING,
    SECRETS,
    box,
    coova,
    mikrotik,
    nds,
    with_more_nases,
)

MARK = "zqx-gaung"  # too long to stand by chance in a sealed flow, which is random letters
WORD = f"{MARK}<'\">"  # what every lie carries, so that it is found wherever it comes out again
LIES = (
    "", "%00", "%", "%zz", "+", "\\000", "\\777", "a" * 3000, "javascript:alert(1)", "data:text/html,x",
    "//evil.example", "http://user@evil.example", "\\\\evil.example", "%e2%80%ae", "%f0%28", "-1", "1e9", "../../etc", "http://xn--e1awd7f/",
)  # fmt: skip
NAMES = (
    *("mac", "ip", "chap-id", "chap-challenge", "error", "link-login-only", "link-orig", "dst", "flow", "lang", "res"),
    *("challenge", "uid", "reply", "reason", "userurl", "uamip", "nasid", "md", "fas", "iv", "status", "at", "sig"),
    *(
        "news",
        "user",
        "says",
        "client_mac",
        "ap",
        "id",
        "t",
        "url",
        "ssid",
        "login_url",
        "base_grant_url",
        "switch_url",
    ),
)


def arrived(number: int, random: Random) -> Result:
    """``lost`` is what came out that must not; ``acknowledged`` the pages that could be tapped."""
    began, crashes, lost, pages = time.perf_counter(), 0, 0, 0
    with tempfile.TemporaryDirectory(prefix="hotspot-fuzz-") as folder, prepared(f"sqlite:///{folder}/h.db") as store:
        town, clock = with_more_nases(load(ROOT / "sites.yaml")), FixedClock(MORNING)
        settings = Settings(Path("sites.yaml"), Path(folder), "", None, False, "info", SECRETS)
        client = (app := create_app(settings, town, clock, store)).test_client()
        known = _hosts(app)
        for _ in range(number):
            path = changed(random)
            answer = client.get(path)
            if answer.status_code >= 500:
                crashes += 1
                print(f"CRASH {answer.status_code} on {path}")
            pages += answer.status_code == 200
            if fault := _fault(answer.text, answer.headers.get("Location", ""), known):
                lost += 1
                print(f"FOUND {fault} on {path}")
    print(f"arrivals: {number} mutants, {crashes} crashes, {lost} findings; {pages} pages")
    return Result("arrivals at the portal", number, number, pages, lost, crashes, time.perf_counter() - began)


def changed(random: Random) -> str:
    """An arrival as a NAS sends it, with some fields lied about, doubled, cut or moved."""
    makers: tuple[Callable[[], str], ...] = (mikrotik, coova, nds, box)
    path, _, query = random.choice(makers)().partition("?")
    fields = query.split("&")
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(fields) + 1)
        lie = f"{random.choice(NAMES)}={random.choice((*LIES, quote(WORD)))}{quote(WORD) * random.randint(0, 1)}"
        match random.randrange(4):
            case 0:
                fields.insert(place, lie)
            case 1:
                fields[place % len(fields)] = lie
            case 2:
                random.shuffle(fields)
            case _:
                fields[place % len(fields)] = fields[place % len(fields)][: random.randint(0, 40)]
    return f"{path}?{'&'.join(fields)}"


def _hosts(app: Flask) -> set[str]:
    portal = app.extensions["portal"]
    doors = portal.doors.values()
    return {"", "127.0.0.1:8080", *(urlsplit(portal.kind(door.nas).entrance(door)).netloc for door in doors)}


def _fault(page: str, location: str, known: set[str]) -> str | None:
    """Language links repeat a refused query, quoted; anything else of it is a finding."""
    shown = re.sub(r'href="/arrive[^"<>]*"', "", page)
    if MARK in shown:
        return "an echo"
    targets = [location, *re.findall(r'(?:href|action)="(https?://[^"]*)"', page)]
    strange = {urlsplit(target).netloc for target in targets if target} - known
    return f"a way to {sorted(strange)}" if strange else None
