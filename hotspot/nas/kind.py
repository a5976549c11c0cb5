"""The facts that make a kind of NAS."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NasKind:
    """``needs``: keys of its entry in sites.yaml. ``secrets``: suffixes of further secrets after ``nas-<id>``.

    ``speaks_radius`` is False where the box asks no RADIUS server and the portal's decision is the last one.
    ``portal`` is False where visitors never come to our portal: the box sends them to none, or to a page of its own.
    ``extends`` is True where a change of authorisation can give a session more time.
    ``controller`` is True where RADIUS (the room) asks a controller's API to let a visitor in and out, and for figures.
    ``unverified`` is True where all is written by documents and other people's code, and none was tried on hardware.
    ``family`` is pasted behind it where a site has a family filter, with ``{family_dns}``.
    ``paste`` is what an operator puts into the box, with ``{name}`` fields for ``hotspot nas-config``.
    """

    name: str
    speaks_radius: bool
    needs: tuple[str, ...]
    secrets: tuple[str, ...]
    paste: str
    portal: bool = True
    extends: bool = False
    family: str = "# The family filter of this site: give visitors these resolvers alone: {family_dns}\n"
    controller: bool = False
    unverified: bool = False

    def secret_name(self, nas: str, suffix: str = "") -> str:
        return f"nas-{nas}-{suffix}" if suffix else f"nas-{nas}"
