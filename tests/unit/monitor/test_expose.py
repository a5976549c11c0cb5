"""The monitor's pages, from a snapshot in memory: names, labels, what goes stale and what stays."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.metrics import ALLOWED_LABELS, Metrics
from hotspot.pages import Page, Route, answer
from hotspot.sites import Sites
from monitor.expose.pages import Pages
from monitor.snapshot import Light, Polled, Snapshot
from tests.unit.monitor import towns


@pytest.fixture
def now() -> list[float]:
    return [towns.NOW]


@pytest.fixture
def snapshot() -> Snapshot:
    return towns.snapshot()


@pytest.fixture
def routes(sites: Sites, snapshot: Snapshot, now: list[float]) -> Mapping[str, Route]:
    return Pages(sites, snapshot, Metrics(), lambda: now[0]).routes()


def get(routes: Mapping[str, Route], target: str, method: str = "GET") -> Page:
    return asyncio.run(answer(routes, f"{method} {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode()))[0]


def lines(page: Page) -> list[str]:
    assert page.status is HTTPStatus.OK, page.body
    return [line for line in page.body.decode().splitlines() if not line.startswith("#")]


def test_devices_links_clients_and_echoes_have_the_names_of_the_design(routes: Mapping[str, Route]) -> None:
    have = lines(get(routes, "/metrics"))

    for line in (
        'hotspot_device_up{device="core-kutoarjo",kecamatan="Kutoarjo",role="router",site=""} 1.0',
        'hotspot_device_up{device="ap-romansa-kuliner-1",kecamatan="Purworejo",role="ap",site="romansa-kuliner"} 1.0',
        'hotspot_device_up{device="gw-romansa-kuliner",kecamatan="Purworejo",role="nas",site="romansa-kuliner"} 0.0',
        'hotspot_device_shadow{device="sw-bruno"} 1.0',
        'hotspot_device_last_success_timestamp_seconds{device="core-kutoarjo"} 1779999990.0',
        'hotspot_poll_seconds{device="core-kutoarjo"} 0.2',
        'hotspot_ap_clients{device="ap-romansa-kuliner-1",site="romansa-kuliner",ssid="Purworejo-Gratis"} 7',
        'hotspot_probe_rtt_seconds{device="ap-romansa-kuliner-1"} 0.012',
        'hotspot_probe_loss_ratio{device="ap-romansa-kuliner-1"} 0',
        'hotspot_link_up{kecamatan="Bruno",link="bruno"} 0.0',
        'hotspot_link_rx_power_dbm{device="core-kutoarjo",link="bruno",port="sfp6"} -5.673',
        'hotspot_link_loss_db{device="core-kutoarjo",link="bruno"} 6.673',
        'hotspot_districts{result="active"} 10.0',
        'hotspot_device_maintenance{device="sw-bruno"} 0.0',
        'hotspot_link_maintenance{link="bruno"} 0.0',
        'hotspot_incidents_open{reason="link-down"} 1.0',
        'hotspot_incidents_open{reason="rogue-dhcp"} 0.0',
    ):
        assert line in have


def test_an_agents_faults_are_shown_by_their_reason(routes: Mapping[str, Route], snapshot: Snapshot) -> None:
    core = snapshot.polled["core-kutoarjo"]
    snapshot.put(replace(core, trouble="clock"))

    assert 'hotspot_device_fault{device="core-kutoarjo",reason="clock"} 1.0' in lines(get(routes, "/metrics"))
    snapshot.put(core)
    assert 'hotspot_device_fault{device="core-kutoarjo",reason="clock"} 0.0' in lines(get(routes, "/metrics"))


def test_a_link_in_the_shadow_has_no_value_because_unknown_is_neither_up_nor_down(routes: Mapping[str, Route]) -> None:
    assert not [
        line for line in lines(get(routes, "/metrics")) if line.startswith("hotspot_link_up") and "grabag" in line
    ]


def test_old_figures_are_left_out_while_being_up_and_the_last_success_stay(
    routes: Mapping[str, Route], snapshot: Snapshot, now: list[float]
) -> None:
    now[0] += 2.5 * 60
    snapshot.states["device", "ap-romansa-kuliner-1"] = "down"
    have = lines(get(routes, "/metrics"))

    assert not [
        line for line in have if line.startswith(("hotspot_ap_clients", "hotspot_probe", "hotspot_poll_seconds"))
    ]
    assert (
        'hotspot_device_up{device="ap-romansa-kuliner-1",kecamatan="Purworejo",role="ap",site="romansa-kuliner"} 0.0'
        in have
    )
    assert 'hotspot_device_last_success_timestamp_seconds{device="ap-romansa-kuliner-1"} 1779999990.0' in have


def test_each_scrape_sees_the_snapshot_as_it_is_then(routes: Mapping[str, Route], snapshot: Snapshot) -> None:
    before = lines(get(routes, "/metrics"))
    snapshot.incidents_open["nas-down"] = 2

    assert set(lines(get(routes, "/metrics"))) - set(before) == {'hotspot_incidents_open{reason="nas-down"} 2.0'}


def test_rogue_servers_are_counted_with_the_incidents(sites: Sites, snapshot: Snapshot) -> None:
    routes = Pages(sites, snapshot, Metrics(), lambda: towns.NOW, rogues=lambda: 3).routes()

    assert 'hotspot_incidents_open{reason="rogue-dhcp"} 3.0' in lines(get(routes, "/metrics"))


def test_only_the_allowed_labels_are_on_the_metrics_page(routes: Mapping[str, Route]) -> None:
    names = {
        pair.split("=")[0]
        for line in lines(get(routes, "/metrics"))
        if "{" in line
        for pair in line[line.index("{") + 1 : line.rindex("}")].split(",")
    }

    assert names
    assert names <= ALLOWED_LABELS


def test_discovery_lists_every_snmp_target_by_id_with_its_place(routes: Mapping[str, Route], sites: Sites) -> None:
    page = get(routes, "/sd")
    groups = {group["targets"][0]: group["labels"] for group in json.loads(page.body)}

    assert page.content_type == "application/json"
    assert "X-Prometheus-Refresh-Interval-Seconds" in page.headers
    assert set(groups) == {d.id for d in sites.devices if d.snmp} | {n.id for n in sites.nases if n.snmp}
    assert groups["ap-romansa-kuliner-1"] == {
        "__meta_hotspot_site": "romansa-kuliner",
        "__meta_hotspot_kecamatan": "Purworejo",
        "__meta_hotspot_role": "ap",
    }


@pytest.mark.parametrize("target", ["core-kutoarjo", "127.66.0.2"])
def test_a_target_has_snmp_exporters_names_and_labels(routes: Mapping[str, Route], target: str) -> None:
    have = lines(get(routes, f"/snmp?target={target}&module=if_mib"))

    assert 'ifHCInOctets{ifAlias="to Bruno",ifDescr="sfp1",ifIndex="1",ifName="sfp1"} 7.0' in have, "modulo 2^53"
    assert (
        'ifType_info{ifAlias="to Bruno",ifDescr="sfp1",ifIndex="1",ifName="sfp1",ifType="ethernetCsmacd"} 1.0' in have
    )
    assert "sysUpTime 123456.0" in have
    assert 'sysDescr{sysDescr="RouterOS \\"7\\"\\nCRS"} 1.0' in have
    assert 'mtxrOpticalRxPower{mtxrOpticalIndex="1",mtxrOpticalName="sfp1"} -5673.0' in have
    assert 'snmp_scrape_duration_seconds{module="hotspot"} 0.2' in have


def test_ports_with_the_same_name_are_still_two_series(routes: Mapping[str, Route], snapshot: Snapshot) -> None:
    twins = (towns.port(1, "", ifHCInOctets=1), towns.port(2, "", ifHCInOctets=2))
    snapshot.put(Polled("device", "core-kutoarjo", replace(towns.answers(), ports=twins), towns.NOW))

    series = [line.rsplit(" ", 1)[0] for line in lines(get(routes, "/snmp?target=core-kutoarjo"))]

    assert len(series) == len(set(series))
    assert len([one for one in series if one.startswith("ifHCInOctets")]) == 2


def test_text_that_is_not_unicode_does_not_break_the_page(routes: Mapping[str, Route], snapshot: Snapshot) -> None:
    odd = replace(towns.answers(), system={"sysName": "gerb\udcffang"})
    snapshot.put(Polled("device", "core-kutoarjo", odd, towns.NOW))

    assert 'sysName{sysName="gerb?ang"} 1.0' in lines(get(routes, "/snmp?target=core-kutoarjo"))
    assert get(routes, "/explain?device=core-kutoarjo").status is HTTPStatus.OK


@pytest.mark.parametrize(
    ("target", "status", "words"),
    [
        ("/snmp?target=192.0.2.7", 404, "'192.0.2.7' is not a watched device or NAS of sites.yaml; /sd lists them."),
        ("/snmp", 400, "Say which: ?target=<id of a device or NAS in sites.yaml>"),
        ("/snmp?target=sw-bruno", 503, "sw-bruno has no fresh answers: no answer within 3 s"),
        ("/snmp?target=sw-kemiri", 503, "sw-kemiri has no fresh answers: it was not polled yet"),
        ("/explain?device=nobody", 404, "'nobody' is not a watched device or NAS of sites.yaml; /sd lists them."),
        ("/other", 404, "There are these pages: /-/healthy /explain /metrics /sd /snmp"),
    ],
)
def test_a_wrong_question_gets_one_sentence(routes: Mapping[str, Route], target: str, status: int, words: str) -> None:
    page = get(routes, target)

    assert (page.status, page.body.decode()) == (status, words + "\n")


@pytest.mark.parametrize("head", [b"", b"\x16\x03\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"GET http://[ HTTP/1.1\r\n\r\n"])
def test_what_is_not_a_request_is_refused(routes: Mapping[str, Route], head: bytes) -> None:
    assert asyncio.run(answer(routes, head))[0].status is HTTPStatus.BAD_REQUEST


@given(st.binary(max_size=300), st.sampled_from([b"", b"GET ", b"GET /snmp?target=", b"HEAD /explain?device="]))
def test_whatever_is_asked_is_answered(rest: bytes, start: bytes) -> None:
    def echo(query: Mapping[str, str]) -> Page:
        return Page(repr(query).encode())

    page, _bodyless = asyncio.run(answer({"/snmp": echo, "/explain": echo}, start + rest))

    assert page.status in (200, 400, 404, 405)


def test_a_page_in_pieces_gives_everything_else_its_turn_between_them() -> None:
    turns: list[str] = []

    async def others() -> None:
        while True:
            turns.append("a poll")
            await asyncio.sleep(0)

    async def story() -> Page:
        poll = asyncio.create_task(others())
        pieces = (turns.append("piece") or b"x" for _ in range(5))  # type: ignore[func-returns-value]
        page, _ = await answer({"/metrics": lambda _query: Page(b"", more=pieces)}, b"GET /metrics HTTP/1.1\r\n\r\n")
        poll.cancel()
        return page

    assert asyncio.run(story()).body == b"xxxxx"
    assert [turns[place + 1] for place, turn in enumerate(turns[:-1]) if turn == "piece"] == ["a poll"] * 5


def test_the_pages_are_read_only(routes: Mapping[str, Route]) -> None:
    assert get(routes, "/metrics", "POST").status is HTTPStatus.METHOD_NOT_ALLOWED


def test_a_page_with_a_bug_says_so_and_the_server_lives_on() -> None:
    def broken(_query: Mapping[str, str]) -> Page:
        raise ZeroDivisionError

    assert get({"/broken": broken}, "/broken").status is HTTPStatus.INTERNAL_SERVER_ERROR


def test_a_person_reads_why_a_device_counts_as_it_does(routes: Mapping[str, Route]) -> None:
    well = get(routes, "/explain?device=core-kutoarjo").body.decode()
    silent = get(routes, "/explain?device=sw-bruno").body.decode()

    assert "core-kutoarjo (router, Kutoarjo) is up." in well
    assert "succeeded in 0.200 s" in well
    assert 'port 1 sfp1 "to Bruno": up; in 9007199254740999, out 5 octets' in well
    assert "rx-power sfp1 = -5.673 dBm" in well
    assert "link bruno on port sfp6: down, receives -5.67 dBm" in well
    assert "sw-bruno (switch, Bruno) is shadow." in silent
    assert "failed: no answer within 3 s." in silent
    assert "Polls without an answer in a row: 4." in silent
    assert "It has never answered completely." in silent


def test_an_explanation_tells_how_a_light_goes_and_which_cable_is_elsewhere(
    routes: Mapping[str, Route], snapshot: Snapshot
) -> None:
    view = snapshot.links["bruno"]
    falls = replace(view.a, light=Light(2.4, 31, ("2026-05-01", -1.2)))
    snapshot.links["bruno"] = replace(view, a=falls)
    core = snapshot.polled["core-kutoarjo"]
    assert core.answers
    row: dict[str, int | str] = {"mtxrNeighborInterfaceID": 2, "mtxrNeighborIdentity": "SW-BRUNO"}
    bruno = replace(core.answers, system={"sysName": "sw-bruno"})
    snapshot.put(replace(core, answers=replace(core.answers, tables={"mtxrNeighborTable": {"1": row}})))
    snapshot.put(Polled("device", "sw-bruno", bruno, towns.NOW - 10))
    told = get(routes, "/explain?device=core-kutoarjo").body.decode()

    assert "its light is 2.4 dB below its baseline" in told
    assert "it changed by -1.2 dB at once on 2026-05-01" in told
    assert "it falls: about 31 days until only the margin is left" in told
    assert "neighbour on port sfp2: sw-grabag is declared there (link grabag), and sw-bruno is heard" in told
    assert 'hotspot_neighbour_difference{device="core-kutoarjo",port="sfp2",reason="moved"} 1.0' in lines(
        get(routes, "/metrics")
    )


def test_a_device_that_says_too_much_fills_no_prometheus(
    routes: Mapping[str, Route], snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.expose.compat.MOST_SERIES", 4)
    have = lines(get(routes, "/snmp?target=core-kutoarjo"))

    assert sum(not line.startswith(("snmp_scrape", "hotspot_")) for line in have) == 4
    (dropped,) = (line for line in have if line.startswith("hotspot_series_dropped "))
    assert float(dropped.split()[1]) > 0


def test_tables_that_did_not_end_are_counted(routes: Mapping[str, Route], snapshot: Snapshot) -> None:
    well = snapshot.polled["core-kutoarjo"]
    assert well.answers
    assert 'hotspot_poll_tables_stale{device="core-kutoarjo"} 0.0' in lines(get(routes, "/metrics"))
    snapshot.put(replace(well, answers=replace(well.answers, stale=("mtxrOpticalTable",))))

    assert 'hotspot_poll_tables_stale{device="core-kutoarjo"} 1.0' in lines(get(routes, "/metrics"))
    assert "mtxrOpticalTable: it did not come to its end" in get(routes, "/explain?device=core-kutoarjo").body.decode()
