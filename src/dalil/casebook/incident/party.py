"""Whom and what a line of an act map speaks of: by label, by name, or as withheld."""

from __future__ import annotations

from dataclasses import dataclass

from dalil.casebook.casebook import Casebook
from dalil.casebook.incident.days import said_in_time
from dalil.casebook.index.view import View
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import NOT_SEARCHED, Entity, Name
from dalil.errors import NoSuchThing


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody or something: a plain label ("person 3 in clip 7"), an entity, or both.

    ``names`` are the entity's own forms, as they were written; a translation or an error counts
    once a person has linked it.
    """

    label: str | None
    entity: str | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose word it is: source (id), title, day (EDTF); nothing of one that is withheld."""

    source: str | None
    title: str | None
    published: str | None
    withheld: bool


class Cast:
    """The parties and speakers of one view; each is read once."""

    def __init__(self, casebook: Casebook, view: View) -> None:
        """Read from ``casebook`` what ``view`` may see."""
        self._casebook, self._view = casebook, view
        self._names: dict[str, tuple[str, ...]] = {}
        self._speakers: dict[str, Speaker] = {}

    def party(self, entity: str | None, label: str | None = None) -> Party | None:
        """Return a party; nothing where neither an entity nor a label is given."""
        if entity is None:
            return None if label is None else Party(label, None, ())
        if entity not in self._names:
            self._names[entity] = tuple(self._forms(entity))
        return Party(label, entity, self._names[entity])

    def speaker(self, source: str | None) -> Speaker | None:
        """Return a speaker; nothing where no source is given."""
        if source is None:
            return None
        if source not in self._speakers:
            self._speakers[source] = self._speaker(source)
        return self._speakers[source]

    def _forms(self, entity: str) -> list[str]:
        known = self._casebook.get(entity, self._view).record
        names = known.names if isinstance(known, Entity) else ()
        forms = [n["form"] for n in names if n.get("role", "name") not in NOT_SEARCHED]
        for each in self._casebook.naming(entity, self._view, "name", "entity"):
            name = each.record
            if not isinstance(name, Name) or name.withdrawn is not None:
                continue
            if name.linked or name.role not in NOT_SEARCHED:
                forms.append(name.form)
        return list(dict.fromkeys(forms))

    def _speaker(self, source: str) -> Speaker:
        try:
            found = self._casebook.get(source, self._view).record
        except NoSuchThing:
            return Speaker(None, None, None, withheld=True)
        if not isinstance(found, Source):
            return Speaker(source, None, None, withheld=False)
        title = found.title or found.author or found.publisher or found.key
        return Speaker(source, title, found.published, withheld=False)

    def said_in_time(self, told: Relation) -> bool:
        """Whether a relation was said within the days of the view: its own day, or its source's."""
        speaker = self.speaker(told.source)
        published = speaker.published if speaker is not None else None
        return said_in_time(self._view, told.asserted or published)
