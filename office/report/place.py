"""What sites.yaml says of a site's size: its cost, its access points, its line."""

from __future__ import annotations

from hotspot.sites import Sites
from office.report.month import Place


def place_of(sites: Sites, site: str) -> Place:
    """Nothing of a site that sites.yaml no longer has."""
    known = sites.site.get(site)
    if known is None:
        return Place()
    points = sum(device.site == site and device.role == "ap" for device in sites.devices)
    return Place(known.cost_per_month, points, known.capacity, known.line)
