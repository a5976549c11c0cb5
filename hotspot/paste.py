"""What an operator pastes into a NAS: its kind's template with this town's addresses and its own secrets."""

from __future__ import annotations

from urllib.parse import urlsplit

from hotspot.command import OperatorError
from hotspot.nas import NAS_KINDS
from hotspot.secret import SecretMissing, SecretSource, SecretUnusable
from hotspot.sites import Nas, Sites


def pasted(secrets: SecretSource, sites: Sites, nas: Nas) -> str:
    kind = NAS_KINDS[nas.kind]
    portal = urlsplit(sites.office.portal_url)
    try:
        pasted_in = [word for word in kind.secrets if f"{{{word}_secret}}" in kind.paste]
        further = {f"{word}_secret": secrets.read(kind.secret_name(nas.id, word)).reveal() for word in pasted_in}
        own = secrets.read(kind.secret_name(nas.id)).reveal() if kind.speaks_radius else ""
    except (SecretMissing, SecretUnusable) as error:
        raise OperatorError(str(error)) from None
    family = sites.site[nas.site].family_dns
    return (kind.paste + (kind.family if family else "")).format(
        nas=nas.id,
        site=nas.site,
        family_dns=",".join(family),
        family_dns_1=family[0] if family else "",
        family_dns_2=family[-1] if family else "",
        secret=own,
        radius_address=_radius_address(sites, nas, portal.hostname or ""),
        portal_url=sites.office.portal_url,
        portal_host=portal.hostname,
        portal_port=portal.port or (443 if portal.scheme == "https" else 80),
        coa_port=nas.coa_port or 3799,
        login_url=nas.login_url or "",
        uam_ip=nas.uam.ip if nas.uam else "",
        uam_port=nas.uam.port if nas.uam else "",
        fas_level=nas.fas.level if nas.fas else "",
        **further,
    )


def _radius_address(sites: Sites, nas: Nas, otherwise: str) -> str:
    """Where the NAS finds RADIUS: in its tunnel, at the radsecproxy on the box itself, else where the portal is."""
    if nas.wireguard is not None and sites.wireguard is not None:
        return str(sites.wireguard.network.ip)
    return "127.0.0.1" if nas.radsec is not None else otherwise
