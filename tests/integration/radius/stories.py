"""What NASes report in all the ways that go wrong, as data: what was said, in which order, and what is true of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

SQUARE, HOUSE = "gw-alun-alun-besar", "gw-pendopo-wabup"
GIGA = 1 << 32


@dataclass(frozen=True)
class Told:
    """One report. ``at`` and ``seconds`` count from the story's beginning; None is "not a word"."""

    status: int
    at: int
    seconds: int | None = None
    up: int | None = None
    down: int | None = None
    cause: int | None = None
    nas: str = SQUARE
    user: str = "visitor"
    told_class: str = "own"  # own | none | two | foreign
    life: int = 0  # which Accept its Class comes from
    clock: int = 0  # seconds by which the NAS's clock, which Event-Timestamp tells, is ahead


@dataclass(frozen=True)
class Row:
    """A session as it was: ``stopped`` None while no Stop was reported."""

    started: int
    stopped: int | None
    seconds: int
    up: int
    down: int
    nas: str = SQUARE


@dataclass(frozen=True)
class Story:
    name: str
    told: tuple[Told, ...]
    truth: tuple[Row, ...]


def start(at: int = 0, **facts: object) -> Told:
    return replace(Told(1, at), **facts)  # type: ignore[arg-type]


def interim(at: int, up: int | None, down: int | None, **facts: object) -> Told:
    return replace(Told(3, at, at, up, down), **facts)  # type: ignore[arg-type]


def stop(at: int, up: int | None, down: int | None, **facts: object) -> Told:
    return replace(Told(2, at, at, up, down, 1), **facts)  # type: ignore[arg-type]


def boot(at: int, status: int = 7, nas: str = SQUARE) -> Told:
    return Told(status, at, nas=nas)


WHOLE = (start(), interim(300, 10, 100), interim(600, 20, 200), stop(900, 30, 300))
TRUE = Row(0, 900, 900, 30, 300)
REUSED = tuple(replace(told, at=told.at + 2000, life=1) for told in WHOLE)
AFTER = replace(TRUE, started=2000, stopped=2900)

S01 = Story("a whole session", WHOLE, (TRUE,))
S02 = Story("the Start is lost", WHOLE[1:], (TRUE,))
S03 = Story("the Stop is lost", WHOLE[:3], (Row(0, None, 600, 20, 200),))
S04 = Story("only the Stop arrives", WHOLE[3:], (TRUE,))
S05 = Story("the Start comes again after interims", (*WHOLE[:3], start(), start(), WHOLE[3]), (TRUE,))
S06 = Story("the Stop comes three times", (*WHOLE, WHOLE[3], WHOLE[3]), (TRUE,))
S07 = Story("the Stop comes before the Start", (WHOLE[3], WHOLE[0]), (TRUE,))
S08 = Story("an interim comes after the Stop", (*WHOLE[:2], WHOLE[3], WHOLE[2]), (TRUE,))
S08B = Story("an interim after the Stop knows more", (*WHOLE, interim(900, 35, 350)), (Row(0, 900, 900, 35, 350),))
S09 = Story("interims change places", (WHOLE[0], WHOLE[2], WHOLE[1]), (Row(0, None, 600, 20, 200),))
S10 = Story("the Stop tells no octets", (*WHOLE[:3], stop(900, None, None)), (Row(0, 900, 900, 20, 200),))
S11 = Story(
    "octets pass 2^32, with Gigawords",
    (start(), interim(300, 7, GIGA - 1), interim(600, GIGA + 8, 5 * GIGA + 9)),
    (Row(0, None, 600, GIGA + 8, 5 * GIGA + 9),),
)
S12 = Story(
    "Gigawords fall back",
    (start(), interim(300, 7, 2 * GIGA + 5), interim(600, 8, GIGA + 6)),
    (Row(0, None, 600, 8, 2 * GIGA + 5),),
)
S13 = Story(
    "a counter falls (coova-chilli issue 179)",
    (start(), interim(300, 500, 100), interim(600, 300, 200), stop(900, 350, 300)),
    (Row(0, 900, 900, 500, 300),),
)
S14 = Story("a Session-Id is used again after a boot", (*WHOLE[:3], boot(1990), *REUSED), (S03.truth[0], AFTER))
S14B = Story("a Session-Id is used again, and no boot was told", (*WHOLE[:3], *REUSED), (S03.truth[0], AFTER))
S14C = Story("a stopped session's Id is used again", (*WHOLE, *REUSED), (TRUE, AFTER))
S16 = Story("Accounting-On comes after the new Start", (*WHOLE[:3], REUSED[0], boot(1990)),
            (S03.truth[0], Row(2000, None, 0, 0, 0)))  # fmt: skip
S18 = Story(
    "two NASes use the same Session-Id",
    (*WHOLE, *(replace(told, nas=HOUSE) for told in WHOLE[:2])),
    (TRUE, Row(0, None, 300, 10, 100, nas=HOUSE)),
)
S19 = Story(
    "User-Name changes its case and gets a realm, without Class",
    (
        replace(WHOLE[0], told_class="none"),
        replace(WHOLE[1], told_class="none", user="Visitor"),
        replace(WHOLE[3], told_class="none", user="visitor@purworejo"),
    ),
    (TRUE,),
)
S20 = Story("Class is not sent back", tuple(replace(told, told_class="none") for told in WHOLE), (TRUE,))
S20B = Story("Class comes with another before it", tuple(replace(told, told_class="two") for told in WHOLE), (TRUE,))
S20C = Story("Class is another server's", tuple(replace(told, told_class="foreign") for told in WHOLE), (TRUE,))
S22 = Story("the NAS's clock stands at 1970", tuple(replace(told, clock=-1_790_000_000) for told in WHOLE), (TRUE,))
S22B = Story("the NAS calls local time UTC", tuple(replace(told, clock=7 * 3600) for told in WHOLE), (TRUE,))
S22C = Story("the NAS's clock has passed 2038", tuple(replace(told, clock=400_000_000) for told in WHOLE), (TRUE,))
S23 = Story(
    "Session-Time falls",
    (*WHOLE[:2], replace(WHOLE[2], seconds=100), WHOLE[3]),
    (TRUE,),
)

DIFFERENTIAL: dict[str, Story] = {
    "S1": S01, "S2": S02, "S3": S03, "S4": S04, "S5": S05, "S6": S06, "S7": S07, "S8": S08, "S8b": S08B, "S9": S09,
    "S10": S10, "S11": S11, "S12": S12, "S13": S13, "S14": S14, "S14b": S14B, "S14c": S14C, "S16": S16, "S18": S18,
    "S19": S19, "S20": S20, "S20b": S20B, "S20c": S20C, "S22": S22, "S22b": S22B,
    "S22c": S22C, "S23": S23,
}  # fmt: skip
