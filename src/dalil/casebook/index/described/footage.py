"""Which item of the archive a record speaks of, and in which stretch."""

from __future__ import annotations

from collections.abc import Iterator

from dalil.casebook.record.describing import Annotation, Round, Speech
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Conduct
from dalil.casebook.record.sources import Source
from dalil.casebook.record.victims import Appearance, Notification
from dalil.kernel.canonical import Json

PLACED = (Annotation, Speech, Conduct, Appearance, Notification)


def footage_of(record: Record) -> Iterator[tuple[Json, ...]]:
    """Yield item, kind, lane or language, and round of a record that speaks of an item."""
    item: Json = None
    if isinstance(record, (*PLACED, Source, Round)):
        item = record.item
    else:
        item = (getattr(record, "locator", None) or {}).get("item")
    if item is not None:
        yield (item, record.kind, _track(record), getattr(record, "round", None))


def _track(record: Record) -> str | None:
    if isinstance(record, Annotation):
        return record.lane
    return record.lang if isinstance(record, Speech) else None
