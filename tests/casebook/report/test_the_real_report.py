"""The report of the real set, read as an investigator would, in both languages."""

import re

import pytest

from casebook.bureau import open_bureau
from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import view_of
from dalil.casebook.report.case_report import report_case
from dalil.casebook.report.page import CaseReport, Claim
from dalil.casebook.report.text import as_text
from dalil.casebook.text.names import ISOLATE, POP
from dalil.cli import main
from shared_data import shared

QUOTED = re.compile(f"{ISOLATE}[^{ISOLATE}{POP}]*{POP}")
# What the program never says of its own accord.
JUDGING = re.compile(
    "authentic|proves|perpetrator|identified|guilty|is true|is false|الجاني|مذنب",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> CaseReport:
    folder = tmp_path_factory.mktemp("real")
    bureau = open_bureau(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DALIL_PASSPHRASE", "bureau")
        with pytest.raises(SystemExit) as ended:
            main(["casebook", "import", str(bureau.archive), str(shared("data", "tadamon"))])
    assert not ended.value.code
    return report_case(Casebook.open(bureau.archive), "tadamon", view_of())


@pytest.fixture(scope="module")
def pages(report: CaseReport) -> dict[str, str]:
    return {lang: as_text(report, lang) for lang in ("en", "ar")}


def plain(page: str) -> str:
    return page.replace(ISOLATE, "").replace(POP, "")


def claims(report: CaseReport) -> list[Claim]:
    return [claim for question in report.questions for claim in question.claims]


def test_numbers_of_different_things_stand_side_by_side(report: CaseReport) -> None:
    (deaths,) = [each for each in report.beside if each.measure == "deaths"]
    said = [each.said.en for each in deaths.counts]
    for number in ("at least 41", "24", "288", "about 500"):
        assert number in said, said
    counted = {each.proposition for each in deaths.counts}
    against = {
        each.saying.proposition
        for claim in claims(report)
        if claim.id in counted
        for each in claim.opposing
        if each.saying is not None and each.how != "other_scope"
    }
    assert all(each in counted for each in against)
    for claim in claims(report):
        if claim.id in counted:
            assert len(claim.divergent_from) == len(counted) - 1


def test_eight_outlets_on_one_origin_are_no_eight_origins(pages: dict[str, str]) -> None:
    assert "single origin (8 outlets, 3 named origins, 1 independent origin)" in pages["en"]
    assert "من منبع واحد (8 منشورات، 3 منابع مصرَّح بها، منبع مستقل واحد)" in pages["ar"]


def test_what_is_derived_says_so(pages: dict[str, str]) -> None:
    line = "269: what remains of 288 without 7 women, 12 children; derived here, no source says so"
    assert line in plain(pages["en"])


def test_the_announcement_is_unsupported_first_and_contested_later(pages: dict[str, str]) -> None:
    assert "unsupported from 30 May 2022; contested from 28 October 2022" in pages["en"]
    assert "بلا سند منذ 30 أيار 2022؛ محل خلاف منذ 28 تشرين الأول 2022" in pages["ar"]
    assert "on 30 May 2022; no evidence given" in pages["en"]


def test_debunked_captures_are_told_at_once(report: CaseReport, pages: dict[str, str]) -> None:
    refuted = [claim for claim in claims(report) if claim.suggested == "refuted"]
    assert len(refuted) == 2
    assert all("captured" in claim.statement.en for claim in refuted)
    assert re.search(r"refuted \(2\): .*captured", pages["en"])
    assert "مدحوضة (2)" in pages["ar"]


def test_six_ranks_contest_each_other(report: CaseReport) -> None:
    ranks = [claim for claim in claims(report) if ": rank: " in claim.statement.en]
    assert [claim.suggested for claim in ranks] == ["contested"] * 6
    for claim in ranks:
        others = {each.saying.proposition for each in claim.opposing if each.saying is not None}
        assert others == {each.id for each in ranks if each is not claim}


def test_names_that_meet_stay_two(pages: dict[str, str]) -> None:
    page = plain(pages["en"])
    assert "Two things are called Abu Haider" in page
    assert re.search(r"Branch 2[27]7 and Branch 2[27]7 differ in one digit", page)
    assert "Solidarity is a translation of the name of" in page
    assert "يحمل اسم Abu Haider كيانان" in plain(pages["ar"])


def test_copies_of_one_article_are_told_where_their_words_differ(report: CaseReport) -> None:
    (version,) = report.versions
    assert "S01b" in version.said.en
    assert "asked to repair it" in version.said.ar


def test_sources_that_contradict_themselves_are_told(report: CaseReport) -> None:
    told = " ".join(each.said.en for each in report.self_conflicts)
    assert "S06" in told
    assert "S16-17" in told


def test_the_place_is_called_in_the_script_of_the_page(pages: dict[str, str]) -> None:
    assert f"{ISOLATE}التضامن{POP}: " in pages["ar"]
    assert f"{ISOLATE}Tadamon{POP}: " in pages["en"]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_page_judges_nobody_in_words_of_its_own(pages: dict[str, str], lang: str) -> None:
    ours = QUOTED.sub("", QUOTED.sub("", pages[lang]))
    assert len(ours) > 10_000
    assert JUDGING.findall(ours) == []


def test_every_line_closes_the_directions_that_it_opens(pages: dict[str, str]) -> None:
    lines = [line for page in pages.values() for line in page.splitlines()]
    assert [line for line in lines if line.count(ISOLATE) != line.count(POP)] == []
    assert pages["en"].count("\n") == pages["ar"].count("\n")
