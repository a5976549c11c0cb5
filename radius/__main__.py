"""hotspot-radius: check the configuration, serve RADIUS until told to stop, or change a NAS's secret."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence

from hotspot.command import Settings, read_settings, run, shared_options
from hotspot.log import event, start_log
from hotspot.sites import Sites, load
from hotspot.store import open_current_store
from radius.patience import lose_patience
from radius.peers import needs, peers_of, weak_secrets
from radius.rotation import drop, rotate
from radius.service import Service

_log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    return run(story, argv)


def story(argv: Sequence[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    settings = read_settings(arguments)
    sites = load(settings.sites, settings.secrets, needs)
    if arguments.command == "rotate":
        print(_rotate(settings, sites, arguments))
        return 0
    return _serve(settings, sites)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hotspot-radius", description="The RADIUS server that the NASes ask.")
    shared_options(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    rotating = commands.add_parser("rotate", help="give a NAS a new secret, while the previous one stays good for now")
    rotating.add_argument("nas", help="the NAS's id in sites.yaml")
    rotating.add_argument("--drop", action="store_true", help="the NAS has the new secret: drop the previous one")
    rotating.add_argument("--unseen", action="store_true", help="drop it though RADIUS has not seen the new one in use")
    return parser


def _rotate(settings: Settings, sites: Sites, arguments: argparse.Namespace) -> str:
    if arguments.drop:
        return drop(settings, sites, arguments.nas, unseen=arguments.unseen)
    return rotate(settings, sites, arguments.nas)


def _serve(settings: Settings, sites: Sites) -> int:
    peers = peers_of(sites, settings.secrets)
    settings.clock(sample=sites.sample)
    store = open_current_store(settings.database)
    try:
        if settings.check:
            print(f"radius: {len(peers)} NASes, their secrets and the database are in order")
            return 0
        start_log("radius", settings.log_level)
        for sentence in weak_secrets(peers):
            event(_log, logging.WARNING, "a NAS's secret is weak; make a new one for each", secret=sentence)
        lose_patience(store)
        asyncio.run(Service(settings, sites, store).run())
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
