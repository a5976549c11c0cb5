"""The tap in one transaction: the policy is asked, then consent and grant are written together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from captive_portal.flow import Flow
from captive_portal.ways import otp_book
from captive_portal.ways.memory import Stay, remember
from hotspot import grants as words
from hotspot.admission import is_admitted_to
from hotspot.grants import Grant
from hotspot.policy import GRACE, Refuse, answer
from hotspot.presence import Asking, facts
from hotspot.secret import Secret
from hotspot.sites import Site, Sites
from hotspot.store import Store
from hotspot.tables import admissions, consents, grants, voucher_uses


@dataclass(frozen=True)
class Wish:
    """A visitor's tap: under which flow, by which way, having read which notice (sha256) in which language; ``otp`` and

    ``voucher`` are what is used by it.
    """

    flow: Flow
    way: str
    notice: str
    language: str
    at: float
    grant_id: str
    client: str
    otp: int | None = None
    voucher: int | None = None


@dataclass(frozen=True)
class Minted:
    grant: Grant
    repeated: bool


def mint(store: Store, sites: Sites, key: Secret, wish: Wish) -> Minted | Refuse:
    """One flow gets one grant, however often it is tapped."""
    site = sites.site[sites.nas[wish.flow.nas].site]
    try:
        with store.writing() as connection:
            return _mint(connection, sites, site, key, wish)
    except IntegrityError:  # PostgreSQL let two taps of one flow in at once; the other one won
        earlier = granted(store, wish.flow.id)
        if earlier is None:
            raise
        return Minted(earlier, repeated=True)


def granted(store: Store, flow: str) -> Grant | None:
    """What this flow was given already."""
    with store.reading() as connection:
        return _of_flow(connection, flow)


def _mint(connection: Connection, sites: Sites, site: Site, key: Secret, wish: Wish) -> Minted | Refuse:
    if earlier := _of_flow(connection, wish.flow.id):
        return Minted(earlier, repeated=True)
    decided = answer(
        sites, site, facts(connection, sites, Asking(site.id, wish.flow.mac.digits, wish.client, wish.way), wish.at)
    )
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
    if is_admitted_to(sites.nas[grant.nas]):
        _ask_to_admit(connection, grant, wish.flow.keys)
    _use(connection, wish, now)
    remember_for = sites.policy_of(site).per_client.remember
    if remember_for and wish.way != GRACE:
        stay = Stay(wish.flow.mac, wish.client, wish.way, wish.notice, wish.language, now + remember_for)
        remember(connection, key, stay, wish.at)
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


def _ask_to_admit(connection: Connection, grant: Grant, keys: Mapping[str, str]) -> None:
    """RADIUS asks the controller at once; the visitor waits for it on the status page."""
    row = {"grant_id": grant.id, "nas": grant.nas, "mac": grant.mac, "tries": 0}
    row |= {"place": keys.get("place", ""), "token": keys.get("token")}
    connection.execute(insert(admissions).values(**row, asked_at=grant.minted_at, due_at=grant.minted_at))


def _use(connection: Connection, wish: Wish, now: int) -> None:
    """A code is used by what it brings; a voucher's time runs from its first use."""
    if wish.otp is not None:
        otp_book.use(connection, wish.otp, now)
    if wish.voucher is not None:
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        use = dialect.insert(voucher_uses).values(voucher=wish.voucher, first_used_at=now)
        connection.execute(use.on_conflict_do_nothing())


def _of_flow(connection: Connection, flow: str) -> Grant | None:
    columns = [column for column in grants.c if column.name != "flow"]
    row = connection.execute(select(*columns).where(grants.c.flow == flow)).mappings().one_or_none()
    return Grant(**row) if row else None
