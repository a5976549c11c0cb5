"""How every public answer leaves: readable from any page, kept for half a minute, sent again only when it changed."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

pages = Blueprint("open_data", __name__)

JSON = "application/json; charset=utf-8"


def answer(content: dict[str, Any], code: int = 200) -> Response:
    return handed_out(json.dumps(content, ensure_ascii=False).encode(), JSON, code)


def handed_out(content: bytes, kind: str, code: int = 200) -> Response:
    response = Response(content, code, content_type=kind)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=30"
    if code == 200:
        response.add_etag()
        response.make_conditional(request)
    return response
