"""What the monitor's words say of sites and districts, and how the five numbers come about."""

from __future__ import annotations

from hotspot.sites import Sites
from office import town
from office.facts import Complaint, Condition, Data, Incident, Now
from office.overview import incident_rows, overview, subject_name

ROMANSA = "romansa-kuliner"


def said(**words: str) -> dict[tuple[str, str], Condition]:
    kinds = {"ap": "device", "sw": "device", "co": "device", "gw": "nas"}
    return {(kinds.get(name[:2], "link"), name.replace("_", "-")): Condition(word, 0) for name, word in words.items()}


def of_romansa(sites: Sites, **words: str) -> str:
    return town.site_state(sites.site[ROMANSA], sites, said(**words))


def test_a_site_is_down_when_its_gateway_is_whatever_its_access_points_say(sites: Sites) -> None:
    assert of_romansa(sites, gw_romansa_kuliner="down", ap_romansa_kuliner_1="up") == "down"


def test_a_site_behind_a_cut_is_cut_off_and_not_down(sites: Sites) -> None:
    assert of_romansa(sites, gw_romansa_kuliner="shadow", ap_romansa_kuliner_1="shadow") == "shadow"


def test_one_dead_access_point_of_three_makes_a_site_weak(sites: Sites) -> None:
    words = {"gw_romansa_kuliner": "up", "ap_romansa_kuliner_1": "down", "ap_romansa_kuliner_2": "up"}

    assert of_romansa(sites, **words) == "weak"


def test_a_site_without_a_living_access_point_is_down_though_its_gateway_answers(sites: Sites) -> None:
    words = dict.fromkeys(("ap_romansa_kuliner_1", "ap_romansa_kuliner_2", "ap_romansa_kuliner_3"), "down")

    assert of_romansa(sites, gw_romansa_kuliner="up", **words) == "down"


def test_a_gateway_that_nothing_polls_does_not_make_its_site_unknown(sites: Sites) -> None:
    site = sites.site["museum-tosan-aji"]

    assert town.site_state(site, sites, said(ap_museum_tosan_aji_1="up")) == "up"


def test_a_site_of_which_nothing_was_heard_is_unknown_never_up(sites: Sites) -> None:
    assert of_romansa(sites) == "unknown"


def test_a_district_is_as_its_link_and_a_planned_one_says_so(sites: Sites) -> None:
    words = said(bayan="down", ngombol="up")

    assert town.district_state("33.06.08", sites, words) == "down"
    assert town.district_state("33.06.02", sites, words) == "planned"
    assert town.district_state("33.06.16", sites, words) == "building"
    assert town.district_state("33.06.01", sites, words) == "unknown"


def test_planned_links_count_neither_as_watched_nor_as_up(sites: Sites) -> None:
    tally = town.links(sites, said(bayan="up", grabag="weak", butuh="down", ngombol="up"))

    assert (tally.up, tally.watched) == (2, 11)
    assert town.active_districts(sites) == 10


def test_the_five_numbers_are_sums_of_the_rows_and_the_shortest_time_left(sites: Sites) -> None:
    at = 1_800_000_000
    now = Now(
        at=at,
        clients={ROMANSA: 7, "pendopo-bupati": 5},
        sessions={ROMANSA: 20},
        data={ROMANSA: Data(900, 100), "pendopo-bupati": Data(10, 1)},
    )
    waiting = [complaint(at - 3600), complaint(at - 47 * 3600)]

    view = overview(sites, now, (), waiting)

    assert (view.clients, view.sessions, view.data, view.complaints) == (12, 20, Data(910, 101), 2)
    assert view.least_left == 3600
    assert (view.uplinks.part, view.way_in) == (None, None)
    assert [row.number for row in view.rows] == [1, 2, 3, 4, 5, 6]
    assert not view.heard


def test_an_incident_names_its_link_by_places_and_counts_its_shadow(sites: Sites) -> None:
    members = (("link", "grabag"), ("device", "core-kutoarjo"), ("nas", "gw-pendopo-wabup"))
    incident = Incident(1, "link-down", ("link", "purworejo-kutoarjo-trunk"), 9, 0, None, members)

    (row,) = incident_rows(sites, [incident])

    assert row.name == "Purworejo - Kutoarjo"
    assert [site.id for site in row.sites] == ["pendopo-wabup"]
    assert (row.devices, row.links) == (2, 1)


def test_an_incident_of_something_no_longer_in_the_file_keeps_its_id(sites: Sites) -> None:
    assert subject_name(("link", "torn-down"), sites) == "torn-down"


def test_what_was_found_at_a_site_is_named_by_the_site(sites: Sites) -> None:
    (row,) = incident_rows(sites, [Incident(1, "rogue-dhcp", ("site", ROMANSA), 0, 0, None, ())])

    assert row.name == "Romansa Kuliner Purworejo"
    assert [site.id for site in row.sites] == [ROMANSA]


def complaint(received_at: int) -> Complaint:
    return Complaint(
        1, ROMANSA, "x", has_contact=False, received_at=received_at, answered_at=None, answer=None, answered_by=None
    )
