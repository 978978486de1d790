"""In which family each item is, remembered until more is found or judged."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from dalil.ledger.ledger import Ledger
from dalil.match.copies.family import Family
from dalil.match.copies.gathered import gather
from dalil.match.copies.judgement import JUDGED
from dalil.match.held.catalogue import FILE, path_of

State = tuple[tuple[int, int], ...]


def family_by_item(archive: Path, ledger: Ledger) -> Mapping[str, Family]:
    """Return the largest family of each item that is in one."""
    return _families(archive, ledger.store.last_of_types([JUDGED]), _state(archive))


@lru_cache(maxsize=4)
def _families(archive: Path, _judged: int, _found: State) -> Mapping[str, Family]:
    largest_last = reversed(gather(archive).families)
    return {item: family for family in largest_last for item in family.items}


def _state(archive: Path) -> State:
    """Return what tells one state of the catalogue's file from another."""
    path = path_of(archive)
    states = []
    for each in (path, path.with_name(f"{FILE}-wal")):
        try:
            stat = each.stat()
        except FileNotFoundError:
            continue
        states.append((stat.st_mtime_ns, stat.st_size))
    return tuple(states)
