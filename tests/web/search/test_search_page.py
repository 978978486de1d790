"""The search page: what it finds, what it counts, and what it never tells."""

import json
import re
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import override

from dalil.casebook.index.view import view_of
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Entity
from web.browsing import Browse
from web.rooms import Desk

CASE = "zumurruda"
VIEW = view_of()


def write(desk: Desk, *records: Record) -> None:
    desk.casebook.write(records, desk.signer("idris"))


def place(name: str, see: str = "restricted", **given: Any) -> Entity:  # noqa: ANN401 - its fields
    names = ({"form": name},)
    return Entity(id=new_id(), case=CASE, see=see, type="place", names=names, **given)


def told(desk: Desk, query: str, who: str = "idris") -> Any:  # noqa: ANN401 - JSON
    answer = desk.client(who).get(f"/en/search/data?{query}")
    assert answer.status_code == 200, answer.content[:300]
    return json.loads(answer.content)


def page(desk: Desk, query: str = "", who: str = "idris", lang: str = "en") -> str:
    answer = desk.client(who, lang).get(f"/{lang}/search/?{query}")
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


def counts_shown(html: str) -> dict[str, int]:
    found = re.findall(r'data-value="(\w+)"[^>]*>[^<]*<span class="n">([\d,]+)</span>', html)
    return {value: int(count.replace(",", "")) for value, count in found}


def test_a_name_is_found_in_every_script_and_spelling(desk: Desk) -> None:
    one = Entity(
        id=new_id(), case=CASE, type="place",
        names=({"form": "التضامن", "lang": "ar"}, {"form": "Tadamun", "lang": "en"}),
    )  # fmt: skip
    write(desk, one)
    with override("en"):
        address = reverse("casebook:record", args=[one.id])
    for word in ("التضامن", "Tadamun", "at-tadamun"):
        assert told(desk, f"q={word}")["hits"][0]["id"] == one.id
        assert f'href="{address}"' in page(desk, f"q={word}")


def test_nothing_is_searched_before_something_is_asked(desk: Desk) -> None:
    assert 'role="status"' not in page(desk)


def test_each_facet_counts_what_choosing_it_finds(desk: Desk) -> None:
    shown = counts_shown(page(desk, f"case={CASE}"))
    assert shown
    kinds = json.loads(desk.client("idris").get(f"/en/search/facets?case={CASE}").content)
    assert shown == {**kinds["kinds"], **kinds["types"]}
    for kind, count in kinds["kinds"].items():
        assert told(desk, f"case={CASE}&kind={kind}")["total"] == count
    for type_, count in kinds["types"].items():
        assert told(desk, f"case={CASE}&type={type_}")["total"] == count
    assert sum(kinds["kinds"].values()) == told(desk, f"case={CASE}")["total"]


def test_many_are_counted_as_few_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from dalil.web.search import counting
    from dalil.web.search.asking import Asked, query_of

    for asked in (f"case={CASE}", f"case={CASE}&kind=entity", f"case={CASE}&type=person&q=an"):
        query = query_of(Asked(QueryDict(asked)), desk.casebook, VIEW)
        few = counting.count_few(desk.casebook, query, VIEW)
        assert few is not None
        with monkeypatch.context() as patch:
            patch.setattr(counting, "count_few", lambda *_: None)
            assert counting.count_facets(desk.casebook, query, VIEW) == few


def test_a_facet_that_is_chosen_can_be_taken_away_and_keeps_the_rest(desk: Desk) -> None:
    html = page(desk, f"case={CASE}&kind=source&from=2016")
    (chosen,) = re.findall(r'<a href="([^"]+)"[^>]*data-value="source" aria-current', html)
    assert "kind=" not in chosen
    assert "from=2016" in chosen
    assert "page=" not in chosen


def test_pages_hold_each_hit_once(desk: Desk) -> None:
    whole = told(desk, f"case={CASE}")
    seen = [
        hit["id"]
        for number in range(1, whole["pages"] + 1)
        for hit in told(desk, f"case={CASE}&page={number}")["hits"]
    ]
    assert len(seen) == len(set(seen)) == whole["total"]


def test_a_page_that_is_not_there_is_the_nearest(desk: Desk) -> None:
    for number in ("0", "-1", "99999", "x", "1e9", "٣", "9" * 50):
        assert told(desk, f"case={CASE}&page={number}")["hits"], number


def test_a_word_in_something_sealed_finds_nothing_anywhere(desk: Desk) -> None:
    hidden = place("Quarrycanary", "sealed")
    known = place("The mill")
    link = Relation(id=new_id(), case=CASE, see="open", relation="part_of", a=known.id, b=hidden.id)
    write(desk, hidden, known, link)
    assert told(desk, "q=Quarrycanary") == {"total": 0, "page": 1, "pages": 1, "hits": []}
    assert counts_shown(page(desk, "q=Quarrycanary")) == {}
    for query in (f"place={hidden.id}", "place=Quarrycanary", f"related={hidden.id}"):
        for path in ("", "data", "facets"):
            answer = desk.client("idris").get(f"/en/search/{path}?{query}")
            assert answer.status_code == 404, (path, query)
    assert told(desk, "q=Quarrycanary", who="layla")["total"] == 1


def test_whoever_may_see_more_can_look_with_the_eyes_of_others(desk: Desk) -> None:
    write(desk, place("Quarrycanary", "sealed"))
    assert told(desk, "q=Quarrycanary&see=restricted", who="layla")["total"] == 0
    assert told(desk, "q=Quarrycanary&see=sealed")["total"] == 0


def test_no_circle_is_drawn_around_a_position_for_those_who_may_not_know_it(desk: Desk) -> None:
    at = place("The field", "open", lat_e6=33_123_456, lon_e6=36_654_321)
    write(desk, at)
    near = "near=33.1234,36.6543,50"
    assert [hit["id"] for hit in told(desk, near)["hits"]] == [at.id]
    for path in ("", "data", "facets"):
        address = f"/en/search/{path}?{near}"
        assert desk.client("ghassan").get(address).status_code == 403
        assert desk.client("idris").get(f"{address}&see=open").status_code == 403


def test_what_cannot_be_meant_is_refused_in_words(desk: Desk) -> None:
    client = desk.client("idris")
    for query in ("kind=face", "type=x", "from=20x6", "to=99999", "near=1,2", "near=91,0,1",
                  "near=nan,0,1", "see=all", "known_on=soon", "on=2016-13-01"):  # fmt: skip
        for path in ("", "data", "facets"):
            answer = client.get(f"/en/search/{path}?q=boat&{query}")
            assert answer.status_code == 400, (path, query)


def test_a_strange_word_is_a_word(desk: Desk) -> None:
    client = desk.client("idris")
    for word in ('"', "*", "(", "a AND", "NEAR(a b)", "x" * 5000, "'; DROP TABLE words; --",
                 "\u202e", "\0"):  # fmt: skip
        assert client.get("/en/search/", {"q": word}).status_code in (200, 400), word


def test_what_was_typed_is_not_markup(desk: Desk) -> None:
    assert "<b>x" not in page(desk, "q=%3Cb%3Ex&label=%22%3E%3Cb%3Ex")


def test_the_page_speaks_arabic(desk: Desk) -> None:
    html = page(desk, f"case={CASE}", lang="ar")
    assert 'dir="rtl"' in html
    assert "كيان" in html


@pytest.mark.browser
def test_the_search_page_looks_as_it_should(desk: Desk, browse: Browse) -> None:
    write(desk, place("The slipway"))
    browse.shot("search/?q=boat", "search", "idris")
    browse.shot(f"search/?case={CASE}&kind=entity", "search-facets", "idris")


@pytest.mark.browser
def test_numbers_that_come_later_are_the_same(
    browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dalil.web.search import views

    at_once = (
        browse.open(f"search/?case={CASE}", "idris").locator("a[data-facet]").all_inner_texts()
    )
    monkeypatch.setattr(views, "count_few", lambda *_: None)
    later = browse.open(f"search/?case={CASE}", "idris")
    later.wait_for_function("() => document.querySelector('#facets .n').textContent")
    assert later.locator("a[data-facet]").all_inner_texts() == at_once
