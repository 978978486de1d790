"""The small vectors, for whoever writes another verifier: an act, its proof, the keys."""

from pathlib import Path

import pytest

from dalil.errors import Refusal
from dalil.kernel.act import check_by, check_issuer, entry_of, parse_presentation
from dalil.kernel.note import parse_vkey
from dalil.kernel.tlogproof import check_tlog_proof, parse_tlog_proof
from dalil.verifier.verify import examine

VECTORS = Path(__file__).resolve().parents[2] / "spec" / "vectors" / "1"
KINDS = ("valid", "tampered", "malformed")
CASES = [
    f"{kind}/acts/{p.name}" for kind in KINDS for p in sorted((VECTORS / kind / "acts").iterdir())
]


def check_with_the_other_reader(place: Path) -> None:
    """Check a vector with the program's own code, which shares nothing with verify.py."""
    act = parse_presentation((place / "act.act").read_text(encoding="ascii"))
    keys = [parse_vkey(line) for line in (place / "vkeys").read_text().splitlines()]
    check_issuer(act, keys[0].key)
    check_by(act)
    proof = parse_tlog_proof((place / "act.tlog-proof").read_text(encoding="utf-8"))
    check_tlog_proof(proof, entry_of(act.jwt), keys)


def test_there_are_vectors_of_each_kind() -> None:
    assert {case.split("/")[0] for case in CASES} == set(KINDS)


@pytest.mark.parametrize("case", CASES)
def test_both_readers_give_the_verdict_that_the_folder_says(case: str) -> None:
    place = VECTORS / case
    intact = case.startswith("valid/")
    assert examine(str(place / "act.act")).exit_code == (0 if intact else 1)
    if intact:
        check_with_the_other_reader(place)
    else:
        with pytest.raises(Refusal):
            check_with_the_other_reader(place)
