"""The queue: the likeliest first, one signed act each, whoever differs stands beside."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from dalil.kernel.canonical import Json
from dalil.ledger.ledger import Ledger
from dalil.match.copies.judgement import JUDGED, judgements
from dalil.match.found import SAME, SCENE, UNSURE, Found
from dalil.match.held import catalogue as held
from dalil.match.held.catalogue import Catalogue
from dalil.match.stated import found_from
from web.copies.finding import REASONS, candidate, found, pair, typed

if TYPE_CHECKING:
    from web.rooms import Desk

LINKED = re.compile(r'<a href="/en/copies/pair/([0-9a-f]{32})/([0-9a-f]{32})/"')
SHOWING = re.compile(r"<(video|img|picture|audio|source|object|embed|iframe)\b|poster=|background")


def at(desk: Desk, *clips: int) -> str:
    """Return the address of a pair."""
    a, b = pair(desk, *clips)
    return f"/en/copies/pair/{a}/{b}/"


def judged(desk: Desk) -> list[dict[str, Any]]:
    """Return what the acts about copies say."""
    return [e.act.opened() for e in Ledger.open(desk.archive).acts(JUDGED)]


@pytest.fixture
def three(desk: Desk) -> Desk:
    """Return a desk where three pairs were found alike."""
    found(
        desk,
        candidate(*pair(desk, 0, 1), SAME, 0.5),
        candidate(*pair(desk, 0, 2), SCENE, 0.9),
        candidate(*pair(desk, 1, 2), UNSURE, 0.1),
    )
    return desk


def test_the_queue_shows_the_likeliest_first_in_words_and_no_picture(three: Desk) -> None:
    page = three.client("idris").get("/en/copies/").content.decode()
    said = [page.index(words) for words in ("another moment</span>", "same footage</span>")]
    assert said == sorted(said)
    assert "The machine cannot tell" in page
    assert "00:00:01.000" in page
    assert "mirrored" in page
    assert not SHOWING.search(page)


def test_of_many_candidates_a_page_reads_its_own_alone(
    three: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [candidate(f"{n:032x}", f"{n + 1:032x}", SAME, 0.6 + n / 1000) for n in range(50)]
    with Catalogue.made(three.archive) as catalogue:
        catalogue.keep(three.item(0), "1", many)
    idris, address = three.client("idris"), at(three, 0, 2)
    idris.post(f"{address}judge/", typed(idris, address))
    read: list[object] = []

    def counted(untrusted: Json) -> Found:
        read.append(untrusted)
        return found_from(untrusted)

    with monkeypatch.context() as patch:
        patch.setattr(held, "found_from", counted)
        pages = [idris.get(f"/en/copies/?page={n}").content.decode() for n in (1, 2, 3)]
    shown = [name for page in pages for name in LINKED.findall(page)]
    wanted = [(each.a, each.b) for each in reversed(many)] + [pair(three), pair(three, 1, 2)]
    assert shown == wanted
    assert len(read) == len(wanted)
    assert all("52 candidates that nobody has judged" in page for page in pages)
    assert LINKED.findall(idris.get("/en/copies/?show=judged").content.decode()) == [
        pair(three, 0, 2)
    ]


def test_how_often_it_errs_is_said_in_the_language_of_the_page(three: Desk) -> None:
    page = three.client("idris").get(at(three, 0, 1).replace("/en/", "/ar/")).content.decode()
    assert "١٤ فيلمًا، صُنعت بـ٢٩ طريقة" in page
    assert "٤٠٦ نُسخ حقيقية" in page
    english = three.client("idris").get(at(three, 0, 1)).content.decode()
    assert "copies of 14 films, made in 29 ways" in english


def test_each_judgement_is_one_signed_act_with_its_reasons_and_the_candidate(three: Desk) -> None:
    idris, address = three.client("idris"), at(three, 0, 1)
    form = typed(idris, address)
    answers = [idris.post(f"{address}judge/", form) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    [act] = judged(three)
    assert (act["judgement"], act["reasons"]) == (SAME, REASONS)
    assert act["lead"]["verdict"] == SAME
    page = idris.get("/en/copies/").content.decode()
    assert address not in page
    shown = idris.get("/en/copies/?show=judged").content.decode()
    assert address in shown
    assert REASONS in idris.get(address).content.decode()


def test_from_the_queue_one_comes_back_to_the_queue_and_can_take_it_back(three: Desk) -> None:
    idris, address = three.client("idris"), at(three, 0, 1)
    sent = idris.post(f"{address}judge/", typed(idris, address, back="queue"))
    assert sent["Location"].startswith("/en/copies/?last=")
    page = idris.get(sent["Location"]).content.decode()
    assert f'<a href="{address}" data-undo>' in page
    idris.post(f"{address}withdraw/", {"reasons": "the wrong key", "once": "undo"})
    assert [each["judgement"] for each in judged(three)] == [SAME, "withdrawn"]
    assert judgements(Ledger.open(three.archive)) == ()
    assert address in idris.get("/en/copies/").content.decode()


def test_without_reasons_nothing_is_signed_and_what_was_chosen_is_kept(three: Desk) -> None:
    idris, address = three.client("idris"), at(three, 0, 1)
    sent = idris.post(f"{address}judge/", typed(idris, address, judgement=SCENE, reasons=" "))
    assert sent.status_code == 422
    page = sent.content.decode()
    assert re.search(rf'value="{SCENE}"[^>]*checked', page)
    assert judged(three) == []


def test_what_changed_meanwhile_is_shown_before_anything_is_signed(three: Desk) -> None:
    idris, layla, address = three.client("idris"), three.client("layla"), at(three, 0, 1)
    mine, theirs = typed(idris, address), typed(layla, address, judgement=SCENE, reasons="shadows")
    assert layla.post(f"{address}judge/", theirs).status_code == 302
    sent = idris.post(f"{address}judge/", mine)
    page = html.unescape(sent.content.decode())
    assert sent.status_code == 409
    assert "shadows" in page
    assert REASONS in page
    assert len(judged(three)) == 1
    known = re.search(r'name="known" value="([0-9a-f]+)"', page)
    assert known
    again = {**mine, "known": known[1], "once": "once more"}
    assert idris.post(f"{address}judge/", again).status_code == 302
    assert "People differ" in idris.get(address).content.decode()
    assert {each.judgement for each in judgements(Ledger.open(three.archive))} == {SAME, SCENE}


def test_whoever_may_not_weigh_reads_and_does_not_judge(three: Desk) -> None:
    rima, address = three.client("rima"), at(three, 0, 1)
    assert "<fieldset" not in rima.get(address).content.decode()
    assert rima.post(f"{address}judge/", {"once": "x"}).status_code == 403
    assert judged(three) == []


def test_whoever_sees_open_records_alone_sees_no_candidate_and_no_count(three: Desk) -> None:
    idris, address = three.client("idris"), at(three, 0, 1)
    idris.post(f"{address}judge/", typed(idris, address))
    ghassan = three.client("ghassan")
    assert ghassan.get(address).status_code == 404
    for path in ("/en/copies/", f"/en/copies/item/{three.item()}/"):
        page = ghassan.get(path).content.decode()
        assert "/copies/pair/" not in page
        assert REASONS not in page
        assert three.item(1) not in page
    assert three.client("idris").get(f"{address}?see=open").status_code == 404


def test_a_guest_is_not_told_that_anybody_judged_a_file(three: Desk) -> None:
    idris, ghassan = three.client("idris"), three.client("ghassan")
    item, address = three.item(0), at(three, 0, 1)
    before = ghassan.get(f"/en/archive/item/{item}/").content.decode()
    idris.post(f"{address}judge/", typed(idris, address))
    [act] = Ledger.open(three.archive).acts(JUDGED)
    shown = idris.get(f"/en/archive/item/{item}/").content.decode()
    assert "A judgement was given" in shown
    (receipt,) = re.findall(rf'"(/en/archive/[^"]*/{act.seq}[^"]*)" download', shown)
    assert idris.get(receipt).status_code == 200
    assert ghassan.get(receipt).status_code == 404
    assert idris.get(f"{receipt}?see=open").status_code == 404
    after = ghassan.get(f"/en/archive/item/{item}/").content.decode()
    assert after.count('class="claim"') == before.count('class="claim"')
    assert "A judgement was given" not in after


def test_a_clip_shows_its_candidates_and_the_archive_leads_to_it(three: Desk) -> None:
    idris, item = three.client("idris"), three.item()
    page = idris.get(f"/en/copies/item/{item}/").content.decode()
    assert page.count("/copies/pair/") == 2
    assert not SHOWING.search(page)
    assert f"/en/copies/item/{item}/" in idris.get(f"/en/archive/item/{item}/").content.decode()
    assert idris.get(f"/en/copies/item/{'0' * 32}/").status_code == 404
