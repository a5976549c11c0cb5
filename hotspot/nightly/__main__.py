"""The nightly job on its own: ``python -m hotspot.nightly``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from hotspot import command
from hotspot.nightly.job import main_with


def main(argv: Sequence[str] | None = None) -> int:
    return command.run(story, argv)


def story(argv: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(
        prog="hotspot nightly", description="count the days, forget personal data, end keys; to be run every hour"
    )
    command.shared_options(parser)
    return main_with(command.read_settings(parser.parse_args(argv)))


if __name__ == "__main__":
    sys.exit(main())
