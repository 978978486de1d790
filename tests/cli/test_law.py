"""The law at the terminal: trees, a supposition, what bears on it, what is missing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from casebook.law.test_reading import SMALL
from dalil.casebook.record.form import kinds
from dalil.cli.saying import words
from terminal import Terminal

VERDICTS = re.compile(r"guilt|liab|perpetrat|convict|مذنب|مدان|الجاني", re.IGNORECASE)
CLAIM = "a1" * 16
RECORDS = [
    {"kind": "entity", "id": "@adel", "type": "person", "key": "person:adel",
     "names": [{"form": "Adel"}, {"form": "عادل"}]},
    {"kind": "entity", "id": "@night", "type": "incident", "key": "incident:night",
     "date": "2016-11-09", "names": [{"form": "The night"}, {"form": "الليلة"}]},
    {"kind": "source", "id": "@paper", "type": "newspaper", "key": "S1", "title": "The night"},
    {"kind": "proposition", "id": CLAIM, "subject": "@night", "predicate": "killed",
     "value": "eleven men"},
    {"kind": "assertion", "id": "@said", "proposition": CLAIM, "source": "@paper", "key": "T1",
     "evidence_offered": "a photograph"},
]  # fmt: skip


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Return a terminal beside an archive with a small case."""
    made = Terminal(tmp_path_factory.mktemp("law"))
    made.does("init", "archive", "--keeper", "Salma H.")
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in RECORDS)
    (made.folder / "case.jsonl").write_text(lines, "utf-8")
    made.does("casebook", "record", "archive", "case.jsonl", "--case", "harbour")
    return made


def test_a_supposition_from_the_first_word_to_a_case_file(
    terminal: Terminal, tmp_path: Path
) -> None:
    supposed = terminal.does(
        "law", "suppose", "archive", "--suspect", "person:adel", "--incident", "incident:night",
        "--crime", "7-1-a", "--mode", "25-3-b-order", "--json",
    ).json()  # fmt: skip
    hypothesis = supposed["hypothesis"][:12]
    linked = terminal.does(
        "law", "bear", "archive", hypothesis, "7-1-a/killed", "supports", CLAIM[:8],
        "--reason", "as the paper has it", "--json",
    ).json()  # fmt: skip
    assert linked["state"] == "single_origin"
    english = terminal.does("law", "matrix", "archive", hypothesis).out
    assert "weakest link: single origin; 1 independent origin" in english
    assert not VERDICTS.search(english)
    said = terminal.does("law", "matrix", "archive", hypothesis, "--json").json()
    assert len(said["to_do"]) == said["counts"]["empty"] == 9
    [listed] = terminal.does("law", "list", "archive", "--case", "harbour", "--json").json()
    assert listed["counts"]["empty"] == english.count("[empty]") == 9
    assert listed["counts"]["single_origin"] == 1
    out = tmp_path / "case"
    terminal.does(
        "dossier", "archive", "--case", "harbour", "--hypothesis", hypothesis,
        "--recipient", "Court", "--reason", "request", "-o", out,
    )  # fmt: skip
    arabic = (out / "data/claims/elements-0001.ar.txt").read_text("utf-8")
    assert "أضعف حلقة: من منبع واحد" in arabic
    assert not VERDICTS.search(arabic)


def test_trees_are_listed_shown_and_checked(terminal: Terminal) -> None:
    found = terminal.does("law", "trees", "archive", "--json").json()
    assert [each["key"] for each in found][:2] == ["rome", "vstgb"]
    terminal.does("law", "sign", "archive", "rome", "28-a/knew", "--reason", "compared")
    after = terminal.does("law", "show", "archive", "rome", "28-a", "--lang", "ar").out
    assert after.count("يحتاج إلى تدقيق محامٍ") == 4


def test_a_tree_of_one_s_own_is_brought_whole_or_not_at_all(terminal: Terminal) -> None:
    file = terminal.folder / "harbour.yaml"
    file.write_text(SMALL.replace("sort: context", "sort: mood"), "utf-8")
    said = terminal.says("law", "add", "archive", "harbour.yaml")
    assert said.code == 1
    assert "line 16: storm/wind.sort: 'mood' is none of" in said.err
    file.write_bytes(SMALL.encode("cp1256"))
    assert "line 4: this is not UTF-8" in terminal.says("law", "add", "archive", file).err
    file.write_text(SMALL, "utf-8")
    terminal.does("law", "add", "archive", file)
    assert "Took it." in terminal.does("law", "show", "archive", "harbour-law", "theft").out


def test_every_kind_of_record_has_its_word_where_a_list_is_brought_in() -> None:
    known = words("casebook_import")
    assert [kind for kind in kinds() if f"kind-{kind}" not in known] == []


def test_what_is_not_there_is_refused_in_our_words(terminal: Terminal) -> None:
    about = ("--suspect", "person:adel", "--incident", "incident:night", "--mode", "28-a")
    said = terminal.says("law", "suppose", "archive", "--crime", "99", *about)
    assert said.code == 2
    assert "Nothing of that name is in the archive. crime 99 in the tree rome" in said.err
