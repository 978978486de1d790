"""What is asked, what is asserted, and how a person weighs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dalil.casebook.record.form import (
    Record,
    choice,
    each,
    edtf,
    field,
    identifier,
    record_kind,
    shape,
    truth,
    whole,
)
from dalil.casebook.record.form import (
    text as words,
)
from dalil.casebook.record.sources import LOCATOR
from dalil.kernel.canonical import Json

STATUSES = (
    "not_assessed", "unsupported", "single_origin", "corroborated", "contested",
    "divergent_scope", "refuted", "withdrawn",
)  # fmt: skip
# ICD 203 (2015), D.6.e(2)(a): seven bands of likelihood, and no number of our own.
LIKELIHOODS = (
    "almost_no_chance", "very_unlikely", "unlikely", "roughly_even", "likely", "very_likely",
    "almost_certain",
)  # fmt: skip
MODALITIES = ("states", "estimates", "at_least", "at_most", "alleges", "infers", "retracts")
OBTAINED = ("freely", "custody", "deception", "coercion", "in_court", "leak", "unknown")
# What was said so cannot lift a status by itself.
CANNOT_LIFT = ("custody", "deception", "coercion")
PART = shape({"label": words(500)}, {"lo": whole(0), "hi": whole(0)})
MEMBER = shape({"proposition": identifier}, {"label": words(500)})


def backwards(lo: int | None, hi: int | None) -> str:
    """Say what is wrong with a count from ``lo`` to ``hi``; nothing where it is in order."""
    if lo is not None and hi is not None and lo > hi:
        return f"lo, hi: from {lo} to {hi} runs backwards"
    return ""


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Proposition(Record):
    """What is asked or said of a subject, apart from who says it.

    With ``object`` (an entity) or ``value`` (a text) it is a statement, which assertions affirm
    or deny. Without either it is a question, and each assertion brings its own answer (a count
    as ``lo``..``hi``, an entity, a text). With ``measure`` it is a count: ``scope`` is demanded.
    ``functional``: of rival values at one time only one can hold (a rank, a birth date).
    ``group`` joins propositions that answer one question of a page.
    """

    kind: ClassVar[str] = "proposition"

    subject: str = field(identifier)
    predicate: str = field(words(200))
    object: str | None = field(identifier, default=None)
    value: str | None = field(words(2000), default=None)
    scope: str | None = field(words(1000), default=None)
    measure: str | None = field(words(100), default=None)
    unit: str | None = field(words(40), default=None)
    valid: str | None = field(edtf, default=None)
    functional: bool = field(truth, default=False)
    group: str | None = field(words(500), default=None)
    question_en: str | None = field(words(2000), default=None)
    question_ar: str | None = field(words(2000), default=None)

    def wrong_together(self) -> str:
        """Refuse a count of nobody knows what."""
        if self.measure and not self.scope:
            return "scope: a count says what it counts, in which footage, of which day and place"
        return ""


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion(Record):
    """What one source says on one proposition, in its own words.

    ``lo`` and ``hi`` bound a number, both ends included (absent: no bound); ``about``: the source
    says so itself (about 40). ``origin`` is the source from which *this assertion* comes, if not
    from the speaker. ``evidence_offered`` absent: none is. ``asserted`` is when it was said,
    ``valid`` when it held. ``parts`` are stated parts of a number. ``text`` and ``text_ar`` are
    our wording in English and Arabic; ``verbatim`` is the source's own, in ``lang``.
    """

    kind: ClassVar[str] = "assertion"

    proposition: str = field(identifier)
    source: str = field(identifier)
    polarity: str = field(choice("affirms", "denies"), default="affirms")
    modality: str = field(choice(*MODALITIES), default="states")
    lo: int | None = field(whole(0), default=None)
    hi: int | None = field(whole(0), default=None)
    about: bool = field(truth, default=False)
    entity: str | None = field(identifier, default=None)
    text: str | None = field(words(4000), default=None)
    text_ar: str | None = field(words(4000), default=None)
    parts: tuple[Json, ...] = field(each(PART, 100), default=())
    parts_how: str | None = field(choice("complete", "incomplete", "overlapping"), default=None)
    mixed_scope: bool = field(truth, default=False)
    verbatim: str | None = field(words(), default=None)
    lang: str | None = field(words(35), default=None)
    locator: Json | None = field(LOCATOR, default=None)
    asserted: str | None = field(edtf, default=None)
    valid: str | None = field(edtf, default=None)
    origin: str | None = field(identifier, default=None)
    evidence_offered: str | None = field(words(4000), default=None)
    obtained_how: str = field(choice(*OBTAINED), default="unknown")
    hearsay: int = field(whole(0, 9), default=0)
    machine: bool = field(truth, default=False)
    note: str | None = field(words(), default=None)
    key: str | None = field(words(200), default=None)

    def wrong_together(self) -> str:
        """Refuse a reversed count, and parts that cannot add up to the whole."""
        from dalil.casebook.record.count import wrong_parts  # noqa: PLC0415 - counts know claims

        return backwards(self.lo, self.hi) or wrong_parts(self)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class CountGroup(Record):
    """How counts make up another: ``complete``, ``incomplete``, ``overlapping`` or ``derived``.

    A derived count (what remains when parts are taken away) never gains a citation of its own.
    """

    kind: ClassVar[str] = "count_group"

    whole: str = field(identifier)
    parts: tuple[Json, ...] = field(each(MEMBER, 100))
    how: str = field(choice("complete", "incomplete", "overlapping", "derived"))
    note: str | None = field(words(), default=None)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(Record):
    """The status that a person sets, with reasons; what the rule suggests stands beside it."""

    kind: ClassVar[str] = "assessment"

    proposition: str = field(identifier)
    status: str = field(choice(*STATUSES))
    reasoning: str = field(words())
    lo: int | None = field(whole(0), default=None)
    hi: int | None = field(whole(0), default=None)
    entity: str | None = field(identifier, default=None)
    likelihood: str | None = field(choice(*LIKELIHOODS), default=None)
    confidence: str | None = field(choice("low", "moderate", "high"), default=None)
    rests_on: tuple[str, ...] = field(each(identifier), default=())

    def wrong_together(self) -> str:
        """Refuse a reversed count."""
        return backwards(self.lo, self.hi)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption(Record):
    """A case relies on a proposition as one assessment has it. ``case`` says which."""

    kind: ClassVar[str] = "adoption"

    proposition: str = field(identifier)
    assessment: str | None = field(identifier, default=None)
    note: str | None = field(words(), default=None)
