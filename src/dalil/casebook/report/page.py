"""What the report of a case holds; its JSON has these names, and both languages of each sentence.

Every text of a source is verbatim. ``Worded`` is ours, in English and Arabic alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from dalil.kernel.canonical import Json


@dataclass(frozen=True, slots=True)
class Worded:
    """One sentence or name of ours in both languages."""

    en: str
    ar: str


@dataclass(frozen=True, slots=True)
class SourceShown:
    """Who speaks. ``withheld``: it is above the view's class, and nothing else is said of it."""

    withheld: bool
    id: str | None = None
    key: str | None = None
    type: str | None = None
    name: str | None = None
    title: str | None = None
    published: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Saying:
    """One assertion: who said it when, in which words, from where, with which evidence.

    ``sentence`` is ours, worded from its modality and status; ``verbatim`` is the source's own,
    ``text`` what the record says in short. ``why``: why it does not count, or lifts nothing
    (empty: it counts in full), in words in ``marks``. ``roots`` are the sources on which it rests
    in the end. ``number`` is told with its stated parts; ``derived``: what these leave of it,
    worked out by us. ``held``: ``valid`` in words, where its claim says another time or none.
    ``backed``: evidence that was recorded beside it and is not against it.
    """

    id: str
    key: str | None
    proposition: str
    source: SourceShown
    origin: SourceShown | None
    roots: tuple[SourceShown, ...]
    why: str
    marks: tuple[Worded, ...]
    backed: tuple[Worded, ...]
    sentence: Worded
    number: Worded | None
    derived: Worded | None
    modality: str
    polarity: str
    asserted: str | None
    valid: str | None
    held: Worded | None
    verbatim: str | None
    text: str | None
    text_ar: str | None
    lo: int | None
    hi: int | None
    about: bool
    parts: tuple[Json, ...]
    parts_how: str | None
    evidence_offered: str | None
    obtained_how: str
    machine: bool
    located: str | None


@dataclass(frozen=True, slots=True)
class Contrary:
    """What speaks against, and how (`how` in words: ``manner``).

    ``contests``: it offers evidence itself. Either an assertion (``saying``; ``answer`` is
    what it says in short) or a source's evidence (``source``, ``note``).
    """

    id: str
    how: str
    manner: Worded
    contests: bool
    saying: Saying | None = None
    answer: Worded | None = None
    source: SourceShown | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """One answer to a question, and how many outlets and independent origins give it."""

    said: Worded
    assertions: tuple[str, ...]
    outlets: int
    origins: int


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """Why a status is suggested: a fixed key, words, what it speaks of (ids), a number."""

    key: str
    said: Worded
    records: tuple[str, ...]
    count: int | None


@dataclass(frozen=True, slots=True)
class SetStatus:
    """The status that a person set: who, when, why; the latest of each person."""

    id: str
    status: str
    by: str
    at: str
    reasoning: str
    lo: int | None
    hi: int | None
    likelihood: str | None
    confidence: str | None


@dataclass(frozen=True, slots=True)
class Since:
    """From this day (``YYYY-MM-DD``) on, by what had been said, the suggested status was this."""

    day: str
    status: str


@dataclass(frozen=True, slots=True)
class Adopted:
    """Who let the case rely on it, when, and on which assessment (id; absent: on none)."""

    by: str
    at: str
    assessment: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """One proposition: what is said, for and against, the suggested and the set status.

    ``supporting`` affirm it and stand; ``apart`` is recorded and not counted. ``answers`` are
    those that were given to a question. ``divergent_from``: propositions that count another thing.
    ``made_of``: counts that are recorded as its parts, and whether they can make it up.
    """

    id: str
    statement: Worded
    short: Worded
    subject: Worded
    scope: str | None
    valid: str | None
    measure: str | None
    suggested: str
    reasons: tuple[ReasonShown, ...]
    tally: Worded
    outlets: int
    declared: int
    origins: int
    lo: int | None
    hi: int | None
    divergent_from: tuple[str, ...]
    answers: tuple[AnswerGiven, ...]
    made_of: tuple[Worded, ...]
    set: tuple[SetStatus, ...]
    adopted: tuple[Adopted, ...]
    supporting: tuple[Saying, ...]
    opposing: tuple[Contrary, ...]
    apart: tuple[Saying, ...]
    history: tuple[Since, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """One number as it is said, what it counts (``counted`` in words), and how many say it."""

    proposition: str
    question: int
    said: Worded
    scope: str | None
    counted: Worded
    suggested: str
    outlets: int
    origins: int


@dataclass(frozen=True, slots=True)
class Beside:
    """Counts of one measure that count different things, side by side over the whole case."""

    measure: str
    counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, its counts side by side, and every claim on it.

    ``divergent``: the counts count different things, and none is held against another.
    """

    number: int
    asked: Worded
    counts: tuple[Count, ...]
    divergent: bool
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a reader should look at: what, in our words, and the records it is about."""

    kind: str
    said: Worded
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceListed:
    """A source of the page, where it comes from, and how persons graded it."""

    source: SourceShown
    comes_from: tuple[Worded, ...]
    grades: tuple[Worded, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """Who looked and as of when: the highest class shown, and the days asked for (ISO)."""

    see: str
    known_on: str | None
    said_by: str | None
    on: str | None


@dataclass(frozen=True, slots=True)
class CaseReport:
    """A case by question. What the view does not show is not counted in it either.

    ``sources`` are those that may be seen; ``withheld_sources``: others speak too.
    ``unlocated`` counts assertions of which nobody recorded where in their source they stand.
    ``cited`` are all sources that are named on the page. ``links``: who stood where to whom, as
    recorded; ``links_left_out`` counts those beyond the first 200.
    """

    case: str
    view: Looked
    propositions: int
    assertions: int
    sources: int
    withheld_sources: bool
    unlocated: int
    statuses: dict[str, int]
    beside: tuple[Beside, ...]
    questions: tuple[Question, ...]
    self_conflicts: tuple[Remark, ...]
    versions: tuple[Remark, ...]
    names: tuple[Remark, ...]
    warnings: tuple[Remark, ...]
    links: tuple[Remark, ...]
    links_left_out: int
    cited: tuple[SourceListed, ...]
