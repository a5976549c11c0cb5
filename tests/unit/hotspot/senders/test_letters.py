"""What visitors write is believed only with the provider's signature, each in its own way."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.phone_number import PhoneNumber
from hotspot.secret import Secret
from hotspot.senders import LISTENERS, Hook, Letter, twilio_verify, whatsapp_cloud
from tests.unit.hotspot.senders.accounts import account

HERE = "https://wifi.example.go.id/webhooks/a"
WHATSAPP = {
    "object": "whatsapp_business_account",
    "entry": [
        {
            "id": "0",
            "changes": [
                {
                    "field": "messages",
                    "value": {
                        "messaging_product": "whatsapp",
                        "metadata": {"phone_number_id": "AC-1056"},
                        "messages": [
                            {"from": "6281234567890", "id": "wamid.1", "type": "text", "text": {"body": "MASUK 4821"}},
                            {"from": "6281234567890", "id": "wamid.2", "type": "image", "image": {"id": "9"}},
                        ],
                    },
                },
                {"field": "messages", "value": {"statuses": [{"id": "wamid.0", "status": "delivered"}]}},
            ],
        }
    ],
}


def signed(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def whatsapp(content: Any = WHATSAPP, key: str = "rahasia-aplikasi") -> Hook:
    body = json.dumps(content).encode()
    return Hook(HERE, {}, {"x-hub-signature-256": signed(key, body)}, body)


def fonnte(key: str = "rahasia-kait") -> Hook:
    body = json.dumps({"device": "628111", "sender": "6281234567890", "message": "MASUK 4821", "name": "x"}).encode()
    return Hook(f"{HERE}?key={key}", {"key": key}, {}, body)


def twilio(key: str = "kunci-penyedia", sender: str = "whatsapp:+6281234567890") -> Hook:
    form = {"From": sender, "Body": "MASUK 4821", "MessageSid": "SM1", "To": "whatsapp:+628"}
    sign = twilio_verify.signature(HERE, form, Secret(key))
    return Hook(HERE, {}, {"x-twilio-signature": sign}, urlencode(form).encode())


def plain(key: str = "rahasia-kait") -> Hook:
    body = json.dumps({"from": "081234567890", "text": "MASUK 4821", "id": "7"}).encode()
    return Hook(HERE, {}, {"x-signature-256": signed(key, body)}, body)


HOOKS = {"whatsapp-cloud": whatsapp, "fonnte": fonnte, "twilio-verify": twilio, "plain-http": plain}


@pytest.mark.parametrize("driver", LISTENERS)
def test_a_signed_letter_is_read(driver: str) -> None:
    letters = LISTENERS[driver].letters(account(driver), HOOKS[driver]())  # type: ignore[operator]
    assert letters is not None
    assert [(letter.sender, letter.text) for letter in letters] == [(PhoneNumber("+6281234567890"), "MASUK 4821")]
    assert "MASUK" not in repr(letters)


@pytest.mark.parametrize("driver", LISTENERS)
def test_a_letter_signed_by_somebody_else_is_refused(driver: str) -> None:
    hook = HOOKS[driver]("another secret") if driver != "whatsapp-cloud" else whatsapp(key="x")  # type: ignore[operator]
    assert LISTENERS[driver].letters(account(driver), hook) is None


@pytest.mark.parametrize("driver", LISTENERS)
def test_an_unsigned_or_changed_letter_is_refused(driver: str) -> None:
    hook = HOOKS[driver]()  # type: ignore[operator]
    assert LISTENERS[driver].letters(account(driver), Hook(hook.url, {}, {}, hook.body)) is None
    if driver != "fonnte":  # which signs no body
        changed = Hook(hook.url, hook.query, hook.headers, hook.body.replace(b"4821", b"4822"))
        assert LISTENERS[driver].letters(account(driver), changed) is None


def test_twilios_own_vector() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "From": "+12349013030",
        "To": "+18005551212",
        "Caller": "+12349013030",
        "Digits": "1234",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert twilio_verify.signature(url, form, Secret("12345")) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


def test_meta_is_greeted_once_it_knows_the_word() -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "kata-tanya", "hub.challenge": "1158201444"}
    assert whatsapp_cloud.greet(account("whatsapp-cloud"), asked) == "1158201444"
    assert whatsapp_cloud.greet(account("whatsapp-cloud"), asked | {"hub.verify_token": "x"}) is None
    assert whatsapp_cloud.greet(account("whatsapp-cloud"), {}) is None


def test_a_sender_that_is_no_number_is_left_out() -> None:
    assert LISTENERS["twilio-verify"].letters(account("twilio-verify"), twilio(sender="Bank")) == ()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["entry", "changes", "value", "messages", "text", "from", "body"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(content=json_values)
def test_no_signed_content_breaks_the_reader(content: Any) -> None:
    letters = LISTENERS["whatsapp-cloud"].letters(account("whatsapp-cloud"), whatsapp(content))
    assert letters is not None
    assert all(isinstance(letter, Letter) for letter in letters)
