"""What people and machines get wrong, at the terminal: refused or shown as such, nothing lost."""

from __future__ import annotations

import csv
import dataclasses
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.ledger.ledger import Ledger
from journeys.desk import Desk
from terminal import Said

SEEN = View(clearance=2)
MEGABYTE = 1 << 20
OVERRIDE = "\u202e"
GIVEN = ("--to", "a colleague", "--reason", "a test")
SOURCE = {"kind": "source", "type": "journalism", "title": "The Lighthouse"}
PLACE = {"kind": "entity", "type": "place", "names": [{"form": "Hill"}]}
QUESTION = {
    "kind": "proposition",
    "predicate": "boats sunk",
    "measure": "boats",
    "scope": "one clip",
}
CLAIM = {
    "claim": "At least 17 boats", "subject": "incident:night", "value": ">=17",
    "date_or_interval": "2016-11-09", "source": "The Lighthouse: Night", "source_url": "",
    "published": "2017-04-20", "supports/contradicts": "supports 17",
    "evidence_offered": "clip viewed by the newspaper", "row_id": "Z001",
    "question": "Q01 number of boats sunk in the clip", "source_id": "S01", "row_origin": "",
}  # fmt: skip
PAPER = {
    "source_id": "S01", "publisher": "The Lighthouse", "title": "Night", "url": "",
    "published": "2017-04-20", "kind": "journalism", "derives_from": "", "read_how": "copy",
    "lang": "en",
}  # fmt: skip

HEADER = ",".join(each.name for each in dataclasses.fields(Source)).encode() + b"\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("bad")
    desk = Desk(folder, folder / "archive")
    desk.does("init", desk.archive, "--keeper", "Salma", "--sheet", folder / "sheet.txt")
    return desk


@pytest.fixture
def unchanged(desk: Desk) -> Iterator[None]:
    """Whatever is tried in a test, no act is written."""
    before = acts_of(desk)
    yield
    assert acts_of(desk) == before


def acts_of(desk: Desk) -> int:
    return len(list(Ledger.open(desk.archive).store.rows()))


def refused(said: Said, *words: str) -> None:
    """Refused in a few plain words that name what is wrong; what is safe and what to do next."""
    assert said.code in {1, 2}, said.out
    assert len(said.err.splitlines()) >= 3
    assert len(said.err) < 2000
    assert not [each for each in words if each not in said.err], said.err
    assert OVERRIDE not in said.err
    assert "\x1b" not in said.err
    assert "\x9b" not in said.err


def sheets(folder: Path, claim: Mapping[str, str], *papers: Mapping[str, str]) -> Path:
    """Write a list of one claim and its sources."""
    folder.mkdir()
    for name, rows in (("claims", [{**CLAIM, **claim}]), ("sources", [*papers] or [PAPER])):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def derivation(child: str, parent: str) -> dict[str, str]:
    return {"kind": "derivation", "child": child, "parent": parent, "how": "repeats"}


@pytest.mark.usefixtures("unchanged")
def test_sources_that_come_from_each_other_are_refused(desk: Desk) -> None:
    two = [{**SOURCE, "id": "@a"}, {**SOURCE, "id": "@b"}]
    refused(desk.records(*two, derivation("@a", "@b"), derivation("@b", "@a")), "itself")


@pytest.mark.usefixtures("unchanged")
def test_a_source_that_comes_from_itself_is_refused(desk: Desk) -> None:
    refused(desk.records({**SOURCE, "id": "@a"}, derivation("@a", "@a")), "itself")


def test_a_circle_that_a_later_act_would_close_is_refused(desk: Desk) -> None:
    chain = [{**SOURCE, "id": f"{n:032x}"} for n in range(1, 6)]
    links = [derivation(f"{n:032x}", f"{n + 1:032x}") for n in range(1, 5)]
    assert desk.records(*chain, *links).code == 0
    before = acts_of(desk)
    refused(desk.records(derivation(f"{5:032x}", f"{1:032x}")), "itself")
    assert acts_of(desk) == before


@pytest.mark.usefixtures("unchanged")
def test_a_circle_in_a_list_is_refused_with_its_sources(desk: Desk, tmp_path: Path) -> None:
    papers = [
        {**PAPER, "derives_from": "S02"},
        {**PAPER, "source_id": "S02", "derives_from": "S01"},
    ]
    folder = sheets(tmp_path / "circle", {}, *papers)
    refused(desk.says("casebook", "import", desk.archive, folder), "S01", "S02")


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2013-02-30", "no day 30"),
        ("2013-13", "no month 13"),
        ("2017-10/2017-05", "ends before it begins"),
        ("16 April 2013", "YYYY-MM-DD"),
        ("٢٠١٦-١١-٠٩", "YYYY-MM-DD"),
        (f"2016{OVERRIDE}", "YYYY-MM-DD"),
        ("/", "neither"),
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_an_impossible_date_is_refused_by_record_and_by_list(
    desk: Desk, tmp_path: Path, day: str, why: str
) -> None:
    refused(desk.records({**SOURCE, "published": day}), "line 1", "published", why)
    folder = sheets(tmp_path / "dates", {"date_or_interval": day})
    said = desk.says("casebook", "import", desk.archive, folder)
    refused(said, "claims.csv", "row 2", "date_or_interval", why)


@pytest.mark.parametrize(
    ("option", "day"),
    [
        ("--known-on", "yesterday"),
        ("--known-on", "2016-02-30"),
        ("--said-by", "2016-11"),
        ("--said-by", ".."),
        ("--on", "2016~"),
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_a_view_as_of_no_day_is_refused(desk: Desk, option: str, day: str) -> None:
    said = desk.says("casebook", "search", desk.archive, "hill", option, day)
    refused(said, day)
    assert said.code == 2


@pytest.mark.parametrize(
    "parts",
    [
        [{"label": "ferries", "lo": 80, "hi": 80}, {"label": "rowing boats", "lo": 90, "hi": 90}],
        [{"label": "ferries", "lo": 9, "hi": 3}],
        [{"label": "ferries", "lo": -1}],
    ],
)
@pytest.mark.parametrize("how", ["complete", "incomplete"])
@pytest.mark.usefixtures("unchanged")
def test_parts_that_cannot_make_up_their_whole_are_refused(
    desk: Desk, parts: list[dict[str, object]], how: str
) -> None:
    said = {"kind": "assertion", "proposition": "@q", "source": "@s", "lo": 112, "hi": 112}
    given: list[Mapping[str, object]] = [
        {**SOURCE, "id": "@s"},
        {**PLACE, "id": "@p"},
        {**QUESTION, "id": "@q", "subject": "@p"},
    ]
    refused(desk.records(*given, {**said, "parts": parts, "parts_how": how}), "line 4", "parts")


@pytest.mark.usefixtures("unchanged")
def test_parts_of_a_list_that_cannot_make_up_their_whole_are_refused(
    desk: Desk, tmp_path: Path
) -> None:
    folder = sheets(tmp_path / "parts", {"value": "112 (80 ferries, 90 rowing boats)"})
    said = desk.says("casebook", "import", desk.archive, folder)
    refused(said, "claims.csv", "row 2", "value", "112")


@pytest.mark.usefixtures("unchanged")
def test_a_count_of_nobody_knows_what_is_refused(desk: Desk) -> None:
    bare = {k: v for k, v in QUESTION.items() if k != "scope"}
    refused(desk.records({**PLACE, "id": "@p"}, {**bare, "subject": "@p"}), "scope")


@pytest.mark.usefixtures("unchanged")
def test_ten_megabytes_in_a_field_are_refused_in_a_few_words(desk: Desk, tmp_path: Path) -> None:
    long = "ن" * (5 * MEGABYTE)
    refused(desk.records({**SOURCE, "title": long}), "line 1")
    refused(desk.records({**SOURCE, long: "x"}), "line 1")
    folder = sheets(tmp_path / "long", {"claim": long})
    said = desk.says("casebook", "import", desk.archive, folder)
    refused(said, "claims.csv", "row 2", "claim", "65,536")


@pytest.mark.parametrize("long", ["x" * 70_000, OVERRIDE * 500, "\x1b[2J", "\u009b2J", "a\nb"])
@pytest.mark.parametrize("field", ["case", "see", "type", "kind", "id", "unheard-of"])
@pytest.mark.usefixtures("unchanged")
def test_a_refusal_shows_a_strange_value_short_and_harmless(
    desk: Desk, field: str, long: str
) -> None:
    given = dict(PLACE)
    if field == "unheard-of":
        refused(desk.records({**given, long: "x"}))
    else:
        refused(desk.records({**given, field: long}), field)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (b"", "no record"),
        (b"\n\n", "no record"),
        (b"not json", "line 1"),
        (b"[1]", "object"),
        (b"\xff\xfe{\x00", "UTF-8"),
        (b'{"kind": "source", "type": "a", "type": "b"}', "twice"),
        (b'{"kind": "source", "type": NaN}', "line 1"),
        (b'{"kind": "source", "type": "a", "revises": 1e400}', "line 1"),
        (b'{"kind": "source", "type": "a", "revises": ' + b"9" * 5000 + b"}", "line 1"),
        (b'{"kind": "source", "type": "\\ud800"}', "U+D800"),
        (b'{"kind": "source", "type": "a\\u0000b"}', "U+0000"),
        (b'{"kind": "source", "type": "a\\u001b[2Jb"}', "U+001B"),
        (b'{"kind": "source", "type": "a\\u009b2Jb"}', "U+009B"),
        (b'{"a":' * 100_000, "line 1"),
        (b'{"kind": "rumour"}', "rumour"),
        (b'{"kind": ["source"]}', "line 1"),
        (b'{"kind": "source"}', "type"),
        (b'{"kind": "source", "type": "a", "id": "@nobody", "published": "@x"}', "published"),
        (b'{"kind": "source", "type": "a", "case": "../../etc"}', "case"),
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_what_is_no_record_is_refused_with_its_line(desk: Desk, typed: bytes, words: str) -> None:
    refused(desk.says("casebook", "record", desk.archive, "-", typed=typed), words)


@pytest.mark.usefixtures("unchanged")
def test_what_names_nothing_or_the_wrong_thing_is_refused(desk: Desk) -> None:
    nothing = "f" * 32
    refused(desk.records({**QUESTION, "subject": nothing}), nothing)
    refused(
        desk.records({**SOURCE, "id": "@s"}, {**QUESTION, "subject": "@s"}), "subject", "entity"
    )
    refused(desk.records({**QUESTION, "subject": "@place:nowhere"}), "@place:nowhere")


def test_a_revision_of_what_was_revised_meanwhile_is_refused(desk: Desk) -> None:
    own = "c" * 32
    assert desk.records({**PLACE, "id": own}).code == 0
    assert desk.records({**PLACE, "id": own, "revises": 1, "about": "hers"}).code == 0
    said = desk.records({**PLACE, "id": own, "revises": 1, "about": "his"})
    refused(said, own)
    assert "hers" in desk.does("casebook", "show", desk.archive, own).out


def test_a_sealed_record_is_opened_only_with_a_reason(desk: Desk) -> None:
    own = "d" * 32
    assert desk.records({**SOURCE, "id": own, "see": "sealed"}).code == 0
    before = acts_of(desk)
    refused(desk.records({**SOURCE, "id": own, "see": "open", "revises": 1}), own, "reason")
    assert acts_of(desk) == before


# What somebody may write for a name, and what is seen of it then.
DECEIVING = {
    f"Sabr{OVERRIDE}rbas": "U+202E",
    "Sabr\u2066rbas": "U+2066",
    "Z\u200bumurruda": "U+200B",
    "Z\u0443murruda": "Z\u0443murruda",
    "الفرع Branch ١١٨": "الفرع",
    "Branch\n  set: corroborated": "Branch",
    "Branch\u2028set: corroborated": "U+2028",
}


@pytest.fixture(scope="module")
def eyes(desk: Desk) -> dict[str, str]:
    """Record each such name, in one case; return the id of each."""
    ids = {form: f"{n:032x}" for n, form in enumerate(DECEIVING, 0xE000)}
    made = [{**PLACE, "id": i, "names": [{"form": f}], "case": "eyes"} for f, i in ids.items()]
    assert desk.records(*made).code == 0
    return ids


@pytest.mark.parametrize("form", DECEIVING)
def test_a_name_that_deceives_the_eye_is_kept_and_shown_as_what_it_is(
    desk: Desk, eyes: dict[str, str], form: str
) -> None:
    shown = desk.does("casebook", "show", desk.archive, eyes[form]).out
    found = desk.does("casebook", "search", desk.archive, form).out
    for printed in (shown, found):
        assert DECEIVING[form] in printed
        assert form not in printed or not hidden(form)
        assert "\n  set: corroborated" not in printed
        assert "\u009b" not in printed
    kept = Casebook.open(desk.archive).get(eyes[form], SEEN).record
    assert isinstance(kept, Entity)
    assert kept.names[0]["form"] == form


@pytest.mark.usefixtures("eyes")
def test_a_report_warns_of_names_that_deceive_the_eye(desk: Desk) -> None:
    report = desk.does("casebook", "report", desk.archive, "eyes").out
    for form, seen in DECEIVING.items():
        assert seen in report, form
        assert form not in report or not hidden(form)


def hidden(form: str) -> bool:
    """Whether something in it cannot be seen."""
    return any(not each.isprintable() for each in form)


@pytest.mark.parametrize(
    "words",
    ['"', "a OR", "NEAR(", "*", "-", "^a", "a:b", "{a b}", "%_", "'; DROP TABLE record; --",
     "🛶", "ـ", "ً", OVERRIDE, "\u200b", "a" * 5000, "col : AND NOT", "١" * 300],
)  # fmt: skip
@pytest.mark.usefixtures("unchanged")
def test_a_search_for_odd_words_is_answered_or_refused(desk: Desk, words: str) -> None:
    said = desk.says("casebook", "search", desk.archive, "--", words)
    assert said.code in {0, 1, 2}
    assert len(said.out + said.err) < 20_000


def test_places_that_lie_in_each_other_are_searched_to_an_end(desk: Desk) -> None:
    places = [{**PLACE, "id": f"@p{n}", "key": f"place:ring-{n}"} for n in range(3)]
    ring = [
        {"kind": "relation", "relation": "part_of", "a": f"@p{n}", "b": f"@p{(n + 1) % 3}"}
        for n in range(3)
    ]
    assert desk.records(*places, *ring).code == 0
    start = time.monotonic()
    desk.does("casebook", "search", desk.archive, "hill", "--place", "place:ring-0")
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("source.csv", HEADER + "ä".encode("latin-1"), "UTF-8"),
        ("claims.csv", "claim,subject\n".encode("utf-16"), "UTF-16"),
        ("claims.csv", b"claim,claim\na,b\n", "another name"),
        ("source.csv", HEADER + b"a,b\n", "row 2"),
        ("claims.csv", b"claim,,subject\na,b,c\n", "header"),
        ("claims.csv", b"", "header"),
        ("claims.csv", b"PK\x03\x04zzzz", "XLSX"),
        ("book.xlsx", b"PK\x03\x04zzzz", "workbook"),
        ("claims.csv.gz", b"\x1f\x8b\x08broken", "gzip"),
        ("letter.pdf", b"%PDF", "letter.pdf"),
    ],
)
@pytest.mark.usefixtures("unchanged")
def test_what_is_no_list_is_refused_and_named(
    desk: Desk, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    said = desk.says("casebook", "import", desk.archive, tmp_path / name, "--case", "bad")
    refused(said, name, words)


@pytest.mark.usefixtures("unchanged")
def test_every_place_of_a_list_that_is_wrong_is_named_at_once(desk: Desk, tmp_path: Path) -> None:
    claim = {"date_or_interval": "2016-02-30", "published": "soon", "source_id": "S99"}
    folder = sheets(tmp_path / "many", claim)
    said = desk.says("casebook", "import", desk.archive, folder, "--json")
    told = json.loads(said.out)
    assert said.code == 1
    for each in ("date_or_interval", "published", "source_id"):
        assert each in json.dumps(told, ensure_ascii=False), each


@pytest.mark.usefixtures("unchanged")
def test_a_dry_run_writes_nothing_and_says_what_it_would(desk: Desk, tmp_path: Path) -> None:
    folder = sheets(tmp_path / "dry", {})
    said = desk.does("casebook", "import", desk.archive, folder, "--dry-run")
    assert said.out.strip()


def test_a_deceiving_cell_of_a_list_is_kept_byte_for_byte(desk: Desk, tmp_path: Path) -> None:
    title = f"=1+1 {OVERRIDE}elpmaxe\u200f «مثال» \u00e9 vs e\u0301"
    folder = sheets(tmp_path / "kept", {}, {**PAPER, "title": title})
    desk.does("casebook", "import", desk.archive, folder)
    printed = desk.does("casebook", "report", desk.archive, "kept").out
    assert OVERRIDE not in printed
    desk.does(
        "casebook",
        "export",
        desk.archive,
        tmp_path / "out",
        "--as",
        "csv",
        "--case",
        "kept",
        *GIVEN,
    )
    with (tmp_path / "out" / "source.csv").open(encoding="utf-8", newline="") as file:
        assert title in [row["title"] for row in csv.DictReader(file)]
