"""What is said in a case, on what ground, and against it, as pages; what may not be seen is 404."""

from __future__ import annotations

import re

import pytest

from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Proposition
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from web.rooms import Desk

CASE = "zumurruda"


def first(desk: Desk, kind: type[Record]) -> Record:
    """Return the first record of a kind."""
    return next(iter(desk.casebook.find(kind, View(2), case=CASE))).record


def text_of(html: bytes) -> str:
    """Return what a page says."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.decode()))


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_record_of_a_case_has_a_page_in_both_languages(desk: Desk, lang: str) -> None:
    client = desk.client("idris", lang)
    for path in ("", f"case/{CASE}/", f"case/{CASE}/list/person/", f"case/{CASE}/list/source/"):
        assert client.get(f"/{lang}/casebook/{path}").status_code == 200
    seen = set()
    for kind in (Proposition, Source, Entity, Relation, Conduct):
        for known in desk.casebook.find(kind, View(1), case=CASE):
            record = known.record
            what = (record.kind, getattr(record, "type", ""))
            if what in seen:
                continue
            seen.add(what)
            for page in (f"record/{record.id}/", f"record/{record.id}/revisions/"):
                answer = client.get(f"/{lang}/casebook/{page}", follow=True)
                assert answer.status_code == 200, (what, page)
    assert len(seen) > 6


def test_a_claim_tells_for_and_against_and_counts_side_by_side(desk: Desk) -> None:
    claims = desk.casebook.find(Proposition, View(1), case=CASE)
    counted = next(
        k.record for k in claims if isinstance(k.record, Proposition) and k.record.measure
    )
    said = text_of(desk.client("idris").get(f"/en/casebook/claim/{counted.id}/").content)
    for part in ("Said for it", "Said against it", "Counts side by side", "Why this status"):
        assert part in said
    assert "They count different things" in said


def test_what_we_knew_is_asked_for_in_the_address_and_carried_on(desk: Desk) -> None:
    client = desk.client("idris")
    page = client.get(f"/en/casebook/case/{CASE}/?said_by=2017-04-20").content.decode()
    assert "You see less than is here now" in page
    link = re.search(r'href="(/en/casebook/claim/[^"]+)"', page)
    assert link is not None
    assert link[1].endswith("?said_by=2017-04-20")
    now = text_of(client.get(link[1].partition("?")[0]).content)
    then = text_of(client.get(link[1]).content)
    assert "Gulf Digest" in now
    assert "Gulf Digest" not in then
    assert client.get(f"/en/casebook/case/{CASE}/?known_on=2020-01-01").status_code == 404
    assert client.get(f"/en/casebook/case/{CASE}/?on=the-ides").status_code == 400


def test_what_is_sealed_is_in_no_page_and_not_found(desk: Desk) -> None:
    canary = "zqcanary"
    entity = Entity(
        id="c1" * 16, type="person", key="person:zqcanary", see="sealed", case=CASE,
        names=({"form": canary},),
    )  # fmt: skip
    asked = Proposition(id="c2" * 16, subject=entity.id, predicate=canary, see="sealed", case=CASE)
    secret = Source(id="c3" * 16, type="testimony", title=canary, see="sealed", case=CASE)
    place = next(iter(desk.casebook.find(Entity, View(1), case=CASE))).record
    tie = Relation(
        id="c4" * 16, relation="related_to", a=place.id, b=place.id, source=secret.id, case=CASE
    )
    desk.casebook.write([entity, asked, secret, tie], desk.signer("salma"))
    client = desk.client("idris")
    question = desk.client("layla").get(f"/en/casebook/claim/{asked.id}/").content.decode()
    (question_id,) = set(re.findall(r"/casebook/question/(\w+)/", question))
    for path in (
        f"claim/{asked.id}/", f"thing/{entity.id}/", f"source/{secret.id}/",
        f"record/{entity.id}/", f"record/{asked.id}/revisions/", f"question/{question_id}/",
        f"claim/{asked.id}/weigh/", f"claim/{asked.id}/rely/", f"record/{secret.id}/revise/",
    ):  # fmt: skip
        answer = client.get(f"/en/casebook/{path}")
        assert answer.status_code == 404, path
        assert canary not in answer.content.decode()
    for path in ("", f"case/{CASE}/", f"case/{CASE}/?page=2", f"case/{CASE}/list/person/",
                 f"case/{CASE}/list/source/", f"thing/{place.id}/", f"record/{tie.id}/",
                 f"thing/{place.id}/?see=sealed"):  # fmt: skip
        answer = client.get(f"/en/casebook/{path}")
        assert answer.status_code == 200, path
        assert canary not in answer.content.decode()
    assert "a withheld source" in client.get(f"/en/casebook/record/{tie.id}/").content.decode()
    assert canary in desk.client("layla").get(f"/en/casebook/thing/{entity.id}/").content.decode()


def test_a_guest_finds_nothing_of_a_case_that_is_restricted(desk: Desk) -> None:
    guest = desk.client("ghassan")
    assert CASE not in guest.get("/en/casebook/").content.decode()
    assert guest.get(f"/en/casebook/case/{CASE}/").status_code == 404


def test_to_whoever_sees_open_records_only_a_place_is_told_as_near_as_a_district(
    desk: Desk,
) -> None:
    grave = Entity(
        id="d1" * 16, type="site", see="open", case=CASE, lat_e6=33_475_123, lon_e6=36_321_987,
        radius_m=12,
    )  # fmt: skip
    desk.casebook.write([grave], desk.signer("salma"))
    address = f"/en/casebook/thing/{grave.id}/"
    exact = desk.client("idris").get(address).content.decode()
    assert "33.47512" in exact
    for path in (address, f"/en/casebook/record/{grave.id}/revisions/"):
        coarse = desk.client("ghassan").get(path).content.decode()
        for part in ("33.47512", "33475123", "36.32199", "36321987"):
            assert part not in coarse, path
    assert "33.48" in desk.client("ghassan").get(address).content.decode()


def test_what_is_worth_a_look_stands_side_by_side_and_leads_to_its_records(desk: Desk) -> None:
    page = desk.client("idris", "ar").get(f"/ar/casebook/case/{CASE}/worth-a-look/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "مصادر تعطي جوابين" in html
    assert re.search(r"/ar/casebook/record/[0-9a-f]{32}/", html)
