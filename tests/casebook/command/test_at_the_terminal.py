"""`dalil casebook who`, as a person gives it."""

from pathlib import Path
from typing import Any

import pytest

from casebook.bureau import open_bureau
from casebook.command.garrison import DAY, Garrison, harbour, id_of
from dalil.cli import main
from terminal import Terminal

KEYS = {
    "about", "asked", "beside", "chains", "day", "gaps", "inside", "left_aside", "limit", "links",
    "sources", "things",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    folder: Path = tmp_path_factory.mktemp("desk")
    Garrison(open_bureau(folder)).write(harbour())
    return Terminal(folder)


def test_the_answer_is_one_document_with_stable_keys(desk: Terminal) -> None:
    said: Any = desk.does("casebook", "who", "archive", "Port", "--on", DAY, "--json").json()
    assert set(said) == KEYS
    assert said["about"] == [id_of("Port")]
    assert [chain["grade"][0] for chain in said["chains"]] == [4, 2]
    assert {link["what"] for link in said["links"]} == {"present", "under", "commands"}


def test_the_answer_is_told_in_arabic(desk: Terminal) -> None:
    said = desk.does("casebook", "who", "archive", "--unit", "Brigade", "--on", DAY, "--lang", "ar")
    assert "تولي القيادة في ذلك اليوم لا يعني المسؤولية القانونية" in said.out


@pytest.mark.parametrize(
    "words",
    [
        ("Port",),
        ("--on", DAY),
        ("Port", "--unit", "Brigade", "--on", DAY),
        ("Port", "--on", "2016-11"),
        ("Port", "--on", "2016-02-30"),
        ("Port", "--on", DAY, "--within", "-1"),
        ("Port", "--on", DAY, "--known-on", "2001-01-01"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_what_is_expected(
    desk: Terminal, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["casebook", "who", str(desk.folder / "archive"), *words])
    said = capsys.readouterr()
    assert left.value.code in {1, 2}
    assert said.err.strip()
    assert not said.out
