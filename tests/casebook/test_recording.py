"""Records are written all or none, and each can be shown to stand where it stands."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from casebook.bureau import Bureau, open_bureau
from dalil.casebook import recording
from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View, view_of
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.sources import Derivation, Source
from dalil.casebook.record.things import Entity
from dalil.engines.sqlite import open_database, writing
from dalil.errors import NoSuchThing, RecordRefused, RevisedMeanwhile
from dalil.kernel.merkle import root_from_inclusion
from terminal import Terminal

HERE, ALL = view_of(), view_of("sealed")


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


def place() -> Entity:
    return Entity(id=new_id(), type="place", names=({"form": "التضامن"},))


def source(key: str = "S1") -> Source:
    return Source(id=new_id(), type="journalism", key=key, title=f"title of {key}")


def claim(bureau: Bureau) -> tuple[Entity, Source, Proposition, Assertion]:
    where, who = place(), source()
    asked = Proposition(
        id=new_id(), subject=where.id, predicate="count", measure="deaths", scope="one clip"
    )
    said = Assertion(id=new_id(), proposition=asked.id, source=who.id, lo=41)
    bureau.casebook.write([where, who, asked, said], bureau.signer)
    return where, who, asked, said


def test_a_record_is_shown_to_stand_in_its_act_and_the_act_in_the_log(bureau: Bureau) -> None:
    said = claim(bureau)[3]
    known = bureau.casebook.get(said.id, HERE)
    proof = bureau.casebook.proof(known.seq, known.place)
    root = root_from_inclusion(proof.place, proof.size, proof.commitment.leaf, proof.path)
    assert root.hex() == proof.act.opened()["records_root"]
    assert proof.act.opened()["records"] == proof.size == 4
    assert proof.log.index == known.seq


def test_a_changed_record_is_found_by_the_check_of_the_log(bureau: Bureau) -> None:
    claim(bureau)
    assert bureau.casebook.ledger.check().intact
    with recording_of(bureau) as rows:
        rows.exec_driver_sql("UPDATE records SET fields = replace(fields, '41', '14')")
    (finding,) = bureau.casebook.ledger.check().findings
    assert "not those that it signs" in finding.what


def test_a_missing_record_is_found_by_the_check_of_the_log(bureau: Bureau) -> None:
    claim(bureau)
    with recording_of(bureau) as rows:
        rows.exec_driver_sql("DELETE FROM records WHERE place = 3")
    (finding,) = bureau.casebook.ledger.check().findings
    assert "3 of its records" in finding.what


def recording_of(bureau: Bureau) -> AbstractContextManager[Connection]:
    """Open the rows with another hand than ours."""
    return writing(open_database(bureau.archive / "acts.sqlite"))


def test_what_names_nothing_is_refused_and_nothing_is_written(bureau: Bureau) -> None:
    before = bureau.casebook.ledger.size
    alone = Assertion(id=new_id(), proposition=new_id(), source=new_id())
    with pytest.raises(RecordRefused, match="which is not there"):
        bureau.casebook.write([source(), alone], bureau.signer)
    assert bureau.casebook.ledger.size == before


def test_what_names_the_wrong_kind_is_refused(bureau: Bureau) -> None:
    where, _, asked, _ = claim(bureau)
    wrong = Assertion(id=new_id(), proposition=asked.id, source=where.id)
    with pytest.raises(RecordRefused, match="of kind entity, not source"):
        bureau.casebook.write([wrong], bureau.signer)


def test_what_names_the_wrong_kind_in_its_own_act_or_import_is_refused(bureau: Bureau) -> None:
    where, asked = place(), new_id()
    question = Proposition(id=asked, subject=where.id, predicate="count", measure="m", scope="s")
    wrong = Assertion(id=new_id(), proposition=asked, source=where.id)
    with pytest.raises(RecordRefused, match=f"source: .* names {where.id}, of kind entity"):
        bureau.casebook.write([where, question, wrong], bureau.signer)
    with pytest.raises(RecordRefused, match=f"source: .* names {where.id}, of kind entity"):
        bureau.casebook.bring_in("one", [where, question, wrong], bureau.signer)


def test_sources_that_come_from_each_other_in_a_circle_are_refused(bureau: Bureau) -> None:
    a, b, c = source("a"), source("b"), source("c")
    first = Derivation(id=new_id(), child=a.id, parent=b.id, how="repeats")
    second = Derivation(id=new_id(), child=b.id, parent=c.id, how="quotes")
    bureau.casebook.write([a, b, c, first, second], bureau.signer)
    closing = Derivation(id=new_id(), child=c.id, parent=a.id, how="translates")
    with pytest.raises(RecordRefused, match="from itself"):
        bureau.casebook.write([closing], bureau.signer)
    opened = replace(second, withdrawn="a mistake", revises=1)
    bureau.casebook.write([opened], bureau.signer)
    bureau.casebook.write([closing], bureau.signer)


def test_a_revision_keeps_what_was_said_before(bureau: Bureau) -> None:
    _, _, _, said = claim(bureau)
    bureau.casebook.write([replace(said, lo=42, revises=1)], bureau.signer, "a slip")
    assert [k.record.lo for k in bureau.casebook.revisions(said.id, HERE)] == [41, 42]  # type: ignore[attr-defined]
    assert bureau.casebook.get(said.id, HERE).revision == 1


def test_two_who_revise_one_record_are_told_and_nothing_is_lost(bureau: Bureau) -> None:
    _, _, _, said = claim(bureau)
    bureau.casebook.write([replace(said, lo=42, revises=1)], bureau.signer)
    with pytest.raises(RevisedMeanwhile):
        Casebook.open(bureau.archive).write([replace(said, lo=43, revises=1)], bureau.signer)
    assert bureau.casebook.get(said.id, HERE).record.lo == 42  # type: ignore[attr-defined]


def test_what_is_sealed_hides_what_speaks_of_it_and_opens_again(bureau: Bureau) -> None:
    where, _, asked, said = claim(bureau)
    bureau.casebook.write([replace(where, see="sealed", revises=1)], bureau.signer)
    for each in (where.id, asked.id, said.id):
        with pytest.raises(NoSuchThing):
            bureau.casebook.get(each, HERE)
        assert bureau.casebook.get(each, ALL).see == 2
    assert not list(bureau.casebook.find(Assertion, HERE))
    assert not list(bureau.casebook.naming(asked.id, HERE))
    opened = replace(where, see="restricted", revises=2)
    bureau.casebook.write([opened], bureau.signer, "the family agrees")
    assert bureau.casebook.get(said.id, HERE).see == 1


def test_to_show_a_record_to_more_people_takes_a_reason_and_no_import_does_it(
    bureau: Bureau,
) -> None:
    _, who, _, _ = claim(bureau)
    wider = replace(who, see="open", revises=1)
    with pytest.raises(RecordRefused, match="takes a reason"):
        bureau.casebook.write([wider], bureau.signer)
    with pytest.raises(RecordRefused, match="an import does not"):
        bureau.casebook.bring_in("one", [wider], bureau.signer, note="a reason")
    bureau.casebook.write([wider], bureau.signer, "published by itself")
    assert bureau.casebook.get(who.id, view_of("open")).record == wider


def test_a_sealed_source_hides_itself_and_not_what_it_says(bureau: Bureau) -> None:
    _, who, _, said = claim(bureau)
    bureau.casebook.write([replace(who, see="sealed", revises=1)], bureau.signer)
    assert bureau.casebook.get(said.id, HERE).see == 1
    with pytest.raises(NoSuchThing):
        bureau.casebook.get(who.id, HERE)


def test_what_may_not_be_seen_and_what_is_not_there_are_refused_alike(bureau: Bureau) -> None:
    where = replace(place(), see="sealed")
    bureau.casebook.write([where], bureau.signer)
    with pytest.raises(NoSuchThing) as hidden:
        bureau.casebook.get(where.id, HERE)
    with pytest.raises(NoSuchThing) as absent:
        bureau.casebook.get("0" * 32, HERE)
    assert str(hidden.value).replace(where.id, "") == str(absent.value).replace("0" * 32, "")


def some(count: int) -> Iterator[Record]:
    for i in range(count):
        yield Source(id=f"{i:032x}", type="journalism", key=f"S{i}", title=f"title {i}")


KILLED = """
import sys
from pathlib import Path
from dalil.casebook import recording
from dalil.casebook.casebook import Casebook
from dalil.casebook.record.sources import Source
from dalil.ledger.keyring import unlock

recording.PART = 10
archive = Path(sys.argv[1])
some = (Source(id=f"{i:032x}", type="journalism", key=f"S{i}", title=f"title {i}")
        for i in range(45))
Casebook.open(archive).bring_in("one", some, unlock(archive, b"bureau", None), note="a list")
"""


@pytest.mark.parametrize("turn", [2, 4])
def test_an_import_that_is_killed_goes_on_and_shows_nothing_before(
    bureau: Bureau, turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau.casebook.write([place()], bureau.signer)
    list(bureau.casebook.find(Source, HERE))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(bureau.archive)],
        env={**os.environ, "DALIL_FAILPOINT": f"committed:{turn}"},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    again = Casebook.open(bureau.archive)
    assert not list(again.find(Source, HERE))
    monkeypatch.setattr(recording, "PART", 10)
    done = again.bring_in("one", some(45), bureau.signer, note="a list")
    assert done.skipped >= 10
    assert done.records + done.skipped == 45
    assert len(list(again.find(Source, HERE))) == 45
    assert again.unfinished() == []
    assert again.ledger.check().intact


def test_an_import_that_waits_for_its_last_part_is_named(bureau: Bureau) -> None:
    part = {"import": "one", "last": False, "note": "a list"}
    recording.write_act(bureau.casebook.ledger, list(some(3)), bureau.signer, brought=part)
    assert bureau.casebook.unfinished() == ["a list"]
    assert not list(bureau.casebook.find(Source, HERE))
    bureau.casebook.write([replace(place(), case="quay")], bureau.signer)
    person = Terminal(bureau.archive.parent, {})
    told = person.does("casebook", "report", bureau.archive, "quay")
    assert "a list" in told.err
    assert "Give the same import command" in told.err


def test_the_same_import_twice_says_nothing_twice(bureau: Bureau) -> None:
    bureau.casebook.bring_in("one", some(30), bureau.signer)
    before = bureau.casebook.ledger.size
    again = bureau.casebook.bring_in("two", some(30), bureau.signer)
    assert (again.records, again.skipped, again.acts) == (0, 30, ())
    assert bureau.casebook.ledger.size == before


def test_a_list_that_changed_becomes_revisions(bureau: Bureau) -> None:
    bureau.casebook.bring_in("one", some(3), bureau.signer)
    changed = [replace(each, title="another") for each in some(1) if isinstance(each, Source)]
    bureau.casebook.bring_in("two", changed, bureau.signer)
    kept = bureau.casebook.revisions("0" * 32, HERE)
    assert [k.record.title for k in kept] == ["title 0", "another"]  # type: ignore[attr-defined]


def test_an_index_that_is_lost_or_torn_is_written_anew(bureau: Bureau) -> None:
    _, _, _, said = claim(bureau)
    place_of_it = bureau.archive / "index" / "casebook.sqlite"
    place_of_it.unlink()
    assert Casebook.open(bureau.archive).get(said.id, HERE).record == said
    assert Casebook.open(bureau.archive).rebuild() == 4


def test_what_was_known_on_a_day_is_what_was_written_by_then(bureau: Bureau) -> None:
    _, _, _, said = claim(bureau)
    yesterday = View(known_on=1)
    with pytest.raises(NoSuchThing):
        bureau.casebook.get(said.id, yesterday)
    assert bureau.casebook.get(said.id, View(known_on=3_000_000)).record == said


def test_a_clock_that_is_set_back_does_not_change_what_was_known_earlier(bureau: Bureau) -> None:
    first, later = place(), place()
    for record, time in ((first, "2026-05-03T10:00:00Z"), (later, "2026-04-01T10:00:00Z")):
        recording.write_act(bureau.casebook.ledger, [record], bureau.signer, brought={"time": time})
    in_april = view_of(known_on="2026-04-15")
    assert not list(bureau.casebook.find(Entity, in_april))
    in_may = view_of(known_on="2026-05-03")
    assert {known.record.id for known in bureau.casebook.find(Entity, in_may)} == {
        first.id,
        later.id,
    }
