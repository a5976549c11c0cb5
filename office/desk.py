"""What every page of the office works with, kept on the app; nothing of it is global."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from hotspot.clock import Clock
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from office.passwords import Passwords

_PLACE = "office"


@dataclass(frozen=True)
class Desk:
    """``clock`` is the town's time; ``wall`` is the machine's, by which logins expire also in a rehearsal."""

    sites: Sites
    store: Store
    clock: Clock
    wall: Clock
    key: Secret
    passwords: Passwords
    count_login: Callable[[str], None]


def put(app: Flask, desk: Desk) -> None:
    app.extensions[_PLACE] = desk


def the_desk() -> Desk:
    """The desk of the app that answers this request."""
    desk: Desk = current_app.extensions[_PLACE]
    return desk
