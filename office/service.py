"""Check what the console needs, then serve it under gunicorn."""

from __future__ import annotations

from collections.abc import Iterable
from wsgiref.types import WSGIApplication

from hotspot.clock import SystemClock
from hotspot.command import Settings
from hotspot.log import start_log
from hotspot.passwords import Passwords
from hotspot.sites import Sites, load
from hotspot.store import open_current_store
from office import accounts, anchor, courier, watchman
from office.app import create_app
from office.outside import VOUCHER_KEY, read_outside
from web.runner import Service, serve

KEY = "office-key"


def needs(_sites: Sites) -> Iterable[tuple[tuple[str | int, ...], tuple[str, ...]]]:
    """One signs the cookies, the other makes vouchers."""
    yield ("office",), (KEY,)
    yield ("office",), (VOUCHER_KEY,)


def start(settings: Settings) -> int:
    """Serve until a signal, or with ``--check`` only say whether it could."""
    start_log("office", settings.log_level)
    sites = load(settings.sites, settings.secrets, needs)
    service = Service(
        name="office",
        public=settings.listen("HOTSPOT_OFFICE_LISTEN", "127.0.0.1:8081"),
        ops=settings.listen("HOTSPOT_OFFICE_OPS", "127.0.0.1:9813"),
        state=settings.state,
    )
    settings.clock(sample=sites.sample)
    read_outside(settings)
    can_log_in = _accounts(settings)
    if settings.check:
        hint = "" if can_log_in else "; no account can log in yet: hotspot-office create-admin NAME"
        print(f"office: fine ({len(sites.sites)} sites){hint}")
        return 0
    return serve(service, lambda ops_port: _load(settings, sites, ops_port))


def _accounts(settings: Settings) -> int:
    store = open_current_store(settings.database)
    with store.reading() as connection:
        found = accounts.how_many(connection)
    store.close()
    return found


def _load(settings: Settings, sites: Sites, ops_port: int) -> WSGIApplication:
    """In each worker, after the fork: a connection of its own."""
    start_log("office", settings.log_level)
    app = create_app(
        sites,
        open_current_store(settings.database),
        settings.secrets.read(KEY),
        clock=settings.clock(sample=sites.sample),
        wall=SystemClock(),
        passwords=Passwords(),
        outside=read_outside(settings),
        ops_port=ops_port,
        anchor=settings.state / anchor.FILE,
    )
    watchman.look_now_and_then(app.extensions["office"])
    courier.look_now_and_then(app.extensions["office"])
    return app
