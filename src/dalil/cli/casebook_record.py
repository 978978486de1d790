"""dalil casebook record: records written down as one signed act."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import click

from dalil.casebook.record.form import Record, kinds, new_id, record_of
from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting
from dalil.cli.viewing import CLASSES
from dalil.errors import RecordRefused
from dalil.kernel.canonical import Json

MAX_BYTES = 64 << 20
MAX_LINE_BYTES = 1 << 20
MARK = "@"

# Returns the id of what a case has under a key, or none.
Known = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Wrote:
    """One record that was written: its kind, id and revision (0: the first)."""

    kind: str
    id: str
    revision: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the act wrote; ``seq`` is its place in the log (absent: a dry run)."""

    seq: int | None
    records: list[Wrote]


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in every record where its line does not say otherwise."""

    case: str | None = None
    see: str | None = None


@click.command("record")
@ARCHIVE
@click.argument("file", type=click.File("rb"))
@click.option("--case", help="The case of every record that names none (a-z, 0-9, . _ -).")
@click.option("--see", type=click.Choice(CLASSES), help="The class of every record without one.")
@click.option("--note", default="", help="Why; it is written into the act.")
@click.option("--dry-run", is_flag=True, help="Only read and check; write nothing.")
@unlocking
@reporting
def command(
    archive: Path,
    file: BinaryIO,
    case: str | None,
    see: str | None,
    note: str,
    passphrase_file: Path | None,
    lang: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write records down, new or revised, from a file of one JSON object a line (-: typed here).

    A new record needs no id; "id": "@hill" lets other lines name it as "@hill". A record with
    the id of an earlier one revises it: the earlier one stays as it was known then.

    \b
    Example:
      dalil casebook record /srv/archive new-sources.jsonl --case harbour
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.recording import check_all
    from dalil.casebook.report.desk import key_in

    casebook = Casebook.open(archive)
    text = file.read(MAX_BYTES + 1)
    if len(text) > MAX_BYTES:
        raise RecordRefused(
            f"{file.name}: more than {MAX_BYTES} bytes; use `dalil casebook import`"
        )
    known = key_in(casebook, case, view_of("sealed"))
    numbered = read_records(text.splitlines(), Given(case, see), known)
    records = list(numbered.values())
    signer = None if dry_run else unlock_archive(archive, passphrase_file)
    seq = None
    try:
        if signer is None:
            with casebook.reading() as connection:
                check_all(connection, records, note)
        else:
            seq = casebook.write(records, signer, note).seq
    except RecordRefused as refused:
        raise RecordRefused(_with_lines(refused.about, numbered)) from None
    done = Recorded(seq, [Wrote(r.kind, r.id, r.revises) for r in records])
    head = phrase("casebook_record", "dry" if dry_run else "wrote", lang, n=len(records), seq=seq)
    lines = [
        phrase(
            "casebook_record",
            "revised" if each.revision else "new",
            lang,
            kind=each.kind,
            id=each.id,
            revision=each.revision,
        )
        for each in done.records
    ]
    report(done, "\n".join([head, *lines]), as_json=as_json)


def _with_lines(about: str, numbered: Mapping[int, Record]) -> str:
    """Return a refusal with the line beside each id that stands for one of them."""
    for number, record in numbered.items():
        about = about.replace(record.id, f"{record.id} (line {number})")
    return about


def read_records(lines: Iterable[bytes], given: Given, known: Known) -> dict[int, Record]:
    """Return the records of a text by the numbers of their lines, all of them or none.

    Raises:
        RecordRefused: a line is no JSON object, or no record; the message names line and field.

    """
    typed = list(_objects(lines))
    own = _own_names(typed)
    records = {}
    for number, fields in typed:
        try:
            records[number] = _record(fields, given, lambda name: own.get(name) or known(name))
        except RecordRefused as refused:
            raise RecordRefused(f"line {number}: {refused.about}") from None
    if not records:
        raise RecordRefused("there is no record in it; one JSON object a line is expected")
    return records


def _objects(lines: Iterable[bytes]) -> Iterator[tuple[int, dict[str, Json]]]:
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE_BYTES:
            raise RecordRefused(f"line {number}: {len(line)} bytes; {MAX_LINE_BYTES} are allowed")
        if line.strip():
            yield number, _object(number, line)


def _object(number: int, line: bytes) -> dict[str, Json]:
    try:
        value = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError as wrong:
        raise RecordRefused(f"line {number}, byte {wrong.start + 1}: this is not UTF-8") from None
    except json.JSONDecodeError as wrong:
        at = f"line {number}, character {wrong.colno}"
        raise RecordRefused(f"{at}: one JSON object a line is expected") from None
    except (ValueError, RecursionError) as wrong:
        raise RecordRefused(f"line {number}: {wrong}") from None
    if not isinstance(value, dict):
        raise RecordRefused(f"line {number}: a JSON object is expected")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(n for i, (n, _) in enumerate(pairs) if n in {m for m, _ in pairs[:i]})
        raise ValueError(f"{twice}: the field is given twice")
    return found


def _own_names(typed: Iterable[tuple[int, Mapping[str, Json]]]) -> dict[str, str]:
    own: dict[str, str] = {}
    for number, fields in typed:
        name = fields.get("id")
        if isinstance(name, str) and name.startswith(MARK):
            if name in own:
                raise RecordRefused(f"line {number}: id: two records are called {name}")
            own[name] = new_id()
    return own


def _record(fields: Mapping[str, Json], given: Given, resolve: Known) -> Record:
    full = {k: v for k, v in dataclasses.asdict(given).items() if v is not None} | dict(fields)
    full.setdefault("id", new_id())
    cls = kinds().get(str(full.get("kind")))
    for field in dataclasses.fields(cls) if cls else ():
        value = full.get(field.name)
        if field.name == "id" or _is_wrong(field, value):
            full[field.name] = _resolved(value, resolve)
    return record_of({name: value for name, value in full.items() if value is not None})


def _is_wrong(field: Any, value: Json) -> bool:  # noqa: ANN401 - a field of a dataclass
    """Whether the value stands for an id: a name where the field's own check wants none."""
    check = field.metadata.get("check")
    return value is not None and check is not None and bool(check(value))


def _resolved(value: Json, resolve: Known) -> Json:
    if isinstance(value, str) and value.startswith(MARK):
        return resolve(value) or value
    if isinstance(value, list):
        return [_resolved(each, resolve) for each in value]
    if isinstance(value, dict):
        return {name: _resolved(each, resolve) for name, each in value.items()}
    return value
