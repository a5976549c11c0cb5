"""The poster of a site as data: which network to join, and the two codes that a phone's camera reads."""

from __future__ import annotations

import io
from dataclasses import dataclass

import segno

from hotspot.sites import Site, Sites


@dataclass(frozen=True)
class Poster:
    """``ssids`` are the names of its networks, ``join`` the picture that joins the first of them."""

    ssids: tuple[str, ...]
    join: str | None
    portal: str


def poster(sites: Sites, site: Site) -> Poster:
    points = (device for device in sites.devices if device.site == site.id)
    ssids = tuple(dict.fromkeys(ssid for point in points for ssid in point.ssids))
    url = sites.office.portal_url.rstrip("/")
    return Poster(ssids, picture(f"WIFI:T:nopass;S:{_escaped(ssids[0])};;") if ssids else None, picture(f"{url}/"))


def picture(text: str) -> str:
    """A QR code as SVG for the page itself, without a colour of its own."""
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, omitsize=True, dark="#000")  # without a size it fits any, uncut
    return drawn.getvalue().decode()


def _escaped(ssid: str) -> str:
    """The de-facto rule of the WIFI: scheme (ZXing): a backslash before what has a meaning of its own."""
    return "".join("\\" + letter if letter in '\\;,":' else letter for letter in ssid)
