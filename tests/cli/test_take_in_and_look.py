"""The verbs from taking in to bringing back, as a person types them."""

from pathlib import Path

import pytest

from intake.reception import drive
from terminal import Terminal

TELLING = "hops:\n  - {hop: 1, who: رجل, how: copied, when: 2019~, source: his letter}\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    folder = tmp_path_factory.mktemp("desk")
    drive(folder / "drive", 2)
    (folder / "telling.yaml").write_text(TELLING, encoding="utf-8")
    at = Terminal(folder)
    at.does("init", "archive", "--keeper", "Salma", "--sheet", "sheet.txt")
    at.does("take-in", "archive", "drive", "--telling", "telling.yaml", "--no-tiles")
    return at


def _item(desk: Terminal) -> str:
    listed = desk.does("list", "archive", "--json").json()
    return str(listed["accessions"][0]["receipts"][0]["item"])


def test_what_was_taken_in_is_listed_and_shown(desk: Terminal) -> None:
    assert "000.bin" in desk.does("list", "archive").out
    said = desk.does("show", "archive", _item(desk)[:8])
    assert "رجل" in said.out
    assert "taken-in" in said.out
    shown = desk.does("show", "archive", _item(desk), "--json", "--lang", "ar").json()
    assert shown["telling"][0]["when"] == "2019~"


def test_the_original_comes_out_again_and_that_is_an_act(desk: Terminal) -> None:
    item = _item(desk)
    said = desk.does(
        "get", "archive", item, "--to", "court", "--reason", "asked", "-o", "out.bin", "--json"
    )
    assert (desk.folder / "out.bin").read_bytes() in {
        path.read_bytes() for path in (desk.folder / "drive").iterdir()
    }
    acts = desk.does("show", "archive", item, "--json").json()["acts"]
    assert acts[-1]["type"] == "given-out"
    assert acts[-1]["seq"] == said.json()["seq"]


def test_rot_is_named_and_brought_back_from_a_copy(desk: Terminal) -> None:
    desk.does("copy", "archive", "second")
    assert desk.does("check", "archive", "--json").json()["broken"] == []
    original = next((desk.folder / "archive").rglob("v1/content/original"))
    original.chmod(0o644)
    original.write_bytes(b"rot")
    said = desk.says("check", "archive", "--share", "1/1")
    assert said.code == 1
    assert original.relative_to(desk.folder / "archive").as_posix() in said.out
    desk.does("copy", "--back", "second", "archive")
    assert desk.does("check", "archive", "--lang", "ar").code == 0


def test_a_seal_is_built_anew_before_a_court(desk: Terminal) -> None:
    assert "has the root" in desk.does("check", "archive", "--rebuild", _item(desk)).out


@pytest.mark.parametrize(
    "words",
    [
        ("take-in", "archive", "nowhere"),
        ("take-in", "nowhere", "drive"),
        ("take-in", "archive", "archive"),
        ("show", "archive", "zzzz"),
        ("check", "archive", "--share", "31/30"),
        ("list", "drive"),
    ],
    ids="-".join,
)
def test_what_cannot_be_done_as_given_ends_in_2(desk: Terminal, words: tuple[str, ...]) -> None:
    assert desk.says(*words).code == 2


def test_what_could_not_be_read_ends_in_1(desk: Terminal, tmp_path: Path) -> None:
    (tmp_path / "torn.zip").write_bytes(b"PK\x03\x04 torn")
    assert desk.does("take-in", "archive", tmp_path).code == 0
    hop = ("--who", "a", "--how", "b")
    assert desk.says("take-in", "archive", tmp_path, *hop).code == 1
