"""W3C Web Annotations (2017) as JSON-LD: what points at footage, or at a passage of a text.

Targets in footage carry two selectors for one stretch: a Media Fragment (``t=`` in seconds, which
players read) and the exact presentation time stamps with their time base.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from dalil.casebook.casebook import Casebook
from dalil.casebook.describe.exchange.entry import ANNOTATION, SPEECH, Entry
from dalil.casebook.describe.exchange.web_annotation import (
    CONTEXT,
    FRAGMENTS,
    SEVERITY,
    bodies_of,
    plain,
    seconds,
    texts,
    urn,
)
from dalil.casebook.export.masking import WITHHELD
from dalil.casebook.export.selection import Selection, selecting
from dalil.casebook.export.statement import (
    LANGUAGES,
    Exported,
    beside,
    counted,
    document_of,
    of_view,
    said,
    settle,
)
from dalil.casebook.export.telling import appearance_text, assertion_text, relation_text
from dalil.casebook.incident.clock import Clock, clock_of
from dalil.casebook.incident.stretch import stretch_of
from dalil.casebook.index.view import View
from dalil.casebook.record import describing
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import id_for
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.sources import Evidence
from dalil.casebook.record.victims import Appearance, Victim
from dalil.engines.files import disk_room
from dalil.kernel.canonical import Json

FORM = "w3c-annotations"

Annotation = dict[str, Json]


def export_annotations(
    casebook: Casebook, view: View, out: Path, case: str | None = None
) -> Exported:
    """Write an annotation collection with one page.

    Raises:
        ArchiveExists: something is at ``out``. NoSpace: the disk is full; nothing is left there.

    """
    part = beside(out)
    try:
        with disk_room(out), selecting(casebook, view, case) as selection:
            making = _Making(casebook, selection)
            items = list(making.annotations())
            exported = making.exported(out)
            page = {"type": "AnnotationPage", "startIndex": 0, "items": items}
            collection = {
                "@context": CONTEXT,
                "id": f"urn:dalil:{id_for(selection.terms.archive, FORM, str(selection.terms))}",
                "type": "AnnotationCollection",
                "label": ["Dalil"],
                "total": len(items),
                "first": page,
                "dalil:export": document_of(exported),
            }
            text = json.dumps(collection, ensure_ascii=False, indent=1, sort_keys=True)
            part.write_text(text + "\n", encoding="utf-8")
            settle(part, out)
    finally:
        part.unlink(missing_ok=True)
    return exported


class _Making:
    def __init__(self, casebook: Casebook, selection: Selection) -> None:
        self._casebook, self._selection = casebook, selection
        self._clocks: dict[str, Clock] = {}
        self._counts: dict[str, int] = {}
        self._whole = 0

    def annotations(self) -> Iterator[Annotation]:
        for conduct, at in self._selection.records(Conduct):
            if conduct.item is not None and conduct.withdrawn is None:
                where = {
                    "item": conduct.item, "pts_start": conduct.pts_start,
                    "pts_end": conduct.pts_end, "timebase": conduct.timebase, "box": conduct.box,
                }  # fmt: skip
                body = _conduct(conduct)
                yield self._made(conduct.kind, conduct.id, at, self._target(where, None), body)
        asked = {each.id: each for each, _ in self._selection.records(Proposition)}
        for assertion, at in self._selection.records(Assertion):
            if assertion.locator and assertion.withdrawn is None:
                body = texts(*self._assertion(assertion, asked.get(assertion.proposition)))
                target = self._target(assertion.locator, assertion.source)
                yield self._made(assertion.kind, assertion.id, at, target, body)
        yield from self._links()
        yield from self._described()
        yield from self._seen()

    def _seen(self) -> Iterator[Annotation]:
        """Yield where victims are seen; of whom nobody has named, the label."""
        victims = {each.id: each for each, _ in self._selection.records(Victim)}
        for seen, at in self._selection.records(Appearance):
            victim = victims.get(seen.victim)
            if seen.withdrawn is None and victim is not None:
                forms = [str(name["form"]) for name in victim.names]
                called = forms[0] if forms else victim.label or victim.id
                body = texts(*(appearance_text(seen, called, lang) for lang in LANGUAGES))
                body += [_link(each) for each in (seen.victim, seen.annotation) if each]
                yield self._made(seen.kind, seen.id, at, self._stretch(seen), body)

    def _described(self) -> Iterator[Annotation]:
        terms = {each.id: each for each, _ in self._selection.records(describing.Term)}
        for told, at in self._selection.records(describing.Annotation):
            if told.withdrawn is None:
                body = bodies_of(_annotated(told, terms.get(told.term or "")))
                body += [_link(each) for each in (told.term, *told.rests_on) if each is not None]
                if told.severity is not None:
                    body.append(plain(f"{SEVERITY}{told.severity}", "tagging"))
                yield self._made(told.kind, told.id, at, self._stretch(told), body)
        for speech, at in self._selection.records(describing.Speech):
            if speech.withdrawn is None:
                body = bodies_of(_spoken(speech))
                body += [_link(speech.of)] if speech.of is not None else []
                yield self._made(speech.kind, speech.id, at, self._stretch(speech), body)

    def _stretch(self, told: describing.Annotation | describing.Speech | Appearance) -> Json:
        where = {"item": told.item, "pts_start": told.pts_start, "pts_end": told.pts_end}
        box = getattr(told, "box", None)
        return self._target({**where, "timebase": told.timebase, "box": box}, None)

    def _links(self) -> Iterator[Annotation]:
        for relation, at in self._selection.records(Relation):
            if relation.locator and relation.withdrawn is None:
                speaker = self._selection.speaker(relation.source)
                body = texts(*(relation_text(relation, None, speaker, lang) for lang in LANGUAGES))
                for side in (relation.a, relation.b):
                    if side is not None:
                        body.append(
                            {"type": "SpecificResource", "source": urn(side), "purpose": "linking"}
                        )
                target = self._target(relation.locator, relation.source)
                yield self._made(relation.kind, relation.id, at, target, body)
        for evidence, at in self._selection.records(Evidence):
            if evidence.locator and evidence.withdrawn is None:
                body = [
                    plain(f"{evidence.relation}: {evidence.note or ''}".rstrip(": "), "describing")
                ]
                body.append(
                    {
                        "type": "SpecificResource",
                        "source": urn(evidence.assertion),
                        "purpose": "linking",
                    }
                )
                target = self._target(evidence.locator, evidence.by_source)
                yield self._made(evidence.kind, evidence.id, at, target, body)

    def exported(self, out: Path) -> Exported:
        says = [*of_view(self._selection.terms), said("annotations-lossy")]
        says += [said("annotations-time"), said("withdrawn"), said("unsigned")]
        unsealed = sum(not clock.sealed for clock in self._clocks.values())
        if unsealed:
            says.append(said("annotations-zero", count=unsealed))
        if self._whole:
            says.append(said("annotations-unplaced", count=self._whole))
        if self._selection.masked:
            says.append(said("source-hidden"))
        return Exported(str(out), FORM, self._selection.terms, counted(self._counts), tuple(says))

    def _assertion(self, told: Assertion, asked: Proposition | None) -> Iterator[str]:
        speakers = (self._selection.speaker(told.source), self._selection.speaker(told.origin))
        return (assertion_text(told, asked, speakers, lang) for lang in LANGUAGES)

    def _made(self, kind: str, id_: str, at: str, target: Json, body: list[Json]) -> Annotation:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return {
            "id": urn(id_), "type": "Annotation", "motivation": "describing", "created": at,
            "body": body, "target": target,
        }  # fmt: skip

    def _target(self, locator: dict[str, Json], source: str | None) -> Json:
        item = locator.get("item")
        if item is not None:
            return self._footage(item, locator)
        selectors: list[Json] = []
        if "quote" in locator:
            selectors.append({"type": "TextQuoteSelector", "exact": locator["quote"]})
        if "page" in locator:
            fragment = f"page={locator['page']}"
            selectors.append({"type": "FragmentSelector", "value": fragment})
        if "selector" in locator:
            selectors.append({"type": "CssSelector", "value": locator["selector"]})
        where = locator.get("url")
        if where is None:
            hidden = source is None or source == WITHHELD.id
            where = "urn:dalil:withheld" if hidden else urn(source or "")
        return {"source": where, "selector": selectors} if selectors else where

    def _footage(self, item: str, locator: dict[str, Json]) -> Json:
        if item not in self._clocks:
            self._clocks[item] = clock_of(self._casebook.archive, item)
        bounds = (locator.get("pts_start"), locator.get("pts_end"), locator.get("timebase"))
        stretch = stretch_of(*bounds, self._clocks[item])
        fragments, selectors = [], list[Json]()
        if stretch is None:
            self._whole += 1
        else:
            fragments.append(f"t={seconds(stretch.start)},{seconds(stretch.end, up=True)}")
            selectors.append({
                "type": "dalil:PtsSelector", "dalil:ptsStart": stretch.pts_start,
                "dalil:ptsEnd": stretch.pts_end, "dalil:timebase": stretch.timebase,
            })  # fmt: skip
        if locator.get("box"):
            fragments.append("xywh=pixel:{x},{y},{w},{h}".format(**locator["box"]))
        if not fragments:
            return {"source": urn(item, "item")}
        value = {"type": "FragmentSelector", "conformsTo": FRAGMENTS, "value": "&".join(fragments)}
        return {"source": urn(item, "item"), "selector": [value, *selectors]}


def _conduct(told: Conduct) -> list[Json]:
    who = " → ".join(each for each in (told.actor_label, told.target_label) if each)
    act = told.act if not who else f"{who}: {told.act}"
    body = [plain(act, "describing"), plain(f"{SEVERITY}{told.severity}", "tagging")]
    body.append(plain(told.basis, "classifying"))
    body += texts(told.note_en, told.note_ar)
    linked = (told.actor, told.target, told.place, told.incident, *told.rests_on)
    body += [
        {"type": "SpecificResource", "source": urn(each), "purpose": "linking"}
        for each in linked
        if each is not None
    ]
    return body


def _link(id_: str) -> Json:
    return {"type": "SpecificResource", "source": urn(id_), "purpose": "linking"}


def _annotated(told: describing.Annotation, term: describing.Term | None) -> Entry:
    """Return what an annotation says, but where: its target says that."""
    none = Fraction(0)
    name = None if term is None else term.name_en or term.name_ar or term.key
    return Entry(
        "", ANNOTATION, told.id, none, none, lane=told.lane, value=name, text_en=told.text_en,
        text_ar=told.text_ar, label=told.label, inferred=told.basis == "inference",
    )  # fmt: skip


def _spoken(said: describing.Speech) -> Entry:
    none = Fraction(0)
    return Entry(
        "", SPEECH, said.id, none, none, value=said.words, lang=said.lang, version=said.version,
        speaker=said.speaker,
    )  # fmt: skip
