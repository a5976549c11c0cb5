"""The notice that visitors agree to: which words in which language, kept so that each consent can be proved."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, g, render_template
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from hotspot.log import event
from hotspot.sites import Sites
from hotspot.store import Store, StoreAway
from hotspot.tables import notices

log = logging.getLogger(__name__)

VERSION = "2026-11"  # changes with the meaning of the notice; its hash changes with every letter


@dataclass(frozen=True)
class Notice:
    language: str
    text: str

    @property
    def hash(self) -> str:
        """What a consent names."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def written(app: Flask, sites: Sites) -> dict[str, Notice]:
    """The notice in each language as the pages show it."""
    return {language: Notice(language, _text(app, sites, language)) for language in sites.languages}


def keep(store: Store, all_of_them: Iterable[Notice], now: float) -> None:
    """Write down those that are new. Without its words a hash proves nothing (UU 27/2022, article 24)."""
    for notice in all_of_them:
        row = {"hash": notice.hash, "version": VERSION, "language": notice.language, "text": notice.text}
        try:
            with store.writing() as connection:
                if connection.execute(select(notices.c.hash).where(notices.c.hash == notice.hash)).first() is None:
                    connection.execute(insert(notices), row | {"since": int(now)})
        except IntegrityError:
            continue  # another worker was quicker
        except StoreAway as error:  # nobody can agree to anything now; the next start writes it down
            event(log, logging.WARNING, "notice not kept", error=type(error).__name__)
            return


def _text(app: Flask, sites: Sites, language: str) -> str:
    with app.test_request_context():
        g.language = language
        return render_template("_notice_text.html", retention=sites.retention)
