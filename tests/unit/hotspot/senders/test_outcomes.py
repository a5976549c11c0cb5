"""What each provider's answer means; the HTTP status alone is not believed where the provider does not mean it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.senders import DRIVERS, Failure, Receipt, Trouble, twilio_verify

TAKEN = [
    ("whatsapp-cloud", 200, b'{"messaging_product":"whatsapp","contacts":[],"messages":[{"id":"wamid.X"}]}', "wamid.X"),
    ("oca", 200, b'{"success":true,"msg_id":"42"}', "42"),
    ("zenziva", 201, b'{"messageId":55,"to":"08","status":"1","text":"Success"}', "55"),
    (
        "fonnte",
        200,
        b'{"detail":"success! message in queue","id":["80367170"],"process":"pending","status":true}',
        "80367170",
    ),
    ("twilio-verify", 201, b'{"sid":"VE1","status":"pending","to":"+62"}', "VE1"),
    ("plain-http", 202, b'{"id":"7"}', "7"),
    ("plain-http", 204, b"", ""),
]
REFUSED = [
    ("whatsapp-cloud", 400, b'{"error":{"message":"x","type":"OAuthException","code":131026}}', Trouble.BAD_NUMBER),
    ("whatsapp-cloud", 401, b'{"error":{"code":190}}', Trouble.AUTH),
    ("whatsapp-cloud", 400, b'{"error":{"code":131056}}', Trouble.RATE),
    ("whatsapp-cloud", 400, b'{"error":{"code":131042}}', Trouble.BALANCE),
    ("whatsapp-cloud", 500, b"<html>", Trouble.TEMPORARY),
    ("whatsapp-cloud", 200, b'{"messages":[]}', Trouble.TEMPORARY),
    ("oca", 400, b'{"errors":[{"message":[{"msg":"Invalid country code"}],"code":"39"}]}', Trouble.BAD_NUMBER),
    ("oca", 401, b"{}", Trouble.AUTH),
    ("oca", 200, b'{"success":false}', Trouble.TEMPORARY),
    ("zenziva", 200, b'{"status":"5","text":"Userkey / Passkey Salah"}', Trouble.AUTH),
    ("zenziva", 200, b'{"status":"2","text":"Credit tidak mencukupi"}', Trouble.BALANCE),
    ("zenziva", 200, b'{"status":"6","text":"Nomor tujuan salah"}', Trouble.BAD_NUMBER),
    ("fonnte", 200, b'{"reason":"token invalid","status":false}', Trouble.AUTH),
    ("fonnte", 200, b'{"reason":"target input invalid","status":false}', Trouble.BAD_NUMBER),
    ("fonnte", 200, b'{"reason":"insufficient quota","status":false}', Trouble.BALANCE),
    ("fonnte", 200, b'{"Status":false}', Trouble.TEMPORARY),
    ("twilio-verify", 400, b'{"code":60200,"message":"Invalid parameter `To`"}', Trouble.BAD_NUMBER),
    ("twilio-verify", 429, b'{"code":60203}', Trouble.RATE),
    ("twilio-verify", 401, b'{"code":20003}', Trouble.AUTH),
    ("plain-http", 402, b"", Trouble.BALANCE),
    ("plain-http", 429, b"", Trouble.RATE),
    ("plain-http", 400, b'{"error":"bad-number"}', Trouble.BAD_NUMBER),
    ("plain-http", 302, b"", Trouble.TEMPORARY),
]


@pytest.mark.parametrize(("driver", "status", "body", "receipt"), TAKEN)
def test_a_taken_message_has_a_receipt(driver: str, status: int, body: bytes, receipt: str) -> None:
    assert DRIVERS[driver].outcome(status, body) == Receipt(receipt)


@pytest.mark.parametrize(("driver", "status", "body", "trouble"), REFUSED)
def test_a_refused_message_has_one_of_five_troubles(driver: str, status: int, body: bytes, trouble: Trouble) -> None:
    assert DRIVERS[driver].outcome(status, body) == Failure(trouble)


@pytest.mark.parametrize(
    ("status", "body", "right"),
    [
        (200, b'{"status":"approved","valid":true}', True),
        (200, b'{"status":"pending","valid":false}', False),
        (404, b'{"code":20404}', False),
        (429, b'{"code":60202}', False),
        (401, b'{"code":20003}', Failure(Trouble.AUTH)),
        (500, b"", Failure(Trouble.TEMPORARY)),
    ],
)
def test_twilios_word_on_a_code(status: int, body: bytes, right: bool | Failure) -> None:
    assert twilio_verify.is_right(status, body) == right


@pytest.mark.parametrize("driver", DRIVERS)
@given(
    status=st.integers(100, 599),
    body=st.binary(max_size=200)
    | st.sampled_from(
        [
            b"[]",
            b'{"error":[]}',
            b'{"errors":[1]}',
            b'{"messages":[1]}',
            b'{"id":{}}',
            b'{"code":[]}',
            b'{"error":{"code":{}}}',
            b'{"code":[]}',
            b'{"error":{"code":{}}}',
        ]
    ),
)
def test_no_answer_breaks_a_driver(driver: str, status: int, body: bytes) -> None:
    assert isinstance(DRIVERS[driver].outcome(status, body), (Receipt, Failure))
