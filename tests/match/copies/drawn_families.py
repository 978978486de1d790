"""Candidates between files drawn up by hand: which seconds of one are which seconds of another."""

from __future__ import annotations

from collections.abc import Sequence

from dalil.match.copies.judgement import Judgement
from dalil.match.copies.placing import NANO
from dalil.match.found import METHOD, SAME, Found, Piece, Rates, Stage, Transform

RATES = Rates(5, 2, 10, 0.1, 100, 0, 20, 0)
WHOLE = (0.0, 0.0, 1.0, 1.0)
UPRIGHT = Transform(
    (1.0, 0, 0, 0, 1.0, 0, 0, 0, 1.0), mirrored=False, turned=0.0, shown=WHOLE, covers=1.0
)
MIRRORED = Transform(
    (-1.0, 0, 1.0, 0, 1.0, 0, 0, 0, 1.0), mirrored=True, turned=0.0, shown=WHOLE, covers=1.0
)


def item(name: str) -> str:
    """Return an item's id that begins with a letter's code."""
    return name.encode().hex().ljust(32, "0")


def piece(
    a: tuple[float, float],
    b: tuple[float, float],
    transform: Transform | None = None,
) -> Piece:
    """Return a piece, in seconds."""
    ends = [round(each * NANO) for each in (*a, *b)]
    return Piece(*ends[:4], (b[1] - b[0]) / (a[1] - a[0]), transform)  # type: ignore[arg-type, call-arg]


def lead(
    a: str, b: str, pieces: Sequence[Piece] = (), verdict: str = SAME, score: float = 0.9
) -> Found:
    """Return a candidate."""
    stages = (Stage("prints", "yes", 31.5), Stage("motion", "yes", 0.875), Stage("sound", "no"))
    return Found(item(a), item(b), verdict, score, tuple(pieces), stages, METHOD, RATES)


def said(
    a: str, b: str, judgement: str, who: str = "Salma", seq: int = 1, found: Found | None = None
) -> Judgement:
    """Return a judgement that stands."""
    return Judgement(
        item(a), item(b), judgement, "the same car door", found, 0, who, who,
        "2026-01-01T00:00:00Z", seq,
    )  # fmt: skip
