"""What is held is shown as the acts tell it, and never who looked."""

from __future__ import annotations

import hashlib
import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dalil.intake.accession import tell
from dalil.intake.audit import check_archive
from dalil.intake.listing import accession_lines
from dalil.intake.telling import Hop
from dalil.kernel.tlogproof import parse_tlog_proof
from dalil.ledger.ledger import Draft, Ledger
from dalil.vault.vault import Vault
from dalil.web.archive.models import Given
from dalil.web.archive.work import KINDS, given_copy
from dalil.web.frame.once import fresh_token
from dalil.web.jobs.work import Work

if TYPE_CHECKING:
    from web.rooms import Desk

KARIM = Hop(1, "Karim Z.", "neighbour", "2013-05~", "a flat", "filmed it", "a friend of his", "x")
RIVAL = Hop(1, "unknown", "", "2014", "", "found on a laptop", "Rana", "")


def accession_of(desk: Desk) -> str:
    return accession_lines(Ledger.open(desk.archive), slice(0, 1))[0].accession


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_page_of_the_archive_opens_in_both_languages(desk: Desk, lang: str) -> None:
    omar, item, accession = desk.client("omar"), desk.item(0), accession_of(desk)
    check_archive(desk.archive, signer=desk.signer("omar"))
    pages = ["", "items/", "integrity/", "uploads/", f"item/{item}/", f"item/{item}/give-out/"]
    pages += [f"accession/{accession}/", f"accession/{accession}/telling/"]
    for path in pages:
        text = omar.get(f"/{lang}/archive/{path}").content.decode()
        assert "<h1>" in text, path
        assert "&lt;" not in text, path


def test_an_item_says_what_it_is_and_each_receipt_is_that_of_its_act(desk: Desk) -> None:
    omar, item = desk.client("omar"), desk.item(0)
    ledger = Ledger.open(desk.archive)
    text = omar.get(f"/en/archive/item/{item}/").content.decode()
    seqs = [int(each) for each in re.findall(rf"item/{item}/receipt/(\d+)", text)]
    assert seqs == [e.seq for e in ledger.acts_about(item)]
    for seq in seqs:
        given = omar.get(f"/en/archive/item/{item}/receipt/{seq}")
        assert given.headers["Content-Disposition"].startswith("attachment")
        assert parse_tlog_proof(given.content.decode()) == ledger.proof(seq)
    assert omar.get(f"/en/archive/item/{item}/receipt/0").status_code == 404
    assert omar.get(f"/en/archive/item/{item}/receipt/99999").status_code == 404


@pytest.mark.parametrize("who", ["salma", "rima", "ghassan"])
def test_every_link_of_an_item_leads_where_this_person_may_go(desk: Desk, who: str) -> None:
    client, item = desk.client(who), desk.item(0)
    text = client.get(f"/ar/archive/item/{item}/").content.decode()
    body = text[text.index("<main") : text.index("</main>")]
    links = {html.unescape(each) for each in re.findall(r'href="([^"#]+)"', body)}
    assert links
    for link in links:
        assert client.get(link).status_code == 200, link


def test_looks_are_a_number_and_whoever_looked_is_named_nowhere(desk: Desk) -> None:
    item, ledger = desk.item(0), Ledger.open(desk.archive)
    rima = desk.signer("rima")
    for _ in range(3):
        asked = Draft("look-asked", {"item": item, "reason": "to see a uniform"})
        looked = Draft("looked", {"item": item, "reason": "to see a uniform", "seconds": 7})
        entries = ledger.append([asked, looked], rima)
    for who in ("salma", "layla", "omar", "rima"):
        text = desk.client(who).get(f"/en/archive/item/{item}/").content.decode()
        assert "3 looks at it are recorded" in text
        assert "to see a uniform" not in text
        assert "look-asked" not in text
        assert ("Rima" in text) == (who == "rima")  # only in the head of her own page
        for entry in entries:
            address = f"/en/archive/item/{item}/receipt/{entry.seq}"
            assert desk.client(who).get(address).status_code == 404


def test_rival_tellings_stand_side_by_side_and_one_can_be_added_later(desk: Desk) -> None:
    omar, accession = desk.client("omar"), accession_of(desk)
    address = f"/en/archive/accession/{accession}/"
    assert "Nobody has told" in omar.get(address).content.decode()
    for hop in (KARIM, RIVAL):
        typed = {name: getattr(hop, name) for name in Hop.__dataclass_fields__ if name != "hop"}
        form = {**typed, "number": "1", "once": fresh_token()}
        assert omar.post(f"{address}telling/", form).status_code == 302
        assert omar.post(f"{address}telling/", form).status_code == 302
        assert omar.post(f"{address}telling/", {**form, "once": fresh_token()}).status_code == 302
    told = accession_lines(Ledger.open(desk.archive), slice(0, 1))[0].telling
    assert [each.hop for each in told] == [KARIM, RIVAL]
    text = omar.get(address).content.decode()
    assert "Contested" in text
    assert "Karim Z." in text
    assert "found on a laptop" in text


def test_a_telling_without_its_source_is_shown_again_with_what_was_typed(desk: Desk) -> None:
    omar, accession = desk.client("omar"), accession_of(desk)
    form = {"number": "1", "who": "Karim Z.", "how": "", "source": "", "once": fresh_token()}
    answer = omar.post(f"/ar/archive/accession/{accession}/telling/", form)
    assert answer.status_code == 422
    assert "Karim Z." in answer.content.decode()
    assert not accession_lines(Ledger.open(desk.archive), slice(0, 1))[0].telling


def test_what_is_typed_is_kept_until_it_is_signed_and_then_forgotten(desk: Desk) -> None:
    omar, accession = desk.client("omar"), accession_of(desk)
    address = f"/en/archive/accession/{accession}/telling/"
    key = f"/draft/archive/{accession}/how"
    assert f'data-draft="archive/{accession}/how"' in omar.get(address).content.decode()
    omar.generic("POST", key, "half a sen", content_type="text/plain")
    assert omar.get(key).json() == {"text": "half a sen"}
    form = {"number": "1", "who": "a", "how": "half a sentence", "source": "b"}
    # The page says with the form which drafts it was.
    form["draft-key"] = key.removeprefix("/draft/")
    assert omar.post(address, {**form, "once": fresh_token()}).status_code == 302
    assert omar.get(key).json() == {"text": None}


def test_a_guest_learns_of_a_telling_what_a_case_file_would_open(desk: Desk) -> None:
    ledger, accession = Ledger.open(desk.archive), accession_of(desk)
    named = Hop(2, "Samira", "", "", "", "from Karim, by hand", "Samira", "")
    for hop in (KARIM, named):
        tell(ledger, desk.signer("omar"), accession, hop)
    item = desk.item(0)
    for path in (f"accession/{accession}/", f"item/{item}/", "", "items/"):
        text = desk.client("ghassan").get(f"/en/archive/{path}").content.decode()
        for name in ("Karim", "Samira", "friend of his", "a drive", str(desk.archive)):
            assert name not in text, (path, name)
    shown = desk.client("ghassan").get(f"/en/archive/accession/{accession}/").content.decode()
    assert "filmed it" in shown
    manifest = f"/en/archive/accession/{accession}/manifest"
    assert desk.client("ghassan").get(manifest).status_code == 404
    as_guest = desk.client("omar").get(f"/en/archive/accession/{accession}/?see=open")
    assert "Karim" not in as_guest.content.decode()


def test_the_manifest_is_the_one_that_the_closing_act_tells_of(desk: Desk) -> None:
    accession = accession_of(desk)
    line = accession_lines(Ledger.open(desk.archive), slice(0, 1))[0]
    given = desk.client("rima").get(f"/en/archive/accession/{accession}/manifest")
    assert hashlib.sha256(given.content).hexdigest() == line.manifest_sha256


def test_items_are_found_by_the_beginning_of_their_number_or_digest(desk: Desk) -> None:
    omar, item = desk.client("omar"), desk.item(2)
    sha256 = next(e.act.opened()["sha256"] for e in Ledger.open(desk.archive).acts_about(item))
    for asked in (item[:8], item, sha256[:10], sha256.upper()):
        text = omar.get("/en/archive/items/", {"q": asked}).content.decode()
        assert re.findall(r"archive/item/([0-9a-f]{32})/", text) == [item], asked
    for asked in ("clip", "zz", "a", "%00", "x" * 4000):
        answer = omar.get("/en/archive/items/", {"q": asked})
        assert answer.status_code == 200
        assert not re.findall(r"archive/item/", answer.content.decode())


def test_a_check_says_as_recorded_and_a_flipped_byte_says_otherwise(desk: Desk) -> None:
    omar, item, other = desk.client("omar"), desk.item(0), desk.item(1)

    def checked() -> None:
        work = Work(
            desk.archive, desk.folder, desk.signer("omar"), {"share": "1"}, "en", lambda *_: None
        )
        KINDS["check"](work)

    address = f"/en/archive/item/{item}/"
    assert "Not checked since" in omar.get(address).content.decode()
    checked()
    assert 'class="state held"' in omar.get(address).content.decode()
    path = Vault.open(desk.archive).original_path(item)
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    checked()
    assert 'class="state broken"' in omar.get(address).content.decode()
    assert 'class="state broken"' not in omar.get(f"/en/archive/item/{other}/").content.decode()
    assert 'class="state broken"' in omar.get("/en/archive/").content.decode()
    assert "original" in omar.get("/en/archive/integrity/").content.decode()


def test_an_original_leaves_whole_by_an_act_and_to_its_giver_alone(desk: Desk) -> None:
    item, ledger = desk.item(0), Ledger.open(desk.archive)
    lina, ticket = desk.signer("lina"), "a" * 32
    Given.objects.create(
        ticket=ticket,
        person_id=lina.person_id,
        item=item,
        name='مقطع ".html',
        to="Court of Koblenz",
        reason="inspection",
    )
    said = {"ticket": ticket}
    KINDS["give-out"](Work(desk.archive, desk.folder, lina, said, "en", lambda *_: None))
    KINDS["give-out"](Work(desk.archive, desk.folder, lina, said, "en", lambda *_: None))
    acts = list(ledger.acts("given-out"))
    assert len(acts) == 1
    client = desk.client("lina")
    assert client.get(f"/ar/archive/given/{ticket}/").status_code == 200
    file = client.get(f"/en/archive/given/{ticket}/file")
    original = Vault.open(desk.archive).original_path(item).read_bytes()
    assert b"".join(file.streaming_content) == original  # type: ignore[attr-defined]
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    for who, status in (("omar", 404), ("rima", 403), ("ghassan", 403)):
        assert desk.client(who).get(f"/en/archive/given/{ticket}/file").status_code == status
    text = client.get(f"/en/archive/item/{item}/").content.decode()
    assert "Court of Koblenz" in text
    guest = desk.client("ghassan").get(f"/en/archive/item/{item}/").content.decode()
    assert "Court of Koblenz" not in guest
    assert isinstance(given_copy(ticket), Path)


def test_who_may_not_give_out_or_take_in_is_refused(desk: Desk) -> None:
    item, accession = desk.item(0), accession_of(desk)
    rima = desk.client("rima")
    assert rima.get(f"/en/archive/item/{item}/give-out/").status_code == 403
    assert rima.get(f"/en/archive/accession/{accession}/telling/").status_code == 403
    assert rima.get("/en/archive/uploads/").status_code == 403
    assert rima.post("/en/archive/integrity/check", {"share": "1"}).status_code == 403
    assert rima.get(f"/en/archive/item/{'0' * 32}/").status_code == 404
    assert rima.get(f"/en/archive/accession/{'0' * 32}/").status_code == 404


def test_a_long_list_is_paged_and_an_odd_page_number_is_the_nearest(desk: Desk) -> None:
    ledger, omar = Ledger.open(desk.archive), desk.signer("omar")
    accession = accession_of(desk)
    for place in range(45):
        ledger.append(
            [
                Draft(
                    "accession-opened",
                    {"accession": f"{place:032x}", "paths": ["/p"], "note": f"n{place}"},
                )
            ],
            omar,
        )
    client = desk.client("omar")
    pages = [client.get("/en/archive/", {"page": n}).content.decode() for n in (1, 2, 3)]
    found = [re.findall(r"archive/accession/([0-9a-f]{32})/", page) for page in pages]
    assert [len(each) for each in found] == [20, 20, 6]
    assert found[0][0] == f"{44:032x}"
    assert found[2][-1] == accession
    assert (
        client.get("/en/archive/", {"page": "999"}).content.decode().count("/archive/accession/")
        == 6
    )
    assert client.get("/en/archive/", {"page": "x"}).status_code == 200
