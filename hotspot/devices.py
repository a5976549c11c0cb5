"""The kinds of network device by name; how each is read is the monitor's business (monitor/kinds)."""

DEVICE_KINDS = (
    "generic",
    "mikrotik",
    "unifi",
    "airmax",
    "ruckus-sz",
    "ruckus-zd",
    "ruckus-unleashed",
    "aruba-instant",
    "cisco",
    "cisco-wlc",
    "epmp",
    "cnpilot",
    "eap",
    "jetstream",
    "huawei",
    "huawei-olt",
    "zte-olt",
    "fiberhome-olt",
    "vsol-olt",
    "ufiber-olt",
)
