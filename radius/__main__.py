"""hotspot-radius: check the configuration, or serve RADIUS until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence

from hotspot.command import read_settings, run, shared_options
from hotspot.log import event, start_log
from hotspot.sites import load
from hotspot.store import open_current_store
from radius.patience import lose_patience
from radius.peers import needs, peers_of, weak_secrets
from radius.service import Service

_log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    return run(story, argv)


def story(argv: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="hotspot-radius", description="The RADIUS server that the NASes ask.")
    shared_options(parser)
    settings = read_settings(parser.parse_args(argv))
    sites = load(settings.sites, settings.secrets, needs)
    peers = peers_of(sites, settings.secrets)
    settings.clock(sample=sites.sample)
    store = open_current_store(settings.database)
    try:
        if settings.check:
            print(f"radius: {len(peers)} NASes, their secrets and the database are in order")
            return 0
        start_log("radius", settings.log_level)
        for sentence in weak_secrets(peers.values()):
            event(_log, logging.WARNING, "a NAS's secret is weak; make a new one for each", secret=sentence)
        lose_patience(store)
        asyncio.run(Service(settings, sites, store).run())
    finally:
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
