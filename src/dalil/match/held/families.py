"""The families of an archive as they stand now: worked out anew when more is found or judged."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

from dalil.ledger.ledger import Ledger
from dalil.match.copies.family import Family, families
from dalil.match.copies.judgement import JUDGED, judgements
from dalil.match.copies.placing import Extent
from dalil.match.found import SAME
from dalil.match.held.catalogue import FILE, Catalogue, path_of
from dalil.media.features.stored import read_features
from dalil.vault.derived import features_place

REMEMBERED = 1024
State = tuple[tuple[int, int], ...]


def families_in(archive: Path, ledger: Ledger) -> tuple[Family, ...]:
    """Return every family of an archive, the largest first; lengths as far as pieces tell them."""
    return _families(archive, ledger.store.last_of_types([JUDGED]), _state(archive))


def family_by_item(archive: Path, ledger: Ledger) -> Mapping[str, Family]:
    """Return the largest family of each item that is in one."""
    return _by_item(families_in(archive, ledger))


def families_about(archive: Path, ledger: Ledger, item: str) -> tuple[Family, ...]:
    """Return the families that an item is in, with lengths and cuts as they were measured."""
    near = {each for family in families_in(archive, ledger) if item in family.items
            for each in family.items}  # fmt: skip
    if not near:
        return ()
    with Catalogue.open(archive) as catalogue:
        leads = {(f.a, f.b): f for each in near for f in catalogue.leads(each)}.values()
    within = [each for each in leads if each.verdict == SAME and {each.a, each.b} <= near]
    judged = {j.seq: j for each in near for j in judgements(ledger, each)}.values()
    about = [each for each in judged if {each.a, each.b} <= near]
    found = families(within, about, _extents(archive, near))
    return tuple(each for each in found if item in each.items)


@lru_cache(maxsize=4)
def _families(archive: Path, _judged: int, _found: State) -> tuple[Family, ...]:
    ledger = Ledger.open(archive)
    with Catalogue.open(archive) as catalogue:
        return families(catalogue.leads(), judgements(ledger), {})


@lru_cache(maxsize=4)
def _by_item(found: tuple[Family, ...]) -> Mapping[str, Family]:
    return {item: family for family in reversed(found) for item in family.items}


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


def _extents(archive: Path, items: Collection[str]) -> dict[str, Extent]:
    found = {item: _extent(features_place(archive, item)) for item in items}
    return {item: extent for item, extent in found.items() if extent is not None}


@lru_cache(maxsize=REMEMBERED)
def _extent(place: Path) -> Extent | None:
    features = read_features(place)
    if features is None or not features.films:
        return None
    longest = max(features.films, key=lambda each: each.length_ns)
    return Extent(longest.length_ns, tuple(int(each) for each in longest.shots if each > 0))
