"""SNMP by pysnmp (pure Python, BSD-2), where gufo_snmp has no wheel.

Objects are asked by number without MIB look-ups; GETBULK takes all columns of a table at once; the walk is our own,
because pysnmp's knows no order and no tooBig.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from pyasn1.type import univ
from pysnmp.carrier.asyncio.dgram.udp import UdpAsyncioTransport
from pysnmp.hlapi.v3arch import asyncio as hlapi
from pysnmp.proto import errind
from pysnmp.smi.rfc1902 import ObjectIdentity, ObjectType

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
    clock_fault,
    disorder,
    index_below,
    numbers,
    plain,
    refused,
    silent,
)

AUTH: Mapping[str, Any] = {
    "md5": hlapi.USM_AUTH_HMAC96_MD5,
    "sha1": hlapi.USM_AUTH_HMAC96_SHA,
    "sha224": hlapi.USM_AUTH_HMAC128_SHA224,
    "sha256": hlapi.USM_AUTH_HMAC192_SHA256,
    "sha384": hlapi.USM_AUTH_HMAC256_SHA384,
    "sha512": hlapi.USM_AUTH_HMAC384_SHA512,
}
PRIV: Mapping[str, Any] = {
    "des": hlapi.USM_PRIV_CBC56_DES,
    "aes128": hlapi.USM_PRIV_CFB128_AES,
    "aes192": hlapi.USM_PRIV_CFB192_AES_BLUMENTHAL,
    "aes256": hlapi.USM_PRIV_CFB256_AES_BLUMENTHAL,
}
_ANY = "1.3.6.1.2.1.1.3.0"  # sysUpTime: every agent has it
VALUES = 100  # varbinds in one response to begin with
TOO_BIG, NO_SUCH_NAME = 1, 2  # error-status, RFC 3416 section 3; the second is how v1 says "nothing there"
REFUSALS = (
    errind.UnknownUserName,
    errind.WrongDigest,
    errind.UnsupportedSecurityLevel,
    errind.DecryptionError,
    errind.AuthenticationFailure,
    errind.AuthenticationError,
)
Found = TypeVar("Found", dict[str, Value] | SnmpError, Rows | SnmpError)
Varbinds = list[tuple[str, Value | None]]  # None where the agent has nothing (any more)


class _AskedOnly(UdpAsyncioTransport):  # type: ignore[misc]
    """pysnmp matches answers by number alone; a datagram from where nothing was sent to is dropped here."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._asked: set[tuple[str, int]] = set()

    def send_message(self, outgoingMessage: Any, transportAddress: Any) -> None:  # noqa: N803 - pysnmp's names
        self._asked.add(tuple(transportAddress)[:2])
        super().send_message(outgoingMessage, transportAddress)

    def datagram_received(self, datagram: bytes, transportAddress: Any) -> None:  # noqa: N803 - pysnmp's names
        if tuple(transportAddress)[:2] in self._asked:
            super().datagram_received(datagram, transportAddress)


class _Target(hlapi.UdpTransportTarget):  # type: ignore[misc]
    PROTO_TRANSPORT = _AskedOnly


class Engines:
    """One engine for each set of v3 keys and one for communities: pysnmp confuses two keys of one user's name."""

    def __init__(self) -> None:
        self._engines: dict[object, Any] = {}

    def of(self, access: Access) -> Any:
        keys = (access.user, access.auth, access.auth_secret, access.priv, access.priv_secret)
        name = keys if access.version == "3" else None
        if name not in self._engines:
            self._engines[name] = hlapi.SnmpEngine()
        return self._engines[name]

    def close(self) -> None:
        for engine in self._engines.values():
            engine.close_dispatcher()
        self._engines.clear()


class PysnmpAgent:
    def __init__(self, access: Access, engines: Engines) -> None:
        self._access = access
        self._engines = engines
        self._fit = Fit(VALUES)
        self._budget = Budget()
        self._target: Any = None

    async def scalars(self, oids: Sequence[str]) -> dict[str, Value] | SnmpError:
        answer = await self._ask(hlapi.get_cmd, oids)
        if isinstance(answer, SnmpError) and answer.trouble is Trouble.TOO_BIG and len(oids) > 1:
            return await self._halves(self.scalars, oids)
        if isinstance(answer, SnmpError):
            return answer
        if not answer and len(oids) > 1:  # v1 gives nothing at all when one object is missing
            return await self._halves(self.scalars, oids)
        return {oid: value for oid, value in answer if value is not None}

    async def table(self, columns: Sequence[str], so_far: Rows | None = None) -> Rows | SnmpError:
        if self._access.version == "1" and len(columns) > 1:  # noSuchName would end all columns with the shortest
            return await self._halves(self.table, columns)
        rows: Rows = {}
        last = {column: column for column in columns}  # where each unfinished column goes on
        while asked := list(last):
            answer = await self._row_batch(list(last.values()))
            if answer is None:  # not even one row of so many columns fits
                return await self._halves(self.table, columns) if len(columns) > 1 else _one_too_big(columns[0])
            if isinstance(answer, SnmpError):
                return answer
            for row in answer:
                problem = _take(dict(zip(asked, row, strict=True)), last, rows)
                if problem:
                    return problem
            if so_far is not None:
                so_far |= _whole(rows, last)
        return rows

    def rest(self) -> None:
        """The engine keeps its one socket for all devices."""
        self._budget.fill()

    async def _halves(self, ask: Callable[[Sequence[str]], Awaitable[Found]], oids: Sequence[str]) -> Found:
        middle = len(oids) // 2
        first = await ask(oids[:middle])
        second = first if isinstance(first, SnmpError) else await ask(oids[middle:])
        if isinstance(first, SnmpError) or isinstance(second, SnmpError):
            return second
        for key, value in second.items():
            known = first.setdefault(key, value)
            if isinstance(known, dict):  # a row: the columns of both halves
                known.update(value)
        return first

    async def _row_batch(self, starts: list[str]) -> list[Varbinds] | SnmpError | None:
        """The next complete rows; an unfinished last row is asked for again. None: not even one fits."""
        width = len(starts)
        while True:
            if self._access.version == "1":
                answer = await self._ask(hlapi.next_cmd, starts)
                answer = answer or [(start, None) for start in starts]
            else:
                answer = await self._ask(hlapi.bulk_cmd, starts, max(1, self._fit.values // width))
            if isinstance(answer, SnmpError) and answer.trouble is Trouble.TOO_BIG:
                if self._fit.values > width and self._fit.halve():
                    continue
                return None
            if isinstance(answer, SnmpError):
                return answer
            rows = [answer[i : i + width] for i in range(0, len(answer) - width + 1, width)]
            return rows or None

    async def _ask(self, command: Any, oids: Sequence[str], *repetitions: int) -> Varbinds | SnmpError:
        bulk = (0, *repetitions) if repetitions else ()
        objects = [ObjectType(ObjectIdentity(oid)) for oid in oids]
        engine = self._engines.of(self._access)
        for attempt in range(TRIES):
            failure, status, _, varbinds = await command(
                engine, self._credentials(), await self._where(), hlapi.ContextData(), *bulk, *objects, lookupMib=False
            )
            if not isinstance(failure, errind.RequestTimedOut):
                break
            if attempt + 1 == TRIES or not self._budget.spend():
                return silent(self._access)
        if isinstance(failure, errind.NotInTimeWindow):
            return clock_fault()
        if isinstance(failure, REFUSALS):
            return refused(str(failure))
        if failure:
            return SnmpError(Trouble.BROKEN, f"an answer that is no SNMP: {failure}")
        if int(status) == TOO_BIG:
            return SnmpError(Trouble.TOO_BIG, "the answer does not fit into the device's response")
        if int(status) == NO_SUCH_NAME:
            return []
        if int(status):
            return SnmpError(Trouble.BROKEN, f"the device answers with error status {int(status)}")
        return [(str(name), _value(value)) for name, value in varbinds]

    async def _where(self) -> Any:
        if self._target is None:
            where = (self._access.address, self._access.port)
            self._target = await _Target.create(where, timeout=TIMEOUT, retries=0)
        return self._target

    def _credentials(self) -> Any:
        access = self._access
        if access.version != "3":
            community = access.community.reveal() if access.community else ""
            return hlapi.CommunityData(community, mpModel=0 if access.version == "1" else 1)
        options: dict[str, Any] = {}
        if access.auth and access.auth_secret:
            options = {"authKey": access.auth_secret.reveal(), "authProtocol": AUTH[access.auth]}
            if access.priv and access.priv_secret:
                options |= {"privKey": access.priv_secret.reveal(), "privProtocol": PRIV[access.priv]}
        return hlapi.UsmUserData(access.user, **options)  # noqa: S509 - authPriv where sites.yaml says so


def _take(row: dict[str, tuple[str, Value | None]], last: dict[str, str], rows: Rows) -> SnmpError | None:
    """Put one row's cells where their index says; a column that has ended leaves ``last``."""
    for column in [column for column in row if column in last]:
        oid, value = row[column]
        index = index_below(column, oid)
        if index is None or value is None:
            del last[column]
        elif numbers(oid) <= numbers(last[column]):
            return disorder(column)
        else:
            last[column] = oid
            rows.setdefault(index, {})[column] = value
    return None


def _whole(rows: Rows, last: dict[str, str]) -> Rows:
    """Those that no unfinished column will add to."""
    reached = [index_below(column, oid) for column, oid in last.items()]
    if None in reached:
        return {}
    least = min((numbers(index) for index in reached if index), default=())
    return {index: row for index, row in rows.items() if not last or numbers(index) <= least}


def _one_too_big(column: str) -> SnmpError:
    return SnmpError(Trouble.TOO_BIG, f"not even one value of {column} fits into the device's response")


def _value(value: Any) -> Value | None:
    if isinstance(value, univ.Null):
        return None  # endOfMibView, noSuchObject and noSuchInstance are kinds of it
    if isinstance(value, hlapi.IpAddress):
        return str(value.prettyPrint())
    if isinstance(value, univ.OctetString):
        return plain(bytes(value))
    if isinstance(value, univ.ObjectIdentifier):
        return str(value)
    return int(value)


async def second_opinion(access: Access) -> SnmpError | None:
    """Why a device refuses us, where the other library only says that it does; asked afresh, nothing remembered."""
    engines = Engines()
    try:
        answer = await PysnmpAgent(access, engines).scalars([_ANY])
    finally:
        engines.close()
    return answer if isinstance(answer, SnmpError) else None
