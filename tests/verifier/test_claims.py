"""Whoever drops what speaks against a claim, or bends a record, is found out by the rest."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from dalil.dossier.claims.listing import Head, signed_note
from dalil.kernel.canonical import Json
from dalil.ledger.ledger import Ledger
from dalil.verifier.verify import (
    Report,
    as_text,
    canonical,
    examine,
    record_leaf,
    record_payload,
)
from dossier.claims.harbour import Harbour, adoption, records, rid
from dossier.small_archive import make_small_archive
from verifier.handed import take_in
from verifier.test_forged_case_file import codes, edit_json, rebag
from verifier.test_one_flipped_bit import sentences

LISTING, LINES = "data/claims/claims.json", "data/claims/records.jsonl"


@pytest.fixture(scope="session")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Harbour, Path]:
    """Return an archive with claims, and a case file of them; nobody writes to either."""
    place = tmp_path_factory.mktemp("claims")
    harbour = Harbour(make_small_archive(place / "archive"))
    harbour.write(*records())
    harbour.write(adoption("P1"))
    made = harbour.build(place / "case", who=(("the Old Mole", "2013-04-16"),))
    shutil.rmtree(made.path / "vectors")  # many small files, of no weight here
    rebag(made.path)
    return harbour, made.path


@pytest.fixture
def claims(gathered: tuple[Harbour, Path], tmp_path: Path) -> Path:
    """Return a case file of a test's own."""
    return Path(shutil.copytree(gathered[1], tmp_path / "case"))


def lines(case: Path) -> list[Json]:
    """Return the lines of records."""
    return [json.loads(line) for line in (case / LINES).read_bytes().splitlines()]


def write_lines(case: Path, kept: list[Json]) -> None:
    """Write the lines of records again."""
    (case / LINES).write_bytes(b"".join(canonical(each) + b"\n" for each in kept))


def listing(case: Path) -> Json:
    """Return claims.json."""
    return json.loads((case / LISTING).read_bytes())


def at(case: Path, key: str) -> tuple[int, int]:
    """Return where a record is written, by its short key."""
    [found] = [each for each in listing(case)["records"] if each.get("id") == rid(key)]
    return found["act"], found["place"]


def drop(case: Path, *keys: str) -> None:
    """Take records out, and write the manifests anew."""
    gone = {at(case, key) for key in keys}
    write_lines(case, [each for each in lines(case) if (each["act"], each["place"]) not in gone])
    rebag(case)


def change(case: Path, key: str, how: Callable[[Json], None]) -> None:
    """Change the line of one record, and write the manifests anew."""
    found = lines(case)
    [one] = [each for each in found if (each["act"], each["place"]) == at(case, key)]
    how(one)
    write_lines(case, found)
    rebag(case)


def sign_again(case: Path, harbour: Harbour, how: Callable[[Json], None]) -> None:
    """Change claims.json and sign it with the archive's own key, as a dishonest archive could."""
    edit_json(case / LISTING, how)
    size = json.loads((case / "data/case.json").read_bytes())["log_size"]
    head = Head(Ledger.open(harbour.path).origin, size, "restricted")
    note = signed_note((case / LISTING).read_bytes(), head, harbour.archive.signer)
    (case / "data/claims/claims.note").write_bytes(note)
    rebag(case)


def forget(keys: set[str]) -> Callable[[Json], None]:
    """Return what makes claims.json silent on records."""
    ids = {rid(key) for key in keys}

    def how(said: Json) -> None:
        said["records"] = [each for each in said["records"] if each.get("id") not in ids]
        for claim in said["propositions"]:
            claim["against"] = [each for each in claim["against"] if each not in ids]

    return how


def said_wrong(report: Report) -> str:
    """Return the sentences on what is wrong."""
    wrong = [f for f in report.findings if f.section in ("broken", "missing")]
    return "\n".join(str((f.code, f.values)) for f in wrong)


def test_a_case_file_with_claims_is_intact(claims: Path) -> None:
    report = examine(str(claims))
    assert report.exit_code == 0, said_wrong(report)
    assert report.counts["records"] == len(lines(claims))
    assert report.counts["answers"] == 1


@pytest.mark.parametrize(("key", "named"), [("A3", "assertion"), ("E1", "evidence")])
def test_what_speaks_against_a_claim_and_was_dropped_is_named(
    claims: Path, key: str, named: str
) -> None:
    drop(claims, key)
    report = examine(str(claims))
    assert report.exit_code == 1
    assert "against-missing" in codes(report)
    assert any(f"{named} {rid(key)}" in said for said in sentences(report))


def test_a_dropped_contrary_source_is_named_with_its_title(claims: Path) -> None:
    drop(claims, "S4")
    report = examine(str(claims))
    assert "against-missing" in codes(report)
    assert any("Statement 12" in said for said in sentences(report))


def test_dropping_it_from_the_list_too_breaks_the_signature(claims: Path) -> None:
    drop(claims, "A3", "E1", "S4")
    edit_json(claims / LISTING, forget({"A3", "E1", "S4"}))
    rebag(claims)
    assert "claims-of-other" in codes(examine(str(claims)))


def test_taking_the_signature_away_too_is_found(claims: Path) -> None:
    (claims / "data/claims/claims.note").unlink()
    rebag(claims)
    assert codes(examine(str(claims))) == {"file-missing"}


def test_another_signature_on_the_same_list_is_found(claims: Path, tmp_path: Path) -> None:
    signer, _ = take_in(tmp_path / "other", [])
    size = json.loads((claims / "data/case.json").read_bytes())["log_size"]
    head = Head(listing(claims)["origin"], size, "restricted")
    note = signed_note((claims / LISTING).read_bytes(), head, signer)
    (claims / "data/claims/claims.note").write_bytes(note)
    rebag(claims)
    assert codes(examine(str(claims))) == {"signature-broken"}


def test_an_archive_that_is_silent_on_what_speaks_against_a_claim_is_found_out(
    claims: Path, gathered: tuple[Harbour, Path]
) -> None:
    def silent(said: Json) -> None:
        said["propositions"][0]["against"] = []

    sign_again(claims, gathered[0], silent)
    report = examine(str(claims))
    assert codes(report) == {"against-unsaid"}
    assert any(rid("A3") in said for said in sentences(report))


def test_an_archive_that_drops_a_source_is_found_out_by_what_names_it(
    claims: Path, gathered: tuple[Harbour, Path]
) -> None:
    drop(claims, "S4")
    sign_again(claims, gathered[0], forget({"S4"}))
    report = examine(str(claims))
    assert codes(report) == {"named-missing"}
    assert any(rid("S4") in said for said in sentences(report))


def test_an_altered_word_is_found(claims: Path) -> None:
    change(claims, "A3", lambda line: line["fields"].update(polarity="affirms"))
    assert "record-not-in-act" in codes(examine(str(claims)))


def test_a_record_in_another_place_is_found(claims: Path) -> None:
    act, place = at(claims, "A3")
    found = lines(claims)
    [one] = [each for each in found if (each["act"], each["place"]) == (act, place)]
    one["place"] = place - 4
    write_lines(claims, sorted(found, key=lambda each: (each["act"], each["place"])))
    rebag(claims)
    assert {"record-not-in-act", "against-missing"} <= codes(examine(str(claims)))


def disclosures(line: Json, without: str) -> str:
    """Return a presentation without one of its fields."""
    head, *parts, _ = line["record"].split("~")
    names = [json.loads(base64.urlsafe_b64decode(part + "=="))[1] for part in parts]
    assert without in names
    kept = [part for part, name in zip(parts, names, strict=True) if name != without]
    return "~".join([head, *kept, ""])


def test_hiding_that_somebody_denies_is_found(claims: Path) -> None:
    change(claims, "A4", lambda line: line.update(record=disclosures(line, "polarity")))
    assert codes(examine(str(claims))) == {"record-hides"}


@pytest.mark.parametrize("field", ["modality", "proposition"])
def test_hiding_what_a_statement_is_about_or_how_it_is_said_is_found(
    claims: Path, field: str
) -> None:
    change(claims, "A4", lambda line: line.update(record=disclosures(line, field)))
    assert "record-hides" in codes(examine(str(claims)))


def test_calling_a_denial_withdrawn_is_found(claims: Path, gathered: tuple[Harbour, Path]) -> None:
    def withdraw(said: Json) -> None:
        for each in said["records"]:
            if each.get("id") == rid("A3"):
                each["withdrawn"] = True
        said["propositions"][0]["against"].remove(rid("A3"))

    sign_again(claims, gathered[0], withdraw)
    assert codes(examine(str(claims))) == {"record-otherwise"}


def test_a_field_of_another_record_is_found(claims: Path) -> None:
    [other] = [x for x in lines(claims) if (x["act"], x["place"]) == at(claims, "A9")]
    foreign = other["record"].split("~")[1]
    change(claims, "A4", lambda line: line.update(record=line["record"] + foreign + "~"))
    assert "record-foreign-field" in codes(examine(str(claims)))


@pytest.mark.parametrize("what", ["page", "answer", "stray", "twice", "act", "case"])
def test_what_was_bent_beside_the_records_is_found(claims: Path, what: str) -> None:
    expected = {"page": "altered", "answer": "altered", "stray": "stray", "twice": "record-twice",
                "act": "act-missing", "case": "stray"}  # fmt: skip
    folder = claims / "data/claims"
    if what == "page":
        place = folder / "claims.en.txt"
        place.write_text(place.read_text("utf-8").replace("denied", "affirmed"), "utf-8")
    elif what == "answer":
        place = folder / "answers/0001.json"
        place.write_bytes(place.read_bytes().replace(b"liable", b"guilty"))
    elif what == "stray":
        (folder / "more.txt").write_text("more")
    elif what == "twice":
        write_lines(claims, [*lines(claims), lines(claims)[-1]])
    elif what == "act":
        for end in ("act", "tlog-proof"):
            (claims / f"data/custody/{at(claims, 'A3')[0]:08}.{end}").unlink()
    else:
        edit_json(claims / "data/case.json", lambda case: case.pop("claims"))
    rebag(claims)
    report = examine(str(claims))
    assert expected[what] in codes(report), said_wrong(report)


def test_claims_that_were_taken_away_with_their_mention_are_counted(claims: Path) -> None:
    shutil.rmtree(claims / "data/claims")
    edit_json(claims / "data/case.json", lambda case: case.pop("claims"))
    rebag(claims)
    report = examine(str(claims))
    said = as_text(report, "en")
    assert "31 of the 31 records that these 2 acts wrote down are not here." in said


def test_each_dropped_record_is_named_once(claims: Path) -> None:
    drop(claims, "A3")
    report = examine(str(claims))
    wrong = [f for f in report.findings if f.section in ("broken", "missing")]
    assert [finding.code for finding in wrong] == ["against-missing"]


def test_an_unlisted_record_is_found(claims: Path, gathered: tuple[Harbour, Path]) -> None:
    sign_again(claims, gathered[0], forget({"A9"}))
    assert codes(examine(str(claims))) == {"record-unlisted"}


def test_a_record_shown_otherwise_than_listed_is_found(
    claims: Path, gathered: tuple[Harbour, Path]
) -> None:
    def whole(said: Json) -> None:
        for each in said["records"]:
            if each.get("id") == rid("A9"):
                each["shown"] = "whole"

    sign_again(claims, gathered[0], whole)
    assert codes(examine(str(claims))) == {"record-otherwise"}


OTHER_FORMS: list[Json] = [
    {"records": {}},
    {"records": [[]]},
    {"records": [{"act": "x", "place": 0}]},
    {"propositions": [{"id": 7}]},
    {"propositions": None},
    {"answers": [{"file": "../case.json"}]},
    {"answers": [{"file": "answers/0001.json", "sha256": 1}]},
    {"left_out": []},
    {"pages": []},
    {"kind": "else"},
    {"v": 2},
]


@pytest.mark.parametrize("other", OTHER_FORMS, ids=str)
def test_a_list_in_another_form_is_refused_without_a_trace(
    claims: Path, gathered: tuple[Harbour, Path], other: Json
) -> None:
    sign_again(claims, gathered[0], lambda said: said.update(other))
    assert examine(str(claims)).exit_code in {1, 3}


@pytest.mark.parametrize(
    "line",
    [b"", b"{}", b"[]", b'{"act":1}', b'{"act":15,"fields":{},"path":[],"place":0,"seed":""}',
     b'{"act":15,"path":[],"place":0,"record":"~"}',
     b'{"act":15,"path":[],"place":0,"record":"e30~"}',
     b'{"act":15,"fields":{"kind":7},"path":["x"],"place":0,"seed":"x"}', b"\xff"],
)  # fmt: skip
def test_a_record_in_another_form_is_refused_without_a_trace(claims: Path, line: bytes) -> None:
    (claims / LINES).write_bytes(line + b"\n")
    rebag(claims)
    report = examine(str(claims))
    assert report.exit_code == 1
    assert any(LINES in said for said in sentences(report))


@pytest.fixture(scope="session")
def with_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive with a casebook; nobody writes to it."""
    from dalil.casebook.casebook import Casebook  # noqa: PLC0415

    archive = tmp_path_factory.mktemp("records") / "archive"
    signer, _ = take_in(archive, [])
    Casebook.open(archive).write(records(), signer)
    return archive


def test_an_archive_with_records_is_intact(with_records: Path) -> None:
    report = examine(str(with_records))
    assert "records" in report.counts
    assert not codes(report) - {"altered"}, said_wrong(report)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE records SET fields = replace(fields, 'denies', 'affirms') WHERE place = 20",
         "records-differ"),
        ("UPDATE records SET seed = zeroblob(32) WHERE place = 3", "records-differ"),
        ("UPDATE records SET fields = 7 WHERE place = 3", "malformed"),
        ("DELETE FROM records WHERE place = 3", "records-missing"),
        ("DELETE FROM records WHERE place = 29", "records-missing"),
        ("DROP TABLE records", "records-missing"),
        ("INSERT INTO records SELECT seq, 40, seed, fields FROM records WHERE place = 0",
         "records-differ"),
        ("INSERT INTO records SELECT 1, 0, seed, fields FROM records WHERE place = 0",
         "records-stray"),
    ],
)  # fmt: skip
def test_a_row_that_is_not_what_its_act_signs_is_found(
    with_records: Path, tmp_path: Path, statement: str, code: str
) -> None:
    archive = Path(shutil.copytree(with_records, tmp_path / "archive"))
    with sqlite3.connect(archive / "acts.sqlite") as store:
        changed = store.execute(statement).rowcount
    store.close()
    assert changed
    assert code in codes(examine(str(archive)))


def test_the_leaf_on_the_format_page_is_worked_out_alike() -> None:
    page = (Path(__file__).resolve().parents[2] / "spec/casebook.md").read_text("utf-8")
    told = page.split("## Bytes")[1]
    fields = json.loads(told.split("`")[1])
    leaf = told.split("```")[1].strip()
    assert record_leaf(record_payload(fields, bytes(range(32)))).hex() == leaf
