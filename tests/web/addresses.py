"""Every address of the desk, with the right that it asks for, and a sample of what it is about."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Proposition
from dalil.casebook.record.form import id_for, new_id
from dalil.casebook.record.law import Hypothesis
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.casebook.record.victims import Victim
from dalil.intake.listing import accessions
from web.rooms import Desk

NOT_SAID = "not said"


@dataclass(frozen=True, slots=True)
class Address:
    """An address: its name (``room:page``), the right that it asks for, its arguments."""

    name: str
    right: str | None
    arguments: tuple[str, ...]


def addresses() -> list[Address]:
    """Return every address that the desk answers to, the JSON interface's among them."""
    return sorted(set(_walked(get_resolver(), "")), key=lambda each: each.name)


def _walked(resolver: URLResolver, space: str) -> Iterator[Address]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from _walked(each, inner)
        elif isinstance(each, URLPattern):
            right = getattr(each.callback, "right", NOT_SAID)
            arguments = tuple(sorted(each.pattern.converters))
            yield Address(f"{space}{each.name}", right, arguments)


def samples(desk: Desk) -> dict[str, str]:
    """Return something real for each argument that an address may take."""
    view = view_of("restricted")
    claim = next(desk.casebook.find(Proposition, view)).record
    assert isinstance(claim, Proposition)
    things = list(desk.casebook.find(Entity, view))
    incident = next(e.record.id for e in things if getattr(e.record, "type", "") == "incident")
    victim, other = (Victim(id=new_id(), names=({"form": name},)) for name in ("Salim", "Selim"))
    person = next(e.record.id for e in things if getattr(e.record, "type", "") == "person")
    supposed = Hypothesis(
        id=new_id(), case="zumurruda", suspect=person, incident=incident, tree="rome",
        crime="7-1-a", mode="28-a",
    )  # fmt: skip
    desk.casebook.write([victim, other, supposed], desk.signer("idris"))
    source = next(desk.casebook.find(Source, view)).record.id
    return {
        "item": desk.item(),
        "item_id": desk.item(),
        "accession_id": next(accessions(desk.archive)).accession,
        "case": "zumurruda",
        "case_name": "zumurruda",
        "type_name": "person",
        "claim": claim.id,
        "casebook:claim record_id": claim.id,
        "casebook:weigh record_id": claim.id,
        "casebook:adopt record_id": claim.id,
        "casebook:source record_id": source,
        "casebook:incident record_id": incident,
        "casebook:new kind": "source",
        "publishing:part kind": "still",
        "question_id": id_for("question", "zumurruda", str(claim.group)),
        "about": incident,
        "record_id": things[0].record.id,
        "a": min(desk.item(0), desk.item(1)),
        "b": max(desk.item(0), desk.item(1)),
        "person_id": desk.signer("rima").person_id,
        "job_id": str(uuid.UUID(int=7)),
        "victim": victim.id,
        "one": min(victim.id, other.id),
        "other": max(victim.id, other.id),
        "site": incident,
        "tree": "rome",
        "part": "7-1-a",
        "hypothesis": supposed.id,
        "victims:count what": "case",
        "victims:count scope_id": "zumurruda",
        "key": "somewhere",
        "kind": "custody",
        "theme": "dark",
    }


def path_of(address: Address, given: dict[str, str]) -> str:
    """Return an address with something real in each of its places, or something of its form."""
    for otherwise in ("1", "0" * 32, "0" * 64, str(uuid.UUID(int=7))):
        values = {
            name: given.get(f"{address.name} {name}") or given.get(name, otherwise)
            for name in address.arguments
        }
        try:
            return reverse(address.name, kwargs=values)
        except NoReverseMatch:
            continue
    raise NoReverseMatch(f"{address.name}: say in samples() what {address.arguments} are")
