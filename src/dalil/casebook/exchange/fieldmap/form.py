"""A field map as its file says it: which sheet, which column, which field, how it is read."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dalil.casebook.record.form import kinds
from dalil.errors import Malformed
from dalil.kernel.canonical import Json

FORMAT = "field-map/1"
PLACE = re.compile(r"\{([^{}]+)\}")
MAX_BYTES = 1 << 20
READINGS = (
    "text", "date", "interval", "count", "answer", "age", "sex", "choice", "truth", "degrees",
    "reference", "json",
)  # fmt: skip
SPREADING = ("answer", "age")
SHEET_KEYS = frozenset({"file", "records", "known_by", "optional"})
RECORD_KEYS = frozenset({"kind", "key", "fields", "needs", "once", "when"})
TAKES = ("", "first", "lines")
VALUE_KEYS = frozenset({
    "as", "column", "columns", "constant", "template", "choices", "forms", "kind", "prefix",
    "split", "object", "list", "default", "take", "each", "with",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """How one value is made: out of ``columns``, read ``as`` something.

    ``constant`` is the same in every row; ``template`` joins columns (``{first} {last}``);
    ``split`` makes a list of one cell; ``object`` and ``members`` hold values of their own;
    ``default`` stands where the cells are empty. Of a cell that is a list in JSON, ``take`` the
    "first" or all as "lines"; ``each`` makes of every member an object with this field, together
    ``beside`` what is the same in all of them.
    """

    reading: str = "text"
    columns: tuple[str, ...] = ()
    constant: Json = None
    template: str | None = None
    choices: tuple[tuple[str, Json], ...] = ()
    forms: tuple[str, ...] = ()
    kind: str = ""
    prefix: str = ""
    split: str | None = None
    object: tuple[tuple[str, Value], ...] = ()
    members: tuple[Value, ...] = ()
    default: Json = None
    take: str = ""
    each: str = ""
    beside: tuple[tuple[str, Json], ...] = ()


@dataclass(frozen=True, slots=True)
class RecordMap:
    """Which record a row becomes. Its ``key`` (a template) gives its id, the same each time.

    ``needs``: columns without which the row has no such record. ``once``: many rows may tell of
    it, and the first one that does is written. ``when``: a column, and what it must hold.
    """

    kind: str
    key: str
    fields: tuple[tuple[str, Value], ...]
    needs: tuple[str, ...]
    once: bool
    when: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class SheetMap:
    """Which sheets (a pattern of their names), and the records that each of their rows becomes.

    ``known_by``: columns that such a sheet surely has. ``optional``: others may be missing.
    """

    file: str
    records: tuple[RecordMap, ...]
    known_by: tuple[str, ...] = ()
    optional: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read, in the order in which the map names them."""
        found: dict[str, None] = {}
        for record in self.records:
            found |= dict.fromkeys((*_places(record.key), *record.needs))
            found |= {} if record.when is None else {record.when[0]: None}
            for _, value in record.fields:
                found |= dict.fromkeys(_columns_of(value))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class FieldMap:
    """A whole field map."""

    sheets: tuple[SheetMap, ...]


def read_document(path: Path) -> Any:  # noqa: ANN401 - YAML of a file
    """Return what a YAML or JSON file of a map says, unparsed.

    Raises:
        Malformed: it is neither, or longer than 1 MiB.

    """
    with path.open("rb") as stream:
        raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise Malformed(f"{path.name}: a field map of more than 1 MiB")
    try:
        return yaml.safe_load(raw)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        at = f", line {line + 1}" if line is not None else ""
        raise Malformed(f"{path.name}{at}: this is neither YAML nor JSON") from None


def parse_map(untrusted: Any, where: str) -> FieldMap:  # noqa: ANN401 - YAML of a file
    """Return the field map that a document says.

    Raises:
        Malformed: it is none; the message names the place in it.

    """
    if not isinstance(untrusted, dict) or untrusted.get("format") != FORMAT:
        raise Malformed(f"{where}: a field map begins with `format: {FORMAT}`")
    _only(untrusted, frozenset({"format", "sheets", "about"}), where)
    sheets = _list(untrusted, "sheets", where)
    return FieldMap(tuple(_sheet(each, f"{where}, sheet {i}") for i, each in enumerate(sheets, 1)))


def _sheet(untrusted: Any, where: str) -> SheetMap:  # noqa: ANN401 - the same
    _only(untrusted, SHEET_KEYS, where)
    records = _list(untrusted, "records", where)
    return SheetMap(
        _text(untrusted, "file", where, "*").casefold(),
        tuple(_record(each, f"{where}, record {i}") for i, each in enumerate(records, 1)),
        _texts(untrusted, "known_by", where),
        untrusted.get("optional") is True,
    )


def _record(untrusted: Any, where: str) -> RecordMap:  # noqa: ANN401 - the same
    _only(untrusted, RECORD_KEYS, where)
    kind = _text(untrusted, "kind", where)
    if kind not in kinds():
        raise Malformed(f"{where}: {kind!r} is none of {', '.join(sorted(kinds()))}")
    fields = untrusted.get("fields")
    if not isinstance(fields, dict) or not fields:
        raise Malformed(f"{where}: fields: a table of fields is expected")
    known = {each.name for each in dataclasses.fields(kinds()[kind])} - {"id", "case"}
    for name in fields:
        if name not in known and name != "*":
            raise Malformed(f"{where}: {kind} has no field {name!r}")
    spread = fields.get("*", {"as": "answer"})
    if not isinstance(spread, dict) or spread.get("as") not in SPREADING or "split" in spread:
        raise Malformed(f"{where}: *: only an answer, or an age, fills several fields")
    return RecordMap(
        kind,
        _text(untrusted, "key", where),
        tuple((name, _value(each, f"{where}, {name}")) for name, each in fields.items()),
        _texts(untrusted, "needs", where),
        untrusted.get("once") is True,
        _when(untrusted.get("when"), where),
    )


def _when(untrusted: Any, where: str) -> tuple[str, tuple[str, ...]] | None:  # noqa: ANN401
    if untrusted is None:
        return None
    _only(untrusted, frozenset({"column", "in"}), f"{where}, when")
    return _text(untrusted, "column", where), _texts(untrusted, "in", where)


def _value(untrusted: Any, where: str) -> Value:  # noqa: ANN401 - the same
    if isinstance(untrusted, str):
        return Value(columns=(untrusted,))
    _only(untrusted, VALUE_KEYS, where)
    reading = _text(untrusted, "as", where, "text")
    if reading not in READINGS:
        raise Malformed(f"{where}: as: {reading!r} is none of {', '.join(READINGS)}")
    column = untrusted.get("column")
    columns = (str(column),) if column is not None else _texts(untrusted, "columns", where)
    inner = untrusted.get("object", {})
    choices = untrusted.get("choices", {})
    tables = (inner, choices, untrusted.get("with") or {})
    if not all(isinstance(each, dict) for each in tables):
        raise Malformed(f"{where}: object, choices, with: a table is expected")
    value = Value(
        reading=reading,
        columns=columns,
        constant=untrusted.get("constant"),
        template=untrusted.get("template"),
        choices=tuple((str(word).casefold(), meaning) for word, meaning in choices.items()),
        forms=_texts(untrusted, "forms", where),
        kind=_text(untrusted, "kind", where, ""),
        prefix=_text(untrusted, "prefix", where, ""),
        split=untrusted.get("split"),
        object=tuple((str(n), _value(v, f"{where}, {n}")) for n, v in inner.items()),
        members=tuple(_value(v, where) for v in untrusted.get("list") or ()),
        default=untrusted.get("default"),
        take=_text(untrusted, "take", where, ""),
        each=_text(untrusted, "each", where, ""),
        beside=tuple((untrusted.get("with") or {}).items()),
    )
    _demand_source(value, where)
    return value


def _demand_source(value: Value, where: str) -> None:
    made = (value.columns, value.constant is not None, value.template, value.object, value.members)
    if sum(map(bool, made)) != 1:
        raise Malformed(f"{where}: one of column, columns, constant, template, object, list")
    if not all(isinstance(each, str | None) for each in (value.template, value.split)):
        raise Malformed(f"{where}: template, split: a text is expected")
    wanted = {"interval": 2}.get(value.reading, 1)
    if value.columns and len(value.columns) != wanted:
        raise Malformed(f"{where}: as {value.reading} reads {wanted} column(s)")
    if any("Y" not in form or any(form.count(c) > 1 for c in "DMY") for form in value.forms):
        raise Malformed(f"{where}: forms: dates as D/M/Y, M.Y … are expected")
    if value.reading == "reference" and value.kind not in kinds():
        raise Malformed(f"{where}: kind: what kind of record is named")
    if value.take not in TAKES:
        raise Malformed(f"{where}: take: one of first, lines")
    if value.reading == "choice" and not value.choices:
        raise Malformed(f"{where}: choices: word → value is expected")


def _columns_of(value: Value) -> tuple[str, ...]:
    inner = [each for _, each in value.object] + list(value.members)
    own = (*value.columns, *_places(value.template or ""))
    return (*own, *(column for each in inner for column in _columns_of(each)))


def _places(template: str) -> tuple[str, ...]:
    """Return the columns that a template names: `{first} {last}`."""
    return tuple(PLACE.findall(template))


def filled(template: str, cells: Mapping[str, str]) -> str:
    """Return a template with the cells of a row in its places."""
    return PLACE.sub(lambda found: cells.get(found[1], "").strip(), template).strip()


def _only(untrusted: Any, known: frozenset[str], where: str) -> None:  # noqa: ANN401 - the same
    if not isinstance(untrusted, dict):
        raise Malformed(f"{where}: a table is expected")
    for name in untrusted:
        if name not in known:
            raise Malformed(f"{where}: {name!r} is none of {', '.join(sorted(known))}")


def _list(untrusted: Mapping[str, Any], name: str, where: str) -> list[Any]:
    found = untrusted.get(name)
    if not isinstance(found, list) or not found:
        raise Malformed(f"{where}: {name}: a list is expected")
    return found


def _text(untrusted: Mapping[str, Any], name: str, where: str, default: str | None = None) -> str:
    found = untrusted.get(name, default)
    if not isinstance(found, str):
        raise Malformed(f"{where}: {name}: a text is expected")
    return found


def _texts(untrusted: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    found = untrusted.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise Malformed(f"{where}: {name}: a list of texts is expected")
    return tuple(found)
