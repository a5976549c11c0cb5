"""The monthly report from the command line: ``hotspot-report --month 2026-11 --format csv``."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from hotspot import command
from hotspot.clock import local_month, month_bounds
from hotspot.command import OperatorError
from hotspot.sites import Sites, load
from hotspot.store import Store, open_current_store
from office.report.figures import Report, report
from office.report.formats import FORMATS
from office.report.freeze import freeze, frozen
from office.report.gather import gather


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
        made = _report(store, sites, arguments, now)
    finally:
        store.close()
    _write(FORMATS[arguments.format](made), arguments.output)
    return command.FINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hotspot-report", description="one month of every site as a file")
    command.shared_options(parser)
    parser.add_argument("--month", metavar="YYYY-MM", help="the month to report, for example 2026-11")
    parser.add_argument("--format", default="csv", metavar="KIND", help=f"one of {', '.join(FORMATS)} (default csv)")
    parser.add_argument("--freeze", action="store_true", help="close the month: its figures never change again")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write to this file (default: standard output)")
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


def _report(store: Store, sites: Sites, arguments: argparse.Namespace, now: int) -> Report:
    """A frozen month as it was frozen, any other as it stands; frozen and read in one transaction."""
    if not arguments.freeze:
        with store.reading() as connection:
            closed = frozen(connection, arguments.month)
            return closed.report if closed else report(arguments.month, gather(connection, sites, arguments.month, now))
    with store.writing() as connection:
        made = report(arguments.month, gather(connection, sites, arguments.month, now))
        closed = freeze(connection, made, sites.timezone, now)
    print(f"{arguments.month} is frozen; the sha256 of its figures is {closed.sha256}", file=sys.stderr)
    return closed.report


def _write(content: bytes, output: Path | None) -> None:
    """A file appears whole or not at all."""
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    draft = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(output)
    except OSError as error:
        raise OperatorError(f"--output {output}: {error.strerror}") from error


if __name__ == "__main__":
    sys.exit(main())
