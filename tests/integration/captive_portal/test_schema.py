"""RFC 8908 as a schema, asked by schemathesis; and a short run of the fuzzer on arrivals."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import schemathesis
from hypothesis import given, settings
from schemathesis.core.result import Ok

from tests.fuzz.arrivals import arrived
from tests.integration.captive_portal.conftest import COOVA, MIKROTIK, Portal

URL = {"type": "string", "format": "uri", "maxLength": 255}
CAPTIVE: dict[str, Any] = {
    "type": "object",
    "required": ["captive", "user-portal-url"],
    "additionalProperties": False,
    "properties": {
        "captive": {"type": "boolean"},
        "user-portal-url": URL,
        "venue-info-url": URL,
        "can-extend-session": {"type": "boolean"},
        "seconds-remaining": {"type": "integer", "minimum": 0},
        "bytes-remaining": {"type": "integer", "minimum": 0},
    },
}
ANSWERS = {
    "200": {"description": "state", "content": {"application/captive+json": {"schema": CAPTIVE}}},
    "404": {"description": "unknown"},
}
PATH = "/api/captive/{nas}/{token}"
NAS = {
    "name": "nas",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "enum": [MIKROTIK, COOVA, "nowhere"]},
}
TOKEN = {"name": "token", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
SCHEMA = {
    "openapi": "3.1.0",
    "info": {"title": "Captive Portal API", "version": "1"},
    "paths": {PATH: {"get": {"parameters": [NAS, TOKEN], "responses": ANSWERS}}},
}


def test_the_api_keeps_to_its_schema_whatever_token_is_asked(portal: Portal) -> None:
    schema = schemathesis.openapi.from_dict(SCHEMA)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)

        @given(case=found.ok().as_strategy())
        @settings(max_examples=60, deadline=None, derandomize=True, database=None)
        def asked(case: Any) -> None:
            address = case.formatted_path
            answer = portal.client.get(address, headers={"Accept": "application/captive+json"})
            assert answer.status_code in (200, 404, 308), address
            assert len(answer.data) <= 4096 or answer.mimetype == "text/html"
            if answer.status_code == 200:
                body: dict[str, Any] = json.loads(answer.data)
                assert body["captive"] is True
                assert set(body) <= set(CAPTIVE["properties"])

        asked()


def test_changed_arrivals_neither_break_the_portal_nor_come_out_of_it() -> None:
    result = arrived(800, Random(5))
    assert (result.crashes, result.lost) == (0, 0)
    assert result.acknowledged > 50
