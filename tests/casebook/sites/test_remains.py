"""Remains are tied to nobody, and to no footage, without a claim that says by which method."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casebook.sites.pit import Pit
from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Proposition
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.sites import Remains
from dalil.casebook.record.things import Judgement
from dalil.casebook.record.victims import Appearance
from dalil.casebook.report.paged.site import show_site
from dalil.errors import RecordRefused

TIES: dict[str, Callable[[str, str], Record]] = {
    "relation": lambda remains, site: Relation(
        id=new_id(), relation="related_to", a=remains, b=site
    ),
    "judgement": lambda remains, site: Judgement(
        id=new_id(), a=remains, b=site, verdict="same", reasoning="x"
    ),
    "appearance": lambda remains, _: Appearance(
        id=new_id(), victim=remains, item="c" * 32, pts_start=0, pts_end=1, timebase="1/25"
    ),
    "conduct": lambda remains, _: Conduct(id=new_id(), act="shot", target=remains),
    "claim": lambda remains, _: Proposition(
        id=new_id(), subject=remains, predicate="is", value="somebody"
    ),
}


@pytest.mark.parametrize("tie", TIES)
def test_nothing_but_an_identification_ties_remains_to_anybody_or_to_footage(
    kept: Pit, tie: str
) -> None:
    found = kept.bureau.casebook.find(Remains, view_of("open"))
    remains = next(found).record.id
    with pytest.raises(RecordRefused, match="of kind remains"):
        kept.write(TIES[tie](remains, kept.site))


def test_whose_they_are_said_to_be_is_told_with_method_and_conditions(kept: Pit) -> None:
    shown = show_site(kept.bureau.casebook, view_of("open"), kept.site).remains[0]
    claim = shown.identifications[0]
    assert (shown.label, claim.name.en.strip("\u2068\u2069")) == ("body 4", "Samir Q.")
    assert (claim.grade, claim.method) == ("visual", "clothing")
    assert claim.conditions.startswith("one photograph")
