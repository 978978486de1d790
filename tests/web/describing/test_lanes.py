"""The page of a clip's lanes: what stands around the editor, and the same without it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from dalil.casebook.record.form import id_for
from dalil.casebook.record.relations import Conduct
from web.describing.written import TICK, annotation, terms

if TYPE_CHECKING:
    from web.rooms import Desk


def test_times_are_taken_from_the_act_map_without_looking(desk: Desk) -> None:
    seen = Conduct(
        id=id_for("conduct", "1"), act="walks past", actor_label="person 1", item=desk.item(),
        pts_start=2048, pts_end=14336, timebase=TICK, severity=2,
    )  # fmt: skip
    desk.casebook.write([seen], desk.signer("idris"))
    page = desk.client("rima").get(f"/en/describing/item/{desk.item()}/")
    [act] = page.context["page"].acts
    assert (act.from_ticks, act.to_ticks, act.severity) == (0, 12288, 2)
    assert 'data-from="0" data-to="12288"' in page.content.decode()
    assert "person 1 · walks past" in page.content.decode()


@pytest.mark.parametrize(("lang", "said"), [("en", "inferred"), ("ar", "مستنتَج")])
def test_the_list_says_the_same_as_the_lanes(desk: Desk, lang: str, said: str) -> None:
    told = terms(desk)
    seen = annotation(desk, "seen", 14336, 26624, term=told[0].id)
    inferred = annotation(
        desk, "so it is", 2048, 14336, basis="inference", rests_on=(seen.id,), lane="what follows"
    )
    desk.casebook.write([seen, inferred], desk.signer("idris"))
    page = desk.client("lina").get(f"/{lang}/describing/item/{desk.item()}/list/")
    rows = page.context["page"].rows
    assert [(each.start, each.end) for each in rows] == [(Fraction(0), 1), (1, 2)]
    shown = page.content.decode()
    assert said in shown
    assert str(told[0].name_ar if lang == "ar" else told[0].name_en) in shown


def test_whoever_only_reads_is_offered_nothing_to_write(desk: Desk) -> None:
    shown = desk.client("lina").get(f"/en/describing/item/{desk.item()}/").content.decode()
    assert "data-may" not in shown
    assert "New annotation" not in shown
    before = desk.client("rima").get(f"/en/describing/item/{desk.item()}/?known_on=2026-01-01")
    assert before.context["page"].may_describe is False


def test_a_round_of_another_item_is_not_shown_here(desk: Desk) -> None:
    rima = desk.client("rima")
    for asked in ("0" * 32, "x"):
        address = f"/en/describing/item/{desk.item()}/?round={asked}"
        assert rima.get(address).status_code == 404
