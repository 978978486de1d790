"""Who commanded the unit present there on that day, and how that is known."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from casebook.bureau import open_bureau
from casebook.command.garrison import (
    DAY,
    Garrison,
    commands,
    copied,
    entity,
    harbour,
    id_of,
    link,
    name_of,
    paths,
    present,
    relation,
    source,
    under,
)
from dalil.casebook.command import chain
from dalil.casebook.command.answer import Answer
from dalil.casebook.command.who import who_commanded
from dalil.casebook.command.wording import told
from dalil.casebook.index.view import View, view_of
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Judgement
from dalil.errors import NoSuchThing, UsageRefused


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Garrison:
    """Write the harbour once; each test works on a copy of it."""
    made = Garrison(open_bureau(tmp_path_factory.mktemp("harbour")))
    made.write(harbour())
    made.ask()
    return made


@pytest.fixture
def garrison(first: Garrison, tmp_path: Path) -> Garrison:
    return first.copy(tmp_path / "copy")


def test_every_chain_ends_with_a_commander_and_the_weakest_comes_first(garrison: Garrison) -> None:
    answer = garrison.ask()
    assert paths(answer) == ["Company < Company < Basil", "Company < Adel"]
    assert [chain.grade[0] for chain in answer.chains] == [4, 2]
    weak = answer.chains[0]
    assert answer.links[weak.links[weak.weakest]].gap == 10
    assert [(each.inner, each.outer) for each in answer.inside] == [(id_of("Quay"), id_of("Port"))]


def test_a_unit_without_a_commander_is_a_gap_with_whoever_was_there_last(
    garrison: Garrison,
) -> None:
    gaps = {(gap.kind, name_of(garrison.ask(), gap.unit)): gap for gap in garrison.ask().gaps}
    assert set(gaps) == {("no_commander", "Division"), ("no_superior", "Division")}
    (last,) = gaps["no_commander", "Division"].nearby
    assert (last.who, last.days, last.side, last.ended) == (id_of("Camil"), 70, "after", True)


def test_a_rival_posting_adds_a_chain_and_speaks_against_the_first(garrison: Garrison) -> None:
    before = garrison.ask()
    garrison.write([entity("Dalia", "person"), commands("Dalia", "Company", "2016-11-09")])
    after = garrison.ask()
    assert not link(before, "Adel", "Company").against
    (against,) = link(after, "Adel", "Company").against
    assert (against.how, against.who, against.standing) == ("rival", id_of("Dalia"), "attested")
    assert set(paths(after)) - set(paths(before)) == {"Company < Dalia"}
    chains = dict(zip(paths(after), after.chains, strict=True))
    assert chains["Company < Adel"].grade > before.chains[1].grade


def test_two_who_are_said_as_well_contradict_each_other_fully(garrison: Garrison) -> None:
    two = [commands(each, "Division", "2016-11-09") for each in ("Adel", "Basil")]
    garrison.write(two)
    answer = garrison.ask()
    assert [link(answer, each, "Division").grade[1] for each in ("Adel", "Basil")] == [2, 2]
    garrison.write([commands("Basil", "Division", "2016-11-09", name="later", sometime=True)])
    weaker = commands("Camil", "Company", "2016-10-30")
    garrison.write([weaker])
    assert link(garrison.ask(), "Adel", "Company").grade[1] == 1
    assert link(garrison.ask(), "Camil", "Company").grade[1] == 2


def test_a_denial_of_another_time_speaks_against_nothing(garrison: Garrison) -> None:
    denial = commands("Adel", "Company", "2016-01/2016-03", polarity="denies", name="denial")
    garrison.write([denial])
    assert not link(garrison.ask(), "Adel", "Company").against


def test_who_denies_need_not_say_that_it_was_a_command(garrison: Garrison) -> None:
    denial = relation("posted_to", "Adel", "Company", "2016-11", polarity="denies", name="no")
    garrison.write([denial])
    assert [each.record for each in link(garrison.ask(), "Adel", "Company").against] == [denial.id]


def test_who_says_that_it_was_a_command_is_who_is_counted(garrison: Garrison) -> None:
    cited = {"b": {"sources": [id_of("Gazette"), id_of("Herald")]}}
    cited["role"] = {"sources": [id_of("Leaflet")]}
    posting = replace(commands("Adel", "Company", "2016-11-09", name="roles"), cited=cited)
    garrison.write([posting])
    found = link(garrison.ask(), "Adel", "Company")
    assert (found.stated_by, found.origins) == ((id_of("Leaflet"),), 1)


def test_of_links_that_are_as_weak_the_first_is_named(garrison: Garrison) -> None:
    garrison.write([commands("Camil", "Brigade", "2016-10-30", name="tie")])
    for answered in garrison.ask().chains:
        grades = [garrison.ask().links[place].grade for place in answered.links]
        assert answered.weakest == grades.index(max(grades))
    weak = [under("Brigade", "Division", None), commands("Camil", "Division", None, name="none")]
    garrison.write(weak)
    last = garrison.ask_unit("Brigade", "2012-11-09").chains[0]
    assert last.weakest == 0


def test_a_denial_speaks_against_a_link_and_is_no_chain(garrison: Garrison) -> None:
    denial = commands(
        "Adel", "Company", "2016-11", polarity="denies", name="denial", source=id_of("Leaflet")
    )
    garrison.write([denial])
    answer = garrison.ask()
    (against,) = link(answer, "Adel", "Company").against
    assert (against.how, against.record) == ("denied", denial.id)
    assert (against.sources, against.told_by) == ((id_of("Leaflet"),), None)
    assert id_of("Leaflet") in {each.id for each in answer.sources}
    assert paths(answer) == paths(garrison.ask())
    assert link(answer, "Adel", "Company").grade[1] == 2


def test_changing_one_derivation_changes_the_origins_that_are_counted(garrison: Garrison) -> None:
    two = commands("Adel", "Company", "2016-11-09", sources=["Gazette", "Leaflet"], name="two")
    garrison.write([two])
    assert link(garrison.ask(), "Adel", "Company").origins == 2
    garrison.write([copied("Leaflet", "Gazette")])
    assert link(garrison.ask(), "Adel", "Company").origins == 1
    garrison.write([replace(copied("Leaflet", "Gazette"), withdrawn="another leaflet")])
    assert link(garrison.ask(), "Adel", "Company").origins == 2


def test_an_inferred_statement_lends_no_origin_to_an_attested_one(garrison: Garrison) -> None:
    old = commands("Adel", "Company", "2016-05/2016-09", sources=["Herald", "Leaflet"], name="old")
    garrison.write([old])
    found = link(garrison.ask(), "Adel", "Company")
    assert (found.standing, len(found.stated_by), len(found.statements)) == ("between", 1, 2)


def test_a_sighting_too_far_from_the_day_is_counted_and_not_followed(garrison: Garrison) -> None:
    garrison.write([entity("Emad", "person"), commands("Emad", "Division", "2012-05/2013-01")])
    answer = garrison.ask()
    assert answer.left_aside.beyond == 1
    assert not any(path.endswith("Emad") for path in paths(answer))
    day, casebook = date.fromisoformat(DAY).toordinal(), garrison.bureau.casebook
    gap = day - date(2013, 1, 31).toordinal()
    short = who_commanded(casebook, "Port", day, View(), limit=gap - 1)
    assert not any(path.endswith("Emad") for path in paths(short))
    wide = who_commanded(casebook, "Port", day, View(), limit=gap)
    assert "Company < Company < Brigade < Emad" in paths(wide)
    assert wide.left_aside.beyond == 0


def test_administrative_subordination_carries_no_command(garrison: Garrison) -> None:
    ministry = [
        entity("Ministry", "unit"),
        entity("Farid", "person"),
        under("Company", "Ministry", "2015/2018", kind="Administrative"),
        commands("Farid", "Ministry", "2015/2018"),
    ]
    garrison.write(ministry)
    answer = garrison.ask()
    assert [(each.what, each.b) for each in answer.beside] == [
        ("otherwise_under", id_of("Ministry"))
    ]
    assert "Administrative" in told(answer, "en")
    assert id_of("Ministry") not in {gap.unit for gap in answer.gaps}
    assert not any("Farid" in path for path in paths(answer))


def test_a_placeholder_bridges_a_level_and_nobody_commands_it(garrison: Garrison) -> None:
    unnamed = [
        entity("Unnamed", "unit", labels=("placeholder",)),
        entity("Corps", "unit"),
        *(entity(name, "person") for name in ("Ghada", "Hadi")),
        under("Division", "Unnamed", "2015/2018"),
        under("Unnamed", "Corps", "2015/2018"),
        commands("Ghada", "Unnamed", "2016-11-09"),
        commands("Hadi", "Corps", "2016-11-09"),
    ]
    garrison.write(unnamed)
    answer = garrison.ask()
    assert "Company < Company < Brigade < Division < Unnamed < Hadi" in paths(answer)
    assert not any("Ghada" in path for path in paths(answer))
    assert answer.left_aside.on_placeholders == 1
    assert ("placeholder", id_of("Unnamed")) in {(gap.kind, gap.unit) for gap in answer.gaps}


DATED: list[tuple[str, dict[str, str | bool], str]] = [
    ("2016-11-09~", {}, "edge"),
    ("2016-05?/2018", {}, "edge"),
    ("2013-05?/2018", {}, "between"),
    ("2013/2018~", {}, "between"),
    ("2014-02-01/..", {"asserted": "2016-12-24"}, "between"),
    ("2014-02-01/..", {}, "inferred"),
    ("2015/2018", {"sometime": True}, "edge"),
    ("2015/2018", {"start_known": True, "end_known": True}, "within"),
    ("2015/2018", {"start_known": True}, "between"),
]


def test_a_posting_stands_as_its_own_date_says(garrison: Garrison) -> None:
    people = [entity(f"Officer {n}", "person") for n in range(len(DATED))]
    postings = [
        commands(f"Officer {n}", "Division", valid, **more)
        for n, (valid, more, _) in enumerate(DATED)
    ]
    garrison.write([*people, *postings])
    answer = garrison.ask()
    stand = [link(answer, f"Officer {n}", "Division").standing for n in range(len(DATED))]
    assert stand == [standing for _, _, standing in DATED]


def test_what_a_list_only_assumes_is_told_as_that(garrison: Garrison) -> None:
    assumed = commands("Adel", "Division", "2016-05", detail={"assumed": "goes_on"})
    garrison.write([assumed])
    assert "no end known; its list assumes that it went on" in told(garrison.ask(), "en")


def test_a_withdrawn_posting_is_in_no_chain(garrison: Garrison) -> None:
    posting = garrison.written[commands("Adel", "Company", "2016-03-01/2016-12-24").id]
    garrison.write([replace(posting, withdrawn="the page was taken down")])
    assert paths(garrison.ask()) == ["Company < Company < Basil"]


def test_a_speaker_without_datapoints_is_the_one_who_says_so(garrison: Garrison) -> None:
    said = commands("Adel", "Company", "2016-11-09", source=id_of("Leaflet"), name="spoken")
    garrison.write([said])
    answer = garrison.ask()
    assert link(answer, "Adel", "Company").stated_by == (id_of("Leaflet"),)
    assert f"sources that say so: {1 + _place(answer, 'Leaflet')}" in told(answer, "en")


def test_a_circle_of_subordination_ends(garrison: Garrison) -> None:
    garrison.write([under("Division", "Company", "2015/2018")])
    assert paths(garrison.ask()) == ["Company < Company < Basil", "Company < Adel"]


def test_a_person_judged_to_be_two_names_is_no_rival_of_himself(garrison: Garrison) -> None:
    twice = [entity("Adil", "person"), commands("Adil", "Company", "2016-11-09")]
    garrison.write(twice)
    assert link(garrison.ask(), "Adel", "Company").against
    same = Judgement(
        id=id_of("same"), a=id_of("Adel"), b=id_of("Adil"), verdict="same", reasoning="one file"
    )
    hint = Judgement(
        id=id_of("hint"), a=id_of("Adil"), b=id_of("Adel"), verdict="maybe-typo", machine=True
    )
    garrison.write([hint, same])
    answer = garrison.ask()
    assert len(answer.commanders()) == len(garrison.ask().chains) == 2
    assert not any(each.against for each in answer.links)
    doubt = replace(same, id=id_of("doubt"), verdict="different", reasoning="two faces")
    garrison.write([doubt])
    assert len(garrison.ask().commanders()) == 3


def test_two_who_might_be_one_stay_two(garrison: Garrison) -> None:
    twice = [entity("Adil", "person"), commands("Adil", "Company", "2016-11-09")]
    maybe = Judgement(
        id=id_of("maybe"), a=id_of("Adel"), b=id_of("Adil"), verdict="maybe-same", machine=True
    )
    garrison.write([*twice, maybe])
    assert len(garrison.ask().commanders()) == 3


def test_a_posting_to_a_post_is_a_posting_to_its_unit(garrison: Garrison) -> None:
    chief = [
        entity("Chief", "post"),
        entity("Iman", "person"),
        relation("part_of", "Chief", "Division", None),
        commands("Iman", "Chief", "2016-11-09"),
    ]
    garrison.write(chief)
    assert "Company < Company < Brigade < Iman" in paths(garrison.ask())


def test_membership_of_an_operation_is_told_and_not_followed(garrison: Garrison) -> None:
    operation = [
        entity("Operation", "unit"),
        entity("Karim", "person"),
        relation("member_of", "Company", "Operation", "2016"),
        commands("Karim", "Operation", "2016-11-09"),
    ]
    garrison.write(operation)
    answer = garrison.ask()
    (member,) = answer.beside
    assert (member.a, member.b, member.standing) == (id_of("Company"), id_of("Operation"), "edge")
    assert not any("Karim" in path for path in paths(answer))
    assert paths(garrison.ask_unit("Operation")) == ["Karim"]


def test_a_denied_presence_subordination_and_place_each_show_their_denial(
    garrison: Garrison,
) -> None:
    denials = [
        present("Company", "Quay", "2016-11", polarity="denies", name="not there"),
        replace(under("Company", "Brigade", "2016"), id=id_of("not under"), polarity="denies"),
        relation("part_of", "Quay", "Port", None, polarity="denies", name="elsewhere"),
    ]
    garrison.write(denials)
    answer = garrison.ask()
    assert [each.record for each in link(answer, "Company", "Quay").against] == [id_of("not there")]
    assert [each.how for each in link(answer, "Company", "Brigade").against] == ["denied"]
    assert answer.inside[0].against == (id_of("elsewhere"),)
    assert {denial.id for denial in denials} <= set(answer.records())
    assert "denied by record" in told(answer, "en")


def test_a_place_is_found_by_its_key_and_every_form_of_its_name(garrison: Garrison) -> None:
    emerald = entity("الزمردة", "place", "az-Zumurruda", key="place:emerald")
    names = (*emerald.names, {"form": "Emerald", "role": "translation"})
    garrison.write([replace(emerald, names=names), present("Company", "الزمردة", "2016-11-09")])
    for name in ("الزمردة", "الزُّمُرُّدة", "az-Zumurruda", "Zumurruda", "place:emerald"):
        assert garrison.ask(name).about == (emerald.id,)
    with pytest.raises(NoSuchThing):
        garrison.ask("Emerald")


def test_a_unit_in_a_wider_place_is_counted_and_in_no_chain(garrison: Garrison) -> None:
    garrison.write([entity("Watch", "unit"), present("Watch", "Port", "2016")])
    assert garrison.ask("Quay").left_aside.wider == 1
    assert not any(path.startswith("Watch") for path in paths(garrison.ask("Quay")))


def test_more_chains_than_anybody_could_read_are_refused(
    garrison: Garrison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "MOST_CHAINS", 1)
    with pytest.raises(UsageRefused, match="more than 1 chains"):
        garrison.ask()


def test_a_unit_can_be_asked_for_without_a_place(garrison: Garrison) -> None:
    answer = garrison.ask_unit("Brigade")
    assert paths(answer) == ["Basil"]
    assert {gap.kind for gap in answer.gaps} == {"no_commander", "no_superior"}


def test_a_sealed_commander_is_in_no_count_and_a_sealed_source_has_no_name(
    garrison: Garrison,
) -> None:
    sealed = [
        source("Witness", see="sealed"),
        entity("Jamil", "person", see="sealed"),
        commands("Jamil", "Company", "2016-11-09", sources=["Gazette"]),
        commands("Basil", "Brigade", "2016-11-09", sources=["Witness"], name="by witness"),
    ]
    before = garrison.ask()
    garrison.write(sealed)
    answer = garrison.ask()
    assert not link(answer, "Adel", "Company").against
    assert set(answer.commanders()) == set(before.commanders())
    assert len(answer.chains) == len(before.chains)
    by_witness = link(answer, "Basil", "Brigade")
    assert (len(by_witness.stated_by), by_witness.origins, by_witness.withheld) == (0, 1, True)
    everything_told = repr(answer) + told(answer, "en")
    assert "Jamil" not in everything_told
    assert "Witness" not in everything_told
    assert id_of("Witness") not in everything_told
    everything = garrison.ask(view=view_of("sealed"))
    assert id_of("Jamil") in everything.commanders()
    assert link(everything, "Adel", "Company").against


def test_what_was_known_on_a_day_does_not_change_when_more_becomes_known(tmp_path: Path) -> None:
    garrison = Garrison(open_bureau(tmp_path))
    garrison.write(harbour(), on="2026-02-01")
    two = commands("Adel", "Company", "2016-11-09", sources=["Gazette", "Leaflet"], name="two")
    garrison.write([two], on="2026-02-02")
    then = View(known_on=date(2026, 2, 2).toordinal())
    before = garrison.ask(view=then)
    assert before == garrison.ask()
    posting = garrison.written[commands("Basil", "Brigade", "2016-02/2016-10-30").id]
    later = [
        entity("Dalia", "person"),
        commands("Dalia", "Company", "2016-11-09"),
        copied("Leaflet", "Gazette"),
        replace(posting, withdrawn="a mistake"),
        Judgement(
            id=id_of("same"), a=id_of("Adel"), b=id_of("Dalia"), verdict="same", reasoning="one"
        ),
        relation("part_of", "Quay", "Port", None, polarity="denies", name="elsewhere"),
    ]
    for number, record in enumerate(later, 3):
        garrison.write([record], on=f"2026-02-{number:02}")
        assert garrison.ask(view=then) == before
    assert garrison.ask() != before
    with pytest.raises(NoSuchThing):
        garrison.ask(view=View(known_on=date(2026, 1, 31).toordinal()))


def test_only_what_had_been_said_by_a_day_counts(garrison: Garrison) -> None:
    late = source("Memoir", published="2021-03-01")
    posting = commands("Adel", "Brigade", "2016-11-09", sources=["Memoir"], name="memoir")
    dated = [
        replace(known, revises=0, asserted="2017-01-05")
        for known in garrison.written.values()
        if isinstance(known, Relation)
    ]
    garrison.write([late, posting, *dated])
    then = View(said_by=date(2020, 1, 1).toordinal())
    assert "Company < Company < Adel" in paths(garrison.ask())
    assert "Company < Company < Adel" not in paths(garrison.ask(view=then))
    assert "Company < Company < Basil" in paths(garrison.ask(view=then))


def test_the_answer_names_every_record_that_it_rests_on(garrison: Garrison) -> None:
    rests_on = set(garrison.ask().records())
    used = {"Port", "Quay", "Company", "Brigade", "Adel", "Basil", "Camil", "Gazette", "Herald"}
    assert {id_of(name) for name in used} <= rests_on
    for id_ in rests_on:
        garrison.bureau.casebook.get(id_, View())


def test_the_order_in_which_things_were_written_changes_nothing(
    garrison: Garrison, tmp_path: Path
) -> None:
    other = Garrison(open_bureau(tmp_path / "other"))
    things = [record for record in harbour() if not isinstance(record, Relation)]
    links = [record for record in harbour() if isinstance(record, Relation)]
    other.write([*reversed(things), *reversed(links)])
    assert other.ask() == garrison.ask()


@pytest.mark.parametrize("name", ["Nowhere", "", "0" * 32, "Company"])
def test_a_place_that_nobody_wrote_down_is_refused_by_name(garrison: Garrison, name: str) -> None:
    with pytest.raises(NoSuchThing, match="place"):
        garrison.ask(name)


def test_a_unit_asked_for_as_a_place_is_told_to_be_one(garrison: Garrison) -> None:
    with pytest.raises(NoSuchThing, match="it names a unit: ask with --unit"):
        garrison.ask("Company")
    with pytest.raises(NoSuchThing, match="it names a place: ask without --unit"):
        garrison.ask_unit("Quay")
    sealed = entity("Depot", "unit", see="sealed")
    garrison.write([sealed])
    with pytest.raises(NoSuchThing) as refused:
        garrison.ask("Depot")
    assert "unit" not in str(refused.value)


def _place(answer: Answer, name: str) -> int:
    return [each.id for each in answer.sources].index(id_of(name))
