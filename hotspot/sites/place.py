"""What a site tells its visitors of itself, before and after login."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hotspot.sites.table import Table, Text

Language = Literal["id", "en", "jv"]


class Chapter(Table):
    """A thing to see, in a heading and a few sentences."""

    name: dict[Language, Text]
    text: dict[Language, Text]


class Guide(Table):
    """The page ``/venue/<site>``; a language that is missing is read in the first one that is there."""

    intro: dict[Language, Text]
    chapters: Annotated[tuple[Chapter, ...], Field(min_length=1)]
