"""Records by hand at the terminal: record, show, weigh, adopt, link, rebuild, report."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from casebook.bureau import open_bureau
from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import view_of
from dalil.casebook.record.things import Entity
from dalil.cli import main
from dalil.ledger import people
from dalil.ledger.keyring import ScryptCost, unlock
from dalil.ledger.ledger import Ledger

CANARY = "Kanarienvogel"
LINES: list[dict[str, Any]] = [
    {"kind": "entity", "id": "@harbour", "type": "place", "key": "place:harbour",
     "names": [{"form": "Marsa"}, {"form": "Haven", "role": "translation"}]},
    {"kind": "entity", "id": "@other", "type": "place", "key": "place:other",
     "names": [{"form": "Mersa"}]},
    {"kind": "source", "id": "@gazette", "type": "journalism", "key": "S1",
     "publisher": "The Gazette"},
    {"kind": "source", "id": "@hidden", "type": "interview", "key": "S2", "publisher": CANARY,
     "see": "sealed"},
    {"kind": "proposition", "id": "@dead", "subject": "@harbour", "predicate": "deaths",
     "measure": "deaths", "scope": "one clip", "group": "Q1"},
    {"kind": "assertion", "proposition": "@dead", "source": "@gazette", "lo": 41, "hi": 41,
     "key": "T1", "evidence_offered": "a film"},
    {"kind": "assertion", "proposition": "@dead", "source": "@hidden", "lo": 41, "hi": 41,
     "key": "T2"},
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command printed, and its exit code."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 - a JSON document
        """Return what was printed as a JSON document."""
        return json.loads(self.out)


Ask = Callable[..., Answer]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return what runs `dalil casebook SUBVERB ARCHIVE …` here, in a new archive."""
    open_bureau(tmp_path)
    monkeypatch.setenv("DALIL_PASSPHRASE", "bureau")
    monkeypatch.chdir(tmp_path)

    def run(subverb: str, *words: str) -> Answer:
        with pytest.raises(SystemExit) as ended:
            main(["casebook", subverb, "archive", *words])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Answer(int(ended.value.code or 0), out, err)

    return run


def typed(lines: list[dict[str, Any]], path: Path = Path("typed.jsonl")) -> str:
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return str(path)


@pytest.fixture
def filled(ask: Ask) -> Ask:
    said = ask("record", typed(LINES), "--case", "c")
    assert said.code == 0, said.err
    return ask


def id_of(ask: Ask, key: str) -> str:
    found = ask("show", key, "--see", "sealed", "--json").json()
    return str(found["id"])


def proposition(ask: Ask) -> str:
    (claim,) = ask("report", "c", "--json").json()["questions"][0]["claims"]
    return str(claim["id"])


def test_records_are_written_in_one_act_and_name_each_other(ask: Ask) -> None:
    done = ask("record", typed(LINES), "--case", "c", "--note", "first list", "--json").json()
    assert done["seq"] == 1
    assert [each["kind"] for each in done["records"]] == [line["kind"] for line in LINES]
    shown = ask("show", "T1", "--json").json()
    assert shown["fields"]["proposition"] == done["records"][4]["id"]
    assert shown["revisions"][0]["by"] == "Salma"


def test_a_dry_run_writes_nothing(ask: Ask) -> None:
    assert ask("record", typed(LINES), "--case", "c", "--dry-run").code == 0
    assert ask("show", "T1").code == 2


@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_a_circle_of_sources_is_named_by_its_lines(ask: Ask, words: tuple[str, ...]) -> None:
    one, other = ({"kind": "source", "id": f"@{n}", "type": "paper"} for n in ("a", "b"))
    ring = [
        {"kind": "derivation", "child": f"@{child}", "parent": f"@{parent}", "how": "repeats"}
        for child, parent in ("ab", "ba")
    ]
    said = ask("record", typed([one, other, *ring]), *words)
    assert said.code == 1
    assert "(line " in said.err


def test_what_names_nothing_is_refused_in_a_dry_run_too(ask: Ask) -> None:
    lost = {"kind": "name", "form": "x", "entity": "ab" * 16}
    said = ask("record", typed([lost]), "--dry-run")
    assert said.code == 1
    assert "ab" * 16 in said.err


def test_what_the_case_has_already_is_named_by_its_key(filled: Ask) -> None:
    more = {"kind": "name", "entity": "@place:harbour", "form": "مرسى"}
    assert filled("record", typed([more]), "--case", "c").code == 0
    forms = filled("show", "place:harbour", "--json").json()["forms"]
    assert "مرسى" in [form["form"] for form in forms]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", "line 2, character"),
        ("[1]", "line 2: a JSON object is expected"),
        ('{"kind": "ghost"}', "line 2: kind"),
        ('{"kind": "source"}', "line 2: type: missing"),
        ('{"kind": "source", "type": "a", "type": "b"}', "line 2: type: the field is given twice"),
        ('{"kind": "source", "type": "a", "colour": "b"}', "line 2: 'colour'"),
        ('{"kind": "source", "type": "a", "published": "2020-02-30"}', "line 2: published"),
        ('{"kind": "name", "form": "x", "entity": "@nobody"}', "line 2: entity"),
        ('{"kind": "source", "type": "' + "x" * 2_000_000 + '"}', "line 2: "),
        ("\udcff", "line 2, byte 1: this is not UTF-8"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_written(ask: Ask, line: str, expected: str) -> None:
    right = json.dumps({"kind": "source", "type": "journalism", "key": "S9"})
    Path("typed.jsonl").write_bytes(f"{right}\n{line}".encode(errors="surrogateescape"))
    said = ask("record", "typed.jsonl")
    assert said.code == 1
    assert expected in said.err
    assert len(said.err) < 2000
    assert ask("show", "S9").code == 2


def test_a_revision_starts_from_the_line_that_show_prints(filled: Ask) -> None:
    line = json.loads(filled("show", "S1", "--line").out)
    assert line["revises"] == 1
    assert filled("record", typed([{**line, "publisher": "The Harbour Gazette"}])).code == 0
    shown = filled("show", "S1", "--json").json()
    assert [each["changed"] for each in shown["revisions"]] == [[], ["publisher"]]
    again = filled("record", typed([{**line, "publisher": "Somebody else's"}]))
    assert again.code == 1
    assert "Somebody else revised this record" in again.err
    text = filled("show", "S1", "--lang", "ar").out
    assert "المراجعات: 2" in text


def test_a_withheld_source_is_told_of_and_not_named(filled: Ask) -> None:
    hidden = id_of(filled, "S2")
    assert filled("show", "S2").code == 2
    for words in ([], ["--json"], ["--lang", "ar"]):
        said = filled("show", "T2", *words).out
        assert CANARY not in said
        assert hidden not in said
    assert "a withheld source" in filled("show", "T2").out
    assert CANARY in filled("show", "T2", "--see", "sealed").out
    refused = filled("show", "T2", "--line")
    assert refused.code == 1
    assert "withheld" in refused.err


def test_a_word_that_means_several_records_is_refused(filled: Ask) -> None:
    assert filled("record", typed([{"kind": "source", "type": "x", "key": "S1"}])).code == 0
    said = filled("show", "S1")
    assert said.code == 2
    assert "may mean 2 records" in said.err
    assert "The Gazette" in filled("show", "c/S1").out


def test_a_person_weighs_and_the_case_relies_on_it(filled: Ask) -> None:
    asked = proposition(filled)
    words = ("--reason", "two ledgers", "--likelihood", "likely", "--rests-on", "T1")
    weighed = filled("weigh", asked[:8], "contested", *words, "--json").json()
    adopted = filled("adopt", "c", asked, "--json").json()
    assert adopted["assessment"] == weighed["assessment"]
    (claim,) = filled("report", "c", "--json").json()["questions"][0]["claims"]
    assert [(s["by"], s["status"]) for s in claim["set"]] == [("Salma", "contested")]
    assert claim["adopted"][0]["assessment"] == weighed["assessment"]
    revised = filled(
        "weigh", asked, "unsupported", "--reason", "one is a copy", "--revise",
        weighed["assessment"], "--json",
    ).json()  # fmt: skip
    assert revised["assessment"] == weighed["assessment"]
    (claim,) = filled("report", "c", "--json").json()["questions"][0]["claims"]
    assert [s["status"] for s in claim["set"]] == ["unsupported"]


def test_the_page_prints_what_a_person_types_to_weigh(filled: Ask) -> None:
    found = re.search(r"1\.1  \[([0-9a-f]{8})\]", filled("report", "c").out)
    assert found
    assert filled("weigh", found[1], "contested", "--reason", "read on the page").code == 0


def test_a_new_case_can_rely_on_what_another_one_asks(filled: Ask) -> None:
    asked = proposition(filled)
    said = filled("adopt", "trial", asked)
    assert "no case trial before" in said.out
    assert "no case trial before" not in filled("adopt", "trial", asked).out
    (claim,) = filled("report", "trial", "--json").json()["questions"][0]["claims"]
    assert (claim["id"], len(claim["adopted"])) == (asked, 2)


def test_a_status_that_is_none_is_refused_with_those_that_are(filled: Ask) -> None:
    said = filled("weigh", proposition(filled), "plausible", "--reason", "x")
    assert said.code == 1
    assert "corroborated" in said.err


def test_nobody_revises_the_assessment_of_another(
    filled: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = proposition(filled)
    made = filled("weigh", asked, "contested", "--reason", "x", "--json").json()["assessment"]
    archive = tmp_path / "archive"
    keeper = unlock(archive, b"bureau", None)
    people.add(Ledger.open(archive), keeper, "Omar", "investigator", b"omar", ScryptCost(n=2))
    monkeypatch.setenv("DALIL_PASSPHRASE", "omar")
    monkeypatch.setenv("DALIL_KEY", "Omar")
    said = filled("weigh", asked, "refuted", "--reason", "y", "--revise", made)
    assert said.code == 1
    assert "somebody else's" in said.err
    assert filled("weigh", asked, "refuted", "--reason", "y").code == 0
    assert "People differ" in filled("report", "c").out
    several = filled("adopt", "c", asked)
    assert several.code == 2
    assert "--assessment" in several.err


def test_a_person_says_that_two_are_two_and_nothing_is_merged(filled: Ask) -> None:
    assert "differ in one letter" in filled("report", "c").out
    words = ("place:harbour", "place:other", "different", "--reason", "two coasts")
    assert filled("link", *words).code == 0
    text = filled("report", "c").out
    assert "two coasts" in text
    assert "differ in one letter" not in text
    assert filled("show", "place:other").code == 0


def test_a_translation_is_searched_once_a_person_links_it(filled: Ask, tmp_path: Path) -> None:
    def searched() -> dict[str, bool]:
        forms = filled("show", "place:harbour", "--json").json()["forms"]
        return {form["form"]: any(f["searched"] for f in forms if f["form"] == form["form"])
                for form in forms}  # fmt: skip

    assert searched() == {"Marsa": True, "Haven": False}
    words = ("place:harbour", "--form", "Haven", "--reason", "a sign at the gate")
    assert filled("link", *words).code == 0
    assert searched() == {"Marsa": True, "Haven": True}
    unknown = filled("link", "place:harbour", "--form", "Porto", "--reason", "x")
    assert unknown.code == 2
    assert "Porto" in unknown.err
    assert list(Casebook.open(tmp_path / "archive").find(Entity, view_of(), case="c"))


@pytest.mark.parametrize(
    "words",
    [
        ("place:harbour", "--reason", "x"),
        ("place:harbour", "place:other", "same-ish", "--reason", "x"),
        ("place:harbour", "place:harbour", "same", "--reason", "x"),
        ("T1", "place:other", "same", "--reason", "x"),
    ],
)
def test_a_link_that_says_nothing_is_refused(filled: Ask, words: tuple[str, ...]) -> None:
    assert filled("link", *words).code in (1, 2)


def test_the_index_is_written_anew_and_says_the_same(filled: Ask) -> None:
    before = filled("report", "c", "--see", "sealed").out
    said = filled("rebuild", "--json").json()
    assert said == {"revisions": len(LINES)}
    assert filled("report", "c", "--see", "sealed").out == before


def test_the_report_takes_days_and_refuses_what_is_none(filled: Ask) -> None:
    early = filled("report", "c", "--known-on", "2020-01-01")
    assert early.code == 2
    assert filled("report", "c", "--known-on", "2999-01-01").code == 0
    assert filled("report", "c", "--said-by", "2020-02-30").code in (1, 2)
    assert filled("report", "nowhere").code == 2
    arabic = filled("report", "c", "--lang", "ar").out
    assert re.search("المقترح: من منبع واحد", arabic)
