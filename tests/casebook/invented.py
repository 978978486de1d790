"""Invented casebooks: every kind of record, every field, and every text that is hard to carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from dalil.casebook.record.claims import (
    STATUSES,
    Adoption,
    Assertion,
    Assessment,
    CountGroup,
    Proposition,
)
from dalil.casebook.record.describing import MEDIA, Annotation, Round, Speech, Term
from dalil.casebook.record.form import Record
from dalil.casebook.record.law import BEARS, Bearing, Hypothesis, SignedOff
from dalil.casebook.record.relations import RELATIONS, Conduct, Relation
from dalil.casebook.record.sources import DERIVATIONS, Derivation, Evidence, Grade, Source
from dalil.casebook.record.things import ROLES, TYPES, Entity, Judgement, Name

HARD_TEXTS = (
    "التضامن", "=SUM(A1:A9)", "+7", "-5", "@name", " spaces around ", "two\nlines", 'a "quoted", b',
    "\u202eturned round", "true", "0012", "1e3", "[]", "{}", "null", "١٢ قتيلاً", "a\tb", "é\u0301",
    "'", '"', ";", "Mr. 🙂 X", "-", "=", "#N/A", "2013-04-16", "_x000D_", "x" * 80,
)  # fmt: skip
DATES = (
    "2013", "2013-04", "2013-04-16", "2013-04-16~", "2013?", "2012/2014", "2013-04/..", "../2014",
    "2013/", "/2015", "2013-04-XX", "201X",
)  # fmt: skip
CASES = (None, "harbour", "quay")


def mark_of(id_: str) -> str:
    """Return a word that only the texts of one record hold."""
    return f"zq{id_[:8]}"


@dataclass(slots=True)
class Inventor:
    """Makes up records that go together; ``texts`` is what it makes them of.

    ``marked``: every text of a record carries the mark of that record (see `mark_of`).
    """

    random: Random
    texts: Sequence[str] = HARD_TEXTS
    sees: Sequence[str] = ("open", "restricted", "sealed")
    marked: bool = False
    types: Sequence[str] = TYPES
    relations: Sequence[str] = RELATIONS
    mark: str = ""
    made: dict[str, list[Any]] = field(default_factory=dict)

    def book(self, rounds: int = 1) -> list[Record]:
        """Return records of every kind, each after what it names."""
        records: list[Record] = []
        makers = (
            self.source, self.source, self.entity, self.entity, self.entity, self.derivation,
            self.name, self.judgement, self.grade, self.proposition, self.proposition,
            self.assertion, self.assertion, self.assertion, self.count_group, self.evidence,
            self.assessment, self.adoption, self.relation, self.relation, self.relation,
            self.conduct, self.conduct, self.term, self.term, self.annotation, self.annotation,
            self.speech, self.speech, self.round,
        )  # fmt: skip
        on_law = (self.hypothesis, self.bearing, self.bearing, self.signed_off)
        for make in (*makers * rounds, *on_law * rounds):
            record = make()
            if record is not None:
                self.made.setdefault(record.kind, []).append(record)
                records.append(record)
        return records

    def text(self) -> str:
        """Return a text."""
        return self.random.choice(self.texts) + self.mark

    def maybe(self, value: Any) -> Any:  # noqa: ANN401 - whatever it is
        """Return a value or nothing."""
        return value if self.random.random() < 0.6 else None

    def any_of(self, kind: str) -> Any:  # noqa: ANN401 - a record of that kind
        """Return a record that was made before."""
        return self.random.choice(self.made[kind])

    def common(self) -> dict[str, Any]:
        """Return the fields that every record has."""
        id_ = f"{self.random.getrandbits(128):032x}"
        self.mark = f" {mark_of(id_)}" if self.marked else ""
        return {
            "id": id_,
            "see": self.random.choice(self.sees),
            "case": self.random.choice(CASES),
            "withdrawn": self.text() if self.random.random() < 0.1 else None,
        }

    def locator(self) -> dict[str, Any]:
        """Return a locator of any shape."""
        start = self.random.randint(-5, 10_000)
        whole = {
            "page": self.text(), "quote": self.text(), "item": self.item(), "pts_start": start,
            "pts_end": start + self.random.randint(0, 900), "timebase": "1/90000",
            "box": {"x": 1, "y": 2, "w": 30, "h": 40}, "selector": self.text(),
            "url": "https://example.org/" + str(start),
        }  # fmt: skip
        return {name: value for name, value in whole.items() if self.random.random() < 0.7}

    def item(self) -> str:
        """Return the number of one of three items."""
        return f"{self.random.randint(1, 3):032x}"

    def source(self) -> Source:
        """Return a source."""
        return Source(
            **self.common(),
            type=self.random.choice(("journalism", "origin", "repost")),
            key=self.maybe(f"S{self.random.randint(1, 99)}"),
            title=self.maybe(self.text()),
            author=self.maybe(self.text()),
            published=self.maybe(self.random.choice(DATES)),
            url=self.maybe("https://example.org/page"),
            lang=self.maybe(self.random.choice(("ar", "en", "xx"))),
            conditions=self.maybe(self.text()),
        )

    def entity(self) -> Entity:
        """Return an entity with names and, at times, a position."""
        common = self.common()
        placed = self.random.random() < 0.5
        names = []
        for _ in range(self.random.randint(0, 3)):
            name = {"form": self.text(), "role": self.random.choice(ROLES)}
            if self.random.random() < 0.5:
                name["source"] = self.any_of("source").id
            names.append(name)
        return Entity(
            **common,
            type=self.random.choice(self.types),
            key=self.maybe("place:" + self.text()[:100]),
            names=tuple(names),
            about=self.maybe(self.text()),
            date=self.maybe(self.random.choice(DATES)),
            lat_e6=self.random.randint(-90_000_000, 90_000_000) if placed else None,
            lon_e6=self.random.randint(-180_000_000, 180_000_000) if placed else None,
            radius_m=self.maybe(self.random.randint(0, 5000)),
            labels=tuple(self.text() for _ in range(self.random.randint(0, 2))),
        )

    def derivation(self) -> Derivation | None:
        """Return a derivation from an older source to a newer one."""
        child, parent = self.made["source"][-1], self.made["source"][0]
        how = self.random.choice(DERIVATIONS)
        return Derivation(**self.common(), child=child.id, parent=parent.id, how=how)

    def name(self) -> Name:
        """Return one more name of an entity."""
        return Name(
            **self.common(),
            entity=self.any_of("entity").id,
            form=self.text(),
            role=self.random.choice(ROLES),
            source=self.maybe(self.any_of("source").id),
            linked=self.random.random() < 0.5,
        )

    def judgement(self) -> Judgement | None:
        """Return a judgement on two entities."""
        a, b = self.made["entity"][-2:]
        verdict = self.random.choice(("same", "different", "unsure"))
        return Judgement(**self.common(), a=a.id, b=b.id, verdict=verdict, reasoning=self.text())

    def grade(self) -> Grade:
        """Return a grade of a source."""
        return Grade(
            **self.common(),
            source=self.any_of("source").id,
            value=self.random.choice("ABCDEF"),
            reasoning=self.text(),
        )

    def proposition(self) -> Proposition:
        """Return a proposition; half of them are counts."""
        return Proposition(
            **self.common(),
            subject=self.any_of("entity").id,
            predicate=self.text(),
            value=self.maybe(self.text()),
            scope=self.text(),
            measure=self.maybe("deaths"),
            valid=self.maybe(self.random.choice(DATES)),
            functional=self.random.random() < 0.5,
            group=self.maybe(self.text()),
            question_en=self.maybe(self.text()),
            question_ar=self.maybe(self.text()),
        )

    def assertion(self) -> Assertion:
        """Return an assertion of one source."""
        lo = self.random.randint(0, 300)
        return Assertion(
            **self.common(),
            proposition=self.any_of("proposition").id,
            source=self.any_of("source").id,
            polarity=self.random.choice(("affirms", "denies")),
            modality=self.random.choice(("states", "estimates", "alleges")),
            lo=self.maybe(lo),
            hi=self.maybe(lo + self.random.randint(0, 50)),
            about=self.random.random() < 0.3,
            text=self.maybe(self.text()),
            verbatim=self.maybe(self.text()),
            lang=self.maybe("ar"),
            locator=self.maybe(self.locator()),
            asserted=self.maybe(self.random.choice(DATES)),
            valid=self.maybe(self.random.choice(DATES)),
            origin=self.maybe(self.any_of("source").id),
            evidence_offered=self.maybe(self.text()),
            obtained_how=self.random.choice(("unknown", "custody")),
            machine=self.random.random() < 0.2,
            key=self.maybe(self.text()),
        )

    def count_group(self) -> CountGroup:
        """Return how counts make up another."""
        whole, part = self.made["proposition"][-2:]
        common = self.common()
        parts = ({"proposition": part.id, "label": self.text()},)
        return CountGroup(**common, whole=whole.id, parts=parts, how="incomplete")

    def evidence(self) -> Evidence:
        """Return evidence from a source or another assertion."""
        said, other = self.made["assertion"][-2:]
        by_source = self.random.random() < 0.5
        return Evidence(
            **self.common(),
            assertion=said.id,
            relation=self.random.choice(("shows", "contradicts", "explains_away")),
            by_source=self.any_of("source").id if by_source else None,
            by_assertion=None if by_source else other.id,
            locator=self.maybe(self.locator()),
            note=self.maybe(self.text()),
            credibility=self.maybe(self.random.randint(1, 6)),
        )

    def assessment(self) -> Assessment:
        """Return how a person weighs a proposition."""
        return Assessment(
            **self.common(),
            proposition=self.any_of("proposition").id,
            status=self.random.choice(STATUSES),
            reasoning=self.text(),
            rests_on=(self.any_of("assertion").id,),
        )

    def adoption(self) -> Adoption:
        """Return that a case relies on a proposition."""
        chosen = self.any_of("assessment")
        return Adoption(**self.common(), proposition=chosen.proposition, assessment=chosen.id)

    def relation(self) -> Relation:
        """Return a relation of two entities, with its citations."""
        a, b = self.random.sample(self.made["entity"], 2)
        relation = self.random.choice(self.relations)
        seen = relation == "identified_in"
        item = {"item": self.item(), "pts_start": 0, "pts_end": 90, "timebase": "1/90000"}
        return Relation(
            **self.common(),
            relation=relation,
            a=a.id,
            b=None if seen else b.id,
            polarity=self.random.choice(("affirms", "denies")),
            valid=self.maybe(self.random.choice(DATES)),
            start_known=self.random.random() < 0.5,
            is_command=self.random.random() < 0.5,
            detail={"method": self.text()} if seen else self.maybe({"rank": self.text()}),
            cited=self.maybe(self.cited()),
            source=self.maybe(self.any_of("source").id),
            locator=item if seen else self.maybe(self.locator()),
            asserted=self.maybe(self.random.choice(DATES)),
            verbatim=self.maybe(self.text()),
            machine=self.random.random() < 0.2,
        )

    def cited(self) -> dict[str, Any]:
        """Return the sources of a datapoint; one of them may stand there twice."""
        sources = [self.any_of("source").id for _ in range(self.random.randint(1, 4))]
        return {"rank": {"sources": sources, "confidence": "Low"}, "a": {"confidence": "High"}}

    def hypothesis(self) -> Hypothesis:
        """Return what is supposed of an entity in another."""
        a, b = self.random.sample(self.made["entity"], 2)
        return Hypothesis(
            **self.common(), suspect=a.id, incident=b.id, tree="rome", crime="7-1-a", mode="28-a",
            note=self.maybe(self.text()),
        )  # fmt: skip

    def bearing(self) -> Bearing:
        """Return how a claim, or a relation, bears on an element."""
        stated = self.random.random() < 0.5
        return Bearing(
            **self.common(),
            hypothesis=self.any_of("hypothesis").id,
            element="7-1-a/killed",
            bears=self.random.choice(BEARS),
            reasoning=self.text(),
            link=self.any_of("relation").id if stated else None,
            proposition=None if stated else self.any_of("proposition").id,
        )

    def signed_off(self) -> SignedOff:
        """Return that somebody checked an element."""
        said = f"{self.random.getrandbits(256):064x}"
        return SignedOff(
            **self.common(), tree="rome", element="28-a/knew", said=said, reasoning=self.text()
        )

    def conduct(self) -> Conduct:
        """Return one line of an act map; at times inferred from an earlier one."""
        earlier = [each.id for each in self.made.get("conduct", [])]
        inferred = bool(earlier) and self.random.random() < 0.4
        start = self.random.randint(0, 900_000)
        return Conduct(
            **self.common(),
            act=self.text(),
            incident=self.maybe(self.any_of("entity").id),
            actor=self.maybe(self.any_of("entity").id),
            actor_label=self.maybe(self.text()),
            target_label=self.maybe(self.text()),
            date=self.maybe(self.random.choice(DATES)),
            item=self.item(),
            pts_start=start,
            pts_end=start + self.random.randint(0, 90_000),
            timebase="1/90000",
            severity=self.random.randint(0, 5),
            basis="inference" if inferred else "observation",
            rests_on=tuple(earlier[:1]) if inferred else (),
            note_en=self.maybe(self.text()),
            note_ar=self.maybe(self.text()),
        )

    def term(self) -> Term:
        """Return a term of a code book; at times a case of an earlier one."""
        common = self.common()
        earlier = [each.id for each in self.made.get("term", [])]
        return Term(
            **common,
            book="deeds",
            key=common["id"],
            name_en=self.text(),
            name_ar=self.maybe(self.text()),
            definition_en=self.maybe(self.text()),
            definition_ar=self.maybe(self.text()),
            since=self.maybe(self.random.choice(DATES)),
            broader=self.maybe(self.random.choice(earlier)) if earlier else None,
            severity=self.maybe(self.random.randint(0, 5)),
        )

    def annotation(self) -> Annotation:
        """Return what is seen in an item; at times inferred from an earlier observation."""
        made = self.made.get("annotation", [])
        earlier = [each.id for each in made if each.basis == "observation"]
        inferred = bool(earlier) and self.random.random() < 0.4
        start = self.random.randint(-90, 900_000)
        return Annotation(
            **self.common(),
            item=self.item(),
            lane=self.text(),
            pts_start=start,
            pts_end=start + self.random.randint(0, 90_000),
            timebase="1/90000",
            term=self.maybe(self.any_of("term").id),
            text_en=self.text(),
            text_ar=self.maybe(self.text()),
            label=self.maybe(self.text()),
            box=self.maybe({"x": 0, "y": 0, "w": 10, "h": 20}),
            severity=self.maybe(self.random.randint(0, 5)),
            basis="inference" if inferred else "observation",
            rests_on=(self.random.choice(earlier),) if inferred else (),
            machine=self.random.random() < 0.2,
        )

    def speech(self) -> Speech:
        """Return a segment of a transcript, or a translation of an earlier one."""
        original = self.random.choice([None, *self.made.get("speech", [])])
        start = self.random.randint(-90, 900_000)
        return Speech(
            **self.common(),
            item=self.item() if original is None else original.item,
            pts_start=start,
            pts_end=start + self.random.randint(0, 90_000),
            timebase="1/90000",
            lang=self.random.choice(("ar", "en", "ku")),
            words=self.text(),
            speaker=self.maybe(self.text()),
            medium=self.random.choice(MEDIA),
            of=None if original is None else original.id,
            version=self.maybe(self.text()),
            translator=None if original is None else self.text(),
            certified=original is not None and self.random.random() < 0.3,
            note=self.maybe(self.text()),
        )

    def round(self) -> Round:
        """Return a blind round that nobody here is in."""
        return Round(
            **self.common(),
            item=self.item(),
            book="deeds",
            lanes=(self.text(),),
            annotators=("a" * 32, "b" * 32),
            note=self.maybe(self.text()),
        )
