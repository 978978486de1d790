"""What a code book and the lanes of a clip hold, for tests that begin with something there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from dalil.casebook.record.describing import Annotation, Term
from dalil.casebook.record.form import id_for
from dalil.intake.listing import items

if TYPE_CHECKING:
    from pathlib import Path

    from web.rooms import Desk

TICK = "1/12288"


@cache
def _first(archive: Path) -> str:
    return min(items(archive), key=lambda each: each.name_text).item


def terms(desk: Desk) -> list[Term]:
    """Write a small code book; return its terms."""
    told = [
        Term(id=id_for("t", key), book="conduct", key=key, name_en=en, name_ar=ar,
             definition_en=f"{en}, as it can be seen.", definition_ar=f"{ar}، كما يُرى.",
             since="2026-01-01", severity=severity)
        for key, en, ar, severity in (
            ("shape", "A shape moves", "شكل يتحرّك", 0),
            ("vehicle", "A vehicle", "مركبة", 1),
            ("blow", "A blow", "ضربة", 4),
        )
    ]  # fmt: skip
    desk.casebook.write(told, desk.signer("idris"))
    return told


def annotation(desk: Desk, name: str, start: int = 0, end: int = 6400, **said: Any) -> Annotation:  # noqa: ANN401
    """Return an annotation of the first clip; it is not written."""
    said = {"lane": "what happens", "text_en": name, **said}
    return Annotation(
        id=id_for("a", name),
        item=_first(desk.archive),
        pts_start=start,
        pts_end=end,
        timebase=TICK,
        **said,
    )
