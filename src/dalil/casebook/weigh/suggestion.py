"""What weighing says of a proposition: a status by rule, with every reason for it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a key that `wording.reason_in_words` puts into words, ids that it speaks of, a number.

    An id of a source that the viewer may not see is never among them.
    """

    key: str
    ids: tuple[str, ...] = ()
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Against:
    """What speaks against: an assertion, or an evidence record that names a source.

    ``how``: ``denies``, ``rival`` (another value, of which only one can hold), ``count`` (a number
    that cannot be the same), ``answer``, ``contradicts``, ``undermines``, ``explains_away``,
    ``explained_away`` (an affirmation, which no longer counts), or ``other_scope`` (it counts
    something else). ``contests``: it offers evidence itself against what still stands.
    """

    id: str
    how: str
    contests: bool


@dataclass(frozen=True, slots=True)
class Weight:
    """What one assertion on the proposition weighs.

    ``why`` is empty where it counts in full; else why it does not count (``withdrawn``,
    ``retracted``, ``retraction``, ``mixed_scope``, ``explained_away``; then ``stands`` is false)
    or why it lifts nothing (``custody``, ``deception``, ``coercion``, ``machine``,
    ``origin_weak``, ``origin_gone``, ``no_evidence``). ``roots``: ids of the sources from which
    it comes in the end; an empty id stands for all withheld ones.
    """

    id: str
    stands: bool
    why: str
    roots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a question, with all who give it; ``origins`` counts independent ones.

    A number as ``lo``..``hi`` (``about``: so stated), an entity, or a text (as its first speaker by
    id writes it); nothing of these: the assertions say no number.
    """

    ids: tuple[str, ...]
    outlets: int
    origins: int
    lo: int | None = None
    hi: int | None = None
    about: bool = False
    entity: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The status that the rule suggests for a proposition, as somebody may see it.

    ``outlets`` counts works that affirm it (copies of one are one), ``declared`` the origins that
    they name, ``origins`` those that are independent of each other among all who offer evidence.
    ``lo``..``hi``: what the counts leave together, or span where they are contested.
    ``for_``: assertions that affirm it and stand. ``divergent``: the family of counts of
    other things that it belongs to, itself among them.
    """

    proposition: str
    status: str
    reasons: tuple[Reason, ...]
    outlets: int = 0
    declared: int = 0
    origins: int = 0
    lo: int | None = None
    hi: int | None = None
    for_: tuple[str, ...] = ()
    speaks_against: tuple[Against, ...] = ()
    answers: tuple[Answer, ...] = ()
    weights: tuple[Weight, ...] = field(default=(), repr=False)
    divergent: tuple[str, ...] = field(default=(), repr=False)

    @property
    def against(self) -> tuple[str, ...]:
        """Return the ids of all that speaks against it, with evidence or without."""
        return tuple(each.id for each in self.speaks_against)

    @property
    def mixed(self) -> tuple[str, ...]:
        """Return the assertions that mix two scopes, and are counted for none."""
        return tuple(each.id for each in self.weights if each.why == "mixed_scope")


@dataclass(frozen=True, slots=True)
class Family:
    """Counts of one measure with different scopes that do not agree: they count other things."""

    case: str | None
    measure: str
    propositions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SelfConflict:
    """One source gives two answers to one question."""

    source: str
    propositions: tuple[str, ...]
    assertions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """Copies of one work say different things on one question."""

    sources: tuple[str, ...]
    propositions: tuple[str, ...]
    assertions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """From a day on, a status: ``day`` an ordinal, ``because`` what was said on it (ids)."""

    day: int
    status: str
    because: tuple[str, ...]
