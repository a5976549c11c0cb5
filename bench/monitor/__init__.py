"""The monitor judged: seeded faults replayed in virtual time, and a scorer that sees only the truth and the alerts."""
