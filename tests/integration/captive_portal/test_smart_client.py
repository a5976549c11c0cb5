"""A smart client gets the page with XML behind it, everybody else the page alone."""

from __future__ import annotations

from tests.integration.captive_portal.conftest import Portal, mikrotik

MARK = "WISPAccessGatewayParam"


def test_only_a_smart_client_is_told_in_xml(portal: Portal) -> None:
    told = {
        agent: portal.client.get(mikrotik(), headers={"User-Agent": agent}).text
        for agent in ("WISPR!Devicescape", "CaptiveNetworkSupport-443 wispr", "Mozilla/5.0")
    }

    assert [MARK in text for text in told.values()] == [True, False, False]
    assert all('id="connect"' in text for text in told.values())
    assert "<LoginURL>http://127.0.0.1:8080/wispr</LoginURL>" in told["WISPR!Devicescape"]


def test_its_login_is_answered_in_xml_too(portal: Portal) -> None:
    answer = portal.client.post("/wispr", data={"UserName": "a", "Password": "b", "button": "Login"})

    assert answer.status_code == 200
    assert "<ResponseCode>100</ResponseCode>" in answer.text
