"""An index that is written anew on many cores is the one that was kept, act by act."""

from pathlib import Path

import pytest

from casebook.bureau import open_bureau
from casebook.history import invented_history, write
from casebook.index.test_laws import dump
from dalil.casebook.index import follow
from dalil.casebook.index.anew import all_rows
from dalil.casebook.record.sources import Source


def test_rows_made_in_several_processes_are_those_that_were_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau = open_bureau(tmp_path)
    for step in invented_history(7):
        write(bureau, [step])
    kept = dump(bureau)
    monkeypatch.setattr(all_rows, "AT_ONCE", 20)
    monkeypatch.setattr(all_rows, "RESULTS", 2)
    bureau.casebook.rebuild()
    assert dump(bureau) == kept
    assert len(kept["record"]) > 3 * 20


def test_an_import_of_more_than_there_is_gives_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for much in (10, 10_000):
        monkeypatch.setattr(follow, "MUCH", much)
        folder = tmp_path / str(much)
        folder.mkdir()
        bureau = open_bureau(folder)
        some = [Source(id=f"{i:032x}", type="list", title=f"list {i}") for i in range(30)]
        bureau.casebook.write(some[:5], bureau.signer)
        bureau.casebook.bring_in("one", some, bureau.signer)
        rows = dump(bureau)
        told.append({name: len(each) for name, each in rows.items()})
        assert [row[3] for row in sorted(rows["record"])] == [each.id for each in some]
    assert told[0] == told[1]
