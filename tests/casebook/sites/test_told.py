"""Who is told where something lies exactly: by today's rule, whatever happens on the ground."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casebook.sites.pit import LAT, LON, RIVAL_LAT, RIVAL_LON, Pit, rival, strict
from dalil.casebook.index.view import view_of
from dalil.casebook.record.form import new_id
from dalil.casebook.record.sites import STATES, SiteState
from dalil.casebook.record.things import Entity
from dalil.casebook.report.paged.site import SitePage, show_site
from dalil.casebook.report.paged.sites import list_sites
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import search
from dalil.errors import NoSuchThing, NotAllowed, RecordRefused
from dalil.ledger.standing.giving import give_clearance


def page(pit: Pit, see: str, **days: str) -> SitePage:
    """Return the site as a class is shown it."""
    return show_site(pit.bureau.casebook, view_of(see, **days), pit.site)


def told(pit: Pit, see: str, **days: str) -> list[tuple[int, int, int | None]]:
    """Return the positions that a class is told."""
    shown = page(pit, see, **days).positions
    return [(each.lat_e6, each.lon_e6, each.radius_m) for each in shown]


def let_know(pit: Pit) -> None:
    """Let whoever signs see sealed records."""
    signer = pit.bureau.signer
    give_clearance(pit.bureau.casebook.ledger, signer, signer.person_name, "sealed", "leads")


EXACTLY = [(LAT, LON, 20), (RIVAL_LAT, RIVAL_LON, 50)]
ROUGHLY = [(33_500_000, 36_300_000, 3_000)] * 2


def test_rivals_stand_side_by_side_exactly_or_in_one_square(pit: Pit) -> None:
    assert told(pit, "restricted") == EXACTLY
    assert told(pit, "open") == ROUGHLY
    first, second = page(pit, "restricted").positions
    assert (first.from_first_m, second.from_first_m, second.apart) == (None, 18, False)


def test_a_site_may_be_stricter_than_its_records(pit: Pit) -> None:
    pit.write(strict(pit))
    assert told(pit, "restricted") == told(pit, "open") == ROUGHLY
    assert told(pit, "sealed") == EXACTLY
    assert page(pit, "restricted").exact_for == "sealed"


def test_whoever_may_not_see_a_rule_is_bound_by_it(pit: Pit) -> None:
    pit.write(strict(pit, see="sealed"))
    shown = page(pit, "restricted")
    assert (shown.exact, shown.precisions, shown.exact_for) == (False, (), "restricted")


def test_of_two_rules_the_stricter_holds_until_it_is_withdrawn(pit: Pit) -> None:
    rule = strict(pit)
    pit.write(rule, strict(pit, "restricted"))
    assert told(pit, "restricted") == ROUGHLY
    let_know(pit)
    pit.write(replace(rule, withdrawn="the site is guarded now", revises=1))
    assert told(pit, "restricted") == EXACTLY


def test_an_earlier_day_does_not_get_around_todays_rule(pit: Pit) -> None:
    pit.write(strict(pit))
    assert told(pit, "restricted", known_on="2100-01-01") == ROUGHLY
    assert told(pit, "restricted", on="2019-03-05") == ROUGHLY


def test_nothing_that_changes_on_the_ground_widens_it(pit: Pit) -> None:
    changed = [
        SiteState(id=new_id(), site=pit.site, state=state, valid="2024-12-08/..", see="open")
        for state in STATES
    ]
    pit.write(strict(pit), *changed)
    assert len(page(pit, "open").states) > len(STATES)
    assert told(pit, "open") == told(pit, "restricted") == ROUGHLY


def test_no_number_of_rivals_or_revisions_narrows_the_square(pit: Pit) -> None:
    others = [rival(pit, north=61 * step) for step in range(-12, 12)]
    pit.write(rival(pit, pit.rival, north=-137, revises=1), *others)
    pit.write(rival(pit, pit.rival, north=95, revises=2))
    assert len(set(told(pit, "restricted"))) == len(others) + 2
    assert set(told(pit, "open")) == {ROUGHLY[0]}


def test_an_index_written_anew_tells_the_same(pit: Pit) -> None:
    pit.write(rival(pit, pit.rival, north=-9, revises=1), rival(pit, north=40_000), strict(pit))
    before = {see: told(pit, see) for see in ("open", "restricted", "sealed")}
    pit.bureau.casebook.rebuild()
    assert {see: told(pit, see) for see in before} == before
    assert len(set(before["open"])) == 2


@pytest.mark.parametrize("see", ["open", "restricted"])
def test_a_narrow_circle_does_not_find_out(pit: Pit, see: str) -> None:
    pit.write(strict(pit))
    casebook, view = pit.bureau.casebook, view_of(see)

    def found(lat: int, lon: int) -> bool:
        query = Query(kinds=("entity",), types=("site",), near=(lat, lon, 200))
        return bool(search(casebook, query, view).total)

    assert not found(LAT, LON)
    assert not found(RIVAL_LAT, RIVAL_LON)
    assert found(33_500_000, 36_300_000)


def test_whoever_may_know_finds_a_site_where_anybody_has_it(pit: Pit) -> None:
    pit.write(rival(pit, north=40_000))
    query = Query(kinds=("entity",), types=("site",), near=(RIVAL_LAT + 40_000, RIVAL_LON, 100))
    hits = search(pit.bureau.casebook, query, view_of("restricted")).hits
    assert [each.id for each in hits] == [pit.site]


def test_words_about_a_position_find_nothing(pit: Pit) -> None:
    for word in ("canarywords", "canarynote", "33.505071"):
        assert search(pit.bureau.casebook, Query(word), view_of("sealed")).total == 0


def test_what_is_said_both_ways_is_told_so(pit: Pit) -> None:
    states = page(pit, "open").states
    # 2019 begins before March 2019.
    assert [(each.denied, each.both_ways) for each in states] == [(True, True), (False, True)]
    assert [each.state for each in page(pit, "open", on="2020-01-01").states] == []


def test_a_danger_without_anybody_to_warn_is_told(pit: Pit) -> None:
    listed = list_sites(pit.bureau.casebook, view_of("open"), 0, 10).sites
    assert [(each.id, each.due, each.unwarned) for each in listed] == [(pit.site, 1, False)]
    warning = page(pit, "open").warnings[0]
    assert warning.due
    duty = pit.bureau.casebook.get(warning.record, view_of("open")).record
    pit.write(replace(duty, withdrawn="not their duty", revises=1))
    assert page(pit, "open").unwarned


def test_what_may_not_be_seen_is_no_site(pit: Pit) -> None:
    site = pit.bureau.casebook.get(pit.site, view_of("sealed")).record
    pit.write(replace(site, see="sealed", revises=1))
    with pytest.raises(NoSuchThing):
        page(pit, "restricted")
    assert list_sites(pit.bureau.casebook, view_of("restricted"), 0, 10).total == 0


def test_only_who_may_know_may_tell_more_people(pit: Pit) -> None:
    rule, elsewhere = strict(pit), Entity(id=new_id(), type="site")
    pit.write(rule, elsewhere)
    for changed in (
        {"withdrawn": "not needed"}, {"exact_for": "restricted"}, {"site": elsewhere.id},
    ):  # fmt: skip
        looser = replace(rule, revises=1, **changed)
        with pytest.raises(NotAllowed, match="only who may know"):
            pit.write(looser, note="with a reason")
        with pytest.raises(RecordRefused, match="import does not show"):
            pit.bureau.casebook.bring_in(new_id(), [looser], pit.bureau.signer)
    pit.write(replace(rule, reasoning="Looters, again.", revises=1))
    assert told(pit, "restricted") == ROUGHLY
    let_know(pit)
    pit.write(replace(rule, withdrawn="guarded", revises=2))
    assert told(pit, "restricted") == EXACTLY


def test_to_show_a_rule_to_more_people_takes_a_reason(pit: Pit) -> None:
    rule = strict(pit, see="sealed")
    pit.write(rule)
    with pytest.raises(RecordRefused, match="takes a reason"):
        pit.write(replace(rule, see="restricted", revises=1))
