"""What the column `supports/contradicts` says: which row speaks against, or repeats, which."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from dalil.casebook.exchange.claims_sheet.answers import Piece, label_of
from dalil.casebook.exchange.claims_sheet.layout import Layout, any_in
from dalil.casebook.exchange.claims_sheet.sources import Sources
from dalil.casebook.exchange.sheets import Faults
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.text.names import fold

ASIDE = re.compile(r"\([^()]*\)")
QUESTION = re.compile(r"\((?P<label>[A-Z]{1,3}\d{1,4})\)")
WORD = re.compile(r"[\w-]+")
REPEATS, BY = "repeats", "contradicted_by"
NO_ROW = "words of another row; none was found, so this stays a note"
TOO_MANY = "words of a few other rows; these fit too many, so this stays a note"
MOST_ROWS = 200
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
class _Asked:
    """The pieces that answer one question, found by the words of one of their texts."""

    pieces: list[Piece] = field(default_factory=list)
    of_source: dict[str, list[Piece]] = field(default_factory=dict)
    words: dict[str, dict[str, set[int]]] = field(default_factory=dict)

    def with_words(self, level: str, text: Text, words: frozenset[str]) -> list[Piece]:
        """Return the pieces whose text at this level holds all of the words."""
        if not words:
            return []
        if level not in self.words:
            index = self.words[level] = {}
            for place, piece in enumerate(self.pieces):
                for word in set(fold(text(piece)).split()):
                    index.setdefault(word, set()).add(place)
        sets = sorted((self.words[level].get(word, set()) for word in words), key=len)
        return [self.pieces[place] for place in sorted(set.intersection(*sets))]


@dataclass(slots=True)
class Links:
    """Finds the rows that a cell speaks of."""

    pieces: Sequence[Piece]
    sources: Sources
    layout: Layout
    faults: Faults
    _questions: dict[str, _Asked] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the pieces by the question that they answer."""
        for piece in self.pieces:
            asked = self._questions.setdefault(label_of(piece.row.question), _Asked())
            asked.pieces.append(piece)
            asked.of_source.setdefault(piece.row.source, []).append(piece)

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
        """Yield every link between two rows; remark on what names no row, or too many."""
        for own in _rows(self.pieces):
            for clause in clauses_of(own[0].row.relation, self.layout):
                if clause.verb == REPEATS or any_in(clause.text, self.layout.unsure):
                    continue
                targets = self._targets(own[0], clause)
                if clause.target and not 0 < len(targets) <= MOST_ROWS:
                    where, why = own[0].row.place, TOO_MANY if targets else NO_ROW
                    where.remark(self.faults, "relation", clause.text, why)
                    continue
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
        if any_in(clause.target, self.layout.same_source):
            same = [p for p in asked.of_source.get(piece.row.source, ()) if _other(p, piece)]
            hits = asked.with_words("said", _said, self._words(clause.target))
            return [p for p in same if p in hits] or same
        if any_in(clause.target, self.layout.all_others):
            others = (p for p in asked.pieces if p.subject == piece.subject)
            return [p for p in others if _other(p, piece)]
        return self._in_words(piece, clause, asked)

    def _of_named_sources(self, piece: Piece, clause: Clause) -> list[Piece]:
        asked = self._asked(piece, clause)
        keys = dict.fromkeys(WORD.findall(clause.target))
        found = [p for key in keys for p in asked.of_source.get(key, ())]
        named = [p for p in found if p.row.key != piece.row.key]
        return [p for p in named if p.subject == piece.subject] or named

    def _asked(self, piece: Piece, clause: Clause) -> _Asked:
        label = clause.question or label_of(piece.row.question)
        return self._questions.get(label) or _Asked()

    def _in_words(self, piece: Piece, clause: Clause, asked: _Asked) -> list[Piece]:
        """Return the rows that hold the words by which a clause names them."""
        passive = clause.verb == BY
        levels: dict[str, Text] = {
            "value": lambda p: p.answer.text,
            "publisher": lambda p: self.sources.rows[p.row.source].publisher,
            "upheld": lambda p: _upheld(p.row.relation, self.layout),
            "claim": lambda p: p.row.claim,
        }
        if passive:
            levels = {"all": lambda p: f"{p.answer.text} {p.row.claim} {p.row.evidence}"}
        found: dict[str, Piece] = {}
        for name in re.split(r"/| and ", clause.target) if passive else clause.target.split("/"):
            words = self._words(name)
            for level, text in levels.items():
                hits = [p for p in asked.with_words(level, text, words) if _other(p, piece)]
                hits = [p for p in hits if passive or not _after(p, piece)]
                if hits:
                    same = [p for p in hits if p.subject == piece.subject]
                    found |= {p.key: p for p in same or hits}
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


def _said(piece: Piece) -> str:
    return f"{piece.answer.text} {piece.row.claim}"


def _other(piece: Piece, own: Piece) -> bool:
    """Whether this is another row, and one that holds something."""
    return piece.row.key != own.row.key and not piece.denies


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
