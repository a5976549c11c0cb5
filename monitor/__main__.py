"""hotspot-monitor: check the configuration, or watch the network until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from hotspot.command import read_settings, run, shared_options
from hotspot.log import start_log
from hotspot.sites import load
from hotspot.store import open_current_store
from monitor import fallback, ping
from monitor.expose.card import tells
from monitor.kinds import KINDS
from monitor.probes import rounds
from monitor.service import Service, listeners
from monitor.snmp.library import library_name
from monitor.subject import Subject, needs, subjects


def main(argv: Sequence[str] | None = None) -> int:
    return run(story, argv)


def story(argv: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="hotspot-monitor", description="Watches access points, routers and links.")
    parser.add_argument("--cards", action="store_true", help="print what each kind of device can tell, and stop")
    shared_options(parser)
    arguments = parser.parse_args(argv)
    if arguments.cards:
        print("\n\n".join("\n".join([name, *tells(kind)]) for name, kind in KINDS.items()))
        return 0
    settings = read_settings(arguments)
    sites = load(
        settings.sites, settings.secrets, lambda found: [*needs(found), *rounds.needs(found), *fallback.needs(found)]
    )
    watched = subjects(sites, settings.secrets)
    settings.clock(sample=sites.sample)
    listeners(settings)
    store = open_current_store(settings.database)
    try:
        if settings.check:
            print(_summary(watched))
            return 0
        start_log("monitor", settings.log_level)
        asyncio.run(Service(settings, sites, store, watched).run())
    finally:
        store.close()
    return 0


def _summary(watched: dict[str, Subject]) -> str:
    """One line: how many by what, and why echoes are impossible if they are and are asked for."""
    asked = sum(subject.access is not None for subject in watched.values())
    pinged = sum(subject.ping for subject in watched.values())
    echoes = f"{pinged} by echoes"
    why_not = ping.allowed() if pinged else None
    line = f"monitor: polls {asked} by SNMP ({library_name()}), {echoes}; secrets and the database are in order"
    return f"{line}; but {why_not}" if why_not else line


if __name__ == "__main__":
    sys.exit(main())
