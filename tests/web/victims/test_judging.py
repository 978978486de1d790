"""The queue of pairs: reasons in words, one signed act each, taken back by another."""

from __future__ import annotations

import html
import re
import time
from typing import TYPE_CHECKING

import pytest

from casebook.victims.listing import BROTHER, OTHER, RED, SALIM, SALIM_TOO, UNNAMED, victim
from dalil.casebook.index.view import SEES, view_of
from dalil.casebook.record.form import Record
from dalil.casebook.victims.candidates import Candidates
from dalil.casebook.victims.judged import all_judgements
from web.victims.finding import ONE, REASONS, SIBLING, at, linked, typed
from web.viewing.looking import PATIENCE

if TYPE_CHECKING:
    from web.rooms import Desk

HERE = at(SALIM, SALIM_TOO)


def said(desk: Desk) -> list[tuple[str, str]]:
    """Return what stands."""
    return [(e.verdict, e.reasons) for e in all_judgements(desk.casebook, view_of("sealed"))]


@pytest.fixture
def two(desk: Desk) -> Desk:
    """Return a desk where two pairs were found."""
    linked(desk, ONE, SIBLING)
    return desk


def test_the_queue_shows_both_sides_and_says_why_in_words(two: Desk) -> None:
    page = two.client("idris").get("/en/victims/queue/").content.decode()
    assert "2 pairs that nobody has judged" in page
    assert page.index(HERE) < page.index(at(SALIM, BROTHER))
    assert "other given name: a sibling?" in page
    likeliest, sibling = page.index("the other&#x27;s likeliest"), page.index("Perhaps a sibling")
    assert likeliest < page.index(at(SALIM, BROTHER))
    assert page.index(HERE) < sibling
    assert "سليم يوسف منصور الحلاق" in page
    arabic = two.client("idris").get("/ar/victims/queue/").content.decode()
    assert "زوجان لم يحكم فيهما أحد" in arabic
    assert "أخ أو أخت؟" in arabic
    assert "٣٤ سنة" in arabic


def test_a_judgement_is_one_signed_act_and_leaves_the_queue(two: Desk) -> None:
    idris = two.client("idris")
    before = two.casebook.ledger.store.count()
    form = typed(idris, HERE, back="queue")
    answers = [idris.post(f"{HERE}judge/", form) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert two.casebook.ledger.store.count() == before + 1
    assert said(two) == [("same", REASONS)]
    page = idris.get(answers[0]["Location"]).content.decode()
    assert f'<a href="{HERE}" data-undo>' in page
    assert "1 pair that nobody has judged" in page
    assert HERE in idris.get("/en/victims/queue/?show=judged").content.decode()


def test_taken_back_it_waits_again_as_before(two: Desk) -> None:
    idris = two.client("idris")
    idris.post(f"{HERE}judge/", typed(idris, HERE))
    sent = idris.post(f"{HERE}withdraw/", {"reasons": "the wrong row", "once": "undo"})
    assert sent.status_code == 302
    assert said(two) == []
    page = idris.get("/en/victims/queue/").content.decode()
    assert "2 pairs that nobody has judged" in page
    assert REASONS not in idris.get(HERE).content.decode()


def test_what_changed_meanwhile_is_shown_before_anything_is_signed(two: Desk) -> None:
    idris, layla = two.client("idris"), two.client("layla")
    mine, theirs = typed(idris, HERE), typed(layla, HERE, verdict="different", reasons="two men")
    assert layla.post(f"{HERE}judge/", theirs).status_code == 302
    sent = idris.post(f"{HERE}judge/", mine)
    page = html.unescape(sent.content.decode())
    assert sent.status_code == 409
    assert "two men" in page
    assert REASONS in page
    known = re.search(r'name="known" value="([0-9a-f]+)"', page)
    assert known
    again = {**mine, "known": known[1], "once": "once more"}
    assert idris.post(f"{HERE}judge/", again).status_code == 302
    assert "People differ" in idris.get(HERE).content.decode()
    assert len(said(two)) == 2


def test_without_reasons_nothing_is_signed(two: Desk) -> None:
    idris = two.client("idris")
    sent = idris.post(f"{HERE}judge/", typed(idris, HERE, reasons=" "))
    assert sent.status_code == 422
    assert said(two) == []


def test_whoever_may_not_weigh_reads_and_does_not_judge(two: Desk) -> None:
    rima = two.client("rima")
    assert "<fieldset" not in rima.get(HERE).content.decode()
    for address in (f"{HERE}judge/", f"{HERE}withdraw/", "/en/victims/link/"):
        assert rima.post(address, {"once": "x"}).status_code == 403


def test_any_two_can_be_compared_also_where_nothing_was_found(two: Desk) -> None:
    page = two.client("idris").get(at(OTHER, UNNAMED)).content.decode()
    assert "Nothing was found" in page
    assert "person 3" in page


def test_all_records_are_compared_as_a_piece_of_work_on_the_view_of_whoever_asks(
    two: Desk,
) -> None:
    secret = victim(RED, "9", "Kanari Vogel", see="sealed")
    two.casebook.write([secret], two.signer("idris"))
    idris = two.client("idris")
    sent = idris.post("/en/victims/link/", {"once": "go"})
    until = time.monotonic() + PATIENCE
    while (state := idris.get(sent["Location"] + "state").json()["state"]) == "running":
        assert time.monotonic() < until
        time.sleep(0.2)
    assert state == "done", idris.get(sent["Location"]).content.decode()
    found = Candidates.open(two.archive, SEES["sealed"]).linked
    assert (found.see, found.compared) == ("restricted", 4)
    page = two.client("idris").get("/en/victims/queue/").content.decode()
    assert "4 records compared" in page
    assert "since then" not in page


@pytest.mark.parametrize("ids", [("0" * 32, "1" * 32), (SALIM.id, SALIM.id), ("x", "y")])
def test_a_pair_that_is_none_is_not_found(two: Desk, ids: tuple[str, str]) -> None:
    assert two.client("idris").get("/en/victims/pair/{}/{}/".format(*ids)).status_code == 404


@pytest.mark.parametrize(("a", "b"), [(SALIM, SALIM_TOO), (SALIM, BROTHER)])
def test_who_sees_open_records_alone_sees_nobody(two: Desk, a: Record, b: Record) -> None:
    ghassan = two.client("ghassan")
    assert ghassan.get(at(a, b)).status_code == 404
    assert ghassan.get(f"/en/victims/person/{a.id}/").status_code == 404
    for path in ("/en/victims/", "/en/victims/queue/", "/en/victims/queue/?show=judged"):
        page = ghassan.get(path).content.decode()
        assert "سليم" not in page
        assert "/victims/pair/" not in page
