"""What a claim rests on in footage comes along, with its rivals; what is blind does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dalil.casebook.record.claims import Assessment
from dalil.casebook.record.describing import Annotation, Round, Speech, Term
from dalil.casebook.record.form import Record
from dalil.kernel.canonical import Json
from dossier.claims.harbour import CASE, Harbour, rid
from dossier.claims.test_claims_in_the_case_file import listed, opened, verified

ITEM, TICK = "a" * 32, "1/1000"
SHORT = ("term", "said", "ours", "court", "guess", "seen", "elsewhere")


def at(key: str, **more: Json) -> Annotation:
    return Annotation(
        id=rid(key), case=CASE, item=ITEM, lane="deeds", pts_start=0, pts_end=9, timebase=TICK,
        **more,
    )  # fmt: skip


def speech(key: str, words: str, **more: Json) -> Speech:
    return Speech(
        id=rid(key), case=CASE, item=ITEM, pts_start=0, pts_end=9, timebase=TICK, words=words,
        **{"lang": "en", **more},
    )  # fmt: skip


def described() -> list[Record]:
    """Return a claim's ground in footage, and what nobody cites."""
    return [
        Term(id=rid("term"), case=CASE, book="deeds", key="led", name_en="led away"),
        at("seen", term=rid("term")),
        at("elsewhere", text_en="nobody cites this"),
        Annotation(
            id=rid("guess"), case=CASE, item=ITEM, lane="deeds", pts_start=0, pts_end=9,
            timebase=TICK, text_en="he did not go freely", basis="inference",
            rests_on=(rid("seen"),),
        ),
        speech("said", "امشِ", lang="ar"),
        speech("ours", "Walk.", of=rid("said")),
        speech("court", "Go.", of=rid("said"), version="court", translator="M. K."),
        Assessment(
            id=rid("W2"), case=CASE, proposition=rid("P1"), status="contested",
            reasoning="As the clip shows and the court's translator has it.",
            rests_on=(rid("guess"), rid("ours")),
        ),
    ]  # fmt: skip


def test_what_a_claim_rests_on_in_footage_comes_along_with_rival_translations(
    harbour: Harbour, tmp_path: Path
) -> None:
    harbour.write(*described())
    case = harbour.build(tmp_path / "case").path
    here = {key for key in SHORT if rid(key) in listed(case)}
    assert here == set(SHORT) - {"elsewhere"}
    assert opened(case)[rid("court")]["words"] == "Go."
    verified(case)


def test_what_is_written_in_a_blind_round_is_in_no_file(harbour: Harbour, tmp_path: Path) -> None:
    me = harbour.archive.signer.person_id
    hidden = Annotation(
        id=rid("hidden"), case=CASE, item=ITEM, lane="deeds", pts_start=0, pts_end=9,
        timebase=TICK, text_en="canarybird", round=rid("round"), annotator=me,
    )  # fmt: skip
    round_ = Round(
        id=rid("round"), case=CASE, item=ITEM, book="deeds", lanes=("deeds",),
        annotators=(me, "b" * 32),
    )  # fmt: skip
    cites = Assessment(
        id=rid("W3"), case=CASE, proposition=rid("P1"), status="contested",
        reasoning="As somebody writes who may not tell yet.", rests_on=(rid("hidden"),),
    )  # fmt: skip
    harbour.write(round_, hidden, cites)
    case = harbour.build(tmp_path / "case").path
    assert rid("hidden") not in listed(case)
    # Taken out of a stopped round and said openly, its blind revisions stay behind.
    harbour.write(replace(round_, state="stopped", revises=1))
    said = replace(hidden, round=None, annotator=None, text_en="he walks", revises=1)
    harbour.write(said)
    later = harbour.build(tmp_path / "later").path
    assert opened(later)[rid("hidden")]["text_en"] == "he walks"
    for each in (case, later):
        assert not any(b"canarybird" in f.read_bytes() for f in each.rglob("*") if f.is_file())
        assert b"canarybird" not in b"".join(_opened_bytes(each))
        verified(each)


def _opened_bytes(case: Path) -> Iterator[bytes]:
    for fields in opened(case).values():
        yield json.dumps(fields).encode()
