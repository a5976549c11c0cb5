"""SNMP by gufo_snmp (Rust, BSD-3): a third of the CPU of snmp_exporter, and the only file that imports it.

What version 0.13 leaves to its caller: any error status, tooBig among them, looks like the end of a walk; a repeating
OID loops for ever; nothing is tried twice; a v3 session ages after 150 s.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeVar

from gufo.snmp import SnmpAuthError, SnmpVersion
from gufo.snmp import SnmpError as LibraryError
from gufo.snmp.aio import SnmpSession
from gufo.snmp.user import (
    Aes128Key,
    Aes192Key,
    Aes256Key,
    BaseAuthKey,
    BasePrivKey,
    DesKey,
    KeyType,
    Md5Key,
    Sha1Key,
    Sha224Key,
    Sha256Key,
    Sha384Key,
    Sha512Key,
    User,
)

from monitor.snmp.agent import (
    TIMEOUT,
    TRIES,
    Access,
    Budget,
    Fit,
    Rows,
    SnmpError,
    Trouble,
    Value,
    disorder,
    index_below,
    numbers,
    plain,
    refused,
    silent,
)

Result = TypeVar("Result")
AUTH: dict[str, type[BaseAuthKey]] = {
    "md5": Md5Key,
    "sha1": Sha1Key,
    "sha224": Sha224Key,
    "sha256": Sha256Key,
    "sha384": Sha384Key,
    "sha512": Sha512Key,
}
PRIV: dict[str, type[BasePrivKey]] = {"des": DesKey, "aes128": Aes128Key, "aes192": Aes192Key, "aes256": Aes256Key}
VERSIONS = {"1": SnmpVersion.v1, "2c": SnmpVersion.v2c, "3": SnmpVersion.v3}
REPETITIONS = 25  # as snmp_exporter; a device that finds it too many says so once
CELLS = 40  # in one GET: an answer of about one Ethernet frame


class GufoAgent:
    """One connected socket a poll, so that only the device itself can answer."""

    def __init__(self, access: Access, opinion: Callable[[Access], Awaitable[SnmpError | None]]) -> None:
        self._opinion = opinion
        self._access = access
        self._fit = Fit(1 if access.version == "1" else REPETITIONS)  # v1 knows no GETBULK
        self._gets = Fit(CELLS)
        self._user = _user(access) if access.version == "3" else None
        self._session: SnmpSession | None = None
        self._budget = Budget()

    async def scalars(self, oids: Sequence[str]) -> dict[str, Value] | SnmpError:
        return await self._guarded(lambda: self._scalars(list(oids)))

    async def table(self, columns: Sequence[str], so_far: Rows | None = None) -> Rows | SnmpError:
        return await self._guarded(lambda: self._table(columns, {} if so_far is None else so_far))

    def rest(self) -> None:
        self._session = None
        self._budget.fill()

    async def _guarded(self, work: Callable[[], Awaitable[Result | SnmpError]]) -> Result | SnmpError:
        try:
            return await work()
        except SnmpAuthError as error:
            return await self._why(str(error))
        except (TimeoutError, OSError):
            return silent(self._access)
        except LibraryError as error:
            return SnmpError(Trouble.BROKEN, f"an answer that is no SNMP: {error}")

    async def _why(self, said: str) -> SnmpError:
        """A wrong key and a wrong clock are one error here, and ask for different hands."""
        other = await self._opinion(self._access)
        return other if other and other.trouble is Trouble.CLOCK else refused(said)

    async def _scalars(self, oids: list[str]) -> dict[str, Value]:
        session = await self._opened()
        found = await self._twice(lambda: session.get_many(oids))
        if not found and len(oids) > 1:  # none of them, or an error status that the library swallowed: ask for fewer
            middle = len(oids) // 2
            halves = await self._scalars(oids[:middle]) | await self._scalars(oids[middle:])
            self._gets.values = min(self._gets.values, middle) if halves else self._gets.values
            return halves
        values = {oid.lstrip("."): plain(value) for oid, value in found.items()}
        return {oid: value for oid, value in values.items() if value is not None}

    async def _table(self, columns: Sequence[str], so_far: Rows) -> Rows | SnmpError:
        """Walk the first column for the rows, and GET their other cells many at a time: GETBULK takes one column."""
        first = await self._column(columns[0])
        if isinstance(first, SnmpError):
            return first
        rows: Rows = {index: {columns[0]: value} for index, value in first.items()}
        if self._access.version == "1":  # a GET of v1 fails as a whole when one of its objects is missing
            return await self._walked(columns[1:], rows)
        others, waiting = columns[1:], list(rows)
        cells = [f"{column}.{index}" for index in waiting for column in others]
        values: dict[str, Value] = {}
        while cells:
            size = self._gets.values
            some, cells = cells[:size], cells[size:]
            values |= await self._scalars(some)
            whole = len(waiting) - -(-len(cells) // len(others))
            for index in waiting[:whole]:
                rows[index] |= {column: values[oid] for column in others if (oid := f"{column}.{index}") in values}
                so_far[index] = rows[index]
            waiting = waiting[whole:]
        return rows

    async def _walked(self, columns: Sequence[str], rows: Rows) -> Rows | SnmpError:
        for column in columns:
            cells = await self._column(column)
            if isinstance(cells, SnmpError):
                return cells
            for index, value in cells.items():
                rows.setdefault(index, {})[column] = value
        return rows

    async def _column(self, column: str) -> dict[str, Value] | SnmpError:
        """Walk until the end is proved: a walk that stops on a full batch may have met a tooBig there."""
        size = self._fit.values
        reached: dict[int, int] = {}  # how many cells came, and with which size first
        while True:
            cells = await self._walk(column, size)
            if isinstance(cells, SnmpError):
                return cells
            reached.setdefault(len(cells), size)
            if size == 1 or len(cells) % size or (not cells and not await self._has_any(column)):
                break
            # A size that does not divide what came so far would end within a batch, if that was the end.
            size = next((n for n in range(size // 2, 1, -1) if not cells or len(cells) % n), 1)
        if cells:
            self._fit.values = reached[len(cells)]
        return cells

    async def _walk(self, column: str, size: int) -> dict[str, Value] | SnmpError:
        session = await self._opened()
        steps = session.getbulk(column, size) if size > 1 else session.getnext(column)
        cells: dict[str, Value] = {}
        last = numbers(column)
        while (step := await self._twice(lambda: anext(steps, None))) is not None:
            oid, value = step[0].lstrip("."), plain(step[1])
            if numbers(oid) <= last:
                return disorder(column)
            last = numbers(oid)
            index = index_below(column, oid)
            if index is not None and value is not None:
                cells[index] = value
        return cells

    async def _has_any(self, column: str) -> bool:
        session = await self._opened()
        steps: AsyncIterator[object] = session.getnext(column)
        return await self._twice(lambda: anext(steps, None)) is not None

    async def _twice(self, ask: Callable[[], Awaitable[Result]]) -> Result:
        for _ in range(TRIES - 1):
            try:
                return await ask()
            except TimeoutError:
                if not self._budget.spend():
                    raise
        return await ask()

    async def _opened(self) -> SnmpSession:
        if self._session is None:
            session = self._new_session()
            await self._twice(session.refresh)  # v3: which engine, and what time it has
            self._session = session
        return self._session

    def _new_session(self) -> SnmpSession:
        community = self._access.community.reveal() if self._access.community else ""
        return SnmpSession(
            self._access.address,
            self._access.port,
            community=community,
            user=self._user,
            version=VERSIONS[self._access.version],
            timeout=TIMEOUT,
        )


def _user(access: Access) -> User:
    """Passphrases are stretched once (RFC 3414 section A.2, a MiB of hashing); each poll localises the result."""
    auth = priv = None
    if access.auth and access.auth_secret:
        kind = AUTH[access.auth]
        auth = kind(kind.get_master_key(access.auth_secret.octets), key_type=KeyType.Master)
        if access.priv and access.priv_secret:
            priv = PRIV[access.priv](kind.get_master_key(access.priv_secret.octets), key_type=KeyType.Master)
    return User(access.user, auth_key=auth, priv_key=priv)
