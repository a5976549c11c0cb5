"""The hourly job behind ``hotspot nightly``: it counts, forgets and destroys keys, each step safe to run again."""

from hotspot.nightly.job import main_with, run

__all__ = ["main_with", "run"]
