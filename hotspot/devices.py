"""The kinds of network device by name; how each is read is the monitor's business (monitor/kinds/<kind>.py)."""

DEVICE_KINDS = ("generic", "mikrotik", "unifi", "jetstream")
