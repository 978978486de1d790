"""The list and a person's page: each list for itself, contradictions shown, nothing leaks."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from casebook.victims.listing import (
    BROTHER,
    OTHER,
    SALIM,
    SALIM_TOO,
    UNNAMED,
    everybody,
    list_named,
    victim,
)
from dalil.casebook.index.view import view_of
from dalil.casebook.record.form import new_id
from dalil.casebook.record.victims import Appearance, Recognition
from dalil.casebook.victims.candidates import keep
from dalil.casebook.victims.judged import DIFFERENT, SAME, Judging, judge
from web.addresses import addresses, path_of, samples
from web.victims.finding import ONE, SIBLING, candidate, linked

if TYPE_CHECKING:
    from django.test import Client

    from web.rooms import Desk

CANARY, ARABIC = "Kanarienvogel", "عصفورالكناري"


@pytest.fixture
def two(desk: Desk) -> Desk:
    """Return a desk with two lists, linked."""
    linked(desk, ONE, SIBLING)
    return desk


def read(client: Client, path: str) -> str:
    """Return a page's text."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.unescape(answer.content.decode())


def test_victims_are_found_by_name_list_and_age(two: Desk) -> None:
    idris = two.client("idris")
    assert "5 records of victims" in read(idris, "/en/victims/")
    page = read(idris, "/en/victims/?name=Hallaq&age_from=٣٠&sex=male")
    assert "2 records of victims" in page
    assert "كريم" not in page
    assert "٥ قيود عن ضحايا" in read(idris, "/ar/victims/")
    unnamed = read(idris, "/en/victims/?named=unnamed")
    assert "person 3" in unnamed
    assert "1 record of a victim" in unnamed


@pytest.mark.parametrize("query", ["age_from=200", "age_to=x", "sex=other", "source=nobody"])
def test_what_is_typed_wrongly_is_said_and_nobody_is_listed(two: Desk, query: str) -> None:
    page = read(two.client("idris"), f"/en/victims/?{query}")
    assert "Something in the form needs another look" in page
    assert "/victims/person/" not in page


def test_a_person_is_what_each_list_says_side_by_side(two: Desk) -> None:
    judging = Judging(SALIM.id, SALIM_TOO.id, SAME, "two papers")
    judge(two.casebook, two.signer("idris"), judging, view_of("restricted"))
    page = read(two.client("rima"), f"/en/victims/person/{SALIM.id}/")
    assert "2 records that people hold to be about one person." in page
    for said in ("34 years", "35 years", "9 November 2016", "November 2016", "two papers"):
        assert said in page
    assert "a sibling?" in page
    listed = read(two.client("rima"), "/en/victims/?name=Salim")
    assert "held to be one person with 1 other record" in listed


def test_whoever_says_that_two_of_its_records_are_two_persons_is_heard(two: Desk) -> None:
    view = view_of("restricted")
    for a, b in ((SALIM, SALIM_TOO), (SALIM, BROTHER)):
        judge(two.casebook, two.signer("idris"), Judging(a.id, b.id, SAME, "papers"), view)
    against = Judging(SALIM_TOO.id, BROTHER.id, DIFFERENT, "one is younger")
    judge(two.casebook, two.signer("layla"), against, view)
    page = read(two.client("rima"), f"/en/victims/person/{OTHER.id}/")
    assert "two persons" not in page
    for each in (SALIM, SALIM_TOO, BROTHER):
        page = read(two.client("rima"), f"/en/victims/person/{each.id}/")
        assert "That is not settled here." in page
        assert "one is younger" in page


def test_where_somebody_is_seen_and_recognised_by_sight_is_told_as_that(two: Desk) -> None:
    seen = Appearance(
        id=new_id(), victim=UNNAMED.id, item=two.item(), pts_start=12, pts_end=36, timebase="1/12"
    )
    by_sight = Recognition(
        id=new_id(), victim=UNNAMED.id, as_victim=SALIM.id, grade="visual", relation="sister",
        by="F-3", conditions="shown one still, without a hint",
    )  # fmt: skip
    two.casebook.write([seen, by_sight], two.signer("idris"))
    page = read(two.client("rima"), f"/en/victims/person/{UNNAMED.id}/")
    assert "00:00:01.000" in page
    assert "this is not an identification" in page
    assert "1 record." in page


def test_that_nobody_was_looked_for_is_not_told_as_that_nobody_was_found(desk: Desk) -> None:
    desk.casebook.write(everybody(), desk.signer("idris"))
    idris = desk.client("idris")

    def said_of(victim: str) -> str:
        return str(idris.get(f"/en/victims/person/{victim}/").content.decode())

    assert "Records have not been compared yet." in said_of(SALIM.id)
    assert "Records without a name are not compared." in said_of(UNNAMED.id)
    keep(desk.archive, "restricted", [], lambda: 1)
    assert "Nobody was found so far." in said_of(SALIM.id)


def test_no_name_above_a_class_is_in_any_byte_of_the_room(two: Desk) -> None:
    secret = list_named(CANARY, see="sealed")
    hidden = replace(victim(secret, "1", CANARY, ARABIC, about=CANARY), see="sealed")
    here = replace(OTHER, source=secret.id, revises=1)
    two.casebook.write([secret, hidden, here], two.signer("idris"))
    for see in ("restricted", "sealed"):
        keep(two.archive, see, [candidate(SALIM, hidden, 9.0)], lambda: 6)
    judging = Judging(SALIM.id, hidden.id, SAME, f"{CANARY} said so")
    judge(two.casebook, two.signer("layla"), judging, view_of("sealed"))
    given = {**samples(two), "victim": hidden.id, "one": SALIM.id, "other": hidden.id}
    paths = {path_of(each, given) for each in addresses() if each.name.startswith("victims:")}
    paths |= {f"/en/victims/person/{each.id}/" for each in (SALIM, OTHER)}
    paths |= {
        "/en/victims/?name=Kanar*",
        "/ar/victims/?sex=female",
        "/en/victims/queue/?show=judged",
    }
    for who in ("rima", "ghassan"):
        client = two.client(who)
        told = [path for path in sorted(paths) if names_canary(client, path)]
        assert told == []
    layla = two.client("layla")
    assert [path for path in sorted(paths) if names_canary(layla, path)]
    assert names_canary(layla, f"/en/victims/person/{SALIM.id}/")
    assert not names_canary(layla, f"/en/victims/person/{SALIM.id}/?see=restricted")


def names_canary(client: Client, path: str) -> bool:
    """Whether an answer holds the canary."""
    body = client.get(path).content
    return CANARY.encode() in body or ARABIC.encode() in body


def test_a_record_of_a_victim_leads_to_the_person_and_back(two: Desk) -> None:
    rima = two.client("rima")
    sent = rima.get(f"/en/casebook/record/{SALIM.id}/?see=restricted")
    assert sent["Location"] == f"/en/victims/person/{SALIM.id}/?see=restricted"
    page = read(rima, sent["Location"])
    back = f"/en/casebook/record/{SALIM.id}/revisions/?see=restricted"
    assert back in page
    assert "not to be published" in read(rima, back)


NONSENSE = (
    "name=%00", "name=" + "a+" * 99, "name=" + "عبد+" * 49, "name=%22+OR+*", "name=a*&page=9999999",
    "page=-1", "page=٣", "age_from=NaN&sex=%27", "known_on=2013-02-30", "see=top", "last=~",
    f"last={'0' * 32}~{'1' * 32}", "last=x~y", "show=judged&page=99", "source=%E2%80%AE",
)  # fmt: skip


def test_nonsense_ends_in_our_own_words(two: Desk) -> None:
    idris = two.client("idris")
    paths = ("/en/victims/", "/ar/victims/queue/")
    answers = {
        f"{path}?{query}": idris.get(f"{path}?{query}").status_code
        for path in paths
        for query in NONSENSE
    }
    assert {path: status for path, status in answers.items() if status not in {200, 400}} == {}
    assert idris.get("/en/victims/person/%E2%80%AE/").status_code == 404
