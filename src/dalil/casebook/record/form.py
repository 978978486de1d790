"""How a record is read and written: strictly, field by field (spec/casebook.md, "Records")."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from dalil.errors import RecordRefused
from dalil.kernel.canonical import MAX_INTEGER, Json

MAX_TEXT = 1 << 16
MAX_LIST = 1000
ID = re.compile(r"[0-9a-f]{32}")
SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
CLASSES = ("open", "restricted", "sealed")
# What is no character of any text; bidi controls are kept and shown, not refused.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Said even where they are the usual: a reader who sees some fields only must not have to guess.
ALWAYS = ("polarity", "modality")
QUOTED = 80

Check = Callable[[Json], str]
R = TypeVar("R", bound="Record")


@dataclass(frozen=True, slots=True)
class Record:
    """What every record has: a fixed id, who may see it, which case it belongs to.

    A later record with the same id is a revision: the earlier one stays as it was known then.
    ``revises`` is how many revisions there were before (absent: this is the first).
    """

    kind: ClassVar[str] = ""

    id: str
    see: str = "restricted"
    case: str | None = None
    revises: int = 0
    withdrawn: str | None = None


_KINDS: dict[str, type[Record]] = {}


def record_kind(cls: type[R]) -> type[R]:
    """Register a kind of record under its name."""
    _KINDS[cls.kind] = cls
    return cls


@cache
def kinds() -> Mapping[str, type[Record]]:
    """Return every kind of record by name."""
    for page in (
        "things", "sources", "claims", "relations", "describing", "victims", "sites", "law",
    ):  # fmt: skip
        import_module(f"dalil.casebook.record.{page}")
    return _KINDS


def fields_of(record: Record) -> dict[str, Json]:
    """Return what is signed of a record: its kind and every field that says something."""
    said: dict[str, Json] = {"kind": record.kind}
    kind = record.kind
    for value, (name, default) in zip(_values(kind)(record), _defaults(kind).items(), strict=True):
        if (value is not default and value != default) or name in ALWAYS:
            said[name] = list(value) if isinstance(value, tuple) else value
    return said


def record_of(fields: Mapping[str, Json]) -> Record:
    """Return the record that fields say, or refuse it whole.

    Raises:
        RecordRefused: an unknown kind or field, a field that is missing, of another type, too
            long or impossible; the message names the field.

    """
    cls = kinds().get(str(fields.get("kind")))
    if cls is None:
        raise RecordRefused(f"kind: {quoted(fields.get('kind'))} is no kind of record")
    known = _defaults(cls.kind)
    for name in fields:
        if name != "kind" and name not in known:
            raise RecordRefused(f"{quoted(name)}: a record of kind {cls.kind} has no such field")
    for name, default in known.items():
        if default is dataclasses.MISSING and name not in fields:
            raise RecordRefused(f"{name}: missing in a record of kind {cls.kind}")
    given = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in fields.items()
        if name != "kind"
    }
    build: Any = cls
    record: Record = build(**given)
    check(record)
    return record


def trusted_record_of(fields: Mapping[str, Json]) -> Record:
    """Return the record of fields that were checked before they were signed."""
    given = dict(fields)
    build: Any = kinds()[given.pop("kind")]
    for name, value in fields.items():
        if value.__class__ is list:
            given[name] = tuple(value)
    record: Record = build(**given)
    return record


def check(record: Record) -> None:
    """Check every field of a record, and what the fields say together.

    Raises:
        RecordRefused: naming the field.

    """
    kind = record.kind
    for value, (name, default, one) in zip(_values(kind)(record), _checks(kind), strict=True):
        if value is not default and value != default and (wrong := one(value)):
            raise RecordRefused(f"{name}: {wrong}")
    together = getattr(record, "wrong_together", None)
    wrong = together() if together else ""
    if wrong:
        raise RecordRefused(wrong)


def quoted(value: Json) -> str:
    """Return a value as a message can carry it: ASCII, one line, at most 80 characters of it."""
    text = value if isinstance(value, str) else repr(value)
    return ascii(text[:QUOTED]) + ("…" if len(text) > QUOTED else "")


def new_id() -> str:
    """Return a fresh identifier."""
    return secrets.token_hex(16)


def id_for(*key: str) -> str:
    """Return the identifier of what is known by ``key``: archive, case, kind and own key.

    The same key gives the same id, so that an import that was cut short can go on, and the same
    file imported twice says nothing twice.
    """
    text = "\x1f".join(key).encode()
    return hashlib.sha256(b"dalil/id/v1\0" + text).hexdigest()[:32]


@cache
def _defaults(kind: str) -> dict[str, Any]:
    return {f.name: f.default for f in dataclasses.fields(_KINDS[kind])}


@cache
def _checks(kind: str) -> tuple[tuple[str, Any, Check], ...]:
    return tuple(
        (f.name, f.default, f.metadata.get("check") or _COMMON[f.name])
        for f in dataclasses.fields(_KINDS[kind])
    )


@cache
def _values(kind: str) -> Callable[[Record], tuple[Json, ...]]:
    """Return what reads every field of a record at once."""
    read: Callable[[Record], tuple[Json, ...]] = attrgetter(*_defaults(kind))
    return read


def text(limit: int = MAX_TEXT) -> Check:
    """Return the check of a text of at most ``limit`` characters."""

    def one(value: Json) -> str:
        if not isinstance(value, str) or not value.strip():
            return "a text is expected"
        if len(value) > limit:
            return f"{len(value)} characters where {limit} are allowed"
        hit = FORBIDDEN.search(value)
        return f"the character U+{ord(hit.group()):04X} is no text" if hit else ""

    return one


@dataclass(frozen=True, slots=True)
class OneOf:
    """The check of one word out of a fixed list."""

    words: tuple[str, ...]

    def __call__(self, value: Json) -> str:
        """Say what is wrong with a value; nothing where it is one of the words."""
        return "" if value in self.words else f"{quoted(value)} is none of {', '.join(self.words)}"


def choice(*words: str) -> Check:
    """Return the check of one word out of a fixed list."""
    return OneOf(words)


def fixed_words(kind: str, name: str) -> tuple[str, ...]:
    """Return the words out of which a field of a kind is chosen; none where anything is said."""
    checks = (one for field, _, one in _checks(kind) if field == name)
    return next((one.words for one in checks if isinstance(one, OneOf)), ())


def whole(least: int = -MAX_INTEGER, most: int = MAX_INTEGER) -> Check:
    """Return the check of a whole number."""

    def one(value: Json) -> str:
        right = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return "" if right else f"{quoted(value)} is no whole number from {least} to {most}"

    return one


def truth(value: Json) -> str:
    """Check a truth value."""
    return "" if isinstance(value, bool) else f"{quoted(value)} is neither true nor false"


def identifier(value: Json) -> str:
    """Check an id: 32 hexadecimal digits."""
    right = isinstance(value, str) and ID.fullmatch(value)
    return "" if right else f"{quoted(value)} is no id of 32 hexadecimal digits"


def edtf(value: Json) -> str:
    """Check a date (EDTF level 1, and intervals)."""
    from dalil.casebook.text.edtf import bounds_of  # noqa: PLC0415 - form is read before dates

    if not isinstance(value, str) or len(value) > 64:  # noqa: PLR2004 - no date is longer
        return f"{quoted(value)} is no date"
    try:
        bounds_of(value)
    except RecordRefused as refused:
        return refused.about
    return ""


def each(one: Check, limit: int = MAX_LIST) -> Check:
    """Return the check of a list whose members pass ``one``."""

    def all_of(value: Json) -> str:
        if not isinstance(value, list | tuple) or len(value) > limit:
            return f"a list of at most {limit} is expected"
        return next((wrong for wrong in map(one, value) if wrong), "")

    return all_of


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Return the check of an object with these fields."""
    known = {**required, **(optional or {})}

    def one(value: Json) -> str:
        if not isinstance(value, dict):
            return "an object is expected"
        for name in [*required, *value]:
            if name not in known:
                return f"{quoted(name)}: no such field"
            if name not in value:
                return f"{name}: missing"
            wrong = known[name](value[name])
            if wrong:
                return f"{name}: {wrong}"
        return ""

    return one


def field(one: Check, **more: Any) -> Any:  # noqa: ANN401 - as dataclasses.field
    """Return a field of a record with its check; without ``default`` it must be given."""
    return dataclasses.field(metadata={"check": one}, **more)


def _slug(value: Json) -> str:
    right = isinstance(value, str) and SLUG.fullmatch(value)
    return "" if right else f"{quoted(value)} is no short name (a-z, 0-9, . _ -)"


_COMMON: dict[str, Check] = {
    "id": identifier,
    "see": choice(*CLASSES),
    "case": _slug,
    "revises": whole(0),
    "withdrawn": text(),
}
