"""What a comparison of two files came to: a lead, what each stage said, how often it errs."""

from __future__ import annotations

from dataclasses import dataclass

SAME, SCENE, NONE, UNSURE = "same-footage", "same-scene", "none", "cannot-tell"
VERDICTS = (SAME, SCENE, NONE, UNSURE)
# In the order in which they are asked; the first that settles it ends the asking.
STAGES = (
    "bytes", "packets", "frames", "prints", "learned", "points", "geometry", "motion", "sound",
)  # fmt: skip
METHOD = "dalil/match/1"
# What stands before the SHA-256 of a file from outside, in place of an item's id.
QUERY = "query:"


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage said: ``yes``, ``no``, ``cannot-tell`` or ``not-asked``, and its figure.

    ``score`` is in the stage's own unit (see docs/match.md); None where it has none.
    """

    name: str
    said: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Transform:
    """How the picture of ``a`` lies in that of ``b``.

    ``matrix`` 3 x 3, row by row: from places in ``a`` to places in ``b``, both as fractions of
    width and height. ``mirrored``; ``turned`` degrees clockwise; ``shown`` the part (x, y, width,
    height, fractions of ``b``) of b's picture that ``a`` shows; ``covers`` the share of a's picture
    that is b's.
    """

    matrix: tuple[float, ...]
    mirrored: bool
    turned: float
    shown: tuple[float, float, float, float]
    covers: float


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of ``a`` and where it lies in ``b``: ns since each file's first picture.

    ``speed``: seconds of b that pass in a second of a. ``transform`` None where not asked.
    """

    a_from_ns: int
    a_to_ns: int
    b_from_ns: int
    b_to_ns: int
    speed: float
    transform: Transform | None

    @property
    def a_length_ns(self) -> int:
        """How long the stretch of a is."""
        return self.a_to_ns - self.a_from_ns

    def a_shared_ns(self, other: Piece) -> int:
        """Return how much of a both stretches hold; below 0, how far they lie apart."""
        return min(self.a_to_ns, other.a_to_ns) - max(self.a_from_ns, other.a_from_ns)


@dataclass(frozen=True, slots=True)
class Rates:
    """How often this operating point errs, measured: of how many pairs, on how much footage.

    ``copies`` of so many ``films``, made in so many ``kinds`` of ways. ``missed``: share of
    true copies not called so. ``false`` and ``false_scene``: pairs of other scenes, and of the
    same scene at another moment, called the same footage, out of ``others`` and ``scenes``; no
    zero is without its number of pairs.
    """

    films: int
    kinds: int
    copies: int
    missed: float
    others: int
    false: int
    scenes: int
    false_scene: int


@dataclass(frozen=True, slots=True)
class Found:
    """A lead: what was found between ``a`` and ``b`` (item ids, or "query:" and a SHA-256).

    ``score`` 0 to 1 orders leads; it is no probability. ``pieces`` in order of ``a``.
    """

    a: str
    b: str
    verdict: str
    score: float
    pieces: tuple[Piece, ...]
    stages: tuple[Stage, ...]
    method: str
    rates: Rates
