"""From sheets of claims, sources and locations to records of a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sfm_v4.citations import Citations
from dalil.casebook.exchange.sfm_v4.claims import Claims
from dalil.casebook.exchange.sfm_v4.columns import handbook, note_unknown, role_of, sheets_of
from dalil.casebook.exchange.sfm_v4.learned import Learned
from dalil.casebook.exchange.sfm_v4.locations import Locations
from dalil.casebook.exchange.sheets import Faults, Sheet
from dalil.casebook.record.form import Record
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity


def recognises(sheets: Sequence[Sheet]) -> bool:
    """Whether one of these is a sheet of claims."""
    return bool(sheets_of("claims", sheets))


def convert(sheets: Sequence[Sheet], into: Into, faults: Faults) -> Iterator[Record]:
    """Yield the records that the claims say, in the same order every time.

    Raises:
        ImportRefused: fifty places are wrong.

    """
    citations, locations = Citations(into, faults), Locations(into, faults)
    for sheet in sheets:
        if not role_of(sheet):
            faults.remark(sheet.file, None, None, sheet.name, "claims, sources or locations")
    for sheet in sheets_of("sources", sheets):
        citations.learn(sheet)
    for sheet in sheets_of("locations", sheets):
        locations.learn(sheet)
    learned = Learned(into)
    claimed = sheets_of("claims", sheets)
    for sheet in claimed:
        note_unknown(sheet, faults)
        for row in sheet.rows(Faults()):
            learned.learn(row, sheet.file)
    yield from citations.records()
    for sheet in claimed:
        yield from _list(sheet, into)
    yield from locations.records(into.id(Source.kind, _key(claimed[0])))
    for place, record in learned.records():
        faults.place = place
        yield record
    claims = Claims(into, faults, learned, citations, locations)
    for sheet in claimed:
        for row in sheet.rows(faults):
            yield from claims.records(row, sheet.file, _key(sheet))


def _key(sheet: Sheet) -> str:
    return f"list:{sheet.name}"[:200]


def _list(sheet: Sheet, into: Into) -> Iterator[Record]:
    """Yield a sheet as what it is: a source that compiles, and a document that names things."""
    publisher = handbook().publisher
    key, title = _key(sheet), f"{publisher}: {sheet.name}"
    yield Source(
        id=into.id(Source.kind, key),
        type="dataset",
        key=key,
        title=title,
        publisher=publisher,
        see=into.see,
        case=into.case,
    )
    yield Entity(
        id=into.id(Entity.kind, key),
        type="document",
        key=key,
        names=({"form": title, "role": "name"},),
        see=into.see,
        case=into.case,
    )
