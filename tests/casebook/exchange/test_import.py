"""Lists come in whole or not at all, once, and go on where they were stopped."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import pytest
from openpyxl import Workbook

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.casebook import Casebook
from dalil.casebook.exchange.expected import expectation
from dalil.casebook.exchange.import_sheet import bring_in, case_of, look_at
from dalil.casebook.exchange.sheets import Faults
from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Assertion
from dalil.casebook.record.form import fields_of
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Evidence, Source
from dalil.casebook.record.things import Entity, Name
from dalil.errors import ImportRefused, UsageRefused
from terminal import Terminal

VIEW = view_of("sealed")
CLAIMS = (
    "see", "claim", "claim_ar", "subject", "value", "date_or_interval", "published",
    "supports/contradicts", "evidence_offered", "row_id", "question", "source_id", "row_origin",
)  # fmt: skip
SOURCES = ("see", "source_id", "publisher", "title", "url", "published", "kind", "derives_from")
ROW = {
    "claim": "Nine boats were sunk",
    "subject": "incident:creek-2016-11-09",
    "value": "9",
    "row_id": "R1",
    "question": "Q1 number of boats sunk in the clip",
    "source_id": "A",
}


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """Return a bureau into which nothing comes."""
    return open_bureau(tmp_path_factory.mktemp("empty"))


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, {"DALIL_PASSPHRASE": "bureau"})


def sheet(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> str:
    """Return a CSV of these rows."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def claims_set(
    folder: Path, rows: Sequence[dict[str, str]], sources: Sequence[dict[str, str]] = ()
) -> Path:
    """Write a small claims sheet with its sources."""
    place = folder / "creek"
    place.mkdir(exist_ok=True)
    sources = sources or [{"source_id": "A", "kind": "journalism", "published": "2017"}]
    (place / "claims.csv").write_text(sheet(CLAIMS, rows), encoding="utf-8")
    (place / "sources.csv").write_text(sheet(SOURCES, sources), encoding="utf-8")
    return place


def brought(bureau: Bureau, path: Path) -> Casebook:
    """Bring a list in."""
    listing = look_at(bureau.casebook, path, None, "restricted", Faults())
    bring_in(bureau.casebook, listing, bureau.signer)
    return bureau.casebook


@pytest.mark.parametrize(
    ("change", "column", "value", "expected"),
    [
        ({"subject": "creek"}, "subject", "creek", "type:name"),
        ({"subject": "ship:one"}, "subject", "ship:one", "type:name"),
        ({"source_id": "Z"}, "source_id", "Z", "key of a source"),
        ({"source_id": "O-Z"}, "source_id", "O-Z", "key of a source"),
        ({"row_origin": "Z"}, "row_origin", "Z", "key of a source"),
        ({"published": "2017-02-30"}, "published", "2017-02-30", "EDTF"),
        ({"date_or_interval": "2018/2017"}, "date_or_interval", "2018/2017", "before it begins"),
        ({"value": "9..3"}, "value", "9..3", "backwards"),
        ({"value": "9 (7 ferries, 4 rafts)"}, "value", "9 (7 ferries, 4 rafts)", "parts"),
        ({"see": "secret"}, "see", "secret", "one of open, restricted, sealed"),
        ({"claim": ""}, "claim", "", "may not be empty"),
        ({"claim": "x" * 5000}, "claim", "x" * 80 + "…", "4000"),
        ({"claim": "one\x00two"}, "claim", "one\x00two", "U+0000"),
    ],
)
def test_what_a_row_gets_wrong_is_named_and_nothing_is_written(
    empty: Bureau, tmp_path: Path, change: dict[str, str], column: str, value: str, expected: str
) -> None:
    faults = Faults()
    path = claims_set(tmp_path, [ROW, {**ROW, "row_id": "R2", **change}])
    with pytest.raises(ImportRefused):
        look_at(empty.casebook, path, None, "restricted", faults)
    (fault,) = faults.found
    assert (fault.file, fault.row, fault.column, fault.value) == ("claims.csv", 3, column, value)
    assert expected in fault.expected
    assert empty.casebook.ledger.size == 1


def test_a_key_that_is_given_twice_is_named_with_the_row_that_has_it(
    empty: Bureau, tmp_path: Path
) -> None:
    faults = Faults()
    with pytest.raises(ImportRefused):
        look_at(empty.casebook, claims_set(tmp_path, [ROW, ROW]), None, "restricted", faults)
    assert [(f.row, f.column, f.expected) for f in faults.found] == [
        (3, "row_id", "another key; row 2 has it")
    ]


def test_a_circle_of_sources_is_named_by_its_rows(empty: Bureau, tmp_path: Path) -> None:
    sources = [
        {"source_id": one, "kind": "journalism", "derives_from": other}
        for one, other in ("AB", "BC", "CA")
    ]
    faults = Faults()
    path = claims_set(tmp_path, [ROW], sources)
    with pytest.raises(ImportRefused):
        look_at(empty.casebook, path, None, "restricted", faults)
    (fault,) = faults.found
    assert (fault.file, fault.column) == ("sources.csv", "derives_from")
    assert "comes from" in fault.value


def test_words_that_name_no_row_are_kept_and_said(bureau: Bureau, tmp_path: Path) -> None:
    path = claims_set(tmp_path, [{**ROW, "supports/contradicts": "contradicts the harbour log"}])
    listing = look_at(bureau.casebook, path, None, "restricted", Faults())
    assert [(r.row, r.value) for r in listing.remarks] == [(2, "contradicts the harbour log")]
    bring_in(bureau.casebook, listing, bureau.signer)
    (known,) = bureau.casebook.find(Assertion, VIEW, "creek")
    assert isinstance(known.record, Assertion)
    assert "contradicts the harbour log" in str(known.record.note)


def test_a_claim_in_arabic_is_kept_as_our_words_in_arabic(bureau: Bureau, tmp_path: Path) -> None:
    rows = [
        {**ROW, "claim_ar": "أُغرقت تسعة قوارب"},
        {
            **ROW,
            "row_id": "R2",
            "claim": "أُغرقت تسعة قوارب",
            "question": "س١ عدد القوارب التي أُغرقت",
        },
    ]
    found = brought(bureau, claims_set(tmp_path, rows)).find(Assertion, VIEW, "creek")
    both, one = (k.record for k in found)
    assert isinstance(both, Assertion)
    assert isinstance(one, Assertion)
    assert (both.text, both.text_ar, both.verbatim) == (ROW["claim"], "أُغرقت تسعة قوارب", None)
    assert (one.text, one.text_ar) == (None, "أُغرقت تسعة قوارب")


def test_a_corrected_list_writes_only_what_changed(bureau: Bureau, tmp_path: Path) -> None:
    rows = [ROW, {**ROW, "row_id": "R2", "value": "~9"}]
    casebook = brought(bureau, claims_set(tmp_path, rows))
    before = casebook.ledger.size
    rows[1]["claim"] = "About nine boats were sunk, it is thought"
    listing = look_at(casebook, claims_set(tmp_path, rows), None, "restricted", Faults())
    done = bring_in(casebook, listing, bureau.signer)
    assert (done.records, len(done.acts)) == (1, 1)
    assert casebook.ledger.size == before + 1
    known = casebook.by_key("creek", "assertion", "R2", VIEW)
    assert known is not None
    assert known.revision == 1
    assert [k.record.text for k in casebook.revisions(known.record.id, VIEW)] == [  # type: ignore[attr-defined]
        ROW["claim"],
        rows[1]["claim"],
    ]


def test_a_file_that_changes_while_it_is_read_is_not_shown(bureau: Bureau, tmp_path: Path) -> None:
    path = claims_set(tmp_path, [ROW])
    listing = look_at(bureau.casebook, path, None, "restricted", Faults())
    claims_set(tmp_path, [ROW, {**ROW, "row_id": "R2"}])
    with pytest.raises(ImportRefused, match="changed"):
        bring_in(bureau.casebook, listing, bureau.signer)
    assert not list(bureau.casebook.find(Assertion, VIEW))


def test_our_own_sheets_take_typed_keys_for_ids(bureau: Bureau, tmp_path: Path) -> None:
    brought(bureau, claims_set(tmp_path, [ROW]))
    own = tmp_path / "creek" / "own"
    own.mkdir()
    (own / "entity.csv").write_text(
        'id,type,key,names\n@unit:Branch 1,unit,unit:Branch 1,"[{""form"":""Branch 1""}]"\n'
    )
    (own / "relation.csv").write_text(
        "id,relation,a,b,valid,is_command,source\n"
        "@r1,took_part_in,@unit:Branch 1,@incident:creek-2016-11-09,2016-11-09,,@A\n"
    )
    listing = look_at(bureau.casebook, own, "creek", "sealed", Faults())
    bring_in(bureau.casebook, listing, bureau.signer)
    (relation,) = (k.record for k in bureau.casebook.find(Relation, VIEW, "creek"))
    assert isinstance(relation, Relation)
    incident = bureau.casebook.by_key("creek", "entity", ROW["subject"], VIEW)
    source = bureau.casebook.by_key("creek", "source", "A", VIEW)
    assert incident is not None
    assert source is not None
    assert (relation.b, relation.source, relation.see) == (
        incident.record.id,
        source.record.id,
        "sealed",
    )


@pytest.mark.parametrize(
    ("name", "text", "row", "column", "expected"),
    [
        ("source.csv", "id,type\nxyz,book\n", 2, "id", "32 hexadecimal"),
        ("source.csv", f"id,type\n{'1' * 32},\n", 2, "type", "missing"),
        ("source.csv", f"id,type,colour\n{'1' * 32},book,red\n", 1, "colour", "one of id"),
        ("assertion.csv", f"id,machine\n{'1' * 32},maybe\n", 2, "machine", "true or false"),
        ("assertion.csv", f"id,lo\n{'1' * 32},1.5\n", 2, "lo", "a whole number"),
        ("entity.csv", f"id,type,names\n{'1' * 32},unit,[1.5]\n", 2, "names", "JSON"),
        ("name.csv", f"id,entity,form\n{'1' * 32},{'2' * 32},x\n", 2, "entity", "the id of a"),
    ],
)
def test_what_our_own_sheets_get_wrong_is_named(  # noqa: PLR0913, PLR0917 - where, what, why
    empty: Bureau, tmp_path: Path, name: str, text: str, row: int, column: str, expected: str
) -> None:
    (tmp_path / name).write_text(text)
    faults = Faults()
    with pytest.raises(ImportRefused):
        look_at(empty.casebook, tmp_path / name, "creek", "restricted", faults)
    fault = faults.found[0]
    assert (fault.file, fault.row, fault.column) == (name, row, column)
    assert expected in fault.expected


def test_a_record_that_is_given_twice_is_named(empty: Bureau, tmp_path: Path) -> None:
    line = f"{'1' * 32},book\n"
    (tmp_path / "source.csv").write_text(f"id,type\n{line}{line}")
    faults = Faults()
    with pytest.raises(ImportRefused):
        look_at(empty.casebook, tmp_path / "source.csv", "creek", "restricted", faults)
    assert [(f.row, f.column, f.expected) for f in faults.found] == [(3, "id", "each record once")]


def test_one_workbook_holds_one_sheet_a_kind(bureau: Bureau, tmp_path: Path) -> None:
    book = Workbook()
    book.remove(book["Sheet"])
    sheets: dict[str, list[list[object]]] = {
        "entity": [["id", "type", "lat_e6", "lon_e6"], ["1" * 32, "place", 33476200, 36324100]],
        "about": [["what"], ["this is not ours"]],
        "source": [["id", "type", "title"], ["2" * 32, "book", "دفتر"]],
    }
    for title, rows in sheets.items():
        made = book.create_sheet(title)
        for row in rows:
            made.append(row)
    book.save(tmp_path / "creek.xlsx")
    casebook = brought(bureau, tmp_path / "creek.xlsx")
    (place,) = (k.record for k in casebook.find(Entity, VIEW))
    (source,) = (k.record for k in casebook.find(Source, VIEW))
    assert isinstance(place, Entity)
    assert isinstance(source, Source)
    assert (place.lat_e6, place.case, source.title) == (33476200, "creek", "دفتر")


@pytest.mark.parametrize(
    ("name", "case"),
    [("Al-Tadamun 2013", "al-tadamun-2013"), ("a.csv.gz", "a"), ("X_1.xlsx", "x_1")],
)
def test_a_case_is_called_as_its_folder_or_file(tmp_path: Path, name: str, case: str) -> None:
    path = tmp_path / name
    path.mkdir() if "." not in name else path.touch()
    assert case_of(path, None) == case


def test_a_name_that_is_no_case_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageRefused, match="--case"):
        case_of(tmp_path / "الزمردة", None)


def test_a_refused_list_names_every_place_in_words_and_as_json(
    empty: Bureau, terminal: Terminal, tmp_path: Path
) -> None:
    bad = {**ROW, "subject": "creek\u202e", "row_id": "R2"}
    path = claims_set(tmp_path, [ROW, bad, {**ROW, "row_id": "R3", "source_id": "Z"}])
    command = ("casebook", "import", empty.archive, path, "--dry-run")
    said = terminal.says(*command, "--lang", "ar")
    assert (said.code, said.out) == (1, "")
    assert "\u202e" not in said.err
    assert "‹U+202E›" in said.err
    assert said.err.count("claims.csv") == 2
    assert "مفتاح مصدر" in said.err
    document = terminal.says(*command, "--json")
    assert document.code == 1
    places = [(f["file"], f["row"], f["column"], f["value"]) for f in document.json()["faults"]]
    assert places == [
        ("claims.csv", 3, "subject", "creek\u202e"),
        ("claims.csv", 4, "source_id", "Z"),
    ]
    assert empty.casebook.ledger.size == 1


def test_every_expectation_is_said_in_arabic_too() -> None:
    text = resources.files("dalil.casebook.exchange").joinpath("expected.json").read_text("utf-8")
    said = json.loads(text)
    assert len(said) > 30
    for each in said.values():
        value = "٧" if "{" in each["en"] else ""
        english = re.sub(r"\{\w+\}", value, each["en"])
        arabic = expectation(english, "ar")
        assert re.search("[\u0621-\u064a]", arabic)
        assert value in arabic
        assert expectation(english, "en") == english
    assert expectation("something else", "ar") == "\u2068something else\u2069"


def test_a_name_that_can_deceive_the_eye_comes_in_as_it_is_and_is_pointed_out(
    bureau: Bureau, tmp_path: Path
) -> None:
    path = claims_set(tmp_path, [ROW])
    names = [("person:a", "Am\u202ejad"), ("person:a", "Amj\u0430d"), ("person:a", "Amjad")]
    rows = [{"entity": entity, "form": form} for entity, form in names]
    (path / "names.csv").write_text(sheet(("entity", "form"), rows), encoding="utf-8")
    listing = look_at(bureau.casebook, path, None, "restricted", Faults())
    assert [(r.file, r.row, r.column) for r in listing.remarks] == [
        ("names.csv", 2, "form"),
        ("names.csv", 3, "form"),
        ("names.csv", 3, "form"),
    ]
    assert "U+202E" in listing.remarks[0].expected
    bring_in(bureau.casebook, listing, bureau.signer)
    forms = {k.record.form for k in bureau.casebook.find(Name, VIEW) if isinstance(k.record, Name)}
    assert forms == {form for _, form in names}


def test_what_lies_beside_and_is_not_read_is_said(bureau: Bureau, tmp_path: Path) -> None:
    path = claims_set(tmp_path, [ROW])
    (path / "other.csv").write_text("colour\nred\n")
    listing = look_at(bureau.casebook, path, None, "restricted", Faults())
    assert (listing.files, listing.unread) == (("claims.csv", "sources.csv"), ("other.csv",))


def test_sheets_of_our_own_may_stand_beside_claims_and_name_what_is_in_them(
    bureau: Bureau, tmp_path: Path
) -> None:
    path = claims_set(tmp_path, [ROW])
    (path / "relation.csv").write_text(
        "id,relation,a,b\n@r1,related_to,@unit:Branch 1,@incident:creek-2016-11-09\n"
    )
    (path / "entity.csv").write_text("id,type,key\n@unit:Branch 1,unit,unit:Branch 1\n")
    listing = look_at(bureau.casebook, path, None, "restricted", Faults())
    assert (listing.layout, listing.unread) == ("claims-sheet+native", ())
    bring_in(bureau.casebook, listing, bureau.signer)
    (relation,) = (k.record for k in bureau.casebook.find(Relation, VIEW, "creek"))
    incident = bureau.casebook.by_key("creek", "entity", ROW["subject"], VIEW)
    assert isinstance(relation, Relation)
    assert incident is not None
    assert relation.b == incident.record.id


def test_a_row_may_say_who_may_see_it(bureau: Bureau, tmp_path: Path) -> None:
    sources = [
        {"source_id": "A", "kind": "journalism", "see": "open"},
        {"source_id": "B", "kind": "witness", "see": "sealed", "title": "her name"},
    ]
    rows = [
        {**ROW, "value": "dozens", "supports/contradicts": "contradicts B"},
        {**ROW, "row_id": "R2", "source_id": "B", "value": "three"},
        {**ROW, "row_id": "R3", "see": "sealed"},
    ]
    casebook = brought(bureau, claims_set(tmp_path, rows, sources))
    view = view_of("restricted")
    keys = {k.record.key for k in casebook.find(Source, view) if isinstance(k.record, Source)}
    assert keys == {"A"}
    # What a sealed source says is shown; who it is is not.
    told = {k.record.key for k in casebook.find(Assertion, view) if isinstance(k.record, Assertion)}
    assert told == {"R1", "R2"}
    found = [*casebook.find(Assertion, view), *casebook.find(Evidence, view)]
    said = [json.dumps(fields_of(known.record), ensure_ascii=False) for known in found]
    assert len(said) == 3
    assert not [text for text in said if "contradicts B" in text]
    assert sum("contradicts ‹…›" in text for text in said) == 2


def test_a_workbook_may_hold_claims_and_their_sources(bureau: Bureau, tmp_path: Path) -> None:
    book = Workbook()
    book.remove(book["Sheet"])
    for title, columns, row in (
        ("claims", CLAIMS, ROW),
        ("sources", SOURCES, {"source_id": "A", "kind": "journalism"}),
    ):
        made = book.create_sheet(title)
        made.append(list(columns))
        made.append([row.get(column) for column in columns])
    book.save(tmp_path / "creek.xlsx")
    casebook = brought(bureau, tmp_path / "creek.xlsx")
    (known,) = casebook.find(Assertion, VIEW, "creek")
    assert isinstance(known.record, Assertion)
    assert (known.record.lo, known.record.hi) == (9, 9)


def test_a_dry_run_reads_all_of_it_and_writes_nothing(
    empty: Bureau, terminal: Terminal, tmp_path: Path
) -> None:
    path = claims_set(tmp_path, [ROW])
    said = terminal.does("casebook", "import", empty.archive, path, "--dry-run", "--json").json()
    assert said["dry_run"]
    assert said["records"]["assertion"] == 1
    assert (said["written"], said["acts"]) == (None, [])
    assert empty.casebook.ledger.size == 1


def test_what_is_nothing_of_ours_says_what_to_do(
    empty: Bureau, terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text("colour,weight\nred,3\n")
    said = terminal.says("casebook", "import", empty.archive, tmp_path / "list.csv")
    assert said.code == 1
    assert "--map" in said.err


def test_an_empty_folder_and_none_at_all_are_said(empty: Bureau, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "absent"):
        with pytest.raises(UsageRefused):
            look_at(empty.casebook, tmp_path / name, None, "restricted", Faults())


def test_a_claims_sheet_without_its_sources_says_what_is_missing(
    empty: Bureau, tmp_path: Path
) -> None:
    path = claims_set(tmp_path, [ROW]) / "claims.csv"
    with pytest.raises(ImportRefused, match="sheet of its sources"):
        look_at(empty.casebook, path, None, "restricted", Faults())


def test_killed_half_way_nothing_is_shown_and_the_same_command_goes_on(
    bureau: Bureau, terminal: Terminal, tmp_path: Path
) -> None:
    path, count = tmp_path / "source.csv", 2000
    lines = (f"{n:032x},book,title {n}\n" for n in range(count))
    path.write_text("id,type,title\n" + "".join(lines))
    words = ["casebook", "import", str(bureau.archive), str(path), "--case", "creek"]
    # The command itself, with parts so small that there is time to kill it between two.
    program = (
        "import dalil.casebook.recording as r; r.PART = 20; from dalil.cli import main; main()"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", program, *words],
        env={**os.environ, "DALIL_PASSPHRASE": "bureau"},
        stdin=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while bureau.casebook.ledger.store.count() < 3 and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert not list(Casebook.open(bureau.archive).find(Source, VIEW))
    said = json.loads(terminal.does(*words, "--json").out)
    assert said["written"] + said["skipped"] == count
    assert said["skipped"] >= 2 * 20
    assert len(list(Casebook.open(bureau.archive).find(Source, VIEW))) == count
