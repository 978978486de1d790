from __future__ import annotations

import json
import re
from typing import Any

import pytest

from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import new_id
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from web.pictures.drawings import CASE, contested_claim, grave, unit, write
from web.rooms import Desk

PAGES = ("timeline", "map", "chain", "origins")


def told(desk: Desk, who: str, path: str) -> Any:  # noqa: ANN401 - JSON
    answer = desk.client(who).get(f"/en/pictures/{path}")
    assert answer.status_code == 200, answer.content[:300]
    return json.loads(answer.content)


def page(desk: Desk, who: str, path: str, lang: str = "en") -> str:
    answer = desk.client(who, lang).get(f"/{lang}/pictures/{path}")
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


def test_a_timeline_shows_what_happened_and_when_it_was_said(desk: Desk) -> None:
    rows = told(desk, "idris", f"timeline/{CASE}/data")["rows"]
    assert "said" in {row["lane"] for row in rows}
    html = page(desk, "idris", f"timeline/{CASE}")
    assert all(f'id="r{row["id"]}"' in html for row in rows)


def test_an_uncertain_date_keeps_what_is_unsure_about_it(desk: Desk) -> None:
    happened = Entity(id=new_id(), case=CASE, type="incident", date="2016-11~/2017-02-03")
    write(desk, happened)
    rows = told(desk, "idris", f"timeline/{CASE}/data")["rows"]
    (row,) = [each for each in rows if each["id"] == happened.id]
    assert (row["s_min"], row["s_max"]) == ("2016-11-01", "2016-11-30")
    assert (row["e_min"], row["e_max"]) == ("2017-02-03", "2017-02-03")
    assert row["vague"]
    assert not row["open_end"]


def test_an_open_end_is_no_day(desk: Desk) -> None:
    happened = Entity(id=new_id(), case=CASE, type="incident", date="2016-11-09/..")
    write(desk, happened)
    rows = told(desk, "idris", f"timeline/{CASE}/data")["rows"]
    (row,) = [each for each in rows if each["id"] == happened.id]
    assert row["e_max"] is None
    assert row["open_end"]


def test_what_was_said_later_is_not_drawn_for_an_earlier_day(desk: Desk) -> None:
    whole = told(desk, "idris", f"timeline/{CASE}/data")["rows"]
    days = sorted(row["s_min"] for row in whole if row["lane"] == "said")
    middle = days[len(days) // 2]
    assert days[0] < middle < days[-1]
    early = told(desk, "idris", f"timeline/{CASE}/data?said_by={middle}")["rows"]
    said = [row["s_min"] for row in early if row["lane"] == "said"]
    assert sorted(said) == [each for each in days if each <= middle]


@pytest.mark.parametrize(("who", "exact"), [("idris", True), ("ghassan", False)])
def test_where_a_grave_lies_is_exact_for_some_only(desk: Desk, who: str, exact: bool) -> None:  # noqa: FBT001 - it is what is expected
    write(desk, grave())
    bytes_ = json.dumps(told(desk, who, f"map/{CASE}/data")) + page(desk, who, f"map/{CASE}")
    assert ("33.123456" in bytes_) is exact
    assert ("36.654321" in bytes_) is exact
    assert ("33.12," in bytes_) is not exact


def test_whoever_may_know_more_can_look_with_the_eyes_of_others(desk: Desk) -> None:
    write(desk, grave())
    (feature,) = told(desk, "idris", f"map/{CASE}/data?see=open")["features"]
    assert feature["geometry"]["coordinates"] == [36.65, 33.12]
    assert feature["properties"]["coarse"]
    assert feature["properties"]["radius_m"] >= 1000


def test_a_sealed_place_is_on_nobodys_map(desk: Desk) -> None:
    hidden = grave("sealed", names=({"form": "Canary quarry", "lang": "en"},))
    write(desk, hidden)
    assert told(desk, "idris", f"map/{CASE}/data")["features"] == []
    assert "Canary" not in page(desk, "idris", f"map/{CASE}")


def test_a_chain_of_command_runs_up_from_the_unit_to_a_person(desk: Desk) -> None:
    graph = told(desk, "idris", f"chain/{unit(desk)}/data?on=2016-11-09")
    kinds = {node["id"]: node["kind"] for node in graph["nodes"]}
    assert "person" in kinds.values()
    assert all(kinds[edge["below"]] != "person" for edge in graph["edges"])
    html = page(desk, "idris", f"chain/{unit(desk)}?on=2016-11-09")
    assert all(f'id="link-{edge["said"][1:-1]}"' in html for edge in graph["edges"])


def test_without_a_day_the_page_asks_for_one(desk: Desk) -> None:
    assert "Say which" in page(desk, "idris", f"chain/{unit(desk)}")


def test_a_day_that_is_none_is_refused_in_words(desk: Desk) -> None:
    for query in ("on=someday", "on=2016-11-09&within=-1", "on=2016-11-09&within=1e9"):
        answer = desk.client("idris").get(f"/en/pictures/chain/{unit(desk)}?{query}")
        assert answer.status_code == 400, query


def test_origins_meet_in_one_node(desk: Desk) -> None:
    claim = contested_claim(desk)
    graph = told(desk, "idris", f"origins/{claim}/data")
    assert graph["nodes"][0]["kind"] == "claim"
    named = [node["id"] for node in graph["nodes"]]
    assert len(named) == len(set(named))
    ends = {edge["above"] for edge in graph["edges"]} | {edge["below"] for edge in graph["edges"]}
    assert ends <= set(named)
    assert "claim" in page(desk, "idris", f"origins/{claim}")


def test_the_heads_of_the_graph_are_what_the_list_says_it_rests_on(desk: Desk) -> None:
    claim = contested_claim(desk)
    graph = told(desk, "idris", f"origins/{claim}/data")
    below = {edge["below"] for edge in graph["edges"]}
    heads = {e["name"] for e in graph["nodes"] if e["kind"] == "origin" and e["id"] not in below}
    html = page(desk, "idris", f"origins/{claim}")
    rests = {each.strip() for each in re.findall(r"rests on <bdi>(.*?)</bdi>", html)}
    assert heads
    assert heads == rests


def test_sources_that_may_not_be_seen_are_one_node_without_a_name(desk: Desk) -> None:
    subject = Entity(id=new_id(), case=CASE, see="open", type="thing")
    asked = Proposition(id=new_id(), case=CASE, see="open", subject=subject.id, predicate="is it")
    hidden = [
        Source(id=new_id(), case=CASE, see="sealed", type="witness", author=f"Canary {n}")
        for n in (1, 2)
    ]
    said = [
        Assertion(id=new_id(), case=CASE, see="open", proposition=asked.id, source=each.id)
        for each in hidden
    ]
    write(desk, subject, asked, *hidden, *said)
    graph = told(desk, "idris", f"origins/{asked.id}/data")
    assert [node["id"] for node in graph["nodes"]].count("withheld") == 1
    assert len(graph["nodes"]) == 2
    text = json.dumps(graph) + page(desk, "idris", f"origins/{asked.id}")
    assert "Canary" not in text
    assert all(each.id not in text for each in hidden)


@pytest.mark.parametrize("path", ["timeline/none", "map/none", "chain/" + "0" * 32, "origins/x"])
def test_what_is_not_there_is_not_found_on_the_page_and_in_its_data(desk: Desk, path: str) -> None:
    for address in (f"/en/pictures/{path}", f"/en/pictures/{path}/data"):
        assert desk.client("idris").get(address).status_code == 404, address


def test_a_sealed_incident_gives_a_404_and_nothing_on_the_timeline(desk: Desk) -> None:
    hidden = Entity(id=new_id(), case=CASE, see="sealed", type="incident", date="2016-11-09")
    held = Relation(
        id=new_id(), case=CASE, see="open", relation="related_to", a=hidden.id, b=unit(desk),
        valid="2016-11-09",
    )  # fmt: skip
    write(desk, hidden, held)
    rows = json.dumps(told(desk, "idris", f"timeline/{CASE}/data"))
    assert hidden.id not in rows
    assert held.id not in rows
    assert desk.client("idris").get(f"/en/pictures/chain/{hidden.id}").status_code == 404


def test_nobody_sees_a_picture_without_logging_in(desk: Desk) -> None:
    for name in PAGES:
        for path in (f"/en/pictures/{name}/x", f"/en/pictures/{name}/x/data"):
            assert desk.client().get(path).status_code == 302


def test_every_page_speaks_arabic(desk: Desk) -> None:
    write(desk, grave())
    claim = contested_claim(desk)
    for path in (f"timeline/{CASE}", f"map/{CASE}", f"chain/{unit(desk)}?on=2016-11-09",
                 f"origins/{claim}"):  # fmt: skip
        html = page(desk, "idris", path, "ar")
        assert 'dir="rtl"' in html
