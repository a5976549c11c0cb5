"""One visit of the doctor to one NAS: ask everything, judge each by itself, write the findings down."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from sqlalchemy import case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from hotspot.command import OperatorError, Settings
from hotspot.nas import NAS_KINDS
from hotspot.presence import is_open
from hotspot.running import addresses_of
from hotspot.secret import Secret, SecretMissing, SecretUnusable
from hotspot.sites import Nas, Sites
from hotspot.store import Store
from hotspot.tables import diagnoses, nas_facts, sessions
from monitor.doctor import place, portal, radius
from monitor.doctor.finding import Finding, unseen
from monitor.probes import dhcp, status_server
from monitor.probes.captive import CHECKS, Check
from monitor.probes.fetch import Answer, fetch
from monitor.probes.way import Way

PLACE_CHECKS = ("option-114", "dns-before-login", "probe-hosts", "walled-garden", "ipv6-leak")
_RADIUS_CHECKS = ("radius-auth", "radius-acct", "radius-from-nas", "wrong-secret", "change-of-authorisation")


@dataclass(frozen=True)
class Visit:
    settings: Settings
    sites: Sites
    store: Store
    nas: Nas
    now: float
    checks: tuple[Check, ...] = CHECKS

    def findings(self) -> Iterator[Finding]:
        if NAS_KINDS[self.nas.kind].speaks_radius:
            yield from self._radius()
        else:
            for name in _RADIUS_CHECKS:
                yield unseen(name, f"a NAS of kind {self.nas.kind} speaks no RADIUS")
        yield radius.judge_interim(self._stays())
        yield self.clock()
        yield from self._portal()
        yield from self.inside()

    def _radius(self) -> Iterator[Finding]:
        bound = addresses_of(self.settings.run_folder, "radius")
        with self.store.reading() as connection:
            query = select(nas_facts.c.heard_at).where(nas_facts.c.nas == self.nas.id)
            heard = connection.execute(query).scalar_one_or_none()
        for name in ("auth", "acct"):
            yield self._port(name, bound)
        yield radius.judge_heard(None if heard is None else self.now - heard)
        page = fetch(f"http://{bound['ops']}/metrics", Way()) if bound else None
        yield radius.judge_secret(page.body.decode() if isinstance(page, Answer) else None, self.nas.id)
        door = radius.Door(self.nas.address, self.nas.coa_port) if self.nas.coa_port else None
        yield radius.judge_change(radius.ask_change(door, self._secret(self.nas), self.now) if door else None)

    def _port(self, name: str, bound: dict[str, str] | None) -> Finding:
        """RADIUS knows who asks by the address, so this machine asks as a NAS whose address it has."""
        if bound is None:
            return radius.judge_port(name, status_server.judge(OSError("it does not run on this machine"), 0.0))
        local = self.nas.address.startswith("127.")
        asked = self.sites.probes.radius if self.sites.probes else None
        if not local and asked is None:
            return unseen(f"radius-{name}", "this machine is no NAS to RADIUS; sites.yaml's probes.radius makes it one")
        nas = self.nas if asked is None or local else self.sites.nas[asked.nas]
        source = nas.address if local else ""
        return radius.judge_port(name, status_server.ask(address(bound[name]), self._secret(nas), nas.id, source))

    def _portal(self) -> Iterator[Finding]:
        url = str(self.sites.office.portal_url).rstrip("/")
        yield portal.judge_certificate(url, fetch(f"{url}/", Way()), time.time())
        asked = fetch(f"{url}/api/captive/{self.nas.id}", Way(), {"Accept": portal.API_TYPE})
        yield portal.judge_api(asked)

    def inside(self) -> Iterator[Finding]:
        """From inside the site's Wi-Fi, where sites.yaml names an interface there."""
        citizens = self.sites.probes.citizens if self.sites.probes else ()
        inside = next((one for one in citizens if one.site == self.nas.site), None)
        if inside is None:
            for name in PLACE_CHECKS:
                yield unseen(name, f"sites.yaml has no probes.citizens interface at {self.nas.site}")
            return
        url = str(self.sites.office.portal_url).rstrip("/")
        host, way = urlsplit(url).hostname or "", Way(inside.interface, inside.dns)
        try:
            yield place.judge_option(dhcp.discover(way), f"{url}/api/captive/{self.nas.id}")
        except OSError as error:
            yield unseen(
                "option-114", f"DHCP cannot be asked on {inside.interface}: {error.strerror or error}; run as root"
            )
        try:
            yield place.judge_name(host, way.ask(host))
        except OSError as error:
            yield place.judge_name(host, error)
        yield place.judge_leaks({one: fetch(one.url, way) for one in self.checks})
        services = (str(one.url) for one in self.sites.services)
        yield place.judge_garden({url: fetch(url, way) for url in services}, host)
        yield place.judge_ipv6(place.reaches_ipv6(way))

    def _stays(self) -> radius.Stays:
        joined = sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas)
        late = 2 * sessions.c.interim
        old = self.now - sessions.c.started_at > late
        seen = case((old & (self.now - sessions.c.last_seen_at <= late), 1), else_=0)
        query = select(func.count(), func.sum(case((old, 1), else_=0)), func.sum(seen)).select_from(joined)
        with self.store.reading() as connection:
            row = connection.execute(query.where(sessions.c.nas == self.nas.id, is_open(self.now))).one()
        return radius.Stays(old=int(row[1] or 0), reported=int(row[2] or 0), open=int(row[0]))

    def clock(self) -> Finding:
        return portal.judge_clock(self._clock(), time.time())

    def _clock(self) -> float | None:
        """What the NAS's own web server takes for the time (RFC 9110 section 6.6.1)."""
        if not self.nas.login_url:
            return None
        answer = fetch(str(self.nas.login_url), Way())
        if not isinstance(answer, Answer) or "date" not in answer.headers:
            return None
        try:
            return parsedate_to_datetime(answer.headers["date"]).timestamp()
        except ValueError:
            return None

    def _secret(self, nas: Nas) -> Secret:
        try:
            return self.settings.secrets.read(NAS_KINDS[nas.kind].secret_name(nas.id))
        except (SecretMissing, SecretUnusable) as error:
            raise OperatorError(str(error)) from None


def keep(store: Store, nas: str, findings: list[Finding], now: float) -> None:
    """For the office's page of this NAS; the last visit counts."""
    row = {"nas": nas, "findings": json.dumps([one.row() for one in findings]), "made_at": int(now)}
    with store.writing() as connection:
        dialect = sqlite if store.is_sqlite else postgresql
        made = dialect.insert(diagnoses).values(row)
        told = {"findings": made.excluded.findings, "made_at": made.excluded.made_at}
        connection.execute(made.on_conflict_do_update(index_elements=["nas"], set_=told))


def address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return (host.strip("[]").replace("0.0.0.0", "127.0.0.1").replace("::", "::1") or "127.0.0.1", int(port))
