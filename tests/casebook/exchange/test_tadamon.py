"""The published claims on one day in 2013: what a simpler model would get wrong.

The set is read where it lies and is not committed. Each test is one outcome that has to come out
of the sheets by rule, with nothing about this case in the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.casebook import Casebook
from dalil.casebook.exchange.import_sheet import bring_in, look_at
from dalil.casebook.exchange.sheets import Faults
from dalil.casebook.index.tables import NAME
from dalil.casebook.index.view import View, view_of
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Derivation, Evidence, Source
from dalil.casebook.record.things import Entity, Judgement, Name
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import search
from dalil.casebook.text.names import fold, skeleton
from dalil.casebook.weigh.suggestion import Suggestion
from dalil.casebook.weigh.weighing import Weighed, weigh
from shared_data import shared
from terminal import Said, Terminal

R = TypeVar("R", bound=Record)
CASE = "tadamon"
SET = ("data", "tadamon")


@dataclass(frozen=True)
class Case:
    """The case as it was brought in at a terminal, and weighed."""

    bureau: Bureau
    terminal: Terminal
    said: Said
    casebook: Casebook
    view: View
    weighed: Weighed

    def key(self, kind: str, key: str) -> Any:  # noqa: ANN401 - a record of that kind
        """Return the record that has this key."""
        known = self.casebook.by_key(CASE, kind, key, self.view)
        assert known is not None, key
        return known.record

    def on(self, row: str) -> Proposition:
        """Return the proposition on which a row of the sheet speaks."""
        assertion: Assertion = self.key("assertion", row)
        return self.weighed.about(assertion.proposition)

    def suggested(self, row: str) -> Suggestion:
        """Return what is suggested for the proposition of a row."""
        return self.weighed.suggestion(self.on(row).id)

    def all(self, kind: type[R]) -> list[R]:
        """Return every record of a kind."""
        found = (known.record for known in self.casebook.find(kind, self.view, CASE))
        return [each for each in found if isinstance(each, kind)]

    def naming(self, target: str, kind: type[R]) -> list[R]:
        """Return the records of a kind that name another one (id)."""
        found = (k.record for k in self.casebook.naming(target, self.view, kind.kind))
        return [each for each in found if isinstance(each, kind)]

    def rows(self, ids: Iterator[str] | tuple[str, ...]) -> set[str]:
        """Return the rows of assertions (ids)."""
        asked = set(ids)
        found = self.casebook.find(Assertion, self.view, CASE, asked)
        return {str(k.record.key) for k in found if isinstance(k.record, Assertion)}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("tadamon")
    given = shared(*SET)
    bureau = open_bureau(folder)
    terminal = Terminal(folder, {"DALIL_PASSPHRASE": "bureau"})
    said = terminal.does("casebook", "import", bureau.archive, given, "--json")
    casebook, view = Casebook.open(bureau.archive), view_of()
    return Case(bureau, terminal, said, casebook, view, weigh(casebook, view, CASE))


def test_every_row_is_in_and_every_source(case: Case) -> None:
    done = case.said.json()
    assert (done["layout"], done["case"]) == ("claims-sheet", CASE)
    keys = {str(said.key) for said in case.all(Assertion)}
    assert {key.partition("/")[0] for key in keys} == {f"T{n:03}" for n in range(1, 145)}
    assert sum(source.type != "origin" for source in case.all(Source)) == 70
    assert len(case.all(Name)) == 53


def test_41_and_11_beside_13_and_288_and_500_count_different_things(case: Case) -> None:
    rows = ("T001", "T009", "T012", "T020")
    four = [case.on(row) for row in rows]
    assert len({p.scope for p in four}) == len({p.id for p in four}) == 4
    assert {p.measure for p in four} == {"deaths"}
    family = next(f for f in case.weighed.families if four[0].id in f.propositions)
    assert {p.id for p in four} <= set(family.propositions)
    assert all(case.suggested(row).divergent == family.propositions for row in rows)
    stated = [(a.lo, a.hi) for a in (case.key("assertion", row) for row in rows)]
    assert stated == [(41, None), (24, 24), (288, 288), (500, 500)]


def test_eleven_beside_thirteen_keeps_its_two_parts(case: Case) -> None:
    said: Assertion = case.key("assertion", "T009")
    assert [(p["lo"], p["label"]) for p in said.parts] == [
        (11, "shot on camera"),
        (13, "already dead"),
    ]
    assert said.parts_how == "complete"


def test_a_row_that_mixes_two_scopes_is_counted_for_neither(case: Case) -> None:
    assert {"T005", "T006"} <= case.rows(case.suggested("T001").mixed)


def test_288_has_eight_outlets_and_one_origin(case: Case) -> None:
    suggestion = case.suggested("T012")
    assert {case.on(f"T{n:03}").id for n in range(12, 20)} == {case.on("T012").id}
    assert (suggestion.outlets, suggestion.origins) == (8, 1)
    assert suggestion.status != "corroborated"


def test_288_is_stated_with_seven_women_and_twelve_children_and_no_count_of_men(
    case: Case,
) -> None:
    said: Assertion = case.key("assertion", "T012")
    assert said.parts == (
        {"hi": 7, "label": "women", "lo": 7},
        {"hi": 12, "label": "children", "lo": 12},
    )
    assert said.parts_how == "incomplete"
    assert (269, 269) not in {(each.lo, each.hi) for each in case.all(Assertion)}


def test_a_statement_taken_in_custody_lifts_nothing(case: Case) -> None:
    for row in ("T020", "T021", "T022"):
        assert case.key("assertion", row).obtained_how == "custody"
    suggestion = case.suggested("T020")
    assert (suggestion.status, suggestion.outlets, suggestion.origins) == ("unsupported", 3, 0)


def test_an_admission_by_deception_lifts_nothing(case: Case) -> None:
    assert case.key("assertion", "T101").obtained_how == "deception"
    assert case.suggested("T101").status == "unsupported"


def test_detained_in_may_2022_is_unsupported_and_contested_from_28_october(case: Case) -> None:
    proposition = case.on("T087")
    assert {case.on(row).id for row in ("T087", "T088", "T089")} == {proposition.id}
    stages = [
        (date.fromordinal(s.day).isoformat(), s.status) for s in case.weighed.since(proposition.id)
    ]
    assert stages[0] == ("2022-05-30", "unsupported")
    changes = [stage for stage in stages if stage[1] != "unsupported"]
    assert changes[0] == ("2022-10-28", "contested")
    assert case.suggested("T087").status == "contested"
    # What was known then is not rewritten by what was said later.
    then = weigh(case.casebook, view_of(said_by="2022-10-27"), CASE)
    assert then.suggestion(proposition.id).status == "unsupported"


@pytest.mark.parametrize(("row", "check"), [("T093", "T094"), ("T095", "T096")])
def test_a_debunked_capture_is_refuted(case: Case, row: str, check: str) -> None:
    suggestion = case.suggested(row)
    assert suggestion.status == "refuted"
    assert check in case.rows(suggestion.against)
    assert case.on(row).id == case.on(check).id


def test_two_captures_eight_months_apart_are_two(case: Case) -> None:
    assert case.on("T095").id != case.on("T098").id
    assert case.suggested("T098").status == "unsupported"


def test_six_ranks_are_contested(case: Case) -> None:
    rows = ("T078", "T080", "T081", "T082", "T083", "T084")
    ranks = {case.on(row).value: case.suggested(row).status for row in rows}
    assert ranks == dict.fromkeys(
        ["major", "warrant officer", "officer", "head of a division", "deputy head", "NCO"],
        "contested",
    )


def test_a_rank_and_a_unit_in_one_cell_are_two_statements(case: Case) -> None:
    assert case.on("T078/2").object == case.key("entity", "unit:Branch-227").id
    assert case.on("T078").predicate == "rank"


def test_two_men_with_one_byname_stay_two(case: Case) -> None:
    one, other = case.key("entity", "alias:Abu-Haider#1"), case.key("entity", "alias:Abu-Haider#2")
    assert one.id != other.id
    assert one.names == other.names == ({"form": "Abu Haider", "role": "byname"},)
    assert not list(case.casebook.find(Judgement, case.view))


def test_branch_227_and_branch_277_stay_two(case: Case) -> None:
    one, other = case.key("entity", "unit:Branch-227"), case.key("entity", "unit:Branch-277")
    assert one.id != other.id
    forms = [{fold(name.form) for name in case.naming(each.id, Name)} for each in (one, other)]
    assert all(forms)
    assert not forms[0] & forms[1]
    assert skeleton("Branch 227") != skeleton("Branch 277")


def test_initials_in_another_order_stay_two(case: Case) -> None:
    assert case.key("entity", "suspect:K.S.A.").id != case.key("entity", "suspect:A.S.A.").id


def searched(case: Case, form: str) -> set[str]:
    """Return the entities that a name finds in the index, under any spelling or script."""
    with case.casebook.reading() as connection:
        alike = NAME.c.skeleton == skeleton(form)
        chosen = select(NAME.c.entity).where(case.view.rows(NAME), NAME.c.searched)
        found = connection.execute(chosen.where(alike | (NAME.c.folded == fold(form))))
        return set(found.scalars())


def test_the_place_is_found_under_every_form_but_the_translated_one(case: Case) -> None:
    place = case.key("entity", "place:tadamon").id
    forms = {name.form for name in case.naming(place, Name)}
    assert len(forms) == 17
    missed = {form for form in forms if place not in searched(case, form)}
    assert missed == {"Solidarity"}


def found(case: Case, **asked: Any) -> set[str]:  # noqa: ANN401 - as Query takes them
    """Return the ids of every record that a search finds."""
    hits = search(case.casebook, Query(case=CASE, limit=1000, **asked), case.view)
    assert hits.total == len(hits.hits)
    return {hit.id for hit in hits.hits}


@pytest.mark.parametrize("form", ["التضامن", "Tadamun", "At-Tadamon", "Tadi-moon", "تادمون"])
def test_every_form_of_the_place_finds_the_place_itself(case: Case, form: str) -> None:
    assert case.key("entity", "place:tadamon").id in found(case, words=form, kinds=("entity",))


def test_the_translated_name_finds_the_place_once_a_person_links_it(
    case: Case, tmp_path: Path
) -> None:
    place = case.key("entity", "place:tadamon").id
    assert place not in found(case, words="Solidarity", kinds=("entity",))
    bureau = open_bureau(tmp_path)
    listing = look_at(bureau.casebook, shared(*SET), None, "restricted", Faults())
    bring_in(bureau.casebook, listing, bureau.signer)
    names = (k.record for k in bureau.casebook.find(Name, case.view, CASE))
    name = next(n for n in names if isinstance(n, Name) and n.role == "translation")
    bureau.casebook.write([replace(name, linked=True, revises=1)], bureau.signer, "the same place")
    query = Query(words="Solidarity", kinds=("entity",))
    assert name.entity in {h.id for h in search(bureau.casebook, query, case.view).hits}


def test_a_branch_is_found_by_its_own_number_only(case: Case) -> None:
    units = {n: case.key("entity", f"unit:Branch-{n}").id for n in (227, 277)}
    for number, other in ((227, 277), (277, 227)):
        hits = found(case, words=f"Branch {number}", kinds=("entity",))
        assert units[number] in hits
        assert units[other] not in hits


def test_a_thing_is_called_by_its_names_and_by_its_key_where_there_is_none(case: Case) -> None:
    assert case.key("entity", "place:tadamon").names == (
        {"form": "Tadamon", "script": "Latn"},
        {"form": "التضامن", "script": "Arab"},
    )
    # Given names only, as papers print them, are not what he is called here.
    assert case.key("entity", "suspect:M.al-J.").names == ({"form": "M.al-J."},)


def test_copies_of_one_article_are_two_versions_of_one_source(case: Case) -> None:
    one, other = case.key("source", "S01"), case.key("source", "S01b")
    derivations = case.naming(other.id, Derivation)
    assert [(each.parent, each.how) for each in derivations] == [(one.id, "version")]
    assert any({one.id, other.id} <= set(d.sources) for d in case.weighed.version_differences)


def test_sources_that_contradict_themselves_are_told(case: Case) -> None:
    told = {c.source for c in case.weighed.self_conflicts}
    assert {case.key("source", key).id for key in ("S06", "S16-17")} <= told


def test_who_held_the_post_is_denied_by_one_origin_in_two_papers(case: Case) -> None:
    post = case.on("T121")
    assert post.object == case.key("entity", "person:Fadi-Saqr").id
    assert {case.on(row).id for row in ("T122", "T123")} == {post.id}
    assert case.suggested("T121").status == "contested"
    assert case.key("assertion", "T122").polarity == "denies"
    relations = case.naming(post.subject, Relation)
    assert sorted(each.polarity for each in relations) == ["affirms", "denies", "denies"]


def test_releases_counted_by_other_days_are_not_rivals(case: Case) -> None:
    days = [case.on(row) for row in ("T140", "T141", "T142")]
    assert len({p.scope for p in days}) == 3
    assert [case.suggested(row).status for row in ("T140", "T141", "T142")] == ["single_origin"] * 3


def test_a_shorter_cut_is_not_a_rival_length(case: Case) -> None:
    assert case.on("T048").scope != case.on("T044").scope
    assert (case.key("assertion", "T048").lo, case.on("T048").unit) == (108, "second")


def test_what_one_row_says_of_another_question_does_not_come_back_on_its_own(case: Case) -> None:
    on_two = case.key("assertion", "T071").id
    aside = [e for e in case.naming(on_two, Evidence) if e.assertion == on_two and e.by_source]
    assert [e.by_source for e in aside] == [case.key("source", "S12").id]
    assert "T071" not in case.rows(case.suggested("T001").against)


def test_a_claim_is_found_again_word_for_word(case: Case) -> None:
    said: Assertion = case.key("assertion", "T087")
    assert said.evidence_offered is None
    assert said.note is not None
    assert "none offered" in said.note
    assert said.text == (
        "The regime is currently holding him; no warrant, no charge, no public notice"
    )


def test_the_same_list_again_says_nothing_twice(case: Case) -> None:
    again = case.terminal.does("casebook", "import", case.bureau.archive, shared(*SET), "--json")
    assert (again.json()["written"], again.json()["acts"]) == (0, [])
    assert case.said.json()["written"] == sum(case.said.json()["records"].values())


def test_no_entity_is_there_that_nobody_names(case: Case) -> None:
    assert all(list(case.casebook.naming(each.id, case.view)) for each in case.all(Entity))
