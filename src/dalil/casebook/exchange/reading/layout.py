"""What a layout does, and which layouts let their rows be read in several processes at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable

from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sheets import Faults, Sheet
from dalil.casebook.record.form import Record


class Converter(Protocol):
    """What a layout does: say whether these sheets are of it, and yield their records."""

    def recognises(self, sheets: Sequence[Sheet]) -> bool:
        """Whether these sheets have this layout; only their headers are looked at."""

    def convert(self, sheets: Sequence[Sheet], into: Into, faults: Faults) -> Iterator[Record]:
        """Yield the records; twice the same, since they are read once to check, once to write."""


class Chunk(Protocol):
    """Some rows of a list that any process can read."""

    @property
    def keyed_by(self) -> str | None:
        """The column that has the list's own key of each row."""

    def records(self, faults: Faults) -> Iterator[Record]:
        """Yield the records of these rows, checked."""


@runtime_checkable
class InChunks(Protocol):
    """A layout each of whose rows stands for itself."""

    def chunks(self, sheets: Sequence[Sheet], into: Into, faults: Faults) -> Iterator[Chunk]:
        """Yield all rows, some thousand at a time, in the same chunks every time."""
