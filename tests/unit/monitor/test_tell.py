"""What people are told of a change: its begin, its better name, its end; of announced work nothing."""

from __future__ import annotations

from hotspot.sites import Sites
from monitor.cause import Cause
from monitor.grade import Grade
from monitor.incidents import Change, Closed, Incident, Opened, Turned
from monitor.tell import tell

AT = 1_780_030_800.0  # 12.00 in Jakarta
CUT = Cause("link-down", "link", "purworejo-kutoarjo-trunk")
WORK, FIBRE = Grade("maintenance", "a splice"), Grade("fibre", "both ends answer")


def said(sites: Sites, *changes: Change) -> list[str]:
    texts: list[str] = []
    tell(changes, sites, AT, texts.append)
    return texts


def test_a_begin_and_an_end_are_told(sites: Sites) -> None:
    was = Incident(7, CUT, frozenset(), opened_at=AT - 7200, grade=FIBRE)

    assert said(sites, Opened(CUT, "dark", 30, frozenset(), FIBRE), Closed(7, was)) == [
        (
            "Tautan Purworejo-Kutoarjo (purworejo-kutoarjo-trunk) putus sejak pukul 12.00 (kurang dari satu menit). "
            "Terdampak: 30 pengguna. Penyebab: serat optik; hubungi kontraktor serat."
        ),
        "Purworejo-Kutoarjo (purworejo-kutoarjo-trunk) pulih setelah 2 jam.",
    ]


def test_a_better_name_is_told_with_when_it_began(sites: Sites) -> None:
    (text,) = said(sites, Turned(7, CUT, "dark", 0, FIBRE, since=AT - 3600))

    assert "sejak pukul 11.00 (1 jam)" in text


def test_announced_work_wakes_nobody(sites: Sites) -> None:
    was = Incident(7, CUT, frozenset(), opened_at=AT - 7200, grade=WORK)

    assert said(sites, Opened(CUT, "dark", 30, frozenset(), WORK), Closed(7, was)) == []
