"""Gaps in numbered file names: 1, 2, 4 says that somebody may hold a 3."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

NUMBER = re.compile(r"\d+")
# A jump wider than this is a date or a camera's counter starting anew, not a missing file.
WIDEST_GAP = 50
FEWEST_FILES = 3


def gaps_in(names: Iterable[str]) -> list[str]:
    """Return the names that a numbering leads one to expect and that are not there.

    Names are compared with the last number before their ending taken out; digits of any script
    count. At least three names must share the rest, and more files must be here than are missing.
    """
    series: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for name in names:
        stem = name.rpartition(".")[0] or name
        numbers = list(NUMBER.finditer(stem))
        if numbers:
            last = numbers[-1]
            series[name[: last.start()], name[last.end() :]][int(last.group())] = last.group()
    missing = []
    for (before, after), seen in sorted(series.items()):
        missing += [f"{before}{number}{after}" for number in _missing_numbers(seen)]
    return missing


def _missing_numbers(seen: dict[int, str]) -> list[str]:
    if len(seen) < FEWEST_FILES:
        return []
    ordered = sorted(seen)
    absent = []
    for low, high in pairwise(ordered):
        if 1 < high - low <= WIDEST_GAP:
            absent += [_like(seen[low], number) for number in range(low + 1, high)]
    return absent if len(absent) < len(seen) else []


def _like(model: str, number: int) -> str:
    """Write ``number`` in the digits and with the leading zeros of ``model``."""
    zero = chr(ord(model[0]) - unicodedata.decimal(model[0]))
    padded = str(number).zfill(len(model))
    return "".join(chr(ord(zero) + int(digit)) for digit in padded)
