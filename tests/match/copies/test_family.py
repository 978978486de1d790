"""Copies of one recording: who is grouped, where each sits, and that a judgement decides."""

import random
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dalil.match.copies.family import Family, families
from dalil.match.copies.judgement import NOT_SAME, Judgement
from dalil.match.copies.laid_over import Steadiness
from dalil.match.copies.picture import Against
from dalil.match.copies.placing import NANO, Extent
from dalil.match.found import NONE, SAME, SCENE, UNSURE, Found
from match.copies.drawn_families import MIRRORED, UPRIGHT, item, lead, piece, said

VERDICTS = (SAME, SAME, SAME, SCENE, NONE, UNSURE)


def seconds(ranges: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    return [(round(a / NANO), round(b / NANO)) for a, b in ranges]


def extents(**lengths: float) -> dict[str, Extent]:
    return {item(name): Extent(round(each * NANO)) for name, each in lengths.items()}


def groups(made: tuple[Family, ...]) -> list[list[str]]:
    return [sorted(bytes.fromhex(each).strip(b"\0").decode() for each in f.items) for f in made]


def test_two_cuts_of_one_recording_stand_on_its_clock_and_lack_the_rest() -> None:
    leads = [
        lead("a", "o", [piece((0, 10), (0, 10))]),
        lead("c", "o", [piece((0, 10), (40, 50))]),
    ]
    (family,) = families(leads, [], extents(o=60, a=10, c=10))
    assert family.members[0].item == item("o")
    assert family.whole == (item("o"),)
    lacks = {each.item: seconds(each.lacks) for each in family.members}
    assert lacks == {item("o"): [], item("a"): [(10, 60)], item("c"): [(0, 40), (50, 60)]}
    assert [seconds(cut.ranges) for cut in family.cuts] == [[(0, 10)], [(40, 50)]]
    assert not family.gaps


def test_what_one_copy_alone_has_is_said_to_be_so() -> None:
    leads = [lead("a", "o", [piece((0, 10), (20, 30))])]
    (family,) = families(leads, [], extents(o=60, a=10))
    assert [(each.alone, each.from_ns // NANO) for each in family.members[0].sits] == [
        (True, 0), (False, 20), (True, 30),
    ]  # fmt: skip


def test_a_film_of_two_recordings_belongs_to_both_and_joins_neither() -> None:
    leads = [
        lead("k", "r", [piece((0, 10), (30, 40))]),
        lead("k", "s", [piece((10, 20), (5, 15))]),
        lead("k", "l", [piece((0, 20), (0, 20))]),
    ]
    cut = {item(n): Extent(20 * NANO, (0, 10 * NANO)) for n in "kl"}
    made = families(leads, [], extents(r=60, s=60) | cut)
    assert groups(made) in ([["k", "l", "r", "s"]], [["k", "l", "r"], ["k", "l", "s"]])
    without = families(leads[:2], [], extents(r=60, s=60) | cut)
    assert groups(without) == [["k", "r"], ["k", "s"]]


def test_a_file_without_a_cut_joins_what_lies_apart_in_it() -> None:
    leads = [
        lead("k", "r", [piece((0, 10), (30, 40))]),
        lead("k", "s", [piece((12, 20), (5, 13))]),
    ]
    uncut = {item("k"): Extent(20 * NANO, (0,))}
    assert groups(families(leads, [], extents(r=60, s=60) | uncut)) == [["k", "r", "s"]]


def test_speed_and_mirror_of_a_copy_are_told_against_the_whole() -> None:
    leads = [
        lead("a", "o", [piece((0, 8), (10, 20), MIRRORED)]),
        lead("b", "a", [piece((0, 8), (0, 8), MIRRORED)]),
    ]
    (family,) = families(leads, [], extents(o=60, a=8, b=8))
    told = {each.item: each for each in family.members}
    mirrored = {name: told[item(name)].against == Against(name == "a", 0, 1, 1) for name in "ab"}
    assert mirrored == {"a": True, "b": True}
    assert [round(each.speed, 3) for each in told[item("a")].sits] == [1.25]
    assert seconds(told[item("b")].lacks) == [(0, 10), (20, 60)]


def test_of_several_whole_copies_the_first_is_the_largest_that_is_in_no_frame() -> None:
    half = replace(UPRIGHT, matrix=(1.0, 0, 0, 0, 0.5, 0.25, 0, 0, 1.0))
    leads = [
        lead("a", "b", [piece((0, 9), (0, 9), half)]),
        lead("a", "c", [piece((0, 9), (0, 9), UPRIGHT)]),
    ]
    sizes = {"a": 100, "b": 400, "c": 90}
    known = {item(name): Extent(9 * NANO, (0,), size) for name, size in sizes.items()}
    (family,) = families(leads, [], known)
    assert [each.item for each in family.members] == [item("a"), item("b"), item("c")]
    framed = family.members[1].against
    assert framed == Against(mirrored=False, turned=0, shows=1, filled=0.5)


PART = replace(UPRIGHT, matrix=(0.8, 0, 0.1, 0, 0.8, 0.1, 0, 0, 1.0))


def sized(**samples: int) -> dict[str, Extent]:
    return {item(name): Extent(9 * NANO, (0,), size) for name, size in samples.items()}


def test_a_copy_of_which_another_shows_more_is_whole_in_time_alone_and_not_the_first() -> None:
    leads = [lead("a", "o", [piece((0, 9), (0, 9), PART)])]
    (family,) = families(leads, [], sized(a=400, o=100))
    assert [each.item for each in family.members] == [item("o"), item("a")]
    assert (family.whole, family.cropped) == ((item("o"),), (item("a"),))


def test_what_was_put_around_a_picture_is_a_frame_where_two_copies_lack_it() -> None:
    leads = [
        lead("a", "o", [piece((0, 9), (0, 9), UPRIGHT)]),
        lead("a", "f", [piece((0, 9), (0, 9), PART)]),
        lead("o", "f", [piece((0, 9), (0, 9), PART)]),
    ]
    (family,) = families(leads, [], sized(a=90, o=100, f=400))
    assert family.members[0].item == item("o")
    assert family.whole == (item("o"), item("a"))
    assert (family.cropped, family.covered) == ((), (item("f"),))


def test_black_bars_take_nothing_from_a_picture() -> None:
    leads = [lead("a", "o", [piece((0, 9), (0, 9), PART)])]
    steady = Steadiness(np.full((8, 8), 20.0), (0.1, 0.1, 0.9, 0.9))
    known = sized(a=90, o=400)
    known[item("o")] = replace(known[item("o")], steady=steady)
    (family,) = families(leads, [], known)
    assert family.members[0].item == item("a")
    assert family.whole == (item("a"), item("o"))


def test_a_copy_with_a_logo_over_it_is_not_whole() -> None:
    leads = [lead("a", "o", [piece((0, 9), (0, 9), UPRIGHT)])]
    moving = np.full((36, 64), 20.0)
    logo = moving.copy()
    logo[2:8, 50:60] = 0.5
    known = sized(a=400, o=100)
    for name, spread in (("a", logo), ("o", moving)):
        steady = Steadiness(spread, (0.0, 0.0, 1.0, 1.0))
        known[item(name)] = replace(known[item(name)], steady=steady)
    (family,) = families(leads, [], known)
    assert family.members[0].item == item("o")
    assert (family.whole, family.covered) == ((item("o"),), (item("a"),))


SMALL = replace(UPRIGHT, matrix=(0.25, 0, 0.7, 0, 0.25, 0.7, 0, 0, 1.0))


def test_a_film_shown_small_within_another_does_not_join_the_copies_of_both() -> None:
    leads = [
        lead("d", "p", [piece((0, 9), (0, 9), UPRIGHT)], score=0.95),
        lead("d", "e", [piece((0, 9), (0, 9), UPRIGHT)], score=0.9),
        lead("k", "p", [piece((0, 9), (0, 9), SMALL)], score=0.8),
        lead("c", "k", [piece((0, 9), (0, 9), UPRIGHT)], score=0.7),
    ]
    made = families(leads, [], extents(d=9, p=9, e=9, k=9, c=9))
    assert groups(made) == [["d", "e", "p"], ["c", "k"]]
    assert groups(families(leads, [said("k", "p", SAME)], {})) == [["c", "d", "e", "k", "p"]]


def test_a_crop_is_a_copy_where_others_bear_it_out() -> None:
    leads = [
        lead("d", "p", [piece((0, 9), (0, 9), UPRIGHT)], score=0.95),
        lead("k", "p", [piece((0, 9), (0, 9), SMALL)], score=0.8),
        lead("k", "d", [piece((0, 9), (0, 9), SMALL)], score=0.7),
    ]
    assert groups(families(leads, [], extents(d=9, p=9, k=9))) == [["d", "k", "p"]]


def test_not_the_same_by_a_person_parts_what_a_machine_joined() -> None:
    leads = [lead("a", "b", [piece((0, 10), (0, 10))])]
    assert not families(leads, [said("a", "b", NOT_SAME)], {})
    assert not families(leads, [said("a", "b", SCENE)], {})
    assert groups(families(leads, [said("a", "b", UNSURE)], {})) == [["a", "b"]]


def test_files_told_apart_may_share_a_clock_but_never_a_moment() -> None:
    same = [
        lead("a", "o", [piece((0, 10), (0, 10))]),
        lead("c", "o", [piece((0, 10), (5, 15))], score=0.5),
    ]
    apart = [said("a", "c", NOT_SAME)]
    (family,) = families(same, apart, extents(o=60, a=10, c=10))
    assert groups((family,)) == [["a", "o"]]
    assert family.held_back == ((item("c"), item("o")),)
    later = [same[0], lead("c", "o", [piece((0, 10), (30, 40))])]
    assert groups(families(later, apart, extents(o=60, a=10, c=10))) == [["a", "c", "o"]]


def test_where_persons_disagree_both_are_named_and_nothing_is_joined() -> None:
    leads = [lead("a", "o", [piece((0, 9), (0, 9))]), lead("b", "o", [piece((0, 9), (0, 9))])]
    words = [said("a", "o", SAME, "Salma"), said("a", "o", NOT_SAME, "Omar", 2)]
    (family,) = families(leads, words, {})
    assert groups((family,)) == [["b", "o"]]
    assert family.disputed == ((item("a"), item("o")),)


def test_a_person_joins_what_the_machine_could_not_place() -> None:
    leads = [lead("a", "o", [piece((0, 9), (0, 9))])]
    (family,) = families(leads, [said("o", "z", SAME)], {})
    assert family.beside == (item("z"),)
    assert families([], [said("y", "z", SAME)], {})[0].beside == (item("y"), item("z"))


NAMES = st.sampled_from("abcdef")
SPANS = st.tuples(st.integers(0, 30), st.integers(2, 20), st.integers(0, 30))
LEADS = st.lists(
    st.builds(
        lambda a, b, verdict, score, spans: lead(
            a, b, [piece((x, x + n), (y, y + n)) for x, n, y in spans], verdict, score / 100
        ),
        NAMES, NAMES, st.sampled_from(VERDICTS), st.integers(0, 100),
        st.lists(SPANS, min_size=1, max_size=3),
    ).filter(lambda each: each.a < each.b),
    max_size=8, unique_by=lambda each: (each.a, each.b),
)  # fmt: skip
WORDS = st.lists(
    st.builds(
        said, NAMES, NAMES, st.sampled_from([SAME, SCENE, NOT_SAME, UNSURE]),
        st.sampled_from(["Salma", "Omar"]), st.integers(1, 99),
    ).filter(lambda each: each.a < each.b),
    max_size=4, unique_by=lambda each: (each.pair, each.person),
)  # fmt: skip
CUTS = st.dictionaries(
    NAMES.map(item),
    st.builds(
        lambda n, cuts: Extent(n * NANO, cuts and tuple(each * NANO for each in cuts)),
        st.integers(50, 60),
        st.none() | st.lists(st.integers(0, 50), max_size=3),
    ),
)


@given(LEADS, WORDS, CUTS, st.randoms(use_true_random=False))
def test_the_order_in_which_things_came_does_not_matter(
    leads: list[Found],
    words: list[Judgement],
    known: dict[str, Extent],
    luck: random.Random,
) -> None:
    made = families(leads, words, known)
    assert families(luck.sample(leads, len(leads)), luck.sample(words, len(words)), known) == made


@given(LEADS, WORDS, CUTS)
def test_the_laws_of_every_family(
    leads: list[Found], words: list[Judgement], known: dict[str, Extent]
) -> None:
    apart = {
        each.pair for each in words if each.judgement in {SCENE, NOT_SAME}
    } - {each.pair for each in words if each.judgement == SAME}  # fmt: skip
    for family in families(leads, words, known):
        assert len(family.items) == len(set(family.items)) >= 2
        placed = {each.item: each.sits for each in family.members}
        for sits in placed.values():
            assert all(0 <= s.from_ns < s.to_ns <= family.length_ns for s in sits)
            assert any(not each.alone for each in sits)
        for a, b in apart:
            common = [
                min(s.to_ns, t.to_ns) - max(s.from_ns, t.from_ns)
                for s in placed.get(a, ()) if not s.alone
                for t in placed.get(b, ()) if not t.alone
            ]  # fmt: skip
            # Ends within a second of a file's own end are taken as shared: one at each side.
            assert all(each <= 3 * NANO for each in common)
        for whole in family.whole:
            assert not next(m for m in family.members if m.item == whole).lacks
