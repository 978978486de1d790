"""How cells are read: as a date, a number, a choice, a reference …; each says what it expects."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import cache

from dalil.casebook.exchange.claims_sheet.answers import read_count
from dalil.casebook.exchange.claims_sheet.layout import shipped
from dalil.casebook.exchange.fieldmap.form import Value, filled
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.victims.cells import read_age, read_sex
from dalil.casebook.text.edtf import bounds_of
from dalil.errors import RecordRefused
from dalil.kernel.canonical import Json

E6 = 1_000_000
# As the last word of choices: whatever else the cell holds.
ANYTHING = "*"
THOUSANDS = re.compile(r"-?\d{1,3}(?:[,\u066c\u00a0\u202f]\d{3})+|-?\d{1,15}")
TRUTH = {
    "yes": True, "y": True, "true": True, "1": True, "نعم": True,
    "no": False, "n": False, "false": False, "0": False, "لا": False,
}  # fmt: skip
PARTS = {"D": r"(?P<day>\d{1,2})", "M": r"(?P<month>\d{1,2})", "Y": r"(?P<year>\d{4})"}


class Unread(Exception):  # noqa: N818 - caught where row and column are known
    """A cell that cannot be read as the map says."""

    def __init__(self, column: str, value: str, expected: str) -> None:
        """Say in which column, what is there, and what was expected."""
        super().__init__(expected)
        self.column, self.value, self.expected = column, value, expected


def read_value(value: Value, cells: Mapping[str, str], into: Into) -> Json:
    """Return what a row says for one field; None where it says nothing.

    Raises:
        Unread: a cell is not what the map says that it is.

    """
    if value.constant is not None:
        named = value.reading == "reference"
        return _reference(value, str(value.constant), into) if named else value.constant
    if value.object:
        return _object(value, cells, into)
    if value.members:
        members = [read_value(each, cells, into) for each in value.members]
        flat = [one for each in members for one in (each if isinstance(each, list) else [each])]
        return [one for one in flat if one is not None] or value.default
    if value.template is not None:
        column, texts = value.template, [filled(value.template, cells)]
    else:
        column, texts = value.columns[0], [cells.get(each, "").strip() for each in value.columns]
    if value.take:
        texts = [_taken(text, value.take) for text in texts]
    if not any(texts):
        return value.default
    if value.each:
        return _of_each(value, column, texts[0])
    if value.split:
        pieces = [each.strip() for each in texts[0].split(value.split) if each.strip()]
        one = replace(value, split=None)
        return [_read(one, column, [piece], into) for piece in pieces]
    return _read(value, column, texts, into)


def _taken(text: str, how: str) -> str:
    """Return of a list in JSON its first text, or all of them as lines; of others the cell."""
    members = [str(each) for each in _listed(text)]
    return "\n".join(members) if how == "lines" else (members or [""])[0]


def _of_each(value: Value, column: str, text: str) -> Json:
    members = _listed(text)
    if not all(isinstance(each, str) for each in members):
        raise Unread(column, text, "JSON: a list of texts")
    return [{**dict(value.beside), value.each: each} for each in members] or value.default


def _listed(text: str) -> list[Json]:
    try:
        found = json.loads(text) if text.startswith("[") else text
    except (ValueError, RecursionError):
        found = text
    return found if isinstance(found, list) else [found] if found else []


def _object(value: Value, cells: Mapping[str, str], into: Into) -> Json:
    """Return an object of what the row says; what is the same in every row makes none alone."""
    said = {name: read_value(each, cells, into) for name, each in value.object}
    constant = {name for name, each in value.object if each.constant is not None}
    if all(each is None for name, each in said.items() if name not in constant):
        return value.default if len(constant) < len(said) else said
    return {name: each for name, each in said.items() if each is not None}


def _read(value: Value, column: str, texts: list[str], into: Into) -> Json:
    text = texts[0]
    if value.reading == "reference":
        return _reference(value, text, into)
    if value.reading == "interval":
        return _interval(value, texts)
    if value.reading == "choice":
        return _choice(value, column, text)
    try:
        return _READERS[value.reading](text, value)
    except (ValueError, InvalidOperation, RecursionError) as wrong:
        raise Unread(column, text, str(wrong)) from None


def _reference(value: Value, text: str, into: Into) -> str:
    return into.reference(value.kind, value.prefix + text)


def _choice(value: Value, column: str, text: str) -> Json:
    for word, meaning in value.choices:
        if word in {text.casefold(), ANYTHING}:
            return meaning
    raise Unread(column, text, f"one of {', '.join(word for word, _ in value.choices)}")


def _interval(value: Value, texts: list[str]) -> Json:
    """Join a start and an end; what is empty is not known, and is not open."""
    sides = []
    for column, text in zip(value.columns, texts, strict=True):
        try:
            sides.append(_date(text, value) if text else "")
        except ValueError as wrong:
            raise Unread(column, text, str(wrong)) from None
    joined = "/".join(sides)
    try:
        bounds_of(joined)
    except RecordRefused as refused:
        raise Unread(value.columns[1], texts[1], refused.about) from None
    return joined


def _text(text: str, _value: Value) -> Json:
    return text


def _date(text: str, value: Value) -> str:
    plain = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    for form in value.forms:
        found = _pattern(form).fullmatch(plain)
        if found:
            named = found.groupdict()
            parts = [named["year"], named.get("month"), named.get("day")]
            plain = "-".join(part.zfill(2) for part in parts if part)
            break
    try:
        bounds_of(plain)
    except RecordRefused as refused:
        forms = "".join(f", or {form}" for form in value.forms)
        raise ValueError(f"a date as EDTF has it{forms} ({refused.about})") from None
    return plain


@cache
def _pattern(form: str) -> re.Pattern[str]:
    """Return the pattern of dates written as ``D/M/Y``."""
    return re.compile("".join(PARTS.get(c, re.escape(c)) for c in form))


def _count(text: str, _value: Value) -> Json:
    if not THOUSANDS.fullmatch(text):
        raise ValueError("a whole number")
    return int(re.sub(r"[^\d-]", "", text))


def _answer(text: str, _value: Value) -> Json:
    """Read `>=41`, `41..288`, `~288 (12 children)` as the fields of an assertion."""
    answer = read_count(text, shipped())
    if not answer.number:
        return {"text": text}
    said: dict[str, Json] = {"modality": answer.modality}
    said |= {} if answer.lo is None else {"lo": answer.lo}
    said |= {} if answer.hi is None else {"hi": answer.hi}
    said |= {"about": True} if answer.about else {}
    if answer.parts:
        said |= {"parts": list(answer.parts), "parts_how": answer.parts_how}
    return said


def _age(text: str, _value: Value) -> Json:
    """Read `15`, `15-20`, `under 18`, `طفل` as the fields of a victim."""
    age = read_age(text)
    said = {"age_lo": age.lo, "age_hi": age.hi, "age_class": age.class_}
    return {name: each for name, each in said.items() if each is not None} or None


def _sex(text: str, _value: Value) -> Json:
    return read_sex(text)


def _truth(text: str, _value: Value) -> Json:
    if text.casefold() not in TRUTH:
        raise ValueError("yes or no")
    return TRUTH[text.casefold()]


def _degrees(text: str, _value: Value) -> Json:
    """Return degrees with a point as millionths of a degree."""
    if len(text) > 32 or not re.fullmatch(r"[+-]?\d{1,3}(?:\.\d+)?", text):  # noqa: PLR2004
        raise ValueError("degrees with a point: 33.4762")
    return int((Decimal(text) * E6).to_integral_value())


def _json(text: str, _value: Value) -> Json:
    try:
        return json.loads(text)
    except ValueError:
        raise ValueError("JSON") from None


_READERS = {
    "text": _text,
    "date": _date,
    "count": _count,
    "answer": _answer,
    "age": _age,
    "sex": _sex,
    "truth": _truth,
    "degrees": _degrees,
    "json": _json,
}
