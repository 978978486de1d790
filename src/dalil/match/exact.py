"""The same packets and the same decoded frames: what is equal needs no resemblance."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dalil.kernel import seal
from dalil.match.found import Piece
from dalil.media.tables import FRAME, NONE_64, Tables

Heads = NDArray[np.uint64]
Times = NDArray[np.int64]

PACKETS, FRAMES = 0, 1
# Of a stretch of so many equal packets or frames at least one is among the samples.
WINDOW = 32
# Fewer different ones than this, one after another, are equal by chance: a still, a fade.
LEAST = 8
# A packet this small says "as before", and an encoder has few ways to say that.
TELLING_BYTES = 256
# A flat picture has one tile inside and one kind more at each edge and in the corner.
FLAT_KINDS = 4
HEAD_WORDS = 2
REPEATS = 64
DIAGONALS = 256
JOIN_NS = seal.NANO // 2
STEADY = 1e-3
PORTION = 4096


@dataclass(frozen=True, slots=True)
class Chain:
    """The packets or the frames of one film, one after another.

    ``heads`` u8[n, 2]: 16 bytes of each digest, or 0 where it says nothing. ``begins`` and ``ends``
    i8[n]: from when to when each is shown, in ns since the film's first picture.
    """

    heads: Heads
    begins: Times
    ends: Times


EMPTY = Chain(np.empty((0, HEAD_WORDS), np.uint64), np.empty(0, np.int64), np.empty(0, np.int64))


def films_of(tables: Tables) -> tuple[int, ...]:
    """Return the streams of moving pictures that were read."""
    streams = tables.summary["streams"]
    return tuple(int(s["number"]) for s in streams if s["kind"] == "video" and s["units"])


def packet_chain(tables: Tables, film: int) -> Chain:
    """Return the packets of a film in the order in which they are decoded."""
    rows = _portions(tables.rows, tables.count, film)
    if not len(rows):
        return EMPTY
    rows = rows[np.argsort(rows["j"].astype(np.int64), kind="stable")]
    tick = tables.time_base(film)
    pts, order = rows["pts"].astype(np.int64), rows["order_ns"].astype(np.int64)
    shown = np.where(pts == NONE_64, order, _in_ns(pts, tick))
    heads = _heads(np.frombuffer(rows["sha256"].tobytes(), np.uint8).reshape(-1, 32))
    heads[rows["size"].astype(np.int64) < TELLING_BYTES] = 0
    return _timed(heads, shown - _zero(tables, film, shown))


def frame_chain(tables: Tables, film: int) -> Chain:
    """Return the decoded frames of a film in the order in which they are shown.

    A frame's digest is taken over those of its tiles, which no salt makes this file's own.
    """
    rows = _frames_of(tables, film)
    rows = rows[rows["pts"].astype(np.int64) != NONE_64]
    if not len(rows):
        return EMPTY
    # The table follows the packets, and a copy may have its packets in another order.
    rows = rows[np.argsort(rows["pts"].astype(np.int64), kind="stable")]
    digests = np.zeros((len(rows), 32), np.uint8)
    with (tables.folder / "tiles").open("rb") as tiles:
        for i, row in enumerate(rows[["width", "height", "tile"]].tolist()):
            digests[i] = np.frombuffer(_frame_digest(tiles.fileno(), *row), np.uint8)
    shown = _in_ns(rows["pts"].astype(np.int64), tables.time_base(film))
    return _timed(_heads(digests), shown - shown[0])


def samples(chain: Chain) -> NDArray[np.int64]:
    """Return the part of a chain by which it is looked up: the least of each window (winnowing).

    Whatever is cut off before or after, of a stretch of ``WINDOW`` equal ones at least one is here
    (Schleimer, Wilkerson, Aiken: Winnowing, 2003).
    """
    telling = chain.heads[:, 0][chain.heads.any(axis=1)]
    if not len(telling):
        return np.empty(0, np.int64)
    width = min(WINDOW, len(telling))
    least = np.lib.stride_tricks.sliding_window_view(telling, width).min(axis=1)
    return np.unique(least).view(np.int64)


def same_stretches(a: Chain, b: Chain) -> tuple[Piece, ...]:
    """Return what two films share one after another, in the order of ``a``, without overlap in it.

    Each stretch holds at least ``LEAST`` different packets or frames that say something.
    """
    found = [
        (_telling(a, first, last), first, last, shift)
        for shift in _shifts(a.heads, b.heads)
        for first, last in _runs(a.heads, b.heads, shift)
    ]
    taken = np.zeros(len(a.heads), bool)
    chosen: list[Piece] = []
    for weight, first, last, shift in sorted(found, key=lambda each: (-each[0], *each[1:])):
        if weight >= LEAST and not taken[first:last].any():
            taken[first:last] = True
            chosen.append(_piece(a, b, slice(first, last), shift))
    return _joined(sorted(chosen, key=lambda each: (each.a_from_ns, each.b_from_ns)))


def covered(pieces: Sequence[Piece], length_ns: int) -> float:
    """Return the share of ``a``, ``length_ns`` long, that the pieces cover."""
    return sum(each.a_length_ns for each in pieces) / max(1, length_ns)


def length_of(chain: Chain) -> int:
    """Return until when the film is shown, in ns since its first picture."""
    return int(chain.ends.max()) if len(chain.ends) else 0


def _portions(
    read: Callable[[int, int], NDArray[np.void]], count: int, film: int
) -> NDArray[np.void]:
    parts = (read(i, min(count, i + PORTION)) for i in range(0, count, PORTION))
    kept = [rows[rows["stream"] == film] for rows in parts]
    return np.concatenate(kept) if kept else np.empty(0, [("stream", ">u4")])


def _frames_of(tables: Tables, film: int) -> NDArray[np.void]:
    rows: NDArray[np.void] = np.fromfile(tables.folder / "frames", FRAME)
    mine: NDArray[np.void] = rows[rows["stream"] == film]
    return mine


def _frame_digest(tiles: int, width: int, height: int, first: int) -> bytes:
    count = -(-width // seal.TILE_SIDE) * -(-height // seal.TILE_SIDE)
    digests = os.pread(tiles, count * 32, first * 32)
    if count > FLAT_KINDS:
        kinds = {digests[i : i + 32] for i in range(0, len(digests), 32)}
        if len(kinds) <= FLAT_KINDS:
            return bytes(32)
    return hashlib.sha256(digests).digest()


def _zero(tables: Tables, film: int, shown: Times) -> int:
    """Return when the first picture is shown; the first packet where none was decoded."""
    pts = _frames_of(tables, film)["pts"].astype(np.int64)
    pts = pts[pts != NONE_64]
    return int(_in_ns(pts, tables.time_base(film)).min()) if len(pts) else int(shown.min())


def _in_ns(ticks: Times, tick: tuple[int, int]) -> Times:
    # In whole numbers, and without leaving 64 bits: seconds and the rest apart.
    numerator, denominator = tick
    whole, rest = np.divmod(ticks, denominator)
    there: Times = whole * (numerator * seal.NANO) + rest * numerator * seal.NANO // denominator
    return there


def _heads(digests: NDArray[np.uint8]) -> Heads:
    return np.ascontiguousarray(digests[:, : 8 * HEAD_WORDS]).view(">u8").astype(np.uint64)


def _timed(heads: Heads, begins: Times) -> Chain:
    order = np.argsort(begins, kind="stable")
    steps = np.diff(begins[order])
    last = int(np.median(steps)) if len(steps) else 0
    ends = np.empty_like(begins)
    ends[order] = np.append(begins[order][1:], begins[order][-1] + last)
    return Chain(heads, begins, ends)


def _shifts(a: Heads, b: Heads) -> list[int]:
    """Return by how many places ``b`` lies after ``a``, the most often seen first."""
    keys, in_a, in_b = np.intersect1d(a[:, 0], b[:, 0], return_indices=True)
    seen: dict[int, int] = {}
    places_a, places_b = _places(a[:, 0], keys, in_a), _places(b[:, 0], keys, in_b)
    for key, here, there in zip(keys.tolist(), places_a, places_b, strict=True):
        if key and len(here) * len(there) <= REPEATS:
            for i in here:
                for j in there:
                    seen[j - i] = seen.get(j - i, 0) + 1
    return sorted(seen, key=lambda shift: (-seen[shift], shift))[:DIAGONALS]


def _places(values: Heads, keys: Heads, first: NDArray[np.intp]) -> Iterator[list[int]]:
    """Yield where each key stands; most stand once."""
    order = np.argsort(values, kind="stable")
    begin = np.searchsorted(values[order], keys, "left")
    end = np.searchsorted(values[order], keys, "right")
    for i, j, once in zip(begin.tolist(), end.tolist(), first.tolist(), strict=True):
        yield [once] if j - i == 1 else order[i : min(j, i + REPEATS + 1)].tolist()


def _runs(a: Heads, b: Heads, shift: int) -> Iterator[tuple[int, int]]:
    first, last = max(0, -shift), min(len(a), len(b) - shift)
    if last <= first:
        return
    same = (a[first:last] == b[first + shift : last + shift]).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
    for begin, end in edges.reshape(-1, 2).tolist():
        yield first + begin, first + end


def _telling(chain: Chain, first: int, last: int) -> int:
    heads = np.unique(chain.heads[first:last, 0])
    return int(np.count_nonzero(heads))


def _piece(a: Chain, b: Chain, here: slice, shift: int) -> Piece:
    there = slice(here.start + shift, here.stop + shift)
    a_from, a_to = int(a.begins[here].min()), int(a.ends[here].max())
    b_from, b_to = int(b.begins[there].min()), int(b.ends[there].max())
    speed = (b_to - b_from) / (a_to - a_from) if a_to > a_from else 1.0
    return Piece(a_from, a_to, b_from, b_to, 1.0 if abs(speed - 1) < STEADY else speed, None)


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Join what a lost packet parts: both gaps short, and alike."""
    found: list[Piece] = []
    for each in pieces:
        before = found[-1] if found else None
        if before is not None and _goes_on(before, each):
            found[-1] = Piece(
                before.a_from_ns, each.a_to_ns, before.b_from_ns, each.b_to_ns, before.speed, None
            )
        else:
            found.append(each)
    return tuple(found)


def _goes_on(before: Piece, after: Piece) -> bool:
    gap_a, gap_b = after.a_from_ns - before.a_to_ns, after.b_from_ns - before.b_to_ns
    alike = abs(after.speed - before.speed) < STEADY and abs(gap_a * before.speed - gap_b) < JOIN_NS
    return alike and max(abs(gap_a), abs(gap_b)) < JOIN_NS
