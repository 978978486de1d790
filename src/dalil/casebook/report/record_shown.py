"""One record: what it says, its revisions, who recorded it when, and what names it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.record.claims import Proposition
from dalil.casebook.record.form import Record, fields_of
from dalil.casebook.record.mentions import mentions_of
from dalil.casebook.record.things import Entity
from dalil.casebook.report.desk import Desk, Form
from dalil.casebook.report.lines.line import line_about, record_seen
from dalil.casebook.report.page import Worded
from dalil.casebook.report.remarks import marks_in_texts
from dalil.casebook.sites.told import PLACED, as_told
from dalil.kernel.canonical import Json

NAMING = 200


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision: when it was recorded, by whom, in which act, and which fields it changed."""

    revision: int
    recorded_at: str
    by: str
    seq: int
    place: int
    changed: tuple[str, ...]
    withdrawn: str | None


@dataclass(frozen=True, slots=True)
class Naming:
    """A record that names this one, and in which field."""

    kind: str
    id: str
    field: str
    line: Worded


@dataclass(frozen=True, slots=True)
class RecordShown:
    """One record as a view lets it be seen.

    ``fields`` are as recorded, but for the ids of withheld sources and for a position that this
    view is told coarsely; ``withheld`` says which fields. ``named_by`` stops at 200.
    """

    kind: str
    id: str
    line: Worded
    fields: dict[str, Json]
    withheld: tuple[str, ...]
    forms: tuple[Form, ...]
    marks: tuple[Worded, ...]
    revisions: tuple[Revision, ...]
    speaks_of: tuple[Naming, ...]
    named_by: tuple[Naming, ...]


def show_record(desk: Desk, known: Known) -> RecordShown:
    """Return all that the view lets be seen of a record."""
    record = known.record
    fields, withheld = _visible_fields(desk, record)
    forms = tuple(desk.forms(record.id)) if isinstance(record, Entity) else ()
    return RecordShown(
        kind=record.kind,
        id=record.id,
        line=_line(desk, record),
        fields=fields,
        withheld=withheld,
        forms=forms,
        marks=tuple(each.said for each in marks_in_texts([record])),
        revisions=tuple(_revisions(desk, record.id)),
        speaks_of=tuple(_speaks_of(desk, record)),
        named_by=tuple(_named_by(desk, record.id)),
    )


def _line(desk: Desk, record: Record) -> Worded:
    return Worded(line_about(desk, record, "en"), line_about(desk, record, "ar"))


def _visible_fields(desk: Desk, record: Record) -> tuple[dict[str, Json], tuple[str, ...]]:
    speakers = [each for each in mentions_of(record) if not each.hides]
    desk.fetch(each.target for each in speakers)
    unknown = {each.target for each in speakers if desk.record(each.target) is None}
    # A conclusion may rest on any kind of record, and the desk keeps only some.
    hidden = {each for each in unknown if record_seen(desk, each) is None}
    with desk.casebook.reading() as connection:
        told = as_told(connection, desk.view.clearance, record)
    fields, whole = fields_of(told), fields_of(record)
    rounded = {name for name in PLACED if fields.get(name) != whole.get(name)}
    withheld = {each.field for each in speakers if each.target in hidden} | rounded
    return {name: _without(value, hidden) for name, value in fields.items()}, tuple(
        sorted(withheld)
    )


def _without(value: Json, hidden: set[str]) -> Json:
    """Return a value without the ids of withheld sources, nor how many there were."""
    if isinstance(value, str):
        return None if value in hidden else value
    if isinstance(value, list):
        return [_without(each, hidden) for each in value if not _is_hidden(each, hidden)]
    if isinstance(value, dict):
        seen = {name: each for name, each in value.items() if not _is_hidden(each, hidden)}
        return {name: _without(each, hidden) for name, each in seen.items()}
    return value


def _is_hidden(value: Json, hidden: set[str]) -> bool:
    return isinstance(value, str) and value in hidden


def _revisions(desk: Desk, id_: str) -> Iterator[Revision]:
    before: dict[str, Json] = {}
    for known in desk.casebook.revisions(id_, desk.view):
        fields = fields_of(known.record)
        names = sorted((set(before) | set(fields)) - {"revises"})
        changed = tuple(n for n in names if before.get(n) != fields.get(n)) if before else ()
        before = fields
        yield Revision(
            revision=known.revision,
            recorded_at=known.recorded_at,
            by=desk.who(known.by_key),
            seq=known.seq,
            place=known.place,
            changed=changed,
            withdrawn=known.record.withdrawn,
        )


def _speaks_of(desk: Desk, record: Record) -> Iterator[Naming]:
    desk.fetch(mention.target for mention in mentions_of(record))
    for mention in mentions_of(record):
        found = desk.record(mention.target) or record_seen(desk, mention.target)
        if found is not None:
            yield Naming(found.kind, found.id, mention.field, _line(desk, found))


def _named_by(desk: Desk, id_: str) -> Iterator[Naming]:
    found = [known.record for known in islice(naming(desk.casebook, desk, id_), NAMING)]
    targets = {mention.target for record in found for mention in mentions_of(record)}
    desk.fetch(targets)
    asked = [one for each in targets if isinstance(one := desk.record(each), Proposition)]
    desk.fetch(mention.target for each in asked for mention in mentions_of(each))
    for record in found:
        fields = [m.field for m in mentions_of(record) if m.target == id_]
        yield Naming(record.kind, record.id, ", ".join(fields), _line(desk, record))


def naming(casebook: Casebook, desk: Desk, id_: str) -> Iterator[Known]:
    """Yield the records that name this one and were not withdrawn."""
    for known in casebook.naming(id_, desk.view):
        if known.record.withdrawn is None:
            yield known
