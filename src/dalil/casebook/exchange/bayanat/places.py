"""Places, events, files and publishers that hang on bulletins, actors and incidents."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from dalil.casebook.exchange.bayanat.making import (
    MAX_NAME,
    TITLES,
    Making,
    labels_of,
    line,
    names_of,
)
from dalil.casebook.exchange.bayanat.node import Node
from dalil.casebook.exchange.wide.dates import interval_of
from dalil.casebook.record.form import Record

E6 = 1_000_000
# The field that the description of a place or source has, and a mere mention of it has not.
DESCRIBED = {"location": "latlng", "source": "updated_at"}
# How an event of an object is tied to it, by the kind of the object.
OWNERS = {"bulletin": "named_in", "incident": "part_of", "actor": "related_to"}


def place(node: Node, making: Making) -> Iterator[Record]:
    """Yield a place where it comes up first, and the one that it lies in."""
    number = node.number()
    poor = DESCRIBED["location"] not in node.said
    if not number or not making.is_new("location", number, poor=poor):
        return
    parent = node.one("parent", "location")
    names = names_of(node)
    if not names:
        names = names_of(node, (("full_string", "", "name"),))
    labels, more = labels_of(node)
    yield making.entity(
        "place",
        f"location:{number}",
        node,
        names=names,
        labels=labels,
        see=making.into.see,
        lines=[
            node.prose("description"),
            more,
            line("location_type", [_title(node, "location_type")]),
            line("admin_level", [_title(node, "admin_level")]),
            line("country", [_title(node, "country")]),
        ],
        **_position(node),
    )
    if parent is not None and (above := parent.number()):
        yield from place(parent, making)
        yield making.relation(
            "part_of", f"location:{number}", f"location:{above}", {"role": "parent"}
        )


def places_of(node: Node, owner: str, making: Making) -> Iterator[Record]:
    """Yield the places of an object, and the points that were set for it alone."""
    for each in node.each("locations", "location"):
        yield from place(each, making)
        if number := each.number():
            said = {"role": "location"}
            yield making.relation("located_at", owner, f"location:{number}", said)
    for each in node.each("geoLocations", "geo"):
        number = each.number()
        if not number:
            continue
        if making.is_new("geo", number, poor=False):
            yield making.entity(
                "place",
                f"geo:{number}",
                each,
                names=names_of(each),
                lines=[each.prose("comment"), line("geotype", [_title(each, "geotype")])],
                **_position(each),
            )
        yield making.relation("located_at", owner, f"geo:{number}", {"role": "geoLocation"})


def events_of(node: Node, owner: str, making: Making) -> Iterator[Record]:
    """Yield the events of an object: each as an incident, its kind a label, tied to the object."""
    for each in node.each("events", "event"):
        number = each.number()
        if not number:
            continue
        kind = each.one("eventtype", "eventtype")
        called = "" if kind is None else kind.text("title", MAX_NAME)
        valid = _span(each)
        where = each.one("location", "location")
        key = f"event:{number}"
        if making.is_new("event", number, poor=False):
            yield making.entity(
                "incident",
                key,
                each,
                names=names_of(each) or names_of(kind or each),
                date=valid or None,
                labels=(called,) if called else (),
                lines=[line("event", [owner])],
            )
            if where is not None and (number := where.number()):
                yield from place(where, making)
                said = {"role": "event location"}
                yield making.relation("located_at", key, f"location:{number}", said, valid)
        said = {"role": "event", "kind": called}
        yield making.relation(OWNERS[node.kind], key, owner, said, valid)


def files_of(node: Node, owner: str, making: Making) -> Iterator[Record]:
    """Yield the files that an object has, by name and MD5; the files themselves are taken in."""
    for each in node.each("medias", "media"):
        number = each.number()
        if number and making.is_new("media", number, poor=False):
            names = names_of(each, (*TITLES, ("filename", "", "code")))
            each.read.discard("filename")
            yield making.entity("document", f"media:{number}", each, names=names)
        if number:
            what = "part_of" if node.kind == "bulletin" else "related_to"
            yield making.relation(what, f"media:{number}", owner, {"role": "media"})


def publishers_of(node: Node, owner: str, making: Making) -> Iterator[Record]:
    """Yield whom an object names as its sources: channels, organisations, people who publish."""
    for each in node.each("sources", "source"):
        number = each.number()
        if not number:
            continue
        poor = DESCRIBED["source"] not in each.said
        if making.is_new("source", number, poor=poor):
            parent = each.one("parent", "source")
            key = f"source:{number}"
            see = making.into.see
            yield making.entity("organisation", key, each, names=names_of(each), see=see)
            if parent is not None and (above := parent.number()):
                if making.is_new("source", above, poor=True):
                    over, names = f"source:{above}", names_of(parent)
                    yield making.entity("organisation", over, parent, names=names, see=see)
                yield making.relation("part_of", key, f"source:{above}", {"role": "parent"})
        yield making.relation("related_to", owner, f"source:{number}", {"role": "source"})


def _title(node: Node, name: str) -> str:
    if node.said.get(name) in (None, ""):
        node.read.add(name)
        return ""
    found = node.one(name, name)
    return "" if found is None else found.text("title", MAX_NAME)


def _position(node: Node) -> dict[str, int]:
    """Return a position in millionths of a degree, if the object has one that can be."""
    node.read |= {"lat", "lng", "latlng"}
    said = [node.said.get(name) for name in ("lat", "lng")]
    if said == [None, None]:
        return {}
    found = []
    for name, value, most in zip(("lat", "lng"), said, (90, 180), strict=True):
        degrees = _degrees(value)
        if degrees is None or abs(degrees) > most:
            node.reading.fault(node.at(name), value, f"degrees from -{most} to {most}")
        else:
            found.append(round(degrees * E6))
    return {"lat_e6": found[0], "lon_e6": found[1]} if len(found) == len(said) else {}


def _degrees(value: object) -> Decimal | None:
    try:
        found = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None


def _span(event: Node) -> str:
    """Return the days of an event as EDTF; what runs backwards stays as it was written."""
    first, last = event.day("from_date"), event.day("to_date")
    rough = "~" if event.said.get("estimated") is True else ""
    if first or last:
        event.read.add("estimated")
    first, last = (f"{day}{rough}" if day else "" for day in (first, last))
    if first and not last:
        return first
    found = interval_of(first, last)
    if not found and first and last:
        event.read -= {"from_date", "to_date"}
        path, expected = event.at("to_date"), "a day on or after from_date; no interval is taken"
        event.reading.remark(path, f"{first}/{last}", expected)
    return found
