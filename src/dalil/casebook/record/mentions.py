"""Which records a record speaks of, and which of those it would give away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dalil.casebook.record.form import Record, kinds
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Entity

ONE = (
    "a", "accepts", "actor", "annotation", "as_victim", "assertion", "assessment", "b", "broader",
    "by_assertion", "by_source", "child", "entity", "hypothesis", "incident", "link", "object",
    "of", "origin", "parent", "place", "proposition", "remains", "round", "site", "source",
    "subject", "suspect", "target", "term", "victim", "whole",
)  # fmt: skip
# A sealed source hides who it is, not what is said.
SPEAKERS = ("source", "origin", "by_source", "names", "cited")
SAID = (
    "assertion", "relation", "evidence", "name", "entity", "victim", "recognition", "position",
    "site_state", "remains", "identification",
)  # fmt: skip
# What a conclusion rests on is told by its id alone, and may go round in a circle.
GROUNDS = "rests_on"
# What kind of record each field names; the rest may name any.
KIND_NAMED = {
    "a": "entity", "accepts": "annotation", "actor": "entity", "annotation": "annotation",
    "as_victim": "victim", "assertion": "assertion", "assessment": "assessment", "b": "entity",
    "between": "annotation", "broader": "term",
    "by_assertion": "assertion", "by_source": "source", "child": "source", "cited": "source",
    "entity": "entity", "hypothesis": "hypothesis", "incident": "entity", "link": "relation",
    "names": "source", "object": "entity",
    "of": "speech", "origin": "source", "parent": "source", "parts": "proposition",
    "place": "entity", "proposition": "proposition", "remains": "remains", "round": "round",
    "site": "entity", "source": "source", "subject": "entity", "suspect": "entity",
    "target": "entity", "term": "term", "victim": "victim", "whole": "proposition",
}  # fmt: skip
# What families were told is theirs: no list and no case file holds it, whatever its class.
STAYS = frozenset({"notification"})
# Where a thing is named, a victim may be.
ENTITIES = frozenset({"entity", "victim"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A record (``target``) that another names in ``field``.

    ``hides``: whoever may not see the target may not see the record either.
    """

    field: str
    target: str
    hides: bool


def may_name(field: str, kind: str) -> bool:
    """Whether a field may name a record of this kind."""
    wanted = KIND_NAMED.get(field, kind)
    return kind == wanted or (wanted == Entity.kind and kind in ENTITIES)


def mentions_of(record: Record) -> Iterator[Mention]:
    """Yield each record that is named, once a field. Items of the archive are not records."""
    seen = set()
    for field, target in _named(record):
        if (field, target) not in seen:
            seen.add((field, target))
            speaks = field in SPEAKERS and record.kind in SAID
            yield Mention(field, target, not speaks and field != GROUNDS)


def _named(record: Record) -> Iterator[tuple[str, str]]:
    for field in _one_of(record.kind):
        target = getattr(record, field)
        if target is not None:
            yield field, target
    for target in getattr(record, "rests_on", ()):
        yield "rests_on", target
    if isinstance(record, Entity):
        for name in record.names:
            if "source" in name:
                yield "names", name["source"]
    if isinstance(record, Relation):
        for point in (record.cited or {}).values():
            for source in point.get("sources", ()):
                yield "cited", source
    for target in getattr(record, "between", ()):
        yield "between", target
    if record.kind == "count_group":
        for part in getattr(record, "parts", ()):
            yield "parts", part["proposition"]


@cache
def _one_of(kind: str) -> tuple[str, ...]:
    cls = kinds()[kind]
    return tuple(field for field in ONE if hasattr(cls, field))
