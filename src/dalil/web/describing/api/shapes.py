"""What the JSON interface takes and gives, field by field."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

MOST = 5000
WHOLE = Field(ge=0, le=2**53 - 1)
Hex = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
Slug = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9._-]{0,63}$")]
Base = Annotated[str, Field(pattern="^[1-9][0-9]{0,9}/[1-9][0-9]{0,9}$")]
Stamp = Annotated[int, Field(ge=-(2**53) + 1, le=2**53 - 1)]
Whole = Annotated[int, WHOLE]
Severity = Annotated[int, Field(ge=0, le=5)]
See = Literal["open", "restricted", "sealed"]


class Strict(Schema):
    """What is sent: no field beyond those that are named."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)


class Refused(Schema):
    """Why something was not done: what happened, to what, what is safe, what to do next."""

    refused: str
    happened: str
    about: list[str] = Field(default_factory=list)
    safe: str = ""
    next: str = ""


class AsKnown(Schema):
    """Which view is asked for: a class below one's own, or the end of an earlier day."""

    see: See | None = None
    known_on: date | None = None


class TimeOut(Schema):
    """An item's time: ``frames`` are distances from picture to picture, and how many in a row."""

    timebase: str
    zero: int
    end: int | None = None
    frames: list[tuple[int, int]]


class TermOut(Schema):
    """A term of a code book, as known."""

    id: str
    book: str
    key: str
    name_en: str | None = None
    name_ar: str | None = None
    definition_en: str | None = None
    definition_ar: str | None = None
    since: str | None = None
    broader: str | None = None
    severity: int | None = None
    depth: int = 0
    recorded_at: str
    revises: int
    withdrawn: str | None = None


class BoxShape(Strict):
    """Where in the picture, in pixels from its upper left corner."""

    x: Whole
    y: Whole
    w: Annotated[int, Field(ge=1, le=2**53 - 1)]
    h: Annotated[int, Field(ge=1, le=2**53 - 1)]


class AnnotationOut(Schema):
    """One annotation, as the view knows it; ``revises`` is what its next revision says."""

    id: str
    revises: int
    see: str
    case: str | None = None
    lane: str
    pts_start: int
    pts_end: int
    timebase: str
    term: str | None = None
    term_withheld: bool = False
    redefined: bool = False
    text_en: str | None = None
    text_ar: str | None = None
    label: str | None = None
    box: BoxShape | None = None
    severity: int | None = None
    basis: str
    rests_on: list[str]
    fallen: list[str] = Field(default_factory=list)
    round: str | None = None
    blind: bool = False
    decided: str | None = None
    machine: bool = False
    recorded_at: str
    withdrawn: str | None = None


class RoundShape(Schema):
    """A blind round, as far as an editor needs it."""

    id: str
    item: str
    book: str
    lanes: list[str]
    annotators: int
    submitted: int
    done: bool
    mine: bool


class LanesOut(Schema):
    """All lanes of an item, the terms that may be chosen, and the time of the item."""

    item: str
    clock: TimeOut
    lanes: list[str]
    terms: list[TermOut]
    annotations: list[AnnotationOut]
    round: RoundShape | None = None


class ChangeIn(Strict):
    """What one annotation is to say; ``gone``: it is withdrawn, for the reason in ``note``."""

    id: Hex
    revises: Whole
    lane: Annotated[str, Field(min_length=1, max_length=200)]
    pts_start: Stamp
    pts_end: Stamp
    timebase: Base
    term: Hex | None = None
    text_en: Annotated[str | None, Field(max_length=65536)] = None
    text_ar: Annotated[str | None, Field(max_length=65536)] = None
    label: Annotated[str | None, Field(max_length=500)] = None
    box: BoxShape | None = None
    severity: Severity | None = None
    basis: Literal["observation", "inference"] = "observation"
    rests_on: Annotated[list[Hex], Field(max_length=1000)] = Field(default_factory=list)
    round: Hex | None = None
    see: See | None = None
    case: Annotated[str | None, Field(max_length=64)] = None
    gone: bool = False


class ChangesIn(Strict):
    """Everything that is signed in one act."""

    note: Annotated[str, Field(max_length=4000)] = ""
    round: Hex | None = None
    changes: Annotated[list[ChangeIn], Field(min_length=1, max_length=MOST)]


class SignedOut(Schema):
    """What was signed: the act (none where all of it was there), and each next ``revises``."""

    seq: int | None
    count: int
    revises: dict[str, int]


class ConflictOut(Refused):
    """What somebody else signed meanwhile; nothing of what was sent was written."""

    conflicts: list[AnnotationOut]


class SegmentOut(Schema):
    """One segment of a transcript or of its translation."""

    id: str
    pts_start: int
    pts_end: int
    timebase: str
    words: str
    speaker: str | None = None
    medium: str
    of: str | None = None
    fallen: bool
    translator: str | None = None
    certified: bool
    machine: bool
    note: str | None = None
    recorded_at: str
    revises: int


class TrackOut(Schema):
    """A transcript, or one of its translations."""

    lang: str
    version: str | None = None
    translation: bool
    certified: bool
    segments: list[SegmentOut]


class TranscriptOut(Schema):
    """What is said in an item."""

    item: str
    tracks: list[TrackOut]


class BookOut(Schema):
    """The terms of one code book."""

    book: str
    terms: list[TermOut]


class BooksOut(Schema):
    """The names of the code books."""

    books: list[str]


class LaneAgreementOut(Schema):
    """How far a round's annotators agree in one lane; alpha is none where it is not defined."""

    lane: str
    timebase: str
    alpha: float | None = None
    agreed: float | None = None
    differences: int
    undecided: int


class AgreementOut(Schema):
    """How far a round's annotators agree."""

    round: RoundShape
    lanes: list[LaneAgreementOut]
