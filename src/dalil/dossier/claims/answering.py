"""Answers on who commanded, as they leave: nothing of a withheld source or protected name."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dalil.casebook.casebook import Casebook
from dalil.casebook.command.answer import Answer
from dalil.casebook.command.who import who_commanded
from dalil.casebook.index.view import View
from dalil.casebook.record.form import ID
from dalil.dossier.claims.closure import EVERYTHING
from dalil.dossier.claims.listing import Answered
from dalil.dossier.claims.showing import Selection, Shield
from dalil.kernel import canonical
from dalil.kernel.canonical import Json

# Said with every answer, whatever it is.
NOT_SAID = {
    "en": "Present in the area is not: took part. In command on the day is not: liable.",
    "ar": "الوجود في المنطقة ليس مشاركة، وتولّي القيادة في ذلك اليوم ليس مسؤولية قانونية.",
}
# Where one of these becomes shorter, something is withheld.
CITING = ("sources", "stated_by")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: who commanded the unit present at ``place`` on ``day`` (an ordinal)."""

    place: str
    day: int

    @property
    def on(self) -> str:
        """The day as YYYY-MM-DD."""
        return date.fromordinal(self.day).isoformat()


def answer_all(casebook: Casebook, asked: Sequence[Asked], view: View) -> list[Answer]:
    """Answer every question as somebody may see it.

    Raises:
        NoSuchThing: no such place.

    """
    return [who_commanded(casebook, each.place, each.day, view) for each in asked]


def opposing(
    casebook: Casebook, asked: Sequence[Asked], answers: Sequence[Answer]
) -> frozenset[str]:
    """Return what speaks against a link of an answer, though whoever gets it may not see that."""
    found: set[str] = set()
    for one, answer in zip(asked, answers, strict=True):
        seen = {(link.what, link.a, link.b) for link in answer.links}
        whole = who_commanded(casebook, one.place, one.day, EVERYTHING)
        found |= {
            against.record
            for link in whole.links
            if (link.what, link.a, link.b) in seen
            for against in link.against
        }
    return frozenset(found)


def masked_answers(
    asked: Sequence[Asked], answers: Sequence[Answer], selection: Selection
) -> tuple[Answered, ...]:
    """Return answers as files, with what is withheld closed in them too."""
    pairs = zip(asked, answers, strict=True)
    return tuple(
        _answered(number, one, answer, selection) for number, (one, answer) in enumerate(pairs, 1)
    )


def _answered(number: int, asked: Asked, answer: Answer, selection: Selection) -> Answered:
    shield = selection.shield
    shown = masked(answer, shield)
    place = "" if shield.closes(asked.place) else asked.place
    here = {each.known.record.id for each in selection.shown}
    document: Json = {
        "v": 1,
        "kind": "dalil-command-answer",
        "asked": {"place": place, "on": asked.on},
        "answer": plain(shown),
        "not_said": dict(NOT_SAID),
    }
    return Answered(
        f"answers/{number:04}.json",
        canonical.encode(document),
        place,
        asked.on,
        tuple(sorted(set(shown.records()) & here)),
        shown,
    )


def masked(value: Json, shield: Shield) -> Json:
    """Return a value without ids of withheld sources and texts that hold a protected name.

    A text becomes empty; a pair of which one becomes empty, a source without its id, and an id in
    a list go; whoever cited them is marked as citing something withheld.
    """
    if isinstance(value, str):
        return "" if shield.closes(value) else value
    if isinstance(value, tuple):
        return _masked_row(value, shield)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    said = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    kept = {name: masked(each, shield) for name, each in said.items()}
    if said.get("id") and not kept["id"]:
        return ""
    if "withheld" in said and any(len(kept.get(n, ())) < len(said.get(n, ())) for n in CITING):
        kept["withheld"] = True
    return dataclasses.replace(value, **kept)


def _masked_row(row: tuple[Json, ...], shield: Shield) -> tuple[Json, ...]:
    kept = tuple(masked(each, shield) for each in row)
    lost = [each for each, now in zip(row, kept, strict=True) if each and now in ("", ())]
    if not lost:
        return kept
    whole = all(isinstance(each, str) and not ID.fullmatch(each) for each in row)
    # Of a pair of words nothing is left; of ids and of things, the others.
    return () if whole else tuple(each for each in kept if each not in ("", ()))


def plain(value: object) -> Json:
    """Return dataclasses and tuples as objects and lists."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value
