"""What is said in a clip: written down, translated twice, and two who write at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

    from web.rooms import Desk

SAID = {
    "new0-start": "0:01", "new0-end": "00:00:02.5", "new0-speaker": "voice 1",
    "new0-medium": "spoken", "new0-words": "تعال إلى هنا", "new0-revises": "0",
    "new1-start": "٠:٠٣", "new1-end": "frame:71", "new1-words": "حسنًا", "new1-medium": "spoken",
    "see": "restricted", "once": "said",
}  # fmt: skip


def sheet(desk: Desk, asked: str = "lang=ar") -> str:
    """Return the address of a sheet of the first clip."""
    return f"/en/describing/item/{desk.item()}/transcript/sheet/?{asked}"


def written_down(desk: Desk, client: Client) -> list[str]:
    """Write two segments down; return their ids."""
    assert client.post(sheet(desk), SAID).status_code == 302
    rows = client.get(sheet(desk)).context["page"].rows
    return [each.name for each in rows if each.known is not None]


def translated(ids: list[str], words: str, **said: str) -> dict[str, str]:
    """Return a translation of the first segment as it is typed."""
    return {f"{ids[0]}-words": words, f"{ids[0]}-revises": "0", "see": "restricted", **said}


def test_segments_are_written_down_by_time_code_in_either_script(desk: Desk) -> None:
    rima = desk.client("rima")
    written_down(desk, rima)
    page = rima.get(f"/ar/describing/item/{desk.item()}/transcript/")
    rows = page.context["page"].shown.rows
    assert [each.said.segment.words for each in rows] == ["تعال إلى هنا", "حسنًا"]
    assert [float(each.said.start) for each in rows] == [1.0, 3.0]
    assert "تعال إلى هنا" in page.content.decode()


def test_rival_translations_stand_side_by_side_certified_or_not(desk: Desk) -> None:
    rima = desk.client("rima")
    ids = written_down(desk, rima)
    first = translated(ids, "Come here", once="a")
    second = translated(ids, "Get over here", once="b", translator="M. Haddad", certified="on")
    assert rima.post(sheet(desk, "lang=en&of_lang=ar"), first).status_code == 302
    court = sheet(desk, "lang=en&version=court&of_lang=ar")
    assert rima.post(court, second).status_code == 302
    row = rima.get(f"/en/describing/item/{desk.item()}/transcript/").context["page"].shown.rows[0]
    told = [(t.version, t.certified, [e.words for e in s]) for t, s in row.rendered]
    assert told == [("court", True, ["Get over here"]), (None, False, ["Come here"])]


def test_the_second_of_two_who_translate_one_segment_sees_both(desk: Desk) -> None:
    rima, idris = desk.client("rima"), desk.client("idris")
    ids = written_down(desk, rima)
    address = sheet(desk, "lang=en&of_lang=ar")
    assert rima.post(address, translated(ids, "Come here", once="a")).status_code == 302
    page = idris.post(address, translated(ids, "Come now", once="b"))
    assert page.status_code == 409
    shown = page.content.decode()
    assert "Come here" in shown
    assert "Come now" in shown
    row = page.context["page"].rows[0]
    again = translated(ids, row.words, once="c") | {f"{ids[0]}-revises": str(row.revises)}
    assert idris.post(address, again).status_code == 302
    assert idris.get(address).context["page"].rows[0].words == "Come now"


def test_what_did_not_change_is_not_signed_again(desk: Desk) -> None:
    rima = desk.client("rima")
    ids = written_down(desk, rima)
    size = desk.casebook.ledger.size
    assert rima.post(sheet(desk), {"see": "restricted", "once": "z"}).status_code == 302
    assert desk.casebook.ledger.size == size
    assert len(ids) == 2


def test_what_is_taken_out_is_taken_out_for_a_reason(desk: Desk) -> None:
    rima = desk.client("rima")
    ids = written_down(desk, rima)
    gone = {f"{ids[0]}-words": "", f"{ids[0]}-revises": "1", "see": "restricted"}
    assert rima.post(sheet(desk), gone | {"once": "m"}).status_code == 422
    assert rima.post(sheet(desk), gone | {"once": "n", "note": "misheard"}).status_code == 302
    rows = rima.get(f"/en/describing/item/{desk.item()}/transcript/").context["page"].shown.rows
    assert [each.said.segment.words for each in rows] == ["حسنًا"]


def test_what_is_no_time_in_the_clip_is_told_beside_its_row(desk: Desk) -> None:
    rima = desk.client("rima")
    for start in ("1:00:00", "soon", ""):
        page = rima.post(sheet(desk), SAID | {"new0-start": start, "once": f"t{start}"})
        assert page.status_code == 422
        assert [bool(each.wrong) for each in page.context["page"].rows] == [True] + [False] * 3
        assert "تعال إلى هنا" in page.content.decode()
