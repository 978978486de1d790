"""The acts as rows: the truth of an archive, and an index that can be rebuilt from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from os import urandom
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    Join,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    delete,
    func,
    select,
)

from dalil.engines.sqlite import (
    create_database,
    faults_of,
    insert_rows,
    open_database,
    reading,
    writing,
)
from dalil.errors import LogBroken, Malformed, NoSuchThing
from dalil.kernel import canonical
from dalil.kernel.act import Act
from dalil.kernel.canonical import Json
from dalil.kernel.record import MAX_RECORD_BYTES, SEED_BYTES, Commitment, commit

STORE = "acts.sqlite"
PAGE = 1000

_META = MetaData()
_ACTS = Table(
    "acts",
    _META,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("jwt", Text, nullable=False),
    Column("disclosures", Text, nullable=False),
    Column("entry", LargeBinary, nullable=False),
)
# What an act is about, one row each: type, item, accession, sha256 of what was taken in.
_ABOUT = Table(
    "about",
    _META,
    Column("what", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Index("about_seq", "seq"),
    sqlite_with_rowid=False,
)
# The records of an act, in the order of its tree; salts and decoys are drawn from the seed.
_RECORDS = Table(
    "records",
    _META,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("seed", LargeBinary, nullable=False),
    Column("fields", Text, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A committed act, as it lies there: not yet checked."""

    seq: int
    jwt: str
    disclosures: str
    entry: bytes

    @property
    def act(self) -> Act:
        """The act with all its disclosures."""
        return Act(self.jwt, tuple(self.disclosures.split("~")) if self.disclosures else ())


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as it is stored: its seed (32 bytes) and its fields in canonical JSON."""

    seed: bytes
    fields: str

    @property
    def commitment(self) -> Commitment:
        """The salted document that the act's tree commits to."""
        return commit(canonical.decode(self.fields.encode()), self.seed)


@dataclass(frozen=True, slots=True)
class Written:
    """An act to be written, what it is about, and its records."""

    row: Row
    about: tuple[tuple[str, str], ...]
    records: Sequence[Kept] = ()


# Records under their salts: the leaf (32 bytes) of each, and how it is stored.
Salted = tuple[Sequence[bytes], Sequence[Kept]]


def salted(records: Sequence[Mapping[str, Json]]) -> Salted:
    """Salt records afresh; an act is to sign the root over their leaves.

    Raises:
        Malformed: a record that canonical JSON does not know, or longer than 256 KiB.

    """
    seeds = urandom(SEED_BYTES * len(records))
    kept, leaves = [], []
    for i, fields in enumerate(records):
        seed = seeds[SEED_BYTES * i : SEED_BYTES * (i + 1)]
        text = canonical.encode(dict(fields))
        if len(text) > MAX_RECORD_BYTES:
            raise Malformed(f"a record of {len(text)} bytes where {MAX_RECORD_BYTES} are allowed")
        kept.append(Kept(seed, text.decode()))
        leaves.append(commit(fields, seed).leaf)
    return leaves, kept


def subjects_of(kind: str, fields: dict[str, Json]) -> tuple[tuple[str, str], ...]:
    """Return what the index says of an act: its type, its accession, every item it names."""
    found = [("type", kind)]
    accession, item, items = (fields.get(name) for name in ("accession", "item", "items"))
    if isinstance(accession, str):
        found.append(("accession", accession))
    if isinstance(item, str):
        found.append(("item", item))
    if isinstance(items, list):
        found += [("item", each) for each in sorted({i for i in items if isinstance(i, str)})]
    if isinstance(fields.get("import"), str):
        found.append(("import", fields["import"]))
    digest = fields.get("sha256")
    if kind == "taken-in" and isinstance(digest, str):
        found.append(("sha256", digest))
    return tuple(dict.fromkeys(found))


def subjects_of_act(act: Act) -> tuple[tuple[str, str], ...]:
    """Return what the index says of an act that was read."""
    return subjects_of(act.type, {**act.payload, **act.opened()})


class ActStore:
    """The rows of one archive."""

    def __init__(self, engine: Engine) -> None:
        """Work on an engine of `engines.sqlite`."""
        self._engine = engine

    @classmethod
    def create(cls, archive: Path) -> ActStore:
        """Lay the empty tables; where they are already, nothing changes."""
        engine = create_database(archive / STORE)
        with writing(engine) as connection:
            _META.create_all(connection)
        return cls(engine)

    @classmethod
    def open(cls, archive: Path) -> ActStore:
        """Open the rows of an archive.

        Raises:
            Missing: there are none.

        """
        return cls(open_database(archive / STORE))

    def count(self) -> int:
        """Return how many acts there are, as the last place says."""
        with reading(self._engine) as connection:
            last = connection.execute(select(func.max(_ACTS.c.seq))).scalar()
        return 0 if last is None else int(last) + 1

    def add(self, acts: Sequence[Written]) -> None:
        """Commit acts and their index in one transaction.

        Raises:
            NoSpace: the disk is full; none of them is kept.

        """
        rows = [(w.row.seq, w.row.jwt, w.row.disclosures, w.row.entry) for w in acts]
        records = [
            (w.row.seq, place, each.seed, each.fields)
            for w in acts
            for place, each in enumerate(w.records)
        ]
        with writing(self._engine) as connection:
            if records:
                _RECORDS.create(connection, checkfirst=True)  # archives of an earlier release
            insert_rows(connection, _RECORDS, records)
            insert_rows(connection, _ACTS, rows)
            _index(connection, ((w.row.seq, w.about) for w in acts))

    def rows(self, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """Yield rows in order of the log, a page at a time."""
        return self._paged(select(_ACTS), _ACTS.c.seq, start, stop)

    def rows_about(self, what: str, name: str, start: int = 0) -> Iterator[Row]:
        """Yield the rows whose act is about (what, name), in order."""
        joined = _ACTS.join(_ABOUT, _ACTS.c.seq == _ABOUT.c.seq)
        chosen = select(_ACTS).select_from(joined)
        named = chosen.where(_ABOUT.c.what == what, _ABOUT.c.name == name)
        # By the index's own place: by the act's, each page would walk through all before it.
        return self._paged(named, _ABOUT.c.seq, start, None)

    def page_about(
        self,
        subjects: Sequence[tuple[str, str]],
        part: slice,
        without: Sequence[str] = (),
        *,
        newest: bool = False,
    ) -> list[Row]:
        """Return some of the rows whose act is about all these (what, name), in order.

        ``part`` counts from the end if ``newest``; acts of the types ``without`` are left out.
        """
        chosen, seq = _about_all(subjects, without)
        start = part.start or 0
        chosen = chosen.order_by(seq.desc() if newest else seq).offset(start)
        chosen = chosen.limit(None if part.stop is None else part.stop - start)
        with reading(self._engine) as connection:
            seqs = [int(each) for (each,) in connection.execute(chosen)]
            rows = connection.execute(select(_ACTS).where(_ACTS.c.seq.in_(seqs)))
            found = {row.seq: row for row in map(_row, rows)}
        return [found[each] for each in seqs]

    def count_about(self, *subjects: tuple[str, str], without: Sequence[str] = ()) -> int:
        """Return how many acts are about all these (what, name)."""
        chosen, _ = _about_all(subjects, without)
        with reading(self._engine) as connection:
            found = connection.execute(select(func.count()).select_from(chosen.subquery()))
            return int(found.scalar() or 0)

    def rows_about_each(
        self, what: str, names: Sequence[str], kinds: Sequence[str]
    ) -> dict[str, list[Row]]:
        """Return, by name, the rows of these types that are about it, in order, all at once."""
        kind = _ABOUT.alias("kind")
        both = _ABOUT.join(kind, kind.c.seq == _ABOUT.c.seq).join(_ACTS, _ACTS.c.seq == kind.c.seq)
        chosen = select(_ABOUT.c.name, _ACTS).select_from(both).order_by(_ABOUT.c.seq)
        chosen = chosen.where(_ABOUT.c.what == what, _ABOUT.c.name.in_(names))
        chosen = chosen.where(kind.c.what == "type", kind.c.name.in_(kinds))
        found: dict[str, list[Row]] = {name: [] for name in names}
        with reading(self._engine) as connection:
            for name, *row in connection.execute(chosen):
                found[name].append(_row(row))
        return found

    def names_about(self, what: str, beginning: str, most: int) -> list[str]:
        """Return the names (at most ``most``) that acts are about and that begin so."""
        chosen = select(_ABOUT.c.name).distinct().where(_ABOUT.c.what == what)
        chosen = chosen.where(_ABOUT.c.name >= beginning, _ABOUT.c.name < beginning + "\U0010ffff")
        with reading(self._engine) as connection:
            return [n for (n,) in connection.execute(chosen.order_by(_ABOUT.c.name).limit(most))]

    def last_about(self, what: str) -> dict[str, int]:
        """Return of each name that acts are about under ``what`` the last act, in their order."""
        last = func.max(_ABOUT.c.seq)
        chosen = select(_ABOUT.c.name, last).where(_ABOUT.c.what == what)
        with reading(self._engine) as connection:
            found = connection.execute(chosen.group_by(_ABOUT.c.name).order_by(last)).all()
        return {name: int(seq) for name, seq in found}

    def last_of_types(self, types: Iterable[str]) -> int:
        """Return the place of the last act of any of these types; -1 where there is none."""
        of_types = _ABOUT.c.what == "type", _ABOUT.c.name.in_(list(types))
        with reading(self._engine) as connection:
            last = connection.execute(select(func.max(_ABOUT.c.seq)).where(*of_types)).scalar()
        return -1 if last is None else int(last)

    def records(self, seq: int) -> list[Kept]:
        """Return the records of an act, in the order of its tree."""
        chosen = select(_RECORDS.c.seed, _RECORDS.c.fields).where(_RECORDS.c.seq == seq)
        with reading(self._engine) as connection:
            if not connection.dialect.has_table(connection, _RECORDS.name):
                return []
            found = [tuple(each) for each in connection.execute(chosen.order_by(_RECORDS.c.place))]
        if not all(isinstance(s, bytes) and isinstance(f, str) for s, f in found):
            raise LogBroken(f"the records of act {seq}")
        return [Kept(seed, fields) for seed, fields in found]

    def record_fields(self, seqs: Sequence[int]) -> dict[int, list[str]]:
        """Return the records of some acts (a few hundred at most), unsalted, by act."""
        chosen = select(_RECORDS.c.seq, _RECORDS.c.fields).where(_RECORDS.c.seq.in_(seqs))
        found: dict[int, list[str]] = {}
        with reading(self._engine) as connection:
            if seqs and connection.dialect.has_table(connection, _RECORDS.name):
                rows = connection.execute(chosen.order_by(_RECORDS.c.seq, _RECORDS.c.place))
                for seq, fields in rows:
                    found.setdefault(seq, []).append(fields)
        return found

    def row(self, seq: int) -> Row:
        """Return one row.

        Raises:
            NoSuchThing: there is no act at this place.

        """
        for row in self.rows(seq, seq + 1):
            return row
        raise NoSuchThing(f"act {seq}")

    def about(self, start: int, stop: int) -> dict[int, set[tuple[str, str]]]:
        """Return what the index says of the acts from ``start`` to before ``stop``."""
        chosen = select(_ABOUT).where(_ABOUT.c.seq >= start, _ABOUT.c.seq < stop)
        found: dict[int, set[tuple[str, str]]] = {}
        with reading(self._engine) as connection:
            for what, name, seq in connection.execute(chosen):
                found.setdefault(seq, set()).add((what, name))
        return found

    def rebuild_index(self) -> int:
        """Write the whole index anew from the acts; return how many there are."""
        rows = self.rows()
        count = 0
        with writing(self._engine) as connection:
            connection.execute(delete(_ABOUT))
            while page := list(islice(rows, PAGE)):
                _index(connection, ((row.seq, subjects_of_act(row.act)) for row in page))
                count += len(page)
        return count

    def faults(self) -> list[str]:
        """Return what SQLite finds wrong with the file."""
        return faults_of(self._engine)

    def _paged(
        self, chosen: Select[int, str, str, bytes], seq: Column[int], start: int, stop: int | None
    ) -> Iterator[Row]:
        chosen = chosen.order_by(seq).limit(PAGE)
        if stop is not None:
            chosen = chosen.where(seq < stop)
        while True:
            with reading(self._engine) as connection:
                page = [_row(each) for each in connection.execute(chosen.where(seq >= start))]
            yield from page
            if len(page) < PAGE:
                return
            start = page[-1].seq + 1


def _about_all(
    subjects: Sequence[tuple[str, str]], without: Sequence[str]
) -> tuple[Select[int], Column[int]]:
    """Return the places of acts about all of these; the first subject is walked, others asked."""
    (what, name), *others = subjects
    joined: Join | Table = _ABOUT
    asked = (_ABOUT.c.what == what) & (_ABOUT.c.name == name)
    for also, called in others:
        beside = _ABOUT.alias()
        joined = joined.join(beside, beside.c.seq == _ABOUT.c.seq)
        asked &= (beside.c.what == also) & (beside.c.name == called)
    if without:
        kind = _ABOUT.alias("kind")
        joined = joined.join(kind, (kind.c.seq == _ABOUT.c.seq) & (kind.c.what == "type"))
        asked &= kind.c.name.not_in(without)
    return select(_ABOUT.c.seq).select_from(joined).where(asked), _ABOUT.c.seq


def _row(found: Sequence[Any]) -> Row:
    seq, jwt, disclosures, entry = found
    # SQLite holds any type in any column: a flipped bit may turn a text into something else.
    kinds = zip((seq, jwt, disclosures, entry), (int, str, str, bytes), strict=True)
    if not all(isinstance(value, kind) for value, kind in kinds):
        raise LogBroken(f"the row of act {seq}")
    if not jwt.isascii() or not disclosures.isascii():
        raise LogBroken(f"the row of act {seq}")
    return Row(seq, jwt, disclosures, entry)


def _index(connection: Connection, acts: Iterable[tuple[int, Iterable[tuple[str, str]]]]) -> None:
    rows = [(what, name, seq) for seq, about in acts for what, name in about]
    insert_rows(connection, _ABOUT, rows)


def same_index(row: Row, said: set[tuple[str, str]]) -> bool:
    """Whether the index says of a row what its act says."""
    try:
        return set(subjects_of_act(row.act)) == said
    except Malformed:
        return False
