"""Trees that come with the program, trees that somebody brings, and who checked which wording."""

from __future__ import annotations

from pathlib import Path

import pytest

from casebook.bureau import Bureau, open_bureau
from casebook.law.test_reading import SMALL
from dalil.casebook.index.view import view_of
from dalil.casebook.law.shelf import (
    signed_off,
    tree_called,
    tree_record,
    trees,
    unread_trees,
)
from dalil.casebook.law.writing import sign_off
from dalil.casebook.record.form import new_id
from dalil.casebook.record.law import PIECE, LawTree, SignedOff
from dalil.errors import ImportRefused, NoSuchThing, RecordRefused

SEEN = view_of("restricted")


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


def test_ours_are_there_from_the_first_day(bureau: Bureau) -> None:
    assert [held.tree.key for held in trees(bureau.casebook, SEEN)] == ["rome", "vstgb"]


def test_a_third_party_adds_one_and_revises_it(bureau: Bureau) -> None:
    bureau.casebook.write([tree_record(bureau.casebook, SMALL)], bureau.signer)
    assert tree_called(bureau.casebook, SEEN, "harbour-law").element("theft/took")
    text = SMALL.replace("Took it.", "Took it away.")
    record = tree_record(bureau.casebook, text)
    assert record.revises == 1
    bureau.casebook.write([record], bureau.signer)
    element = tree_called(bureau.casebook, SEEN, "harbour-law").element("theft/took")
    assert element.text.en == "Took it away."


def test_a_brought_tree_stands_in_the_place_of_ours(bureau: Bureau) -> None:
    text = SMALL.replace("key: harbour-law", "key: rome")
    bureau.casebook.write([tree_record(bureau.casebook, text)], bureau.signer)
    assert [held.tree.key for held in trees(bureau.casebook, SEEN)] == ["rome", "vstgb"]
    assert list(tree_called(bureau.casebook, SEEN, "rome").parts) == ["storm", "theft", "alone"]


def test_a_sealed_tree_is_seen_by_whoever_may(bureau: Bureau) -> None:
    bureau.casebook.write([tree_record(bureau.casebook, SMALL, "sealed")], bureau.signer)
    with pytest.raises(NoSuchThing):
        tree_called(bureau.casebook, SEEN, "harbour-law")
    assert tree_called(bureau.casebook, view_of("sealed"), "harbour-law")


def test_a_long_tree_comes_in_pieces_and_out_whole(bureau: Bureau) -> None:
    text = SMALL + "".join(f"# a remark, {n}\n" for n in range(PIECE // 10))
    record = tree_record(bureau.casebook, text)
    assert len(record.pieces) > 1
    bureau.casebook.write([record], bureau.signer)
    assert tree_called(bureau.casebook, SEEN, "harbour-law") == tree_called(
        bureau.casebook, SEEN, "harbour-law"
    )


def test_what_was_written_down_and_is_no_tree_is_named_and_hides_nothing(bureau: Bureau) -> None:
    wrong = LawTree(id=new_id(), key="rome", pieces=("key: rome\n",))
    bureau.casebook.write([wrong], bureau.signer)
    assert tree_called(bureau.casebook, SEEN, "rome").of("crime")
    [unread] = unread_trees(bureau.casebook, SEEN)
    assert (unread.key, unread.record) == ("rome", wrong.id)
    assert "line 1: dalil-law-tree: missing" in unread.about


def test_no_tree_is_brought_half(bureau: Bureau) -> None:
    with pytest.raises(ImportRefused, match="line 23"):
        tree_record(bureau.casebook, SMALL.replace('source: act, at: "2"', 'at: "2"'))
    assert len(trees(bureau.casebook, SEEN)) == 2


def test_a_check_holds_until_the_wording_changes(bureau: Bureau) -> None:
    bureau.casebook.write([tree_record(bureau.casebook, SMALL)], bureau.signer)
    signed = sign_off(bureau.casebook, SEEN, "harbour-law", "theft/took", "compared")
    bureau.casebook.write([signed], bureau.signer)
    assert checks(bureau) == {"theft/took": [("Salma", "compared", True)]}
    text = SMALL.replace("Took it.", "Took it away.")
    bureau.casebook.write([tree_record(bureau.casebook, text)], bureau.signer)
    assert checks(bureau) == {"theft/took": [("Salma", "compared", False)]}
    bureau.casebook.write([tree_record(bureau.casebook, SMALL)], bureau.signer)
    assert checks(bureau) == {"theft/took": [("Salma", "compared", True)]}


def test_a_check_can_be_taken_back(bureau: Bureau) -> None:
    signed = sign_off(bureau.casebook, SEEN, "rome", "28-a/knew", "compared")
    bureau.casebook.write([signed], bureau.signer)
    gone = SignedOff(
        id=signed.id, tree=signed.tree, element=signed.element, said=signed.said,
        reasoning="compared", revises=1, withdrawn="the wrong page",
    )  # fmt: skip
    bureau.casebook.write([gone], bureau.signer)
    assert checks(bureau, "rome") == {}


def test_a_check_gives_its_reasons_and_names_an_element(bureau: Bureau) -> None:
    with pytest.raises(RecordRefused, match="reasoning"):
        sign_off(bureau.casebook, SEEN, "rome", "28-a/knew", " ")
    with pytest.raises(NoSuchThing, match="28-a/nothing"):
        sign_off(bureau.casebook, SEEN, "rome", "28-a/nothing", "compared")


def checks(bureau: Bureau, key: str = "harbour-law") -> dict[str, list[tuple[str, str, bool]]]:
    """Return who checked which element of a tree, with what reasons, and whether that holds."""
    tree = tree_called(bureau.casebook, SEEN, key)
    found = signed_off(bureau.casebook, SEEN, tree, tree.elements())
    return {name: [(s.by, s.reasoning, s.holds) for s in each] for name, each in found.items()}
