"""The portal as a Flask app: the porch's room with the portal's pages."""

from __future__ import annotations

import logging

from flask import Flask

from captive_portal import foreign, sendings
from captive_portal.doorstep import QUICK, Doorstep
from captive_portal.flow import Sealer
from captive_portal.funnel import Tally
from captive_portal.notice import keep, written
from captive_portal.outlook import Lookout
from captive_portal.pages import (
    api,
    arrive,
    authmon,
    complaints,
    connect,
    guest,
    my_data,
    opinion,
    smart_client,
    status,
    way,
    webhooks,
)
from captive_portal.pages import help as help_pages
from captive_portal.portal import Counters, Portal, doors, reception
from hotspot.clock import Clock
from hotspot.command import Settings
from hotspot.log import event
from hotspot.metrics import Metrics
from hotspot.pseudonym import KeyRing
from hotspot.sites import Sites
from hotspot.store import Store, StoreAway
from web.room import Porch, create_room

log = logging.getLogger(__name__)


def create_app(settings: Settings, sites: Sites, clock: Clock, store: Store, ops_port: int | None = None) -> Flask:
    """Everything that the pages use, built once a process; secrets were checked when the sites were loaded."""
    metrics = Metrics()
    portal = Portal(
        sites=sites,
        clock=clock,
        store=store,
        keys=KeyRing(settings.state / "keys"),
        grant_key=settings.secrets.read("grant-key"),
        sealer=Sealer(settings.secrets.read("flow-key")),
        counters=Counters(metrics),
        doors=doors(sites, settings.secrets),
        lookout=Lookout(store, sites),
        funnel=Tally(),
        reception=reception(sites, store, clock, settings.secrets),
    )
    app = create_room("captive_portal", Porch(sites, clock, metrics, lambda: store_is_away(store), ops_port))
    app.request_class = webhooks.UnreadRequest
    app.extensions["reception"] = portal.reception
    app.extensions["portal"] = portal
    app.extensions["metrics"] = metrics
    for page in (arrive, authmon, guest, connect, way, webhooks, status, opinion, my_data, complaints, help_pages, api):
        app.register_blueprint(page.blueprint(portal))
    app.register_blueprint(smart_client.blueprint(portal))
    foreign.refuse(app, portal)
    metrics.collect(lambda: sendings.families(portal))
    keep(store, written(app, sites).values(), clock.now())
    app.__dict__["quick"] = QUICK  # web/worker.py answers these without a thread
    app.wsgi_app = Doorstep(app.wsgi_app, portal, ops_port)  # type: ignore[method-assign]
    return app


def store_is_away(store: Store) -> str | None:
    """What the health check says, or None when the store answers."""
    try:
        with store.reading() as connection:
            connection.exec_driver_sql("SELECT 1 FROM grants LIMIT 1")
    except StoreAway as error:
        event(log, logging.WARNING, "store away", error=type(error).__name__)
        return "the database does not answer"
    return None
