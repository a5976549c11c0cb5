"""Letters to the OPDs and to the head of office, in Indonesian as all official mail of a regency is (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_datetime

from hotspot.sites import Sites
from office.facts import Complaint
from office.report.figures import PROMISE


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str


def forwarded(complaint: Complaint, where: str, reply: str, sites: Sites) -> Letter:
    due = datetime.fromtimestamp(complaint.received_at + PROMISE, sites.timezone)
    until = format_datetime(due, "EEEE, d MMMM y 'pukul' HH.mm zzz", locale="id")
    return Letter(
        f"Aduan Wi-Fi nomor {complaint.id}: mohon jawaban",
        f"Aduan nomor {complaint.id} diteruskan kepada Saudara.\n\nTempat: {where}\nIsi aduan:\n{complaint.text}\n\n"
        f"Mohon dijawab paling lambat {until} melalui tautan berikut (tanpa akun):\n{reply}\n\n"
        f"{sites.office.name}\n",
    )


def escalated(complaint: Complaint, where: str, reply: str, left: float) -> Letter:
    hours = int(abs(left) // 3600)
    urgency = f"sisa waktu {hours} jam" if left >= 0 else f"terlambat {hours} jam"
    return Letter(
        f"Aduan Wi-Fi nomor {complaint.id} belum dijawab: {urgency}",
        f"Aduan nomor {complaint.id} belum dijawab, {urgency} dari janji 2 x 24 jam.\n\nTempat: {where}\n"
        f"Isi aduan:\n{complaint.text}\n\nJawab melalui:\n{reply}\n",
    )
