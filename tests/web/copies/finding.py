"""Candidates as a comparison leaves them, for pages that show them."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Any

from dalil.kernel.seal import NANO
from dalil.match.found import (
    METHOD,
    SAME,
    Found,
    Piece,
    Rates,
    Stage,
    Transform,
)
from dalil.match.held.catalogue import Catalogue

if TYPE_CHECKING:
    from django.test import Client

    from web.rooms import Desk

RATES = Rates(14, 29, 406, 0.0172, 20766, 0, 290, 0)
MIRRORED = Transform((-1.0, 0, 1, 0, 1, 0, 0, 0, 1), True, 90.0, (0.1, 0.1, 0.8, 0.75), 0.9)  # noqa: FBT003
STAGES = (
    Stage("bytes", "no"),
    Stage("prints", "yes", 31.0),
    Stage("motion", "yes", 0.81),
    Stage("sound", "cannot-tell"),
)
REASONS = "the same crack in the wall, the same hand at 0:02"


def candidate(a: str, b: str, verdict: str = SAME, score: float = 0.9, **more: Any) -> Found:  # noqa: ANN401
    """Return a candidate between two files: two seconds of the first, in the second from 0:01."""
    piece = Piece(0, 2 * NANO, NANO, 3 * NANO + NANO // 2, 1.25, MIRRORED)
    given = {"pieces": (piece,), "stages": STAGES, "method": METHOD, "rates": RATES, **more}
    return Found(a, b, verdict, score, **given)


def found(desk: Desk, *candidates: Found) -> None:
    """Leave candidates in the archive, as a comparison does."""
    with Catalogue.made(desk.archive) as catalogue:
        known = {each.item for each in catalogue.entered()}
        for n in range(4):
            if desk.item(n) not in known:
                catalogue.enter(desk.item(n), {}, ())
        catalogue.keep(desk.item(0), "1", candidates)
        for n in range(1, 4):
            catalogue.keep(desk.item(n), "1", ())


def pair(desk: Desk, first: int = 0, second: int = 1) -> tuple[str, str]:
    """Return two of the clips, in the order of their names."""
    a, b = sorted((desk.item(first), desk.item(second)))
    return a, b


def typed(client: Client, address: str, **more: str) -> dict[str, str]:
    """Return the form of a pair's page as it is sent: what is known of it, and what is typed."""
    page = client.get(address).content.decode()
    known = re.search(r'name="known" value="([0-9a-f]+)"', page)
    assert known, page
    said = {"judgement": SAME, "reasons": REASONS, "known": known[1], "once": secrets.token_hex(8)}
    return {**said, **more}
