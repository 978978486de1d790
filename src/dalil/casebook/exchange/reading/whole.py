"""What can be told of a list only when all of it is known; and its rows, made ready to be signed.

However many rows there are, what is remembered of them lies on the disk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import select

from dalil.casebook.casebook import Casebook
from dalil.casebook.exchange.fieldmap.deceiving import deceptions, forms_of
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.reading.layout import Chunk, Converter, InChunks
from dalil.casebook.exchange.sheets import Faults, Sheet
from dalil.casebook.index.tables import RECORD
from dalil.casebook.record.form import Record, check
from dalil.casebook.record.mentions import mentions_of
from dalil.casebook.recording import PART, Batch, batch_of
from dalil.engines.processes import run_in_order
from dalil.engines.scratch import Scratch
from dalil.engines.sqlite import PIECE
from dalil.errors import ImportRefused, RecordRefused

# A row number has room in this many bits.
ROW_BITS = 40


@dataclass(slots=True)
class Looked:
    """What was found of some records: which they are, what they name, and what is wrong."""

    faults: Faults
    said: list[tuple[str, str, tuple[str, int] | None, str]] = field(default_factory=list)
    named: dict[tuple[str, str], tuple[str, tuple[str, int] | None]] = field(default_factory=dict)
    keyed_by: str | None = None

    def take(self, record: Record) -> None:
        """Remember what a record is and names, and remark on names that can deceive."""
        place = self.faults.place
        self.said.append((record.id, record.kind, place, getattr(record, "key", None) or ""))
        if place is not None:
            for form in forms_of(record):
                for expected in deceptions(form):
                    self.faults.remark(*place, None, form, expected)
        for mention in mentions_of(record):
            self.named.setdefault((mention.target, mention.field), (record.id, place))


@dataclass(slots=True)
class Reading:
    """What can be told only when all of a list is known."""

    casebook: Casebook
    faults: Faults
    scratch: Scratch
    kinds: Counter[str] = field(default_factory=Counter)
    files: list[str] = field(default_factory=list)

    def read(self, converter: Converter, sheets: Sequence[Sheet], into: Into) -> None:
        """Read every record, many rows at once where the layout lets them be read apart."""
        if isinstance(converter, InChunks):
            chunks = converter.chunks(sheets, into, self.faults)
            for looked in run_in_order(look, ((each,) for each in chunks)):
                self._remember(looked)
                self.faults.join(looked.faults)
            return
        looked = Looked(self.faults)
        for record in converter.convert(sheets, into, self.faults):
            self._check(record)
            looked.take(record)
            if len(looked.said) >= PART:
                self._remember(looked)
                looked = Looked(self.faults)
        self._remember(looked)

    def finish(self) -> None:
        """Note every record that is named and is neither in the list nor in the casebook."""
        unsaid = self.scratch.unsaid()
        with self.casebook.reading() as connection:
            while chunk := list(islice(unsaid, PIECE)):
                chosen = select(RECORD.c.id).where(RECORD.c.id.in_([each[0] for each in chunk]))
                known = set(connection.execute(chosen).scalars())
                for target, name, _, place in chunk:
                    if target not in known:
                        expected = "the id of a record of this list or of the casebook"
                        self._fault(self._place(place), name, target, expected)

    def _check(self, record: Record) -> None:
        try:
            check(record)
        except RecordRefused as refused:
            name, _, why = refused.about.partition(": ")
            value = str(getattr(record, name, ""))
            self._fault(self.faults.place, name, value, why or refused.about)

    def _remember(self, looked: Looked) -> None:
        said = [(id_, kind, self._number(place)) for id_, kind, place, _ in looked.said]
        for i, first in self.scratch.say(said):
            id_, _, place, key = looked.said[i]
            before = self._place(first)
            if looked.keyed_by is not None and before is not None:
                self._fault(place, looked.keyed_by, key, f"another key; row {before[1]} has it")
            else:
                self._fault(place, "id", id_, "each record once")
        self.kinds.update(kind for _, kind, _ in said)
        self.scratch.name(
            (target, name, by, self._number(place))
            for (target, name), (by, place) in looked.named.items()
        )

    def _number(self, place: tuple[str, int] | None) -> int | None:
        """Return a file and row as one number."""
        if place is None:
            return None
        if place[0] not in self.files:
            self.files.append(place[0])
        return self.files.index(place[0]) << ROW_BITS | place[1]

    def _place(self, number: int | None) -> tuple[str, int] | None:
        if number is None:
            return None
        return self.files[number >> ROW_BITS], number & ((1 << ROW_BITS) - 1)

    def _fault(self, place: tuple[str, int] | None, name: str, value: str, expected: str) -> None:
        file, row = place or ("", None)
        self.faults.add(file, row, name, value, expected)


def look(chunk: Chunk) -> Looked:
    """Read some rows."""
    looked = Looked(Faults(), keyed_by=chunk.keyed_by)
    # Fifty faults are enough; who joins them to those of other chunks refuses the list.
    with suppress(ImportRefused):
        for record in chunk.records(looked.faults):
            looked.take(record)
    return looked


def salted(chunk: Chunk) -> Batch:
    """Read some rows again, and salt their records.

    Raises:
        ImportRefused: they are not those that were checked.

    """
    faults = Faults()
    records = list(chunk.records(faults))
    faults.refuse()
    return batch_of(records)
