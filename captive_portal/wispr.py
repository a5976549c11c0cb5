"""WISPr 1.0 for smart clients (roaming apps and devices without a browser): what they are told inside our pages (pure).

Source: WISPr best practices (Wi-Fi Alliance, 2003) appendix D, and coova-chilli src/redir.c. Apple's check names itself
``CaptiveNetworkSupport … wispr`` and is none: told of a login by XML it would open no page.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

_SMART = re.compile(r"wispr", re.IGNORECASE)
_APPLE = "CaptiveNetworkSupport"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<WISPAccessGatewayParam xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:noNamespaceSchemaLocation="http://www.acmewisp.com/WISPAccessGatewayParam.xsd">'
)
REDIRECT, AUTHENTICATION = 100, 120  # MessageType
NO_ERROR, REJECTED = 0, 100  # ResponseCode


def is_smart_client(agent: str) -> bool:
    return _APPLE not in agent and _SMART.search(agent) is not None


def redirect(login: str, network: str, place: str) -> str:
    """Behind a page, as a comment: a browser sees nothing of it."""
    fields = {
        "MessageType": str(REDIRECT),
        "ResponseCode": str(NO_ERROR),
        "AccessProcedure": "1.0",
        "AccessLocation": f"isocc=id,cc=62,ac=,network={network}",
        "LocationName": place,
        "LoginURL": login,
    }
    return _message("Redirect", fields)


def refusal(words: str) -> str:
    """The only answer to a smart client's login: nobody has an account here that such a client could hold."""
    fields = {"MessageType": str(AUTHENTICATION), "ResponseCode": str(REJECTED), "ReplyMessage": words}
    return _message("AuthenticationReply", fields)


def _message(name: str, fields: dict[str, str]) -> str:
    inside = "".join(f"<{field}>{_plain(text)}</{field}>" for field, text in fields.items())
    return f"<!--\n{_HEAD}<{name}>{inside}</{name}></WISPAccessGatewayParam>\n-->"


def _plain(text: str) -> str:
    """Neither markup nor the end of a comment (two hyphens), nor what no XML may hold."""
    shown = "".join(letter for letter in text if letter.isprintable())
    return escape(re.sub(r"-(?=-)", "- ", shown)).removesuffix("-")
