"""What the pictures of two films come to, taken together."""

from __future__ import annotations

from dataclasses import dataclass

from dalil.match.found import NONE, Piece, Stage
from dalil.media.features.features import Seen


@dataclass(frozen=True, slots=True)
class Decision:
    """Verdict and score of two films, the pieces they share, and what each stage said."""

    verdict: str
    score: float
    pieces: tuple[Piece, ...]
    stages: tuple[Stage, ...]


def compare(a: Seen, b: Seen) -> Decision:
    """Compare the pictures of two films."""
    del a, b
    return Decision(NONE, 0.0, (), ())
