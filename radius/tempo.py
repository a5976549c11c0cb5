"""How the interpreter is set for a process that answers small packets in two threads for months."""

from __future__ import annotations

import gc
import sys

SWITCH_SECONDS = 0.0005  # Python's own 5 ms would be waited after each answer of the database
YOUNG = 20_000  # objects, about what a batch leaves behind


def settle() -> None:
    """Called once all that lasts has been made: the collector need not look at it again, and looks more seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
    sys.setswitchinterval(SWITCH_SECONDS)
