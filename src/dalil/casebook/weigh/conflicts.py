"""Sources that contradict themselves, copies that differ, counts of different things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.count import Interval
from dalil.casebook.weigh.ground.answers import Key, agree, key_of
from dalil.casebook.weigh.ground.matter import (
    Matter,
    plain,
    stated,
    states_something,
)
from dalil.casebook.weigh.ground.origins import joined
from dalil.casebook.weigh.ground.standing import Standing
from dalil.casebook.weigh.suggestion import Family, SelfConflict, Suggestion, VersionDifference


def self_conflicts(matter: Matter, standing: Standing) -> tuple[SelfConflict, ...]:
    """Return each source that gives two answers to one question, or contradicts itself.

    Not where the source is withheld: that two assertions are one person's gives him away.
    """
    found: set[tuple[str, tuple[str, ...]]] = set()
    for group in _by_speaker(matter, standing):
        ids = _at_odds(matter, group)
        if ids:
            found.add((group[0].source, ids))
    for each in matter.evidence:
        ours, theirs = matter.assertions.get(each.assertion), _speaker(matter, each.by_assertion)
        if each.relation == "contradicts" and ours and theirs and ours.source == theirs.source:
            pair = tuple(sorted((ours.id, theirs.id)))
            if not any(source == ours.source and set(pair) <= set(ids) for source, ids in found):
                found.add((ours.source, pair))
    return tuple(
        SelfConflict(source, _propositions(matter, ids), ids)
        for source, ids in sorted(found)
        if source in standing.pedigree.visible
    )


def version_differences(matter: Matter, standing: Standing) -> tuple[VersionDifference, ...]:
    """Return copies of one work whose words differ on one question; of copies that are shown."""
    found = []
    of: dict[tuple[str, int], list[Assertion]] = {}
    copy_of = standing.pedigree.copy_of
    for assertion in matter.assertions.values() if copy_of else ():
        work = copy_of.get(assertion.source)
        asked = matter.asked.get(assertion.proposition)
        if assertion.source not in standing.pedigree.visible:
            continue
        if work is not None and asked is not None and standing.stands(assertion.id):
            of.setdefault((work, asked), []).append(assertion)
    for group in of.values():
        sources = sorted({each.source for each in group})
        if len(sources) > 1 and _words_differ(matter, group):
            ids = tuple(sorted(each.id for each in group))
            found.append(VersionDifference(tuple(sources), _propositions(matter, ids), ids))
    return tuple(sorted(found, key=lambda each: each.assertions))


def families(matter: Matter, suggestions: Mapping[str, Suggestion]) -> tuple[Family, ...]:
    """Return the counts of one measure that differ in scope and do not agree.

    One family: the same case and measure, joined by subject (the same, or one in the other) or by
    question. 41 dead in one clip and 288 in all of them contradict each other only if they count
    the same thing.
    """
    counted: dict[tuple[str | None, str], list[Proposition]] = {}
    for each in matter.propositions.values():
        if each.measure is not None and suggestions[each.id].for_:
            counted.setdefault((each.case, each.measure), []).append(each)
    found = []
    for (case, measure), members in counted.items():
        for group in _joined(members, matter.beside):
            diverging = _diverging(group, suggestions)
            if diverging:
                found.append(Family(case, measure, diverging))
    return tuple(sorted(found, key=lambda each: each.propositions))


def _by_speaker(matter: Matter, standing: Standing) -> Iterator[list[Assertion]]:
    """Yield what one source says on one question, where that is more than one thing."""
    questions = matter.asked
    first: dict[tuple[str, int | None], Assertion] = {}
    more: dict[tuple[str, int | None], list[Assertion]] = {}
    aside = standing.aside
    for assertion in matter.assertions.values():
        key = (assertion.source, questions.get(assertion.proposition))
        other = first.setdefault(key, assertion)
        if other is not assertion and key[1] is not None and assertion.id not in aside:
            more.setdefault(key, [other]).append(assertion)
    for group in more.values():
        standing_ones = [each for each in group if each.id not in aside]
        if len(standing_ones) > 1:
            yield standing_ones


def _at_odds(matter: Matter, group: Sequence[Assertion]) -> tuple[str, ...]:
    """Return the assertions of one speaker that cannot all be meant."""
    alike: dict[tuple[str, str, Key], list[Assertion]] = {}
    for each in group:
        key = (each.proposition, each.polarity, key_of(each))
        alike.setdefault(key, []).append(each)
    different = [found[0] for found in alike.values()]
    odd = {
        each.id
        for i, one in enumerate(different)
        for other in different[:i]
        if _cannot_both(matter, one, other)
        for each in (one, other)
    }
    ids = (each.id for found in alike.values() if found[0].id in odd for each in found)
    return tuple(sorted(ids))


def _cannot_both(matter: Matter, one: Assertion, other: Assertion) -> bool:
    mine, theirs = matter.propositions[one.proposition], matter.propositions[other.proposition]
    if mine.id == theirs.id:
        if one.polarity != other.polarity:
            return True
        return not states_something(mine) and not agree(one, other)
    if "denies" in (one.polarity, other.polarity):
        return False
    return theirs in matter.rivals(mine)


def _words_differ(matter: Matter, group: Iterable[Assertion]) -> bool:
    """Whether not all copies say the same: another answer, or other words."""
    said: dict[str, set[tuple[object, ...]]] = {}
    for each in group:
        proposition = matter.propositions[each.proposition]
        answer: Key | tuple[str | None, str | None]
        answer = stated(proposition) if states_something(proposition) else key_of(each)
        words = plain(each.verbatim or each.text)
        said.setdefault(each.source, set()).add((answer, each.polarity, words))
    return len({frozenset(each) for each in said.values()}) > 1


def _joined(
    members: Sequence[Proposition], beside: Iterable[tuple[str, str]]
) -> Iterator[list[Proposition]]:
    """Yield the propositions that speak of one subject or answer one question, joined."""
    pairs = [
        (each.id, f"{kind}:{value}")
        for each in members
        for kind, value in (("subject", each.subject), ("group", each.group))
        if value is not None
    ]
    least = joined([*pairs, *((f"subject:{a}", f"subject:{b}") for a, b in beside)])
    groups: dict[str, list[Proposition]] = {}
    for each in members:
        groups.setdefault(least[each.id], []).append(each)
    yield from groups.values()


def _diverging(
    group: Sequence[Proposition], suggestions: Mapping[str, Suggestion]
) -> tuple[str, ...]:
    spans = [
        (each, Interval(suggestions[each.id].lo, suggestions[each.id].hi))
        for each in group
        if suggestions[each.id].lo is not None or suggestions[each.id].hi is not None
    ]
    if len({each.scope for each, _ in spans}) < 2:  # noqa: PLR2004 - it takes two to differ
        return ()
    lowest_end = min((s.hi for _, s in spans if s.hi is not None), default=None)
    highest_start = max((s.lo for _, s in spans if s.lo is not None), default=None)
    if lowest_end is None or highest_start is None or highest_start <= lowest_end:
        return ()
    return tuple(sorted(each.id for each, _ in spans))


def _speaker(matter: Matter, assertion: str | None) -> Assertion | None:
    return None if assertion is None else matter.assertions.get(assertion)


def _propositions(matter: Matter, assertions: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({matter.assertions[each].proposition for each in assertions}))
