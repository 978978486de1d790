"""Sites at the desk: as exactly as whoever looks may know, and written down from their page."""

from __future__ import annotations

import re
from typing import Any

import pytest

from casebook.bureau import Bureau
from casebook.sites.pit import EXACT, Pit, dug, strict
from dalil.casebook.index.view import view_of
from dalil.casebook.record.form import new_id
from dalil.casebook.record.sites import Position, Remains, SiteWarning
from dalil.casebook.record.victims import Victim
from web.addresses import addresses, path_of, samples
from web.casebook.test_writing import send
from web.rooms import Desk


@pytest.fixture
def pit(desk: Desk) -> Pit:
    """Return the grave, in the archive of the desk."""
    return dug(Bureau(desk.archive, desk.casebook, desk.signer("idris")))


def page(desk: Desk, who: str, path: str = "", lang: str = "en") -> str:
    answer = desk.client(who, lang).get(f"/{lang}/sites/{path}")
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


def test_a_site_shows_rivals_states_warnings_and_remains(desk: Desk, pit: Pit) -> None:
    listed = page(desk, "idris")
    assert f"/en/sites/{pit.site}/" in listed
    assert "1 warning has yet to be given" in listed
    html = page(desk, "idris", f"{pit.site}/")
    for text in (
        "33.50495, 36.30495",
        "33.50507, 36.30507",
        "18 metres from the first",
        "The com",
        "contested",
        "body 4",
        "a recognition, not an identification",
        "Field team",
    ):
        assert text in html, text
    assert len(re.findall(r'<circle class="said"', html)) == 2
    claim = re.search(r"remains.*?in place.*?</li>", html, re.DOTALL)
    assert claim is not None
    assert "contested" in claim[0]
    arabic = page(desk, "idris", f"{pit.site}/", "ar")
    assert "المقلع القديم" in arabic
    assert "محل خلاف" in arabic
    assert "تعرّف، لا تحديد هوية" in arabic


def test_a_drawing_for_a_lower_class_holds_one_square(desk: Desk, pit: Pit) -> None:
    html = page(desk, "ghassan", f"{pit.site}/")
    assert html.count("33.50, 36.30") == 2
    assert len(set(re.findall(r'cx="([^"]+)" cy="([^"]+)"', html))) == 1


@pytest.mark.parametrize("who", ["rima", "ghassan"])
def test_no_page_tells_a_lower_class_where_it_lies(desk: Desk, pit: Pit, who: str) -> None:
    pit.write(strict(pit))
    client, given = desk.client(who), samples(desk)
    about: Any = {name: value for name, value in given.items() if " " not in name}
    paths = set()
    rooms = ("casebook:", "pictures:", "sites:")
    for id_ in (pit.site, pit.rival):
        named = {**about, **dict.fromkeys(("record_id", "site", "about"), id_), "case": "quarry"}
        named["case_name"] = "quarry"
        paths |= {path_of(each, named) for each in addresses() if each.name.startswith(rooms)}
    paths |= {f"/en/search/?q={word}" for word in ("canary*", "quarry")}
    told = {}
    for path in sorted(paths):
        if not any(each in path for each in ("/leave", "/lock", "/logout", "/draft")):
            answer: Any = client.get(path)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = body.decode("utf-8", "replace")
            told[path] = [each for each in (*EXACT, pit.hidden) if each in text]
    assert {path: found for path, found in told.items() if found} == {}
    assert sum(pit.site in path for path in told) > 3


def test_whoever_may_not_know_it_does_not_revise_it(desk: Desk, pit: Pit) -> None:
    pit.write(strict(pit))
    for id_ in (pit.site, pit.rival):
        answer = desk.client("idris").get(f"/en/casebook/record/{id_}/revise/")
        assert answer.status_code == 403


def test_a_position_is_written_down_from_the_page(desk: Desk, pit: Pit) -> None:
    client = desk.client("idris")
    html = page(desk, "idris", f"{pit.site}/")
    for kind in ("position", "site_state", "warning", "precision", "remains"):
        assert f"/en/casebook/new/{kind}/?site={pit.site}" in html
    assert (
        "The old quarry"
        in client.get(f"/en/casebook/new/position/?site={pit.site}").content.decode()
    )
    address = f"/en/casebook/new/position/?site={pit.site}"
    answer = send(client, address, lat_e6="33.61", lon_e6="36.4", radius_m="300")
    assert answer.status_code == 302, answer.content[:2000]
    found = [k.record for k in desk.casebook.find(Position, view_of("restricted"))]
    assert [(e.lat_e6, e.radius_m) for e in found if isinstance(e, Position)][-1] == (
        33_610_000, 300,
    )  # fmt: skip
    assert "not both can be right" in page(desk, "idris", f"{pit.site}/")


def test_remains_are_said_to_be_somebodys_only_with_method_and_conditions(
    desk: Desk, pit: Pit
) -> None:
    (remains,) = (known.record.id for known in desk.casebook.find(Remains, view_of("open")))
    (victim,) = (known.record.id for known in desk.casebook.find(Victim, view_of("open")))
    address = f"/en/casebook/new/identification/?remains={remains}"
    assert address in page(desk, "idris", f"{pit.site}/")
    client, said = desk.client("idris"), {"victim": victim, "grade": "scientific"}
    assert send(client, address, **said).status_code == 422
    done = send(client, address, **said, method="DNA", conditions="two laboratories")
    assert done.status_code == 302, done.content[:2000]
    assert "DNA" in page(desk, "idris", f"{pit.site}/")


def test_what_hides_in_words_is_made_visible_and_markup_stays_text(desk: Desk, pit: Pit) -> None:
    duty = SiteWarning(
        id=new_id(), site=pit.site, to="the \u202eboard", reasoning="<b>bones</b>", see="open",
        by="Rima", warned_on="2024-05", answer="acted", answered_on="2024-06",
    )  # fmt: skip
    pit.write(duty)
    html = page(desk, "idris", f"{pit.site}/")
    assert "‹U+202E›" in html
    assert "<b>bones" not in html
    assert "acted, June 2024" in html


def test_a_guest_sees_no_form_and_an_unknown_site_is_not_there(desk: Desk, pit: Pit) -> None:
    assert "/casebook/new/" not in page(desk, "ghassan", f"{pit.site}/")
    for wrong in ("0" * 32, "x", "%D8%A7"):
        assert desk.client("ghassan").get(f"/en/sites/{wrong}/").status_code == 404
