"""dalil sync: recordings of one moment on one clock."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.progress import progress_bar
from dalil.cli.saying import phrase, report, reporting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dalil.match.sync.clock import Clock, Placed
    from dalil.match.sync.together import Together

NANO = 10**9
SHOWN = 8
FEWEST = 2
CANNOT_TELL = 3


@click.command("sync")
@ARCHIVE
@click.argument("items", nargs=-1, required=True, metavar="ITEM ITEM...")
@reporting
def command(archive: Path, items: tuple[str, ...], lang: str, *, as_json: bool) -> None:
    """Place recordings of one moment on the clock of the first, by sound and by motion.

    Tells when each begins, how exactly that is known, and where it cannot be told (exit code 3
    where that is so of all).

    \b
    Example:
      dalil sync /srv/archive 4f0c1d 77ab20 c09e3f
    """
    from dalil.errors import UsageRefused
    from dalil.intake.listing import find_item
    from dalil.match.copies.gathered import names_of
    from dalil.match.sync.together import place_together

    whole = [find_item(archive, item) for item in items]
    if len(set(whole)) < max(FEWEST, len(whole)):
        raise UsageRefused("name two items or more, each once")
    with progress_bar("sync") as advance:
        told = place_together(archive, whole, advance)
    report(told, "\n".join(_lines(told, names_of(archive, whole), lang)), as_json=as_json)
    if len(told.clock.placed) < FEWEST:
        click.get_current_context().exit(CANNOT_TELL)


def _lines(told: Together, known: Mapping[str, str], lang: str) -> Iterator[str]:
    from dalil.match.copies.wording import beside_id

    ids = [item[:SHOWN] for item in told.items]
    names = [beside_id(item, known, SHOWN) for item in told.items]
    yield phrase("sync", "clock", lang, item=names[0])
    placed = {each.recording: each for each in told.clock.placed}
    for number, name in enumerate(names):
        if number in placed:
            yield _placed(placed[number], name, lang)
        else:
            yield phrase("sync", "unplaced", lang, item=name, why=_why(told, number, lang))
    if told.clock.used or told.clock.left_out:
        yield phrase("sync", "pairs", lang)
        yield from _pairs(told.clock, ids, lang)
    if any(each.by == "sound" for each in told.clock.used):
        yield phrase("sync", "distance", lang)
    if told.clock.used:
        yield phrase("sync", "candidate", lang)


def _placed(placed: Placed, name: str, lang: str) -> str:
    drift = ""
    if placed.drift_ppb:
        drift = phrase("sync", "drift", lang, ppm=f"{placed.drift_ppb / 1000:.1f}")
    return phrase(
        "sync", "placed", lang, item=name, begins=f"{placed.begins_ns / NANO:.4f}",
        error=f"{placed.error_ns / 1e6:.1f}", drift=drift,
    )  # fmt: skip


def _why(told: Together, number: int, lang: str) -> str:
    """Return why a recording was not placed, by what its pairs said."""
    if any(number in {each.a, each.b} for each in told.clock.left_out):
        return phrase("sync", "contradicts", lang)
    said = {each.said for each in told.pairs if number in {each.a, each.b}}
    for word in ("repeats", "silent"):
        if word in said and (word == "repeats" or said == {word}):
            return phrase("sync", word, lang)
    return phrase("sync", "nothing-shared", lang)


def _pairs(clock: Clock, ids: list[str], lang: str) -> Iterator[str]:
    for each, off in zip(clock.used, clock.residuals_ns, strict=True):
        yield phrase(
            "sync", "pair", lang, a=ids[each.a], b=ids[each.b],
            by=phrase("sync", each.by, lang), off=f"{abs(off) / 1e6:.1f}",
        )  # fmt: skip
    for each in clock.left_out:
        yield phrase("sync", "left-out", lang, a=ids[each.a], b=ids[each.b])
    for triangle in clock.triangles:
        a, b, c = (ids[number] for number in triangle.recordings)
        close = f"{abs(triangle.error_ns) / 1e6:.1f}"
        yield phrase("sync", "triangle", lang, a=a, b=b, c=c, off=close)
