"""WISPr 1.0 for smart clients (roaming apps and devices without a browser): what they are told inside our pages (pure).

Source: WISPr best practices (Wi-Fi Alliance, 2003) appendix D, and coova-chilli src/redir.c. Apple's check names itself
``CaptiveNetworkSupport … wispr`` and is none: told of a login by XML it would open no page.
"""

from __future__ import annotations

import re
from enum import IntEnum
from xml.sax.saxutils import escape

_SMART = re.compile(r"wispr", re.IGNORECASE)
_APPLE = "CaptiveNetworkSupport"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<WISPAccessGatewayParam xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:noNamespaceSchemaLocation="http://www.acmewisp.com/WISPAccessGatewayParam.xsd">'
)
REDIRECT, REPLY, LOGOFF, POLL, ABORT = 100, 120, 130, 140, 150  # MessageType


class Code(IntEnum):
    """ResponseCode."""

    NO_ERROR = 0
    LOGGED_IN = 50
    REJECTED = 100
    SERVER_SILENT = 102
    NOT_SET_UP = 105
    LOGGED_OFF = 150
    ABORTED = 151
    PENDING = 201


def is_smart_client(agent: str) -> bool:
    return _APPLE not in agent and _SMART.search(agent) is not None


def redirect(login: str, abort: str, network: str, place: str) -> str:
    """Behind a page, as a comment: a browser sees nothing of it."""
    fields = {
        "AccessProcedure": "1.0",
        "AccessLocation": f"isocc=id,cc=62,ac=,network={network}",
        "LocationName": place,
        "LoginURL": login,
        "AbortLoginURL": abort,
    }
    return _message("Redirect", REDIRECT, Code.NO_ERROR, fields)


def reply(code: Code, words: str = "", **urls: str) -> str:
    """To a login; ``urls`` are LogoffURL and such by their names."""
    return _message("AuthenticationReply", REPLY, code, _with_words(words, urls))


def poll(code: Code, words: str = "", **urls: str) -> str:
    """To a client that asks what became of a login that was pending."""
    return _message("AuthenticationPollReply", POLL, code, _with_words(words, urls))


def logged_off() -> str:
    return _message("LogoffReply", LOGOFF, Code.LOGGED_OFF, {})


def aborted() -> str:
    return _message("AbortLoginReply", ABORT, Code.ABORTED, {})


def _with_words(words: str, urls: dict[str, str]) -> dict[str, str]:
    return ({"ReplyMessage": words} if words else {}) | urls


def _message(name: str, kind: int, code: Code, fields: dict[str, str]) -> str:
    all_of_them = {"MessageType": str(kind), "ResponseCode": str(int(code)), **fields}
    written = {field: _url(text) if field.endswith("URL") else _plain(text) for field, text in all_of_them.items()}
    inside = "".join(f"<{field}>{text}</{field}>" for field, text in written.items())
    return f"<!--\n{_HEAD}<{name}>{inside}</{name}></WISPAccessGatewayParam>\n-->"


def _plain(text: str) -> str:
    """Neither markup nor the end of a comment (two hyphens), nor what no XML may hold."""
    shown = "".join(letter for letter in text if letter.isprintable())
    return escape(re.sub(r"-(?=-)", "- ", shown))


def _url(text: str) -> str:
    """An address of ours; a sealed token may hold two hyphens."""
    return escape(text.replace("--", "-%2D"))
