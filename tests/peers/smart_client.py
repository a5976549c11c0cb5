"""A smart client as roaming apps are: it reads WISPr's XML wherever it stands in an answer, and shows no page."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

AGENT = {"User-Agent": "WISPR!Devicescape"}
_XML = re.compile(r"<\?xml.*?</WISPAccessGatewayParam>", re.DOTALL)


def told(page: str) -> dict[str, str]:
    """The fields of the one message in an answer, with its name as ``message``; empty where there is none."""
    found = _XML.findall(page)
    if not found:
        return {}
    [text] = found
    assert "--" not in text.replace("-->", "")
    [message] = ET.fromstring(text)  # noqa: S314 - of our own portal
    return {"message": message.tag, **{field.tag: field.text or "" for field in message}}
