"""What is laid around or over a film's picture: black bars, and what stays where a copy moves.

Told from the small pictures that are kept for motion. An inset that moves itself is not told so.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from dalil.match.copies.picture import WHOLE, Box, Matrix
from dalil.match.picture.likeness import MOST_LOOKED_AT, MOVES, STAYS
from dalil.media.features.features import Bytes

# Of grey: what a bar has at most, coded in whichever range.
BLACK = 24
# Cells of a picture of 64 across. Over 14 scenes under 12 changes that lay nothing over, no two
# copies had 12 together that stay in the one and move in the other; a station's logo has 30 to 70.
FEWEST_CELLS = 16


@dataclass(frozen=True, slots=True, eq=False)
class Steadiness:
    """How far each cell of a film's picture changes over its length: ``spread`` f4[h, w], in grey.

    ``own``: the part of the picture that is no black bar.
    """

    spread: Matrix
    own: Box


def steadiness(grid: Bytes) -> Steadiness:
    """Return it of small pictures u1[t, h, w], t > 0."""
    some = grid[:: len(grid) // MOST_LOOKED_AT + 1].astype(np.float32)
    spread = some.std(axis=0)
    bar = (some.mean(axis=0) <= BLACK) & (spread < STAYS)
    rows, columns = (np.flatnonzero(~bar.all(axis=axis)) for axis in (1, 0))
    if not len(rows) or not len(columns):
        return Steadiness(spread, WHOLE)
    high, wide = spread.shape
    own = (columns[0] / wide, rows[0] / high, (columns[-1] + 1) / wide, (rows[-1] + 1) / high)
    return Steadiness(spread, own)


def lies_over(one: Steadiness, other: Steadiness, matrix: Matrix) -> bool:
    """Whether something in ``one`` stays in one place where ``other`` moves.

    ``matrix`` leads places of the first to places of the second, in fractions. Of two copies the
    first is the one that holds all that the second shows: else what stays in it may move later.
    """
    high, wide = one.spread.shape
    there = cv2.erode(other.spread.astype(np.float32), np.ones((3, 3)))
    rows, columns = ((np.arange(count) + 0.5) / count for count in (high, wide))
    x, y, w = np.einsum(
        "ij,jhw->ihw", matrix, np.stack([*np.meshgrid(columns, rows), np.ones((high, wide))])
    )
    w = np.where(w > 0, w, np.nan)
    inside = (x > 0) & (x < w) & (y > 0) & (y < w)
    at = [
        np.where(inside, np.floor(place / w * count), 0).astype(np.intp)
        for place, count in ((y, there.shape[0]), (x, there.shape[1]))
    ]
    laid = inside & (np.asarray(there)[at[0], at[1]] > MOVES) & (one.spread < STAYS)
    _, _, stats, _ = cv2.connectedComponentsWithStats(laid.astype(np.uint8), connectivity=8)
    return bool((np.asarray(stats)[1:, cv2.CC_STAT_AREA] >= FEWEST_CELLS).any())
