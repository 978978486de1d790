"""Entities and relations out of wide lists: each thing once, each statement with its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sheets import Faults, Row
from dalil.casebook.exchange.wide.layout import Block, Layout, Wide
from dalil.casebook.exchange.wide.statements import Citing, Said, as_words, said_in
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Entity
from dalil.kernel.canonical import Json, encode

PLACEHOLDER = "placeholder"
LISTED = "listed"


@dataclass(slots=True)
class Thing:
    """An entity as rows name it; names and labels are gathered from all of them."""

    type: str
    place: tuple[str, int]
    names: dict[str, str] = field(default_factory=dict)
    labels: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Statement:
    """One statement and the rows that make it, word for word."""

    block: Block
    a: str
    b: str
    said: Said
    source: str
    place: tuple[str, int]
    rows: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Gathered:
    """What lists say, before it becomes records. Keys are the lists' own."""

    layout: Layout
    into: Into
    citing: Citing
    faults: Faults
    things: dict[str, Thing] = field(default_factory=dict)
    statements: dict[bytes, Statement] = field(default_factory=dict)
    inside: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    unit_keys: dict[str, set[str]] = field(default_factory=dict)
    place: tuple[str, int] = ("", 0)

    def learn_names(self, wide: Wide, rows: Iterable[Row]) -> None:
        """Note which keys each name has; lists name units by name alone."""
        for row in rows:
            own = ":".join(row[column] for column in wide.key)
            if wide.type == "unit" and own:
                self.unit_keys.setdefault(row[wide.name], set()).add(f"unit:{own}")

    def add(self, wide: Wide, row: Row, file: str) -> None:
        """Take in one row of a list.

        Raises:
            ImportRefused: this was the fiftieth wrong place.

        """
        self.place = (file, row.number)
        if not row[wide.name]:
            self.faults.add(file, row.number, wide.name, "", "the name of whom the row speaks of")
        subject = self._subject(wide, row)
        listed: Statement | None = None
        rest: dict[str, str] = {}
        for block in wide.blocks:
            said = said_in(block, row, self.citing)
            for column, cell, expected in said.doubts:
                self.faults.remark(file, row.number, column, cell, expected)
            statement = Statement(block, subject, "", said, wide.role, self.place)
            if block.name == LISTED:
                listed = statement
            elif said.words or said.cited:
                target = block.target(said.words)
                if target:
                    self._state(statement, target, row)
                else:
                    rest |= dict(as_words(block, row))
        if listed:
            listed.said.words |= rest
            listed.b = f"list:{wide.role}"
            self._keep(listed, row)

    def records(self) -> Iterator[Record]:
        """Yield entities, then what places lie in, then every statement."""
        for key, thing in self.things.items():
            self.faults.place = thing.place
            yield self._entity(key, thing)
        for (inner, outer), place in self.inside.items():
            self.faults.place = place
            yield Relation(
                id=self._id("relation", f"inside:{inner}:{outer}"),
                relation="part_of",
                a=self._id("entity", inner),
                b=self._id("entity", outer),
                source=self._id("source", f"list:{self.layout.lists[0].role}"),
                see=self.into.see,
                case=self.into.case,
            )
        times: dict[str, int] = {}
        for statement in self.statements.values():
            key = f"{statement.block.name}:{statement.a}:{statement.b}"
            times[key] = times.get(key, 0) + 1
            self.faults.place = statement.place
            yield self._relation(f"{key}:{times[key]}", statement)

    def _subject(self, wide: Wide, row: Row) -> str:
        name = row[wide.name]
        own = ":".join(row[column] for column in wide.key)
        key = f"{wide.type}:{own}" if own else self._unit_of(name, wide.name)
        thing = self._thing(key, wide.type, name)
        if wide.other_names:
            for other in row[wide.other_names].split(self.layout.separator):
                if other.strip():
                    thing.names.setdefault(other.strip(), "alias")
        if wide.labels:
            labels = [label.strip() for label in row[wide.labels].split(self.layout.separator)]
            thing.labels |= dict.fromkeys(label for label in labels if label)
            if wide.placeholder in labels:
                thing.labels[PLACEHOLDER] = None
        return key

    def _unit_of(self, name: str, column: str) -> str:
        """Return the key of the one unit of this name; of several, none is meant for another."""
        keys = self.unit_keys.get(name, set())
        if len(keys) > 1:
            expected = (
                f"a name that one unit has; {len(keys)} have it, so it is kept apart from both"
            )
            self.faults.remark(*self.place, column, name, expected)
        return next(iter(keys)) if len(keys) == 1 else f"unit:name:{name}"

    def _thing(self, key: str, type_: str, name: str) -> Thing:
        thing = self.things.setdefault(key, Thing(type_, self.place))
        if name:
            thing.names.setdefault(name, "name")
        return thing

    def _state(self, statement: Statement, target: str, row: Row) -> None:
        block, said = statement.block, statement.said
        if block.end == "place":
            statement.b = self._place(block, said)
        else:
            name = said.words[target].strip()
            column = next(p.value for p in block.points if p.name == target)
            statement.b = self._unit_of(name, column)
            self._thing(statement.b, "unit", name)
        if block.kind:
            said.words.setdefault("kind", block.kind)
        # The sources of the end are those of the statement itself.
        if target in said.cited:
            said.cited["b"] = said.cited.pop(target)
        self._keep(statement, row)

    def _place(self, block: Block, said: Said) -> str:
        """Return the key of the narrowest place that is named; each lies in the next one."""
        keys: list[str] = []
        named = [p for p in block.places if said.words.get(p.point)]
        for place in reversed(named):
            name = said.words[place.point].strip()
            own = said.words.get(place.id, "").strip() if place.id else ""
            around = keys[-1] if keys else ""
            key = f"place:{own}" if own else f"{place.type}:{name}@{around}"
            self._thing(key, place.type, name)
            if around:
                self.inside.setdefault((key, around), self.place)
            keys.append(key)
        return keys[-1]

    def _keep(self, statement: Statement, row: Row) -> None:
        said = statement.said
        content: Json = [statement.block.name, statement.a, statement.b, said.words, said.cited]
        kept = self.statements.setdefault(encode(content), statement)
        kept.rows.append(row.number)

    def _entity(self, key: str, thing: Thing) -> Entity:
        return Entity(
            id=self._id("entity", key),
            type=thing.type,
            key=key,
            names=tuple({"form": form, "role": role} for form, role in thing.names.items()),
            labels=tuple(thing.labels),
            see=self.into.see,
            case=self.into.case,
        )

    def _relation(self, key: str, statement: Statement) -> Relation:
        said, block = statement.said, statement.block
        word = said.words.get(block.command_point, "").strip()
        return Relation(
            id=self._id("relation", key),
            relation=block.relation,
            a=self._id("entity", statement.a),
            b=self._id("entity", statement.b),
            valid=said.valid or None,
            start_known=said.start_known,
            end_known=said.end_known,
            is_command=word in block.command_words,
            detail={**said.words, "rows": " ".join(map(str, statement.rows))},
            cited=said.cited or None,
            source=self._id("source", f"list:{statement.source}"),
            see=self.into.see,
            case=self.into.case,
        )

    def _id(self, kind: str, key: str) -> str:
        return self.into.id(kind, key)
