"""What is equal is found whatever container holds it, where it lies, and nothing else is."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.kernel.salt import SealSecret
from dalil.match.exact import (
    EMPTY,
    LEAST,
    WINDOW,
    Chain,
    Heads,
    frame_chain,
    length_of,
    packet_chain,
    same_stretches,
    samples,
)
from dalil.match.found import Piece
from dalil.media.survey import survey
from dalil.media.tables import Tables
from match.copying import blacked, filmed, recoded_without_loss, remuxed

STEP = 40_000_000
SECOND = 10**9


def chain(heads: Heads, step: int = STEP) -> Chain:
    begins = np.arange(len(heads), dtype=np.int64) * step
    return Chain(heads, begins, begins + step)


def drawn(count: int, seed: int) -> Heads:
    return np.random.default_rng(seed).integers(1, 2**64 - 1, (count, 2), np.uint64, endpoint=True)


def tables_of(path: Path, folder: Path, secret: int = 1) -> Tables:
    folder.mkdir()
    survey(path, folder, SealSecret(bytes([secret]) * 32, bytes(16)))
    return Tables(folder)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filmed(tmp_path_factory.mktemp("exact") / "whole.mp4", 7)


@pytest.fixture(scope="module")
def sealed(whole: Path) -> Tables:
    return tables_of(whole, whole.parent / "whole")


def near(piece: Piece, expected: tuple[float, float, float, float], off: float = 0.05) -> bool:
    times = (piece.a_from_ns, piece.a_to_ns, piece.b_from_ns, piece.b_to_ns)
    return all(abs(t / SECOND - e) <= off for t, e in zip(times, expected, strict=True))


@pytest.mark.parametrize("name", ["other.mkv", "other.mov"])
def test_another_container_holds_the_same_packets(
    name: str, whole: Path, sealed: Tables, tmp_path: Path
) -> None:
    other = tables_of(remuxed(whole, tmp_path / name), tmp_path / "other", 2)
    a, b = packet_chain(other, 0), packet_chain(sealed, 0)
    (piece,) = same_stretches(a, b)
    assert near(piece, (0, 3, 0, 3))
    assert piece.speed == 1.0
    assert np.isin(samples(a), samples(b)).any()


def test_a_cut_at_a_key_frame_lies_where_it_was(
    whole: Path, sealed: Tables, tmp_path: Path
) -> None:
    cut = tables_of(remuxed(whole, tmp_path / "cut.mkv", 1), tmp_path / "cut", 2)
    (piece,) = same_stretches(packet_chain(cut, 0), packet_chain(sealed, 0))
    assert near(piece, (0, 2, 1, 3))


def test_a_transport_stream_is_found_by_its_frames(
    whole: Path, sealed: Tables, tmp_path: Path
) -> None:
    stream = tables_of(remuxed(whole, tmp_path / "cut.ts"), tmp_path / "cut", 2)
    assert same_stretches(packet_chain(stream, 0), packet_chain(sealed, 0)) == ()
    (piece,) = same_stretches(frame_chain(stream, 0), frame_chain(sealed, 0))
    assert near(piece, (0, 3, 0, 3))


def test_what_was_recoded_without_loss_lies_where_it_was(
    whole: Path, sealed: Tables, tmp_path: Path
) -> None:
    lossless = recoded_without_loss(whole, tmp_path / "part.mkv", 20, 60)
    part = tables_of(lossless, tmp_path / "part", 2)
    a, b = frame_chain(part, 0), frame_chain(sealed, 0)
    (piece,) = same_stretches(a, b)
    assert near(piece, (0, 1.6, 0.8, 2.4))
    assert np.isin(samples(a), samples(b)).any()
    assert abs(length_of(a) - 1.6 * SECOND) < STEP


def test_two_scenes_share_nothing(sealed: Tables, tmp_path: Path) -> None:
    other = tables_of(filmed(tmp_path / "other.mp4", 8), tmp_path / "other")
    for of in (packet_chain, frame_chain):
        assert same_stretches(of(other, 0), of(sealed, 0)) == ()


def test_a_fade_from_black_is_nobodys_footage(tmp_path: Path) -> None:
    fade = tables_of(blacked(tmp_path / "fade.mp4"), tmp_path / "fade")
    assert not samples(frame_chain(fade, 0)).size
    for of in (packet_chain, frame_chain):
        assert same_stretches(of(fade, 0), of(fade, 0)) == ()


@given(
    before=st.integers(0, 80), shared=st.integers(WINDOW, 120), after=st.integers(0, 80),
    other=st.integers(0, 80), seed=st.integers(0, 99),
)  # fmt: skip
def test_a_stretch_of_a_window_is_always_among_the_samples(
    before: int, shared: int, after: int, other: int, seed: int
) -> None:
    same = drawn(shared, seed)
    a = chain(np.concatenate([drawn(before, seed + 100), same, drawn(after, seed + 200)]))
    b = chain(np.concatenate([drawn(other, seed + 300), same]))
    assert np.isin(samples(a), samples(b)).any()
    assert not np.isin(samples(a), samples(chain(drawn(200, seed + 400)))).any()


@given(
    lead=st.integers(0, 60), shared=st.integers(LEAST, 90), offset=st.integers(0, 60),
    seed=st.integers(0, 99), pace=st.sampled_from((20, 40, 80)),
)  # fmt: skip
def test_an_equal_stretch_is_placed_on_both_timelines_both_ways_round(
    lead: int, shared: int, offset: int, seed: int, pace: int
) -> None:
    same = drawn(shared, seed)
    a = chain(np.concatenate([drawn(lead, seed + 100), same, drawn(5, seed + 200)]))
    b = chain(np.concatenate([drawn(offset, seed + 300), same]), pace * 10**6)
    (there,), (back,) = same_stretches(a, b), same_stretches(b, a)
    assert (there.a_from_ns, there.a_to_ns) == (lead * STEP, (lead + shared) * STEP)
    assert (there.b_from_ns, there.b_to_ns) == (
        offset * pace * 10**6, (offset + shared) * pace * 10**6,
    )  # fmt: skip
    assert (back.a_from_ns, back.a_to_ns) == (there.b_from_ns, there.b_to_ns)
    assert there.speed == pytest.approx(pace / 40)


def test_pieces_in_another_order_are_each_found() -> None:
    one, two, three = (drawn(30, seed) for seed in (1, 2, 3))
    a, b = chain(np.concatenate([one, two, three])), chain(np.concatenate([three, one]))
    found = [(p.a_from_ns // STEP, p.b_from_ns // STEP) for p in same_stretches(a, b)]
    assert found == [(0, 30), (60, 0)]


def test_a_lost_packet_parts_nothing() -> None:
    heads = drawn(60, 4)
    a, b = chain(heads), heads.copy()
    b[30] = 5
    (piece,) = same_stretches(a, chain(b))
    assert (piece.a_from_ns, piece.a_to_ns) == (0, 60 * STEP)


@pytest.mark.parametrize("few", [0, 1, LEAST - 1])
def test_few_equal_ones_and_a_still_are_equal_by_chance(few: int) -> None:
    a = chain(np.concatenate([drawn(few, 1), drawn(20, 2)]))
    b = chain(np.concatenate([drawn(few, 1), drawn(20, 3)]))
    assert same_stretches(a, b) == ()
    still = chain(np.repeat(drawn(1, 1), 100, axis=0))
    assert same_stretches(still, still) == ()
    assert same_stretches(EMPTY, a) == ()
