"""hotspot-radius: serve RADIUS until told to stop, change a NAS's secret, or print what leads a NAS to the office."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from functools import partial

from hotspot.command import OperatorError, Settings, read_settings, run, shared_options
from hotspot.log import event, start_log
from hotspot.metrics import share_between_workers
from hotspot.running import announce, withdraw
from hotspot.sites import Sites, load
from hotspot.store import Store, StoreAway, StoreUnreachable, distant_store, open_current_store
from radius.books import sealing_nases
from radius.crew import Crew
from radius.explain import Explainer
from radius.patience import lose_patience
from radius.peers import needs, peers_of, weak_secrets
from radius.rotation import drop, rotate
from radius.service import Service
from radius.sockets import Sockets, open_sockets
from radius.tempo import settle
from radius.ways import radsec_text, way_options, wireguard_text

_log = logging.getLogger(__name__)
MOST_WORKERS = 64


def main(argv: Sequence[str] | None = None) -> int:
    return run(story, argv)


def story(argv: Sequence[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    settings = read_settings(arguments)
    sites = load(settings.sites, settings.secrets, needs)
    words = {"rotate": _rotate, "radsec": radsec_text, "wireguard": wireguard_text, "explain": _explain}
    if arguments.command is None:
        return _serve(settings, sites, _workers(settings, arguments.workers))
    print(words[arguments.command](settings, sites, arguments))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hotspot-radius", description="The RADIUS server that the NASes ask.")
    shared_options(parser)
    told = "processes that share the ports (default: HOTSPOT_RADIUS_WORKERS or 1); more than one needs PostgreSQL"
    parser.add_argument("--workers", metavar="N", help=told)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    rotating = commands.add_parser("rotate", help="give a NAS a new secret, while the previous one stays good for now")
    rotating.add_argument("nas", help="the NAS's id in sites.yaml")
    rotating.add_argument("--drop", action="store_true", help="the NAS has the new secret: drop the previous one")
    rotating.add_argument("--unseen", action="store_true", help="drop it though RADIUS has not seen the new one in use")
    way_options(commands)
    explaining = commands.add_parser("explain", help="tell why a phone, a grant or a session is or is not online")
    explaining.add_argument("whom", help="a MAC, a grant, a session's number here or at its NAS, or a client's hash")
    return parser


def _workers(settings: Settings, option: str | None) -> int:
    word = option or settings.environ.get("HOTSPOT_RADIUS_WORKERS", "1")
    if not word.isdecimal() or not 1 <= int(word) <= MOST_WORKERS:
        raise OperatorError(f"--workers (or HOTSPOT_RADIUS_WORKERS) is a number from 1 to {MOST_WORKERS}, not {word}")
    if int(word) > 1 and settings.database.startswith("sqlite"):
        raise OperatorError(
            "several workers need PostgreSQL, because SQLite lets one process write at a time; "
            "set HOTSPOT_DATABASE to a PostgreSQL database, or leave --workers out"
        )
    return int(word)


def _rotate(settings: Settings, sites: Sites, arguments: argparse.Namespace) -> str:
    if arguments.drop:
        return drop(settings, sites, arguments.nas, unseen=arguments.unseen)
    return rotate(settings, sites, arguments.nas)


def _explain(settings: Settings, sites: Sites, arguments: argparse.Namespace) -> str:
    store = open_current_store(settings.database)
    try:
        with store.reading() as connection:
            at = settings.clock(sample=sites.sample).now()
            lines = Explainer(connection, sites, settings.secrets.read("grant-key"), at).lines(arguments.whom)
            return "\n".join(lines)
    finally:
        store.close()


def _serve(settings: Settings, sites: Sites, workers: int) -> int:
    peers = peers_of(sites, settings.secrets)
    settings.clock(sample=sites.sample)
    if settings.check:
        open_current_store(settings.database).close()
        print(f"radius: {len(peers)} NASes, their secrets and the database are in order")
        return 0
    start_log("radius", settings.log_level)
    for sentence in weak_secrets(peers):
        event(_log, logging.WARNING, "a NAS's secret is weak; make a new one for each", secret=sentence)
    sockets = open_sockets(settings, workers)
    try:
        if workers == 1:
            _work(settings, sites, 0, sockets[0], lambda: _announce(settings, sockets[0]))
            return 0
        share_between_workers(settings.run_folder / "radius-counters")
        return Crew(sockets, partial(_work, settings, sites), lambda: _announce(settings, sockets[0])).run()
    finally:
        withdraw(settings.run_folder, "radius")


def _announce(settings: Settings, sockets: Sockets) -> None:
    announce(settings.run_folder, "radius", sockets.addresses)


def _work(settings: Settings, sites: Sites, place: int, sockets: Sockets, ready: Callable[[], None]) -> None:
    """One process's life, from the database's first answer to the last reply."""
    store, sealing = _open(settings)
    try:
        lose_patience(store)
        service = Service(settings, sites, store, sealing, is_first=place == 0)
        settle()
        asyncio.run(service.run(sockets, ready))
    finally:
        store.close()


def _open(settings: Settings) -> tuple[Store, frozenset[str] | None]:
    """The store and which NASes are known to seal; None where that is not known yet, because the database is away.

    After a power cut another machine's database may come back later than RADIUS, which keeps reports until then.
    """
    try:
        store = open_current_store(settings.database)
        return store, sealing_nases(store)
    except (StoreUnreachable, *StoreAway) as error:
        store = distant_store(settings.database)
        if store.is_sqlite and isinstance(error, StoreUnreachable):  # a file is there or wrong, and never on its way
            raise
        event(_log, logging.WARNING, "RADIUS starts without its database", reason=str(error).partition("\n")[0])
        return store, None


if __name__ == "__main__":
    sys.exit(main())
