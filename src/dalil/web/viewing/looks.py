"""A look: asked for with a reason, then what was seen of it. Both are acts (spec/custody.md)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from django.db import transaction

from dalil.casebook.incident.stretch import Band
from dalil.errors import ArchiveBusy
from dalil.intake.listing import items_like
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Draft, Ledger
from dalil.media.working_copy.recipe import Recipe
from dalil.web.viewing.models import Look

ASKED, LOOKED = "look-asked", "looked"
DONE, LEFT, LOST = "done", "left", "lost"
# How heavily a second counts, by what is described there; what nobody described counts double.
WEIGHTS = (1, 1, 1, 2, 3, 4)
UNKNOWN_WEIGHT = 2
MILLI = 1000
MOST_RANGES = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks to look at, and why. Time stamps in ticks of ``timebase``.

    ``beside``: who sits with them, as they say.
    """

    item: str
    name: str
    recipe: Recipe
    timebase: str
    reason: str
    beside: str


@dataclass(frozen=True, slots=True)
class OnScreen:
    """Pictures ``first`` … ``last`` of a look, in time stamps, on the screen for ``ms``."""

    first: int
    last: int
    ms: int


def ask(archive: Path, asked: Asked, signer: Signer, session_key: str) -> Look:
    """Write the act that asks, and open the look.

    Raises:
        ArchiveBusy: another process writes.

    """
    look, recipe = secrets.token_hex(16), asked.recipe
    fields = {
        "look": look,
        "item": asked.item,
        "stream": recipe.stream,
        "pts_start": recipe.pts_start,
        "pts_end": recipe.pts_end,
        "timebase": asked.timebase,
        "version": recipe.version,
        "reason": asked.reason,
        "beside": asked.beside,
    }
    [entry] = Ledger.open(archive).append([Draft(ASKED, fields)], signer)
    now = datetime.now(UTC)
    return Look.objects.create(
        id=look,
        person_id=signer.person_id,
        session_key=session_key,
        item=asked.item,
        name=asked.name,
        stream=recipe.stream,
        timebase=asked.timebase,
        pts_start=recipe.pts_start,
        pts_end=recipe.pts_end,
        version=recipe.version,
        reason=asked.reason,
        beside=asked.beside,
        original=recipe.original,
        recipe=recipe.digest,
        asked_seq=entry.seq,
        asked_at=now,
        beat_at=now,
    )


def recipe_of(look: Look) -> Recipe:
    """Return how the working copy of a look is made."""
    return Recipe(look.original, look.stream, look.pts_start, look.pts_end, look.version)


def note_seen(look: Look, told: Sequence[OnScreen], bands: Sequence[Band], zero: Fraction) -> None:
    """Add what was on the screen; ``zero`` is the item's first picture, in seconds.

    Two windows tell at once, and one may close the look: each adds to what is there by then.
    """
    with transaction.atomic():
        look.refresh_from_db()
        if look.closed_at is None:
            _add_seen(look, told, bands, zero)


def _add_seen(look: Look, told: Sequence[OnScreen], bands: Sequence[Band], zero: Fraction) -> None:
    elapsed = (datetime.now(UTC) - look.beat_at).total_seconds() * MILLI
    # No more can have been seen than time has passed, whatever a page says.
    left = int(elapsed) + 10 * MILLI
    for each in told:
        ms = max(0, min(each.ms, left))
        left -= ms
        look.screen_ms += ms
        span = (each.first * look.tick - zero, (each.last + 1) * look.tick - zero)
        look.weighed_ms += int(ms * weight_of(bands, *span))
    look.seen = merged([*look.seen, *([each.first, each.last] for each in told)])
    look.beat_at = datetime.now(UTC)
    look.save(update_fields=["screen_ms", "weighed_ms", "seen", "beat_at"])


def weight_of(bands: Sequence[Band], start: Fraction, end: Fraction) -> Fraction:
    """Return how heavily a stretch counts: the mean weight over its length, in seconds."""
    total = covered = Fraction(0)
    for band in bands:
        over = min(band.end, end) - max(band.start, start)
        if over > 0:
            covered += over
            total += over * _weight(band.severity)
    length = end - start
    if length <= 0:
        return Fraction(UNKNOWN_WEIGHT)
    return (total + (length - covered) * UNKNOWN_WEIGHT) / length


def merged(ranges: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return ranges (first, last) in order, those that touch as one."""
    found: list[list[int]] = []
    for first, last in sorted((min(a, b), max(a, b)) for a, b in ranges):
        if found and first <= found[-1][1] + 1:
            found[-1][1] = max(found[-1][1], last)
        else:
            found.append([first, last])
    while len(found) > MOST_RANGES:
        # So many pieces cannot be told apart any more: what lies between the nearest counts too.
        gaps = [found[i + 1][0] - found[i][1] for i in range(len(found) - 1)]
        nearest = gaps.index(min(gaps))
        found[nearest][1] = found[nearest + 1][1]
        del found[nearest + 1]
    return found


def close(archive: Path, look: Look, signer: Signer, ended: str) -> Look:
    """Write what was seen as an act; a look is closed once, whoever comes first.

    Args:
        archive: its archive.
        look: an open look of the signer.
        signer: the person who looked.
        ended: ``done``, ``left`` (locked, logged out) or ``lost`` (the browser went silent).

    Raises:
        ArchiveBusy: another process writes, or closes it.

    """
    mine = Look.objects.filter(id=look.id, closed_at=None)
    if not mine.update(closed_at=datetime.now(UTC), ended=ended):
        return Look.objects.get(id=look.id)
    look.refresh_from_db()
    fields = {
        "look": look.id,
        "item": look.item,
        "stream": look.stream,
        "seen": look.seen,
        "timebase": look.timebase,
        "screen_ms": look.screen_ms,
        "version": look.version,
        "reason": look.reason,
        "beside": look.beside,
        "working_copy": recipe_of(look).text,
        "ended": ended,
    }
    try:
        [entry] = Ledger.open(archive).append([Draft(LOOKED, fields)], signer)
    except ArchiveBusy:
        Look.objects.filter(id=look.id).update(closed_at=None, ended="")
        raise
    Look.objects.filter(id=look.id).update(closed_seq=entry.seq)
    look.refresh_from_db()
    return look


def name_of(ledger: Ledger, item: str) -> str:
    """Return the name under which an item came, or nothing."""
    found = [line for line in items_like(ledger, item, 1) if line.item == item]
    return found[0].name if found else ""


def _weight(severity: int | None) -> int:
    return UNKNOWN_WEIGHT if severity is None else WEIGHTS[severity]
