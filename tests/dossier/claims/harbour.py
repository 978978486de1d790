"""An invented case with all that a case file has to carry: rivals, denials, a source to hide."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from dalil.casebook.casebook import Casebook
from dalil.casebook.record.claims import Adoption, Assertion, Assessment, Proposition
from dalil.casebook.record.form import Record, id_for
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Derivation, Evidence, Grade, Source
from dalil.casebook.record.things import Entity, Name
from dalil.dossier.casefile import CaseFile, build_case_file
from dalil.dossier.claims.gathering import ClaimsOrder
from dalil.dossier.exhibits import Why
from dalil.kernel.canonical import Json
from dossier.small_archive import SmallArchive

CASE = "harbour"
# What a sealed source is: none of it may leave, in any form.
HIDDEN: dict[str, Json] = {
    "title": "Canarytitle, talk in the kitchen",
    "author": "Umm Canaryauthor",
    "publisher": "Canarypublisher archive of voices",
    "url": "https://canaryurl.example/7",
    "archive_url": "https://canarykept.example/7",
    "key": "CANARYKEY9",
    "published": "2023-11-29",
    "read_how": "canaryread by telephone",
    "conditions": "canaryconditions: never in public",
}


def rid(key: str) -> str:
    """Return the id of a record of this case by its own short key."""
    return id_for("test", CASE, key)


def records() -> list[Record]:
    """Return the whole case: one adopted claim, what is said on it, and another claim."""
    common: dict[str, Json] = {"case": CASE}
    return [*_things(common), *_sources(common), *_claims(common), *_said(common)]


def _things(common: dict[str, Json]) -> list[Record]:
    mole = ({"form": "the Old Mole", "lang": "en"}, {"form": "الرصيف القديم", "lang": "ar"})
    watch = ({"form": "Ninth Coast Watch", "source": rid("S3")}, {"form": "الحرس التاسع"})
    cited = {"first": {"sources": [rid("S3"), rid("S1")], "confidence": "low"}}
    return [
        Entity(id=rid("place"), type="place", key="place:mole", names=mole, **common),
        Entity(id=rid("person"), type="person", key="p:rafi", names=({"form": "Rafi"},), **common),
        Entity(id=rid("unit"), type="unit", key="u:9", names=watch, **common),
        Name(id=rid("name"), entity=rid("place"), form="Mole of old", source=rid("S1"), **common),
        Name(id=rid("name 2"), entity=rid("person"), form="Rafi of the mole", source=rid("S3"),
             remark="canaryremark: so she called him", **common),
        Relation(
            id=rid("there"), relation="present_at", a=rid("unit"), b=rid("place"),
            valid="2013-04-16", source=rid("S1"), cited=cited, **common,
        ),
        Relation(
            id=rid("posted"), relation="posted_to", a=rid("person"), b=rid("unit"),
            valid="2013-04", is_command=True, source=rid("S1"), origin=rid("S3"),
            note="as CANARYKEY9 has it", **common,
        ),
    ]  # fmt: skip


def _sources(common: dict[str, Json]) -> list[Record]:
    return [
        Source(id=rid("S1"), type="newspaper", key="S1", title="The night at the mole",
               publisher="The Lighthouse", published="2022-05-30", **common),
        Source(id=rid("S2"), type="newspaper", key="S2", title="Reprint", publisher="Morning Tide",
               published="2022-06-01", **common),
        Source(id=rid("S3"), type="interview", see="sealed", **HIDDEN, **common),
        Source(id=rid("S4"), type="ministry", key="S4", title="Statement 12", publisher="Ministry",
               published="2022-10-28", **common),
        Derivation(id=rid("d1"), child=rid("S2"), parent=rid("S1"), how="repeats", **common),
        Derivation(id=rid("d2"), child=rid("S1"), parent=rid("S3"), how="based_on",
                   note="through Umm Canaryauthor", **common),
        Grade(id=rid("g1"), source=rid("S3"), value="B",
              reasoning="canarygrade: her nephew was there", **common),
    ]  # fmt: skip


def _claims(common: dict[str, Json]) -> list[Record]:
    taken: dict[str, Json] = {
        "subject": rid("person"),
        "predicate": "was taken",
        "group": "Was he taken?",
    }
    return [
        Proposition(id=rid("P1"), **taken, value="yes", question_en="Was Rafi taken?",
                    question_ar="هل أُخذ رافي؟", **common),
        Proposition(id=rid("P2"), subject=rid("place"), predicate="number of boats",
                    measure="boats", scope="boats on the drawing", question_en="How many boats?",
                    **common),
        Proposition(id=rid("P3"), subject=rid("person"), predicate="rank", value="corporal",
                    functional=True, **common),
        Proposition(id=rid("P4"), subject=rid("person"), predicate="rank", value="sergeant",
                    functional=True, **common),
    ]  # fmt: skip


def _said(common: dict[str, Json]) -> list[Record]:
    return [
        _says("A1", "P1", "S1", evidence_offered="a photograph", asserted="2022-05-30"),
        _says("A2", "P1", "S2", origin=rid("S1"), asserted="2022-06-01"),
        _says("A3", "P1", "S4", polarity="denies", asserted="2022-10-28"),
        _says("A4", "P1", "S3", verbatim="I saw him in the yard.", asserted="2023-11-29",
              key="CANARYROW", note="canarynote", obtained_how="freely",
              locator={"page": "canarypage", "url": HIDDEN["url"]}),
        _says("A5", "P2", "S1", lo=4, hi=4), _says("A6", "P2", "S4", lo=7),
        _says("A7", "P3", "S1"), _says("A8", "P4", "S4"),
        _says("A9", "P1", "S1", text="He was taken again, says Umm Canaryauthor.",
              evidence_offered=f"what lies at {HIDDEN['url']}", note="beside CANARYKEY9"),
        Evidence(id=rid("E1"), assertion=rid("A1"), relation="undermines", by_source=rid("S4"),
                 note="the photograph is older", **common),
        Evidence(id=rid("E2"), assertion=rid("A1"), relation="supports", by_source=rid("S3"),
                 note="canaryevidence", **common),
        Assessment(id=rid("W1"), proposition=rid("P1"), status="contested",
                   reasoning="Two that do not know of each other differ.", rests_on=(rid("A1"),),
                   **common),
    ]  # fmt: skip


def _says(short: str, proposition: str, source: str, **more: Json) -> Assertion:
    return Assertion(
        id=rid(short), proposition=rid(proposition), source=rid(source),
        case=CASE, **{"key": f"row {short}", **more},
    )  # fmt: skip


def adoption(key: str) -> Adoption:
    """Return the record by which the case relies on a claim."""
    return Adoption(id=rid(f"adopt {key}"), proposition=rid(key), case=CASE)


@dataclass(frozen=True, slots=True)
class Harbour:
    """An archive with the case in its casebook, of one test alone."""

    archive: SmallArchive

    @property
    def path(self) -> Path:
        """The archive's folder."""
        return self.archive.path

    def write(self, *more: Record) -> int:
        """Write records in one act and return its place."""
        return Casebook.open(self.path).write(more, self.archive.signer, "for a test").seq

    def build(self, out: Path, *items: str, **asked: Json) -> CaseFile:
        """Build a case file of the claims."""
        reasons = asked.pop("reasons", None)
        order = ClaimsOrder(CASE, **asked)
        return build_case_file(
            self.path, items, "Court of the coast", "request", out, self.archive.signer,
            claims=order, withheld=reasons,
        )  # fmt: skip


def reason(key: str, word: str = "protected") -> dict[str, Why]:
    """Return why a record is withheld."""
    return {rid(key): Why(word, "It shows where somebody lives.")}


def copy_of(harbour: Harbour, place: Path) -> Harbour:
    """Return a copy to be changed."""
    shutil.copytree(harbour.path, place)
    made = harbour.archive
    return Harbour(SmallArchive(place, made.signer, made.items, made.accession))
