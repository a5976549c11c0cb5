"""Start the services by name, side by side, and stop them together; with the rehearsal town when asked."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hotspot.clock import LabClock, set_lab_clock
from hotspot.command import OPERATOR, OperatorError, Settings
from hotspot.house import House, options_of
from hotspot.nas import NAS_KINDS
from hotspot.running import addresses_of, alone
from hotspot.sites import Sites
from hotspot.store import open_store, upgrade

SERVICES = {"portal": "captive_portal", "radius": "radius", "monitor": "monitor", "office": "office"}
DOCTOR = "monitor.doctor"
OWN_KEYS = ("grant-key", "flow-key", "office-key", "voucher-key")


@dataclass(frozen=True)
class Rehearsal:
    """Run the lab's town on a clock that runs ``rate`` times as fast."""

    rate: float


def run(settings: Settings, sites: Sites, rehearsal: Rehearsal | None) -> int:
    """Upgrade, start, say what to open, wait for a signal or a death, stop."""
    if rehearsal and not sites.sample:
        raise OperatorError(f"{settings.sites} does not say sample: true; the rehearsal town runs on sample data only")
    with alone(settings.run_folder, "up", "stop it, or set HOTSPOT_STATE to a folder of its own"):
        make_secrets(settings, sites)
        store = open_store(settings.database)
        upgrade(store)
        store.close()
        return _run_rehearsal(settings, sites, rehearsal) if rehearsal else _run(settings, sites, None)


def _run_rehearsal(settings: Settings, sites: Sites, rehearsal: Rehearsal) -> int:
    """On the lab's clock, which is held when all has stopped, so that the next rehearsal does not begin before it."""
    path = settings.state / "clock"
    start_clock(path, sites.timezone, rehearsal.rate)
    try:
        return _run(replace(settings, clock_file=path), sites, rehearsal)
    finally:
        set_lab_clock(path, LabClock(path).now(), 0)


def _run(settings: Settings, sites: Sites, rehearsal: Rehearsal | None) -> int:
    environ = dict(os.environ, HOTSPOT_STATE=str(settings.state), PYTHONUNBUFFERED="1")
    if settings.clock_file:
        environ["HOTSPOT_CLOCK"] = str(settings.clock_file)
    services = dict(SERVICES, lab="lab") if rehearsal else SERVICES
    house = House(settings, environ, settings.clock(sample=sites.sample))
    try:
        house.start(services)
        if house.wait_ready(services):
            print(_guide(settings, sites, rehearsal, _sample_account(settings, sites, environ)), flush=True)
            return house.watch()
        return OPERATOR
    finally:
        house.stop()


def check_services(settings: Settings) -> int:
    """Each service's own --check; the worst answer counts."""
    shared = options_of(settings)
    environ = dict(os.environ, HOTSPOT_STATE=str(settings.state))
    results = [
        subprocess.run([sys.executable, "-m", module, "--check", *shared], env=environ, check=False).returncode
        for module in SERVICES.values()
    ]
    return max(results)


def visit(settings: Settings, nas: str) -> int:
    """The monitor's doctor, who looks at one NAS."""
    command = [sys.executable, "-m", DOCTOR, *options_of(settings), nas]
    return subprocess.run(command, env=dict(os.environ, HOTSPOT_STATE=str(settings.state)), check=False).returncode


def make_secrets(settings: Settings, sites: Sites) -> list[str]:
    """Make the house's own keys where they are missing and, for sample equipment, the equipment's secrets too."""
    names = [*OWN_KEYS, *(equipment_secrets(sites) if sites.sample else [])]
    return [name for name in names if settings.secrets.make(name)]


def equipment_secrets(sites: Sites) -> list[str]:
    """The names of the secrets that NASes and devices share with us."""
    asked = [device.snmp for device in sites.devices] + [nas.snmp for nas in sites.nases]
    users = sorted({snmp.user for snmp in asked if snmp and snmp.user})
    names = ["snmp-community", *(f"snmp-{user}-{half}" for user in users for half in ("auth", "priv"))]
    for nas in sites.nases:
        kind = NAS_KINDS[nas.kind]
        suffixes = ("", *kind.secrets) if kind.speaks_radius else kind.secrets
        names += [kind.secret_name(nas.id, suffix) for suffix in suffixes]
    return names


def start_clock(path: Path, zone: ZoneInfo, rate: float) -> None:
    """The rehearsal begins at five in the afternoon, when the squares fill: today's, or the first after the last one.

    Time that went back would meet sessions and readings of its own future in the store.
    """
    evening = datetime.now(zone).replace(hour=17, minute=0, second=0, microsecond=0)
    with suppress(OSError, ValueError, OverflowError):
        before = LabClock(path).now()
        while evening.timestamp() < before:
            evening += timedelta(days=1)
    set_lab_clock(path, evening.timestamp(), rate)


def _sample_account(settings: Settings, sites: Sites, environ: dict[str, str]) -> tuple[str, Path] | None:
    """An account for the office's sample, with a random password that lies beside the other secrets."""
    if not sites.sample:
        return None
    path = settings.secrets.folder / "office-sample-password"
    if not path.exists():
        word = secrets.token_urlsafe(12)
        command = [sys.executable, "-m", "office", "create-admin", "contoh", *options_of(settings)]
        made = subprocess.run(command, env=environ, input=word + "\n", text=True, capture_output=True, check=False)
        if made.returncode != 0:
            print(made.stderr.strip(), file=sys.stderr)
            return None
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(word + "\n")
    return "contoh", path


def _guide(settings: Settings, sites: Sites, rehearsal: Rehearsal | None, account: tuple[str, Path] | None) -> str:
    """What a person can do now, and what of it is make-believe."""

    def at(service: str, key: str) -> str:
        return (addresses_of(settings.run_folder, service) or {}).get(key, "?").replace("0.0.0.0:", "127.0.0.1:")

    lines = ["", f"Open the portal    http://{at('portal', 'portal')}/"]
    if rehearsal:
        door = next(nas.login_url for nas in sites.nases if nas.login_url)
        lines += [f"Be a visitor       {door}   (a sample NAS; it sends you to the portal)"]
    lines += [f"Open the office    http://{at('office', 'office')}/"]
    if account:
        lines += [f"                   name {account[0]}, password in {account[1]}"]
    lines += [
        f"Monitor            http://{at('monitor', 'monitor')}/metrics and /sd",
        f"RADIUS             udp {at('radius', 'auth')} and {at('radius', 'acct')}",
        f"State and secrets  {settings.state}",
    ]
    if rehearsal:
        lines += [
            "",
            f"Simulated: the equipment and visitors of {settings.sites} (phones, NASes, SNMP agents on 127.66.*), on a",
            f"clock that began at 17:00 and runs {rehearsal.rate:g} times as fast. The services are the real ones.",
            f"Cause a fault:     HOTSPOT_STATE={settings.state} {Path(sys.executable).parent}/hotspot-lab \\",
            f"                   fault cut {next(link.id for link in sites.links if link.b)}",
        ]
    return "\n".join([*lines, "", "Stop with Ctrl-C."])
