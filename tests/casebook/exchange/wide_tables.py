"""Reads the cells of wide lists back out of records alone, with the field map."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from dalil.casebook.exchange.wide.dates import parts_of
from dalil.casebook.exchange.wide.layout import Block, Layout, Point, Wide
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Derivation, Source

Cells = dict[tuple[str, int, str], str]


def cells_of(records: Iterable[Record], layout: Layout) -> Cells:
    """Return (list, row, column) → cell, for every cell that is not empty."""
    known = list(records)
    sources = {r.id: r for r in known if isinstance(r, Source)}
    versions = {r.child: sources[r.parent] for r in known if isinstance(r, Derivation)}
    cells: Cells = {}
    for relation in known:
        if not isinstance(relation, Relation):
            continue
        speaker = sources[relation.source].key if relation.source else ""
        if relation.detail and speaker:
            role = speaker.removeprefix("list:")
            wide = next(each for each in layout.lists if each.role == role)
            for block in wide.blocks:
                if _is_of(block, relation):
                    row = _row(wide, block, relation, sources, layout)
                    _put(cells, role, relation.detail["rows"], row)
    for source in sources.values():
        if source.type != "dataset":
            rows, row = _source_row(layout, source, versions.get(source.id))
            _put(cells, "sources", rows, row)
    return {place: cell for place, cell in cells.items() if cell.strip()}


def _is_of(block: Block, relation: Relation) -> bool:
    kind = (relation.detail or {}).get("kind", "")
    return block.relation == relation.relation and (not block.kind or block.kind == kind)


def _put(cells: Cells, role: str, rows: str, row: dict[str, str]) -> None:
    for number in map(int, rows.split()):
        for column, cell in row.items():
            assert cells.get((role, number, column), cell) == cell
            cells[role, number, column] = cell


def _row(
    wide: Wide, block: Block, relation: Relation, sources: dict[str, Source], layout: Layout
) -> dict[str, str]:
    words: dict[str, str] = dict(relation.detail or {})
    cited: dict[str, Any] = dict(relation.cited or {})
    if "b" in cited:
        cited[block.target(words)] = cited.pop("b")
    row: dict[str, str] = {}
    for point in block.points:
        row |= _point(point, words, cited.get(point.name, {}), sources, layout)
    for other in wide.blocks:
        # What said nothing of anything stands beside the list's own words.
        for point in other.points:
            name = f"{other.name}.{point.name}"
            for column, word in (
                (point.value, name),
                (point.sources, f"{name}.sources"),
                (point.confidence, f"{name}.confidence"),
            ):
                if word in words:
                    row[column] = words[word]
            if f"{name}.split" in words:
                row |= dict(zip(point.split, json.loads(words[f"{name}.split"]), strict=True))
    return row


def _point(
    point: Point,
    words: dict[str, str],
    cited: dict[str, Any],
    sources: dict[str, Source],
    layout: Layout,
) -> dict[str, str]:
    row = {point.value: words.get(point.name, "")}
    if point.sources:
        keys = [str(sources[each].key) for each in cited.get("sources", ())]
        row[point.sources] = words.get(f"{point.name}.sources", layout.separator.join(keys))
    if point.confidence:
        row[point.confidence] = cited.get("confidence", "")
    if point.split:
        said = words.get(f"{point.name}.split")
        parts = tuple(json.loads(said)) if said is not None else parts_of(row[point.value])
        row |= dict(zip(point.split, parts, strict=True))
    return row


def _source_row(
    layout: Layout, source: Source, version: Source | None
) -> tuple[str, dict[str, str]]:
    given = layout.sources
    row = {column: getattr(source, name) or "" for name, column in given.fields.items()}
    row |= {given.key: source.key or "", given.published: source.published or ""}
    row[given.version_of] = version.key or "" if version else ""
    row |= dict(line.split(": ", 1) for line in (source.read_how or "").split("\n"))
    return row.pop("rows"), row
