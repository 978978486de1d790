"""The chains of small made-up armies, against a second reading that knows no index."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casebook.bureau import open_bureau
from casebook.command.garrison import DAY, Garrison, entity, id_of, relation
from dalil.casebook.command.who import LIMIT, who_commanded
from dalil.casebook.index.view import View
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Relation
from dalil.casebook.text.edtf import bounds_of

PLACES, UNITS, PEOPLE = ("Port", "Quay"), ("One", "Two", "Three", "Four"), ("Adel", "Basil")
VALID = st.sampled_from(
    [None, "2016-11-09", "2016", "2015/2018", "2016-01/2016-05", "2014", "2017/"]
)
FLAGS = st.fixed_dictionaries({"start_known": st.booleans(), "end_known": st.booleans()})


@st.composite
def links(draw: st.DrawFn, kind: str, near: Sequence[str], far: Sequence[str]) -> list[Relation]:
    ends = st.tuples(st.sampled_from(near), st.sampled_from(far))
    found: list[Relation] = []
    for a, b in draw(st.lists(ends.filter(lambda each: each[0] != each[1]), max_size=4)):
        more: dict[str, Any] = draw(FLAGS) | {"name": f"{kind} {a} {b} {len(found)}"}
        if kind == "subordinate_to":
            more["detail"] = {"kind": draw(st.sampled_from(["Command", "Administrative"]))}
        command = kind == "posted_to"
        found.append(relation(kind, a, b, draw(VALID), is_command=command, **more))
    return found


ARMIES = st.tuples(
    links("present_at", UNITS, PLACES),
    links("subordinate_to", UNITS, UNITS),
    links("posted_to", PEOPLE, UNITS),
)


def holds(link: Relation) -> bool:
    """Say by the dates alone whether a statement may have held on the day."""
    if link.valid is None:
        return True
    bounds, day = bounds_of(link.valid), date.fromisoformat(DAY).toordinal()
    days = [d for d in (bounds.s_min, bounds.s_max, bounds.e_min, bounds.e_max) if d is not None]
    if day < min(days):
        return not link.start_known and min(days) - day <= LIMIT
    return day <= max(days) or (not link.end_known and day - max(days) <= LIMIT)


def chains(army: Sequence[Sequence[Relation]]) -> set[tuple[str, ...]]:
    """Return every chain as ids: the place, the units upwards, the commander."""
    presences, unders, postings = ([link for link in some if holds(link)] for some in army)
    up = {(u.a, str(u.b)) for u in unders if (u.detail or {})["kind"] == "Command"}

    def climb(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield path
        for a, b in up:
            if a == path[-1] and b not in path:
                yield from climb((*path, b))

    return {
        (str(presence.b), *path, posting.a)
        for presence in presences
        for path in climb((presence.a,))
        for posting in postings
        if posting.b == path[-1]
    }


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Garrison:
    made = Garrison(open_bureau(tmp_path_factory.mktemp("armies")))
    things: list[Record] = [entity(name, "place") for name in PLACES]
    things += [entity(name, "unit") for name in UNITS]
    things += [entity(name, "person") for name in PEOPLE]
    made.write([*things, relation("part_of", "Quay", "Port", None)])
    return made


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ARMIES)
def test_the_chains_are_those_that_a_person_would_draw(
    empty: Garrison, tmp_path_factory: pytest.TempPathFactory, army: Sequence[Sequence[Relation]]
) -> None:
    folder: Path = tmp_path_factory.mktemp("army")
    garrison = empty.copy(folder / "archive")
    written = [link for some in army for link in some]
    if written:
        garrison.write(written)
    answer = who_commanded(
        garrison.bureau.casebook, "Port", date.fromisoformat(DAY).toordinal(), View()
    )
    found = []
    for chain in answer.chains:
        steps = [answer.links[place] for place in chain.links]
        units = [steps[0].a, *(step.b for step in steps[1:-1])]
        found.append((steps[0].b, *units, steps[-1].a))
        assert chain.grade == max(step.grade for step in steps)
        assert steps[chain.weakest].grade == chain.grade
    assert len(found) == len(set(found))
    assert set(found) == chains(army)
    assert [chain.grade for chain in answer.chains] == sorted(
        (chain.grade for chain in answer.chains), reverse=True
    )
    commanded = {link.b for link in answer.links if link.what == "commands"}
    assert not commanded & {gap.unit for gap in answer.gaps if gap.kind == "no_commander"}
    assert id_of("Quay") not in commanded
