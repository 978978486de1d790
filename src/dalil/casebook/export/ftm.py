"""FollowTheMoney entities, one JSON object a line (followthemoney.tech): lossy, and it says so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from dalil.casebook.casebook import Casebook
from dalil.casebook.export.selection import Selection, selecting
from dalil.casebook.export.statement import (
    LANGUAGES,
    Exported,
    beside,
    counted,
    of_view,
    said,
    sentence,
    settle,
)
from dalil.casebook.export.telling import (
    appearance_text,
    assertion_text,
    recognition_text,
    relation_text,
    title_of,
    victim_notes,
)
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import id_for
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sites import Identification, Remains
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import NOT_SEARCHED, Entity, Name
from dalil.casebook.record.victims import Appearance, Recognition, Victim
from dalil.engines.files import disk_room
from dalil.kernel.canonical import Json

FORM = "followthemoney-entities"
SCHEMA = {
    "person": "Person", "victim": "Person", "unit": "Organization",
    "organisation": "Organization", "post": "Position", "place": "Address", "site": "Address",
    "incident": "Event", "document": "Document", "collection": "Folder", "thing": "Asset",
}  # fmt: skip
LEGAL = ("Person", "Organization")
# Names by which others may mean another: a byname that two men share is a weak one.
NAME_PROPERTY = {"name": "name", "byname": "weakAlias"}
# ISO 639-3, as the model wants it, of the ISO 639-1 codes that sources here come in.
LANGUAGE = {
    "ar": "ara", "de": "deu", "en": "eng", "es": "spa", "fa": "fas", "fr": "fra", "he": "heb",
    "it": "ita", "ku": "kur", "nl": "nld", "pl": "pol", "pt": "por", "ru": "rus", "sv": "swe",
    "tr": "tur", "uk": "ukr",
}  # fmt: skip
URL = re.compile(r"https?://[\w-]+(\.[\w-]+)+(:\d+)?(/[^\s<>\"]*)?", re.ASCII)
DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:-XX)*", re.ASCII)
LOSSES = (
    "ftm-lossy",
    "ftm-victims",
    "ftm-dates",
    "ftm-denied",
    "ftm-positions",
    "withdrawn",
    "unsigned",
)
MICRO = 1_000_000

Entities = Iterator[dict[str, Json]]


def export_ftm(casebook: Casebook, view: View, out: Path, case: str | None = None) -> Exported:
    """Write the entities of a view; the first of them is a note on what is lost.

    Raises:
        ArchiveExists: something is at ``out``. NoSpace: the disk is full; nothing is left there.

    """
    part, counts = beside(out), dict[str, int]()
    try:
        with disk_room(out), selecting(casebook, view, case) as selection:
            says = (*of_view(selection.terms), *(said(key) for key in LOSSES))
            exported = Exported(str(out), FORM, selection.terms, (), says)
            with part.open("w", encoding="utf-8", newline="\n") as file:
                for each in _entities(selection, exported):
                    file.write(json.dumps(each, ensure_ascii=False, sort_keys=True) + "\n")
                    counts[each["schema"]] = counts.get(each["schema"], 0) + 1
            settle(part, out)
    finally:
        part.unlink(missing_ok=True)
    return Exported(str(out), FORM, exported.terms, counted(counts), says)


def certain_part(edtf: str) -> str | None:
    """Return what is certain of a single date, as ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
    found = DATE.fullmatch(edtf.partition("T")[0])
    if not found:
        return None
    return "-".join(part for part in found.groups() if part is not None)


def _entities(selection: Selection, exported: Exported) -> Entities:
    yield _about(selection, exported)
    names = _further_names(selection)
    called: dict[str, str] = {}
    schemas: dict[str, str] = {}
    things = (selection.records(kind) for kind in (Entity, Victim))
    for entity, _ in chain.from_iterable(things):
        if entity.withdrawn is None:
            made = list(_entity(entity, names.get(entity.id, [])))
            called[entity.id] = made[0]["properties"]["name"][0]
            schemas[entity.id] = made[0]["schema"]
            if isinstance(entity, Victim):
                _tell_victim(made[0], entity, selection, called)
            yield from made
    yield from _of_the_dead(selection, called)
    for source, _ in selection.records(Source):
        if source.withdrawn is None:
            schemas[source.id] = "Document"
            yield _document(source)
    for relation, _ in selection.records(Relation):
        if relation.withdrawn is None:
            yield _relation(relation, selection, schemas, called)
    asked = {each.id: each for each, _ in selection.records(Proposition)}
    for assertion, _ in selection.records(Assertion):
        if assertion.withdrawn is None:
            yield _assertion(assertion, asked.get(assertion.proposition), selection, schemas)


def _about(selection: Selection, exported: Exported) -> dict[str, Json]:
    terms = selection.terms
    id_ = id_for(terms.archive, "export", FORM, str(terms))
    texts = ["\n".join(exported.sentences(lang)) for lang in LANGUAGES]
    names = [sentence("ftm-title", lang) for lang in LANGUAGES]
    return _made(id_, "Note", name=names, description=texts)


def _further_names(selection: Selection) -> dict[str, list[Name]]:
    found: dict[str, list[Name]] = {}
    for name, _ in selection.records(Name):
        if name.withdrawn is None and (name.linked or name.role not in NOT_SEARCHED):
            found.setdefault(name.entity, []).append(name)
    return found


def _entity(entity: Entity, further: list[Name]) -> Entities:
    forms = [(each["form"], each.get("role", "name")) for each in entity.names]
    forms = [(form, role) for form, role in forms if role not in NOT_SEARCHED]
    forms += [(name.form, name.role) for name in further]
    named: dict[str, list[Json]] = {}
    for form, role in forms:
        named.setdefault(NAME_PROPERTY.get(role, "alias"), []).append(form)
    if "name" not in named:
        # The model demands a name; a byname is not made one.
        label = getattr(entity, "label", None)
        named["name"] = [label or entity.key or f"{entity.type} {entity.id}"]
    schema = SCHEMA[entity.type]
    properties: dict[str, list[Json]] = {
        **named,
        "description": [entity.about],
        "keywords": [entity.type, *entity.labels],
        "notes": [entity.key and f"key: {entity.key}"],
    }
    if schema in {"Document", "Folder"}:
        # The model demands a file name; here it is the fixed id, never the name of a file.
        properties["fileName"] = [entity.id]
    if entity.date:
        dated = _dates(entity.date, start_known=True, end_known=True)
        properties |= dated if schema == "Event" else {"summary": dated["summary"]}
    if entity.lat_e6 is None or entity.lon_e6 is None:
        yield _made(entity.id, schema, **properties)
        return
    position: dict[str, list[Json]] = {
        "latitude": [degrees(entity.lat_e6)],
        "longitude": [degrees(entity.lon_e6)],
        "remarks": [None if entity.radius_m is None else f"radius {entity.radius_m} m"],
    }
    if schema == "Address":
        yield _made(entity.id, schema, **properties, **position)
        return
    address = id_for(entity.id, "address")
    yield _made(entity.id, schema, **properties, addressEntity=[address])
    yield _made(address, "Address", name=named["name"][:1], **position)


def degrees(micro: int) -> str:
    """Return millionths of a degree as degrees, exactly."""
    whole, rest = divmod(abs(micro), MICRO)
    return f"{'-' if micro < 0 else ''}{whole}.{rest:06}"


def _tell_victim(
    made: dict[str, Json], victim: Victim, selection: Selection, called: Mapping[str, str]
) -> None:
    """Add what a list says of a victim; two records that may be one person stay two."""
    speaker = selection.speaker(victim.source)
    notes = victim_notes(victim, speaker, called.get(victim.place or ""))
    died = certain_part(victim.date or "") if victim.fate == "dead" else None
    properties: dict[str, list[str]] = made["properties"]
    more: dict[str, list[str | None]] = {
        "notes": list(notes),
        "gender": [victim.sex],
        "birthDate": [certain_part(victim.born or "")],
        "deathDate": [died],
    }
    for name, values in more.items():
        if any(values):
            kept = [str(each) for each in values if each]
            properties[name] = [*properties.get(name, ()), *kept]


def _of_the_dead(selection: Selection, called: Mapping[str, str]) -> Entities:
    """Yield, as notes on victims, where they are seen and who was recognised as whom."""
    for seen, _ in selection.records(Appearance):
        if seen.withdrawn is None and seen.victim in called:
            texts = [appearance_text(seen, called[seen.victim], lang) for lang in LANGUAGES]
            yield _made(seen.id, "Note", entity=[seen.victim], description=texts)
    labels = {each.id: each.label for each, _ in selection.records(Remains)}
    for told, _ in selection.records(Recognition):
        if told.withdrawn is None:
            yield _recognised(told, (told.victim, told.as_victim), selection, called)
    for found, _ in selection.records(Identification):
        if found.withdrawn is None:
            known = {**called, found.remains: labels.get(found.remains, found.remains)}
            yield _recognised(found, (found.remains, found.victim), selection, known)


def _recognised(
    told: Recognition | Identification,
    ends: tuple[str, str],
    selection: Selection,
    called: Mapping[str, str],
) -> dict[str, Json]:
    a, b = (called.get(each, each) for each in ends)
    speaker = selection.speaker(told.source)
    texts = [recognition_text(told, (a, b), speaker, lang) for lang in LANGUAGES]
    first = () if isinstance(told, Identification) else ends[:1]
    about = [each for each in (*first, ends[1]) if each in called]
    return _made(told.id, "Note", entity=about, description=texts)


def _document(source: Source) -> dict[str, Json]:
    language = LANGUAGE.get((source.lang or "").lower())
    notes = (
        ("type", source.type),
        ("key", source.key),
        ("published", source.published),
        ("url", None if _url(source.url) else source.url),
        ("archived at", source.archive_url),
        ("language", None if language else source.lang),
        ("read", source.read_how),
        ("conditions", source.conditions),
    )
    return _made(
        source.id,
        "Document",
        fileName=[source.id],
        name=[title_of(source) or source.id],
        title=[source.title],
        author=[source.author],
        publisher=[source.publisher],
        publishedAt=[certain_part(source.published or "")],
        sourceUrl=[_url(source.url)],
        language=[language],
        notes=[f"{label}: {value}" for label, value in notes if value],
    )


def _relation(
    told: Relation, selection: Selection, schemas: dict[str, str], called: dict[str, str]
) -> dict[str, Json]:
    speaker, b = selection.speaker(told.source), told.b
    cited = {s for point in (told.cited or {}).values() for s in point.get("sources", ())}
    # What is withheld or withdrawn is no entity here, and nothing leads to it.
    proof = sorted({each for each in (told.source, *cited) if each in schemas})
    other = called.get(b or "")
    texts = [relation_text(told, other, speaker, lang) for lang in LANGUAGES]
    no_link = told.polarity == "denies" or told.machine or told.relation == "identified_in"
    if no_link or b is None or told.a not in schemas or b not in schemas:
        about = [told.a] if told.a in schemas else []
        return _made(told.id, "Note", entity=about, description=texts, proof=proof)
    schema, ends = _link(told, b, schemas)
    role = ["command"] if told.is_command else []
    role += [f"{name}: {value}" for name, value in sorted((told.detail or {}).items())]
    dated = _dates(told.valid, start_known=told.start_known, end_known=told.end_known)
    common: dict[str, list[Json]] = {"description": texts, "recordId": [told.id], "proof": proof}
    if schema != "Occupancy":  # which has no field for it
        common["role"] = [told.relation, *role]
    return _made(told.id, schema, **ends, **common, **dated)


def _link(told: Relation, b: str, schemas: dict[str, str]) -> tuple[str, dict[str, list[Json]]]:
    a_is, b_is = schemas[told.a], schemas[b]
    if told.relation in {"posted_to", "member_of"}:
        if a_is in LEGAL and b_is == "Organization":
            return "Membership", {"member": [told.a], "organization": [b]}
        if a_is == "Person" and b_is == "Position":
            return "Occupancy", {"holder": [told.a], "post": [b]}
    if told.relation == "named_in" and b_is in {"Document", "Folder"}:
        return "Documentation", {"entity": [told.a], "document": [b]}
    return "UnknownLink", {"subject": [told.a], "object": [b]}


def _dates(valid: str | None, *, start_known: bool, end_known: bool) -> dict[str, list[Json]]:
    if not valid:
        return {}
    first, slash, last = valid.partition("/")
    start, end = certain_part(first), certain_part(last)
    summary = [f"date: {valid}"]
    if not slash:
        return {"date": [start], "summary": summary}
    return {
        "startDate": [start if start_known else None],
        "endDate": [end if end_known else None],
        "date": [None if start_known else start, None if end_known else end],
        "summary": summary,
    }


def _assertion(
    told: Assertion, asked: Proposition | None, selection: Selection, schemas: dict[str, str]
) -> dict[str, Json]:
    speakers = (selection.speaker(told.source), selection.speaker(told.origin))
    texts = [assertion_text(told, asked, speakers, lang) for lang in LANGUAGES]
    about = [] if asked is None or asked.subject not in schemas else [asked.subject]
    proof = [told.source] if told.source in schemas else []
    return _made(told.id, "Note", entity=about, description=texts, proof=proof)


def _url(text: str | None) -> str | None:
    return text if text and URL.fullmatch(text) else None


def _made(id_: str, schema: str, **properties: list[Json]) -> dict[str, Json]:
    """Return an entity: values that say something, each once."""
    kept = {
        name: [str(each) for each in dict.fromkeys(values) if each]
        for name, values in properties.items()
    }
    return {"id": id_, "schema": schema, "properties": {n: v for n, v in kept.items() if v}}
