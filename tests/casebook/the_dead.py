"""An invented case with a record of every kind on victims, sites and law; every text is marked.

Each free text holds a mark of its own, so that a test sees which of them an output lets out.
"""

from __future__ import annotations

from dataclasses import fields, replace

from dalil.casebook.record.claims import Adoption, Assertion, Proposition
from dalil.casebook.record.describing import Annotation
from dalil.casebook.record.form import Record, fields_of, id_for
from dalil.casebook.record.law import Bearing, Hypothesis, LawTree, SignedOff
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sites import (
    Identification,
    Position,
    Precision,
    Remains,
    SiteState,
    SiteWarning,
)
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity, Judgement, Name
from dalil.casebook.record.victims import Appearance, Notification, Recognition, Victim
from dalil.kernel.canonical import Json

CASE = "ferry"
ITEM, TICK = "a" * 32, "1/1000"
BOX: Json = {"x": 10, "y": 20, "w": 30, "h": 40}
TREE = """key: harbour-law
"""


def rid(key: str) -> str:
    """Return the id of a record of this case by its own short key."""
    return id_for("test", CASE, key)


def the_dead(see: str = "restricted") -> dict[str, Record]:
    """Return the case by short keys; ``see`` is the class of all that is told of victims."""
    said: dict[str, Json] = {"case": CASE}
    own: dict[str, Json] = {"case": CASE, "see": see}
    records = {**_ground(said), **_victims(own), **_sites(own), **_law(said)}
    return {key: replace(record, id=rid(key)) for key, record in records.items()}


def canaries(record: Record) -> list[str]:
    """Return the marked words of a record."""
    words = str(fields_of(record)).replace("'", " ").replace(",", " ").split()
    return [word for word in words if word.startswith("Bulbul")]


def unsaid(record: Record) -> list[str]:
    """Return the fields of a record that say nothing: a test of every field needs them said."""
    return [f.name for f in fields(record) if getattr(record, f.name) is None]


def _ground(common: dict[str, Json]) -> dict[str, Record]:
    taken: dict[str, Json] = {"subject": rid("named"), "predicate": "was taken", "value": "yes"}
    return {
        "list": Source(id="", type="list", key="L1", title="The list of the ferrymen", **common),
        "paper": Source(id="", type="newspaper", key="N1", title="The Lighthouse", **common),
        "pit": Entity(
            id="", type="site", key="site:pit", names=({"form": "the pit"},), lat_e6=33_504_949,
            lon_e6=36_304_949, radius_m=20, **common,
        ),
        "town": Entity(id="", type="place", names=({"form": "Marsa"},), **common),
        "deed": Entity(id="", type="incident", names=({"form": "the night"},), **common),
        "man": Entity(id="", type="person", names=({"form": "Nasser"},), **common),
        "unit": Entity(id="", type="unit", names=({"form": "the Ninth"},), **common),
        "posted": Relation(
            id="", relation="posted_to", a=rid("man"), b=rid("unit"), source=rid("paper"), **common,
        ),
        "taken": Proposition(id="", question_en="Was Rafi taken?", **taken, **common),
        "says": Assertion(id="", proposition=rid("taken"), source=rid("paper"), **common),
        "lies": Proposition(id="", subject=rid("pit"), predicate="remains", value="in", **common),
        "adopted": Adoption(id="", proposition=rid("taken"), **common),
        "adopted too": Adoption(id="", proposition=rid("lies"), **common),
    }  # fmt: skip


def _victims(own: dict[str, Json]) -> dict[str, Record]:
    where: dict[str, Json] = {"item": ITEM, "pts_start": 5, "pts_end": 900, "timebase": TICK}
    told: dict[str, Json] = {"victim": rid("three"), "as_victim": rid("named"), "grade": "visual"}
    return {
        "mark": Annotation(id="", lane="persons", label="p3", text_en="a coat", **where, **own),
        "three": Victim(id="", unidentified=True, label="person 3 Bulbullabel", **own),
        "named": Victim(
            id="", names=({"form": "Rafi Bulbulname"}, {"form": "رافي النجار"}), key="Bulbulrow",
            source=rid("list"), sex="male", age_lo=30, age_hi=34, born="1981", date="2013-04-16",
            place=rid("town"), fate="dead", conditions="Bulbulconditions", about="Bulbulabout",
            **own,
        ),
        "other": Victim(
            id="", names=({"form": "Sami Bulbulother"},), age_class="child",
            class_means="Bulbulmeans", place_said="Bulbulplace", **own,
        ),
        "called": Name(id="", entity=rid("named"), form="Abu Bulbulbyname", role="byname", **own),
        "one": Judgement(
            id="", a=rid("named"), b=rid("other"), verdict="different", reasoning="Bulbuljudged",
            **own,
        ),
        "seen": Appearance(
            id="", victim=rid("three"), box=BOX, annotation=rid("mark"), note="Bulbulseen",
            **where, **own,
        ),
        "known": Recognition(
            id="", conditions="Bulbulshown one still", by="Bulbulby", relation="Bulbulsister",
            method="Bulbulmethod", on="2015-03", source=rid("list"), note="Bulbulrecnote", **told,
            **own,
        ),
        "denied": Recognition(
            id="", conditions="Bulbuldenied", by="Bulbulbrother", polarity="denies", **told, **own,
        ),
        "told": Notification(
            id="", victim=rid("named"), what="death", by="Bulbulteller", on="2016-01-02",
            to="Bulbulmother", relation="Bulbulkin", item=ITEM, answer="agrees",
            answered_on="2016-01-03", note="Bulbultoldnote", **own,
        ),
    }  # fmt: skip


def _sites(own: dict[str, Json]) -> dict[str, Record]:
    site: dict[str, Json] = {"site": rid("pit")}
    speaks: dict[str, Json] = {"source": rid("paper"), **own}
    ends: dict[str, Json] = {"remains": rid("bones"), "victim": rid("named"), "grade": "scientific"}
    return {
        "rival": Position(
            id="", lat_e6=33_505_071, lon_e6=36_305_071, radius_m=50, found_by="satellite",
            verbatim="Bulbulverbatim", note="Bulbulposnote", **site, **speaks,
        ),
        "dug": SiteState(id="", state="disturbed", valid="2018", note="Bulbulstate", **site,
                         **speaks),
        "warn": SiteWarning(
            id="", to="Bulbulduty", reasoning="Bulbulwhy", rests_on=(rid("dug"),),
            by="Bulbulwarner", warned_on="2019-01-01", answer="acknowledged", **site, **own,
        ),
        "exact": Precision(id="", exact_for="sealed", reasoning="Bulbullooters", **site, **own),
        "bones": Remains(id="", label="B-7 Bulbulremains", kept_at="Bulbulkept", **site, **speaks),
        "match": Identification(
            id="", method="Bulbuldna", conditions="Bulbulsamples", by="Bulbullab", on="2020",
            **ends, **speaks,
        ),
        "no match": Identification(
            id="", method="Bulbulteeth", conditions="Bulbuldentist", polarity="denies", **ends,
            **speaks,
        ),
    }  # fmt: skip


def _law(common: dict[str, Json]) -> dict[str, Record]:
    bears: dict[str, Json] = {"hypothesis": rid("suppose"), "element": "7-1-a/killed"}
    return {
        "suppose": Hypothesis(
            id="", suspect=rid("man"), incident=rid("deed"), tree="rome", crime="7-1-a",
            mode="28-a", note="to be tested", **common,
        ),
        "bears": Bearing(id="", bears="supports", reasoning="as the paper has it",
                         proposition=rid("taken"), **bears, **common),
        "bears not": Bearing(id="", bears="undermines", reasoning="he was posted elsewhere",
                             link=rid("posted"), **bears, **common),
        "checked": SignedOff(id="", tree="rome", element="7-1-a/killed", said="0" * 64,
                             reasoning="read beside the official text", **common),
        "tree": LawTree(id="", key="harbour-law", pieces=(TREE,), **common),
    }  # fmt: skip
