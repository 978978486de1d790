"""The law at the desk: trees with who checked them, what is supposed, what bears on it."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, TypeVar

from casebook.law.test_reading import SMALL
from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.law import Bearing, Hypothesis, LawTree, SignedOff
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from web.publishing.forms_filled import in_words, ordered

if TYPE_CHECKING:
    from web.rooms import Desk

TOKEN = re.compile(r'name="once" value="([^"]+)"')
CANARY = "Kanarienvogel"
CASE = "zumurruda"
KILLED = "7-1-a/killed"
R = TypeVar("R", bound=Record)


def things(desk: Desk, type_: str) -> list[Entity]:
    """Return the things of a type in the case."""
    found = (known.record for known in desk.casebook.find(Entity, view_of("restricted"), case=CASE))
    return [each for each in found if isinstance(each, Entity) and each.type == type_]


def supposed(desk: Desk, **more: Any) -> Hypothesis:  # noqa: ANN401 - as the record
    """Write a supposition down, as Idris does."""
    person, incident = things(desk, "person")[0], things(desk, "incident")[0]
    made = Hypothesis(
        id=new_id(), case=CASE, suspect=person.id, incident=incident.id, tree="rome",
        crime="7-1-a", mode="28-a", **more,
    )  # fmt: skip
    desk.casebook.write([made], desk.signer("idris"))
    return made


def written(desk: Desk, kind: type[R]) -> list[R]:
    """Return the records of a kind, as they are now."""
    found = (known.record for known in desk.casebook.find(kind, view_of("restricted")))
    return [each for each in found if isinstance(each, kind)]


def once(client: Any, address: str) -> str:  # noqa: ANN401 - a browser without a screen
    """Return the token of the first form of a page that has one."""
    return html.unescape(TOKEN.search(client.get(address).content.decode())[1])  # type: ignore[index]


def test_the_room_lists_trees_and_what_is_supposed(desk: Desk) -> None:
    made, rima = supposed(desk), desk.client("rima")
    for lang, word in (("en", "Hypotheses"), ("ar", "الفرضيات")):
        page = rima.get(f"/{lang}/law/").content.decode()
        assert word in page
        assert f"/{lang}/law/hypothesis/{made.id}/" in page
        assert f"/{lang}/law/tree/vstgb/" in page


def test_each_element_says_where_it_stands_and_that_a_lawyer_is_to_check_it(desk: Desk) -> None:
    lina, address = desk.client("lina"), "/en/law/tree/rome/part/28-a/"
    page = lina.get(address).content.decode()
    assert page.count("to be checked by a lawyer") == 5
    assert "Rome-Statute-eng.pdf" in page
    form = {"once": once(lina, address), "element": "28-a/knew", "reasons": "compared, 2024 text"}
    assert lina.post(f"{address}check/", form).status_code == 302
    page = lina.get(address).content.decode()
    assert page.count("to be checked by a lawyer") == 4
    assert "compared, 2024 text" in page
    assert [each.element for each in written(desk, SignedOff)] == ["28-a/knew"]
    assert "of them checked" in lina.get("/en/law/tree/rome/").content.decode()


def test_a_check_without_reasons_is_not_signed(desk: Desk) -> None:
    lina, address = desk.client("lina"), "/en/law/tree/rome/part/28-a/"
    form = {"once": once(lina, address), "element": "28-a/knew", "reasons": ""}
    assert lina.post(f"{address}check/", form).status_code == 422
    assert not written(desk, SignedOff)


def test_a_supposition_is_written_down_and_shown_element_by_element(desk: Desk) -> None:
    idris, address = desk.client("idris"), "/en/law/tree/rome/suppose/"
    person, incident = things(desk, "person")[0], things(desk, "incident")[0]
    form = {
        "once": once(idris, address), "suspect": person.id, "incident": incident.id,
        "crime": "7-1-a", "mode": "28-a", "see": "restricted", "note": "who commanded?",
    }  # fmt: skip
    answer = idris.post(address, form)
    assert answer.status_code == 302, answer.content.decode()
    page = idris.get(answer["Location"]).content.decode()
    assert "it decides nothing" in page
    assert "who commanded?" in page
    assert page.count('class="claim element"') == 11
    assert [(each.case, each.mode) for each in written(desk, Hypothesis)] == [(CASE, "28-a")]


def test_a_supposition_of_what_is_not_there_says_so_at_its_field(desk: Desk) -> None:
    idris, address = desk.client("idris"), "/en/law/tree/rome/suppose/"
    person, incident = things(desk, "person")[0], things(desk, "incident")[0]
    for field, typed in (("suspect", "Nobody At All"), ("incident", ""), ("crime", "7-9-z")):
        form = {
            "once": once(idris, address), "suspect": person.id, "incident": incident.id,
            "crime": "7-1-a", "mode": "28-a", "see": "restricted", field: typed,
        }  # fmt: skip
        answer = idris.post(address, form)
        assert answer.status_code == 422
        assert f'id="id_{field}_error"' in answer.content.decode()


def test_a_claim_is_linked_and_the_link_taken_back(desk: Desk) -> None:
    made, idris = supposed(desk), desk.client("idris")
    address = f"/en/law/hypothesis/{made.id}/bear/"
    claims = [k.record for k in desk.casebook.find(Proposition, view_of("restricted"), case=CASE)]
    form = {
        "once": once(idris, address), "element": KILLED, "bears": "undermines", "claim": "",
        "other": claims[0].id, "reasons": "it was another day",
    }  # fmt: skip
    assert idris.post(address, form).status_code == 302
    page = idris.get(f"/en/law/hypothesis/{made.id}/").content.decode()
    assert "it was another day" in page
    [linked] = written(desk, Bearing)
    assert (linked.bears, linked.proposition) == ("undermines", claims[0].id)
    gone = f"/en/casebook/record/{linked.id}/withdraw/"
    form = {"once": once(idris, gone), "reason": "no, the same day", "revises": "1"}
    assert idris.post(gone, form).status_code == 302
    page = idris.get(f"/en/law/hypothesis/{made.id}/").content.decode()
    assert "it was another day" not in page


def test_a_link_needs_a_claim_and_reasons(desk: Desk) -> None:
    made, idris = supposed(desk), desk.client("idris")
    address = f"/en/law/hypothesis/{made.id}/bear/"
    form = {"once": once(idris, address), "element": KILLED, "bears": "supports", "reasons": "so"}
    answer = idris.post(address, form)
    assert answer.status_code == 422
    assert "Choose a claim" in answer.content.decode()
    assert not written(desk, Bearing)


def test_a_tree_is_brought_from_a_file_or_refused_line_by_line(desk: Desk) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    lina, address = desk.client("lina"), "/en/law/bring-in/"
    for text, status in ((SMALL.replace("sort: context", "sort: mood"), 422), (SMALL, 302)):
        file = SimpleUploadedFile("harbour.yaml", text.encode())
        form = {"once": once(lina, address), "file": file, "see": "restricted"}
        answer = lina.post(address, form)
        assert answer.status_code == status
        if status == 422:
            assert "line 16" in answer.content.decode()
    assert "Harbour law" in lina.get("/en/law/tree/harbour-law/").content.decode()


def test_a_tree_that_cannot_be_read_is_named_and_hides_nothing(desk: Desk) -> None:
    wrong = LawTree(id=new_id(), key="rome", pieces=("key: <b>rome</b>\n",))
    desk.casebook.write([wrong], desk.signer("idris"))
    page = desk.client("rima").get("/en/law/").content.decode()
    assert "cannot be read" in page
    assert wrong.id in page
    assert "Rome Statute of the International Criminal Court" in page


def test_who_may_only_read_is_offered_nothing_to_sign(desk: Desk) -> None:
    made, rima = supposed(desk), desk.client("rima")
    for path in (f"/en/law/hypothesis/{made.id}/", "/en/law/tree/rome/part/28-a/", "/en/law/"):
        page = rima.get(path).content.decode()
        assert "/bear/" not in page
        assert "/check/" not in page
        assert "/suppose/" not in page
    answer = rima.post(f"/en/law/hypothesis/{made.id}/bear/", {"once": "x"})
    assert answer.status_code == 403


def test_a_sealed_claim_and_what_it_does_reach_nobody_below(desk: Desk) -> None:
    made = supposed(desk, note="what Rima may read")
    sealed: Any = {"see": "sealed", "case": CASE}
    source = Source(id=new_id(), type="interview", title=CANARY, **sealed)
    asked = Proposition(
        id=new_id(), subject=made.suspect, predicate="was elsewhere", value=CANARY, **sealed
    )
    said = Assertion(
        id=new_id(), proposition=asked.id, source=source.id, evidence_offered=CANARY, **sealed
    )
    linked = Bearing(
        id=new_id(), hypothesis=made.id, element=KILLED, bears="undermines", reasoning=CANARY,
        proposition=asked.id, case=CASE,
    )  # fmt: skip
    desk.casebook.write([source, asked, said, linked], desk.signer("layla"))
    address = f"/en/law/hypothesis/{made.id}/"
    below, above = desk.client("rima").get(address), desk.client("layla").get(address)
    assert CANARY.encode() not in below.content
    assert b"undermines it" not in below.content
    assert CANARY.encode() in above.content
    assert desk.client("ghassan").get(address).status_code == 404


def test_a_case_file_takes_a_hypothesis_with_all_that_bears_on_it_or_not_at_all(
    desk: Desk,
) -> None:
    made, lina = supposed(desk), desk.client("lina")
    claim = next(k.record.id for k in desk.casebook.find(Proposition, view_of("restricted")))
    linked = Bearing(
        id=new_id(), hypothesis=made.id, element=KILLED, bears="undermines", case=CASE,
        reasoning="another night", proposition=claim,
    )  # fmt: skip
    desk.casebook.write([linked], desk.signer("idris"))
    page = lina.get(f"/en/law/hypothesis/{made.id}/").content.decode()
    address = html.unescape(re.search(r'href="([^"]*case-file/[^"]*)"', page)[1])  # type: ignore[index]
    assert made.id in lina.get(address).content.decode()
    order = {"recipient": "Court", "reason": "request", "case": CASE, "hypotheses": made.id}
    told = ordered(lina, order)
    assert told.status_code == 200, in_words(told)
    refused = ordered(lina, {**order, "without": linked.id}, "sign")
    assert refused.status_code == 422
    assert "What speaks against a claim cannot be left behind" in in_words(refused)


def test_what_others_wrote_is_shown_and_never_run(desk: Desk) -> None:
    made = supposed(desk, note='<script>alert("x")</script>')
    page = desk.client("rima").get(f"/en/law/hypothesis/{made.id}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_no_two_claims_that_may_be_linked_read_alike(desk: Desk) -> None:
    made = supposed(desk)
    page = desk.client("idris").get(f"/en/law/hypothesis/{made.id}/bear/").content.decode()
    offered = re.findall(r'name="claim"[^>]*>\s*([^<]+)<', page)
    assert len(offered) > 3
    assert len(set(offered)) == len(offered)
