"""The way to a NAS: what darkens a site of whose own NAS nothing is known."""

from __future__ import annotations

from typing import Any

from hotspot.sites import Link, Sites
from office.report.watched import path, watches

MUSEUM = "gw-museum-tosan-aji"


def changed(sites: Sites, **tables: Any) -> Sites:
    """The town with other tables (a copy would keep the old look-ups)."""
    return Sites.model_construct(**(dict(sites) | tables))


def test_the_path_leads_over_devices_and_links_to_the_root(sites: Sites) -> None:
    assert list(path(sites, sites.nas["gw-alun-alun-kutoarjo"])) == [
        ("device", "sw-kutoarjo"),
        ("link", "kutoarjo"),
        ("device", "core-kutoarjo"),
        ("link", "purworejo-kutoarjo-trunk"),
        ("device", "core-purworejo"),
    ]


def test_a_nas_behind_a_nas_has_it_on_its_path(sites: Sites) -> None:
    nases = tuple(
        nas.model_copy(update={"uplink": "gw-pendopo-bupati"}) if nas.id == MUSEUM else nas for nas in sites.nases
    )
    town = changed(sites, nases=nases)

    assert list(path(town, town.nas[MUSEUM]))[:2] == [("nas", "gw-pendopo-bupati"), ("device", "sw-purworejo")]


def test_with_two_ways_in_neither_link_darkens_the_site_alone(sites: Sites) -> None:
    second = Link.model_validate(
        {
            "id": "ring",
            "a": {"device": "core-kutoarjo", "port": "sfp9"},
            "b": {"device": "sw-purworejo", "port": "sfp9"},
            "status": "active",
            "medium": "fibre",
        }
    )
    town = changed(sites, links=(*sites.links, second))

    assert list(path(town, town.nas[MUSEUM])) == [("device", "sw-purworejo")]


def test_uplinks_that_come_back_end_the_walk(sites: Sites) -> None:
    devices = tuple(
        device.model_copy(update={"uplink": MUSEUM}) if device.id == "sw-purworejo" else device
        for device in sites.devices
    )
    town = changed(sites, devices=devices)

    assert list(path(town, town.nas[MUSEUM])) == [("device", "sw-purworejo"), ("link", "purworejo")]


def test_a_site_is_watched_through_each_of_its_nases(sites: Sites) -> None:
    assert len(watches(sites, "museum-tosan-aji", {})) == 1
    assert watches(sites, "no-such-site", {}) == ()
