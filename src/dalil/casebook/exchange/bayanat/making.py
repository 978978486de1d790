"""Records out of objects of an export: entities, sources and relations under Bayanat's own keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dalil.casebook.exchange.bayanat.node import LONG, Node, Reading
from dalil.casebook.exchange.bayanat.roles import Roles
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.casebook.record.victims import Victim

EXPORT = "bayanat:export"
# Under which keys missing persons come in, as victims of a list.
MISSING = "missing:"
STAFF = "a case without the names of Bayanat's staff; they are left out"
CLOSED = "a class for the groups that Bayanat shows it to; it comes in as restricted"
TITLES = (("title", "", "name"), ("title_ar", "ar", "name"))
MAX_NAME, MAX_LABEL, MAX_DETAIL, MAX_URL = 1000, 200, 4000, 4000
UNDATED = "undated"


@dataclass(slots=True)
class Making:
    """Into what the objects are brought, and what was brought already.

    ``full``: the numbers of objects that the export holds in full, by kind; ``described``: of
    those, like places, that stand within others, some of which say more of them than others do.
    ``see``: the class of the object at which reading stands.
    """

    into: Into
    reading: Reading
    roles: Roles
    full: Mapping[str, Collection[str]]
    described: Mapping[str, Collection[str]]
    see: str = ""
    given: dict[str, set[int]] = field(default_factory=dict)

    def is_new(self, kind: str, number: str, *, poor: bool) -> bool:
        """Whether a thing comes up for the first time; a poor mention yields to a full one.

        What the casebook has already is not described anew by a mere mention of it.
        """
        given = self.given.setdefault(kind, set())
        if int(number) in given:
            return False
        if poor and (number in self.described.get(kind, ()) or number in self.full.get(kind, ())):
            return False
        if poor and self.into.known(Entity.kind, f"{kind}:{number}"):
            return False
        given.add(int(number))
        return True

    def class_of(self, node: Node) -> str:
        """Return who may see an object: never everybody, where Bayanat shows it to groups only."""
        if node.said.get("roles") and self.into.see == "open":
            self.reading.remark_once(node.at("roles"), "", CLOSED)
            return "restricted"
        return self.into.see

    def entity(self, type_: str, key: str, node: Node, **more: Any) -> Entity:  # noqa: ANN401
        """Return an entity; what was not read of the object stays in its words."""
        lines = [*more.pop("lines", ()), *node.rest()]
        return Entity(
            id=self.into.id(Entity.kind, key),
            type=type_,
            key=key,
            about=self.words(node, lines) or None,
            see=more.pop("see", self.see),
            case=self.into.case,
            **more,
        )

    def source(self, key: str, **said: Any) -> Source:  # noqa: ANN401 - fields of a source
        """Return a source."""
        fields = {name: value for name, value in said.items() if value}
        see = fields.pop("see", self.see)
        id_ = self.into.id(Source.kind, key)
        return Source(id=id_, key=key, see=see, case=self.into.case, **fields)

    def relation(
        self, what: str, a: str, b: str, said: Mapping[str, str], valid: str = ""
    ) -> Relation:
        """Return what the export says between two keys; without a date it is marked so."""
        detail = {name: value for name, value in said.items() if value}
        if not valid:
            detail["dates"] = UNDATED
        name = f"bayanat:{said.get('table', '') or said['role']}:{a}:{b}"
        return Relation(
            id=self.into.id(Relation.kind, name),
            relation=what,
            a=self.into.reference(kind_of(a), a),
            b=self.into.reference(kind_of(b), b),
            valid=valid or None,
            detail=detail,
            source=self.into.reference(Source.kind, EXPORT),
            see=self.see,
            case=self.into.case,
        )

    def words(self, node: Node, lines: Iterable[str]) -> str:
        """Return lines as one text, unless it is too long."""
        found = "\n".join(line for line in lines if line)
        if len(found) > LONG:
            expected = f"at most {LONG:,} characters; here are {len(found):,}"
            self.reading.fault(node.path or "description", found, expected)
            return ""
        return found


def kind_of(key: str) -> str:
    """Return of which kind of record a key is."""
    return Victim.kind if key.startswith(MISSING) else Entity.kind


def names_of(node: Node, fields: Iterable[tuple[str, str, str]] = TITLES) -> tuple[Any, ...]:
    """Return the names in these fields (field, language, role), each form once."""
    found: dict[str, dict[str, str]] = {}
    for name, lang, role in fields:
        form = node.text(name, MAX_NAME)
        if form and form not in found:
            found[form] = {"form": form, "role": role} | ({"lang": lang} if lang else {})
    return tuple(found.values())


def titles_of(node: Node, name: str) -> list[str]:
    """Return the titles of a list of objects that are named only."""
    found = []
    for each in node.each(name, name):
        title = each.text("title", MAX_NAME) or each.text("title_ar", MAX_NAME)
        found += [title] if title else []
    return found


def line(name: str, values: Iterable[str]) -> str:
    """Return several values as one line under the name of their field."""
    said = "; ".join(value for value in values if value)
    return f"{name}: {said}" if said else ""


def labels_of(node: Node, *names: str) -> tuple[tuple[str, ...], str]:
    """Return the labels in these lists and the tags, each once; and as a line what is too long."""
    found = [title for name in names for title in titles_of(node, name)]
    found += [each.strip() for each in node.texts("tags") if each.strip()]
    short = tuple(dict.fromkeys(each for each in found if len(each) <= MAX_LABEL))
    return short, line("labels", [each for each in found if len(each) > MAX_LABEL])
