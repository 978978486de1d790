"""The JSON interface: who reads what, what is signed once, and what two sign at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.casebook.describe.lanes import lanes
from dalil.casebook.index.view import View
from dalil.casebook.record.form import new_id
from web.describing.written import TICK, annotation, terms

if TYPE_CHECKING:
    from web.rooms import Desk

READS = ("items/{item}/lanes", "items/{item}/transcript", "code-books", "code-books/conduct")


def change(**said: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return one change as an editor sends it."""
    return {
        "id": new_id(), "revises": 0, "lane": "who", "pts_start": 2048, "pts_end": 4096,
        "timebase": TICK, "text_en": "somebody", "see": "restricted", **said,
    }  # fmt: skip


def sent(client: Client, desk: Desk, *changes: dict[str, Any], note: str = "") -> Any:  # noqa: ANN401
    """Send changes; return the answer."""
    document = {"note": note, "changes": list(changes)}
    return client.post(f"/api/items/{desk.item()}/annotations", document, "application/json")


def test_every_change_of_an_editor_is_one_act(desk: Desk) -> None:
    rima = desk.client("rima")
    size = desk.casebook.ledger.size
    answer = sent(rima, desk, *(change(text_en=f"{n}") for n in range(20)))
    assert answer.status_code == 200
    assert answer.json()["count"] == 20
    assert desk.casebook.ledger.size == size + 1
    assert lanes(desk.casebook, desk.item(), View()).count == 20


def test_sent_again_nothing_is_signed_twice(desk: Desk) -> None:
    rima, one = desk.client("rima"), change()
    first = sent(rima, desk, one).json()
    size = desk.casebook.ledger.size
    again = sent(rima, desk, one).json()
    assert again["revises"] == first["revises"]
    assert again["seq"] is None
    assert desk.casebook.ledger.size == size


def test_the_second_of_two_sees_what_the_first_signed_and_nothing_is_lost(desk: Desk) -> None:
    rima, idris, one = desk.client("rima"), desk.client("idris"), change()
    sent(rima, desk, one)
    first = one | {"revises": 1, "text_en": "hers"}
    second, other = one | {"revises": 1, "text_en": "his"}, change()
    assert sent(rima, desk, first).status_code == 200
    answer = sent(idris, desk, second, other)
    assert answer.status_code == 409
    assert [each["text_en"] for each in answer.json()["conflicts"]] == ["hers"]
    assert lanes(desk.casebook, desk.item(), View()).count == 1
    rebased = second | {"revises": answer.json()["conflicts"][0]["revises"]}
    assert sent(idris, desk, rebased, other).status_code == 200
    assert lanes(desk.casebook, desk.item(), View()).count == 2


def test_what_is_withdrawn_says_why(desk: Desk) -> None:
    rima, one = desk.client("rima"), change()
    sent(rima, desk, one)
    gone = one | {"revises": 1, "gone": True}
    assert sent(rima, desk, gone).status_code in (400, 422)
    assert sent(rima, desk, gone, note="misread").status_code == 200
    assert lanes(desk.casebook, desk.item(), View()).count == 0


def test_an_inference_without_observation_is_refused(desk: Desk) -> None:
    rima = desk.client("rima")
    seen, bare = change(), change(basis="inference")
    assert sent(rima, desk, seen, bare).status_code == 422
    assert lanes(desk.casebook, desk.item(), View()).count == 0
    assert sent(rima, desk, seen, bare | {"rests_on": [seen["id"]]}).status_code == 200


def test_a_revision_keeps_what_its_author_may_not_see(desk: Desk) -> None:
    secret = annotation(desk, "sealed ground", see="sealed")
    plain = annotation(desk, "plain ground")
    inferred = annotation(desk, "inferred", basis="inference", rests_on=(secret.id, plain.id))
    desk.casebook.write([secret, plain, inferred], desk.signer("layla"))
    rima = desk.client("rima")
    shown = rima.get(f"/api/items/{desk.item()}/lanes").json()["annotations"]
    mine = next(each for each in shown if each["id"] == inferred.id)
    assert mine["rests_on"] == [plain.id]
    anew = change(
        id=inferred.id, revises=1, text_en="otherwise", basis="inference", rests_on=[plain.id]
    )
    assert sent(rima, desk, anew).status_code == 200
    kept = desk.casebook.get(inferred.id, View(clearance=2)).record
    assert set(getattr(kept, "rests_on", ())) == {secret.id, plain.id}


@pytest.mark.parametrize("path", READS)
def test_nobody_who_is_not_signed_in_reads_anything(desk: Desk, path: str) -> None:
    answer = Client().get(f"/api/{path.format(item=desk.item())}")
    assert answer.status_code == 401
    assert answer.json()["refused"]


def test_what_is_sealed_is_in_no_answer(desk: Desk) -> None:
    terms(desk)
    marks = [annotation(desk, "canary of the sealed", see="sealed"), annotation(desk, "plain")]
    desk.casebook.write(marks, desk.signer("layla"))
    for who, wanted in (("rima", b"plain"), ("ghassan", None), ("layla", b"canary")):
        client = desk.client(who)
        for path in READS:
            told = client.get(f"/api/{path.format(item=desk.item())}").content
            assert (b"canary" in told) == (who == "layla" and "lanes" in path)
            assert wanted is None or "lanes" not in path or wanted in told


def test_who_may_only_read_signs_nothing(desk: Desk) -> None:
    for who in ("omar", "lina", "ghassan"):
        assert sent(desk.client(who), desk, change()).status_code == 403


def test_another_site_signs_nothing(desk: Desk) -> None:
    client = Client(enforce_csrf_checks=True)
    desk.log_in(client, "rima")
    assert sent(client, desk, change()).status_code == 403
    assert lanes(desk.casebook, desk.item(), View()).count == 0


@pytest.mark.parametrize("item", ["0" * 32, "not-an-item", "..%2f..", "a" * 200])
def test_an_item_that_is_not_there_is_not_found(desk: Desk, item: str) -> None:
    rima = desk.client("rima")
    for path in ("lanes", "transcript"):
        assert rima.get(f"/api/items/{item}/{path}").status_code in (404, 422)


def test_whoever_guesses_an_id_of_another_item_changes_nothing(desk: Desk) -> None:
    rima, one = desk.client("rima"), change()
    sent(rima, desk, one)
    document = {"changes": [one | {"revises": 1, "text_en": "moved"}]}
    moved = rima.post(f"/api/items/{desk.item(1)}/annotations", document, "application/json")
    assert moved.status_code == 403


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    said=st.dictionaries(
        st.sampled_from(sorted(change())),
        st.none()
        | st.integers()
        | st.text(max_size=40)
        | st.lists(st.text(max_size=4), max_size=3),
    )
)
def test_whatever_is_sent_it_is_signed_or_refused_in_words(
    desk: Desk, said: dict[str, Any]
) -> None:
    answer = sent(desk.client("rima"), desk, change() | said)
    assert answer.status_code in (200, 400, 403, 409, 422)
    assert answer.status_code == 200 or answer.json()["happened"]


def test_the_interface_does_what_its_schema_says(desk: Desk) -> None:
    """Schemathesis would need a server: `test_schema.py` asks it, in a browser run."""
    schema = desk.client("rima").get("/api/openapi.json").json()
    assert len(schema["paths"]) >= 7
    for path, methods in schema["paths"].items():
        for told in methods.values():
            assert {"401", "403", "404", "422"} <= set(told["responses"]), path
