"""The appendices of the monthly report: days, definitions with their doubts, all figures, fibre links (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from office.report import writing
from office.report.book import Book, DayLine, Page
from office.report.contract import LinkMonth
from office.report.document import Block, Heading, Paragraph, Table
from office.report.issue import Issue
from office.report.metrics import NAMES
from office.report.writing import gigabytes, number, say, short_figure

METHOD = (
    *("method_bytes", "method_privacy", "method_random", "method_radius_down", "method_unknown"),
    *("method_frozen", "method_late"),
)
AT_ONCE = 4  # sites beside each other in the table of all figures


def appendix(issue: Issue) -> Iterator[Block]:
    book, titles = issue.book, writing.words()["chapters"]
    yield Heading(titles["daily"], new_page=True)
    yield daily(book.total.days)
    yield Heading(titles["definitions"], new_page=True)
    yield from definitions()
    yield Heading(say("method_title"))
    yield Paragraph(say("method_time", zone=str(issue.zone)))
    yield from (Paragraph(say(key)) for key in METHOD)
    yield Heading(titles["all_figures"], new_page=True)
    yield from all_figures(book)
    yield Heading(titles["contractor"], new_page=True)
    yield contractor(book.links)


def daily(days: tuple[DayLine, ...]) -> Block:
    if not days:
        return Paragraph(say("none"))
    labels = writing.words()["tables"]
    return Table(
        head=(labels["day"], "Sesi", "Kunjungan", "Perangkat", "Unduh", "Unggah"),
        rows=tuple(
            (
                writing.short_day(day.day),
                *(number(count) for count in (day.sessions, day.visits, day.devices)),
                gigabytes(day.download_bytes),
                gigabytes(day.upload_bytes),
            )
            for day in days
        ),
        numbers=frozenset(range(1, 6)),
        widths=(0.22, 0.13, 0.15, 0.14, 0.18, 0.18),
        small=True,
    )


def definitions() -> Iterator[Block]:
    """A table a part, so that none has to be broken over two pages."""
    labels, metrics = writing.words()["tables"], writing.words()["metrics"]
    for title, names in parts():
        yield Table(
            head=(title, labels["definition"], labels["doubt"]),
            rows=tuple((about["label"], about["definition"], about["doubt"]) for about in map(metrics.get, names)),
            widths=(0.22, 0.42, 0.36),
            small=True,
        )


def parts() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The figures in their order by what they are about, each part from the figure that begins it."""
    titles: dict[str, str] = writing.words()["parts"]
    begins = [NAMES.index(name) for name in titles]
    for first, after, title in zip(begins, (*begins[1:], len(NAMES)), titles.values(), strict=True):
        yield title, NAMES[first:after]


def all_figures(book: Book) -> Iterator[Block]:
    """A few sites at a time, the sum of all in the last table."""
    pages = (*book.sites, book.total)
    for first in range(0, len(pages), AT_ONCE):
        yield from figures(pages[first : first + AT_ONCE])


def figures(pages: tuple[Page, ...]) -> Iterator[Table]:
    yield from (_part(title, names, pages) for title, names in parts())


def _part(title: str, names: tuple[str, ...], pages: tuple[Page, ...]) -> Table:
    """One site alone has room for why there is no figure."""
    about, alone = writing.words()["metrics"], len(pages) == 1
    shown = writing.figure if alone else short_figure
    return Table(
        head=(title, *(page.name for page in pages)),
        rows=tuple((about[name]["label"], *(shown(name, page.values.get(name)) for page in pages)) for name in names),
        numbers=frozenset(range(1, 1 + len(pages))),
        widths=(0.5, 0.5) if alone else (0.34, *((0.66 / AT_ONCE,) * len(pages))),
        small=True,
    )


def contractor(links: tuple[LinkMonth, ...]) -> Table:
    """Up, down and not known apart: what nobody knows is no fault of a contractor, and no merit."""
    labels = writing.words()["tables"]
    columns = ("link", "kecamatan", "promised", "measured", "up", "down", "unknown", "outages", "verdict")
    return Table(
        head=tuple(labels[column] for column in columns),
        rows=tuple(_link(link) for link in links),
        numbers=frozenset(range(2, 8)),
        widths=(0.16, 0.12, 0.09, 0.09, 0.11, 0.10, 0.11, 0.07, 0.15),
        small=True,
    )


def _link(link: LinkMonth) -> tuple[str, ...]:
    name = link.name or "-"
    if link.status != "active":
        status = {"planned": "direncanakan", "building": "dibangun"}[link.status]
        return (link.link, name, "-", "-", "-", "-", "-", "-", status)
    return (
        link.link,
        name,
        "-" if link.promised is None else writing.percent(link.promised),
        "-" if link.measured is None else writing.percent(link.measured),
        *(hours(seconds) for seconds in (link.up, link.down, link.unknown)),
        "-" if link.measured is None else number(len(link.outages)),
        writing.words()["tables"][link.verdict],
    )


def hours(seconds: int) -> str:
    return f"{number(seconds / 3600, 2)} jam"
