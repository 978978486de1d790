"""A judgement: an act of a person with reasons, superseded or withdrawn by later ones."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import Malformed, NoSuchThing, NotAllowed, Refusal, UsageRefused
from dalil.kernel import canonical
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Draft
from dalil.ledger.people import add, recover
from dalil.ledger.sheet import code_of
from dalil.ledger.standing import machine
from dalil.ledger.standing.machine import MACHINES_MAY, add_machine
from dalil.match.copies.judgement import (
    JUDGED,
    MOST_PIECES,
    NOT_SAME,
    WITHDRAWN,
    Judging,
    history,
    judge,
    judgements,
)
from dalil.match.found import SAME, SCENE, UNSURE, Found
from dalil.match.stated import as_kept, found_from, stated
from ledger.counting_house import CHEAP, House, build
from match.copies.drawn_families import lead, piece

A, B, C = (each.encode().hex().ljust(32, "0") for each in "abc")
QUERY = "query:" + "ab" * 32


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = build(tmp_path_factory.mktemp("built") / "archive")
    sealed = [Draft("sealed", {"item": each, "length": 3}) for each in (A, B, C)]
    made.ledger.append(sealed, made.signer)
    return made


@pytest.fixture
def house(built: House, tmp_path: Path) -> House:
    return built.copied(tmp_path / "archive")


@pytest.fixture
def omar(house: House) -> Signer:
    return add(house.ledger, house.signer, "Omar", "investigator", b"x", CHEAP)[0]


def word(house: House, signer: Signer, judgement: str, found: Found | None = None) -> int:
    return judge(house.archive, signer, Judging(A, B, judgement, "the same door", found)).seq


def standing(house: House) -> list[tuple[str, str]]:
    return [(each.person, each.judgement) for each in judgements(house.ledger)]


def test_a_judgement_keeps_the_candidate_as_it_stood(house: House) -> None:
    found = lead("a", "b", [piece((0, 8.25), (10, 20))], score=1 / 3)
    seq = word(house, house.signer, SAME, found)
    (kept,) = judgements(house.ledger)
    assert (kept.pair, kept.reasons, kept.person, kept.seq) == (
        (A, B),
        "the same door",
        "Salma",
        seq,
    )
    assert kept.lead == as_kept(found)
    assert kept.left_out == 0
    assert [each.act.type for each in house.ledger.acts_about(B)] == ["sealed", JUDGED]


def test_the_newest_of_each_person_stands_and_two_may_disagree(house: House, omar: Signer) -> None:
    word(house, house.signer, SAME)
    word(house, omar, NOT_SAME)
    word(house, house.signer, SCENE)
    assert standing(house) == [("Salma", SCENE), ("Omar", NOT_SAME)]
    assert [each.judgement for each in history(house.ledger, A)] == [SAME, NOT_SAME, SCENE]
    assert not judgements(house.ledger, C)


def test_withdrawing_undoes_ones_own_and_nobody_elses(house: House, omar: Signer) -> None:
    word(house, house.signer, SAME)
    with pytest.raises(UsageRefused, match="of yours"):
        word(house, omar, WITHDRAWN)
    word(house, house.signer, WITHDRAWN)
    assert not standing(house)
    with pytest.raises(UsageRefused, match="of yours"):
        word(house, house.signer, WITHDRAWN)
    word(house, house.signer, UNSURE)
    assert standing(house) == [("Salma", UNSURE)]
    assert len(list(history(house.ledger))) == 3


def test_who_comes_back_with_a_new_key_withdraws_what_the_old_one_said(house: House) -> None:
    word(house, house.signer, SAME)
    code = code_of(house.signer.archive_key)
    back, _ = recover(house.ledger, code, b"new", "Salma", CHEAP)
    word(house, back, NOT_SAME)
    assert standing(house) == [("Salma", NOT_SAME)]
    word(house, back, WITHDRAWN)
    assert not standing(house)


def test_a_file_from_outside_is_judged_against_an_item(house: House) -> None:
    judge(house.archive, house.signer, Judging(QUERY, B, SAME, "as uploaded", None))
    (kept,) = judgements(house.ledger, B)
    assert kept.pair == (B, QUERY)


@pytest.mark.parametrize(
    ("judging", "refused"),
    [
        (Judging(A, B, SAME, " ", None), UsageRefused),
        (Judging(A, B, "different", "x", None), UsageRefused),
        (Judging(A, B, "none", "x", None), UsageRefused),
        (Judging(A, A, SAME, "x", None), UsageRefused),
        (Judging(QUERY, QUERY, SAME, "x", None), UsageRefused),
        (Judging(A, "../../etc", SAME, "x", None), UsageRefused),
        (Judging(A, B, SAME, "x", lead("a", "c")), UsageRefused),
        (Judging(A, "d" * 32, SAME, "x", None), NoSuchThing),
    ],
)
def test_what_cannot_be_judged_is_refused_and_nothing_is_written(
    house: House, judging: Judging, refused: type[Refusal]
) -> None:
    before = house.ledger.size
    with pytest.raises(refused):
        judge(house.archive, house.signer, judging)
    assert house.ledger.size == before


def test_a_machine_never_judges(house: House) -> None:
    assert JUDGED not in MACHINES_MAY
    night, _ = add_machine(house.ledger, house.signer, "night", ["checked"], b"x", CHEAP)
    with pytest.raises(NotAllowed):
        word(house, night, SAME)
    with pytest.raises(UsageRefused):
        add_machine(house.ledger, house.signer, "judge", [JUDGED], b"x", CHEAP)
    assert not standing(house)


def test_a_machine_that_could_sign_a_judgement_would_still_not_count(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "MACHINES_MAY", (*MACHINES_MAY, JUDGED))
    night, _ = add_machine(house.ledger, house.signer, "night", [JUDGED], b"x", CHEAP)
    with pytest.raises(NotAllowed, match="judged by a human"):
        word(house, night, SAME)
    said = {"a": A, "b": B, "judgement": SAME, "reasons": "alike", "lead": None, "left_out": 0}
    house.ledger.append([Draft(JUDGED, {"items": [A, B], **said})], night)
    assert not standing(house)
    house.ledger.append([Draft(JUDGED, {"items": [A, B], **said})], house.signer)
    assert standing(house) == [("Salma", SAME)]


def test_a_lead_in_more_pieces_than_an_act_holds_keeps_the_longest(house: House) -> None:
    many = [piece((10 * i, 10 * i + 1 + i / 1000), (0, 5)) for i in range(MOST_PIECES + 7)]
    word(house, house.signer, SAME, lead("a", "b", many))
    (kept,) = judgements(house.ledger)
    assert kept.lead is not None
    assert (len(kept.lead.pieces), kept.left_out) == (MOST_PIECES, 7)
    assert kept.lead.pieces[0].a_from_ns == 70 * 10**9


NUMBERS = st.floats(-1e6, 1e6)


@given(st.lists(st.tuples(NUMBERS, st.floats(0.1, 9)), max_size=4), st.floats(0, 1))
def test_a_lead_reads_back_as_it_was_written(
    spans: list[tuple[float, float]], score: float
) -> None:
    found = lead("a", "b", [piece((x, x + n), (0, n)) for x, n in spans], score=score)
    once = found_from(canonical.decode(canonical.encode(stated(found))))
    assert found_from(stated(once)) == once
    assert abs(once.score - score) < 1e-8


@given(st.data())
def test_a_lead_in_another_form_is_refused(data: st.DataObject) -> None:
    said = stated(lead("a", "b", [piece((0, 1), (0, 1))]))
    name = data.draw(st.sampled_from(sorted(said)))
    said[name] = data.draw(st.sampled_from([None, True, 1.5, {}, [1], "x" if name != "a" else 7]))
    if said[name] == "x" and name in {"a", "b", "method"}:
        del said[name]
    with pytest.raises(Malformed):
        found_from(said)
