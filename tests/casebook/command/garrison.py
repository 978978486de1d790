"""Units, places and officers by short names, written into a small casebook."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from casebook.bureau import Bureau
from dalil.casebook import recording
from dalil.casebook.casebook import Casebook
from dalil.casebook.command.answer import Answer
from dalil.casebook.command.link import Chain, Link
from dalil.casebook.command.who import who_commanded, who_commanded_unit
from dalil.casebook.index.view import View
from dalil.casebook.record.form import Record, id_for
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Derivation, Source
from dalil.casebook.record.things import Entity

DAY = "2016-11-09"


def id_of(name: str) -> str:
    """Return the id of whatever has this short name."""
    return id_for("garrison", name)


def entity(name: str, type_: str, *others: str, **more: Any) -> Entity:  # noqa: ANN401
    """Return a person, unit or place called ``name``."""
    names = tuple({"form": form, "role": "name"} for form in (name, *others))
    return Entity(id=id_of(name), type=type_, names=names, **more)


def source(name: str, **more: Any) -> Source:  # noqa: ANN401 - as the record
    """Return a source called ``name``."""
    return Source(id=id_of(name), type="article", title=name, **more)


def relation(kind: str, a: str, b: str, valid: str | None, **more: Any) -> Relation:  # noqa: ANN401
    """Return a relation between two short names; ``sources`` cite the relation itself."""
    sources = more.pop("sources", ())
    name = more.pop("name", f"{kind} {a} {b} {valid}")
    if sources:
        more["cited"] = {"b": {"sources": [id_of(each) for each in sources]}}
    return Relation(id=id_of(name), relation=kind, a=id_of(a), b=id_of(b), valid=valid, **more)


def present(unit: str, place: str, valid: str | None, **more: Any) -> Relation:  # noqa: ANN401
    """Return the presence of a unit in a place."""
    return relation("present_at", unit, place, valid, **more)


def under(unit: str, superior: str, valid: str | None, kind: str = "Command") -> Relation:
    """Return the subordination of a unit."""
    return relation("subordinate_to", unit, superior, valid, detail={"kind": kind})


def commands(person: str, unit: str, valid: str | None, **more: Any) -> Relation:  # noqa: ANN401
    """Return the posting of a person to command a unit."""
    return relation("posted_to", person, unit, valid, is_command=True, **more)


def copied(child: str, parent: str) -> Derivation:
    """Return that one source repeats another."""
    name = f"{child} repeats {parent}"
    return Derivation(id=id_of(name), child=id_of(child), parent=id_of(parent), how="repeats")


def harbour() -> list[Record]:
    """Return a company at a quay, under a brigade under a division, each with its commander."""
    return [
        *(entity(name, "place") for name in ("Port", "Quay")),
        *(entity(name, "unit") for name in ("Company", "Brigade", "Division")),
        *(entity(name, "person") for name in ("Adel", "Basil", "Camil")),
        *(source(name) for name in ("Gazette", "Herald", "Leaflet")),
        relation("part_of", "Quay", "Port", None),
        present("Company", "Quay", "2016-01/2017-02", sources=["Gazette"]),
        under("Company", "Brigade", "2015/2018"),
        under("Brigade", "Division", "2015/2018"),
        commands("Adel", "Company", "2016-03-01/2016-12-24", sources=["Gazette"]),
        commands("Basil", "Brigade", "2016-02/2016-10-30", sources=["Herald"]),
        commands("Camil", "Division", "2014/2016-08", end_known=True, sources=["Herald"]),
    ]


@dataclass(frozen=True, slots=True)
class Garrison:
    """A casebook to write into and to ask."""

    bureau: Bureau
    written: dict[str, Record] = field(default_factory=dict)

    def write(self, records: Sequence[Record], on: str = "") -> None:
        """Write records, now or on a day; one that is there already is revised."""
        given = []
        for record in records:
            earlier = self.written.get(record.id)
            revised = replace(record, revises=earlier.revises + 1) if earlier else record
            self.written[record.id] = revised
            given.append(revised)
        if not on:
            self.bureau.casebook.write(given, self.bureau.signer)
            return
        ledger, at = self.bureau.casebook.ledger, {"time": f"{on}T10:00:00Z"}
        recording.write_act(ledger, given, self.bureau.signer, brought=at)

    def copy(self, archive: Path) -> Garrison:
        """Return a copy with the same content and the same keeper."""
        shutil.copytree(self.bureau.archive, archive)
        bureau = Bureau(archive, Casebook.open(archive), self.bureau.signer)
        return Garrison(bureau, dict(self.written))

    def ask(self, place: str = "Port", day: str = DAY, view: View | None = None) -> Answer:
        """Ask who commanded there on a day."""
        ordinal = date.fromisoformat(day).toordinal()
        return who_commanded(self.bureau.casebook, place, ordinal, view or View())

    def ask_unit(self, unit: str, day: str = DAY) -> Answer:
        """Ask who commanded a unit."""
        ordinal = date.fromisoformat(day).toordinal()
        return who_commanded_unit(self.bureau.casebook, unit, ordinal, View())


def paths(answer: Answer) -> list[str]:
    """Return each chain as names, from the unit to the commander, in the order of the answer."""
    return [_path(answer, chain) for chain in answer.chains]


def link(answer: Answer, a: str, b: str) -> Link:
    """Return the link between two short names."""
    return next(each for each in answer.links if (each.a, each.b) == (id_of(a), id_of(b)))


def name_of(answer: Answer, id_: str) -> str:
    """Return the short name of an id."""
    return next(thing.names[0][0] for thing in answer.things if thing.id == id_)


def _path(answer: Answer, chain: Chain) -> str:
    return " < ".join(name_of(answer, answer.links[place].a) for place in chain.links)
