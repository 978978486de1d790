"""A blind round by its pages: set up, described, submitted, compared, decided by a third."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.describing.written import annotation, terms

if TYPE_CHECKING:
    from django.test import Client

    from web.rooms import Desk

ADDRESS = "/en/describing"


def set_up(desk: Desk) -> str:
    """Set up a round of Rima and Idris; return its id."""
    terms(desk)
    asked = {
        "book": "conduct", "lanes": "what happens\n\nwho\nwho", "see": "restricted", "once": "one",
        "annotators": [desk.signer("rima").person_id, desk.signer("idris").person_id],
    }  # fmt: skip
    said = desk.client("layla").post(f"{ADDRESS}/item/{desk.item()}/round/", asked)
    assert said.status_code == 302, said.content.decode()
    return str(said["Location"]).rstrip("/").rpartition("/")[2]


def describe(desk: Desk, round_: str, who: str, term: str, end: int) -> None:
    """Write one annotation in the round."""
    signer = desk.signer(who)
    said = annotation(
        desk, f"{who} {round_}", 2048, end, term=term, text_en=f"as {who} sees it",
        round=round_, annotator=signer.person_id,
    )  # fmt: skip
    desk.casebook.write([said], signer)


def submit(client: Client, round_: str) -> int:
    """Submit; return the status of the answer."""
    return client.post(f"{ADDRESS}/round/{round_}/submit/", {"once": f"s{id(client)}"}).status_code


def test_nobody_reads_the_others_work_before_all_have_submitted(desk: Desk) -> None:
    round_ = set_up(desk)
    told = terms_there()
    describe(desk, round_, "rima", told[0], 12800)
    describe(desk, round_, "idris", told[1], 25600)
    rima, idris, layla = desk.client("rima"), desk.client("idris"), desk.client("layla")
    addresses = [
        f"{ADDRESS}/round/{round_}/", f"{ADDRESS}/item/{desk.item()}/list/",
        f"{ADDRESS}/item/{desk.item()}/?round={round_}", f"/api/items/{desk.item()}/lanes",
        f"/api/items/{desk.item()}/lanes?round={round_}",
    ]  # fmt: skip
    assert submit(rima, round_) == 302
    for client, others in ((rima, ["idris"]), (idris, ["rima"]), (layla, ["rima", "idris"])):
        for address in addresses:
            shown = client.get(address).content.decode()
            assert not [each for each in others if f"as {each} sees it" in shown], address
    assert "as rima sees it" in rima.get(addresses[3]).content.decode()
    assert layla.get(f"/api/rounds/{round_}/agreement").status_code == 422


def test_a_third_decides_with_reasons_where_they_differ(desk: Desk) -> None:
    round_ = set_up(desk)
    told = terms_there()
    describe(desk, round_, "rima", told[0], 12800)
    describe(desk, round_, "idris", told[1], 25600)
    assert submit(desk.client("rima"), round_) == submit(desk.client("idris"), round_) == 302
    layla = desk.client("layla")
    page = layla.get(f"{ADDRESS}/round/{round_}/")
    lane = page.context["page"].lanes[0]
    assert lane.lane == "what happens"
    assert lane.count == lane.undecided == len(lane.differences) == 2
    assert "as rima sees it" in page.content.decode()
    address = f"{ADDRESS}/round/{round_}/decide/0/0/"
    assert layla.post(address, {"stands": "none", "once": "x"}).status_code == 422
    chosen = layla.get(address).context["page"].form.fields["stands"].choices[0][0]
    decided = {"stands": chosen, "reasoning": "Its outline is seen twice.", "once": "y"}
    assert layla.post(address, decided).status_code == 302
    after = layla.get(f"{ADDRESS}/round/{round_}/")
    assert after.context["page"].lanes[0].undecided == 1
    assert "Its outline is seen twice." in after.content.decode()
    own = desk.client("rima").post(address, decided | {"once": "z"})
    assert own.status_code == 422


def test_after_submitting_nothing_of_ones_own_changes(desk: Desk) -> None:
    round_ = set_up(desk)
    rima = desk.client("rima")
    assert submit(rima, round_) == 302
    page = rima.get(f"{ADDRESS}/item/{desk.item()}/?round={round_}")
    assert page.context["page"].may_describe is False
    assert "Submit and keep" not in rima.get(f"{ADDRESS}/round/{round_}/").content.decode()


def test_a_round_of_one_is_refused(desk: Desk) -> None:
    terms(desk)
    asked = {"book": "conduct", "lanes": "who", "see": "restricted", "once": "q"}
    asked["annotators"] = desk.signer("rima").person_id
    said = desk.client("layla").post(f"{ADDRESS}/item/{desk.item()}/round/", asked)
    assert said.status_code == 422


def terms_there() -> list[str]:
    """Return the ids of the terms that `set_up` wrote."""
    from dalil.casebook.record.form import id_for

    return [id_for("t", key) for key in ("shape", "vehicle", "blow")]
