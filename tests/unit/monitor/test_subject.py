"""What is polled, and with which secret: a device's own community goes before the one for all."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotspot.command import OperatorError
from hotspot.secret import Secret, SecretSource
from hotspot.sites import Sites
from monitor.subject import needs, subjects

NOWHERE = Path("/nonexistent")
ALL = {
    "HOTSPOT_SNMP_COMMUNITY": "for all",
    "HOTSPOT_SNMP_MONITOR_AUTH": "an auth passphrase",
    "HOTSPOT_SNMP_MONITOR_PRIV": "a priv passphrase",
}


def test_a_device_s_own_community_goes_before_the_one_for_all(sites: Sites) -> None:
    found = subjects(sites, SecretSource(NOWHERE, ALL | {"HOTSPOT_DEVICE_SW_BRUNO_COMMUNITY": "its own"}))

    bruno, loano = found["sw-bruno"].access, found["sw-loano"].access
    assert bruno
    assert loano
    assert (bruno.community, loano.community) == (Secret("its own"), Secret("for all"))
    assert (bruno.address, bruno.port, bruno.version) == ("127.66.33.13", 10161, "2c")


def test_a_v3_device_has_its_user_s_keys_and_no_community(sites: Sites) -> None:
    access = subjects(sites, SecretSource(NOWHERE, ALL))["core-purworejo"].access

    assert access
    assert (access.user, access.auth, access.priv, access.community) == ("monitor", "sha256", "aes128", None)
    assert access.auth_secret == Secret("an auth passphrase")
    assert access.priv_secret == Secret("a priv passphrase")


def test_a_nas_is_read_by_its_kind_and_only_when_it_can_be_asked(sites: Sites) -> None:
    found = subjects(sites, SecretSource(NOWHERE, ALL))

    assert (found["gw-romansa-kuliner"].kind, found["gw-romansa-kuliner"].reads.name) == ("nas", "mikrotik")
    assert "gw-museum-tosan-aji" not in found  # neither SNMP nor ping: RADIUS hears it, or nothing does


def test_the_sample_town_needs_one_community_and_one_user_s_keys(sites: Sites) -> None:
    names = {names[0] for _, names in needs(sites)}

    assert names == {"snmp-community", "snmp-monitor-auth", "snmp-monitor-priv"}


def test_a_missing_secret_is_an_operator_s_error(sites: Sites) -> None:
    with pytest.raises(OperatorError, match="secret snmp-monitor-auth is missing"):
        subjects(sites, SecretSource(NOWHERE, {"HOTSPOT_SNMP_COMMUNITY": "x"}))
