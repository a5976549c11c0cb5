"""The API's description for programs (OpenAPI 3.1)."""

from __future__ import annotations

from typing import Any

from flask import Response

from office.anonymity import FEWEST
from office.desk import the_desk
from office.open_data.door import answer, pages

Schema = dict[str, Any]

COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
FIGURES = ("sessions", "visits", "minutes", "download_bytes", "upload_bytes")
MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
DAY = r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


@pages.get("/api/v1/openapi.json")
def openapi() -> Response:
    return answer(described([site.id for site in the_desk().sites.sites], the_desk().sites.office.name))


def described(sites: list[str], office: str) -> Schema:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Wi-Fi gratis, {office}",
            "version": "1",
            "description": f"Counts of fewer than {FEWEST} devices are null, with less_than. No key is needed.",
        },
        "paths": {
            "/api/v1/sites": {"get": _get("sites", "The sites and where they are", {"sites": _list(_site(sites))})},
            "/api/v1/status": {"get": _get("status", "How each site is now", _status(sites))},
            "/api/v1/usage": {"get": _usage(sites)},
            "/api/v1/open-data.zip": {"get": _file("package", "The Satu Data package", "application/zip")},
        },
    }


def _get(name: str, summary: str, properties: Schema) -> Schema:
    return {
        "operationId": name,
        "summary": summary,
        "responses": {"200": _json(_object(properties)), "304": {"description": "It is as you know it (ETag)"}},
    }


def _file(name: str, summary: str, kind: str) -> Schema:
    found = {"description": summary, "content": {kind: {"schema": {"type": "string", "format": "binary"}}}}
    return {
        "operationId": name,
        "summary": summary,
        "responses": {"200": found, "304": {"description": "It is as you know it (ETag)"}},
    }


def _json(schema: Schema, description: str = "The answer") -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _object(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _site(sites: list[str]) -> Schema:
    text = {"type": "string"}
    words = dict.fromkeys(("name", "address", "kecamatan", "kecamatan_code", "hours"), text)
    numbers = {key: {"type": "number"} for key in ("lat", "lon")}
    counts = {key: {"type": "integer"} for key in ("accuracy_m", "capacity")}
    flags = {key: {"type": "boolean"} for key in ("estimate", "sample")}
    return _object({"site": {"enum": sites}, **words, **numbers, **counts, **flags})


def _status(sites: list[str]) -> Schema:
    state = _object(
        {
            "site": {"enum": sites},
            "state": {"type": "string"},
            "open": {"type": "boolean"},
            "clients": COUNT,
            "less_than": {"const": FEWEST},
        },
        optional=("less_than",),
    )
    count = {"type": "integer", "minimum": 0}
    return {
        "sites": _list(state),
        "districts": _object({"active": count, "all": count}),
        "incidents_open": count,
    }


def _usage(sites: list[str]) -> Schema:
    moment = {"type": "string", "anyOf": [{"pattern": DAY}, {"pattern": MONTH}]}
    row = _object(
        {
            "site": {"type": "string"},
            "day": {"type": "string", "pattern": DAY},
            "month": {"type": "string", "pattern": MONTH},
            **dict.fromkeys((*FIGURES, "devices", "devices_daily_sum", "devices_month"), COUNT),
            "less_than": {"const": FEWEST},
            "days_left_out": {"type": "integer", "minimum": 0, "description": "last days of few, in no sum"},
        },
        optional=("day", "month", "devices", "devices_daily_sum", "devices_month", "less_than", "days_left_out"),
    )
    found = {"by": {"enum": ["day", "month"]}, "from": moment, "to": moment, "usage": _list(row)}
    asked = {"from": moment, "to": moment, "site": {"type": "string", "enum": sites}, "by": {"enum": ["day", "month"]}}
    described = _get("usage", "Use by finished day or month; at most 400 days", found)
    described["parameters"] = [{"name": name, "in": "query", "schema": schema} for name, schema in asked.items()]
    described["responses"]["400"] = _json(_object({"error": {"type": "string"}}), "What is wrong with the question")
    return described
