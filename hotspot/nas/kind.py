"""The facts that make a kind of NAS."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NasKind:
    """``needs``: keys of its entry in sites.yaml. ``secrets``: suffixes of further secrets after ``nas-<id>``.

    ``speaks_radius`` is False where the box asks no RADIUS server and the portal's decision is the last one.
    ``portal`` is False where visitors never come to our portal: the box sends them to none, or to a page of its own.
    ``extends`` is True where a change of authorisation can give a session more time.
    ``paste`` is what an operator puts into the box, with ``{name}`` fields for ``hotspot nas-config``.
    """

    name: str
    speaks_radius: bool
    needs: tuple[str, ...]
    secrets: tuple[str, ...]
    paste: str
    portal: bool = True
    extends: bool = False

    def secret_name(self, nas: str, suffix: str = "") -> str:
        return f"nas-{nas}-{suffix}" if suffix else f"nas-{nas}"
