"""The tables ``uam`` and ``fas`` of a NAS: where it answers on the visitors' side."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hotspot.sites.table import Port, Table, Text
from hotspot.sites.values import Address


class Uam(Table):
    ip: Address
    port: Port = 3990


class Fas(Table):
    """Where openNDS answers on its hotspot side, and at which FAS level it talks to us.

    Level 4 is not there: it shows every visitor the name by which the box proves itself to us.
    """

    gateway: Text
    level: Annotated[int, Field(ge=1, le=3)]
