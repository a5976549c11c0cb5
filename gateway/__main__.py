"""hotspot-gateway: be this site's door, or say who is online, send someone away, check, leave the machine as it was."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from gateway.book import Book
from gateway.control import ask
from gateway.leaving import leave
from gateway.office import clients
from gateway.preview import preview
from gateway.service import Service, certificate_of, folder_of
from gateway.setting import Setting, needs_of, setting_of
from hotspot.command import OperatorError, Settings, read_settings, run, shared_options
from hotspot.log import start_log
from hotspot.sites import load

_HELP = {
    "run": "be the gateway (the default); SIGHUP reads the configuration anew and drops nobody",
    "status": "who is online",
    "kick": "end one client's stay, by its session id or MAC",
    "check": "check configuration and secrets and print the ruleset that would be loaded",
    "uninstall": "end all stays and leave no rule, class or address behind",
}


def main(argv: Sequence[str] | None = None) -> int:
    return run(story, argv)


def story(argv: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(prog="hotspot-gateway", description="A site's own door: a Linux box as NAS.")
    shared_options(parser)
    parser.add_argument("--nas", help="which NAS of sites.yaml this machine is (needed when several are of kind linux)")
    lines = "; ".join(f"{word}: {text}" for word, text in _HELP.items())
    parser.add_argument("work", nargs="?", default="run", choices=list(_HELP), metavar="WORK", help=lines)
    parser.add_argument("who", nargs="?", help="of kick: a session id or MAC")
    arguments = parser.parse_args(argv)
    if (arguments.work == "kick") != (arguments.who is not None):
        parser.error("kick needs a session id or MAC, and nothing else takes one")
    settings = read_settings(arguments)
    if arguments.work == "status":
        return _status(settings)
    if arguments.work == "kick":
        return _kick(settings, arguments.who)

    def read() -> Setting:
        sites = load(settings.sites, settings.secrets, needs_of(arguments.nas))
        return setting_of(sites, arguments.nas, certificate_of(settings))

    setting = read()
    if settings.check or arguments.work == "check":
        print(preview(setting))
        return 0
    start_log("gateway", settings.log_level)
    if arguments.work == "uninstall":
        return _leave(settings, setting)
    return _run(Service(settings, setting, read))


def _run(service: Service) -> int:
    if asyncio.run(service.run()):
        os.execv(sys.executable, sys.orig_argv)  # the kernel holds the door meanwhile  # noqa: S606 - ourselves
    return 0


def _status(settings: Settings) -> int:
    answer = ask(folder_of(settings), {"do": "status"})
    if answer is None:
        kept = clients(Book(folder_of(settings) / "sessions.json").read().sessions, 0)
        raise OperatorError(f"hotspot-gateway is not running; {len(kept)} sessions wait on disk")
    print(f"{'session':14} {'client':17} {'min':>5} {'left':>5} {'up':>14} {'down':>14}  by")
    for row in answer["clients"]:
        print("{session:14} {client:17} {minutes:5} {left:5} {up:14} {down:14}  {by}".format(**row))
    print(f"{len(answer['clients'])} online, {answer['unacknowledged']} reports not acknowledged yet")
    return 0


def _kick(settings: Settings, who: str) -> int:
    answer = ask(folder_of(settings), {"do": "kick", "who": who})
    if answer is None:
        raise OperatorError("hotspot-gateway is not running; start it first")
    if answer["kicked"] is None:
        raise OperatorError("nobody online has that session id or MAC; see: hotspot-gateway status")
    print(f"session {answer['kicked']} has ended")
    return 0


def _leave(settings: Settings, setting: Setting) -> int:
    if ask(folder_of(settings), {"do": "status"}) is not None:
        raise OperatorError("hotspot-gateway is running; stop it first: systemctl stop hotspot-gateway")
    print(asyncio.run(leave(settings, setting)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
