"""Where a frozen report's QR code leads: the figures that were frozen, and whether the paper's sha256 is theirs."""

from __future__ import annotations

import re
from datetime import datetime

from flask import abort, render_template

from hotspot.command import OperatorError
from office.desk import the_desk
from office.open_data.door import pages
from office.report import writing
from office.report.chapters import SUMMARY, summary
from office.report.document import Block, Paragraph
from office.report.freeze import Frozen, frozen
from office.report.late import since_frozen


@pages.get("/verify/<month>")
@pages.get("/verify/<month>/<sha256>")
def check(month: str, sha256: str = "") -> str | tuple[str, int]:
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month, re.ASCII):
        abort(404)
    desk = the_desk()
    try:
        with desk.store.reading() as connection:
            proof = frozen(connection, month)
            late = since_frozen(connection, proof) if proof else None
    except OperatorError:
        return render_template("verify.html", month=month, damaged=True), 500
    if proof is None or (sha256 and sha256 != proof.sha256):
        return render_template("verify.html", month=month, proof=proof, asked=sha256), 404
    if not sha256:  # the exact sums are for who has the paper: beside the open data they could give a small site away
        return render_template("verify.html", month=month, proof=proof, told=writing.say("verify_by_paper"))
    at = writing.moment(datetime.fromtimestamp(proof.frozen_at, desk.sites.timezone))
    return render_template(
        "verify.html", month=month, proof=proof, asked=sha256, blocks=_shown(proof, late), frozen_at=at
    )


def _shown(proof: Frozen, late: tuple[int, int, int] | None) -> list[Block]:
    """What the first page of the letter shows, and what has come since; a site of few devices is in the letter only."""
    return [summary(proof.book.total, SUMMARY), Paragraph(_since(*late or (0, 0, 0)))]


def _since(sessions: int, down: int, up: int) -> str:
    if not (sessions or down or up):
        return writing.say("since_none")
    return writing.say("since", sessions=writing.number(sessions), octets=writing.gigabytes(down + up))
