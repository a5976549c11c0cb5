"""What the monitor shows on its listener: metrics, discovery, per-target SNMP pages and explanations."""
