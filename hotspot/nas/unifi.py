"""UniFi with an external portal: its controller is asked by API to let each visitor in, and tells what they used.

Units: ``minutes`` always (left out they are 480), ``up`` and ``down`` in kbit/s, ``bytes`` in MB. The redirect is not
signed: RADIUS asks the controller whether the MAC is one of its guests before it lets it in.
"""

from hotspot.nas.kind import NasKind

KIND = NasKind(
    name="unifi",
    speaks_radius=False,
    needs=("controller",),
    secrets=("controller",),
    paste="""\
# In the controller, Hotspot > Portal of the site:
#   authentication: external portal server, {portal_host}; redirect by host name and over HTTPS
#   its path /guest/s/<site>/ is led by the portal's web server to {portal_url}/arrive/{nas} (docs/nas-kinds.md)
#   pre-authorisation access: {portal_host}, and no captive-check host
# For `api: official`: Settings > Integrations, a key of its own; for `legacy` and `os`: a local account of a role that
# may authorise guests. The key or the password lies in the secret nas-{nas}-controller.
""",
    controller=True,
    unverified=True,
)
