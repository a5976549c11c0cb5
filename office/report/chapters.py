"""The chapters of the monthly report, from its book to blocks (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from office.report import paragraphs, writing
from office.report.appendix import appendix
from office.report.book import Page
from office.report.corrections import corrections
from office.report.document import Bars, Block, Document, Heading, Heat, Paragraph, Points, Proof, Table
from office.report.entrance import entrance
from office.report.issue import Issue
from office.report.writing import change, figure, number, say, short_figure

SUMMARY = (
    "visits",
    "devices_daily_sum",
    "devices_month",
    "dwell_median",
    "download_bytes",
    "login_success",
    "availability",
    "outages",
    "complaints",
    "complaints_on_time_share",
    "ikm",
    "cost_per_device_day",
)
OF_SITES = ("visits", "devices_daily_sum", "dwell_median", "peak_clients", "download_bytes", "cost_per_device_day")
SHORT = {
    "visits": "Kunjungan",
    "devices_daily_sum": "Perangkat-hari",
    "dwell_median": "Lama (median)",
    "peak_clients": "Puncak",
    "download_bytes": "Unduh",
    "cost_per_device_day": "Biaya per perangkat-hari",
}


def monthly(issue: Issue) -> Document:
    """The whole letter."""
    book, head = issue.book, issue.head
    place, date = head.city or head.region, writing.day(issue.made.strftime("%Y-%m-%d"))
    return Document(
        title=say("title", region=head.region),
        subtitle=say("period", month=writing.month(book.month)),
        letterhead=(f"PEMERINTAH {head.region.upper()}", head.name.upper(), *head.lines),
        facts=_facts(issue),
        blocks=tuple(_blocks(issue)),
        signature=(
            say("place_date", city=place, date=date),
            say("sign", office=head.name),
            say("sign_space"),
            head.signer or say("sign_name"),
        ),
        mark=say("sample") if book.sample else "" if issue.sha256 else say("draft"),
        paper=head.paper,
        emblem=head.emblem,
    )


def _facts(issue: Issue) -> tuple[str, ...]:
    state = say("frozen", at=writing.moment(issue.made)) if issue.sha256 else say("draft")
    subject = say("subject", month=writing.month(issue.book.month))
    sample = (say("sample"),) if issue.book.sample else ()
    return (say("number"), say("nature"), subject, state, *sample)


def _blocks(issue: Issue) -> Iterator[Block]:
    book, titles = issue.book, writing.words()["chapters"]
    yield Heading(titles["introduction"])
    sites = number(len(book.sites))
    yield Paragraph(say("introduction", sites=sites, region=issue.head.region, month=writing.month(book.month)))
    yield Paragraph(say("introduction_basis"))
    if book.running:
        yield Paragraph(say("introduction_running", until=writing.moment(issue.until)))
    yield Heading(titles["summary"])
    yield from map(Paragraph, paragraphs.use(book))
    yield summary(book.total, SUMMARY)
    yield from map(Paragraph, paragraphs.devices(book))
    yield from entrance(book.total)
    yield Heading(titles["sites"])
    yield from _sites(issue)
    yield Heading(titles["busy"])
    yield from map(Paragraph, paragraphs.busy(book))
    yield heat(book.total, say("heat_note"))
    yield Heading(titles["availability"])
    yield from _availability(issue)
    yield Heading(titles["complaints"])
    yield from map(Paragraph, paragraphs.complaints(book))
    yield from complaints(book.total)
    yield Heading(titles["satisfaction"])
    yield from map(Paragraph, paragraphs.satisfied(book))
    yield satisfied_sites(issue)
    yield from satisfaction(book.total)
    yield Heading(titles["advice"])
    yield Points(tuple(paragraphs.advice(book, issue.zone)))
    yield Heading(titles["closing"])
    yield Paragraph(say("closing"))
    yield from proof(issue)
    yield from appendix(issue)


def proof(issue: Issue) -> Iterator[Block]:
    """Where and against what anybody can check a frozen month."""
    if issue.sha256:
        lines = (say("sha256", sha256=issue.sha256), say("verify", url=issue.verify_url))
        yield Proof(lines, issue.verify_url)


def summary(page: Page, names: tuple[str, ...]) -> Table:
    """Figures of one page beside those of the month before and of the year before."""
    labels, metrics = writing.words()["tables"], writing.words()["metrics"]
    head = ("figure", "this_month", "previous", "change", "year_ago", "change")
    return Table(
        head=tuple(labels[word] for word in head),
        rows=tuple(_compared(page, name, metrics[name]["label"]) for name in names),
        numbers=frozenset(range(1, 6)),
        widths=(0.28, 0.22, 0.13, 0.12, 0.13, 0.12),
        small=True,
    )


def _compared(page: Page, name: str, label: str) -> tuple[str, ...]:
    now = page.values[name]
    cells = [label, figure(name, now)]
    for before in (page.previous, page.year_ago):
        if before is None:
            cells += ["-", "-"]
        else:
            old = before.get(name)
            cells += [short_figure(name, old), "-" if now is None or old is None else change(name, now, old)]
    return tuple(cells)


def _sites(issue: Issue) -> Iterator[Block]:
    book, labels = issue.book, writing.words()["tables"]
    yield Table(
        head=(labels["site"], *(SHORT[name] for name in OF_SITES)),
        rows=tuple(
            (page.name, *(short_figure(name, page.values[name]) for name in OF_SITES))
            for page in (*book.sites, book.total)
        ),
        numbers=frozenset(range(1, 1 + len(OF_SITES))),
        widths=(0.28, 0.11, 0.13, 0.12, 0.09, 0.12, 0.15),
        total=True,
        small=True,
    )
    visits = tuple(int(page.values["visits"] or 0) for page in book.sites)
    shown = tuple(number(count) for count in visits)
    names = tuple(page.name for page in book.sites)
    yield Bars(f"{SHORT['visits']}, {writing.month(book.month)}", names, visits, shown, across=True)
    if book.total.days:
        counts = tuple(float(day.visits) for day in book.total.days)
        days = tuple(str(int(day.day[-2:])) for day in book.total.days)
        title = f"{SHORT['visits']} per hari, semua lokasi"
        yield Bars(title, days, counts, tuple(number(count) for count in counts))
    yield Paragraph(paragraphs.costs(book.total))
    yield from corrections(book.differences, {page.site: page.name for page in book.sites})


def heat(page: Page, title: str) -> Heat:
    return Heat(title, tuple(writing.words()["weekdays"]), page.week)


def _availability(issue: Issue) -> Iterator[Block]:
    book, labels = issue.book, writing.words()["tables"]
    yield from map(Paragraph, paragraphs.available(book))
    names = ("availability", "outages", "outage_median", "outage_longest", "availability_unknown_minutes")
    heads = ("Ketersediaan", "Gangguan", "Median", "Terlama", "Tanpa data (menit)")
    yield Table(
        head=(labels["site"], *heads),
        rows=tuple(
            (page.name, *(short_figure(name, page.values[name]) for name in names))
            for page in (*book.sites, book.total)
        ),
        numbers=frozenset(range(1, 6)),
        widths=(0.32, 0.15, 0.12, 0.12, 0.13, 0.16),
        total=True,
        small=True,
    )
    yield from causes(book.total)


def causes(page: Page) -> Iterator[Block]:
    labels, names = writing.words()["tables"], writing.words()["causes"]
    if page.causes:
        rows = tuple(
            (names.get(one.cause, one.cause), number(one.incidents), writing.long_time(one.minutes))
            for one in page.causes
        )
        head = (labels["cause"], labels["incidents"], labels["hours"])
        yield Table(head, rows, numbers=frozenset({1, 2}), widths=(0.5, 0.2, 0.3), small=True)


def complaints(page: Page) -> Iterator[Block]:
    if page.channels:
        names: dict[str, Any] = writing.words()["channels"]
        rows = tuple((str(names.get(channel, channel)), number(count)) for channel, count in page.channels)
        yield Table(("Saluran", "Aduan"), rows, numbers=frozenset({1}), widths=(0.7, 0.3), small=True)


def satisfied_sites(issue: Issue) -> Table:
    """Each site's index is of its own answers; where they are too few there is none."""
    names = ("ikm", "ikm_margin", "ikm_grade", "ikm_answers")
    pages = (*issue.book.sites, issue.book.total)
    return Table(
        head=(writing.words()["tables"]["site"], "IKM", "Plus-minus", "Mutu", "Jawaban"),
        rows=tuple((page.name, *(short_figure(name, page.values[name]) for name in names)) for page in pages),
        numbers=frozenset(range(1, 5)),
        widths=(0.44, 0.14, 0.14, 0.14, 0.14),
        total=True,
        small=True,
    )


def satisfaction(page: Page) -> Iterator[Block]:
    if page.elements:
        labels, names = writing.words()["tables"], writing.words()["elements"]
        rows = tuple((names[element], number(mean, 2)) for element, mean in page.elements)
        yield Table((labels["element"], labels["mean"]), rows, numbers=frozenset({1}), widths=(0.7, 0.3), small=True)
