"""NASes of each kind as the portal knows them, with secrets of the vectors."""

from __future__ import annotations

from captive_portal.nas import Door
from captive_portal.query import Query
from hotspot.secret import Secret
from hotspot.sites import Nas
from hotspot.sites.controller import Controller
from hotspot.sites.door import Fas, Uam
from hotspot.sites.gateway import Gateway

PORTAL = "https://portal.example"


def mikrotik() -> Door:
    nas = Nas(id="gw-a", site="a", kind="mikrotik", address="10.1.0.1", login_url="http://10.1.0.1/login")
    return Door(nas, f"{PORTAL}/arrive/gw-a")


def coovachilli() -> Door:
    nas = Nas(id="gw-b", site="b", kind="coovachilli", address="10.1.0.1", uam=Uam(ip="10.1.0.1", port=3990))
    return Door(nas, f"{PORTAL}/arrive/gw-b", Secret("rahasia-uam"))


def opennds(level: int = 2) -> Door:
    fas = Fas.model_validate({"gateway": "10.1.0.1:2050", "level": level})
    nas = Nas(id="gw-c", site="c", kind="opennds", address="10.1.0.1", fas=fas)
    return Door(nas, f"{PORTAL}/arrive/gw-c", Secret("kunci-fas"))


def linux(**more: str) -> Door:
    box = {"lan": "lan", "wan": "wan", "network": "10.70.4.1/22", "radius": ["10.66.0.2"], "resolvers": ["10.66.0.2"]}
    nas = Nas(id="gw-d", site="d", kind="linux", address="10.1.0.1", gateway=Gateway.model_validate({**box, **more}))
    return Door(nas, f"{PORTAL}/arrive/gw-d", Secret("rahasia-pintu"))


def generic() -> Door:
    nas = Nas(id="gw-e", site="e", kind="generic", address="10.1.0.1", login_url="http://10.1.0.1/login")
    return Door(nas, f"{PORTAL}/arrive/gw-e")


LOGIN = {
    "ruckus": "http://10.1.0.1:9997/login",
    "aruba": "https://masuk.example.go.id/cgi-bin/login",
    "cisco-wlc": "https://masuk.example.go.id/login.html",
    "cambium": "http://10.1.0.1:880/cgi-bin/hotspot_login.cgi",
    "meraki": "https://n1.network-auth.example/splash/login",
}


def external(kind: str) -> Door:
    return Door(Nas(id="gw-f", site="f", kind=kind, address="10.1.0.1", login_url=LOGIN[kind]), f"{PORTAL}/arrive/gw-f")


def controlled(kind: str) -> Door:
    table = {"api": "official" if kind == "unifi" else "open", "url": "https://c.example", "account": "a", "id": "b"}
    controller = Controller.model_validate(table)
    return Door(Nas(id="gw-g", site="g", kind=kind, address="10.1.0.1", controller=controller), f"{PORTAL}/arrive/gw-g")


def query(raw: str) -> Query:
    return Query.parse(raw)
