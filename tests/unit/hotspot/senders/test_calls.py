"""What each driver sends, to the letter of its provider's documentation."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

import hotspot.senders
from hotspot.phone_number import PhoneNumber
from hotspot.senders import DRIVERS, LISTENERS, twilio_verify
from tests.unit.hotspot.senders.accounts import MESSAGE, account


def test_whatsapp_gets_an_authentication_template_with_the_code_in_body_and_button() -> None:
    call = DRIVERS["whatsapp-cloud"].call(account("whatsapp-cloud"), MESSAGE)
    code = [{"type": "text", "text": "482193"}]
    assert call.url == "https://graph.facebook.com/v23.0/AC-1056/messages"
    assert call.headers["Authorization"] == "Bearer kunci-penyedia"
    assert json.loads(call.body) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "6281234567890",
        "type": "template",
        "template": {
            "name": "kode_wifi",
            "language": {"code": "id"},
            "components": [
                {"type": "body", "parameters": code},
                {"type": "button", "sub_type": "url", "index": "0", "parameters": code},
            ],
        },
    }


def test_oca_gets_sender_number_and_sentence() -> None:
    call = DRIVERS["oca"].call(account("oca"), MESSAGE)
    assert call.url == "https://webapigw.ocatelkom.co.id/sms/v2/send-otp"
    assert call.headers["Authorization"] == "kunci-penyedia"
    assert json.loads(call.body) == {
        "sender_id": "WIFIPWR",
        "recipient_number": "6281234567890",
        "message_body": MESSAGE.text,
    }


@pytest.mark.parametrize(
    ("channel", "path"), [("sms", "/reguler/api/sendsms/"), ("whatsapp", "/wareguler/api/sendWA/")]
)
def test_zenziva_gets_a_form_at_the_address_of_its_channel(channel: str, path: str) -> None:
    call = DRIVERS["zenziva"].call(account("zenziva", channel), MESSAGE)
    assert call.url == "https://console.zenziva.net" + path
    assert dict(parse_qsl(call.body.decode())) == {
        "userkey": "AC-1056",
        "passkey": "kunci-penyedia",
        "to": "081234567890",
        "message": MESSAGE.text,
    }


def test_fonnte_gets_its_token_without_bearer() -> None:
    call = DRIVERS["fonnte"].call(account("fonnte"), MESSAGE)
    assert (call.url, call.headers["Authorization"]) == ("https://api.fonnte.com/send", "kunci-penyedia")
    assert dict(parse_qsl(call.body.decode()))["target"] == "6281234567890"


def test_twilio_verify_is_asked_to_make_a_code_and_later_whether_one_is_right() -> None:
    there = account("twilio-verify", "whatsapp")
    call = DRIVERS["twilio-verify"].call(there, MESSAGE)
    assert call.url == "https://verify.twilio.com/v2/Services/VA77/Verifications"
    assert call.headers["Authorization"] == "Basic QUMtMTA1NjprdW5jaS1wZW55ZWRpYQ=="
    assert dict(parse_qsl(call.body.decode())) == {"To": "+6281234567890", "Channel": "whatsapp", "Locale": "id"}
    check = twilio_verify.check_call(there, PhoneNumber("+6281234567890"), "482193")
    assert check.url == "https://verify.twilio.com/v2/Services/VA77/VerificationCheck"
    assert dict(parse_qsl(check.body.decode())) == {"To": "+6281234567890", "Code": "482193"}


def test_any_other_provider_gets_json_with_a_bearer_token() -> None:
    call = DRIVERS["plain-http"].call(account("plain-http"), MESSAGE)
    assert (call.url, call.headers["Authorization"]) == ("https://sms.example.go.id/send", "Bearer kunci-penyedia")
    assert json.loads(call.body)["to"] == "+6281234567890"


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_call_prints_neither_number_nor_code_nor_key(driver: str) -> None:
    call = DRIVERS[driver].call(account(driver), MESSAGE)
    assert repr(call) == "<call>"
    assert call.url.startswith("https://")


def test_each_driver_has_a_file_and_each_file_its_line() -> None:
    folder = Path(hotspot.senders.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "driver", "post", "desk"}
    assert {name.replace("-", "_") for name in DRIVERS} == files
    assert {name for name, driver in DRIVERS.items() if driver.FACTS.hook is not None} == set(LISTENERS)
