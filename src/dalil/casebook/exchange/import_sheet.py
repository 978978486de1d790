"""Bringing lists in: look at them, read all of them, name what is wrong; only then write.

Which of the known layouts a list has is told by its columns: our own sheets, a claims sheet, a
published set; or a field map says what its columns are.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module, resources
from itertools import islice
from pathlib import Path
from typing import Protocol

from sqlalchemy import select

from dalil.casebook.casebook import Casebook
from dalil.casebook.exchange.claims_sheet.convert import OtherWords
from dalil.casebook.exchange.claims_sheet.layout import FORMAT as CLAIMS_SHEET
from dalil.casebook.exchange.claims_sheet.layout import layout_of, shipped
from dalil.casebook.exchange.fieldmap.deceiving import deceptions, forms_of
from dalil.casebook.exchange.fieldmap.form import parse_map, read_document
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.fieldmap.rows import Mapped
from dalil.casebook.exchange.sheets import Fault, Faults, Sheet, sheets_in
from dalil.casebook.exchange.victims import convert as victims
from dalil.casebook.index.tables import RECORD
from dalil.casebook.record.form import SLUG, Record, check, id_for
from dalil.casebook.record.mentions import mentions_of
from dalil.casebook.recording import Brought
from dalil.engines.files import sha256_of
from dalil.engines.sqlite import pieces
from dalil.errors import ImportRefused, RecordRefused, UsageRefused
from dalil.ledger.keyring import Signer
from dalil.vault.archive import read_plate

# Field maps that come with the program (maps/NAME.json).
SHIPPED = ("geojson", "followthemoney")
# In this order: our own layout names its kinds by file, the others are told by their columns.
LAYOUTS = ("native", "claims_sheet.convert", "sfm", "sfm_v4.convert", "bayanat.convert")
Progress = Callable[[int, int], None]


class Converter(Protocol):
    """What a layout does: say whether these sheets are of it, and yield their records."""

    def recognises(self, sheets: Sequence[Sheet]) -> bool:
        """Whether these sheets have this layout; only their headers are looked at."""

    def convert(self, sheets: Sequence[Sheet], into: Into, faults: Faults) -> Iterator[Record]:
        """Yield the records; twice the same, since they are read once to check, once to write."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that can be brought in: everything in it was read and fits.

    ``kinds`` counts its records by kind; ``remarks`` is what was kept as it is and not read
    further; ``read``: of which files and sheets rows were read. ``digest``: SHA-256 of the files,
    their names and the map.
    """

    layout: str
    sheets: tuple[Sheet, ...]
    into: Into
    digest: str
    kinds: tuple[tuple[str, int], ...]
    remarks: tuple[Fault, ...]
    read: frozenset[str]
    converter: Converter

    @property
    def files(self) -> tuple[str, ...]:
        """The files and sheets of which rows were read."""
        return tuple(sheet.file for sheet in self.sheets if sheet.file in self.read)

    @property
    def unread(self) -> tuple[str, ...]:
        """The files and sheets that lie beside them and were not read."""
        return tuple(sheet.file for sheet in self.sheets if sheet.file not in self.read)

    @property
    def total(self) -> int:
        """How many records there are."""
        return sum(count for _, count in self.kinds)

    @property
    def import_id(self) -> str:
        """The same list, given again, is the same import."""
        return id_for(self.into.archive, self.into.case, "import", self.digest, self.into.see)

    def records(self) -> Iterator[Record]:
        """Yield its records again, unless the files have changed meanwhile.

        Raises:
            ImportRefused: they are not those that were checked.

        """
        yield from self.converter.convert(self.sheets, self.into, Faults())
        if not self.digest.startswith(digest_of(sheet.path for sheet in self.sheets)):
            raise ImportRefused("the files changed while they were read; leave them alone")


@dataclass(frozen=True, slots=True)
class Together:
    """Sheets of several layouts in one folder; each layout takes its own."""

    converters: tuple[Converter, ...]

    def recognises(self, sheets: Sequence[Sheet]) -> bool:
        """Whether these sheets have all of the layouts."""
        return all(each.recognises(sheets) for each in self.converters)

    def convert(self, sheets: Sequence[Sheet], into: Into, faults: Faults) -> Iterator[Record]:
        """Yield the records of one layout after the other, until one has a fault."""
        for each in self.converters:
            yield from each.convert(sheets, into, faults)
            if faults.found:
                return


@dataclass(slots=True)
class _Reading:
    """What can be told only when all of a list is known."""

    casebook: Casebook
    faults: Faults
    kinds: Counter[str] = field(default_factory=Counter)
    ids: dict[str, str] = field(default_factory=dict)
    named: dict[str, tuple[str, str, tuple[str, int] | None]] = field(default_factory=dict)

    def take(self, record: Record) -> None:
        """Check one record, and remember what it names."""
        wrong = ""
        try:
            check(record)
        except RecordRefused as refused:
            wrong = refused.about
        if wrong:
            name, _, why = wrong.partition(": ")
            self._fault(self.faults.place, name, str(getattr(record, name, "")), why or wrong)
        key = f"{record.id}/{record.revises}"
        if key in self.ids:
            self._fault(self.faults.place, "id", record.id, "each record once")
        if self.faults.place and not wrong:
            file, row = self.faults.place
            for form in forms_of(record):
                for expected in deceptions(form):
                    self.faults.remark(file, row, None, form, expected)
        self.ids[key] = record.kind
        self.ids[record.id] = record.kind
        self.kinds[record.kind] += 1
        for mention in mentions_of(record):
            self.named.setdefault(mention.target, (record.kind, mention.field, self.faults.place))

    def finish(self) -> None:
        """Note every record that is named and is neither in the list nor in the casebook."""
        wanted = [target for target in self.named if target not in self.ids]
        known: set[str] = set()
        with self.casebook.reading() as connection:
            for chunk in pieces(wanted):
                chosen = select(RECORD.c.id).where(RECORD.c.id.in_(chunk))
                known |= set(connection.execute(chosen).scalars())
        for target in wanted:
            if target not in known:
                _kind, name, place = self.named[target]
                expected = "the id of a record of this list or of the casebook"
                self._fault(place, name, target, expected)

    def _fault(self, place: tuple[str, int] | None, name: str, value: str, expected: str) -> None:
        file, row = place or ("", None)
        self.faults.add(file, row, name, value, expected)


def look_at(
    casebook: Casebook,
    path: Path,
    case: str | None,
    see: str,
    faults: Faults,
    map_file: Path | None = None,
) -> Listing:
    """Read a list to its end and return it, or refuse it with every place that is wrong.

    ``case`` is by default the name of the folder or file. ``faults`` collects what is wrong, for
    whoever wants it place by place. ``map_file`` says what its columns are.

    Raises:
        ImportRefused: it names up to 50 places. UsageRefused: nothing here is a sheet, or the
            name is no case. Malformed: the map is none.

    """
    named = case_of(path, case)
    into = Into(read_plate(casebook.archive).id, named, see, _keys_of(casebook, named))
    sheets = _sheets(path, faults)
    layout, chosen = _layout(sheets) if map_file is None else _mapped(map_file, sheets)
    digest = f"{digest_of(sheet.path for sheet in sheets)}-{layout}"
    reading = _Reading(casebook, faults)
    for record in chosen.convert(sheets, into, faults):
        reading.take(record)
    reading.finish()
    faults.refuse()
    kinds = tuple(sorted(reading.kinds.items()))
    if not kinds:
        raise ImportRefused(f"{path.name}: there is no row in it")
    name = layout.partition(" ")[0]
    remarks, read = tuple(faults.remarks), frozenset(faults.read)
    return Listing(name, sheets, into, digest, kinds, remarks, read, chosen)


def bring_in(
    casebook: Casebook,
    listing: Listing,
    signer: Signer,
    progress: Progress | None = None,
) -> Brought:
    """Write a list into the casebook, as signed acts; stopped, the same call goes on.

    Raises:
        RecordRefused: what was found in the casebook does not go with it.

    """
    note = f"{listing.layout}: {', '.join(listing.files)}"
    return casebook.bring_in(
        listing.import_id, listing.records(), signer, listing.total, progress, note[:200]
    )


def case_of(path: Path, case: str | None) -> str:
    """Return the short name of a case: the one given, or the folder's or file's.

    Raises:
        UsageRefused: it cannot be one.

    """
    name = case
    if name is None:
        stem = path.resolve().name
        if not path.is_dir():
            stem = re.sub(
                r"(\.(csv|tsv|xlsx|jsonl|ndjson|ijson|ftm|json|geojson|gz))+$",
                "",
                stem,
                flags=re.IGNORECASE,
            )
        name = re.sub(r"[^a-z0-9._-]+", "-", stem.lower()).strip("-._")[:64]
    if not SLUG.fullmatch(name):
        raise UsageRefused(f"{name!r} is no short name of a case; give --case (a-z, 0-9, . _ -)")
    return name


def digest_of(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of files and their names, in hexadecimal."""
    total = hashlib.sha256()
    for path in dict.fromkeys(paths):
        total.update(f"{path.name}\0{sha256_of(path)}\0".encode())
    return total.hexdigest()


def _keys_of(casebook: Casebook, case: str) -> Callable[[str, str], str | None]:
    @cache
    def keys() -> dict[tuple[str, str], str]:
        chosen = select(RECORD.c.kind, RECORD.c.key, RECORD.c.id).where(
            RECORD.c.case == case, RECORD.c.key.is_not(None), RECORD.c.known_to.is_(None)
        )
        with casebook.reading() as connection:
            return {(kind, key): id_ for kind, key, id_ in connection.execute(chosen)}

    return lambda kind, key: keys().get((kind, key))


def _sheets(path: Path, faults: Faults) -> tuple[Sheet, ...]:
    if not path.exists():
        raise UsageRefused(f"{path}: there is nothing here")
    sheets = sheets_in(path, faults)
    faults.refuse()
    if not sheets:
        found = [each.name for each in islice(sorted(path.iterdir()), 6)] if path.is_dir() else []
        seen = f" (there are: {', '.join(found)})" if found else ""
        raise UsageRefused(f"{path}: no sheet here; expected are .csv, .tsv or .xlsx{seen}")
    return sheets


def _layout(sheets: Sequence[Sheet]) -> tuple[str, Converter]:
    found: dict[str, Converter] = {}
    for name in LAYOUTS:
        converter: Converter = import_module(f"dalil.casebook.exchange.{name}")
        if converter.recognises(sheets):
            found[name.partition(".")[0].replace("_", "-")] = converter
    if found:
        # Sheets of our own may stand beside others, and name what is in them.
        names = tuple(reversed(found))
        return "+".join(names), Together(tuple(found[name] for name in names))
    for name in SHIPPED:
        text = (resources.files("dalil.casebook.exchange") / "maps" / f"{name}.json").read_text(
            "utf-8"
        )
        mapped = Mapped(parse_map(json.loads(text), f"{name}.json"))
        if mapped.recognises(sheets):
            return name, mapped
    if victims.recognises(sheets):
        return "victims", victims
    claims = shipped()
    if any(map(claims.claims.fits, sheets)):
        needed = ", ".join(claims.sources.columns[each] for each in claims.sources.needed)
        raise ImportRefused(
            f"{sheets[0].file}: a claims sheet is read with the sheet of its sources; expected in "
            f"the same folder: a file {claims.sources.file}.csv with the columns {needed}"
        )
    columns = ", ".join(islice(sheets[0].columns, 8))
    raise ImportRefused(
        f"{sheets[0].file}: its columns ({columns} …) are those of no layout that is known; say "
        "with --map FILE what they are"
    )


def _mapped(file: Path, sheets: Sequence[Sheet]) -> tuple[str, Converter]:
    """Return the layout that a file says, named with its digest."""
    document = read_document(file)
    if isinstance(document, dict) and document.get("format") == CLAIMS_SHEET:
        chosen: Converter = OtherWords(layout_of(document, file.name))
    else:
        chosen = Mapped(parse_map(document, file.name))
    if not chosen.recognises(sheets):
        names = ", ".join(sheet.file for sheet in islice(sheets, 6))
        raise ImportRefused(f"{file.name}: it speaks of none of these sheets: {names}")
    return f"map {digest_of([file])}", chosen
