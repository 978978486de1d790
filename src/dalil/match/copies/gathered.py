"""Families of an archive: what was found and judged, gathered from where each is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dalil.ledger.ledger import Ledger
from dalil.match.copies.family import Family, families
from dalil.match.copies.judgement import Judgement, judgements
from dalil.match.copies.laid_over import steadiness
from dalil.match.copies.lineage.generation import Generations, generations
from dalil.match.copies.lineage.traces import Traces, read_traces
from dalil.match.copies.placing import Extent
from dalil.match.found import QUERY, SAME, Found
from dalil.match.held.catalogue import Catalogue
from dalil.media.features.stored import read_features
from dalil.media.tables import Tables
from dalil.vault.derived import features_place
from dalil.vault.vault import Vault

REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Gathered:
    """What families are worked out from, and they themselves."""

    families: tuple[Family, ...]
    leads: tuple[Found, ...]
    judgements: tuple[Judgement, ...]


def gather(archive: Path, item: str | None = None) -> Gathered:
    """Work the families of an archive out, or those in which one item is.

    Raises:
        NotAnArchive: there is no archive.

    """
    said = judgements(Ledger.open(archive))
    with Catalogue.open(archive) as catalogue:
        leads = catalogue.leads() if item is None else _around(catalogue, item, said)
    items = {name for lead in leads for name in (lead.a, lead.b)}
    items |= {name for each in said for name in each.pair}
    # A file from outside is not kept, and so has no length.
    kept = (each for each in items if not each.startswith(QUERY))
    known = {each: extent for each in kept if (extent := _extent(archive, each)) is not None}
    made = families(leads, said, known)
    if item is not None:
        made = tuple(each for each in made if item in each.items)
    return Gathered(made, leads, said)


def family_of(archive: Path, item: str) -> Family | None:
    """Return the largest family in which an item is, if it is in any."""
    found = gather(archive, item).families
    return found[0] if found else None


def order_of(archive: Path, family: Family, leads: Iterable[Found]) -> Generations:
    """Return the likely order of a family's copies, by what their seals tell of them."""
    vault, names = Vault.open(archive), names_of(archive, family.items)
    traces: dict[str, Traces | None] = {
        each: read_traces(Tables(vault.tables(each)), names.get(each, ""))
        for each in family.items
        if vault.has(each)
    }
    return generations(family, tuple(leads), traces)


def names_of(archive: Path, items: Iterable[str]) -> dict[str, str]:
    """Return the name under which each item first came in."""
    found = Ledger.open(archive).store.rows_about_each("item", list(items), ["taken-in"])
    return {
        item: str(rows[0].act.opened().get("name_text", "")) for item, rows in found.items() if rows
    }


def _around(catalogue: Catalogue, item: str, said: Iterable[Judgement]) -> tuple[Found, ...]:
    """Return what was found of an item and of all that hang together with it."""
    tied: dict[str, set[str]] = {}
    for each in said:
        if each.judgement == SAME:
            a, b = each.pair
            tied.setdefault(a, set()).add(b)
            tied.setdefault(b, set()).add(a)
    found: dict[tuple[str, str], Found] = {}
    seen, waiting = {item}, [item]
    while waiting:
        here = waiting.pop()
        near = set(tied.get(here, ()))
        for lead in catalogue.leads(here):
            found[lead.a, lead.b] = lead
            if lead.verdict == SAME:
                near |= {lead.a, lead.b}
        waiting += sorted(near - seen)
        seen |= near
    return tuple(found[each] for each in sorted(found))


def _extent(archive: Path, item: str) -> Extent | None:
    """Return how long an item is and where its cuts are, as its features tell."""
    place = features_place(archive, item)
    try:
        return _read_extent(place, place.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=REMEMBERED)
def _read_extent(place: Path, _written: int) -> Extent | None:
    features = read_features(place)
    if features is None or not features.films:
        return None
    film = features.films[0]
    cuts = tuple(int(each) for each in film.shots)
    steady = steadiness(film.motion.grid) if len(film.motion.grid) else None
    return Extent(film.length_ns, cuts, film.width * film.height, steady)
