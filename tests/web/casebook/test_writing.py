"""What is written at the desk: one signed act each, conflicts shown, nothing doubled or lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Adoption, Assertion, Assessment, Proposition
from dalil.casebook.record.form import new_id
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity, Judgement, Name
from web.rooms import Desk

CASE = "zumurruda"
ROOM = "/en/casebook/"


def a_claim(desk: Desk) -> Proposition:
    """Return a claim of the case that anybody here may see."""
    for known in desk.casebook.find(Proposition, View(1), case=CASE):
        if isinstance(known.record, Proposition) and known.record.measure:
            return known.record
    raise AssertionError


def fields_on(client: Client, address: str) -> dict[str, str]:
    """Return what a form holds as its page shows it, its token among it."""
    html = client.get(address).content.decode()
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or "checked" in tag):
            found[name[1]] = value[1] if value else ""
    found |= dict(re.findall(r'<textarea name="(\w+)"[^>]*>\s*([^<]*)</textarea>', html))
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return {n: v for n, v in found.items() if n not in ("back", "theme", "csrfmiddlewaretoken")}


def send(client: Client, address: str, **typed: str) -> Any:  # noqa: ANN401 - a test's answer
    """Fill a form in as its page shows it, and send it."""
    return client.post(address, fields_on(client, address) | typed)


def test_a_source_an_entity_a_claim_and_what_is_said_on_it_are_written_by_forms(desk: Desk) -> None:
    client = desk.client("idris")
    before = desk.casebook.ledger.size
    made = send(
        client, f"{ROOM}new/source/?case=quay", type="testimony", title="A letter", key="L1",
        published="2016-11",
    )  # fmt: skip
    assert made.status_code == 302
    assert send(
        client, f"{ROOM}new/entity/?case=quay", type="person", names="Nour A.\nنور", key="person:n",
    ).status_code == 302  # fmt: skip
    asked = send(
        client, f"{ROOM}new/proposition/?case=quay", subject="person:n", predicate="rank",
        value="captain", functional="on", question_ar="ما رتبته؟",
    )  # fmt: skip
    claim = asked.headers["Location"].rstrip("/").rpartition("/")[2]
    said = send(
        client, f"{ROOM}new/assertion/?proposition={claim}", source="L1", text="He was a captain.",
        evidence_offered="a photograph", asserted="2016-11-12", locator="page: 3",
    )  # fmt: skip
    assert said.status_code == 302, said.content.decode()
    page = client.get(f"{ROOM}claim/{claim}/").content.decode()
    assert "single origin" in page
    assert "He was a captain." in page
    assert desk.casebook.ledger.size == before + 4
    (known,) = desk.casebook.find(Assertion, View(1), case="quay")
    assert isinstance(known.record, Assertion)
    assert known.record.locator == {"page": "3"}
    assert known.by_key is not None


def test_what_is_wrong_in_a_form_is_said_at_its_field_and_nothing_is_written(desk: Desk) -> None:
    client, before = desk.client("idris"), desk.casebook.ledger.size
    address = f"{ROOM}new/source/?case=quay"
    answer = send(client, address, type="paper", published="the other day", title="Kept as typed")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert re.search(r'row wrong"><label for="id_published"', html)
    assert "Kept as typed" in html
    address = f"{ROOM}new/proposition/?case=quay"
    answer = send(client, address, subject="nobody at all", predicate="rank")
    assert answer.status_code == 422
    assert re.search(r'row wrong"><label for="id_subject"', answer.content.decode())
    assert desk.casebook.ledger.size == before


def test_a_status_is_signed_and_stands_beside_the_status_of_another(desk: Desk) -> None:
    claim = a_claim(desk).id
    idris, lina = desk.client("idris"), desk.client("lina")
    address = f"{ROOM}claim/{claim}/weigh/"
    for client, status in ((idris, "contested"), (lina, "corroborated")):
        reasons = f"because it is {status}"
        assert send(client, address, status=status, reasoning=reasons).status_code == 302
    # Weighed again, one's own earlier status is revised, and nobody else's.
    again = send(idris, address, status="unsupported", reasoning="on a second look")
    assert again.status_code == 302
    found = list(desk.casebook.naming(claim, View(1), Assessment.kind, "proposition"))
    by = {each.by_key: each.record for each in found}
    assert len(found) == len(by) == 2
    page = idris.get(f"{ROOM}claim/{claim}/").content.decode()
    for words in ("on a second look", "because it is corroborated", "Idris M.", "Lina B."):
        assert words in page
    assert "because it is contested" not in page


def test_of_two_editors_the_second_sees_both_and_loses_nothing(desk: Desk) -> None:
    source = next(iter(desk.casebook.find(Source, View(1), case=CASE))).record
    address = f"{ROOM}record/{source.id}/revise/"
    idris, lina = desk.client("idris"), desk.client("lina")
    theirs, yours = fields_on(idris, address), fields_on(lina, address)
    assert idris.post(address, theirs | {"title": "Theirs"}).status_code == 302
    answer = lina.post(address, yours | {"title": "Mine, longer", "author": "B."})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "<bdi>Theirs</bdi>" in html
    assert "<bdi>Mine, longer</bdi>" in html
    again = dict(re.findall(r'name="(revises|once)" value="([^"]*)"', html))
    again = yours | {"title": "Mine, longer", "author": "B."} | again
    assert lina.post(address, again).status_code == 302
    titles = [getattr(each.record, "title", None)
              for each in desk.casebook.revisions(source.id, View(1))]  # fmt: skip
    assert titles[-2:] == ["Theirs", "Mine, longer"]


def test_a_form_sent_twice_is_written_once(desk: Desk) -> None:
    client = desk.client("idris")
    address = f"{ROOM}new/source/?case=quay"
    form = fields_on(client, address) | {"type": "paper", "title": "Once"}
    first, second = client.post(address, form), client.post(address, form)
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert len(list(desk.casebook.find(Source, View(1), case="quay"))) == 1


def test_a_case_relies_on_a_claim_and_a_record_is_withdrawn_with_its_reason(desk: Desk) -> None:
    client, claim = desk.client("lina"), a_claim(desk).id
    address = f"{ROOM}claim/{claim}/rely/"
    assert send(client, address, case=CASE, note="for the filing").status_code == 302
    (adopted,) = desk.casebook.naming(claim, View(1), Adoption.kind, "proposition")
    assert "for the filing" in client.get(f"{ROOM}claim/{claim}/").content.decode()
    address = f"{ROOM}record/{adopted.record.id}/withdraw/"
    asked = client.get(address).content.decode()
    assert f'name="revises" value="{adopted.revision + 1}"' in asked
    read = {"reason": "entered by mistake", "revises": str(adopted.revision + 1)}
    assert send(client, address, **{**read, "revises": "0"}).status_code == 409
    assert send(client, address, **read).status_code == 302
    page = client.get(f"{ROOM}claim/{claim}/").content.decode()
    assert "for the filing" not in page
    page = client.get(f"{ROOM}record/{adopted.record.id}/revisions/").content.decode()
    assert "entered by mistake" in page


def test_a_status_is_withdrawn_by_whoever_set_it_alone(desk: Desk) -> None:
    claim, lina = a_claim(desk), desk.client("lina")
    given: dict[str, Any] = {"proposition": claim.id, "see": claim.see, "case": claim.case}
    said = Assessment(id=new_id(), status="contested", reasoning="two counts", **given)
    desk.casebook.write([said], desk.signer("idris"))
    address = f"{ROOM}record/{said.id}/withdraw/"
    typed = {"reason": "not mine", "revises": "1", "once": "lina"}
    assert lina.get(address).status_code == lina.post(address, typed).status_code == 403
    own = send(desk.client("idris"), address, reason="counted anew", revises="1")
    assert own.status_code == 302


def test_a_judgement_and_a_linked_name_are_a_persons_word(desk: Desk) -> None:
    client = desk.client("idris")
    one = send(client, f"{ROOM}new/entity/?case=quay", type="unit", names="Unit 12", key="unit:12")
    send(client, f"{ROOM}new/entity/?case=quay", type="unit", names="Unit 21", key="unit:21")
    a = one.headers["Location"].rstrip("/").rpartition("/")[2]
    address = f"{ROOM}new/judgement/?a={a}"
    typed = {"b": "unit:21", "verdict": "different", "reasoning": "two seals"}
    assert send(client, address, **typed).status_code == 302
    assert "two seals" in client.get(f"{ROOM}thing/{a}/").content.decode()
    form = {"form": "Twelfth", "role": "translation"}
    assert send(client, f"{ROOM}new/name/?entity={a}", **form).status_code == 302
    address = f"{ROOM}thing/{a}/name/?form=Twelfth"
    assert send(client, address, reason="a translation of it").status_code == 302
    (name,) = desk.casebook.naming(a, View(1), Name.kind, "entity")
    assert isinstance(name.record, Name)
    assert name.record.linked
    assert len(list(desk.casebook.naming(a, View(1), Judgement.kind))) == 1


@pytest.mark.parametrize("who", ["rima", "omar", "ghassan"])
def test_nobody_without_the_right_writes(desk: Desk, who: str) -> None:
    client, before = desk.client(who), desk.casebook.ledger.size
    for path in ("new/source/", "bring-in/", f"claim/{a_claim(desk).id}/weigh/"):
        assert client.get(ROOM + path).status_code == 403
        assert client.post(ROOM + path, {"once": "x", "type": "paper"}).status_code == 403
    assert desk.casebook.ledger.size == before


def test_what_may_not_be_seen_is_named_by_no_form(desk: Desk) -> None:
    hidden = Entity(id="ab" * 16, type="person", key="person:hidden", see="sealed", case=CASE)
    desk.casebook.write([hidden], desk.signer("salma"))
    client = desk.client("idris")
    for word in (hidden.id, "person:hidden"):
        address = f"{ROOM}new/proposition/?case={CASE}"
        answer = send(client, address, subject=word, predicate="rank")
        assert answer.status_code == 422
    assert client.get(f"{ROOM}new/proposition/?subject={hidden.id}").status_code == 404
    assert client.get(f"{ROOM}record/{hidden.id}/revise/").status_code == 404


def test_what_was_kept_while_typing_is_forgotten_once_it_is_signed(desk: Desk) -> None:
    client, claim = desk.client("idris"), a_claim(desk).id
    address = f"{ROOM}claim/{claim}/weigh/"
    (key,) = re.findall(r'data-draft="([^"]+)"', client.get(address).content.decode())
    kept = client.post(f"/draft/{key}", "half a reason", content_type="text/plain")
    assert kept.status_code == 204
    assert client.get(f"/draft/{key}").json() == {"text": "half a reason"}
    assert send(client, address, status="contested", reasoning="a whole one").status_code == 302
    assert client.get(f"/draft/{key}").json() == {"text": None}
