"""MikroTik HotSpot, RouterOS 7.19.2 or later (earlier ones run a script given as the page to go back to).

Units: Mikrotik-Rate-Limit is "rx/tx", rx being the client's upload, in bit/s with k and M. Byte limits carry the low
32 bits, their Gigawords attributes the rest. Cookie logins stay off: they replay a grant for days.
"""

from hotspot.nas.kind import NasKind

KIND = NasKind(
    name="mikrotik",
    speaks_radius=True,
    needs=("login_url",),
    secrets=(),
    paste="""\
/radius add service=hotspot address={radius_address} secret="{secret}" timeout=3s \\
    require-message-auth=yes-for-request-resp
/radius incoming set accept=yes port={coa_port}
/ip hotspot profile set [find default=yes] use-radius=yes radius-accounting=yes radius-interim-update=received \\
    login-by=http-chap,http-pap,mac http-cookie-lifetime=0s radius-mac-format=XX:XX:XX:XX:XX:XX
/ip hotspot user profile set [find default=yes] add-mac-cookie=no
/ip hotspot walled-garden ip add dst-host={portal_host} action=accept
# hotspot/login.html, redirect.html and rlogin.html:
<html><head><meta http-equiv="refresh" content="0; url={portal_url}/arrive/{nas}?mac=$(mac-esc)&ip=$(ip)&\
link-login-only=$(link-login-only-esc)&link-orig=$(link-orig-esc)&chap-id=$(chap-id)&chap-challenge=$(chap-challenge)&\
error=$(error-orig)"></head></html>
# hotspot/alogin.html:
<html><head><meta http-equiv="refresh" content="0; url={portal_url}/status?grant=$(username)"></head></html>
# hotspot/api.json (RFC 8908; the router announces it once the profile has a dns-name and a valid ssl-certificate):
{{"captive":$(if logged-in == 'yes')false$(else)true$(endif),"user-portal-url":"$(link-login-only)",\
"venue-info-url":"{portal_url}/venue/{site}",\
$(if session-timeout-secs != 0)"seconds-remaining":$(session-time-left-secs),$(endif)\
$(if remain-bytes-total)"bytes-remaining":$(remain-bytes-total),$(endif)"can-extend-session":false}}
""",
    family="""\
/ip dns set allow-remote-requests=yes servers={family_dns}
/ip firewall nat add chain=dstnat protocol=udp dst-port=53 hotspot=auth action=redirect comment="family filter"
/ip firewall nat add chain=dstnat protocol=tcp dst-port=53 hotspot=auth action=redirect comment="family filter"
""",
)
