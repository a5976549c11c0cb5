"""The joints of a line in sites.yaml, by which a measured distance becomes a place."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hotspot.sites.table import Table, Text


class Joint(Table):
    """A splice or closure of a line's as-built list; ``km`` of fibre from its end ``a``."""

    name: Text
    km: Annotated[float, Field(gt=0)]
