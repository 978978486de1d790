"""What a family was told, and two blind counts, by their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dalil.casebook.index.view import view_of
from dalil.casebook.record.describing import Annotation, Round, Submission
from dalil.casebook.record.form import new_id
from dalil.casebook.record.victims import Appearance, Notification, Victim

if TYPE_CHECKING:
    from web.rooms import Desk

NAME = "سليم حداد"
SEALED = view_of("sealed")


def seen_victim(desk: Desk) -> str:
    """Write somebody without a name, seen in the first clip."""
    victim = Victim(id=new_id(), unidentified=True, label="person 3")
    place = Appearance(
        id=new_id(), victim=victim.id, item=desk.item(), pts_start=0, pts_end=2, timebase="1/1"
    )
    desk.casebook.write([victim, place], desk.signer("idris"))
    return victim.id


def told(see: str = "restricted", **more: str) -> dict[str, str]:
    said = {
        "what": "release", "to": "F-12", "relation": "sister", "by": "Idris", "on": "2026-05-03",
        "answer": "agrees", "see": see, "once": new_id(),
    }  # fmt: skip
    return said | more


def test_footage_waits_on_the_page_until_the_family_agrees(desk: Desk) -> None:
    victim, idris = seen_victim(desk), desk.client("idris")
    address = f"/en/victims/person/{victim}/"
    assert "a release to the public waits" in idris.get(f"{address}family/").content.decode()
    wrong = idris.post(f"{address}tell/", told(on="May"))
    assert wrong.status_code == 422
    assert "F-12" in wrong.content.decode()
    assert idris.post(f"{address}tell/", told()).status_code == 302
    shown = idris.get(f"{address}family/").content.decode()
    assert "not held by this family" in shown
    assert "F-12" in shown
    arabic = desk.client("idris", "ar").get(f"/ar/victims/person/{victim}/family/")
    assert "لا يوقفه الأهل" in arabic.content.decode()


def test_a_family_that_was_sought_is_recorded_without_an_answer_of_anybody(desk: Desk) -> None:
    victim, idris = seen_victim(desk), desk.client("idris")
    asked = told(what="family_sought", to="", relation="")
    assert idris.post(f"/en/victims/person/{victim}/tell/", asked).status_code == 302
    (written,) = [
        each.record.answer
        for each in desk.casebook.find(Notification, SEALED)
        if isinstance(each.record, Notification)
    ]
    assert written == "not_found"


def test_whoever_only_reads_gets_no_form_and_cannot_sign(desk: Desk) -> None:
    victim, rima = seen_victim(desk), desk.client("rima")
    page = rima.get(f"/en/victims/person/{victim}/family/")
    assert page.context["page"].tell is None
    assert rima.post(f"/en/victims/person/{victim}/tell/", told()).status_code == 403


def test_what_is_sealed_of_a_family_is_shown_to_nobody_below(desk: Desk) -> None:
    victim, layla = seen_victim(desk), desk.client("layla")
    address = f"/en/victims/person/{victim}/"
    assert layla.post(f"{address}tell/", told("sealed", to="CANARY-7")).status_code == 302
    assert "CANARY-7" in layla.get(f"{address}family/?see=sealed").content.decode()
    assert "CANARY-7" not in desk.client("idris").get(f"{address}family/").content.decode()


def test_a_recognition_by_sight_is_shown_as_no_identification(desk: Desk) -> None:
    victim, idris = seen_victim(desk), desk.client("idris")
    named = Victim(id=new_id(), names=({"form": NAME},), key="v1")
    desk.casebook.write([named], desk.signer("idris"))
    said = {
        "as_victim": "v1", "grade": "visual", "by": "F-12", "conditions": "one still, alone",
        "see": "restricted", "once": "one",
    }  # fmt: skip
    address = f"/en/victims/person/{victim}/"
    assert idris.post(f"{address}recognise/", said | {"as_victim": "nobody"}).status_code == 422
    assert idris.post(f"{address}recognise/", said | {"once": "two"}).status_code == 302
    assert "not an identification" in idris.get(f"{address}family/").content.decode()


def two_counts(desk: Desk) -> str:
    """Rima marks one person; Idris marks the same one, and one more."""
    people = {who: desk.signer(who) for who in ("rima", "idris")}
    round_ = Round(
        id=new_id(), item=desk.item(), book="persons", lanes=("persons",),
        annotators=tuple(each.person_id for each in people.values()),
    )  # fmt: skip
    desk.casebook.write([round_], desk.signer("layla"))
    for who, places in (("rima", (10,)), ("idris", (14, 400))):
        signer = people[who]
        marks = [
            Annotation(
                id=new_id(), item=desk.item(), lane="persons", pts_start=0, pts_end=12800,
                timebase="1/12800", label=f"{who} {n}", round=round_.id,
                annotator=signer.person_id, box={"x": x, "y": 5, "w": 40, "h": 90},
            )
            for n, x in enumerate(places)
        ]  # fmt: skip
        done = Submission(id=new_id(), round=round_.id, annotator=signer.person_id)
        desk.casebook.write([*marks, done], signer)
    return round_.id


def test_two_counts_are_decided_by_a_third_and_written_down_as_persons_without_names(
    desk: Desk,
) -> None:
    round_, layla = two_counts(desk), desk.client("layla")
    assert round_ in layla.get("/en/victims/counts/").content.decode()
    address = f"/en/victims/counts/{round_}/0/"
    page = layla.get(address)
    assert "1 of 2 (50 %)" in page.content.decode()
    assert not page.context["page"].may_write
    assert not desk.client("rima").get(address).context["page"].may_decide
    (number,) = [e.number for e in page.context["page"].outcomes if e.counts is None]
    form = layla.get(f"{address}{number}/").context["page"].form
    said = {
        "counts": "counts", "reasoning": "seen behind the car", "once": "one",
        "shown": form["shown"].value(),
    }  # fmt: skip
    wrong = said | {"counts": "same-as"}
    assert layla.post(f"{address}{number}/", wrong).status_code == 422
    # Had somebody decided meanwhile, this number would be another person's.
    moved = layla.post(f"{address}{1 - number}/", said | {"once": "four"})
    assert "Somebody else decided meanwhile" in moved.content.decode()
    assert layla.post(f"{address}{number}/", said | {"once": "two"}).status_code == 302
    assert layla.post(f"{address}write/", {"once": "three"}).status_code == 302
    labels = [getattr(e.record, "label", "") for e in desk.casebook.find(Victim, SEALED)]
    assert labels == ["person 1", "person 2"]
    counted = layla.get(f"/en/victims/count/item/{desk.item()}/").content.decode()
    assert "2 = 0 of known identity + 2 unidentified" in counted
    assert "٠ بهوية معروفة" in layla.get(f"/ar/victims/count/item/{desk.item()}/").content.decode()
