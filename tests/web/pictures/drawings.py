"""Records to be drawn: a grave, a unit of the incident, the claim on which most is said."""

from __future__ import annotations

from typing import Any

from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Assertion
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.things import Entity
from web.rooms import Desk

CASE = "zumurruda"
LAT, LON = 33_123_456, 36_654_321
VIEW = view_of("sealed")


def write(desk: Desk, *records: Record) -> None:
    desk.casebook.write(records, desk.signer("idris"))


def grave(see: str = "open", **given: Any) -> Entity:  # noqa: ANN401 - fields of a record
    told: dict[str, Any] = {
        "names": ({"form": "The old well", "lang": "en"},), "labels": ("grave",), "radius_m": 10,
    }  # fmt: skip
    told |= given
    return Entity(
        id=new_id(), case=CASE, see=see, type="site", lat_e6=LAT, lon_e6=LON, **told
    )  # fmt: skip


def unit(desk: Desk, key: str = "unit:Harbour-Watch") -> str:
    known = desk.casebook.by_key(CASE, "entity", key, VIEW)
    assert known is not None
    return known.record.id


def contested_claim(desk: Desk) -> str:
    said: dict[str, int] = {}
    for known in desk.casebook.find(Assertion, VIEW, CASE):
        record = known.record
        assert isinstance(record, Assertion)
        said[record.proposition] = said.get(record.proposition, 0) + 1
    return max(said, key=lambda each: said[each])
