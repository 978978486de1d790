"""A case file tells exact positions to whoever may know them, and proves what stays closed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Adoption, Proposition
from dalil.casebook.record.form import new_id
from dalil.casebook.record.sites import Position, Precision, SiteState
from dalil.casebook.record.things import Entity
from dalil.kernel.canonical import Json
from dossier.claims.harbour import CASE, Harbour, rid
from dossier.claims.test_claims_in_the_case_file import opened, verified

EXACT = ("33504949", "36304949", "33505071", "36305071", "thirty paces north")


def with_a_grave(harbour: Harbour) -> str:
    """Write a grave with a rival position and a claim on it; return its id."""
    site, common = new_id(), dict[str, Json](case=CASE)
    harbour.write(
        Entity(id=site, type="site", names=({"form": "the pit"},), lat_e6=33_504_949,
               lon_e6=36_304_949, radius_m=20, **common),
        Position(id=new_id(), site=site, lat_e6=33_505_071, lon_e6=36_305_071, radius_m=50,
                 source=rid("S1"), verbatim="thirty paces north", **common),
        SiteState(id=new_id(), site=site, state="disturbed", source=rid("S1"), **common),
        Proposition(id=new_id(), subject=site, predicate="remains", value="in place", **common),
        Precision(id=new_id(), site=site, exact_for="sealed", reasoning="looters", **common),
    )  # fmt: skip
    return site


def adopt(harbour: Harbour, site: str) -> None:
    """Let the case rely on the claim on the grave, so that it comes along."""
    found = Casebook.open(harbour.path).find(Proposition, view_of("sealed"))
    (claim,) = (k.record.id for k in found if getattr(k.record, "subject", "") == site)
    harbour.write(Adoption(id=new_id(), proposition=claim, case=CASE))


@pytest.mark.parametrize("see", ["restricted", "sealed"])
def test_what_lies_where_leaves_for_whoever_may_know_it(
    harbour: Harbour, tmp_path: Path, see: str
) -> None:
    site = with_a_grave(harbour)
    adopt(harbour, site)
    made = harbour.build(tmp_path / "case", see=see)
    verified(made.path)
    records = json.dumps(opened(made.path))
    told = [each for each in EXACT if each in records]
    listing = json.loads((made.path / "data/claims/claims.json").read_text("utf-8"))
    kinds = {each["kind"] for each in listing["records"]}
    assert {"position", "site_state"} <= kinds
    (entity,) = (each for each in listing["records"] if each.get("id") == site)
    if see == "sealed":
        assert len(told) == len(EXACT)
        assert entity["shown"] == "whole"
    else:
        assert told == []
        assert entity["closed"] == ["lat_e6", "lon_e6", "radius_m"]
