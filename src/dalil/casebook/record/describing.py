"""What is described of footage: a code book's terms, annotations in lanes, what is spoken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dalil.casebook.record.form import (
    SLUG,
    Record,
    choice,
    each,
    edtf,
    field,
    identifier,
    quoted,
    record_kind,
    text,
    truth,
    whole,
)
from dalil.casebook.record.sources import BOX, timebase
from dalil.kernel.canonical import Json

BASES = ("observation", "inference")
# A round that is stopped stays blind; what is to be seen of it is written again without it.
ROUND_STATES = ("open", "stopped")
MEDIA = ("spoken", "written")


def slug(value: Json) -> str:
    """Check the short name of a code book."""
    right = isinstance(value, str) and SLUG.fullmatch(value)
    return "" if right else f"{quoted(value)} is no short name (a-z, 0-9, . _ -)"


def _backwards(start: int, end: int) -> str:
    return "pts_start, pts_end: the stretch runs backwards" if start > end else ""


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Record):
    """One term of a code book, in two languages, with the definition that it has ``since`` a day.

    ``book`` is the code book's short name, ``key`` the term's name within it. A new definition is
    a revision: what a term meant on an earlier day stays readable. ``broader`` is the term (id)
    that it is a case of. ``severity``, 0 to 5, is that of whatever is described by it.
    """

    kind: ClassVar[str] = "term"

    book: str = field(slug)
    key: str = field(text(200))
    name_en: str | None = field(text(500), default=None)
    name_ar: str | None = field(text(500), default=None)
    definition_en: str | None = field(text(), default=None)
    definition_ar: str | None = field(text(), default=None)
    since: str | None = field(edtf, default=None)
    broader: str | None = field(identifier, default=None)
    severity: int | None = field(whole(0, 5), default=None)

    def wrong_together(self) -> str:
        """Refuse a term without a name, or one that is a case of itself."""
        if self.name_en is None and self.name_ar is None:
            return "name_en, name_ar: a term has a name"
        return "broader: a term is no case of itself" if self.broader == self.id else ""


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation(Record):
    """What is seen or heard in a stretch of an item, in one lane.

    It says a term of a code book, a text, or a ``label`` ("person 3"), which tells apart within a
    clip and names nobody. Positions are presentation timestamps with their time base; ``box`` is
    in pixels from the upper left corner. ``severity``, 0 to 5, where it is not the term's.
    An inference cites the observations (ids) that it rests on. In a ``round`` it is read by its
    ``annotator`` (the person's id) alone until every annotator has submitted.
    """

    kind: ClassVar[str] = "annotation"

    item: str = field(identifier)
    lane: str = field(text(200))
    pts_start: int = field(whole())
    pts_end: int = field(whole())
    timebase: str = field(timebase)
    term: str | None = field(identifier, default=None)
    text_en: str | None = field(text(), default=None)
    text_ar: str | None = field(text(), default=None)
    label: str | None = field(text(500), default=None)
    box: Json | None = field(BOX, default=None)
    severity: int | None = field(whole(0, 5), default=None)
    basis: str = field(choice(*BASES), default="observation")
    rests_on: tuple[str, ...] = field(each(identifier), default=())
    round: str | None = field(identifier, default=None)
    annotator: str | None = field(identifier, default=None)
    machine: bool = field(truth, default=False)

    def wrong_together(self) -> str:
        """Refuse an annotation that says nothing, runs backwards, or infers from nothing."""
        if not (self.term or self.text_en or self.text_ar or self.label):
            return "term, text_en, text_ar, label: an annotation says something"
        if self.basis == "inference" and not self.rests_on:
            return "rests_on: an inference cites the observations that it rests on"
        if (self.round is None) != (self.annotator is None):
            return "round, annotator: an annotation of a round says whose it is"
        return _backwards(self.pts_start, self.pts_end)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Speech(Record):
    """What is said or written in a stretch of an item: one segment of a transcript, or of its
    translation.

    ``of`` is the segment (id) that it translates. Segments with another ``version`` ("court",
    "second translator") are rivals, and stand side by side. ``speaker`` is a label, no identity.
    ``certified`` is said by whoever records it of a sworn translation, whose ``note`` says which.
    """  # noqa: D205 - one sentence

    kind: ClassVar[str] = "speech"

    item: str = field(identifier)
    pts_start: int = field(whole())
    pts_end: int = field(whole())
    timebase: str = field(timebase)
    lang: str = field(text(35))
    words: str = field(text())
    speaker: str | None = field(text(500), default=None)
    medium: str = field(choice(*MEDIA), default="spoken")
    of: str | None = field(identifier, default=None)
    version: str | None = field(text(200), default=None)
    translator: str | None = field(text(500), default=None)
    certified: bool = field(truth, default=False)
    machine: bool = field(truth, default=False)
    note: str | None = field(text(), default=None)

    def wrong_together(self) -> str:
        """Refuse a translator without a translation, and a certified one without a person."""
        if self.of == self.id:
            return "of: a segment is no translation of itself"
        if self.translator and self.of is None:
            return "translator, of: a translation names the segment that it translates"
        if self.certified and (self.translator is None or self.machine):
            return "certified, translator: a certified translation names who translated it"
        return _backwards(self.pts_start, self.pts_end)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Round(Record):
    """Blind double annotation: who describes an item, in which lanes, with which code book.

    ``annotators`` are persons (ids), two or more. What they write in it nobody else reads until
    each of them has written a `Submission`.
    """

    kind: ClassVar[str] = "round"

    item: str = field(identifier)
    book: str = field(slug)
    lanes: tuple[str, ...] = field(each(text(200), 50))
    annotators: tuple[str, ...] = field(each(identifier, 20))
    state: str = field(choice(*ROUND_STATES), default="open")
    note: str | None = field(text(), default=None)

    def wrong_together(self) -> str:
        """Refuse a round of one, and one about nothing."""
        if len(set(self.annotators)) < 2 or len(set(self.annotators)) != len(self.annotators):  # noqa: PLR2004 - double
            return "annotators: at least two persons, each once"
        return "" if self.lanes else "lanes: at least one"


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Submission(Record):
    """That one annotator (a person's id) has finished a round."""

    kind: ClassVar[str] = "submission"

    round: str = field(identifier)
    annotator: str = field(identifier)
    note: str | None = field(text(), default=None)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Record):
    """How a third person decides where the annotators of a round differ, with reasons.

    ``between`` are the annotations (ids) that differ, ``accepts`` the one of them that stands;
    without it none of them does. ``term`` is what is decided instead, where it is neither's.
    """

    kind: ClassVar[str] = "decision"

    round: str = field(identifier)
    lane: str = field(text(200))
    pts_start: int = field(whole())
    pts_end: int = field(whole())
    timebase: str = field(timebase)
    reasoning: str = field(text())
    between: tuple[str, ...] = field(each(identifier, 200), default=())
    accepts: str | None = field(identifier, default=None)
    term: str | None = field(identifier, default=None)

    def wrong_together(self) -> str:
        """Refuse to accept what was not in question, or two things at once."""
        if self.accepts is not None and self.accepts not in self.between:
            return "accepts: it is one of those in `between`"
        if self.accepts is not None and self.term is not None:
            return "accepts, term: an annotation stands, or another term in its place"
        return _backwards(self.pts_start, self.pts_end)
