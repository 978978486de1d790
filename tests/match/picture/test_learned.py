from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dalil.match.picture.learned import LEAST, likely
from dalil.media.features.features import Motion, Points, Prints, Seen
from dalil.media.features.makers.learned import LENGTH, no_vectors

Vectors = NDArray[np.float16]


def film(vectors: Vectors, looks: int | None = None) -> Seen:
    """Return a film of which only the learned vectors are told."""
    count = len(vectors) if looks is None else looks
    none = np.zeros(0, np.float32)
    return Seen(
        stream=0, width=320, height=180, frames=count, length_ns=0, shots=np.zeros(1, np.int64),
        looks=np.arange(count, dtype=np.int64) * 10**9, look_width=320, look_height=180,
        prints=Prints(np.zeros((count, 8, 32), np.uint8), np.zeros(count, np.uint8)),
        points=Points(np.zeros(count + 1, np.int64), none.reshape(0, 2), none, none,
                      np.zeros((0, 128), np.uint8)),
        motion=Motion(125_000_000, np.zeros((0, 1, 1), np.uint8)), learned=vectors,
    )  # fmt: skip


def directions(count: int, seed: int) -> Vectors:
    """Return unit vectors at right angles to each other."""
    whole, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(LENGTH, count)))
    return np.ascontiguousarray(whole.T).astype(np.float16)


def leant(to: Vectors, aside: Vectors, cosine: float) -> Vectors:
    """Return unit vectors at an angle from ``to``, in the plane of both."""
    turned: Vectors = (cosine * to + np.sqrt(1 - cosine**2) * aside).astype(np.float16)
    return turned


def test_each_look_is_named_with_the_nearest_look_of_the_other_best_first() -> None:
    every = directions(8, 0)
    b, aside = every[:4], every[4:]
    a = np.concatenate([leant(b[2:3], aside[:1], 0.5), leant(b[:1], aside[1:2], 0.9)])
    pairs, said = likely(film(a), film(b))
    assert pairs == ((1, 0), (0, 2))
    assert (said.name, said.said) == ("learned", "yes")
    assert said.score is not None
    assert abs(said.score - 0.9) < 0.01


def test_pictures_of_other_things_name_nothing() -> None:
    every = directions(8, 1)
    pairs, said = likely(film(leant(every[:4], every[4:], LEAST - 0.02)), film(every[:4]))
    assert pairs == ()
    assert said.said == "no"


def test_without_the_network_on_either_side_it_is_not_asked() -> None:
    one, without = film(directions(3, 2)), film(no_vectors(), looks=3)
    for a, b in ((one, without), (without, one), (without, without)):
        pairs, said = likely(a, b)
        assert (pairs, said.said, said.score) == ((), "not-asked", None)


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_the_other_films_looks_changes_only_their_numbers(order: list[int]) -> None:
    every = directions(12, 3)
    a, b = film(leant(every[:6], every[6:], 0.8)), film(every[:6])
    moved = replace(b, learned=b.learned[order])
    named, said = likely(a, b)
    named_moved, said_moved = likely(a, moved)
    assert {(one, order[other]) for one, other in named_moved} == set(named)
    assert said == said_moved
