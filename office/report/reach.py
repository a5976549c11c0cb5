"""What lies between the root of the network and a site: whatever fails or is worked on there, the site feels (pure)."""

from __future__ import annotations

from hotspot.sites import Sites

Subject = tuple[str, str]  # kind (site, nas, device, link) and id


def upstream(sites: Sites, site: str) -> frozenset[Subject]:
    """The site, its NASes, and every device and active link through which they are reached."""
    found: set[Subject] = {("site", site)}
    for nas in sites.nases:
        if nas.site == site:
            found.add(("nas", nas.id))
            found |= _towards_root(sites, nas.uplink)
    return frozenset(found)


def _towards_root(sites: Sites, device: str | None) -> set[Subject]:
    found: set[Subject] = set()
    while device is not None and ("device", device) not in found:
        found.add(("device", device))
        links = [link for link in sites.links if link.status == "active" and link.b and link.b.device == device]
        found |= {("link", link.id) for link in links}
        nearer = next((link.a.device for link in links if link.a), None)
        known = sites.device.get(device)
        device = nearer or (known.uplink if known else None)
    return found
