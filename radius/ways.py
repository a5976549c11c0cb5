"""The verbs that print how a site's box reaches the office: radsec and wireguard, for either end."""

from __future__ import annotations

import argparse
from urllib.parse import urlsplit

from hotspot.command import OperatorError, Settings
from hotspot.sites import Nas, Sites
from radius import radsec, wireguard
from radius.peers import secret_name
from radius.rotation import nas_named

FOLDER = "/etc/radsecproxy"


def way_options(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    inside_tls = commands.add_parser("radsec", help="print radsecproxy's configuration for RADIUS inside TLS")
    tunnel = commands.add_parser("wireguard", help="print WireGuard's configuration")
    for parser in (inside_tls, tunnel):
        parser.add_argument("nas", nargs="?", help="the end of this NAS (default: the office's end)")
    inside_tls.add_argument("--certificates", default=FOLDER, help=f"their folder (default {FOLDER})")
    inside_tls.add_argument("--listen", help="where radsecproxy listens (default: office *:2083, NAS 127.0.0.1:1812)")
    inside_tls.add_argument("--listen-acct", default="127.0.0.1:1813", help="at a NAS, for accounting")
    inside_tls.add_argument("--office", help="at a NAS: the name in the office's certificate (default: the portal's)")


def radsec_text(settings: Settings, sites: Sites, arguments: argparse.Namespace) -> str:
    if arguments.nas is not None:
        return _radsec_site(settings, sites, arguments)
    callers = [_caller(settings, nas) for nas in sites.nases if nas.radsec is not None]
    if not callers:
        raise OperatorError("no NAS in sites.yaml has radsec: 127.83.0.1 or another loopback address of its own")
    listening = {
        name: settings.listen(f"HOTSPOT_RADIUS_{name}", f":{port}") for name, port in (("AUTH", 1812), ("ACCT", 1813))
    }
    if narrow := [name for name, (host, _) in listening.items() if host not in ("", "0.0.0.0", "::")]:
        raise OperatorError(f"HOTSPOT_RADIUS_{narrow[0]} names one address, and radsecproxy asks at loopback addresses")
    return radsec.office(
        callers,
        listen=arguments.listen or f"*:{radsec.PORT}",
        auth_port=listening["AUTH"][1],
        acct_port=listening["ACCT"][1],
        folder=arguments.certificates,
    )


def _radsec_site(settings: Settings, sites: Sites, arguments: argparse.Namespace) -> str:
    nas = nas_named(sites, arguments.nas)
    if nas.radsec is None:
        raise OperatorError(f"{nas.id} has no radsec in sites.yaml; give it a loopback address like 127.83.0.1")
    return radsec.site(
        _caller(settings, nas),
        office=arguments.office or urlsplit(sites.office.portal_url).hostname or "",
        folder=arguments.certificates,
        listen_auth=arguments.listen or "127.0.0.1:1812",
        listen_acct=arguments.listen_acct,
    )


def wireguard_text(_settings: Settings, sites: Sites, arguments: argparse.Namespace) -> str:
    if sites.wireguard is None:
        raise OperatorError("sites.yaml has no table wireguard, which describes the office's end (docs/radius.md)")
    if arguments.nas is None:
        return wireguard.office(sites, sites.wireguard)
    nas = nas_named(sites, arguments.nas)
    if nas.wireguard is None:
        raise OperatorError(f"{nas.id} has no wireguard in sites.yaml; give it the public key of its box")
    return wireguard.site(nas, sites.wireguard)


def _caller(settings: Settings, nas: Nas) -> radsec.Caller:
    return radsec.Caller(nas.id, settings.secrets.read(secret_name(nas)).reveal(), nas.radsec or "")
