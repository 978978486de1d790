"""From the sheets of a case to its records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from dalil.casebook.exchange.claims_sheet.answers import pieces_of
from dalil.casebook.exchange.claims_sheet.claims import Claims
from dalil.casebook.exchange.claims_sheet.entities import Entities
from dalil.casebook.exchange.claims_sheet.layout import Layout, any_in, shipped
from dalil.casebook.exchange.claims_sheet.links import Link, Links
from dalil.casebook.exchange.claims_sheet.reading import (
    ClaimRow,
    claim_rows,
    name_rows,
    source_rows,
)
from dalil.casebook.exchange.claims_sheet.sources import Sources
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sheets import Faults, Sheet
from dalil.casebook.record.form import Record, check
from dalil.casebook.record.sources import Evidence
from dalil.errors import RecordRefused

R = TypeVar("R", bound=Record)
# Which column a field of a record was read from, where their names differ.
COLUMN_OF = {
    "text": "claim",
    "text_ar": "claim_ar",
    "lo, hi": "value",
    "parts": "value",
    "asserted": "published",
    "group": "question",
    "predicate": "question",
    "evidence_offered": "evidence",
}


def recognises(sheets: Sequence[Sheet], layout: Layout | None = None) -> bool:
    """Whether these are a sheet of claims and a sheet of its sources, by names and columns."""
    layout = layout or shipped()
    return any(map(layout.claims.fits, sheets)) and any(map(layout.sources.fits, sheets))


def convert(
    sheets: Sequence[Sheet], into: Into, faults: Faults, layout: Layout | None = None
) -> Iterator[Record]:
    """Yield every record of a claims sheet, what is named before what names it.

    What is wrong is noted in ``faults`` with its row and column; there is nothing then.

    Raises:
        ImportRefused: fifty places are wrong.

    """
    return _Conversion(into, faults, layout or shipped()).records(sheets)


@dataclass(frozen=True, slots=True)
class OtherWords:
    """Claims sheets with columns or words of their own, as a file of the same form says them."""

    layout: Layout

    def recognises(self, sheets: Sequence[Sheet]) -> bool:
        """Whether these are a sheet of claims and a sheet of its sources."""
        return recognises(sheets, self.layout)

    def convert(self, sheets: Sequence[Sheet], into: Into, faults: Faults) -> Iterator[Record]:
        """Yield every record, as the module's ``convert`` does."""
        return convert(sheets, into, faults, self.layout)


class _Conversion:
    def __init__(self, into: Into, faults: Faults, layout: Layout) -> None:
        self.into, self.faults, self.layout = into, faults, layout
        self.sources = Sources(layout, into, faults)
        self.entities = Entities(layout, into, faults)

    def records(self, sheets: Sequence[Sheet]) -> Iterator[Record]:
        self.sources.add_all(source_rows(sheets, self.layout, self.faults))
        derivations = list(self.sources.derivations())
        ids = {key: source.id for key, source in self.sources.known.items()}
        self.entities.add_names(name_rows(sheets, self.layout, self.faults), ids)
        # In the order of their keys: how the sheet happens to be sorted says nothing.
        rows = sorted(self._claims(sheets), key=lambda row: row.key)
        pieces = [piece for row in rows for piece in pieces_of(row, self.entities)]
        links = Links(pieces, self.sources, self.layout, self.faults)
        claims = Claims(pieces, links.joined(), self.entities, self.sources, self.into)
        propositions = [self._good(p, row) for p, row in claims.propositions()]
        assertions = [self._good(a, p.row) for p in pieces if (a := claims.assertion(p))]
        self.faults.place = None
        if self.faults.found:
            return
        yield from self.entities.known.values()
        yield from self.sources.known.values()
        yield from self.entities.names.values()
        yield from derivations
        yield from propositions
        yield from assertions
        yield from self._evidence(links, claims)
        yield from (relation for p in pieces if (relation := claims.posting(p)))

    def _claims(self, sheets: Sequence[Sheet]) -> Iterator[ClaimRow]:
        first: dict[str, int] = {}
        for row in claim_rows(sheets, self.layout, self.faults):
            if row.key in first:
                expected = f"another key; row {first[row.key]} has it"
                row.place.fault(self.faults, "key", row.key, expected)
                continue
            first[row.key] = row.place.row
            known = self.sources.id_of(row.source, row.place, "source") is not None
            if row.origin:
                known &= self.sources.id_of(row.origin, row.place, "origin") is not None
            if known:
                yield row

    def _evidence(self, links: Links, claims: Claims) -> Iterator[Evidence]:
        seen: set[str] = set()
        for link in links.all():
            relation = self._relation(link, claims)
            key = f"{link.by.key}>{link.on.key}:{relation}"
            if relation is None or key in seen:
                continue
            seen.add(key)
            # Said in passing under another question: it is the source that speaks against.
            aside = link.by.row.question != link.on.row.question
            source = self.sources.known[link.by.row.source].id
            yield Evidence(
                id=self.into.id("evidence", key),
                see=self.into.see,
                case=self.into.case,
                assertion=self.into.id("assertion", link.on.key),
                relation=relation,
                by_assertion=None if aside else self.into.id("assertion", link.by.key),
                by_source=source if aside else None,
                note=self.sources.masked(link.text, self.into.see),
            )

    def _relation(self, link: Link, claims: Claims) -> str | None:
        """Return what a link is evidence of; nothing where numbers or a denial say it already."""
        if link.verb != "contradicts":
            return link.verb
        source = self.sources.rows[link.by.row.source]
        if source.type.casefold() in self.layout.explains_away:
            return "explains_away"
        if any_in(link.by.row.relation, self.layout.mixed_scope):
            return None
        one = claims.keys[link.by.key] == claims.keys[link.on.key]
        return None if one else "contradicts"

    def _good(self, record: R, row: ClaimRow) -> R:
        try:
            check(record)
        except RecordRefused as refused:
            name, _, why = refused.about.partition(": ")
            name = COLUMN_OF.get(name, name)
            value = str(getattr(row, name, ""))
            row.place.fault(self.faults, name, value, why or refused.about)
        return record
