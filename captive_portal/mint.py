"""The tap in one transaction: the policy is asked, then consent and grant are written together or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from captive_portal.flow import Flow
from hotspot import grants as words
from hotspot.clock import local_day
from hotspot.grants import Grant
from hotspot.mac import Mac
from hotspot.policy import Refuse, answer
from hotspot.presence import Asking, facts
from hotspot.pseudonym import KeyRing, device_token
from hotspot.sites import Site, Sites
from hotspot.store import Store
from hotspot.tables import consents, grants


@dataclass(frozen=True)
class Wish:
    """A visitor's tap: under which flow, by which way, having read which notice (sha256) in which language."""

    flow: Flow
    way: str
    notice: str
    language: str
    at: float
    grant_id: str
    client: str


@dataclass(frozen=True)
class Minted:
    grant: Grant
    repeated: bool


def mint(store: Store, sites: Sites, keys: KeyRing, wish: Wish) -> Minted | Refuse:
    """One flow gets one grant, however often it is tapped."""
    site = sites.site[sites.nas[wish.flow.nas].site]
    device_day = token_of_today(keys, wish.flow.mac, sites, wish.at)
    try:
        with store.writing() as connection:
            return _mint(connection, sites, site, device_day, wish)
    except IntegrityError:  # PostgreSQL let two taps of one flow in at once; the other one won
        with store.reading() as connection:
            earlier = _of_flow(connection, wish.flow.id)
        if earlier is None:
            raise
        return Minted(earlier, repeated=True)


def token_of_today(keys: KeyRing, mac: Mac, sites: Sites, at: float) -> str | None:
    """The device's token of the local day; None while RADIUS has made no key today: then nothing is used yet."""
    period = f"day-{local_day(at, sites.timezone)}"
    if period not in keys.periods():
        return None
    return device_token(keys.get(period), b"d1", mac)


def _mint(connection: Connection, sites: Sites, site: Site, device_day: str | None, wish: Wish) -> Minted | Refuse:
    if earlier := _of_flow(connection, wish.flow.id):
        return Minted(earlier, repeated=True)
    asking = Asking(site.id, wish.flow.mac.digits, wish.client, wish.way, device_day=device_day)
    decided = answer(sites, site, facts(connection, sites, asking, wish.at))
    if isinstance(decided, Refuse):
        return decided
    now = int(wish.at)
    grant = Grant(
        id=wish.grant_id,
        nas=wish.flow.nas,
        site=site.id,
        mac=wish.flow.mac.digits,
        client=wish.client,
        way=wish.way,
        minted_at=now,
        expires_at=now + words.LIFETIME,
    )
    _write(connection, grant, wish)
    return Minted(grant, repeated=False)


def _write(connection: Connection, grant: Grant, wish: Wish) -> None:
    connection.execute(insert(grants).values(flow=wish.flow.id, **vars(grant)))
    connection.execute(
        insert(consents).values(
            grant_id=grant.id,
            notice=wish.notice,
            language=wish.language,
            site=grant.site,
            given_at=grant.minted_at,
        )
    )


def _of_flow(connection: Connection, flow: str) -> Grant | None:
    columns = [column for column in grants.c if column.name != "flow"]
    row = connection.execute(select(*columns).where(grants.c.flow == flow)).mappings().one_or_none()
    return Grant(**row) if row else None
