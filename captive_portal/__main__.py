"""hotspot-portal: check the configuration, or serve the captive portal until told to stop."""

from __future__ import annotations

import argparse
import atexit
import sys
from collections.abc import Sequence
from wsgiref.types import WSGIApplication

from captive_portal.app import create_app
from captive_portal.portal import needs
from captive_portal.tallies import Scribe
from hotspot.command import Settings, read_settings, run, shared_options
from hotspot.log import start_log
from hotspot.sites import Sites, load
from hotspot.store import open_current_store
from web.runner import Service, serve


def main(argv: Sequence[str] | None = None) -> int:
    return run(story, argv)


def story(argv: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="hotspot-portal", description="The captive portal that visitors see.")
    shared_options(parser)
    parser.add_argument("--workers", type=int, default=2, help="processes that answer (default: 2)")
    parser.add_argument("--threads", type=int, default=8, help="threads of each process (default: 8)")
    arguments = parser.parse_args(argv)
    settings = read_settings(arguments)
    sites = load(settings.sites, settings.secrets, needs)
    service = Service(
        name="portal",
        public=settings.listen("HOTSPOT_PORTAL_LISTEN", ":8080"),
        ops=settings.listen("HOTSPOT_PORTAL_OPS", "127.0.0.1:9810"),
        state=settings.state,
        workers=arguments.workers,
        threads=arguments.threads,
    )
    settings.clock(sample=sites.sample)
    open_current_store(settings.database).close()
    if settings.check:
        print(f"portal: {len(sites.sites)} sites, {len(sites.nases)} NASes, secrets and database are in order")
        return 0
    start_log("portal", settings.log_level)
    return serve(service, lambda ops_port: _load(settings, sites, ops_port))


def _load(settings: Settings, sites: Sites, ops_port: int) -> WSGIApplication:
    """In each worker, after the fork: its own store and clock."""
    store = open_current_store(settings.database)
    clock = settings.clock(sample=sites.sample)
    app = create_app(settings, sites, clock, store, ops_port)
    scribe = Scribe(store, sites, clock, app.extensions["portal"].funnel)
    scribe.start()
    atexit.register(scribe.stop)
    return app


if __name__ == "__main__":
    sys.exit(main())
