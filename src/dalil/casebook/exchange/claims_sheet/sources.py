"""The sources of a claims sheet, and which comes from which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from dalil.casebook.exchange.claims_sheet.layout import Layout, said_in
from dalil.casebook.exchange.claims_sheet.reading import Place, SourceRow
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sheets import Faults
from dalil.casebook.record.form import CLASSES
from dalil.casebook.record.sources import Derivation, Source

KEY = re.compile(r"[\w-]+")
MASK = "‹…›"
# How much of a circle is shown.
SHOWN = 6


@dataclass(slots=True)
class Sources:
    """Every source by its key. What begins as an origin does needs no row of its own."""

    layout: Layout
    into: Into
    faults: Faults
    rows: dict[str, SourceRow] = field(default_factory=dict)
    known: dict[str, Source] = field(default_factory=dict)

    def add_all(self, rows: Iterable[SourceRow]) -> None:
        """Write down the sources that have a row."""
        for row in rows:
            if row.key in self.rows:
                first = self.rows[row.key].place.row
                row.place.fault(self.faults, "key", row.key, f"another key; row {first} has it")
                continue
            self.rows[row.key] = row
            self.known[row.key] = Source(
                id=self.into.id("source", row.key),
                see=row.see or self.into.see,
                case=self.into.case,
                type=row.type,
                key=row.key,
                title=row.title or None,
                publisher=row.publisher or None,
                published=row.published or None,
                url=row.url or None,
                lang=row.lang or None,
                read_how=row.read_how or None,
            )

    def id_of(self, key: str, place: Place, name: str) -> str | None:
        """Return the id of a source; note the fault if there is none of this key.

        Who speaks has a row; what others rest on may be named by its key alone.
        """
        prefix = self.layout.origin_prefix
        begins = name != "source" and key.startswith(prefix) and key != prefix
        if key not in self.known and begins:
            self.known[key] = Source(
                id=self.into.id("source", key),
                see=self.into.see,
                case=self.into.case,
                type="origin",
                key=key,
            )
        if key in (self.rows if name == "source" else self.known):
            return self.known[key].id
        place.fault(self.faults, name, key, "the key of a source that has a row of its own")
        return None

    def derivations(self) -> Iterator[Derivation]:
        """Yield which source comes from which; note a circle."""
        self._refuse_circles()
        for row in self.rows.values():
            for parent in dict.fromkeys(row.parents):
                found = self.id_of(parent, row.place, "derives_from")
                if found is None:
                    continue
                if parent == row.key:
                    row.place.fault(self.faults, "derives_from", parent, "another source")
                    continue
                yield Derivation(
                    id=self.into.id("derivation", f"{row.key}<{parent}"),
                    see=self.into.see,
                    case=self.into.case,
                    child=self.known[row.key].id,
                    parent=found,
                    how=self._how(row, parent),
                )

    def masked(self, text: str, see: str) -> str:
        """Return words of a row of this class without the keys of sources of a higher one."""
        for key in dict.fromkeys(KEY.findall(text)):
            source = self.known.get(key)
            if source is not None and CLASSES.index(source.see) > CLASSES.index(see):
                text = re.sub(rf"(?<![\w-]){re.escape(key)}(?![\w-])", MASK, text)
        return text

    def _refuse_circles(self) -> None:
        graph = {key: set(row.parents) - {key} for key, row in self.rows.items()}
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as circle:
            named: list[str] = circle.args[1]
            around = " comes from ".join(named[:SHOWN])
            place = self.rows[named[0]].place
            expected = "no circle of sources that come from each other"
            place.fault(self.faults, "derives_from", around, expected)

    def _how(self, row: SourceRow, parent: str) -> str:
        if len(row.parents) > 1 or parent.startswith(self.layout.origin_prefix):
            return "based_on"
        if row.type in self.layout.versions:
            return "version"
        return said_in(row.publisher, self.layout.publisher_words) or "repeats"
