"""Bringing lists in: look at them, read all of them, name what is wrong; only then write.

Which of the known layouts a list has is told by its columns: our own sheets, a claims sheet, a
published set; or a field map says what its columns are.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from itertools import islice
from pathlib import Path

from sqlalchemy import select

from dalil.casebook.casebook import Casebook
from dalil.casebook.exchange.claims_sheet.convert import OtherWords
from dalil.casebook.exchange.claims_sheet.layout import FORMAT as CLAIMS_SHEET
from dalil.casebook.exchange.claims_sheet.layout import layout_of, shipped
from dalil.casebook.exchange.fieldmap.form import parse_map, read_document
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.fieldmap.rows import Mapped
from dalil.casebook.exchange.reading.layout import Converter, InChunks
from dalil.casebook.exchange.reading.whole import Reading, salted
from dalil.casebook.exchange.sheets import Fault, Faults, Sheet, sheets_in
from dalil.casebook.exchange.victims import convert as victims
from dalil.casebook.index.tables import RECORD
from dalil.casebook.record.form import SLUG, Record, id_for
from dalil.casebook.recording import PART, Batch, Brought, batch_of, checked
from dalil.engines.files import sha256_of
from dalil.engines.processes import run_in_order
from dalil.engines.scratch import Scratch
from dalil.errors import ImportRefused, UsageRefused
from dalil.ledger.keyring import Signer
from dalil.vault.archive import read_plate

# Field maps that come with the program (maps/NAME.json).
SHIPPED = ("geojson", "followthemoney")
# In this order: our own layout names its kinds by file, the others are told by their columns.
LAYOUTS = ("native", "claims_sheet.convert", "sfm", "sfm_v4.convert", "bayanat.convert")
Progress = Callable[[int, int], None]


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
        """Yield its records again.

        Raises:
            ImportRefused: a file is damaged now.

        """
        yield from self.converter.convert(self.sheets, self.into, Faults())

    def batches(self) -> Iterator[Batch]:
        """Yield its records again, ready to be signed, unless the files have changed meanwhile.

        Raises:
            ImportRefused: they are not those that were checked.

        """
        if isinstance(self.converter, InChunks):
            chunks = self.converter.chunks(self.sheets, self.into, Faults())
            yield from run_in_order(salted, ((each,) for each in chunks))
        else:
            records = checked(self.records())
            while page := list(islice(records, PART)):
                yield batch_of(page)
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
    with Scratch() as scratch:
        reading = Reading(casebook, faults, scratch)
        reading.read(chosen, sheets, into)
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
    return casebook.bring_in_batches(
        listing.import_id, listing.batches(), signer, listing.total, progress, note[:200]
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
    def keys(kind: str) -> dict[str, str]:
        chosen = select(RECORD.c.key, RECORD.c.id).where(
            RECORD.c.kind == kind,
            RECORD.c.case == case,
            RECORD.c.key.is_not(None),
            RECORD.c.known_to.is_(None),
        )
        with casebook.reading() as connection:
            return dict(connection.execute(chosen).all())

    return lambda kind, key: keys(kind).get(key)


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
