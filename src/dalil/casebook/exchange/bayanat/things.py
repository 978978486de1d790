"""Bulletins, actors and incidents, each with what hangs on it except its relations."""

from __future__ import annotations

from collections.abc import Iterator

from dalil.casebook.exchange.bayanat.making import (
    EXPORT,
    MAX_NAME,
    MAX_URL,
    MISSING,
    STAFF,
    TITLES,
    Making,
    labels_of,
    line,
    names_of,
    titles_of,
)
from dalil.casebook.exchange.bayanat.node import NOTHING, Node
from dalil.casebook.exchange.bayanat.places import (
    events_of,
    files_of,
    place,
    places_of,
    publishers_of,
)
from dalil.casebook.record.form import Record
from dalil.casebook.record.sources import Source
from dalil.casebook.record.victims import Victim

NAMES = (
    ("name", "", "name"), ("name_ar", "ar", "name"),
    ("nickname", "", "byname"), ("nickname_ar", "ar", "byname"),
)  # fmt: skip
PARTS = (
    (("first_name", "middle_name", "last_name"), ""),
    (("first_name_ar", "middle_name_ar", "last_name_ar"), "ar"),
)
SEXES = {"Female": "female", "Male": "male"}
AGES = {"Minor": "child", "Adult": "adult"}
# The profile of a missing person is told by its mode, and says so (`MP`).
MISSING_PERSON = "3"


def bulletin(node: Node, making: Making) -> Iterator[Record]:
    """Yield a bulletin: a document, and a source that can be cited; what hangs on it."""
    number = node.number()
    if not number:
        return
    key = f"bulletin:{number}"
    _leave_staff(node)
    names = names_of(node, (*TITLES, ("sjac_title", "", "alias"), ("sjac_title_ar", "ar", "alias")))
    published = node.day("publish_date")
    url = node.text("source_link", MAX_URL)
    labels, more = labels_of(node, "labels", "verLabels")
    hanging = [
        *places_of(node, key, making),
        *events_of(node, key, making),
        *files_of(node, key, making),
        *publishers_of(node, key, making),
    ]
    publishers = "; ".join(titles_of(node, "sources"))[:MAX_NAME]
    title = names[0]["form"] if names else ""
    yield making.source(
        key, type="bulletin", title=title, url=url, published=published, publisher=publishers
    )
    lines = [
        node.prose("description"),
        more,
        line("public_description", [node.prose("public_description")]),
        line("source_link", [url]),
    ]
    yield making.entity(
        "document", key, node, names=names, date=published or None, labels=labels, lines=lines
    )
    yield from hanging


def incident(node: Node, making: Making) -> Iterator[Record]:
    """Yield an incident and what hangs on it; violations keep the names that Bayanat has."""
    number = node.number()
    if not number:
        return
    key = f"incident:{number}"
    _leave_staff(node)
    names = names_of(node)
    labels, more = labels_of(node, "labels")
    violations = ("claimed_violations", "potential_violations")
    lines = [
        node.prose("description"),
        more,
        *(line(name, titles_of(node, name)) for name in violations),
    ]
    hanging = [*places_of(node, key, making), *events_of(node, key, making)]
    yield making.entity("incident", key, node, names=names, labels=labels, lines=lines)
    yield from hanging


def actor(node: Node, making: Making) -> Iterator[Record]:
    """Yield a person or an organisation, its profiles, and what hangs on it."""
    number = node.number()
    if not number:
        return
    key = f"actor:{number}"
    _leave_staff(node)
    is_entity = node.text("type") == "Entity"
    if node.said.get("type") not in (*NOTHING, "Entity", "Person"):
        node.read.discard("type")
    names = names_of(node, NAMES) or _joined(node)
    sex, age = node.text("sex"), node.text("age")
    labels, more = labels_of(node)
    lists = ("nationalities", "ethnographies", "dialects")
    lines = [
        line("sex", [sex]),
        line("age", [age]),
        more,
        *(line(name, titles_of(node, name)) for name in lists),
    ]
    profiles = node.each("actor_profiles", "profile")
    hanging = [
        *_origin(node, key, making),
        *events_of(node, key, making),
        *files_of(node, key, making),
        *publishers_of(node, key, making),
    ]
    type_ = "organisation" if is_entity else "person"
    yield making.entity(type_, key, node, names=names, labels=labels, lines=lines)
    yield from hanging
    for each in profiles:
        yield from _profile(each, key, making)
        if each.said.get("mode") == MISSING_PERSON or each.said.get("MP") is True:
            yield from _missing(each, key, names, (sex, age), making)


def _profile(node: Node, owner: str, making: Making) -> Iterator[Record]:
    """Yield what one source says of an actor, as a document in which the actor is named.

    Of a missing person it holds who saw them and how these can be reached: it is sealed.
    """
    number = node.number()
    node.read |= {"actor_id"}
    if not number or not making.is_new("profile", number, poor=False):
        return
    key, see = f"profile:{number}", making.see
    if node.said.get("mode") == MISSING_PERSON or node.said.get("MP") is True:
        see = "sealed"
    published = node.day("publish_date")
    url = node.text("source_link", MAX_URL)
    labels, more = labels_of(node, "labels", "ver_labels")
    hanging = [*publishers_of(node, key, making)]
    publishers = "; ".join(titles_of(node, "sources"))[:MAX_NAME]
    yield making.source(
        key, type="actor profile", url=url, published=published, publisher=publishers, see=see
    )
    yield making.entity(
        "document",
        key,
        node,
        names=({"form": f"actor profile {number}", "role": "code"},),
        date=published or None,
        labels=labels,
        lines=[node.prose("description"), more, line("source_link", [url])],
        see=see,
    )
    yield from hanging
    yield making.relation("named_in", owner, key, {"role": "profile"})


def _missing(
    node: Node, owner: str, names: tuple[object, ...], said: tuple[str, str], making: Making
) -> Iterator[Record]:
    """Yield a missing person as a victim of a list, so that lists are linked with it."""
    number = node.number()
    if not number:
        return
    key = f"{MISSING}{number}"
    status = node.text("case_status")
    address = node.text("last_address", MAX_NAME)
    sex, age = said
    yield Victim(
        id=making.into.id(Victim.kind, key),
        key=key,
        names=names,
        label=None if names else f"actor {owner.partition(':')[2]}",
        source=making.into.reference(Source.kind, EXPORT),
        sex=SEXES.get(sex),
        age_class=AGES.get(age),
        place_said=address or None,
        fate="missing" if status == "Missing" else None,
        see=making.see if making.see != "open" else "restricted",
        case=making.into.case,
    )
    yield making.relation("related_to", key, owner, {"role": "profile of a missing person"})


def _origin(node: Node, owner: str, making: Making) -> Iterator[Record]:
    found = node.one("origin_place", "location")
    if found is not None and (number := found.number()):
        yield from place(found, making)
        said = {"role": "origin_place"}
        yield making.relation("related_to", owner, f"location:{number}", said)


def _joined(node: Node) -> tuple[object, ...]:
    """Return names out of their parts, where Bayanat has no whole one."""
    found = []
    for fields, lang in PARTS:
        form = " ".join(filter(None, (node.text(name, MAX_NAME) for name in fields)))
        node.read -= set(fields)
        if form:
            found.append(
                {"form": form[:MAX_NAME], "role": "name"} | ({"lang": lang} if lang else {})
            )
    return tuple(found)


def _leave_staff(node: Node) -> None:
    for name in ("assigned_to", "first_peer_reviewer"):
        node.left_out(name, STAFF)


MAKERS = {"bulletin": bulletin, "actor": actor, "incident": incident}
