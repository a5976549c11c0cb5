"""NASes without RADIUS, one file an API of theirs: RADIUS (the room) asks them itself. To add one, add its line."""

from __future__ import annotations

from collections.abc import Callable

from hotspot.admission import is_fetched_by
from hotspot.clock import Clock
from hotspot.nas import NAS_KINDS
from hotspot.secret import Secret, SecretSource
from hotspot.sites import Nas, Sites
from hotspot.sites.controller import Controller as Facts
from hotspot.store import Store
from radius.controllers.https import Https
from radius.controllers.kind import Controller, Denied, Guest, Seen, Silent
from radius.controllers.omada import Omada
from radius.controllers.opennds import OpenNds
from radius.controllers.unifi import Unifi
from radius.controllers.unifi_official import Official

CONTROLLERS: dict[str, Callable[[Facts, Secret, Https], Controller]] = {
    "legacy": Unifi,
    "os": Unifi,
    "official": Official,
    "open": Omada,
}


def secret_name(nas: Nas) -> str:
    return NAS_KINDS[nas.kind].secret_name(nas.id, "controller")


def controllers_of(sites: Sites, secrets: SecretSource, store: Store, clock: Clock) -> dict[str, Controller]:
    """By NAS. A controller that stands behind several entries has a session for each."""
    boxes: dict[str, Controller] = {
        nas.id: OpenNds(nas.id, store, clock.now) for nas in sites.nases if is_fetched_by(nas)
    }
    return boxes | {
        nas.id: CONTROLLERS[facts.api](facts, secrets.read(secret_name(nas)), Https(facts.url, facts.trust))
        for nas in sites.nases
        if (facts := nas.controller) is not None
    }


__all__ = ["CONTROLLERS", "Controller", "Denied", "Guest", "Seen", "Silent", "controllers_of", "secret_name"]
