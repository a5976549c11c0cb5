"""Messages handed in over real HTTP and TLS: certificates verified, no redirect followed, the next sender tried."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotspot.phone_number import PhoneNumber
from hotspot.secret import SecretMissing, SecretSource
from hotspot.senders import DRIVERS, Message, Trouble
from hotspot.senders.desk import Desk, Sent, needs
from hotspot.senders.post import Post
from hotspot.sites import Sites
from hotspot.sites.messages import Messages
from tests.peers.provider import Provider, provider

MESSAGE = Message(PhoneNumber("+6281234567890"), "482193", "482193 adalah kode Wi-Fi Anda.", "id")
TAKEN = {
    "whatsapp-cloud": b'{"messages":[{"id":"wamid.1"}]}',
    "oca": b'{"success":true,"msg_id":"42"}',
    "zenziva": b'{"messageId":55,"status":"1","text":"Success"}',
    "fonnte": b'{"id":["80367170"],"status":true}',
    "twilio-verify": b'{"sid":"VE1","status":"pending"}',
    "plain-http": b"{}",
}
KEYS = {"account": "1", "service": "VA7", "sender": "WIFI", "template": "kode", "version": "v23.0"}


def town_with(sites: Sites, *senders: dict[str, object]) -> Sites:
    messages = Messages.model_validate({"senders": senders, "otp": {"a_month": 3000}})
    kept = {name: getattr(sites, name) for name in Sites.model_fields}
    return Sites.model_construct(**kept | {"messages": messages})


def sender(driver: str, url: str, name: str = "a", **more: object) -> dict[str, object]:
    channel = DRIVERS[driver].FACTS.channels[0]
    return {"id": name, "driver": driver, "channel": channel, "url": url, **KEYS, **more}


def desk(sites: Sites, post: Post | None = None) -> Desk:
    environ = {f"HOTSPOT_SENDER_{s.id.upper()}": f"kunci-{s.id}" for s in sites.messages.senders}
    return Desk(sites, SecretSource(Path("/nonexistent"), environ), post or Post(patience=2))


@pytest.fixture
def there() -> Iterator[Provider]:
    with provider() as told:
        yield told


@pytest.mark.parametrize("driver", DRIVERS)
def test_each_driver_hands_its_message_in(sites: Sites, there: Provider, driver: str) -> None:
    there.answers = [(200, TAKEN[driver])]
    own = desk(town_with(sites, sender(driver, there.url)))
    assert own.send(DRIVERS[driver].FACTS.channels[0], MESSAGE) == Sent("a")
    [(path, headers, body)] = there.asked
    assert b"81234567890" in body.replace(b"%2B", b"+")
    assert "kunci-a" in str(headers) + body.decode() or "Basic" in headers["authorization"]
    assert "81234567890" not in path


def test_a_certificate_that_nobody_signed_is_refused(sites: Sites, tmp_path: Path) -> None:
    file = tmp_path / "tls.pem"
    with provider(file) as there:
        town = town_with(sites, sender("plain-http", there.url))
        assert desk(town).send("sms", MESSAGE) == Sent(None, Trouble.TEMPORARY)
        assert there.asked == []
        trust = ssl.create_default_context(cafile=str(file))
        assert desk(town, Post(trust)).send("sms", MESSAGE) == Sent("a")


def test_a_key_does_not_follow_a_redirect(sites: Sites, there: Provider) -> None:
    with provider() as stranger:
        there.answers, there.location = [(307, b"")], stranger.url
        assert desk(town_with(sites, sender("plain-http", there.url))).send("sms", MESSAGE).sender is None
        assert stranger.asked == []


def test_the_next_sender_of_the_channel_is_asked_when_one_fails(
    sites: Sites, there: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    there.answers = [(402, b""), (200, TAKEN["zenziva"])]
    town = town_with(
        sites,
        sender("plain-http", "http://127.0.0.1:1/", name="gone"),
        sender("fonnte", there.url, name="wa"),
        sender("plain-http", there.url, name="empty"),
        sender("zenziva", there.url, name="last"),
    )
    with caplog.at_level(logging.INFO):
        assert desk(town).send("sms", MESSAGE) == Sent("last")
    assert len(there.asked) == 2
    told = [record.__dict__["fields"] for record in caplog.records]
    assert told == [{"sender": "gone", "reason": "temporary"}, {"sender": "empty", "reason": "balance"}]
    assert "81234567890" not in caplog.text


def test_a_wrong_number_is_wrong_for_every_sender(sites: Sites, there: Provider) -> None:
    there.answers = [(400, b'{"error":"bad-number"}')]
    town = town_with(sites, sender("plain-http", there.url), sender("plain-http", there.url, name="b"))
    assert desk(town).send("sms", MESSAGE) == Sent(None, Trouble.BAD_NUMBER)
    assert len(there.asked) == 1


def test_a_provider_that_says_nothing_is_given_up(sites: Sites, there: Provider) -> None:
    there.slow = 1.0
    assert desk(town_with(sites, sender("plain-http", there.url)), Post(patience=0.2)).send("sms", MESSAGE) == Sent(
        None, Trouble.TEMPORARY
    )


def test_twilio_is_asked_whether_a_code_is_right(sites: Sites, there: Provider) -> None:
    there.answers = [(200, b'{"status":"approved"}')]
    own = desk(town_with(sites, sender("twilio-verify", there.url)))
    assert own.checks("a")
    assert not own.checks("b")
    assert own.is_right("a", MESSAGE.to, "482193") is True
    assert there.asked[0][0] == "/v2/Services/VA7/VerificationCheck"


def test_a_number_for_letters_asks_for_the_secrets_of_its_signature(sites: Sites) -> None:
    town = town_with(sites, sender("whatsapp-cloud", "https://graph.example", name="wa", number="+62 811 1"))
    assert [names for _, names in needs(town)] == [("sender-wa",), ("sender-wa-app",), ("sender-wa-verify",)]
    with pytest.raises(SecretMissing, match="sender-wa-app"):
        desk(town)
