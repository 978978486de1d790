"""What is asked and what is asserted: pieces of rows become propositions and assertions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dalil.casebook.exchange.claims_sheet.answers import Piece, topic_of
from dalil.casebook.exchange.claims_sheet.entities import Entities
from dalil.casebook.exchange.claims_sheet.layout import Layout, any_in
from dalil.casebook.exchange.claims_sheet.reading import ClaimRow
from dalil.casebook.exchange.claims_sheet.sources import Sources
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.relations import Relation
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.text.names import fold, script_of

Key = tuple[str, ...]
FROM_EVIDENCE = ("custody", "coercion", "in_court")


@dataclass(slots=True)
class Claims:
    """Which pieces speak of one proposition; ``joined``: piece → the piece whose it is."""

    pieces: Sequence[Piece]
    joined: Mapping[str, str]
    entities: Entities
    sources: Sources
    into: Into
    keys: dict[str, Key] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Give every piece the key of its proposition."""
        alike: dict[Key, list[Piece]] = {}
        for piece in self.pieces:
            if piece.key in self.joined:
                continue
            base = _base(piece)
            if piece.count or piece.functional:
                self.keys[piece.key] = base
            else:
                alike.setdefault(base, []).append(piece)
        for base, group in alike.items():
            for together in _at_one_time(group):
                # By its first row, so that a list that grows keeps what it said before.
                first = min(p.key for p in together)
                self.keys |= dict.fromkeys((p.key for p in together), (*base, first))
        for piece in self.pieces:
            self.keys[piece.key] = self.keys[self._first(piece.key)]

    def _first(self, key: str) -> str:
        seen = {key}
        while key in self.joined and self.joined[key] not in seen:
            key = self.joined[key]
            seen.add(key)
        # Rows that only repeat each other all speak of what the last of them says.
        self.keys.setdefault(key, ("row", key))
        return key

    def id_of(self, piece: Piece) -> str:
        """Return the id of the proposition of a piece."""
        return self.into.id("proposition", "\x1e".join(self.keys[piece.key]))

    def propositions(self) -> Iterator[tuple[Proposition, ClaimRow]]:
        """Yield every proposition, and the row that it is read from."""
        groups: dict[Key, list[Piece]] = {}
        for piece in self.pieces:
            groups.setdefault(self.keys[piece.key], []).append(piece)
        for group in groups.values():
            first = next((p for p in group if p.key not in self.joined), group[0])
            yield self._proposition(first, group), first.row

    def _proposition(self, piece: Piece, group: Sequence[Piece]) -> Proposition:
        row = piece.row
        statement = not piece.count and piece.object is None
        arabic = script_of(row.question) == "Arab"
        topic = topic_of(row.question)
        return Proposition(
            id=self.id_of(piece),
            see=self.into.see,
            case=self.into.case,
            subject=self.entities.known[piece.subject].id,
            predicate=piece.predicate,
            object=None if piece.object is None else self.entities.known[piece.object].id,
            value=piece.answer.text if statement else None,
            scope=piece.scope,
            measure=piece.measure,
            unit=piece.unit,
            valid=None if piece.count or piece.functional else _span(group),
            functional=piece.functional,
            group=row.question,
            question_en=None if arabic else topic,
            question_ar=topic if arabic else topic_of(row.question_ar) or None,
        )

    def assertion(self, piece: Piece) -> Assertion | None:
        """Return what the source of a row says; none if the row names a source that is not."""
        row, layout, answer = piece.row, self.entities.layout, piece.answer
        source = self.sources.id_of(row.source, row.place, "source")
        origin = self.sources.id_of(row.origin, row.place, "origin") if row.origin else None
        if source is None or (row.origin and origin is None):
            return None
        arabic = script_of(row.claim) == "Arab"
        same = piece.object is not None or self.keys[piece.key] != _base(piece)
        return Assertion(
            id=self.into.id("assertion", piece.key),
            see=row.see or self.into.see,
            case=self.into.case,
            proposition=self.id_of(piece),
            source=source,
            polarity="denies" if piece.denies and same and self._denies(piece) else "affirms",
            modality=answer.modality,
            lo=answer.lo,
            hi=answer.hi,
            about=answer.about,
            text=None if arabic else row.claim,
            text_ar=row.claim if arabic else row.claim_ar or None,
            parts=answer.parts,
            parts_how=answer.parts_how,
            mixed_scope=any_in(row.relation, layout.mixed_scope),
            locator={"url": row.url} if self._elsewhere(row) else None,
            asserted=row.published or None,
            valid=row.valid or None,
            origin=origin,
            evidence_offered=None if _offers_none(row, layout) else row.evidence,
            obtained_how=_obtained(row, layout),
            hearsay=int(any_in(row.value + row.evidence, layout.hearsay)),
            note=self.sources.masked(_note(row), row.see or self.into.see) or None,
            key=piece.key,
        )

    def posting(self, piece: Piece) -> Relation | None:
        """Return who is said to have held a post, or not to have, as a relation as well."""
        layout = self.entities.layout
        if piece.object is None or piece.subject.partition(":")[0] != layout.post:
            return None
        post, row = self.entities.known[piece.subject], piece.row
        return Relation(
            id=self.into.id("relation", piece.key),
            see=row.see or self.into.see,
            case=self.into.case,
            relation="posted_to",
            a=self.entities.known[piece.object].id,
            b=post.id,
            polarity="denies" if piece.denies else "affirms",
            valid=row.valid or None,
            sometime=True,
            is_command=any_in(piece.subject, layout.commands),
            source=self.sources.known[row.source].id,
            origin=self.sources.known[row.origin].id if row.origin else None,
            asserted=row.published or None,
            note=row.claim,
        )

    def _denies(self, piece: Piece) -> bool:
        return piece.object is not None or piece.key in self.joined

    def _elsewhere(self, row: ClaimRow) -> bool:
        return bool(row.url) and row.url != self.sources.rows[row.source].url


def _base(piece: Piece) -> Key:
    start = (piece.row.question, piece.subject, piece.predicate)
    if piece.count:
        return (*start, "count", piece.measure or "", piece.unit or "", fold(piece.scope or ""))
    if piece.object is not None:
        return (*start, "object", piece.object)
    return (*start, "value", fold(piece.answer.text) or piece.answer.text)


def _at_one_time(group: Sequence[Piece]) -> list[list[Piece]]:
    """Return the pieces whose times can be one, together: captured twice is two captures."""
    dated = [p for p in group if p.row.valid]
    undated = [p for p in group if not p.row.valid]
    clusters: list[list[Piece]] = []
    end: int | None = None
    for piece in sorted(dated, key=lambda p: (bounds_of(p.row.valid).s_min or 0, p.row.valid)):
        bounds = bounds_of(piece.row.valid)
        if clusters and (end is None or (bounds.s_min or 0) <= end):
            clusters[-1].append(piece)
        else:
            clusters.append([piece])
            end = 0
        end = None if end is None or bounds.e_max is None else max(end, bounds.e_max)
    if undated and len(clusters) == 1:
        clusters[0] += undated
    elif undated:
        clusters.append(undated)
    return clusters


def _span(group: Sequence[Piece]) -> str | None:
    """Return the time from the first to the last day of which rows speak."""
    said = list(dict.fromkeys(p.row.valid for p in group if p.row.valid and not p.denies))
    if len(said) < 2:  # noqa: PLR2004 - one date, or none
        return said[0] if said else None
    bounds = [bounds_of(each) for each in said]
    starts, ends = [b.s_min for b in bounds], [b.e_max for b in bounds]
    return f"{_day(starts, min)}/{_day(ends, max)}"


def _day(days: Sequence[int | None], least: object) -> str:
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return ".."
    return date.fromordinal(min(known) if least is min else max(known)).isoformat()


def _offers_none(row: ClaimRow, layout: Layout) -> bool:
    return not row.evidence or row.evidence.casefold().startswith(layout.none)


def _obtained(row: ClaimRow, layout: Layout) -> str:
    everything = f"{row.evidence} {row.value} {row.claim}".casefold()
    for word, how in layout.obtained:
        if word in (row.evidence.casefold() if how in FROM_EVIDENCE else everything):
            return how
    return "unknown"


def _note(row: ClaimRow) -> str:
    """Keep the cells that became numbers and links in the sheet's own words."""
    cells = {"value": row.value, "relation": row.relation, "evidence": row.evidence}
    columns = row.place.columns.columns
    return "\n".join(f"{columns[name]}: {cell}" for name, cell in cells.items() if cell)
