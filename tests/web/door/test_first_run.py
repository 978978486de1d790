from pathlib import Path
from threading import Thread

import pytest
from django.conf import LazySettings
from django.test import Client

from dalil.ledger.keyring import unlock
from dalil.ledger.ledger import Ledger
from dalil.ledger.sheet import key_of
from dalil.web.door.models import Account

SET_UP, SHEET = "/en/door/set-up/", "/en/door/sheet/"
WORDS = "four words of another kind"
SAID = {"code": "ab12-cd34", "keeper": "سلمى ح.", "new": WORDS, "again": WORDS}


@pytest.fixture
def place(tmp_path: Path, settings: LazySettings, transactional_db: None) -> Path:  # noqa: ARG001
    settings.ARCHIVE = tmp_path / "archive"
    settings.DESK = tmp_path / "archive.desk"
    settings.SETUP_CODE = "ab12cd34"
    cache_there = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache"}
    settings.CACHES = {"default": {**cache_there, "LOCATION": str(tmp_path / "cache")}}
    place: Path = settings.ARCHIVE
    return place


def test_a_desk_without_an_archive_shows_the_set_up_and_nothing_else(place: Path) -> None:
    client = Client()
    for path in ("/en/", "/en/door/login/", "/en/door/people/", "/en/archive/", "/nowhere/"):
        assert client.get(path).headers["Location"] == SET_UP, path
    assert client.get("/ar/door/login/").headers["Location"] == "/ar/door/set-up/"
    said = client.get(SET_UP).content.decode()
    assert place.name in said
    # Who is not let in yet learns nothing of the machine.
    assert str(place.parent) not in said


def test_what_is_typed_wrongly_founds_nothing(place: Path) -> None:
    for wrong in (
        {"code": ""}, {"code": "00000000"}, {"keeper": " "}, {"new": "short", "again": "short"},
        {"again": "another passphrase"},
    ):  # fmt: skip
        assert Client().post(SET_UP, {**SAID, **wrong}).status_code == 422
    assert not place.exists()


def test_without_a_code_nobody_founds_anything(place: Path, settings: LazySettings) -> None:
    settings.SETUP_CODE = ""
    for code in ("", " ", "-"):
        assert Client().post(SET_UP, {**SAID, "code": code}).status_code == 422
    assert not place.exists()


def test_the_code_is_guessed_no_more_than_five_times(place: Path) -> None:
    client = Client()
    answers = [client.post(SET_UP, {**SAID, "code": f"{i}"}).status_code for i in range(6)]
    assert answers == [422] * 5 + [429]
    assert client.post(SET_UP, SAID).status_code == 429
    assert not place.exists()


def test_the_first_keeper_founds_the_archive_and_sees_the_sheet_until_it_is_on_paper(
    place: Path,
) -> None:
    client = Client()
    assert client.post(SET_UP, SAID).headers["Location"] == SHEET
    signer = unlock(place, WORDS.encode(), "سلمى ح.")
    for _ in range(2):
        text = client.get(SHEET).context["page"].text
        lines = [line.strip() for line in text.splitlines() if line.startswith("    ")]
        assert key_of("".join(lines[:3])) == signer.archive_key
    assert "RECOVERY" in text
    assert client.post(f"{SHEET}kept/").status_code == 302
    assert client.get(SHEET).context["page"].text is None
    assert Ledger.open(place).check().findings == ()
    assert Account.objects.get().role == "keeper"


@pytest.mark.usefixtures("place")
def test_who_lost_the_page_of_the_sheet_finds_it_again_after_signing_in() -> None:
    Client().post(SET_UP, SAID)
    again = Client()
    said = {"name": SAID["keeper"], "passphrase": WORDS}
    assert again.post("/en/door/login/", said).headers["Location"] == SHEET
    assert again.get(SHEET).context["page"].text


def test_an_archive_is_founded_once_also_where_the_form_is_sent_twice(place: Path) -> None:
    answers: list[str] = []

    def send() -> None:
        from django.db import connection

        answers.append(Client().post(SET_UP, SAID).headers["Location"])
        connection.close()

    both = [Thread(target=send) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(answers) == ["/en/door/login/", SHEET]
    assert Ledger.open(place).size == 1
    assert Client().post(SET_UP, SAID).headers["Location"] == "/en/door/login/"
