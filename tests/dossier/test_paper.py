"""Custody report, list of exhibits and draft certificate, as paper and as extracted text."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pypdf
import pytest

from dalil.dossier.paper import Beside, Document, Head, Row, Says, Title, as_pdf, as_text, isolated
from dalil.dossier.report import custody_report, draft_certificate, exhibit_list
from dalil.errors import NoSuchThing
from dalil.ledger.ledger import Draft
from dalil.vault.ocfl import place_of
from dossier.small_archive import CLIPS, RIVAL, SOURCE, SmallArchive
from peers import need

ARABIC = re.compile(r"[\u0621-\u064a]+")
DIRECTION = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
WRITERS = {"custody": custody_report, "certificate": draft_certificate}


def by_pypdf(pdf: bytes) -> str:
    """Return the text of all pages as pypdf reads it."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages)


def by_pdftotext(pdf: bytes) -> str:
    """Return the text of all pages as poppler reads it."""
    ran = subprocess.run(
        [need("pdftotext"), "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return DIRECTION.sub("", ran.stdout.decode())


def plain_words(text: str) -> list[str]:
    """Return the Arabic words of a text without vowel signs, in order."""
    bare = "".join(c for c in text if not unicodedata.combining(c))
    return ARABIC.findall(bare)


def sheet(*paragraphs: str, lang: str = "ar") -> Document:
    """Return a document of paragraphs."""
    return Document(lang, "t", "{page}/{pages}", 1_700_000_000, tuple(map(Says, paragraphs)))


SENTENCES = (
    "لا ثغرة مسجلة منذ الإدخال؛ أما ما قبله فانظر الروايات في الصفحة الأولى.",
    "أُدخل الملف " + isolated("clip 02.mp4") + " في 1 آذار 2024 (بساعة الأرشيف نفسه)، وسجلته سلمى.",
    "قيل إن الشرطيّ رآه في الليل، ثم قيل إنه لم يره، وهذا كلام طويل لكي ينكسر السطر إلى سطرين",
)


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("reader", [by_pypdf, by_pdftotext])
def test_arabic_words_come_out_whole_and_in_the_order_of_reading(
    sentence: str, reader: object
) -> None:
    assert callable(reader)
    read = reader(as_pdf(sheet(sentence)))
    assert plain_words(read) == plain_words(sentence)


@pytest.mark.parametrize("reader", [by_pypdf, by_pdftotext])
def test_latin_names_dates_and_digests_inside_arabic_stay_whole(reader: object) -> None:
    assert callable(reader)
    digest = "3b670d16417da9210d2c17ebaf62d1cab13e03ee5a094fc7912233738e2e56c0"
    text = "الملف " + isolated("clip 02.mp4") + " وبصمته " + isolated(digest) + " وتاريخه "
    read = reader(as_pdf(sheet(text + isolated("2018-12?"))))
    for whole in ("clip 02.mp4", digest, "2018-12?"):
        assert whole in read


def test_pypdf_reads_a_mixed_sentence_letter_by_letter_as_it_was_written() -> None:
    sentence = "الملف " + isolated("a 1.mp4") + " (كما وصل)، وطوله 1683 بايت"
    read = " ".join(by_pypdf(as_pdf(sheet(sentence))).split())
    assert DIRECTION.sub("", sentence) in read


def test_letters_that_no_font_here_has_are_said_by_number() -> None:
    assert "[U+6F22]" in by_pypdf(as_pdf(sheet("name 漢", lang="en")))


def test_a_word_longer_than_a_line_is_broken_and_nothing_is_lost() -> None:
    read = by_pypdf(as_pdf(sheet("x" * 500, lang="en")))
    assert read.count("x") == 500


def test_tellings_longer_than_a_page_lose_no_word() -> None:
    columns = tuple((("How", " ".join(f"{who}{i}" for i in range(900))),) for who in "ab")
    blocks = (Title("t", "u"), Beside(columns, "mark"))
    read = by_pypdf(as_pdf(Document("en", "t", "{page}/{pages}", 0, blocks)))
    words = re.findall(r"[ab][0-9]+", read)
    assert words == [f"{who}{i}" for who in "ab" for i in range(900)]


def test_every_page_says_how_many_there_are() -> None:
    read = by_pypdf(as_pdf(sheet(*["a line"] * 120, lang="en")))
    assert "1/4" in read
    assert "4/4" in read


def test_the_same_document_gives_the_same_bytes_anywhere(tmp_path: Path) -> None:
    script = (
        "import sys; from dalil.dossier.paper import *\n"
        "d = Document('ar', 't', '{page}', 1700000000, (Title('تقرير', 'a'), Row('ب', 'c')))\n"
        "sys.stdout.buffer.write(as_pdf(d))\n"
    )
    found = set()
    for where in ({"TZ": "Asia/Damascus", "LC_ALL": "ar_SY.UTF-8"}, {"TZ": "UTC", "LC_ALL": "C"}):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **where}
        ran = subprocess.run(
            [sys.executable, "-c", script],
            env={**environment, "PYTHONUTF8": "1"},
            cwd=tmp_path,
            capture_output=True,
            check=True,
        )
        found.add(ran.stdout)
    assert len(found) == 1


def test_plain_text_says_what_the_paper_says() -> None:
    blocks = (Title("t", "u"), Head("h"), Row("l", "v", "n"), Beside(((("a", "b"),),), "m"))
    text = as_text(Document("en", "t", "", 0, blocks))
    assert [word for word in ("t", "u", "h", "l: v (n)", "m", "a: b") if word not in text] == []


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "No gap recorded since"),
        ("en", "before that see 3 tellings"),
        ("en", "contested, 2 tellings side by side"),
        ("en", "OPEN QUESTION: not known whether this is the original recording"),
        ("en", "OPEN QUESTION: no outside clock"),
        ("en", "clip 03.mp4"),
        ("en", "The same bytes came in again under the name copy of clip 02.mp4"),
        ("en", "What this does not show"),
        ("en", "signed by Salma H."),
        ("ar", "لا ثغرة مسجلة منذ"),
        ("ar", "محل خلاف، الروايات جنبا إلى جنب وعددها 2"),
        ("ar", "سؤال مفتوح: لا يعرف أهذا هو التسجيل الأصلي"),
        ("ar", "ما الذي لا يظهره هذا"),
    ],
)
def test_the_custody_report_says_it_in_plain_words(
    made: SmallArchive, lang: str, sentence: str
) -> None:
    assert sentence in as_text(custody_report(made.path, made.items[1], lang))


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_paper_holds_every_word_of_the_report(made: SmallArchive, lang: str) -> None:
    document = custody_report(made.path, made.items[1], lang)
    read = set(re.findall(r"\w+", by_pypdf(as_pdf(document))))
    bare = "".join(c for c in as_text(document) if not unicodedata.combining(c))
    assert {word for word in re.findall(r"\w+", bare) if len(word) <= 64} - read == set()


def test_rival_tellings_stand_in_one_row(made: SmallArchive) -> None:
    document = custody_report(made.path, made.items[1])
    [rivals, alone] = [b for b in document.blocks if isinstance(b, Beside)]
    assert len(rivals.columns) == 2
    assert len(alone.columns) == 1
    said = [dict(column) for column in rivals.columns]
    assert ["2018-12?" in said[0]["When"], "2019" in said[1]["When"]] == [True, True]


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("paper", ["custody", "exhibits", "certificate"])
def test_no_paper_names_a_source(made: SmallArchive, lang: str, paper: str) -> None:
    for item in made.items:
        if paper == "exhibits":
            document = exhibit_list(made.path, ["all"], lang)
        else:
            document = WRITERS[paper](made.path, item, lang)
        text = as_text(document)
        if item == made.items[2]:
            text += by_pdftotext(as_pdf(document))
        assert not [w for who in (SOURCE, RIVAL) for w in re.split(r"[ -]", who) if w in text]


def test_a_generation_that_names_a_source_is_withheld(made: SmallArchive) -> None:
    assert "Generation: withheld" in as_text(custody_report(made.path, made.items[2]))


def test_a_check_that_found_it_broken_is_a_gap(small: SmallArchive) -> None:
    line = f"originals/{place_of(small.items[1])}: it is not what was recorded"
    fields = {"items": 4, "broken": [line], "share": "1"}
    small.ledger.append([Draft("checked", fields)], small.signer)
    told = as_text(custody_report(small.path, small.items[1]))
    assert "No gap recorded" not in told
    assert "CHECKED, AND FOUND NOT AS RECORDED." in told
    other = as_text(custody_report(small.path, small.items[0]))
    assert "No gap recorded" in other
    assert "Checked against what was recorded: as it was." in other


def test_without_a_telling_that_is_an_open_question(small: SmallArchive) -> None:
    first = next(small.ledger.acts("taken-in")).act.opened() | {"accession": "ee" * 16}
    first |= {"item": "78" * 16, "generation": "first copy, from the phone"}
    card = next(small.ledger.acts("sealed")).act
    seal = card.opened() | {"item": "78" * 16}
    visible = {name: card.payload[name] for name in ("tree_root", "depth", "tool")}
    drafts = [Draft("taken-in", first), Draft("sealed", seal, visible)]
    small.ledger.append(drafts, small.signer)
    told = as_text(custody_report(small.path, "78" * 16))
    assert "OPEN QUESTION: nobody has told how it came here." in told
    assert "Generation: first copy, from the phone" in told
    assert "not known whether this is the original" not in told


def test_the_list_of_exhibits_follows_the_numbers(handed: SmallArchive) -> None:
    told = as_text(exhibit_list(handed.path, []))
    assert re.findall(r"^(\d{4}):", told, re.MULTILINE) == ["0001", "0002"]
    assert "exist and are not here: 2" in told


def test_the_certificate_is_a_draft_that_marks_what_is_missing(made: SmallArchive) -> None:
    told = as_text(draft_certificate(made.path, made.items[0]))
    assert "NOT SIGNED" in told
    marks = re.findall(r"\[MISSING: [^]]+\]", told)
    assert len(marks) == 8
    assert "Facts missing: 8." in told
    data = next(iter(CLIPS.values()))
    assert hashlib.sha256(data).hexdigest() in told
    assert hashlib.sha512(data).hexdigest() in told
    assert "Signing key: Salma H." in told


def test_an_item_that_is_not_there_has_no_paper(made: SmallArchive) -> None:
    with pytest.raises(NoSuchThing):
        custody_report(made.path, "ff" * 16)
