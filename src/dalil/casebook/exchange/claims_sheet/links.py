"""What the column `supports/contradicts` says: which row speaks against, or repeats, which."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from dalil.casebook.exchange.claims_sheet.answers import Piece, label_of
from dalil.casebook.exchange.claims_sheet.layout import Layout, any_in
from dalil.casebook.exchange.claims_sheet.sources import Sources
from dalil.casebook.exchange.sheets import Faults
from dalil.casebook.record.edtf import bounds_of
from dalil.casebook.record.names import fold

ASIDE = re.compile(r"\([^()]*\)")
QUESTION = re.compile(r"\((?P<label>[A-Z]{1,3}\d{1,4})\)")
WORD = re.compile(r"[\w-]+")
REPEATS, BY = "repeats", "contradicted_by"
NO_ROW = "words of another row; none was found, so this stays a note"
Text = Callable[[Piece], str]


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that a row says of others: ``verb`` as the layout reads it, and of whom."""

    verb: str
    target: str
    text: str
    question: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """``by`` stands to ``on`` as ``verb`` says; ``text`` is the sheet's own words."""

    by: Piece
    on: Piece
    verb: str
    text: str


@dataclass(slots=True)
class Links:
    """Finds the rows that a cell speaks of."""

    pieces: Sequence[Piece]
    sources: Sources
    layout: Layout
    faults: Faults
    _by_question: dict[str, list[Piece]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the pieces by the question that they answer."""
        for piece in self.pieces:
            self._by_question.setdefault(label_of(piece.row.question), []).append(piece)

    def joined(self) -> dict[str, str]:
        """Return which piece (key) says again, or denies, what which other one (key) said."""
        found: dict[str, str] = {}
        for piece in self.pieces:
            for clause in clauses_of(piece.row.relation, self.layout):
                denial = piece.denies and clause.verb == "contradicts"
                if piece.count or piece.object or not (denial or clause.verb == REPEATS):
                    continue
                named = [p for p in self._of_named_sources(piece, clause) if not p.count]
                if named and found.get(named[0].key) != piece.key:
                    found.setdefault(piece.key, named[0].key)
        return found

    def all(self) -> Iterator[Link]:
        """Yield every link between two rows; remark on what names no row."""
        for own in _rows(self.pieces):
            for clause in clauses_of(own[0].row.relation, self.layout):
                if clause.verb == REPEATS or any_in(clause.text, self.layout.unsure):
                    continue
                targets = self._targets(own[0], clause)
                if not targets and clause.target:
                    where = own[0].row.place
                    where.remark(self.faults, "relation", clause.text, NO_ROW)
                for target in targets:
                    nearest = max(own, key=lambda piece: _near(piece, target))
                    if clause.verb == BY:
                        yield Link(target, nearest, "contradicts", clause.text)
                    else:
                        yield Link(nearest, target, clause.verb, clause.text)

    def _targets(self, piece: Piece, clause: Clause) -> list[Piece]:
        named = self._of_named_sources(piece, clause)
        if named:
            return named
        asked = self._asked(piece, clause)
        others = [p for p in asked if p.row.key != piece.row.key and not p.denies]
        words = self._words(clause.target)
        if any_in(clause.target, self.layout.same_source):
            same = [p for p in others if p.row.source == piece.row.source]
            return _naming(same, words, lambda p: f"{p.answer.text} {p.row.claim}") or same
        if any_in(clause.target, self.layout.all_others):
            return [p for p in others if p.subject == piece.subject]
        return self._in_words(piece, clause, others)

    def _of_named_sources(self, piece: Piece, clause: Clause) -> list[Piece]:
        keys = self.sources.named(frozenset(WORD.findall(clause.target)))
        asked = [p for p in self._asked(piece, clause) if p.row.key != piece.row.key]
        named = [p for p in asked if p.row.source in keys]
        return [p for p in named if p.subject == piece.subject] or named

    def _asked(self, piece: Piece, clause: Clause) -> list[Piece]:
        return self._by_question.get(clause.question or label_of(piece.row.question), [])

    def _in_words(self, piece: Piece, clause: Clause, others: Sequence[Piece]) -> list[Piece]:
        """Return the rows that hold the words by which a clause names them."""
        passive = clause.verb == BY
        others = [p for p in others if passive or not _after(p, piece)]
        levels: list[Text] = [
            lambda p: p.answer.text,
            lambda p: self.sources.rows[p.row.source].publisher,
            lambda p: _upheld(p.row.relation, self.layout),
            lambda p: p.row.claim,
        ]
        if passive:
            levels = [lambda p: f"{p.answer.text} {p.row.claim} {p.row.evidence}"]
        found: dict[str, Piece] = {}
        for name in re.split(r"/| and ", clause.target) if passive else clause.target.split("/"):
            words = self._words(name)
            same = [p for p in others if p.subject == piece.subject]
            for level, group in ((level, group) for level in levels for group in (same, others)):
                hits = _naming(group, words, level)
                if hits:
                    found |= {p.key: p for p in hits}
                    break
        return list(found.values())

    def _words(self, text: str) -> frozenset[str]:
        words = (self.layout.numbers.get(word, word) for word in fold(text).split())
        return frozenset(words) - self.layout.empty_words


def clauses_of(text: str, layout: Layout) -> Iterator[Clause]:
    """Yield what a cell says of other rows; what merely agrees is no link."""
    for part in re.split(r";(?![^()]*\))", text):
        said = part.strip()
        for verb, meaning in layout.verbs:
            if said.casefold().startswith(verb):
                question = QUESTION.search(said)
                target = ASIDE.sub(" ", said[len(verb) :])
                label = question["label"] if question else None
                yield Clause(meaning, target.strip(' "“”.'), said, label)
                break


def _upheld(text: str, layout: Layout) -> str:
    """Return what a cell says that its own row holds: `asserts capture`, `supports Wednesday`."""
    parts = [each.strip() for each in text.split(";")]
    verbs = tuple(verb for verb, _ in layout.verbs)
    return " ".join(each for each in parts if not each.casefold().startswith(verbs))


def _naming(pieces: Iterable[Piece], words: frozenset[str], text: Text) -> list[Piece]:
    if not words:
        return []
    return [p for p in pieces if words <= frozenset(fold(text(p)).split())]


def _rows(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    rows: dict[str, list[Piece]] = {}
    for piece in pieces:
        rows.setdefault(piece.row.key, []).append(piece)
    yield from rows.values()


def _near(piece: Piece, target: Piece) -> tuple[bool, bool]:
    return piece.subject == target.subject, piece.predicate == target.predicate


def _after(piece: Piece, other: Piece) -> bool:
    """Whether a piece speaks of a time that begins only after the other's has ended."""
    if not (piece.row.valid and other.row.valid):
        return False
    start, end = bounds_of(piece.row.valid).s_min, bounds_of(other.row.valid).e_max
    return start is not None and end is not None and start > end
