"""What is shown of a record that was found: what it is called, and the words around the find."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import Connection

from dalil.casebook.index.around import Row, rows_with
from dalil.casebook.index.document import TEXTS, TYPED, texts_of
from dalil.casebook.index.tables import RECORD
from dalil.casebook.record.form import Record
from dalil.casebook.search.query import Hit
from dalil.casebook.search.terms import Asked
from dalil.casebook.text.names import fold, script_of

HEADINGS = {
    "entity": ("names", "key"),
    "source": ("title", "publisher", "author", "key"),
    "proposition": ("question_en", "question_ar", "group", "predicate"),
    "assertion": ("text", "text_ar", "verbatim", "key"),
    "conduct": ("act",),
    "term": ("name_en", "name_ar"),
    "annotation": ("text_en", "text_ar", "label", "lane"),
    "speech": ("words",),
    "victim": ("names", "label", "key"),
}
AROUND = 12
HEADING, EXCERPT = 200, 400


def hits_of(connection: Connection, ns: Sequence[int], asked: Asked) -> tuple[Hit, ...]:
    """Return the hits of these rows, in their order."""
    rows = {row.n: row for row in rows_with(connection, RECORD.c.n, ns)}
    wanted = {
        each.words[0]
        for term in asked.terms
        for wording in term.choice
        for each in wording
        if "=" not in each.words[0]
    }
    return tuple(_hit(rows[n], wanted, asked.named) for n in ns)


def _hit(row: Row, wanted: Collection[str], named: Collection[str]) -> Hit:
    record = row.record
    headings = tuple(_headings(record))
    return Hit(
        row.id,
        record.kind,
        getattr(record, TYPED[record.kind]) if record.kind in TYPED else None,
        getattr(record, "key", None),
        record.case,
        row.see,
        row.recorded_at,
        headings,
        _excerpt(record, headings, wanted),
        row.id in named,
    )


def _headings(record: Record) -> Iterator[str]:
    """Yield the first text that says what a record is, and the first one in another script."""
    scripts: set[str] = set()
    for name in HEADINGS.get(record.kind, TEXTS[record.kind]):
        for text in texts_of(record, name):
            script = script_of(text)
            if not scripts or script not in {*scripts, "Zyyy"}:
                scripts.add(script)
                yield text[:HEADING]
            if len(scripts) > 1:
                return


def _excerpt(record: Record, headings: Iterable[str], wanted: Collection[str]) -> str:
    if not wanted:
        return ""
    shown = set(headings)
    for name in TEXTS[record.kind]:
        for text in texts_of(record, name) if name != "key" else ():
            if text[:HEADING] in shown or not _holds(text, wanted):
                continue
            words = text.split()
            place = _place(words, text, wanted)
            first = max(0, place - AROUND)
            before = "… " if first else ""
            after = " …" if place + AROUND < len(words) else ""
            return before + " ".join(words[first : place + AROUND])[:EXCERPT] + after
    return ""


def _place(words: Sequence[str], text: str, wanted: Collection[str]) -> int:
    """Return the place of the first word that is wanted; 0 where it is parted in writing."""
    folded = fold(text).split()
    if len(folded) == len(words):
        return next(i for i, each in enumerate(folded) if each.startswith(tuple(wanted)))
    return next((i for i, word in enumerate(words) if _holds(word, wanted)), 0)


def _holds(text: str, wanted: Collection[str]) -> bool:
    folded = fold(text)
    # Most texts hold none of the words anywhere: the quick question comes first.
    return any(each in folded for each in wanted) and any(
        word.startswith(tuple(wanted)) for word in folded.split()
    )
