"""hotspot-office: the office's console, and the accounts that may use it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from hotspot.command import Settings, read_settings, run, shared_options
from office import service, staff

ACTIONS: dict[str, Callable[[Settings, str], int]] = {
    "create-admin": staff.create_admin,
    "set-password": staff.set_password,
    "disable": staff.disable,
    "enable": staff.enable,
    "forget-factor": staff.forget_factor,
    "verify-audit": staff.verify_audit,
}
NAMELESS = ("verify-audit",)


def main(argv: Sequence[str] | None = None) -> int:
    return run(_story, argv)


def _story(argv: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(
        prog="hotspot-office", description="Serve the office's console; with an action, look after its accounts."
    )
    parser.add_argument("action", nargs="?", choices=ACTIONS, help="what to do with an account (default: serve)")
    parser.add_argument("name", nargs="?", help="the account; its password is asked for, or read from standard input")
    shared_options(parser)
    arguments = parser.parse_args(argv)
    if arguments.action and not arguments.name and arguments.action not in NAMELESS:
        parser.error(f"which account? hotspot-office {arguments.action} NAME")
    settings = read_settings(arguments)
    return ACTIONS[arguments.action](settings, arguments.name) if arguments.action else service.start(settings)


if __name__ == "__main__":
    sys.exit(main())
