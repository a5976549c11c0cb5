"""The table ``controller`` of a NAS: where its API answers, which one it is, and as whom it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from hotspot.sites.document import Path
from hotspot.sites.table import Table, Text
from hotspot.sites.values import Url

APIS = {"unifi": ("legacy", "os", "official"), "omada": ("open",)}


def _https(value: str) -> str:
    if not value.startswith("https://"):
        raise ValueError("not an https:// address; a password travels there")
    return value.rstrip("/")


class Controller(Table):
    """``site`` is the controller's own word for it. ``account`` is a user's name, or an application's client id.

    ``id`` is Omada's. ``trust`` is a file with the certificate that the controller shows, or of who signed it; without
    one the authorities of this machine are believed. There is no way to believe any certificate. ``every``: seconds
    between two questions for all clients; it is how late a session is counted, ended by its time, or found to be over.
    """

    api: Literal["legacy", "os", "official", "open"]
    url: Annotated[Url, AfterValidator(_https)]
    site: Text = "default"
    account: Text | None = None
    id: Text | None = None
    trust: Text | None = None
    every: Annotated[int, Field(ge=10, le=300)] = 60  # several behind one console are several questions to it


def controller_problems(path: Path, row: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """What its kind and its API need."""
    kind, table = str(row.get("kind")), row.get("controller")
    if not isinstance(table, Mapping):
        return
    api = str(table.get("api"))
    if kind not in APIS:
        yield (*path, "controller"), f"a {kind} NAS is asked by RADIUS, not by a controller's API; leave it out"
        return
    if api not in APIS[kind]:
        yield (*path, "controller", "api"), f"{api!r} is no API of {kind}; it has {', '.join(APIS[kind])}"
    if api != "official" and table.get("account") is None:
        yield (*path, "controller"), f"the API {api} needs an account"
    if api == "open" and table.get("id") is None:
        yield (*path, "controller"), "the API open needs the controller's id (omadacId)"
