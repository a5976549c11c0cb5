"""sites.yaml as frozen typed objects: the only truth about sites, NASes, devices, links, policies and retention."""

from hotspot.sites.load import SitesError, load
from hotspot.sites.model import Device, Link, Nas, Policy, Site, Sites

__all__ = ["Device", "Link", "Nas", "Policy", "Site", "Sites", "SitesError", "load"]
