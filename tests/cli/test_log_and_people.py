"""People, the log and outside clocks, as somebody at a terminal meets them."""

import json
import shutil
from pathlib import Path

import pytest

from ledger.test_timestamp import Authority, authority
from terminal import PASSPHRASE, Terminal

__all__ = ["authority"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    Terminal(folder).does("init", "archive", "--keeper", "Salma", "--sheet", "sheet.txt")
    return folder


@pytest.fixture
def room(made: Path, tmp_path: Path) -> Terminal:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Terminal(tmp_path, {"DALIL_NEW_PASSPHRASE": "omar's own"})


def test_a_person_comes_acts_and_goes(room: Terminal) -> None:
    added = room.does("person", "add", "archive", "--name", "عمر", "--role", "archivist", "--json")
    assert added.json()["receipts"] == ["archive/receipts/act-1.tlog-proof"]
    listed = room.does("person", "list", "archive", "--json").json()
    assert [(p["name"], p["role"], p["until"]) for p in listed] == [
        ("Salma", "keeper", None),
        ("عمر", "archivist", None),
    ]
    several = room.says("person", "revoke", "archive", "عمر", "--reason", "left")
    assert (several.code, "DALIL_KEY" in several.err) == (2, True)
    keeper = Terminal(room.folder, {"DALIL_KEY": "Salma"})
    said = keeper.does("person", "revoke", "archive", "عمر", "--reason", "left", "--lang", "ar")
    assert "لا يجوز" in said.out
    assert keeper.says("person", "revoke", "archive", "Salma", "--reason", "x").code == 1
    assert "revoked by act 2" in room.does("person", "list", "archive").out


def test_a_wrong_passphrase_is_refused_in_plain_words(room: Terminal) -> None:
    stranger = Terminal(room.folder, {"DALIL_PASSPHRASE": "guess"})
    said = stranger.says("person", "add", "archive", "--name", "x", "--role", "lawyer")
    assert said.code == 1
    assert "The passphrase does not open this key." in said.err
    assert "guess" not in said.out + said.err


def test_a_lost_passphrase_is_overcome_with_the_sheet(room: Terminal) -> None:
    page = (room.folder / "sheet.txt").read_text(encoding="utf-8")
    typed = Terminal(room.folder, {"DALIL_SHEET": _code(page), "DALIL_NEW_PASSPHRASE": "new one"})
    typed.does("person", "recover", "archive", "--name", "Salma")
    old = room.says("person", "add", "archive", "--name", "x", "--role", "lawyer")
    assert old.code == 1
    fresh = Terminal(room.folder, {"DALIL_PASSPHRASE": "new one", "DALIL_NEW_PASSPHRASE": "y"})
    fresh.does("person", "add", "archive", "--name", "Rima", "--role", "lawyer")
    assert room.does("log", "check", "archive", "--json").json()["findings"] == []
    wrong = _code(page).replace(_code(page)[0], "Z" if _code(page)[0] != "Z" else "Y", 1)
    mistyped = Terminal(room.folder, {"DALIL_SHEET": wrong, "DALIL_NEW_PASSPHRASE": "n"})
    assert "group 1" in mistyped.says("person", "recover", "archive", "--name", "Salma").err


def _code(page: str) -> str:
    lines = page.split("\n")
    first = next(i for i, line in enumerate(lines) if line.startswith("    "))
    return " ".join(" ".join(lines[first : first + 3]).split())


def test_the_log_is_shown_checked_and_proved(room: Terminal) -> None:
    shown = room.does("log", "show", "archive", "--json").json()
    assert (shown["size"], shown["acts"][0]["type"]) == (1, "archive-created")
    assert "archive-created  Salma" in room.does("log", "show", "archive", "--last", "1").out
    room.does("log", "prove", "archive", "0", "-o", "mine.tlog-proof")
    assert room.says("log", "prove", "archive", "7").code == 2
    room.does("person", "add", "archive", "--name", "Omar", "--role", "archivist")
    said = room.does("log", "check", "archive", "--against", "mine.tlog-proof")
    assert "Checkpoints kept elsewhere that this log extends: 1." in said.out
    assert "Not shown" in room.does("log", "check", "archive").out


def test_a_broken_log_is_named_and_ends_with_1(room: Terminal) -> None:
    tile = room.folder / "archive/log/tile/entries/000.p/1"
    tile.write_bytes(tile.read_bytes()[::-1])
    said = room.says("log", "check", "archive", "--json")
    assert said.code == 1
    assert said.json()["findings"][0]["where"] == "log/tile/entries/000.p/1"
    assert "مكسور" in room.says("log", "check", "archive", "--lang", "ar").out


def test_the_log_is_stamped_over_the_net_and_by_hand(room: Terminal, authority: Authority) -> None:
    root = authority.folder / "root.pem"
    over = room.does(
        "stamp", "archive", "--authority", "net", "--url", authority.url, "--ca", root, "--json"
    ).json()
    assert (over["size"], over["seq"]) == (1, 1)
    room.does("stamp", "archive", "--request-to", "request.tsq")
    answer = authority.answer(room.folder / "request.tsq")
    (room.folder / "answer.tsr").write_bytes(answer)
    lacking = room.says("stamp", "archive", "--answer", "answer.tsr")
    assert (lacking.code, "certificates" in lacking.err) == (1, True)
    said = room.does("stamp", "archive", "--answer", "answer.tsr", "--ca", root)
    assert "this log of 2 acts was there at" in said.out
    assert room.says("stamp", "archive").code == 2
    assert room.does("log", "check", "archive", "--json").json()["notes"] == []


def test_no_archive_is_said_to_be_none(tmp_path: Path) -> None:
    for words in (("log", "show"), ("log", "check"), ("person", "list")):
        said = Terminal(tmp_path).says(*words, "nothing", "--json")
        assert said.code == 2
        assert json.loads(said.out)["refused"] == "NotAnArchive"
    assert PASSPHRASE not in said.out
