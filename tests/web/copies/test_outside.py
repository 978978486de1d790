"""A file from outside: compared, judged, and gone; its answer is one person's."""

from __future__ import annotations

import re
import secrets
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from dalil.ledger.ledger import Ledger
from dalil.match.copies.judgement import judgements
from dalil.match.found import SAME
from dalil.vault.vault import Vault
from dalil.web.copies import answers
from web.copies.finding import typed
from web.viewing.looking import PATIENCE

if TYPE_CHECKING:
    import pytest
    from django.test import Client

    from web.rooms import Desk


def asked(client: Client, file: bytes) -> str:
    """Send a file, wait until it is compared, and return where its answer is."""
    sent = client.post(
        "/en/copies/outside/",
        {"file": SimpleUploadedFile("شاهد.mp4", file), "once": secrets.token_hex(8)},
    )
    assert sent.status_code == 302, sent.content.decode()[-2000:]
    until = time.monotonic() + PATIENCE
    while (state := client.get(sent["Location"] + "state").json()["state"]) == "running":
        assert time.monotonic() < until
        time.sleep(0.1)
    page = client.get(sent["Location"]).content.decode()
    there = re.search(r'href="(/en/copies/outside/[0-9a-f]{32}/)"', page)
    assert there, (state, page)
    return there[1]


def files_holding(folder: Path, needle: bytes) -> list[Path]:
    """Return the files of a folder that hold these bytes."""
    return [p for p in folder.rglob("*") if p.is_file() and needle in p.read_bytes()]


def test_a_file_that_is_held_is_found_and_nothing_of_it_stays(desk: Desk) -> None:
    original = Vault.open(desk.archive).original_path(desk.item()).read_bytes()
    # The same footage with something of its own behind: not the same bytes.
    mark = secrets.token_bytes(24)
    idris, file = desk.client("idris"), original + mark
    address = asked(idris, file)
    page = idris.get(address).content.decode()
    assert f"{address}{desk.item()}/" in page
    assert "Looks like the same footage" in page
    assert files_holding(desk.archive.parent, mark) == []
    pair = f"{address}{desk.item()}/"
    sent = idris.post(f"{pair}judge/", typed(idris, pair))
    assert sent["Location"] == pair
    [said] = judgements(Ledger.open(desk.archive))
    assert said.judgement == SAME
    assert any(each.startswith("query:") for each in said.pair)
    assert idris.post(f"{address}forget/", {"once": "forget"}).status_code == 302
    assert idris.get(address).status_code == 404
    # What was signed stays, names the file by its digest, and can still be taken back.
    a, b = said.pair
    address = f"/en/copies/pair/{a}/{b}/"
    assert address in idris.get(f"/en/copies/item/{desk.item()}/").content.decode()
    sent = idris.post(f"{address}withdraw/", {"reasons": "not that one", "once": "undo"})
    assert sent["Location"] == "/en/copies/"
    assert judgements(Ledger.open(desk.archive)) == ()


def test_an_answer_is_one_person_s_and_for_a_day(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    idris = desk.client("idris")
    address = asked(idris, b"no film at all")
    assert idris.get(address).status_code == 200
    assert desk.client("layla").get(address).status_code == 404
    assert desk.client("layla").post(f"{address}forget/", {"once": "x"}).status_code == 302
    assert idris.get(address).status_code == 200
    monkeypatch.setattr(answers, "KEPT", timedelta(0))
    assert idris.get(address).status_code == 404
    assert not list((desk.folder / "copies").glob("*/*"))


def test_an_empty_file_is_refused_in_our_words_and_guests_do_not_ask(desk: Desk) -> None:
    sent = desk.client("idris").post(
        "/en/copies/outside/", {"file": SimpleUploadedFile("x", b""), "once": "a"}
    )
    assert sent.status_code == 422
    assert "The file is empty." in sent.content.decode()
    assert desk.client("ghassan").get("/en/copies/outside/").status_code == 403


def test_all_files_are_compared_as_a_piece_of_work(desk: Desk) -> None:
    layla = desk.client("layla")
    sent = layla.post("/en/copies/compare/", {"once": "go"})
    until = time.monotonic() + PATIENCE
    while (state := layla.get(sent["Location"] + "state").json()["state"]) == "running":
        assert time.monotonic() < until
        time.sleep(0.2)
    assert state == "done", layla.get(sent["Location"]).content.decode()
    assert "4 files compared" in layla.get("/en/copies/").content.decode()
