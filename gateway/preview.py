"""What the gateway would load, as text that ``nft -c -f -`` judges; nothing is changed."""

from __future__ import annotations

import subprocess

from gateway import ground, ruleset
from gateway.counters import ETHERNET_HEADER
from gateway.setting import Setting
from hotspot.command import OperatorError


def preview(setting: Setting) -> str:
    place = setting.place
    try:
        links = subprocess.run(["ip", "-j", "-d", "link"], capture_output=True, text=True, check=False).stdout
    except FileNotFoundError as error:
        raise OperatorError("ip is not installed; apt install iproute2 nftables dnsmasq-base") from error
    here = ground.read(links or "[]", "[]", place, ETHERNET_HEADER)
    missing = [device for device in (place.lan, place.wan) if device not in here.headers]
    head = f"# gateway {setting.nas.id}: sites file and secrets are in order"
    if missing:
        head += f"; this machine has no interface {' or '.join(missing)} yet"
    if setting.certificate_fault:
        head += f"; the Captive Portal API is not offered: {setting.certificate_fault}"
    return f"{head}\n{ruleset.render(place, bridged=here.bridged, elsewhere=here.elsewhere)}"
