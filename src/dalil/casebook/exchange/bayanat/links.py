"""Relations between bulletins, actors and incidents, under the names that Bayanat has for them.

They have no dates, and each comes in marked so. A relation stands with both of its ends; it comes
in once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dalil.casebook.exchange.bayanat.making import MAX_DETAIL, STAFF, Making
from dalil.casebook.exchange.bayanat.node import Node
from dalil.casebook.exchange.bayanat.roles import shipped
from dalil.casebook.exchange.bayanat.things import MAKERS
from dalil.casebook.record.form import Record

KINDS = ("actor", "bulletin", "incident")
# Between an object and another: which table names it, which end is said of which, and as what.
BETWEEN = {
    ("actor", "bulletin"): ("atob", "named_in"),
    ("incident", "bulletin"): ("itob", "named_in"),
    ("actor", "incident"): ("itoa", "related_to"),
    ("actor", "actor"): ("atoa", "related_to"),
    ("bulletin", "bulletin"): ("btob", "related_to"),
    ("incident", "incident"): ("itoi", "related_to"),
}
FAR = "the {kind} at the other end"
UNNAMED = "a number that the table {table} has; the relation comes in under its number"
FIRST_NAMES = "a sheet {table}_info.csv beside it (id, title); taken are the names of a new Bayanat"


@dataclass(slots=True)
class Links:
    """Yields each relation once; of those whose other end comes up too it keeps what it gave."""

    making: Making
    _given: set[tuple[str, int, int]] = field(default_factory=set)

    def of(self, node: Node) -> Iterator[Record]:
        """Yield the relations of an object, and its other ends where the export only names them."""
        number = node.number()
        for kind in KINDS:
            for link in node.each(f"{kind}_relations", "relation"):
                far = link.one(kind, kind)
                if far is None:
                    if kind not in link.said:
                        self.making.reading.fault(link.at(kind), None, FAR.format(kind=kind))
                elif number and (other := far.number()):
                    link.read.add(node.kind)
                    if self._is_new(node.kind, number, kind, other):
                        yield from self._mentioned(far, kind, other)
                        yield self._relation(link, (node.kind, number), (kind, other))

    def _is_new(self, kind: str, number: str, far: str, other: str) -> bool:
        if other not in self.making.full[far]:
            return True
        ends = sorted(((kind, int(number)), (far, int(other))))
        between = (f"{ends[0][0]}-{ends[1][0]}", ends[0][1], ends[1][1])
        if between in self._given:
            return False
        self._given.add(between)
        return True

    def _mentioned(self, far: Node, kind: str, number: str) -> Iterator[Record]:
        if self.making.is_new(kind, number, poor=True):
            yield from MAKERS[kind](far, self.making)

    def _relation(self, link: Node, own: tuple[str, str], far: tuple[str, str]) -> Record:
        making = self.making
        # Among their like they run from the lower number to the higher.
        a, b = sorted((own, far), key=lambda end: (KINDS.index(end[0]), int(end[1])))
        if (a[0], b[0]) == ("bulletin", "incident"):
            a, b = b, a
        table, what = BETWEEN[a[0], b[0]]
        said = {"table": table, **self._named(link, table), "comment": _comment(link)}
        probability = link.said.get("probability")
        link.read.add("probability")
        if probability is not None:
            words = shipped()["probability"]
            said["probability"] = str(words.get(str(probability), probability))
        link.left_out("user_id", STAFF)
        rest = "\n".join(link.rest())
        return making.relation(what, ":".join(a), ":".join(b), said | {"more": rest[:MAX_DETAIL]})

    def _named(self, link: Node, table: str) -> dict[str, str]:
        numbers = link.texts("related_as")
        found = []
        for number in numbers:
            role = self.making.roles.names.get((table, number))
            if role is None:
                expected = UNNAMED.format(table=table)
                self.making.reading.remark_once(link.at("related_as"), number, expected)
            elif table not in self.making.roles.own:
                expected = FIRST_NAMES.format(table=table)
                self.making.reading.remark_once(link.at("related_as"), number, expected)
            found.append(role)
        named = [
            role.title if role else number for role, number in zip(found, numbers, strict=True)
        ]
        roles = [role for role in found if role is not None]
        return {
            "role": "; ".join(named),
            "role_tr": "; ".join(role.title_tr for role in roles if role.title_tr),
            "reverse": "; ".join(role.reverse for role in roles if role.reverse),
            "reverse_tr": "; ".join(role.reverse_tr for role in roles if role.reverse_tr),
            "role_number": "; ".join(numbers),
        }


def _comment(link: Node) -> str:
    return link.text("comment", MAX_DETAIL)
