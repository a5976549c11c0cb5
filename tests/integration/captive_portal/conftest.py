"""A portal of the sample town on a fresh store, at half past ten in the morning, with NASes that send visitors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from captive_portal.app import create_app
from captive_portal.nas import coovachilli
from captive_portal.portal import Portal as ThePortal
from captive_portal.portal import needs
from hotspot.command import Settings
from hotspot.nas.linux import signature
from hotspot.secret import Secret
from hotspot.sites import Nas, Sites
from hotspot.sites.door import Fas
from hotspot.sites.gateway import Gateway
from hotspot.store import Store
from tests.conftest import FixedClock
from tests.peers.fas import encrypt

MORNING = 1_780_025_600.0  # 10:33 in Purworejo: the squares are open, Romansa Kuliner is not
SECRETS = {
    "HOTSPOT_GRANT_KEY": "grant key of the test",
    "HOTSPOT_FLOW_KEY": "flow key of the test",
    "HOTSPOT_NAS_GW_MUSEUM_TOSAN_AJI_UAM_SECRET": "rahasia-uam",
    "HOTSPOT_NAS_GW_PENDOPO_WABUP_UAM_SECRET": "rahasia-uam",
    "HOTSPOT_NAS_GW_NDS_FASKEY_SECRET": "kunci-fas",
    "HOTSPOT_NAS_GW_BOX_UAM_SECRET": "rahasia-pintu",
}
MIKROTIK = "gw-alun-alun-besar"
COOVA = "gw-museum-tosan-aji"
NDS = "gw-nds"
BOX = "gw-box"
CHALLENGE = r"\357\015\330\013\021\234\145\245\303\253\142\246\133\175\375\316"
HID = "0a05d7b27cc7a2b1ca704adcbd1d6e3ab2c19ece000586f03bceeabf24547e43"


@pytest.fixture
def town(sites: Sites) -> Sites:
    return with_more_nases(sites)


def with_more_nases(sites: Sites) -> Sites:
    """The sample town with an openNDS and a box of ours at the Alun-alun Kutoarjo beside its MikroTik."""
    fas = Fas(gateway="127.66.6.2:2050", level=2)
    nds = Nas(id=NDS, site="alun-alun-kutoarjo", kind="opennds", address="127.66.6.2", fas=fas)
    table = {"lan": "lan", "wan": "wan", "network": "10.70.4.1/22", "radius": ["10.66.0.2"], "resolvers": ["10.66.0.2"]}
    gateway = Gateway.model_validate(table)
    box = Nas(id=BOX, site="alun-alun-kutoarjo", kind="linux", address="127.66.6.3", gateway=gateway)
    kept = {name: getattr(sites, name) for name in Sites.model_fields}
    return Sites.model_construct(**kept | {"nases": (*sites.nases, nds, box)})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        sites=Path("sites.yaml"),
        state=tmp_path,
        database="",
        clock_file=None,
        check=False,
        log_level="info",
        environ=SECRETS,
    )


@dataclass
class Portal:
    """The portal as visitors and tests see it."""

    client: FlaskClient
    store: Store
    clock: FixedClock
    sites: Sites
    app: ThePortal
    app_of_flask: Flask
    state: Path

    def arrive(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.text
        return answer.text

    def flow(self, address: str) -> str:
        return flow_of(self.arrive(address))

    def tap(self, flow: str, **more: str) -> str:
        """Where the browser is sent to."""
        answer = self.client.post("/connect", data={"flow": flow, "way": "tap", **more})
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]


@pytest.fixture
def portal(settings: Settings, town: Sites, store: Store, clock: FixedClock) -> Portal:
    return portal_on(settings, town, store, clock)


def portal_on(settings: Settings, town: Sites, store: Store, clock: FixedClock) -> Portal:
    assert {names[0] for _, names in needs(town)} >= {"grant-key", "nas-gw-nds-faskey"}
    clock.at = MORNING
    app = create_app(settings, town, clock, store)
    return Portal(app.test_client(), store, clock, town, app.extensions["portal"], app, settings.state)


def flow_of(page: str) -> str:
    found = re.search(r'name="flow" value="([^"]+)"', page)
    assert found is not None, page
    return unescape(found[1])


def mikrotik(mac: str = "02:11:22:33:44:55", nas: str = MIKROTIK, more: str = "") -> str:
    return rf"/arrive/{nas}?mac={mac}&ip=10.1.0.7&chap-id=\371&chap-challenge={CHALLENGE}&error={more}"


def coova(res: str = "notyet", mac: str = "02-11-22-33-44-55", more: str = "", nas: str = COOVA) -> str:
    raw = f"res={res}&uamip=10.1.0.1&uamport=3990&challenge={'0f' * 16}&mac={mac}&ip=10.1.0.7{more}"
    signature = coovachilli.md(f"http://127.0.0.1:8080/arrive/{nas}?{raw}", Secret("rahasia-uam"))
    return f"/arrive/{nas}?{raw}&md={signature}"


def nds(mac: str = "02:11:22:33:44:55") -> str:
    text = f"hid={HID}, clientip=10.1.0.7, clientmac={mac}, gatewayname=x, gatewayaddress=evil.example"
    iv = "0123456789abcdef"
    return f"/arrive/{NDS}?fas={encrypt(text, iv, 'kunci-fas')}&iv={iv}"


def box(at: float = MORNING, more: str = "") -> str:
    raw = f"mac=021122334455&ip=10.70.5.7&at={int(at)}{more}"
    sig = signature(f"http://127.0.0.1:8080/arrive/{BOX}?{raw}", Secret("rahasia-pintu"))
    return f"/arrive/{BOX}?{raw}&sig={sig}"
