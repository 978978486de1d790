"""Claims of a case, a few at a time: in a list with their statuses, or one with all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Adoption, Assessment, Proposition
from dalil.casebook.record.form import id_for
from dalil.casebook.report.case_report import look_up, question_asked, with_rivals
from dalil.casebook.report.claim_shown import Claims
from dalil.casebook.report.desk import Desk, open_desk
from dalil.casebook.report.page import Claim, Count, Worded
from dalil.casebook.report.phrases import in_both
from dalil.casebook.weigh.weighing import weigh_few
from dalil.casebook.weigh.wording import tally_in_words
from dalil.errors import NoSuchThing

COUNTS = 60


@dataclass(frozen=True, slots=True)
class SetBy:
    """That a person set a status: which, and who."""

    status: str
    by: str


@dataclass(frozen=True, slots=True)
class ClaimListed:
    """A claim in a list: what it says, the suggested status, on what ground, who set which.

    ``number``: of a count, what is given for it. ``tally`` says how many outlets, named origins
    and independent origins there are; ``against`` counts what speaks against it.
    """

    id: str
    statement: Worded
    number: Worded | None
    suggested: str
    tally: Worded
    against: int
    set: tuple[SetBy, ...]
    adopted: bool


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A question with some of its claims, and the counts that stand beside each other."""

    asked: Worded
    claims: tuple[ClaimListed, ...]
    counts: tuple[Count, ...]
    divergent: bool


@dataclass(frozen=True, slots=True)
class Relied:
    """That a case relies on a claim: which case, who let it, when, on which assessment (id)."""

    case: str | None
    by: str
    at: str
    assessment: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class ClaimShown:
    """One claim with all that is recorded on it, and where it stands.

    ``question`` is the id of the question that it answers, ``asked`` its words; ``subject`` an id.
    ``beside``: counts of other things, with which it is not to be mixed up. ``mine``: the id of
    the assessment of whoever looks, where there is one.
    """

    claim: Claim
    case: str | None
    see: str
    question: str
    asked: Worded
    subject: str
    functional: bool
    withdrawn: str | None
    revision: int
    recorded_at: str
    recorded_by: str
    beside: tuple[Count, ...]
    relied: tuple[Relied, ...]
    mine: str | None


def list_claims(
    casebook: Casebook, view: View, groups: Iterable[tuple[str, ...]]
) -> Iterator[QuestionShown]:
    """Yield a question for each group of ids of its claims; all are weighed at once.

    Whether their counts count different things (`QuestionShown.divergent`) is told of the claims
    that are listed; what else stands beside one is told on its own page.
    """
    wanted = [ids for ids in groups if ids]
    desk, every = open_desk(casebook, view), [each for ids in wanted for each in ids]
    weighed = weigh_few(casebook, view, every, beside=False)
    look_up(desk, weighed)
    claims = Claims.of(desk, weighed, _adoptions(casebook, view, every))
    held = {each.proposition for each in weighed.suggestions}
    for ids in wanted:
        members = [weighed.about(each) for each in ids if each in held]
        yield _question(claims, with_rivals(claims, members), ids)


def show_claim(casebook: Casebook, view: View, id_: str, key: str = "") -> ClaimShown:
    """Return one claim; ``key`` (base64url) is that of whoever looks.

    Raises:
        NoSuchThing: there is none, or none that may be seen, or none that held on that day.

    """
    known = casebook.get(id_, view)
    asked = known.record
    if not isinstance(asked, Proposition):
        raise NoSuchThing(f"proposition {id_}")
    desk = open_desk(casebook, view)
    weighed = weigh_few(casebook, view, [id_])
    weighed.suggestion(id_)
    adoptions = _adoptions(casebook, view, [id_]).get(id_, [])
    look_up(desk, weighed)
    own = [each for each in adoptions if each.record.case == asked.case]
    claims = Claims.of(desk, weighed, {id_: own})
    name = asked.group or asked.predicate
    return ClaimShown(
        claim=claims.show(asked),
        case=asked.case,
        see=asked.see,
        question=id_for("question", asked.case or "", name),
        asked=question_asked(name, [asked]),
        subject=asked.subject,
        functional=asked.functional,
        withdrawn=asked.withdrawn,
        revision=known.revision,
        recorded_at=known.recorded_at,
        recorded_by=desk.who(known.by_key),
        beside=tuple(_beside(claims, id_))[:COUNTS],
        relied=tuple(_relied(desk, adoptions)),
        mine=_mine(casebook, view, id_, key),
    )


def _question(claims: Claims, members: list[Proposition], ids: tuple[str, ...]) -> QuestionShown:
    if not members:
        # Nothing of it held on the day that is asked for; its words are still its own.
        desk = claims.desk
        found = [one for id_ in ids if isinstance(one := desk.record(id_), Proposition)]
        name = (found[0].group or found[0].predicate) if found else ""
        return QuestionShown(question_asked(name, found), (), (), divergent=False)
    weighed, first = claims.weighed, members[0]
    counts = [count for each in members for count in claims.counts(each, 0)]
    return QuestionShown(
        asked=question_asked(first.group or first.predicate, members),
        claims=tuple(_listed(claims, each) for each in members),
        counts=tuple(counts[:COUNTS]),
        divergent=any(weighed.suggestion(each.id).divergent for each in members),
    )


def _listed(claims: Claims, asked: Proposition) -> ClaimListed:
    suggested = claims.weighed.suggestion(asked.id)
    who = claims.desk.who
    counted = suggested.lo is not None or suggested.hi is not None
    return ClaimListed(
        id=asked.id,
        statement=claims.heading(asked),
        number=claims.in_few_words(asked, suggested) if counted else None,
        suggested=suggested.status,
        tally=in_both(lambda lang: tally_in_words(suggested, lang)),
        against=len(suggested.speaks_against),
        set=tuple(
            SetBy(each.assessment.status, who(each.by_key))
            for each in claims.weighed.set_for(asked.id)
        ),
        adopted=bool(claims.adoptions.get(asked.id)),
    )


def _beside(claims: Claims, id_: str) -> Iterator[Count]:
    """Yield the counts of the family of a claim, its own among them; none where it has none."""
    for family in claims.weighed.families:
        for each in family.propositions if id_ in family.propositions else ():
            yield from claims.counts(claims.weighed.about(each), 0)


def _adoptions(casebook: Casebook, view: View, ids: Sequence[str]) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = {}
    for known in casebook.naming_any(ids, view, Adoption.kind, "proposition"):
        made = known.record
        if isinstance(made, Adoption) and made.withdrawn is None:
            found.setdefault(made.proposition, []).append(known)
    return found


def _relied(desk: Desk, adoptions: Iterable[Known]) -> Iterator[Relied]:
    for known in adoptions:
        made = known.record
        if isinstance(made, Adoption):
            by = desk.who(known.by_key)
            yield Relied(made.case, by, known.recorded_at, made.assessment, made.note)


def _mine(casebook: Casebook, view: View, id_: str, key: str) -> str | None:
    found = [
        known.record.id
        for known in casebook.naming(id_, view, Assessment.kind, "proposition")
        if known.by_key == key and known.record.withdrawn is None
    ]
    return found[-1] if found else None
