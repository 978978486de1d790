"""What a file of any of these forms says, line by line, before it is made into records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from dalil.casebook.incident.act_map import Box
from dalil.casebook.record.form import FORBIDDEN, MAX_TEXT
from dalil.errors import ImportRefused

ANNOTATION, SPEECH = "annotation", "speech"
# What one file may hold, so that none of them fills the memory.
MAX_BYTES = 64 << 20
MAX_ENTRIES = 50_000
MAX_FAULTS = 50
MAX_SECONDS = 10**7
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One annotation or segment of speech in a file.

    ``place`` says where in the file it stands, ``id`` its name there. ``start`` and ``end`` are
    seconds after the first picture; ``stamps`` the exact (pts_start, pts_end, timebase), where
    the form can hold them. ``value`` is what the form shows first: a term or a text.
    """

    place: str = field(compare=False)
    kind: str
    id: str
    start: Fraction
    end: Fraction
    lane: str | None = None
    value: str | None = None
    text_en: str | None = None
    text_ar: str | None = None
    label: str | None = None
    box: Box | None = None
    inferred: bool | None = None
    lang: str | None = None
    version: str | None = None
    speaker: str | None = None
    stamps: tuple[int, int, str] | None = None


@dataclass(slots=True)
class Faults:
    """Collects what is wrong with a file, by place, up to 50 of them."""

    found: list[str] = field(default_factory=list)

    def add(self, place: str, what: str) -> None:
        """Note what is wrong at a place.

        Raises:
            ImportRefused: this was the fiftieth; it names them all.

        """
        self.found.append(f"{place}: {what}")
        if len(self.found) >= MAX_FAULTS:
            self.refuse()

    def refuse(self) -> None:
        """Refuse the file if anything is wrong.

        Raises:
            ImportRefused: it names every place that was found.

        """
        if self.found:
            raise ImportRefused("\n".join(["", *(f"  {each}" for each in self.found)]))


def checked(entries: Iterable[Entry], faults: Faults) -> list[Entry]:
    """Return what can be read as it stands; what cannot is noted.

    Raises:
        ImportRefused: there are more entries than one file may hold, or too many are wrong.

    """
    found: list[Entry] = []
    seen: set[str] = set()
    for each in entries:
        if len(found) >= MAX_ENTRIES:
            raise ImportRefused(f"more than {MAX_ENTRIES} entries; split the file")
        wrong = _wrong(each, seen)
        if wrong:
            faults.add(each.place, wrong)
        else:
            found.append(each)
        seen.add(each.id)
    return found


def _wrong(entry: Entry, seen: set[str]) -> str:
    if entry.id in seen:
        return f"{short(entry.id)} is there twice"
    if entry.start < 0 or entry.end < entry.start:
        return "the stretch begins before 0 or runs backwards"
    texts = (entry.value, entry.text_en, entry.text_ar, entry.label, entry.lane, entry.speaker)
    if not any(each and each.strip() for each in texts[:4]):
        return "it says nothing"
    for each in filter(None, texts):
        if len(each) > MAX_TEXT:
            return f"{len(each)} characters where {MAX_TEXT} are allowed"
        if FORBIDDEN.search(each):
            return f"{short(each)}: a character in it is no text"
    return ""


def text_in(data: bytes) -> str:
    """Return the text of a file.

    Raises:
        ImportRefused: it is too large, or no UTF-8.

    """
    if len(data) > MAX_BYTES:
        raise ImportRefused(f"{len(data)} bytes where {MAX_BYTES} are read")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefused(f"byte {error.start}: this is no UTF-8") from None


def seconds_of(number: object) -> Fraction | None:
    """Return a number of seconds; none where it is none, or beyond any footage."""
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        return None
    exact = Decimal(number)
    # A power of ten beyond these is no footage, and would fill the memory as a fraction.
    if not exact.is_finite() or exact.copy_abs() > MAX_SECONDS:
        return None
    return Fraction(round(exact, 12))


def short(text: str) -> str:
    """Return the beginning of a value as a message can carry it."""
    return ascii(text[:SHOWN])[1:-1] + ("…" if len(text) > SHOWN else "")
