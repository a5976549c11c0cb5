"""The monthly report from the command line: ``hotspot-report --month 2026-11 --format pdf``, or ``--all FOLDER``."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from hotspot import command
from hotspot.clock import local_month, month_bounds
from hotspot.command import OperatorError
from hotspot.sites import Sites, load
from hotspot.store import Store, open_current_store
from office.report.bind import bind, silent
from office.report.everything import put, write_all
from office.report.formats import FORMATS
from office.report.freeze import freeze
from office.report.issue import Issue
from office.report.publish import issue, proved


def main(argv: Sequence[str] | None = None) -> int:
    return command.run(story, argv)


def story(argv: Sequence[str] | None) -> int:
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.month is None and not arguments.check:
        parser.error("--month is missing")
    settings = command.read_settings(arguments)
    sites = load(settings.sites)
    now = int(settings.clock(sample=sites.sample).now())
    _check(arguments, sites, now)
    store = open_current_store(settings.database)
    try:
        if settings.check:
            print(f"report: {settings.sites} and the database are fine")
            return command.FINE
        made = _issue(store, sites, arguments, now)
    finally:
        store.close()
    if arguments.all is not None:
        write_all(made, arguments.all, _tell)
    else:
        _write(FORMATS[arguments.format](made), arguments.output)
    return command.FINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hotspot-report", description="one month of every site as a file, or as all")
    command.shared_options(parser)
    parser.add_argument("--month", metavar="YYYY-MM", help="the month to report, for example 2026-11")
    parser.add_argument("--format", default="csv", metavar="KIND", help=f"one of {', '.join(FORMATS)} (default csv)")
    parser.add_argument("--freeze", action="store_true", help="close the month: its figures never change again")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write to this file (default: standard output)")
    parser.add_argument(
        "--all", type=Path, metavar="FOLDER", help="write every kind, the contractor's sheet and each site's proof"
    )
    return parser


def _check(arguments: argparse.Namespace, sites: Sites, now: int) -> None:
    if arguments.format not in FORMATS:
        raise OperatorError(f"--format {arguments.format}: there is no such kind; use {' or '.join(FORMATS)}")
    month = arguments.month
    if month is None:
        return
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month, re.ASCII):
        raise OperatorError(f"--month {month}: write it as YYYY-MM, for example 2026-11")
    if month_bounds(month, sites.timezone)[0] > now:
        current = local_month(now, sites.timezone)
        raise OperatorError(f"--month {month} has not begun; the latest month with figures is {current}")


def _issue(store: Store, sites: Sites, arguments: argparse.Namespace, now: int) -> Issue:
    """A frozen month as it was frozen, any other as it stands; frozen and read in one transaction."""
    tell = _tell if arguments.all is not None else silent
    if not arguments.freeze:
        with store.reading() as connection:
            return issue(connection, sites, arguments.month, now, tell)
    with store.writing() as connection:
        closed = freeze(connection, bind(connection, sites, arguments.month, now, tell), sites, now)
    print(f"{arguments.month} is frozen; the sha256 of its figures is {closed.sha256}", file=sys.stderr)
    return proved(closed, sites, now)


def _tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


def _write(content: bytes, output: Path | None) -> None:
    """A file appears whole or not at all."""
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        put(output, content, "--output")


if __name__ == "__main__":
    sys.exit(main())
