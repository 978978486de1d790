"""An invented grave: its position, a rival across the border of a square, and what is said."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.casebook import Casebook
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import Record, new_id
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
from dalil.casebook.record.things import Entity
from dalil.casebook.record.victims import Victim
from dalil.kernel.canonical import Json

CASE = "quarry"
# Each on another side of 33.505 and 36.305, where squares meet.
LAT, LON = 33_504_949, 36_304_949
RIVAL_LAT, RIVAL_LON = 33_505_071, 36_305_071
# What no output of a lower class may hold, however it writes numbers.
EXACT = (
    "33504949", "36304949", "33.504949", "36.304949", "33.50495", "36.30495",
    "33505071", "36305071", "33.505071", "36.305071", "33.50507", "36.30507",
    "canarywords", "canarynote", "canarypage", "kanarienvogel",
)  # fmt: skip
# Where the victim lived: no rule is recorded on it.
HOME = ("33777123", "36777123", "33.777123", "36.777123", "33.77712", "36.77712")
COMMON: dict[str, Json] = {"case": CASE, "see": "open"}


@dataclass(frozen=True, slots=True)
class Pit:
    """The archive and the ids of what is in it."""

    bureau: Bureau
    site: str
    rival: str
    source: str
    hidden: str

    def write(self, *records: Record, note: str = "") -> None:
        """Write records down."""
        self.bureau.casebook.write(records, self.bureau.signer, note)


def dig(folder: Path) -> Pit:
    """Return the grave with all that is recorded of it, in an archive of its own."""
    return dug(open_bureau(folder))


def dug(bureau: Bureau) -> Pit:
    """Write the grave down in an archive that is there."""
    pit = Pit(bureau, new_id(), new_id(), new_id(), new_id())
    pit.write(*told_of(pit))
    return pit


def copy_of(pit: Pit, folder: Path) -> Pit:
    """Return the same grave in another folder, to be written to."""
    archive = folder / "archive"
    shutil.copytree(pit.bureau.archive, archive)
    bureau = replace(pit.bureau, archive=archive, casebook=Casebook.open(archive))
    return replace(pit, bureau=bureau)


def told_of(pit: Pit) -> list[Record]:
    """Return all that is recorded of the grave."""
    remains, victim = new_id(), new_id()
    names = ({"form": "The old quarry", "lang": "en"}, {"form": "المقلع القديم", "lang": "ar"})
    unit = Entity(id=new_id(), type="unit", names=({"form": "Unit 9"},), **COMMON)
    return [
        Source(id=pit.source, type="report", publisher="Field team", published="2020", **COMMON),
        *_claimed(pit),
        Source(id=pit.hidden, type="interview", author="kanarienvogel", see="sealed", case=CASE),
        Entity(id=pit.site, type="site", names=names, lat_e6=LAT, lon_e6=LON, radius_m=20,
               key="site:quarry", **COMMON),
        rival(pit, pit.rival),
        unit,
        Relation(id=new_id(), relation="located_at", a=unit.id, b=pit.site, **COMMON),
        SiteState(id=new_id(), site=pit.site, state="disturbed", valid="2019-03",
                  source=pit.source, verbatim="fresh tracks", **COMMON),
        SiteState(id=new_id(), site=pit.site, state="disturbed", polarity="denies", valid="2019",
                  source=pit.hidden, **COMMON),
        SiteWarning(id=new_id(), site=pit.site, to="The commission", reasoning="tracks seen",
                    **COMMON),
        Remains(id=remains, site=pit.site, label="body 4", source=pit.hidden, **COMMON),
        Victim(id=victim, names=({"form": "Samir Q."},), lat_e6=33_777_123, lon_e6=36_777_123,
               **COMMON),
        Identification(id=new_id(), remains=remains, victim=victim, grade="visual",
                       method="clothing", conditions="one photograph, shown by a cousin",
                       source=pit.hidden, **COMMON),
    ]  # fmt: skip


def _claimed(pit: Pit) -> list[Record]:
    """Return a claim on what lies there, which another source denies."""
    asked, other = new_id(), new_id()
    told: dict[str, Json] = {"proposition": asked, "evidence_offered": "photographs", **COMMON}
    return [
        Source(id=other, type="newspaper", publisher="The Lighthouse", **COMMON),
        Proposition(id=asked, subject=pit.site, predicate="remains", value="in place", **COMMON),
        Assertion(id=new_id(), source=pit.source, text="They lie there still.", **told),
        Assertion(id=new_id(), source=other, polarity="denies", text="Nothing is left.", **told),
    ]


def rival(pit: Pit, id_: str | None = None, north: int = 0, revises: int = 0) -> Position:
    """Return a rival position of the grave, a few metres beside the first."""
    return Position(
        id=id_ or new_id(), site=pit.site, lat_e6=RIVAL_LAT + north, lon_e6=RIVAL_LON, radius_m=50,
        found_by="satellite", source=pit.source, verbatim="canarywords: 33.505071 N",
        note="canarynote", locator={"page": "canarypage"}, revises=revises, **COMMON,
    )  # fmt: skip


def strict(pit: Pit, exact_for: str = "sealed", **more: Json) -> Precision:
    """Return who may know where it lies exactly."""
    told = {"see": "restricted", "case": CASE, "id": new_id(), **more}
    return Precision(site=pit.site, exact_for=exact_for, reasoning="Looters read maps.", **told)
