"""What sites.yaml may hold: one frozen type a table; editors get their JSON Schema from here too."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from hotspot.sites.controller import Controller
from hotspot.sites.door import Fas, Uam
from hotspot.sites.gateway import Gateway
from hotspot.sites.joint import Joint
from hotspot.sites.messages import Messages
from hotspot.sites.place import Guide, Language
from hotspot.sites.probes import Probes
from hotspot.sites.table import Port, Table, Text
from hotspot.sites.tunnel import Hub, Loopback, Spoke
from hotspot.sites.values import (
    Address,
    BitsPerSecond,
    Hours,
    Id,
    MacAddress,
    Octets,
    Seconds,
    Source,
    Url,
    Zone,
)

Way = Literal["tap", "voucher", "code", "staff", "otp", "reverse-otp"]
KecamatanCode = Annotated[str, Field(pattern=r"^\d{2}\.\d{2}\.\d{2}$")]


class Phone(Table):
    name: Text
    phone: Text


class Letter(Table):
    """The office's letters: where they are dated, the lines under its name, the paper, who signs."""

    city: Text
    lines: tuple[Text, ...] = ()
    paper: Literal["A4", "F4"] = "A4"
    signer: Text | None = None
    emblem: Text | None = None  # a PNG or JPEG file with the coat of arms; without one its place is an empty frame


class Office(Table):
    """``public_url`` is where anybody reaches the office's open data and checks a report; the portal's if not set."""

    name: Text
    short: Text
    region: Text = "Kabupaten"
    region_code: Annotated[str, Field(pattern=r"^\d{2}\.\d{2}$")]
    data_protection_contact: Text
    portal_url: Url
    public_url: Url | None = None
    letter: Letter | None = None
    emergency: tuple[Phone, ...] = ()


class Opd(Table):
    """An office of the regency that answers complaints and owns services."""

    id: Id
    name: Text
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class Service(Table):
    """A web service of the regency, reachable before login."""

    id: Id
    name: dict[Language, Text]
    url: Url
    opd: Id


class Visit(Table):
    time: Seconds
    idle: Seconds


class Day(Table):
    time: Seconds
    octets: Octets
    then: Literal["slow", "end"]


class Speed(Table):
    """Bit/s as the client sees them: ``up`` is from the client."""

    up: BitsPerSecond
    down: BitsPerSecond
    slow: BitsPerSecond


class PerClient(Table):
    devices: Annotated[int, Field(ge=1)] = 1
    remember: Seconds


class Policy(Table):
    """``grace`` is a short visit in which the message of a code can come, for places where phones have no other way."""

    ways: Annotated[tuple[Way, ...], Field(min_length=1)]
    visit: Visit
    day: Day
    speed: Speed
    per_client: PerClient
    interim: Seconds
    radius_down: Literal["open", "known", "closed"]
    grace: Seconds | None = None


class Point(Table):
    """A place on the map, with where the point comes from and how far it may be off."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    accuracy_m: Annotated[int, Field(ge=0)]
    source: Text
    estimate: bool = False


class Opening(Table):
    daily: Hours


class Site(Table):
    """``family_dns`` are resolvers that keep from children what is not for them; where given, they alone are asked."""

    id: Id
    name: Text
    kecamatan: KecamatanCode
    at: Point
    hours: Opening
    capacity: Annotated[int, Field(ge=1)]
    policy: str
    cost_per_month: Annotated[int, Field(ge=0)]
    line: BitsPerSecond | None = None
    opd: Id
    address: str = ""
    guide: Guide | None = None
    family_dns: tuple[Address, ...] = ()


class Snmp(Table):
    version: Literal["1", "2c", "3"]
    user: str | None = None
    auth: Literal["md5", "sha1", "sha224", "sha256", "sha384", "sha512"] | None = None
    priv: Literal["aes128", "aes192", "aes256", "des"] | None = None
    port: Port = 161


class Nas(Table):
    """``sources`` is where its RADIUS packets may come from besides its own address, behind NAT or a changing one.

    ``radsec`` is where radsecproxy passes them on from that came inside TLS; ``wireguard`` its end of our own tunnel.
    ``message_authenticator``: ``auto`` is for a NAS of which one does not know, and becomes ``required`` by itself.
    """

    id: Id
    site: Id
    kind: str
    address: Address
    sources: tuple[Source, ...] = ()
    login_url: Url | None = None
    uam: Uam | None = None
    fas: Fas | None = None
    gateway: Gateway | None = None
    controller: Controller | None = None
    radsec: Loopback | None = None
    wireguard: Spoke | None = None
    mac: MacAddress | None = None
    coa_port: Port | None = None
    message_authenticator: Literal["required", "auto"] = "required"
    uplink: Id | None = None
    snmp: Snmp | None = None
    ping: bool = True


class Device(Table):
    """Network equipment that the monitor polls; ``uplink`` is the device or NAS through which it is reached."""

    id: Id
    kind: str
    role: Literal["router", "switch", "ap", "olt", "onu", "ups", "server"]
    address: Address
    snmp: Snmp | None = None
    site: Id | None = None
    kecamatan: KecamatanCode | None = None
    uplink: Id | None = None
    ssids: tuple[Text, ...] = ()
    mac: MacAddress | None = None
    root: bool = False
    ping: bool = True


class LinkEnd(Table):
    device: Id
    port: Text


class Link(Table):
    """A connection between two devices' ports; ``a`` is the end nearer to the root."""

    id: Id
    a: LinkEnd | None
    b: LinkEnd | None
    status: Literal["planned", "building", "active"]
    kecamatan: KecamatanCode | None = None
    medium: Literal["fibre", "radio", "copper"]
    length_km: Annotated[float, Field(gt=0)] | None = None
    since: date | None = None
    sla: Annotated[float, Field(gt=0, le=100)] | None = None
    contractor: str | None = None
    splices: tuple[Joint, ...] = ()


class Kecamatan(Table):
    """A district, with the middle of its area for the map."""

    code: KecamatanCode
    name: Text
    at: Point


class Sensor(Table):
    """An interface of this machine where the sidecar looks for strangers; ``routers`` may send RAs, others not."""

    site: Id
    interface: Text
    dhcp_servers: tuple[Address, ...] = ()
    gateway: Address | None = None
    routers: tuple[Address, ...] = ()


class Retention(Table):
    raw_mac: Seconds
    session_tokens: Seconds
    accounts: Seconds
    complaints_contact: Seconds
    audit: Seconds


class Sites(Table):
    """The whole file."""

    sample: bool = False
    timezone: Zone
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    office: Office
    opd: Annotated[tuple[Opd, ...], Field(min_length=1)]
    services: tuple[Service, ...] = ()
    policies: Annotated[dict[str, Policy], Field(min_length=1)]
    kecamatan: tuple[Kecamatan, ...] = ()
    sites: Annotated[tuple[Site, ...], Field(min_length=1)]
    nases: tuple[Nas, ...]
    devices: tuple[Device, ...] = ()
    links: tuple[Link, ...] = ()
    sensors: tuple[Sensor, ...] = ()
    probes: Probes | None = None
    wireguard: Hub | None = None
    retention: Retention
    messages: Messages = Messages()

    @cached_property
    def site(self) -> dict[str, Site]:
        """Sites by id."""
        return {site.id: site for site in self.sites}

    @cached_property
    def nas(self) -> dict[str, Nas]:
        """NASes by id."""
        return {nas.id: nas for nas in self.nases}

    @cached_property
    def device(self) -> dict[str, Device]:
        """Devices by id."""
        return {device.id: device for device in self.devices}

    @cached_property
    def link(self) -> dict[str, Link]:
        """Links by id."""
        return {link.id: link for link in self.links}

    @cached_property
    def kecamatan_name(self) -> dict[str, str]:
        """Names by code; a code without an entry stands for itself."""
        return {place.code: place.name for place in self.kecamatan}

    def policy_of(self, site: Site) -> Policy:
        return self.policies[site.policy]
