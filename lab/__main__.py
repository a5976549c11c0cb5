"""hotspot-lab: run the rehearsal town, or tell a running one what to do (fault, clock, status)."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from hotspot.clock import Clock
from hotspot.command import OperatorError, Settings, read_settings, run, shared_options
from hotspot.log import start_log
from hotspot.sites import Sites, load
from lab.acts import GRAMMAR, Act, read_script
from lab.clock import ClockDriver, read_start
from lab.control import tell
from lab.faults import FaultRefused
from lab.nas.kinds import BOXES
from lab.rehearsal import Rehearsal, Wishes, needs

ORDERS = ("fault", "clock", "status")
_EPILOG = f"""\
orders to a running rehearsal:
  hotspot-lab status                what is broken, who is online
  hotspot-lab clock step 1h         let time jump;  clock rate 60: a minute a second
  hotspot-lab fault ...             one of:

{GRAMMAR}
"""


def main(argv: Sequence[str] | None = None) -> int:
    return run(_story, argv)


def _story(argv: Sequence[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    settings = read_settings(arguments)
    if arguments.order:
        _print(tell(settings.run_folder, [arguments.order, *arguments.words]))
        return 0
    sites = load(settings.sites, settings.secrets, needs)
    if not sites.sample:
        raise OperatorError(f"{settings.sites} does not say sample: true; a rehearsal never plays a real installation")
    wishes = Wishes(
        seed=arguments.seed,
        people=arguments.people,
        loss=arguments.loss,
        devices_only=arguments.devices_only,
        script=_script(arguments.faults, sites),
    )
    if settings.check:
        print(_in_order(sites))
        return 0
    start_log("lab", settings.log_level)
    clock, driver = _clock(settings, sites, arguments.start, arguments.rate)
    asyncio.run(_live(settings, sites, clock, driver, wishes))
    return 0


def _in_order(sites: Sites) -> str:
    agents = sum(node.snmp is not None for node in sites.devices) + sum(nas.snmp is not None for nas in sites.nases)
    played = sum(nas.kind in BOXES for nas in sites.nases)
    return f"lab: {agents} SNMP agents, {played} NASes and their secrets are in order"


async def _live(settings: Settings, sites: Sites, clock: Clock, driver: ClockDriver | None, wishes: Wishes) -> None:
    await Rehearsal(settings, sites, clock, driver, wishes).run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hotspot-lab",
        description="A rehearsal town on loopback: devices, NASes and people that do not exist, on real protocols.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    shared_options(parser)
    parser.add_argument("--seed", type=int, default=1, help="chance repeats itself for the same seed (default: 1)")
    parser.add_argument(
        "--people", type=_number(10_000, "120"), default=120, help="visits a day at each site (default: 120)"
    )
    parser.add_argument(
        "--loss", type=_number(0.9, "0.01"), default=0.01, help="share of RADIUS packets lost each way (default: 0.01)"
    )
    parser.add_argument("--devices-only", action="store_true", help="SNMP agents alone: no NASes, no people")
    parser.add_argument("--faults", type=Path, help='a file of planned faults, lines like "10m cut bruno"')
    parser.add_argument("--start", help="set the lab clock, like 2026-10-01T06:00 (needs HOTSPOT_CLOCK)")
    parser.add_argument("--rate", type=float, help="how fast the lab clock runs, 0 to 3600 (needs HOTSPOT_CLOCK)")
    parser.add_argument("order", nargs="?", choices=ORDERS, help="tell a running rehearsal what to do; see below")
    parser.add_argument("words", nargs="*", help="the order's words")
    return parser


def _number(most: float, example: str) -> Callable[[str], float]:
    """An option's number from 0 to ``most``; argparse puts the sentence after the option's name."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not 0 <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not a number from 0 to {most:g}, like {example}")
        return value

    return read


def _clock(settings: Settings, sites: Sites, start: str | None, rate: float | None) -> tuple[Clock, ClockDriver | None]:
    if settings.clock_file is None:
        if start is not None or rate is not None:
            raise OperatorError("--start and --rate drive the lab clock; set HOTSPOT_CLOCK to a file for it")
        return settings.clock(sample=sites.sample), None
    at = None if start is None else read_start(start, sites.timezone)
    driver = ClockDriver.start(settings.clock_file, at, rate)
    return driver.clock, driver


def _script(path: Path | None, sites: Sites) -> tuple[tuple[float, Act], ...]:
    if path is None:
        return ()
    try:
        script = tuple(read_script(path.read_text()))
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{path}: cannot be read ({error})") from error
    except FaultRefused as refusal:
        raise OperatorError(f"{path}: {refusal}") from refusal
    known = {*sites.link, *sites.device, *sites.nas}
    for _, act in script:
        if act.on not in known:
            raise OperatorError(f"{path}: there is no link, device or NAS {act.on}")
    return script


def _print(said: object) -> None:
    print(said if isinstance(said, str) else json.dumps(said, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
