"""What lists say a page at a time is what all the acts say, read one after another."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.errors import NoSuchThing
from dalil.intake.accession import TAKEN_IN, tell
from dalil.intake.audit import CHECKED, checks_said, last_check_of
from dalil.intake.listing import (
    accession_line,
    accession_lines,
    accessions,
    count_accessions,
    count_items,
    item_lines,
    items,
    items_like,
    receipts_in,
)
from dalil.intake.source import Handed, brought_by_hand
from dalil.intake.take_in import take_in_brought
from dalil.intake.telling import Hop
from dalil.ledger.ledger import Draft
from dalil.vault.fixity import is_due, parse_share
from dalil.vault.ocfl import place_of
from intake.reception import QUICKLY, Reception, drive, open_reception

FIRST = Hop(1, "Karim", "", "2013~", "", "filmed it", "a friend", "")
RIVAL = Hop(1, "unknown", "", "2014", "", "found it", "Rana", "")
THEN = Hop(2, "a lawyer", "", "2019", "", "by hand", "the lawyer", "")


@pytest.fixture(scope="module")
def reception(tmp_path_factory: pytest.TempPathFactory) -> Reception:
    """Return an archive with three accessions, one of them of the same bytes as another."""
    folder = tmp_path_factory.mktemp("lists")
    found = open_reception(folder / "archive")
    one = drive(folder / "one", 5)
    found.takes(one, telling=(THEN, FIRST))
    found.takes(drive(folder / "two", 3, seed=2))
    (folder / "three").mkdir()
    (folder / "three" / "again").write_bytes(next(iter(sorted(one.iterdir()))).read_bytes())
    found.takes(folder / "three")
    return found


def test_pages_of_items_laid_together_are_all_items_the_last_first(reception: Reception) -> None:
    ledger = reception.ledger
    whole = [each.item for each in items(reception.archive)]
    assert count_items(ledger) == len(whole) == 8
    assert sorted(each.item for each in item_lines(ledger, slice(None))) == sorted(whole)

    @settings(max_examples=20, deadline=None)
    @given(size=st.integers(1, 9))
    def law(size: int) -> None:
        laid = [
            line
            for start in range(0, len(whole), size)
            for line in item_lines(ledger, slice(start, start + size))
        ]
        assert laid == item_lines(ledger, slice(None))

    law()


def test_a_line_of_an_accession_says_what_reading_all_its_acts_says(reception: Reception) -> None:
    ledger = reception.ledger
    naive = list(accessions(reception.archive))
    lines = accession_lines(ledger, slice(None))
    assert count_accessions(ledger) == len(lines) == len(naive)
    for line, shown in zip(reversed(lines), naive, strict=True):
        assert line == accession_line(ledger, shown.accession)
        assert line.opened_at == shown.opened_at
        assert line.paths == shown.paths
        assert line.receipts == len(shown.receipts)
        assert (line.closed_by is not None) == shown.closed
        assert tuple(each.hop for each in line.telling) == shown.telling
        assert receipts_in(ledger, shown.accession, slice(None)) == list(shown.receipts)
        assert receipts_in(ledger, shown.accession, slice(1, 3)) == list(shown.receipts)[1:3]
    with pytest.raises(NoSuchThing):
        accession_line(ledger, "0" * 32)


def test_an_item_is_found_by_any_beginning_and_by_its_digest(reception: Reception) -> None:
    ledger = reception.ledger
    for each in items(reception.archive):
        for length in (4, 9, 32):
            naive = {
                i.item for i in items(reception.archive) if i.item[:length] == each.item[:length]
            }
            assert {i.item for i in items_like(ledger, each.item[:length], 50)} >= naive
        assert [i.item for i in items_like(ledger, each.sha256, 50)] == [each.item]
    assert items_like(ledger, "%", 50) == []
    assert len(items_like(ledger, "", 3)) == 3


def test_acts_about_two_things_are_those_about_each(reception: Reception) -> None:
    store, ledger = reception.ledger.store, reception.ledger
    accession = next(accessions(reception.archive)).accession
    acts = list(ledger.acts())
    for kind in {entry.act.type for entry in acts}:
        both = [("accession", accession), ("type", kind)]
        naive = [e.seq for e in ledger.accession_acts(accession) if e.act.type == kind]
        assert [row.seq for row in store.page_about(both, slice(None))] == naive
        assert [r.seq for r in store.page_about(both, slice(None), newest=True)] == naive[::-1]
        assert store.count_about(*both) == len(naive)
        rest = store.page_about([("accession", accession)], slice(None), without=[kind])
        others = [e.seq for e in ledger.accession_acts(accession) if e.act.type != kind]
        assert [row.seq for row in rest] == others


def test_a_later_telling_stands_beside_the_first_and_is_recorded_once(tmp_path: Path) -> None:
    found = open_reception(tmp_path / "archive")
    accession = found.takes(drive(tmp_path / "drive", 1), telling=(FIRST,)).accession
    ledger = found.ledger
    seqs = [tell(ledger, found.signer, accession, hop) for hop in (RIVAL, RIVAL, FIRST)]
    assert seqs[0] == seqs[1]
    assert [each.hop for each in accession_line(ledger, accession).telling] == [FIRST, RIVAL]
    with pytest.raises(NoSuchThing):
        tell(ledger, found.signer, "0" * 32, FIRST)


def test_files_handed_in_keep_the_names_they_came_with_however_often(tmp_path: Path) -> None:
    found = open_reception(tmp_path / "archive")
    names = ["video.mp4", "ا/video.mp4", "video.mp4", "../x", "b\0", "video.mp4"]
    handed = []
    for number, name in enumerate(names):
        place = tmp_path / str(number)
        place.write_bytes(f"{number} of {len(names)}".encode())
        handed.append(Handed(name.encode(), place, place.stat().st_size, 1_000_000_007))
    brought = brought_by_hand("urn:dalil:upload:1", handed)
    receipt = take_in_brought(found.archive, brought, found.signer, (), QUICKLY)
    came = [(each.name_text, each.sha256) for each in receipt.items]
    assert sorted(came) == sorted(
        (name, hashlib.sha256(each.place.read_bytes()).hexdigest())
        for name, each in zip(names, handed, strict=True)
    )
    told = {e.act.opened()["mtime_ns"] for e in found.ledger.acts(TAKEN_IN)}
    assert told == {"1000000007"}
    assert {each.source for each in receipt.items} == {"urn:dalil:upload:1"}


def test_the_last_check_of_an_item_is_the_last_one_that_read_it(tmp_path: Path) -> None:
    found = open_reception(tmp_path / "archive")
    found.takes(drive(tmp_path / "drive", 6))
    ledger, days = found.ledger, [date(2026, 3, day) for day in range(1, 12)]
    for day in days:
        said = {"time": f"{day}T03:00:00Z", "items": 1, "broken": [], "share": "1/4"}
        ledger.append([Draft(CHECKED, said)], found.signer)
    for each in items(found.archive):
        name = place_of(each.item).rpartition("/")[2]
        due = [day for day in days if is_due(name, parse_share("1/4"), day)]
        checked = last_check_of(ledger, each.item, 0)
        assert checked is not None
        assert checked.at[:10] == due[-1].isoformat()
        assert last_check_of(ledger, each.item, checked.seq + 1) is None
    assert len(checks_said(ledger, slice(2, 5))) == 3
