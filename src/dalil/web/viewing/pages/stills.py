"""The sheet of small grey stills of a film: of a look's own stretch, and no more of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from dalil.kernel.seal import NANO
from dalil.media.features.features import Bytes
from dalil.media.features.makers.montage import Montage
from dalil.media.features.stored import read_montages
from dalil.vault.derived import montages_place
from dalil.web.viewing.models import Look

QUALITY = 80


@dataclass(frozen=True, slots=True)
class Stills:
    """Stills of a look: the time stamp of each, in rows of ``across``, ``width`` x ``height`` each.

    ``places``: where each lies on the sheet of the whole film.
    """

    stamps: tuple[int, ...]
    places: tuple[int, ...]
    across: int
    width: int
    height: int


def stills_of(archive: Path, look: Look, zero: int) -> Stills | None:
    """Return the stills of a look's stretch; none where no sheet was made, or none lies in it.

    ``zero``: the time stamp of the film's first picture.
    """
    sheet = _sheet(archive, look)
    if sheet is None:
        return None
    stamps = [zero + round(Fraction(int(ns), NANO) / look.tick) for ns in sheet.times]
    within = [n for n, each in enumerate(stamps) if look.pts_start <= each < look.pts_end]
    if not within or not sheet.jpeg.size:
        return None
    chosen = tuple(stamps[n] for n in within)
    return Stills(chosen, tuple(within), sheet.across, sheet.width, sheet.height)


def picture_of(archive: Path, look: Look, stills: Stills) -> bytes:
    """Return these stills as one JPEG, in rows of as many as the whole sheet has."""
    sheet = _sheet(archive, look)
    whole = None if sheet is None else cv2.imdecode(sheet.jpeg, cv2.IMREAD_GRAYSCALE)
    if whole is None:
        return b""
    rows = -(-len(stills.places) // stills.across)
    columns = min(stills.across, len(stills.places))
    drawn: Bytes = np.zeros((rows * stills.height, columns * stills.width), np.uint8)
    for to, place in enumerate(stills.places):
        drawn[_at(stills, to)] = whole[_at(stills, place)]
    made, data = cv2.imencode(".jpg", drawn, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return data.tobytes() if made else b""


def _at(stills: Stills, number: int) -> tuple[slice, slice]:
    top = number // stills.across * stills.height
    left = number % stills.across * stills.width
    return slice(top, top + stills.height), slice(left, left + stills.width)


def _sheet(archive: Path, look: Look) -> Montage | None:
    sheets = read_montages(montages_place(archive, look.item)) or ()
    return next((each for each in sheets if each.stream == look.stream), None)
