"""openNDS (9.10 of Debian, to v11 by its sources), which asks no RADIUS server: the portal's decision stands.

Level 1 sends the client's hashed token in clear base64, level 2 encrypts it with the faskey; of neither are sessions
accounted. At level 3, over HTTPS, its authmon comes for whom to let in and tells who left: sessions are RADIUS' own.
A line of ours in the box's crontab tells each minute what everybody has used, and ends whom the answer names.
"""

from hotspot.nas.kind import NasKind

KIND = NasKind(
    name="opennds",
    speaks_radius=False,
    needs=("fas",),
    secrets=("faskey",),
    paste="""\
option fasport '{portal_port}'
option fasremoteip '{portal_host}'
option faspath '/arrive/{nas}'
option fasremotefqdn '{portal_host}'
option fas_secure_enabled '{fas_level}'
option faskey '{faskey_secret}'

# At level 3 also this, without which it never tells who left:
option binauth '/usr/lib/opennds/binauth_log.sh'

# and as /etc/hotspot-clients, mode 0755, with a line in the crontab: * * * * * /etc/hotspot-clients
#!/bin/sh
json=$(ndsctl json)
case $json in *client_list_length*) ;; *) exit ;; esac  # it is in use by another just now
inside=$(echo "$json" | awk -F'"' '$2=="mac"{{m=$4}} $2=="state"{{s=$4}} $2=="download_this_session"{{d=$4}}
    $2=="upload_this_session" && s=="Authenticated" {{printf "%s %d %d,", m, $4, d}}')
for mac in $(/usr/lib/opennds/libopennds.sh send_to_fas_custom "clients $inside"); do
    case $mac in ??:??:??:??:??:??) ndsctl deauth "$mac" ;; esac
done
""",
    family="""\
# in /etc/dnsmasq.d/family.conf, with no other server beside it (no-resolv):
no-resolv
server={family_dns_1}
server={family_dns_2}
""",
)
