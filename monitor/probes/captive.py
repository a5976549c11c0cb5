"""The addresses that phones and computers ask to see whether they are online, each with the answer that says so.

From AOSP's NetworkStack, Firefox's preferences, NetworkManager.conf(5) and the Wireless Broadband Alliance's list.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """``body`` is compared without the white space around it; None where the status says it all."""

    id: str
    url: str
    status: int
    body: bytes | None = None


_SUCCESS = b"<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"
_FIREFOX = b'<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>'

CHECKS = (
    Check("apple", "http://captive.apple.com/hotspot-detect.html", 200, _SUCCESS),
    Check("apple-www", "http://www.apple.com/library/test/success.html", 200, _SUCCESS),
    Check("android", "http://connectivitycheck.gstatic.com/generate_204", 204),
    Check("android-https", "https://www.google.com/generate_204", 204),
    Check("android-fallback", "http://play.googleapis.com/generate_204", 204),
    Check("android-old", "http://clients3.google.com/generate_204", 204),
    Check("samsung", "http://connectivity.samsung.com/generate_204", 204),
    Check("xiaomi", "http://connect.rom.miui.com/generate_204", 204),
    Check("huawei", "http://connectivitycheck.platform.hicloud.com/generate_204", 204),
    Check("oppo", "http://connectivitycheck.oppomobile.com/generate_204", 204),
    Check("vivo", "http://wifi.vivo.com.cn/generate_204", 204),
    Check("windows", "http://www.msftconnecttest.com/connecttest.txt", 200, b"Microsoft Connect Test"),
    Check("windows-old", "http://www.msftncsi.com/ncsi.txt", 200, b"Microsoft NCSI"),
    Check("firefox", "http://detectportal.firefox.com/canonical.html", 200, _FIREFOX),
    Check("firefox-text", "http://detectportal.firefox.com/success.txt?ipv4", 200, b"success"),
    Check("gnome", "http://nmcheck.gnome.org/check_network_status.txt", 200, b"NetworkManager is online"),
    Check("ubuntu", "http://connectivity-check.ubuntu.com/", 204),
    Check("kde", "http://networkcheck.kde.org/", 200, b"OK"),
)
