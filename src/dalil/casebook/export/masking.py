"""A record as it leaves: a source that may not be seen hides who it is, not what is said.

Positions leave as exactly as the view may know them.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from dalil.casebook.record.claims import Assertion, Assessment
from dalil.casebook.record.describing import Annotation
from dalil.casebook.record.form import Record, id_for
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.sites import (
    Identification,
    Position,
    Remains,
    SiteState,
    SiteWarning,
)
from dalil.casebook.record.sources import Evidence, Source
from dalil.casebook.record.things import Entity, Name
from dalil.casebook.record.victims import Recognition, Victim
from dalil.casebook.sites.told import Positions
from dalil.kernel.canonical import Json

# Stands for every source that may not be seen: neither which one it is nor how many there are.
WITHHELD = Source(id=id_for("withheld source"), see="open", type="withheld")
# What of a locator, or of the record beside it, would lead to the source itself.
LEADS_TO_SOURCE = ("url", "selector", "page")
Said = Position | SiteState | Remains | Identification | Recognition


class Mask:
    """What one view hides within records that it shows."""

    def __init__(
        self,
        sources: Container[str],
        seen: Container[str],
        where: Positions | None = None,
        nameless: Container[str] = (),
    ) -> None:
        """Show these sources by name; let conclusions rest on the records ``seen`` alone.

        Positions leave as ``where`` tells them (none: as they were recorded). No record of a name
        leaves for whoever is ``nameless``.
        """
        self._sources = sources
        self._seen = seen
        self._where = where
        self._nameless = nameless
        self.used = False

    def worn_by(self, record: Record) -> Record | None:
        """Return a record without what is hidden; nothing where it then rests on nothing."""
        if self._where is not None:
            record = self._where.worn_by(record)
        if isinstance(record, Entity):
            names = tuple(self._name(each) for each in record.names)
            if isinstance(record, Victim):
                return self._victim(replace(record, names=names))
            return replace(record, names=names)
        if isinstance(record, Name):
            if record.entity in self._nameless:
                return None
            hidden = record.source is not None and record.source not in self._sources
            return replace(record, source=None) if hidden else record
        if isinstance(record, Assessment):
            return replace(record, rests_on=self._visible(record.rests_on))
        if isinstance(record, Conduct | Annotation):
            grounds = self._visible(record.rests_on)
            lost = record.basis == "inference" and record.rests_on and not grounds
            return None if lost else replace(record, rests_on=grounds)
        if isinstance(record, Assertion):
            return self._assertion(record)
        if isinstance(record, Relation):
            return self._relation(record)
        if isinstance(record, SiteWarning):
            return replace(record, rests_on=self._visible(record.rests_on))
        if isinstance(record, Position | SiteState):
            return self._said(replace(record, origin=self._source(record.origin)))
        if isinstance(record, Remains | Identification | Recognition):
            return self._said(record)
        if isinstance(record, Evidence):
            source = self._source(record.by_source)
            return replace(record, by_source=source, locator=_locator(record.locator, source))
        return record

    def _said(self, record: Said) -> Record:
        source = self._source(record.source)
        if source == WITHHELD.id and isinstance(record, Recognition):
            # Whoever recognised their dead is mostly the source.
            record = replace(record, by=None, relation=None)
        if source == WITHHELD.id and isinstance(record, Identification):
            record = replace(record, by=None)
        return replace(record, source=source, locator=_locator(record.locator, source))

    def _victim(self, record: Victim) -> Victim:
        source = self._source(record.source)
        if source != WITHHELD.id:
            return replace(record, source=source)
        return replace(record, source=source, key=None, conditions=None)

    def _assertion(self, record: Assertion) -> Assertion:
        source = self._source(record.source) or WITHHELD.id
        return replace(
            record,
            source=source,
            origin=self._source(record.origin),
            locator=_locator(record.locator, source),
            key=None if source == WITHHELD.id else record.key,
        )

    def _relation(self, record: Relation) -> Relation:
        source = self._source(record.source)
        cited = record.cited
        if cited is not None:
            cited = {name: self._point(point) for name, point in cited.items()}
        return replace(
            record,
            source=source,
            origin=self._source(record.origin),
            locator=_locator(record.locator, source),
            cited=cited,
        )

    def _point(self, point: dict[str, Json]) -> dict[str, Json]:
        if "sources" not in point:
            return point
        return {**point, "sources": self._each(point["sources"])}

    def _name(self, name: dict[str, Json]) -> dict[str, Json]:
        hidden = "source" in name and name["source"] not in self._sources
        return {k: v for k, v in name.items() if k != "source"} if hidden else name

    def _each(self, sources: Sequence[str]) -> list[str]:
        """Return sources as they stand; those that are withheld are one, at the end."""
        shown = [each for each in sources if self._source(each) == each]
        return shown if len(shown) == len(sources) else [*shown, WITHHELD.id]

    def _source(self, source: str | None) -> str | None:
        if source is None or source in self._sources:
            return source
        self.used = True
        return WITHHELD.id

    def _visible(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(each for each in ids if each in self._seen)


def _locator(locator: Json | None, source: str | None) -> Json | None:
    if locator is None or source != WITHHELD.id:
        return locator
    return {k: v for k, v in locator.items() if k not in LEADS_TO_SOURCE} or None
