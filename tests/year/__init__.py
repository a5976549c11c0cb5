"""A year of the lab on both databases: every frozen figure against an independent count of the lab's own log."""
