"""What lies on the disk while a list is read: told as a set and a dictionary would."""

from hypothesis import given
from hypothesis import strategies as st

from dalil.engines.scratch import Scratch

IDS = st.integers(0, 9).map(lambda i: f"{i:032x}")
SAID = st.lists(st.lists(st.tuples(IDS, st.sampled_from("ab"))))


@given(SAID)
def test_an_id_that_was_said_before_is_told_with_its_first_place(
    batches: list[list[tuple[str, str]]],
) -> None:
    first: dict[str, int] = {}
    place = 0
    with Scratch() as scratch:
        for batch in batches:
            said, twice = [], {}
            for i, (id_, kind) in enumerate(batch):
                said.append((id_, kind, place))
                if id_ in first:
                    twice[i] = first[id_]
                first.setdefault(id_, place)
                place += 1
            assert dict(scratch.say(said)) == twice
        for i in range(10):
            assert scratch.said(f"{i:032x}") == (f"{i:032x}" in first)


@given(SAID, st.lists(st.tuples(IDS, st.sampled_from("xy"), IDS)))
def test_what_is_named_is_either_said_or_unsaid(
    batches: list[list[tuple[str, str]]], named: list[tuple[str, str, str]]
) -> None:
    kinds: dict[str, str] = {}
    with Scratch() as scratch:
        scratch.name((*each, 7) for each in named)
        for batch in batches:
            list(scratch.say([(id_, kind, None) for id_, kind in batch]))
            for id_, kind in batch:
                kinds.setdefault(id_, kind)
        first: dict[tuple[str, str], str] = {}
        for target, name, by in named:
            first.setdefault((target, name), by)
        both = {(t, f, by, kinds[t]) for (t, f), by in first.items() if t in kinds}
        neither = {(t, f, by, 7) for (t, f), by in first.items() if t not in kinds}
        assert set(scratch.unsaid()) == neither
        assert set(scratch.said_and_named()) == both


def test_marks_are_replaced_and_taken_away() -> None:
    one, two = "0" * 32, "1" * 32
    with Scratch() as scratch:
        scratch.mark([(one, b"a"), (two, b"b")])
        scratch.mark([(one, b"c")])
        assert scratch.marks([one, two, "2" * 32]) == {one: b"c", two: b"b"}
        scratch.unmark()
        assert scratch.marks([one, two]) == {}
