"""A supposition, element by element: for and against, the weakest link, what is missing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from casebook.bureau import open_bureau
from casebook.command.garrison import Garrison, commands, copied, entity, id_of, relation
from casebook.law.supposed import (
    COMMANDER,
    KILLED,
    MEASURES,
    POSTED,
    WAS_TOLD,
    Supposed,
    bearing,
    claim,
    hypothesis,
    place,
    says,
)
from dalil.casebook.index.view import view_of
from dalil.casebook.law.strength import CONTESTED, CORROBORATED, EMPTY, SINGLE, UNDERMINED
from dalil.casebook.law.writing import bear, suppose
from dalil.casebook.record.sources import Evidence, Source
from dalil.errors import NoSuchThing, RecordRefused

CANARY = "Kanarienvogel"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Garrison:
    """Write the place and the supposition once; each test works on a copy."""
    made = Garrison(open_bureau(tmp_path_factory.mktemp("supposed")))
    made.write([*place(), hypothesis()])
    made.ask()
    return made


@pytest.fixture
def supposed(first: Garrison, tmp_path: Path) -> Supposed:
    return Supposed(first.copy(tmp_path / "copy"))


def test_with_no_claims_only_the_chart_says_something_and_the_rest_is_to_do(
    supposed: Supposed,
) -> None:
    matrix = supposed.matrix()
    filled = [each.element.id for each in matrix.cells() if each.state != EMPTY]
    assert filled == [COMMANDER]
    everything = {each.element.id for each in matrix.cells()}
    assert {each.id for each in matrix.to_do()} == everything - {COMMANDER}
    assert [s.part.key for s in matrix.sections] == ["cah", "7-1-a", "28-a"]


def test_the_chart_shows_the_weakest_link_of_the_strongest_chain(supposed: Supposed) -> None:
    chart = supposed.cell(COMMANDER).chart
    assert chart is not None
    assert (chart.chains, chart.strength) == (1, SINGLE)
    assert (chart.weakest.key, chart.weakest.origins) == ("between", 1)


def test_a_rival_commander_makes_the_chart_contested(supposed: Supposed) -> None:
    rival = commands("Hadi", "Company", "2016-05/2016-12-24", sources=["Herald"])
    supposed.write(entity("Hadi", "person"), rival)
    assert supposed.cell(COMMANDER).state == CONTESTED


def test_an_element_is_as_strong_as_the_claim_that_supports_it(supposed: Supposed) -> None:
    supposed.write(*claim("killed", "Gazette"), bearing(KILLED, "supports", "killed"))
    assert supposed.cell(KILLED).state == SINGLE
    supposed.write(says("killed", "Herald"))
    assert supposed.cell(KILLED).state == CORROBORATED
    supposed.write(says("killed", "Leaflet", polarity="denies"))
    cell = supposed.cell(KILLED)
    assert cell.state == CONTESTED
    assert [len(each.against) for each in cell.grounds] == [1]


def test_two_that_repeat_one_leak_are_one_origin(supposed: Supposed) -> None:
    supposed.write(*claim("killed", "Gazette", "Herald"), bearing(KILLED, "supports", "killed"))
    assert supposed.cell(KILLED).state == CORROBORATED
    supposed.write(copied("Gazette", "Leaflet"), copied("Herald", "Leaflet"))
    assert supposed.cell(KILLED).state == SINGLE


def test_a_claim_without_evidence_fills_nothing_and_is_shown_all_the_same(
    supposed: Supposed,
) -> None:
    supposed.write(*claim("told"), bearing(WAS_TOLD, "supports", "told"))
    supposed.write(says("told", "Gazette", evidence_offered=None, hearsay=2))
    cell = supposed.cell(WAS_TOLD)
    assert cell.state == EMPTY
    [ground] = cell.grounds
    assert (ground.weakest.key, ground.weakest.hearsay) == ("unsupported", 2)
    assert "it counts for nothing here" in supposed.told("en")


def test_what_undermines_an_element_is_never_outvoted(supposed: Supposed) -> None:
    supposed.write(*claim("elsewhere", "Leaflet"), bearing(KILLED, "undermines", "elsewhere"))
    assert supposed.cell(KILLED).state == UNDERMINED
    supposed.write(*claim("killed", "Gazette", "Herald"), bearing(KILLED, "supports", "killed"))
    cell = supposed.cell(KILLED)
    assert cell.state == CONTESTED
    assert [each.bears for each in cell.grounds] == ["supports", "undermines"]


def test_what_is_explained_away_leaves_the_element_undermined(supposed: Supposed) -> None:
    supposed.write(*claim("killed", "Gazette"), bearing(KILLED, "supports", "killed"))
    said = id_of("Gazette on killed ")
    supposed.write(
        Evidence(id=id_of("e"), assertion=said, relation="explains_away", by_source=id_of("Herald"))
    )
    assert supposed.cell(KILLED).state == UNDERMINED


def test_a_neutral_link_and_one_that_was_taken_back_change_nothing(supposed: Supposed) -> None:
    before = supposed.matrix().counts()
    against = bearing(KILLED, "undermines", "killed")
    supposed.write(*claim("killed", "Gazette"), bearing(KILLED, "neutral", "killed"), against)
    assert supposed.cell(KILLED).state == UNDERMINED
    supposed.withdraw(against)
    assert supposed.matrix().counts() == before
    assert len(supposed.cell(KILLED).grounds) == 1


def test_a_posting_carries_what_its_dates_and_sources_carry(supposed: Supposed) -> None:
    supposed.write(bearing("28-a/control", "supports", POSTED))
    [ground] = supposed.cell("28-a/control").grounds
    assert (ground.strength, ground.weakest.key, ground.weakest.origins) == (SINGLE, "between", 1)
    supposed.write(
        relation("posted_to", "Adel", "Company", "2016-04/2016-12", name="again",
                 is_command=True, sources=["Herald"])
    )  # fmt: skip
    assert supposed.cell("28-a/control").state == CORROBORATED
    supposed.write(
        relation("posted_to", "Adel", "Company", "2016-04/2016-12", name="never",
                 is_command=True, polarity="denies", sources=["Leaflet"])
    )  # fmt: skip
    [ground] = supposed.cell("28-a/control").grounds
    assert ground.strength == CONTESTED
    assert ground.against == (id_of("never"),)


@pytest.mark.parametrize(
    ("valid", "more", "why"),
    [
        ("2011/2012", {"end_known": True, "sources": ["Gazette"]}, "not_then"),
        ("2016-04/2016-12", {}, "uncited"),
        ("2016-04/2016-12", {"machine": True, "sources": ["Gazette"]}, "machine"),
    ],
)
def test_a_posting_of_another_time_of_nobody_s_or_a_machine_s_carries_nothing(
    supposed: Supposed, valid: str, more: dict[str, object], why: str
) -> None:
    supposed.write(
        relation("posted_to", "Basil", "Company", valid, name="a posting", **more),
        bearing("28-a/control", "supports", "a posting"),
    )
    [ground] = supposed.cell("28-a/control").grounds
    assert ground.weakest.key == why
    assert supposed.cell("28-a/control").state == EMPTY


def test_what_was_learned_or_done_later_is_not_measured_by_the_day(supposed: Supposed) -> None:
    done = relation("took_measure", "Adel", "Killing", "2019", name="no measure",
                    sources=["Gazette"], detail={"kind": "none_found"})  # fmt: skip
    supposed.write(done, bearing(MEASURES, "supports", "no measure"))
    [ground] = supposed.cell(MEASURES).grounds
    assert (ground.strength, ground.weakest.key) == (SINGLE, "stated")


def test_the_order_of_writing_changes_no_state(first: Garrison, tmp_path: Path) -> None:
    records = [
        *claim("killed", "Gazette", "Herald"), *claim("elsewhere", "Leaflet"),
        bearing(KILLED, "supports", "killed"), bearing(KILLED, "undermines", "elsewhere"),
        bearing(WAS_TOLD, "supports", "elsewhere"), bearing(MEASURES, "neutral", "killed"),
    ]  # fmt: skip
    states = []
    for n, order in enumerate(([0, 1, 2, 3, 4, 5, 6, 7, 8], [3, 4, 0, 2, 1, 8, 7, 6, 5])):
        one = Supposed(first.copy(tmp_path / str(n)))
        for part in (order[:5], order[5:7], order[7:]):
            one.write(*(records[each] for each in part))
        states.append([(c.element.id, c.state) for c in one.matrix().cells()])
    assert states[0] == states[1]


def test_whoever_may_not_see_a_claim_does_not_see_that_it_bears_on_anything(
    supposed: Supposed,
) -> None:
    secret = Source(id=id_of("S"), type="interview", title=CANARY, see="sealed")
    supposed.write(
        secret,
        *claim("killed", "Gazette", "Herald"), bearing(KILLED, "supports", "killed"),
        *claim("elsewhere", "Leaflet", see="sealed"),
        bearing(KILLED, "undermines", "elsewhere", reasoning=CANARY),
    )  # fmt: skip
    assert supposed.cell(KILLED).state == CORROBORATED
    assert supposed.cell(KILLED, view_of("sealed")).state == CONTESTED
    assert CANARY not in supposed.told("en") + supposed.told("ar")
    assert CANARY in supposed.told("en", view_of("sealed"))
    with pytest.raises(NoSuchThing):
        supposed.matrix(view_of("open"))


def test_what_was_known_on_a_day_is_what_was_written_by_then(supposed: Supposed) -> None:
    supposed.write(*claim("killed", "Gazette"), bearing(KILLED, "supports", "killed"))
    with pytest.raises(NoSuchThing):
        supposed.matrix(view_of("restricted", known_on="2020-01-01"))
    day = supposed.cell(KILLED).grounds[0].since[:10]
    assert supposed.cell(KILLED, view_of("restricted", known_on=day)).state == SINGLE


def test_an_element_of_another_crime_is_told_apart_and_refused_where_it_is_typed(
    supposed: Supposed,
) -> None:
    stray = bearing("7-1-f/pain", "supports", "killed")
    supposed.write(*claim("killed", "Gazette"))
    with pytest.raises(NoSuchThing, match="element 7-1-f/pain"):
        bear(supposed.casebook, view_of("sealed"), stray)
    supposed.write(stray)
    assert supposed.matrix().strays == (stray.id,)
    assert "linked to an element that this crime and mode do not have" in supposed.told("en")


@pytest.mark.parametrize(
    ("wrong", "about"),
    [
        ({"tree": "atlantis"}, "tree atlantis"),
        ({"crime": "99"}, "crime 99"),
        ({"mode": "7-1-a"}, "mode 7-1-a"),
        ({"suspect": id_of("Quay")}, "person"),
        ({"incident": id_of("Quay")}, "incident"),
    ],
)
def test_a_supposition_names_what_is_there(
    supposed: Supposed, wrong: dict[str, str], about: str
) -> None:
    with pytest.raises(NoSuchThing, match=about):
        suppose(supposed.casebook, view_of("sealed"), hypothesis(**wrong))


def test_a_bearing_is_of_one_claim() -> None:
    both = replace(bearing(KILLED, "supports", "killed"), link=id_of("x"))
    for wrong in (both, replace(both, link=None, proposition=None)):
        assert "exactly one" in wrong.wrong_together()


def test_a_bearing_names_a_claim_that_is_there(supposed: Supposed) -> None:
    with pytest.raises(RecordRefused, match="which is not there"):
        supposed.write(bearing(KILLED, "supports", "nothing"))


def test_an_incident_without_a_day_has_no_chart(supposed: Supposed) -> None:
    supposed.write(entity("Killing", "incident", date="2016-11"))
    assert supposed.matrix().answer is None
    assert "no single day" in supposed.told("en")


def test_what_is_no_place_or_has_too_many_chains_leaves_the_matrix_without_a_chart(
    supposed: Supposed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dalil.casebook.command.chain.MOST_CHAINS", 0)
    assert supposed.matrix().answer is None
    monkeypatch.undo()
    assert supposed.matrix().answer is not None
    at = relation("located_at", "Killing", "Quay", None)
    supposed.withdraw(at)
    supposed.write(relation("located_at", "Killing", "Company", None, name="at a unit"))
    assert supposed.matrix().answer is None
    assert supposed.cell(COMMANDER).state == EMPTY


def test_the_page_says_the_same_in_both_languages_and_gives_no_verdict(supposed: Supposed) -> None:
    supposed.write(
        *claim("killed", "Gazette", "Herald"), bearing(KILLED, "supports", "killed"),
        *claim("elsewhere", "Leaflet"), bearing(KILLED, "undermines", "elsewhere"),
        bearing("28-a/control", "supports", POSTED),
    )  # fmt: skip
    english, arabic = supposed.told("en"), supposed.told("ar")
    assert "it decides nothing" in english
    assert "لا يفصل في شيء" in arabic
    assert len(english.split("\n")) == len(arabic.split("\n"))
    for text in (english, arabic):
        assert not re.search(r"guilt|liab|perpetrat|convict|مذنب|مدان|الجاني", text, re.IGNORECASE)
        assert text.count("7-1-a/killed") == 1
