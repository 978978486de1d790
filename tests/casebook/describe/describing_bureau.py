"""A bureau with two who describe and a third, a code book, and short ways to write."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casebook.bureau import open_bureau
from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View
from dalil.casebook.record.describing import Annotation, Round, Speech, Submission, Term
from dalil.casebook.record.form import Record, new_id
from dalil.kernel.disclosure import b64url
from dalil.ledger import people
from dalil.ledger.keyring import ScryptCost, Signer

ITEM = "a" * 32
TICK = "1/1000"
BOOK = "acts"


@dataclass(frozen=True, slots=True)
class Office:
    """Who is there: ``rima`` and ``idris`` describe, ``layla`` is the third, ``salma`` keeps."""

    archive: Path
    casebook: Casebook
    salma: Signer
    rima: Signer
    idris: Signer
    layla: Signer
    terms: dict[str, Term] = field(default_factory=dict)

    def write(self, by: Signer, *records: Record, note: str = "") -> None:
        """Write records in one act."""
        self.casebook.write(records, by, note)

    def seen_by(self, signer: Signer, clearance: int = 2) -> View:
        """Return the view of somebody who is logged in."""
        return View(clearance, author=b64url(signer.public_key))


def open_office(folder: Path) -> Office:
    """Make an archive with four people and a code book of three terms."""
    bureau = open_bureau(folder)
    rima, idris, layla = (
        people.add(bureau.casebook.ledger, bureau.signer, n, "reviewer", b"x", ScryptCost(n=2))[0]
        for n in ("Rima", "Idris", "Layla")
    )
    office = Office(bureau.archive, bureau.casebook, bureau.signer, rima, idris, layla)
    for key, severity, ar in (("walk", 0, "مشي"), ("shot", 4, "إطلاق نار"), ("fall", None, "سقوط")):
        office.terms[key] = Term(
            id=new_id(), book=BOOK, key=key, name_en=key.title(), name_ar=ar, severity=severity,
            definition_en=f"what is called {key}", since="2026-01-01",
        )  # fmt: skip
    office.write(office.salma, *office.terms.values())
    return office


def mark(start: int, end: int, **more: Any) -> Annotation:  # noqa: ANN401 - fields
    """Return an annotation in lane ``deeds``, in milliseconds."""
    said = {"id": new_id(), "item": ITEM, "lane": "deeds", "timebase": TICK} | more
    return Annotation(pts_start=start, pts_end=end, **said)


def spoken(start: int, end: int, words: str, **more: Any) -> Speech:  # noqa: ANN401 - fields
    """Return a segment of an Arabic transcript, in milliseconds."""
    said = {"id": new_id(), "item": ITEM, "lang": "ar", "timebase": TICK} | more
    return Speech(pts_start=start, pts_end=end, words=words, **said)


def blind(*signers: Signer, **more: Any) -> Round:  # noqa: ANN401 - fields
    """Return a round of these people in lane ``deeds``."""
    said = {"id": new_id(), "item": ITEM, "book": BOOK, "lanes": ("deeds",)} | more
    return Round(annotators=tuple(each.person_id for each in signers), **said)


def done(round_: Round, by: Signer) -> Submission:
    """Return that somebody has finished."""
    return Submission(id=new_id(), round=round_.id, annotator=by.person_id)
