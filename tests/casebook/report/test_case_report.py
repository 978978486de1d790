"""The report of a case: for and against, side by side, in both languages, within one view."""

from pathlib import Path
from typing import Any, TypeVar

import pytest

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.index.view import View, view_of
from dalil.casebook.record.claims import Adoption, Assertion, Assessment, CountGroup, Proposition
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Derivation, Evidence, Grade, Source
from dalil.casebook.record.things import Entity
from dalil.casebook.report.case_report import report_case
from dalil.casebook.report.page import CaseReport, Claim
from dalil.casebook.report.text import as_text
from dalil.casebook.text.names import ISOLATE, POP
from dalil.cli.saying import plain
from dalil.errors import NoSuchThing
from dalil.ledger import people
from dalil.ledger.keyring import ScryptCost

R = TypeVar("R", bound=Record)
HERE = view_of()
CANARY = "Kanarienvogel"


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


def text_of(report: CaseReport, lang: str) -> str:
    """Return the report without the marks that keep directions apart."""
    return as_text(report, lang).replace(ISOLATE, "").replace(POP, "")


class Case:
    """Records of one case, written together."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        self.records: list[Record] = []
        self.harbour = self.add(
            Entity(id=new_id(), case="c", type="place", names=({"form": "Marsa"}, {"form": "مرسى"}))
        )
        self.leak = self.source("O-LEAK", type="origin")

    def add(self, record: R) -> R:
        self.records.append(record)
        return record

    def source(self, key: str, type: str = "journalism", see: str = "restricted") -> str:  # noqa: A002
        made = Source(
            id=new_id(), case="c", see=see, type=type, key=key, publisher=f"Paper {key}",
            title=f"Title {key}",
        )  # fmt: skip
        return self.add(made).id

    def asks(self, **more: object) -> Proposition:
        fields: dict[str, object] = {
            "id": new_id(),
            "case": "c",
            "subject": self.harbour.id,
            "predicate": "deaths",
            "measure": "deaths",
            "scope": "one clip",
            "group": "Q1",
            "question_en": "How many died?",
            "question_ar": "كم مات؟",
        }
        return self.add(Proposition(**{**fields, **more}))  # type: ignore[arg-type]

    def says(self, asked: Proposition, source: str, **more: object) -> Assertion:
        fields: dict[str, object] = {
            "id": new_id(),
            "case": "c",
            "proposition": asked.id,
            "source": source,
            "asserted": "2020-05-01",
            "evidence_offered": "a film",
        }
        return self.add(Assertion(**{**fields, **more}))  # type: ignore[arg-type]

    def report(self, view: View = HERE) -> CaseReport:
        if self.records:
            self.bureau.casebook.write(self.records, self.bureau.signer)
            self.records = []
        return report_case(self.bureau.casebook, "c", view)


@pytest.fixture
def case(bureau: Bureau) -> Case:
    return Case(bureau)


def only(report: CaseReport) -> Claim:
    (question,) = report.questions
    (claim,) = question.claims
    return claim


def test_papers_that_repeat_one_leak_stand_as_outlets_on_one_origin(case: Case) -> None:
    asked = case.asks()
    first = case.source("S1")
    case.says(asked, first, lo=41, hi=41, origin=case.leak)
    case.says(asked, case.source("S2"), lo=41, hi=41, origin=first, evidence_offered=None)
    report = case.report()
    claim = only(report)
    assert (claim.suggested, claim.outlets, claim.origins) == ("single_origin", 2, 1)
    assert [root.key for said in claim.supporting for root in said.roots] == ["O-LEAK", "O-LEAK"]
    text = text_of(report, "en")
    assert "2 outlets" in text
    assert "1 independent origin" in text
    assert "منشوران" in text_of(report, "ar")


def test_against_is_printed_even_where_nothing_is(case: Case) -> None:
    case.says(case.asks(), case.leak, lo=41, hi=41)
    report = case.report()
    assert "Against: nothing is recorded." in text_of(report, "en")
    assert "ما يعارضها: لا شيء مدوّن." in text_of(report, "ar")


def test_numbers_with_two_scopes_stand_in_one_table_and_are_no_rivals(case: Case) -> None:
    one, all_of_them = case.asks(), case.asks(scope="all clips", group="Q2")
    case.says(one, case.leak, lo=41, hi=41)
    case.says(all_of_them, case.leak, lo=288, hi=288)
    report = case.report()
    (beside,) = report.beside
    assert [(c.said.en, c.scope) for c in beside.counts] == [
        ("41", "one clip"),
        ("288", "all clips"),
    ]
    claims = [claim for question in report.questions for claim in question.claims]
    assert [len(claim.divergent_from) for claim in claims] == [1, 1]
    assert not any(claim.opposing for claim in claims)
    assert "none is held against another" in text_of(report, "en")
    assert "see question 1" in text_of(report, "en")


def test_a_number_that_cannot_be_the_same_stands_once_and_against(case: Case) -> None:
    asked = case.asks()
    case.says(asked, case.source("S1"), lo=41, hi=41, origin=case.leak)
    other = case.says(asked, case.source("S2"), lo=70, hi=70, evidence_offered=None, key="T2")
    report = case.report()
    claim = only(report)
    assert [(each.id, each.how, each.contests) for each in claim.opposing] == [
        (other.id, "count", False)
    ]
    assert text_of(report, "en").count("[T2") == 1


def test_rivals_point_at_each_other_by_their_place(case: Case) -> None:
    rank = {"predicate": "rank", "measure": None, "scope": None, "functional": True}
    major = case.asks(value="major", **rank)
    sergeant = case.asks(value="sergeant", **rank)
    case.says(major, case.leak, key="T1")
    case.says(sergeant, case.source("S2"), key="T2", asserted="2021")
    text = text_of(case.report(), "en")
    assert "only one of the two can hold): 1.2 sergeant (T2)" in text
    assert "only one of the two can hold): 1.1 major (T1)" in text


def test_a_withheld_source_is_named_nowhere_and_not_counted(case: Case) -> None:
    hidden = case.source(CANARY, see="sealed")
    case.says(case.asks(), hidden, lo=41, hi=41, text="41 died", origin=hidden)
    case.add(Grade(id=new_id(), source=hidden, value="B", reasoning=f"{CANARY} is careful"))
    report = case.report()
    assert (report.sources, report.withheld_sources) == (0, True)
    assert only(report).supporting[0].source.id is None
    for lang in ("en", "ar"):
        assert CANARY not in text_of(report, lang)
    assert "a withheld source" in text_of(report, "en")
    assert "مصدر محجوب" in text_of(report, "ar")
    assert CANARY not in repr(report)
    assert hidden not in repr(report)
    assert CANARY in text_of(case.report(view_of("sealed")), "en")


def test_a_sealed_assertion_is_not_there_for_a_lower_view(case: Case) -> None:
    asked = case.asks()
    case.says(asked, case.leak, lo=41, hi=41)
    case.says(asked, case.leak, lo=70, hi=70, see="sealed", text=CANARY)
    assert case.report().assertions == 1
    assert CANARY not in repr(case.report())
    assert case.report(view_of("sealed")).assertions == 2


def test_what_persons_set_stands_beside_the_suggestion_with_dissent(
    case: Case, bureau: Bureau
) -> None:
    asked = case.asks()
    case.says(asked, case.leak, lo=41, hi=41)
    case.report()
    omar, _ = people.add(
        bureau.casebook.ledger, bureau.signer, "Omar", "investigator", b"x", ScryptCost(n=2)
    )
    for signer, status in ((bureau.signer, "corroborated"), (omar, "unsupported")):
        made = Assessment(
            id=new_id(), case="c", proposition=asked.id, status=status, reasoning=f"{status}!",
            likelihood="likely",
        )  # fmt: skip
        bureau.casebook.write([made], signer)
    adopted = Adoption(id=new_id(), case="c", proposition=asked.id, assessment=made.id)
    bureau.casebook.write([adopted], omar)
    report = case.report()
    claim = only(report)
    assert claim.suggested == "single_origin"
    assert {(each.by, each.status) for each in claim.set} == {
        ("Salma", "corroborated"),
        ("Omar", "unsupported"),
    }
    text = text_of(report, "en")
    assert "People differ" in text
    assert "Likelihood: likely." in text
    assert f"on assessment {made.id[:12]}" in text
    assert "يختلف الأشخاص" in text_of(report, "ar")


def test_a_count_says_what_its_parts_leave_and_that_nobody_says_so(case: Case) -> None:
    asked = case.asks()
    case.says(
        asked, case.leak, lo=288, hi=288, parts_how="incomplete",
        parts=({"label": "women", "lo": 7, "hi": 7}, {"label": "children", "lo": 12, "hi": 12}),
    )  # fmt: skip
    text = text_of(case.report(), "en")
    assert "288, of these 7 women, 12 children" in text
    assert "269" in text
    assert "no source says so" in text


def test_what_backs_a_statement_is_told_beside_it(case: Case) -> None:
    asked = case.asks()
    said = case.says(asked, case.leak, lo=41, hi=41, evidence_offered=None)
    more = case.says(asked, case.source("S2"), lo=41, hi=41, key="T2")
    for relation, by in (
        ("shows", {"by_source": case.source("S3")}),
        ("supports", {"by_assertion": more.id}),
    ):
        fields: Any = {"relation": relation, **by}
        case.add(Evidence(id=new_id(), case="c", assertion=said.id, note="seen twice", **fields))
    report = case.report()
    text = text_of(report, "en")
    assert "Paper S3 (S3) shows it: seen twice" in text
    assert "Paper S2 (S2) (T2) supports it: seen twice" in text
    assert only(report).opposing == ()


def test_counts_that_cannot_make_up_another_are_told(case: Case) -> None:
    whole, part = case.asks(), case.asks(scope="the first minute")
    case.says(whole, case.leak, lo=10, hi=10)
    case.says(part, case.leak, lo=41, hi=41)
    parts = ({"proposition": part.id, "label": "first minute"},)
    case.add(CountGroup(id=new_id(), case="c", whole=whole.id, parts=parts, how="incomplete"))
    assert "cannot make up the whole" in text_of(case.report(), "en")


def test_as_said_by_a_day_later_words_change_nothing(case: Case) -> None:
    asked = case.asks()
    case.says(asked, case.leak, lo=41, hi=41)
    before = case.report(view_of(said_by="2020-12-31"))
    case.says(asked, case.source("S9"), lo=70, hi=70, asserted="2022-01-01")
    after = case.report(view_of(said_by="2020-12-31"))
    assert text_of(after, "en") == text_of(before, "en")
    assert "31 December 2020" in text_of(after, "en")
    assert only(case.report()).suggested == "contested"
    assert case.report(view_of(said_by="1999-01-01")).questions == ()


def test_links_sources_and_grades_are_listed_once(case: Case) -> None:
    first, copy = case.source("S1"), case.source("S2")
    case.says(case.asks(), copy, lo=41, hi=41)
    case.add(Derivation(id=new_id(), case="c", child=copy, parent=first, how="version"))
    case.add(Grade(id=new_id(), source=copy, value="C", reasoning="errors before"))
    man = case.add(Entity(id=new_id(), case="c", type="person", names=({"form": "Sami"},)))
    fields = {"relation": "present_at", "a": man.id, "b": case.harbour.id, "source": copy}
    case.add(Relation(id=new_id(), case="c", valid="2020", **fields))  # type: ignore[arg-type]
    report = case.report()
    text = text_of(report, "en")
    assert text.count("is a version of Paper S1") == 1
    assert "reliability C" in text
    assert "Sami present at Marsa, 2020 (says Paper S2 (S2))" in text
    assert "مرسى" in text_of(report, "ar")


def test_a_case_that_is_not_there_is_refused_with_those_that_are(case: Case) -> None:
    case.says(case.asks(), case.leak, lo=1, hi=1)
    case.report()
    with pytest.raises(NoSuchThing, match="belongs to: c"):
        report_case(case.bureau.casebook, "d", HERE)


def test_both_languages_have_the_same_lines(case: Case) -> None:
    asked = case.asks(scope="all clips", group="Q2")
    case.says(asked, case.leak, lo=41, hi=70, about=True, obtained_how="custody", hearsay=2)
    case.says(case.asks(value="major", measure=None), case.leak, polarity="denies")
    report = case.report()
    en, ar = (text_of(report, lang).splitlines() for lang in ("en", "ar"))
    assert len(en) == len(ar)
    assert [line.strip() == "" for line in en] == [line.strip() == "" for line in ar]


def test_the_names_of_the_document_are_fixed(case: Case) -> None:
    case.says(case.asks(), case.leak, lo=41, hi=41)
    document: Any = plain(case.report())
    claim = document["questions"][0]["claims"][0]
    assert sorted(document) == [
        "assertions", "beside", "case", "cited", "links", "links_left_out", "names",
        "propositions", "questions", "self_conflicts", "sources", "statuses", "unlocated",
        "versions", "view", "warnings", "withheld_sources",
    ]  # fmt: skip
    assert sorted(claim) == [
        "adopted", "answers", "apart", "declared", "divergent_from", "hi", "history", "id", "lo",
        "made_of", "measure", "opposing", "origins", "outlets", "reasons", "scope", "set",
        "short", "statement", "subject", "suggested", "supporting", "tally", "valid",
    ]  # fmt: skip
    assert sorted(claim["supporting"][0]) == [
        "about", "asserted", "backed", "derived", "evidence_offered", "held", "hi", "id", "key",
        "lo", "located", "machine", "marks", "modality", "number", "obtained_how", "origin",
        "parts", "parts_how", "polarity", "proposition", "roots", "sentence", "source", "text",
        "text_ar", "valid", "verbatim", "why",
    ]  # fmt: skip
