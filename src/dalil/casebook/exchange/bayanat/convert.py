"""From the JSON that Bayanat gives out to records of a case: read twice, held never.

The first reading notes which objects are there in full; the second yields records. What is kept
meanwhile is numbers of objects, not what they say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dalil.casebook.exchange.bayanat.links import Links
from dalil.casebook.exchange.bayanat.making import EXPORT, Making
from dalil.casebook.exchange.bayanat.node import NUMBER, Node, Reading
from dalil.casebook.exchange.bayanat.places import DESCRIBED
from dalil.casebook.exchange.bayanat.roles import is_roles, roles_in, shipped
from dalil.casebook.exchange.bayanat.things import MAKERS
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.json_document import is_document, objects, table_of
from dalil.casebook.exchange.sheets import Faults, Sheet
from dalil.casebook.record.form import Record
from dalil.casebook.record.sources import Source
from dalil.kernel.canonical import Json

# In which fields places and sources are described, and where those fields lie.
PLACES_AND_SOURCES = frozenset({"sources", "location", "origin_place"})
HANGING = {
    "sources": (),
    "events": ("location",),
    "origin_place": (),
    "actor_profiles": ("sources",),
    "actor_relations": ("actor",),
    "actor": ("sources",),
}
WITHHELD = "nothing withheld; so many objects and relations are named and not told"
ONCE = "a number of its own; object {place} has this one"


def recognises(sheets: Sequence[Sheet]) -> bool:
    """Whether one of these is a list that Bayanat gave out."""
    return any(_kind_of(sheet) for sheet in sheets)


def convert(sheets: Sequence[Sheet], into: Into, faults: Faults) -> Iterator[Record]:
    """Yield the records of an export, in the same order every time.

    Raises:
        ImportRefused: fifty places are wrong.

    """
    lists = [(sheet, kind) for sheet in sheets if (kind := _kind_of(sheet))]
    for other in sheets:
        if not _kind_of(other) and not is_roles(other):
            faults.remark(other.file, None, None, other.name, "a list that Bayanat gives out")
    roles = roles_in(sheets, faults)
    full, described = _surveyed(lists, faults)
    if faults.found or not any(full.values()):
        return
    known = {kind: frozenset(names) for kind, names in shipped()["known"].items()}
    reading = Reading(faults, known)
    making = Making(into, reading, roles, full, described, see=into.see)
    links = Links(making)
    # Lists of several classes come from one Bayanat; who may see it, the first of them said.
    if not into.known(Source.kind, EXPORT):
        yield making.source(EXPORT, type="dataset", title="Bayanat")
    for sheet, kind in lists:
        for number, said in objects(sheet.path, sheet.file, Faults()):
            reading.stand(sheet.file, number)
            node = Node(said, kind, "", reading)
            if said.get("restricted") is True:
                reading.withhold("", said)
                continue
            making.see = making.class_of(node)
            related = list(links.of(node))
            yield from MAKERS[kind](node, making)
            yield from related
    if reading.withheld:
        faults.remark(lists[0][0].file, None, None, str(reading.withheld), WITHHELD)


def _kind_of(sheet: Sheet) -> str:
    """Return of what a list is (``bulletin``); ``""``: it is none of Bayanat's."""
    if not is_document(sheet.path) or "id" not in sheet.columns:
        return ""
    return (table_of(sheet.path) or "").removesuffix("s")


def _surveyed(
    lists: Sequence[tuple[Sheet, str]], faults: Faults
) -> tuple[dict[str, dict[str, int]], dict[str, set[str]]]:
    """Return which objects the lists hold in full, and which places and sources they describe."""
    full: dict[str, dict[str, int]] = {kind: {} for kind in MAKERS}
    described: dict[str, set[str]] = {kind: set() for kind in DESCRIBED}
    for sheet, kind in lists:
        for place, said in objects(sheet.path, sheet.file, faults):
            number = said.get("id")
            if not (isinstance(number, str) and NUMBER.fullmatch(number)):
                faults.add(sheet.file, place, "id", str(number or ""), "a number")
                continue
            if number in full[kind]:
                expected = ONCE.format(place=full[kind][number])
                faults.add(sheet.file, place, "id", number, expected)
            if said.get("restricted") is not True:
                full[kind][number] = place
            for name in HANGING:
                _note_described(name, said.get(name), described)
    return full, described


def _note_described(name: str, value: Json, described: dict[str, set[str]]) -> None:
    """Note the places and sources in a field that are described there, not merely mentioned."""
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict):
            continue
        found = "source" if name == "sources" else "location"
        if name in PLACES_AND_SOURCES and DESCRIBED[found] in each:
            described[found].add(str(each.get("id")))
        for inner in HANGING.get(name, ()):
            _note_described(inner, each.get(inner), described)
