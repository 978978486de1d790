"""`dalil verify`: what verify.py says, and the pixels that need a decoder besides."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dalil.kernel.act import parse_presentation, visible_of
from dalil.kernel.proof import encode_proof, parse_proof
from dalil.ledger.ledger import Draft, Ledger
from terminal import Terminal
from verifier.handed import Handed, make_all, sha256_of


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Handed:
    """Return what a stranger may be given; nobody writes to it."""
    return make_all(tmp_path_factory.mktemp("handed"))


def test_a_whole_case_file_is_intact_with_its_pixels(handed: Handed, tmp_path: Path) -> None:
    said = Terminal(tmp_path).does("verify", handed.case, "--json").json()
    codes = {finding["code"] for finding in said["findings"]}
    assert said["exit_code"] == 0
    assert "tiles-decoded" in codes
    assert "tiles-need-decoding" not in codes


def test_the_keys_can_be_brought_along(handed: Handed, tmp_path: Path) -> None:
    keys = handed.archive / "log" / "vkeys"
    said = Terminal(tmp_path).does("verify", handed.redacted, "--vkey", keys, "--lang", "ar")
    assert "المفاتيح هي التي أحضرتها" in said.out
    assert "سليم" in said.out


@pytest.mark.parametrize(("words", "code"), [(["none"], 2), (["."], 3), (["--lang", "xx", "."], 2)])
def test_a_wrong_call_and_an_unknown_thing_end_as_agreed(
    tmp_path: Path, words: list[str], code: int
) -> None:
    assert Terminal(tmp_path).says("verify", *words).code == code


def test_pixels_exchanged_by_whoever_holds_the_keys_are_found(
    handed: Handed, tmp_path: Path
) -> None:
    """Another rendition of the same span, signed again: only its pixels tell."""
    archive = Path(shutil.copytree(handed.archive, tmp_path / "archive"))
    place = Path(shutil.copytree(handed.redacted.parent, tmp_path / "part"))
    proof = parse_proof((place / handed.redacted.name).read_bytes())
    film = place / "redacted.mkv"
    whole = film.read_bytes()
    cluster = whole.index(b"\x1f\x43\xb6\x75")
    film.write_bytes(
        whole[: cluster + 400] + bytes([whole[cluster + 400] ^ 1]) + whole[cluster + 401 :]
    )
    act = parse_presentation(proof.header.disclosure.act)
    ledger = Ledger.open(archive)
    told = {**act.opened(), "file_sha256": sha256_of(film)}
    entry = ledger.append([Draft("disclosed", told, visible_of(act))], handed.signer)[0]
    presented = replace(
        proof.header.disclosure, act=entry.act.presentation(), proof=str(ledger.proof(entry.seq))
    )
    file = replace(proof.header.published[0], sha256=sha256_of(film))
    header = replace(proof.header, disclosure=presented, published=(file,))
    (place / handed.redacted.name).write_bytes(encode_proof(replace(proof, header=header)))
    said = Terminal(tmp_path).says("verify", place / handed.redacted.name)
    assert said.code == 1
    broken = said.out.split("INTACT")[0]
    assert "redacted.mkv" in broken
    assert "not what was sealed" in broken, broken
