"""The short visit in which a message can come, at each kind of NAS that RADIUS can tell to end it."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import insert, select
from werkzeug.test import TestResponse

from hotspot.command import Settings
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import remembered, sessions, wishes
from tests.conftest import FixedClock
from tests.integration.captive_portal.conftest import BOX, COOVA, NDS, Portal, box, coova, flow_of, nds
from tests.integration.captive_portal.test_status import promised
from tests.integration.captive_portal.ways.conftest import Place, place_on, said, with_ways
from tests.peers.provider import Provider

NUMBER = "081234567890"
ENTRANCES = {COOVA: "http://127.66.3.1:3990/prelogin", BOX: "http://10.70.4.1:3990/"}
ARRIVALS = {COOVA: coova(), BOX: box()}


@pytest.fixture
def place(settings: Settings, town: Sites, store: Store, clock: FixedClock, there: Provider) -> Place:
    sites = with_ways(town, there.url, "otp", "reverse-otp")
    policies = {
        name: policy.model_copy(update={"grace": 180, "ways": ("otp", "reverse-otp")})
        for name, policy in sites.policies.items()
    }
    nases = tuple(nas.model_copy(update={"coa_port": 3799}) for nas in sites.nases)
    kept = {name: getattr(sites, name) for name in Sites.model_fields}
    changed = Sites.model_construct(**kept | {"policies": policies, "nases": nases})
    return place_on(settings, changed, store, clock, there)


def connect(place: Place, flow: str, way: str = "otp", **entered: str) -> TestResponse:
    answer = place.client.post("/connect", data={"flow": flow, "way": way, "lang": "en", **entered})
    place.outbox.drain()
    return answer


def online(place: Place, grant: dict[str, Any]) -> None:
    now = int(place.clock.at)
    facts = {
        "uid": "u", "generation": 0, "nas": grant["nas"], "site": grant["site"], "acct_session_id": "a",
        "started_at": now, "last_seen_at": now, "seconds": 0, "input_octets": 0, "output_octets": 0,
        "interim": 300, "counted_input": 0, "counted_output": 0, "first_received_at": 0, "changed_at": 0,
        "grant_id": grant["id"], "client": grant["client"], "way": "grace", "mac": grant["mac"],
    }  # fmt: skip
    promised(cast("Portal", place), grant["id"], 180, nas=grant["nas"], site=grant["site"])
    with place.store.writing() as connection:
        connection.execute(insert(sessions).values(facts))


@pytest.mark.parametrize("nas", ARRIVALS)
def test_it_begins_with_the_number_and_ends_with_the_code(place: Place, nas: str) -> None:
    first = connect(place, flow_of(place.client.get(ARRIVALS[nas]).text), number=NUMBER)
    target = urlsplit(first.headers["Location"])
    assert f"http://{target.netloc}/".startswith(ENTRANCES[nas][:21])
    fields = parse_qs(target.query)
    after = (fields.get("userurl") or fields["after"])[0]
    assert after.startswith("http://127.0.0.1:8080/wait?flow=")
    [grant] = place.grants()
    assert (grant["way"], grant["nas"]) == ("grace", nas)
    online(place, grant)
    led = place.client.get(f"/status?grant={grant['id']}&lang=en")  # where the NAS leads who is in already
    within = place.client.get(led.headers["Location"])
    assert "you are online for this" in said(place.client.get(urlsplit(after).path, query_string=urlsplit(after).query))
    done = connect(place, flow_of(within.text), code=place.last_code())
    assert (done.status_code, done.headers["Refresh"]) == (200, f"3; url={ENTRANCES[nas]}")
    with place.store.reading() as connection:
        assert [tuple(row) for row in connection.execute(select(wishes.c.act, wishes.c.reason))] == [("end", "proved")]
        [known] = connection.execute(select(remembered.c.way, remembered.c.client)).all()
    clients = {row["way"]: row["client"] for row in place.grants()}  # both were minted in one second
    assert set(clients) == {"grace", "otp"}
    assert known == ("otp", clients["otp"])


@pytest.mark.parametrize("nas", ARRIVALS)
def test_a_message_from_the_visitor_gets_it_too(place: Place, nas: str) -> None:
    answer = connect(place, flow_of(place.client.get(ARRIVALS[nas]).text), "reverse-otp")
    assert urlsplit(answer.headers["Location"]).netloc == urlsplit(ENTRANCES[nas]).netloc
    assert [grant["way"] for grant in place.grants()] == ["grace"]


def test_where_nobody_could_end_it_there_is_none(place: Place) -> None:
    """OpenNDS asks no RADIUS: the visitor waits before the door, and SMS needs no data."""
    answer = connect(place, flow_of(place.client.get(nds()).text), number=NUMBER)
    assert answer.headers["Location"].startswith("/wait?flow=")
    assert NDS not in {grant["nas"] for grant in place.grants()}
