"""Dates of a claim: what held on every day of a range, and what held on some day of one.

Handbook, "How dates work": in a precise range a claim is true on all days, in an imprecise one on
at least one; both together join without a gap. Both of a pair are given, one day twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dalil.casebook.exchange.sheets import Faults, Row
from dalil.casebook.text.edtf import bounds_of
from dalil.errors import RecordRefused

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SINCE_EVER = "since_beginning_of_time"
FLAGS = {"Y": True, "N": False, "": False}


@dataclass(frozen=True, slots=True)
class Range:
    """One range of a claim as EDTF (``""``: the claim has no date), throughout or sometime in it.

    ``starts``, ``ends``: what is claimed really began, really ended within the ranges of the claim.
    """

    valid: str
    sometime: bool = False
    starts: bool = False
    ends: bool = False


def ranges_of(row: Row, file: str, faults: Faults) -> list[Range]:
    """Return the ranges of a claim, the imprecise one last; one without date where it has none."""
    starts, ends = (_flag(row, f"{name}:range", file, faults) for name in ("starting", "ending"))
    found = []
    for how in ("precise", "imprecise"):
        valid = _range(row, how, file, faults)
        if valid:
            found.append(Range(valid, how == "imprecise", starts, ends))
    return found or [Range("")]


def labels() -> Iterator[str]:
    """Yield the columns that are read here."""
    for how in ("precise", "imprecise"):
        yield from (f"first_{how}:range", f"last_{how}:range")
    yield from ("starting:range", "ending:range")


def _range(row: Row, how: str, file: str, faults: Faults) -> str:
    first, last = f"first_{how}:range", f"last_{how}:range"
    if not row[first] and not row[last]:
        return ""
    known = len(faults.found)
    if how == "imprecise" and row[first] == SINCE_EVER:
        days = ["..", _day(row, last, file, faults)]
    else:
        days = [_day(row, column, file, faults) for column in (first, last)]
    if len(faults.found) > known:
        return ""
    valid = days[0] if days[0] == days[1] else "/".join(days)
    if days[0] != ".." and days[0] > days[1]:
        faults.add(file, row.number, last, row[last], f"a day on or after {days[0]}")
        return ""
    return valid


def _day(row: Row, column: str, file: str, faults: Faults) -> str:
    cell = row[column]
    try:
        if DAY.fullmatch(cell):
            bounds_of(cell)
            return cell
    except RecordRefused:
        pass
    expected = "a day as YYYY-MM-DD; a single day stands in both columns"
    faults.add(file, row.number, column, cell, expected)
    return ""


def _flag(row: Row, column: str, file: str, faults: Faults) -> bool:
    if row[column] not in FLAGS:
        faults.add(file, row.number, column, row[column], "Y or N")
    return FLAGS.get(row[column], False)
