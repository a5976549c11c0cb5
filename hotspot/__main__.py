"""The office's one command: start and check everything, look after the database, keep it safe, configure a NAS."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from hotspot import roles, up
from hotspot.backup import making
from hotspot.backup.restoring import restore
from hotspot.command import USAGE, OperatorError, Settings, read_settings, run, shared_options
from hotspot.nightly.job import main_with as run_nightly
from hotspot.paste import pasted
from hotspot.sites import Sites, load
from hotspot.store import open_current_store, open_store, schema_version, upgrade


def main(argv: Sequence[str] | None = None) -> int:
    return run(story, argv)


def story(argv: Sequence[str] | None) -> int:
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.command is None:
        parser.print_help()
        return USAGE
    settings = read_settings(arguments)
    work = {
        "up": _up,
        "check": _check,
        "db": _upgrade,
        "nightly": _nightly,
        "backup": _backup,
        "restore": _restore,
        "nas-config": _nas_config,
        "doctor": _doctor,
    }
    return work[arguments.command](settings, arguments)


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared_options(shared)
    parser = argparse.ArgumentParser(prog="hotspot", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    starting = commands.add_parser("up", parents=[shared], help="start portal, RADIUS, monitor and office together")
    starting.add_argument("--rehearsal", action="store_true", help="with the lab's town of phones, NASes and devices")
    starting.add_argument("--rate", type=_rate, default=10, help="how fast the rehearsal's clock runs (default 10)")
    checking = commands.add_parser("check", parents=[shared], help="check sites.yaml, secrets, database, services")
    checking.add_argument("--schema", action="store_true", help="print the JSON Schema of sites.yaml for editors")
    database = commands.add_parser("db", parents=[shared], help="bring the database schema up to date")
    database.add_argument("action", choices=["upgrade", "grants"], help="grants prints the SQL of the services' roles")
    commands.add_parser("nightly", parents=[shared], help="roll-ups, retention, end of keys; to be run every hour")
    keeping = commands.add_parser("backup", parents=[shared], help="write database, secrets and sites.yaml to one file")
    keeping.add_argument("--to", type=Path, metavar="FOLDER", help="where to (default: backups in the state folder)")
    keeping.add_argument("--keep", type=_days, default=making.KEPT_DAYS, metavar="DAYS", help="delete older ones (14)")
    keeping.add_argument("--new-key", action="store_true", help="make the key that seals backups, and show it once")
    returning = commands.add_parser("restore", parents=[shared], help="put a backup into an empty place")
    returning.add_argument("file", type=Path, help="the backup; with --check it is only looked at")
    pasting = commands.add_parser("nas-config", parents=[shared], help="print what to paste into a NAS")
    pasting.add_argument("nas", help="the NAS's id in sites.yaml")
    healing = commands.add_parser("doctor", parents=[shared], help="look at all that a login at a NAS rests on")
    healing.add_argument("nas", help="the NAS's id in sites.yaml")
    return parser


def _rate(text: str) -> float:
    with suppress(ValueError):
        if 0 <= (rate := float(text)) < math.inf:
            return rate
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 0, like 10")


def _days(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) <= 3650:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to 3650")


def _up(settings: Settings, arguments: argparse.Namespace) -> int:
    if settings.check:
        return _check(settings, argparse.Namespace(schema=False))
    rehearsal = up.Rehearsal(arguments.rate) if arguments.rehearsal else None
    return up.run(settings, load(settings.sites), rehearsal)


def _check(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.schema:
        print(json.dumps(Sites.model_json_schema(), indent=1))
        return 0
    load(settings.sites)
    return up.check_services(settings)


def _upgrade(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.action == "grants":
        print(";\n".join(roles.grants()) + ";")
        return 0
    store = open_current_store(settings.database) if settings.check else open_store(settings.database)
    if not settings.check:
        upgrade(store)
    print(f"The database has schema {schema_version(store)}.")
    store.close()
    return 0


def _nightly(settings: Settings, _arguments: argparse.Namespace) -> int:
    return run_nightly(settings)


def _backup(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.new_key:
        return making.new_key(settings)
    return making.make(settings, arguments.to, arguments.keep)


def _restore(settings: Settings, arguments: argparse.Namespace) -> int:
    return restore(settings, arguments.file)


def _nas_config(settings: Settings, arguments: argparse.Namespace) -> int:
    sites = load(settings.sites)
    if (nas := sites.nas.get(arguments.nas)) is None:
        raise OperatorError(f"there is no NAS {arguments.nas!r}; sites.yaml has {', '.join(sites.nas)}")
    print(pasted(settings.secrets, sites, nas))
    return 0


def _doctor(settings: Settings, arguments: argparse.Namespace) -> int:
    return up.visit(settings, arguments.nas)


if __name__ == "__main__":
    sys.exit(main())
