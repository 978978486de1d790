"""The report of a case: by question, with what speaks for and against, and who weighed it how."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import STATUSES, Adoption, Assertion, Proposition
from dalil.casebook.record.form import CLASSES, Record
from dalil.casebook.record.mentions import mentions_of
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Derivation, Grade
from dalil.casebook.record.things import Entity, Name
from dalil.casebook.report.claim_shown import Claims
from dalil.casebook.report.desk import WITHHELD, Desk, cases_of, cited, latest, named, open_desk
from dalil.casebook.report.lines.line import line_about
from dalil.casebook.report.page import (
    Beside,
    CaseReport,
    Claim,
    Looked,
    Question,
    Remark,
    Saying,
    SourceListed,
    SourceShown,
    Worded,
)
from dalil.casebook.report.phrases import both, in_both, phrase, quoted, term
from dalil.casebook.report.remarks import marks_in_texts, names_that_meet
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.text.names import fold
from dalil.casebook.weigh.ground.matter import holds_on
from dalil.casebook.weigh.weighing import Weighed, weigh
from dalil.errors import NoSuchThing

LINKS = 200
DIGITS = re.compile(r"(\d+)")


def report_case(casebook: Casebook, case: str, view: View) -> CaseReport:
    """Return the report of a case as the view lets it be seen.

    Raises:
        NoSuchThing: nothing of such a case may be seen.

    """
    cases = cases_of(casebook, view)
    if case not in cases:
        there = ", ".join(cases) or "none"
        raise NoSuchThing(f"case {case}; what may be seen belongs to: {there}")
    desk = open_desk(casebook, view)
    claims = _claims(desk, case)
    asked = _asked_in(claims)
    said = [each for one in asked for each in claims.weighed.said_on(one.id)]
    questions = tuple(_questions(claims, asked))
    numbers = {claim.id: each.number for each in questions for claim in each.claims}
    sources = {each.source for each in said}
    seen = {each for each in sources if desk.record(each) is not None}
    links, left_out, linked = _links(desk, case)
    found = Counter(each.suggested for one in questions for each in one.claims)
    return CaseReport(
        case=case,
        view=_looked(view),
        propositions=len(asked),
        assertions=len(said),
        sources=len(seen),
        withheld_sources=seen != sources,
        unlocated=sum(each.locator is None for each in said),
        statuses={status: found[status] for status in STATUSES if found[status]},
        beside=tuple(_beside(claims, numbers)),
        questions=questions,
        self_conflicts=tuple(_self_conflicts(claims, numbers)),
        versions=tuple(_versions(claims, numbers)),
        names=names_that_meet(desk, case),
        warnings=marks_in_texts([*_named(desk, case), *asked, *said]),
        links=links,
        links_left_out=left_out,
        cited=tuple(_listed(desk, case, _cited_on(questions, linked))),
    )


def _cited_on(
    questions: Sequence[Question], linked: Iterable[SourceShown]
) -> tuple[SourceShown, ...]:
    """Return every source that the page names, in the order of their keys."""
    sayings = [each for one in questions for claim in one.claims for each in _all_of(claim)]
    found = {each.source for each in sayings}.union(linked)
    found |= {each.origin for each in sayings if each.origin is not None}
    found |= {root for each in sayings for root in each.roots}
    found |= {
        each.source
        for one in questions
        for claim in one.claims
        for each in claim.opposing
        if each.source is not None
    }
    seen = (each for each in found if not each.withheld)
    return tuple(sorted(seen, key=lambda each: (_in_order(each.key or "~"), each.id or "")))


def _listed(desk: Desk, case: str, found: Sequence[SourceShown]) -> Iterator[SourceListed]:
    parents: dict[str, list[Worded]] = {}
    for known in latest(desk.casebook.find(Derivation, desk.view, case=case)):
        made = known.record
        if isinstance(made, Derivation):
            parents.setdefault(made.child, []).append(comes_from(desk, made))
    grades: dict[str, list[Worded]] = {}
    for known in latest(desk.casebook.find(Grade, desk.view)):
        made = known.record
        if isinstance(made, Grade):
            who, why = quoted(desk.who(known.by_key)), quoted(made.reasoning)
            said = both("graded", value=made.value, who=who, why=why)
            grades.setdefault(made.source, []).append(said)
    for each in found:
        id_ = each.id or ""
        yield SourceListed(each, tuple(parents.get(id_, ())), tuple(grades.get(id_, ())))


def comes_from(desk: Desk, made: Derivation) -> Worded:
    """Return from which source another one comes, and how."""
    parent = desk.source(made.parent)
    return in_both(
        lambda lang: phrase(
            "comes-from", lang, how=term(made.how, lang), parent=named(parent, lang)
        )
    )


def _links(desk: Desk, case: str) -> tuple[tuple[Remark, ...], int, list[SourceShown]]:
    """Return who stood where to whom, as recorded, how many more there are, and who says so."""
    found = [
        known.record
        for known in desk.casebook.find(Relation, desk.view, case=case)
        if isinstance(known.record, Relation) and link_shown(known.record, desk.view)
    ]
    first = found[:LINKS]
    desk.fetch(mention.target for each in first for mention in mentions_of(each))
    shown = (Remark("link", _line(desk, each), (each.id,)) for each in first)
    said_by = [desk.source(each.source) for each in first if each.source is not None]
    return tuple(shown), len(found) - len(first), said_by


def link_shown(link: Relation, view: View) -> bool:
    """Whether a link stands, had been said by the day asked for, and could hold on that day."""
    said = bounds_of(link.asserted).e_max if link.asserted else None
    in_time = view.said_by is None or (said is not None and said <= view.said_by)
    is_map = link.relation == "part_of"  # a place in a place: the map, not what somebody did
    return link.withdrawn is None and not is_map and in_time and on_time(link, view)


def _line(desk: Desk, record: Record) -> Worded:
    return in_both(lambda lang: line_about(desk, record, lang))


def _all_of(claim: Claim) -> Iterator[Saying]:
    yield from (*claim.supporting, *claim.apart)
    yield from (each.saying for each in claim.opposing if each.saying is not None)


def _claims(desk: Desk, case: str) -> Claims:
    """Weigh what is asked in a case, and gather what its claims are shown from."""
    adoptions = _adoptions(desk, case)
    own = [known.record.id for known in desk.casebook.find(Proposition, desk.view, case=case)]
    weighed = _weighed(desk, case, own, adoptions)
    look_up(desk, weighed)
    return Claims.of(desk, weighed, adoptions)


def _asked_in(claims: Claims) -> list[Proposition]:
    """Return the propositions of the page: all, or those of which anything had been said."""
    view, weighed = claims.desk.view, claims.weighed
    limited = view.said_by is not None or view.on is not None
    return [
        weighed.about(each.proposition)
        for each in weighed.suggestions
        if weighed.said_on(each.proposition) or not limited
    ]


def _weighed(desk: Desk, case: str, own: Iterable[str], adopted: Iterable[str]) -> Weighed:
    """Weigh what is asked in a case, and what it relies on from another one."""
    foreign = set(adopted) - set(own)
    if not foreign:
        return weigh(desk.casebook, desk.view, case=case)
    found = desk.casebook.find(Proposition, desk.view, ids={*own, *foreign})
    chosen = [known.record.id for known in found if on_time(known.record, desk.view)]
    return weigh(desk.casebook, desk.view, propositions=chosen)


def on_time(asked: Record, view: View) -> bool:
    """Whether what a record says could hold on the day of the view."""
    valid = getattr(asked, "valid", None)
    return view.on is None or holds_on(valid, view.on)


def look_up(desk: Desk, weighed: Weighed) -> None:
    """Look up at once what the lines will name."""
    matter = weighed.matter
    ids: list[str | None] = []
    for asked in matter.propositions.values():
        ids += (asked.subject, asked.object)
    for said in matter.assertions.values():
        ids += (said.source, said.origin, said.entity)
    ids += (each.by_source for each in matter.evidence)
    weights = (weight for each in weighed.suggestions for weight in each.weights)
    ids += (root for weight in weights for root in weight.roots if root)
    desk.fetch(ids)


def _adoptions(desk: Desk, case: str) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = {}
    for known in desk.casebook.find(Adoption, desk.view, case=case):
        made = known.record
        if isinstance(made, Adoption) and made.withdrawn is None:
            found.setdefault(made.proposition, []).append(known)
    return found


def _named(desk: Desk, case: str) -> Iterator[Record]:
    for kind in (Entity, Name):
        for known in desk.casebook.find(kind, desk.view, case=case):
            if known.record.withdrawn is None:
                yield known.record


def _looked(view: View) -> Looked:
    days = [
        None if day is None else date.fromordinal(day).isoformat()
        for day in (view.known_on, view.said_by, view.on)
    ]
    return Looked(CLASSES[view.clearance], *days)


def _questions(claims: Claims, asked: Sequence[Proposition]) -> Iterator[Question]:
    groups: dict[str, list[Proposition]] = {}
    for each in asked:
        groups.setdefault(each.group or each.predicate, []).append(each)
    for number, name in enumerate(sorted(groups, key=_in_order), 1):
        members = with_rivals(claims, groups[name])
        counted = [count for each in members for count in claims.counts(each, number)]
        yield Question(
            number=number,
            asked=question_asked(name, members),
            counts=tuple(counted),
            divergent=any(claims.weighed.suggestion(each.id).divergent for each in members),
            claims=tuple(claims.show(each) for each in members),
        )


def question_asked(name: str, members: Sequence[Proposition]) -> Worded:
    """Return the question of a group: as one of its propositions asks it, else by its name."""
    en = next((each.question_en for each in members if each.question_en), None)
    ar = next((each.question_ar for each in members if each.question_ar), None)
    return Worded(quoted(en or ar or name), quoted(ar or en or name))


def _in_order(name: str) -> list[tuple[int, str]]:
    """Q2 stands before Q10."""
    return [(int(p), "") if p.isdecimal() else (0, p) for p in DIGITS.split(fold(name)) if p]


def _reading_order(claims: Claims, asked: Proposition) -> tuple[bool, str, str]:
    """Return a key: counts stand first, then what was said first."""
    days = [each.asserted or "~" for each in claims.weighed.said_on(asked.id)]
    return (asked.measure is None, min(days, default="~"), asked.id)


def with_rivals(claims: Claims, members: Sequence[Proposition]) -> list[Proposition]:
    """Return propositions in reading order, each with its rivals right after it."""
    ordered: dict[str, Proposition] = {}
    members = sorted(members, key=lambda one: _reading_order(claims, one))
    for each in members:
        rivals = {one.id for one in claims.weighed.matter.rivals(each)}
        ordered.setdefault(each.id, each)
        if rivals - ordered.keys():
            ordered |= {one.id: one for one in members if one.id in rivals - ordered.keys()}
    return list(ordered.values())


def _beside(claims: Claims, numbers: dict[str, int]) -> Iterator[Beside]:
    """Yield the counts that stand side by side, in the order of the page."""
    families = [
        (family.measure, [one for one in family.propositions if one in numbers])
        for family in claims.weighed.families
    ]
    several = [(measure, ids) for measure, ids in families if len(ids) > 1]
    for measure, ids in sorted(several, key=lambda one: min(numbers[each] for each in one[1])):
        members = [claims.weighed.about(each) for each in ids]
        members.sort(key=lambda each: (numbers[each.id], _reading_order(claims, each)))
        counted = tuple(c for each in members for c in claims.counts(each, numbers[each.id]))
        yield Beside(measure, counted)


def _self_conflicts(claims: Claims, numbers: dict[str, int]) -> Iterator[Remark]:
    for each in claims.weighed.self_conflicts:
        if not numbers.keys() & set(each.propositions):
            continue
        said = [claims.weighed.matter.assertions[one] for one in each.assertions]
        yield Remark(
            "self-conflict",
            both(
                "self-conflict",
                source=_cited(claims, each.source),
                asked=_first_question(claims, each.propositions),
                answers=_answers(claims, said),
            ),
            each.assertions,
        )


def _versions(claims: Claims, numbers: dict[str, int]) -> Iterator[Remark]:
    for each in claims.weighed.version_differences:
        if not numbers.keys() & set(each.propositions):
            continue
        said = [claims.weighed.matter.assertions[one] for one in each.assertions]
        yield Remark(
            "version",
            both(
                "version",
                asked=_first_question(claims, each.propositions),
                answers=_answers(claims, said),
            ),
            each.assertions,
        )


def _cited(claims: Claims, source: str) -> Worded:
    shown = claims.desk.source(source) if source else WITHHELD
    return in_both(lambda lang: cited(shown, lang))


def _first_question(claims: Claims, propositions: Sequence[str]) -> Worded:
    first = claims.about(propositions[0])
    return (
        question_asked(first.group or first.predicate, [first]) if first else both("withheld-thing")
    )


def _answers(claims: Claims, said: Sequence[Assertion]) -> Worded:
    ordered = sorted(said, key=lambda each: each.key or each.id)
    shown = [(each.key, claims.saying(each).sentence) for each in ordered]

    def one(lang: str) -> str:
        return phrase("then", lang).join(
            getattr(sentence, lang) + (f" [{quoted(key)}]" if key else "")
            for key, sentence in shown
        )

    return in_both(one)
