"""Rows as the rooms leave them in the store, for tests that read what others wrote."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")
_numbers = count(1)


def at(text: str) -> int:
    """UTC seconds of a local time of the sample town, ``2026-11-24T20:00``."""
    return int(datetime.fromisoformat(text).replace(tzinfo=WIB).timestamp())


def session(site: str, start: str, until: str, **facts: Any) -> dict[str, Any]:
    """A session that was stopped at ``until``; with ``stopped_at=None`` that is its last sign of life."""
    number, began, ended = next(_numbers), at(start), at(until)
    row: dict[str, Any] = {
        "uid": f"u{number}", "generation": 0, "nas": f"gw-{site}", "site": site, "acct_session_id": f"s{number}",
        "class_token": f"hs1:{number:032x}", "grant_id": f"g{number}", "way": "tap", "user_name": f"g{number}",
        "mac": "021122000001", "address": "10.66.1.20", "random_mac": True, "device_day": "a" * 20,
        "started_at": began, "last_seen_at": ended, "seconds": ended - began, "input_octets": 10, "output_octets": 90,
        "stopped_at": ended, "stop_cause": 1, "interim": 300, "counted_input": 10, "counted_output": 90,
        "first_received_at": began, "changed_at": ended, "gone_at": None, "scrubbed_at": None,
        "client": "c" * 32, "authentic": 1,
    }  # fmt: skip
    return row | facts


def grant_of(row: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """The grant behind a session."""
    return {
        "id": row["grant_id"], "flow": row["grant_id"], "nas": row["nas"], "site": row["site"],
        "mac": row["mac"], "way": row["way"], "minted_at": row["started_at"], "expires_at": row["started_at"] + 300,
    } | facts  # fmt: skip


def reservation_of(row: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """The reservation behind a session."""
    return {
        "class_token": row["class_token"], "grant_id": row["grant_id"], "nas": row["nas"], "site": row["site"],
        "mac": row["mac"], "way": row["way"], "device_day": row["device_day"], "reserved_at": row["started_at"],
        "ends_at": row["started_at"] + 7200, "interim": 300, "started_at": row["started_at"],
    } | facts  # fmt: skip


def complaint(site: str, received: str, answered: str | None = None, **facts: Any) -> dict[str, Any]:
    return {
        "key": "k", "site": site, "channel": "portal", "language": "id", "text": "lambat", "contact": "0811",
        "received_at": at(received), "answered_at": at(answered) if answered else None,
        "answer": "selesai" if answered else None, "answered_by": "rini" if answered else None,
    } | facts  # fmt: skip
