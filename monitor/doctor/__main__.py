"""``python -m monitor.doctor <nas>``, which ``hotspot doctor`` starts: print each finding, exit 1 when one is ill."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from hotspot.command import FINE, OPERATOR, OperatorError, read_settings, run, shared_options
from hotspot.sites import load
from hotspot.store import open_current_store
from monitor.doctor.finding import Health, summary
from monitor.doctor.visit import Visit, keep


def main(argv: Sequence[str] | None = None) -> int:
    return run(story, argv)


def story(argv: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="hotspot doctor", description="Looks at all that a login at a NAS rests on.")
    shared_options(parser)
    parser.add_argument("nas", help="the NAS's id in sites.yaml")
    arguments = parser.parse_args(argv)
    settings = read_settings(arguments)
    sites = load(settings.sites)
    if (nas := sites.nas.get(arguments.nas)) is None:
        raise OperatorError(f"there is no NAS {arguments.nas!r}; sites.yaml has {', '.join(sites.nas)}")
    store = open_current_store(settings.database)
    try:
        now = settings.clock(sample=sites.sample).now()
        found = []
        for one in Visit(settings, sites, store, nas, now).findings():
            print(one.line(), flush=True)
            found.append(one)
        keep(store, nas.id, found, now)
    finally:
        store.close()
    print(summary(found))
    return OPERATOR if any(one.health is Health.ILL for one in found) else FINE


if __name__ == "__main__":
    sys.exit(main())
