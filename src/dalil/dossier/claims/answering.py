"""Answers on who commanded, as they leave: nothing of a withheld source or protected name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dalil.casebook.casebook import Casebook
from dalil.casebook.command.answer import Answer
from dalil.casebook.command.who import who_commanded
from dalil.casebook.index.view import View
from dalil.dossier.claims.listing import Answered
from dalil.dossier.claims.showing import Selection
from dalil.kernel import canonical
from dalil.kernel.canonical import Json

# What is said outside whatever the answer: in both languages, with every answer.
NOT_SAID = {
    "en": "Present in the area is not: took part. In command on the day is not: liable.",
    "ar": "الوجود في المنطقة ليس مشاركة، وتولّي القيادة في ذلك اليوم ليس مسؤولية قانونية.",
}


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


def masked_answers(
    asked: Sequence[Asked],
    answers: Sequence[Answer],
    selection: Selection,
    labels: Mapping[str, str],
) -> tuple[Answered, ...]:
    """Return answers as files, with what is withheld closed in them too."""
    pairs = zip(asked, answers, strict=True)
    return tuple(
        _answered(number, one, answer, selection, labels)
        for number, (one, answer) in enumerate(pairs, 1)
    )


def _answered(
    number: int, asked: Asked, answer: Answer, selection: Selection, labels: Mapping[str, str]
) -> Answered:
    said = _closed(_plain(answer), selection, labels)
    here = {each.known.record.id for each in selection.shown} - labels.keys()
    document: Json = {
        "v": 1,
        "kind": "dalil-command-answer",
        "asked": {"place": _text(asked.place, selection), "on": asked.on},
        "answer": said,
        "not_said": dict(NOT_SAID),
    }
    return Answered(
        f"answers/{number:04}.json",
        canonical.encode(document),
        _text(asked.place, selection),
        asked.on,
        tuple(sorted(set(answer.records()) & here)),
    )


def _plain(value: object) -> Json:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value


def _closed(value: Json, selection: Selection, labels: Mapping[str, str]) -> Json:
    """Return a value with labels for withheld records, and protected texts left empty.

    A withheld source is listed by its label alone: what it is called, by whom published and
    when goes with its id.
    """
    if isinstance(value, list):
        return [_closed(each, selection, labels) for each in value]
    if isinstance(value, dict):
        if value.get("id") in labels:
            return {"id": labels[value["id"]]}
        return {name: _closed(each, selection, labels) for name, each in value.items()}
    if isinstance(value, str):
        return labels.get(value) or _text(value, selection)
    return value


def _text(text: str, selection: Selection) -> str:
    return "" if selection.shield.closes(text) else text
