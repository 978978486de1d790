"""Work on an invented incident: lists come in, are weighed and asked, and leave the house."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from footage import QUICK
from journeys.desk import Desk
from journeys.test_from_drive_to_stranger import stranger_checks

ROOT = Path(__file__).resolve().parents[2]
INCIDENT = ROOT / "tools" / "demo_incident"
CASE = "zumurruda"
GIVEN = ("--to", "a colleague", "--reason", "a test")
NIGHT = "2016-11-09"
Printed = dict[str, Any]  # a JSON document
CANARY = "Haidar al-Qanari"
TO = ("--recipient", "Court of first instance", "--reason", "request of 3 May")
FORMS = (
    "az-Zumurruda", "al-Zumurruda", "Zumuruda", "Zomoroda", "zumurrudah", "الزمردة", "الزمرّدة",
    "حي الزمردة", "الزمرده",
)  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Make an archive, and bring the lists in, once."""
    folder = tmp_path_factory.mktemp("incident")
    shutil.copytree(INCIDENT, folder / "lists")
    desk = Desk(folder, folder / "archive")
    desk.does("init", desk.archive, "--keeper", "Salma", "--sheet", folder / "sheet.txt")
    desk.does("casebook", "import", desk.archive, f"lists/{CASE}")
    desk.does("casebook", "record", desk.archive, "lists/posts.jsonl", "--case", CASE)
    return desk


def copied(desk: Desk, folder: Path) -> Desk:
    """Return a desk with an archive of its own, as full as the other."""
    return Desk(folder, Path(shutil.copytree(desk.archive, folder / "archive")))


@pytest.fixture(scope="module")
def report(desk: Desk) -> Printed:
    """Return what the report says, as JSON."""
    return report_of(desk)


def report_of(desk: Desk, *words: str) -> Printed:
    told: Printed = desk.does("casebook", "report", desk.archive, CASE, "--json", *words).json()
    return told


def row(source: str, value: str) -> str:
    """Return the key of the row of the list in which a source gives this value."""
    with (INCIDENT / CASE / f"{CASE}_claims.csv").open(encoding="utf-8", newline="") as file:
        for each in csv.DictReader(file):
            if (each["source_id"], each["value"]) == (source, value):
                return each["row_id"]
    raise AssertionError((source, value))


def claims(report: Printed) -> Iterator[Printed]:
    for question in report["questions"]:
        yield from question["claims"]


def claim_with(report: Printed, source: str, value: str) -> Printed:
    """Return the claim that a row of the list supports, or stands apart from."""
    key = row(source, value)
    for claim in claims(report):
        if any(each["key"] == key for each in (*claim["supporting"], *claim["apart"])):
            return claim
    raise AssertionError(key)


def test_numbers_that_count_different_things_stand_side_by_side(report: Printed) -> None:
    [beside] = [each for each in report["beside"] if each["measure"] == "boats"]
    said = " · ".join(each["said"]["en"] for each in beside["counts"])
    for number in ("17", "112", "300"):
        assert number in said
    assert len({each["scope"] for each in beside["counts"]}) >= 3
    one = claim_with(report, "S01", ">=17 (fishing boats)")
    all_of_them = claim_with(report, "S02", "112 (8 ferries, 14 rowing boats)")
    assert one["id"] in all_of_them["divergent_from"]
    assert all_of_them["id"] in one["divergent_from"]
    against = [each["saying"]["key"] for each in one["opposing"] if each["saying"]]
    assert row("S02", "112 (8 ferries, 14 rowing boats)") not in against


def test_a_number_that_many_print_has_one_origin(report: Printed) -> None:
    claim = claim_with(report, "S02", "112 (8 ferries, 14 rowing boats)")
    assert claim["outlets"] >= 4
    assert claim["origins"] == 1
    assert claim["suggested"] != "corroborated"


def test_what_is_nine_and_six_is_neither_seventeen_nor_held_against_it(report: Printed) -> None:
    own = claim_with(report, "S17", "9 sunk on camera + 6 already under water")
    other = claim_with(report, "S01", ">=17 (fishing boats)")
    assert own["id"] != other["id"]
    against = [each["saying"]["key"] for each in other["opposing"] if each["saying"]]
    assert row("S17", "9 sunk on camera + 6 already under water") not in against


def test_stated_parts_leave_a_derived_rest_that_says_so(desk: Desk) -> None:
    told = desk.does("casebook", "report", desk.archive, CASE).out
    line = next(each for each in told.splitlines() if each.strip().startswith("90"))
    assert "derived" in line


def test_an_announcement_without_evidence_is_unsupported_until_somebody_shows_otherwise(
    report: Printed,
) -> None:
    claim = claim_with(report, "S07", "detained")
    history = [(each["day"], each["status"]) for each in claim["history"]]
    assert history[0] == ("2017-05-23", "unsupported")
    assert history[-1] == ("2017-10-14", "contested")


def test_what_was_said_by_june_is_what_was_known_in_june(desk: Desk) -> None:
    then = claim_with(report_of(desk, "--said-by", "2017-06-30"), "S07", "detained")
    assert then["suggested"] == "unsupported"
    assert then["opposing"] == []


def test_debunked_captures_are_refuted(report: Printed) -> None:
    for source in ("S20x", "S21x"):
        assert claim_with(report, source, "caught")["suggested"] == "refuted"


def test_six_ranks_of_one_man_are_contested(report: Printed) -> None:
    ranks = {
        claim["id"]: claim["suggested"]
        for claim in claims(report)
        for said in claim["supporting"]
        if said["key"].partition("/")[0] in set(rank_rows()) and "rank" in claim["statement"]["en"]
    }
    assert len(ranks) == 6
    assert set(ranks.values()) == {"contested"}


def rank_rows() -> Iterator[str]:
    with (INCIDENT / CASE / f"{CASE}_claims.csv").open(encoding="utf-8", newline="") as file:
        yield from (each["row_id"] for each in csv.DictReader(file) if "Q10" in each["question"])


def test_what_is_said_in_custody_or_by_deception_lifts_nothing(report: Printed) -> None:
    held = claim_with(report, "S24", "~300")
    assert held["suggested"] != "corroborated"
    assert held["origins"] == 0
    led_on = claim_with(report, "S02", "confession obtained under a false identity")
    assert led_on["suggested"] in {"unsupported", "contested"}


def test_copies_whose_words_differ_are_two_versions_of_one_source(report: Printed) -> None:
    told = json.dumps(report["versions"], ensure_ascii=False)
    assert "S01b" in told


def test_a_source_that_contradicts_itself_is_named(report: Printed) -> None:
    told = json.dumps(report["self_conflicts"], ensure_ascii=False)
    assert "Tideline" in told or "S06" in told


def found(desk: Desk, *words: str) -> set[str]:
    """Return the ids that a search finds."""
    told = desk.does("casebook", "search", desk.archive, *words, "--json").json()
    return {hit["id"] for hit in told["hits"]}


def id_of(desk: Desk, key: str) -> str:
    """Return the id of what the case has under a key."""
    return str(desk.does("casebook", "show", desk.archive, f"{CASE}/{key}", "--json").json()["id"])


def test_two_men_with_one_byname_and_two_branches_stay_two(desk: Desk, report: Printed) -> None:
    for words in ("Abu Najma", "أبو نجمة"):
        assert len(found(desk, words, "--type", "person")) == 2, words
    one, other = id_of(desk, "unit:Branch-118"), id_of(desk, "unit:Branch-181")
    assert found(desk, "Branch 118", "--type", "unit") == {one}
    assert found(desk, "الفرع ١٨١", "--type", "unit") <= {other}
    told = json.dumps([report["names"], report["warnings"]], ensure_ascii=False)
    assert "Abu Najma" in told
    assert "181" in told


@pytest.mark.parametrize("form", FORMS)
def test_the_place_is_found_under_each_of_its_names(desk: Desk, form: str) -> None:
    assert found(desk, form, "--kind", "entity") == {id_of(desk, "place:zumurruda")}


def test_a_translated_name_leads_to_the_place_once_a_person_says_so(
    desk: Desk, tmp_path: Path
) -> None:
    desk = copied(desk, tmp_path)
    assert found(desk, "Emerald", "--kind", "entity") == set()
    link = ("place:zumurruda", "--form", "Emerald", "--reason", "the repost means the place")
    desk.does("casebook", "link", desk.archive, *link)
    assert found(desk, "Emerald", "--kind", "entity") == {id_of(desk, "place:zumurruda")}


def test_who_commanded_is_never_a_bare_name(desk: Desk) -> None:
    for place, lang, limits in (
        ("az-Zumurruda", "en", ("took part", "liable")),
        ("الزمردة", "ar", ("شارك", "مسؤول")),
    ):
        words = ("casebook", "who", desk.archive, place, "--on", NIGHT, "--lang", lang)
        told = desk.does(*words).out
        assert all(each in told for each in limits), told
        assert "S28" in told or "المجداف" in told


def test_a_rival_posting_changes_the_answer_and_its_reasons(desk: Desk, tmp_path: Path) -> None:
    desk = copied(desk, tmp_path)
    words = ("casebook", "who", desk.archive, "az-Zumurruda", "--on", NIGHT)
    before = desk.does(*words).out
    rival = {
        "kind": "relation", "relation": "posted_to", "a": "@person:Adil-Sanj",
        "b": "@unit:Branch-118", "valid": "2016-11/2016-12", "is_command": True,
        "source": "@S17", "case": CASE,
    }  # fmt: skip
    line = json.dumps(rival).encode() + b"\n"
    desk.does("casebook", "record", desk.archive, "-", "--case", CASE, typed=line)
    after = desk.does(*words).out
    assert "Adil Sanj" in after
    assert "Adil Sanj" not in before


def test_the_same_list_twice_says_nothing_twice(desk: Desk) -> None:
    before = desk.does("log", "show", desk.archive, "--json").json()["size"]
    desk.does("casebook", "import", desk.archive, f"lists/{CASE}")
    assert desk.does("log", "show", desk.archive, "--json").json()["size"] == before


def test_an_identification_without_its_method_is_refused(desk: Desk) -> None:
    seen = {"kind": "relation", "relation": "identified_in", "a": "@person:Adil-Sanj", "case": CASE}
    line = json.dumps(seen).encode()
    said = desk.says("casebook", "record", desk.archive, "-", "--case", CASE, typed=line)
    assert said.code == 1
    assert "method" in said.err


def test_the_index_written_anew_says_the_same(desk: Desk) -> None:
    before = report_of(desk)
    desk.does("casebook", "rebuild", desk.archive)
    assert report_of(desk) == before


def test_lists_that_left_the_house_say_the_same_elsewhere(desk: Desk, tmp_path: Path) -> None:
    desk.does(
        "casebook", "export", desk.archive, tmp_path / CASE, "--as", "csv", "--case", CASE, *GIVEN
    )
    other = Desk(tmp_path, tmp_path / "other")
    other.does("init", other.archive, "--keeper", "Karim", "--sheet", tmp_path / "sheet.txt")
    other.does("casebook", "import", other.archive, tmp_path / CASE)
    assert report_of(other)["questions"] == report_of(desk)["questions"]


@pytest.fixture(scope="module")
def sealed(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Add what a source says whose name nobody may learn."""
    desk = copied(desk, tmp_path_factory.mktemp("sealed"))
    shown = desk.does("casebook", "show", desk.archive, "Z039", "--json").json()
    source = {
        "kind": "source", "id": "@who", "type": "witness", "title": CANARY, "author": CANARY,
        "key": f"W-{CANARY}", "see": "sealed", "case": CASE,
    }  # fmt: skip
    said = {
        "kind": "assertion", "proposition": shown["fields"]["proposition"], "source": "@who",
        "polarity": "denies", "text": "he was at his desk in June", "case": CASE,
        "evidence_offered": "a dated duty list", "asserted": "2017-07-01",
    }  # fmt: skip
    assert desk.records(source, said).code == 0
    return desk


def test_a_sealed_source_is_heard_and_not_seen(sealed: Desk, tmp_path: Path) -> None:
    desk = sealed
    told = [
        desk.does("casebook", "report", desk.archive, CASE).out,
        desk.does("casebook", "report", desk.archive, CASE, "--lang", "ar").out,
        desk.does("casebook", "report", desk.archive, CASE, "--json").out,
        desk.does("casebook", "search", desk.archive, "desk", "--json").out,
        desk.does("casebook", "search", desk.archive, CANARY, "--json").out,
        desk.does("casebook", "who", desk.archive, "az-Zumurruda", "--on", NIGHT, "--json").out,
    ]
    assert "he was at his desk in June" in told[0]
    assert "withheld" in told[0]
    for each in told:
        assert CANARY not in each.replace("\\u", "")
    for form in ("csv", "ftm", "annotations", "geojson"):
        out = tmp_path / form
        desk.does("casebook", "export", desk.archive, out, "--as", form, "--case", CASE, *GIVEN)
        assert_nowhere(CANARY, out)
    assert CANARY in desk.does("casebook", "report", desk.archive, CASE, "--see", "sealed").out


def assert_nowhere(words: str, folder: Path) -> None:
    for path in [folder, *folder.rglob("*")] if folder.is_dir() else [folder]:
        assert words not in path.name
        if path.is_file():
            assert words.encode() not in path.read_bytes(), path


def test_a_case_file_carries_what_speaks_against_and_a_stranger_can_tell(
    sealed: Desk, tmp_path: Path
) -> None:
    case = tmp_path / "case"
    sealed.does("dossier", sealed.archive, "--case", CASE, *TO, "-o", case)
    said = stranger_checks(case)
    assert said.returncode == 0, said.stdout + said.stderr
    assert_nowhere(CANARY, case)
    readable = (case / "data" / "claims" / "claims.en.txt").read_text(encoding="utf-8")
    assert "he was at his desk in June" in readable


def test_a_contrary_source_cannot_be_left_out(sealed: Desk, tmp_path: Path) -> None:
    contrary = row("S11", "at liberty, on duty")
    told = sealed.does("casebook", "show", sealed.archive, contrary, "--json").json()
    words = ("dossier", sealed.archive, "--case", CASE, *TO, "-o", tmp_path / "case")
    said = sealed.says(*words, "--without", told["id"])
    assert said.code == 1
    assert told["id"] in said.err
    assert not (tmp_path / "case").exists()


@pytest.fixture(scope="module")
def filmed(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, str]:
    """Take a clip in, describe it, and say who somebody thinks to see in it."""
    desk = copied(desk, tmp_path_factory.mktemp("filmed"))
    clip = QUICK[0].make(desk.folder)
    desk.does("take-in", desk.archive, clip)
    [receipt] = desk.does("list", desk.archive, "--json").json()["accessions"][0]["receipts"]
    item = receipt["item"]
    stretch = {"item": item, "pts_start": 0, "pts_end": 500, "timebase": "1/1000"}
    conduct = {
        "kind": "conduct", "act": "sinks a boat", "actor_label": "man 3 in clip 1", "severity": 2,
        "target_label": "a ferry", "incident": "@incident:zumurruda-2016-11-09", **stretch,
        "note_en": "a man opens a cock", "note_ar": "رجل يفتح صنبورًا",
    }  # fmt: skip
    seen = {
        "kind": "relation", "relation": "identified_in", "a": "@person:Nabih-Tabl",
        "detail": {"method": "family", "conditions": "six photographs, his the fourth"},
        "locator": stretch, "source": "@S06",
    }  # fmt: skip
    lines = "\n".join(json.dumps(each) for each in (conduct, seen)).encode()
    desk.does("casebook", "record", desk.archive, "-", "--case", CASE, typed=lines)
    return desk, item


def test_a_clip_is_read_without_watching_it(filmed: tuple[Desk, str]) -> None:
    desk, item = filmed
    for lang, note in (("en", "a man opens a cock"), ("ar", "رجل يفتح صنبورًا")):
        told = desk.does("casebook", "acts", desk.archive, item[:12], "--lang", lang).out
        assert note in told
        assert "man 3 in clip 1" in told
    incident = "incident:zumurruda-2016-11-09"
    assert "a ferry" in desk.does("casebook", "acts", desk.archive, incident).out


def test_what_somebody_recognised_stays_what_somebody_says(filmed: tuple[Desk, str]) -> None:
    desk, item = filmed
    told = desk.does("casebook", "show", desk.archive, f"{CASE}/person:Nabih-Tabl").out
    assert "said to be seen" in told
    assert "Tideline" in told
    acts = desk.does("casebook", "acts", desk.archive, item[:12]).out
    described, _, named = acts.partition("Nabih Tabl")
    assert "man 3 in clip 1" in described
    for each in ("according to", "My father’s boat", "family", "his the fourth"):
        assert each in named


def test_clip_and_claims_leave_in_one_case_file(filmed: tuple[Desk, str], tmp_path: Path) -> None:
    desk, item = filmed
    asked = ("--items", item, "--case", CASE, "--who", "az-Zumurruda", "--on", NIGHT)
    desk.does("dossier", desk.archive, *asked, *TO, "-o", tmp_path / "case")
    said = stranger_checks(tmp_path / "case", "--lang", "ar")
    assert said.returncode == 0, said.stdout + said.stderr
    assert "سليم" in said.stdout
