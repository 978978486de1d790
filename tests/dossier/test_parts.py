"""Real footage, its published parts and an outside clock in one case file."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import clips
from dalil.disclose.conditions import Conditions
from dalil.disclose.excerpt import excerpt
from dalil.disclose.pictures import still
from dalil.disclose.position import parse_position
from dalil.dossier.casefile import CaseFile, build_case_file
from dalil.errors import Altered, Missing, NoSuchThing
from dalil.intake.take_in import take_in
from dalil.kernel.act import parse_presentation
from dalil.kernel.disclosure import b64url
from dalil.ledger.keyring import ScryptCost, Signer, create_keys
from dalil.ledger.ledger import Draft, Ledger
from dalil.vault.archive import make_archive
from dalil.vault.vault import Vault
from dossier.small_archive import everything_below

COURT = Conditions(
    reason_code="R3",
    legal_basis="Order 12/2026",
    recipient="Court of Assize",
    rule="rule 4",
    whole_exists=True,
    whole_available_to="court and defence",
    purpose="court",
)


@dataclass(frozen=True, slots=True)
class Room:
    """An archive with one clip taken in, and the folders of two parts of it."""

    archive: Path
    signer: Signer
    item: str
    excerpt: Path
    still: Path


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """Take a drawn clip in, publish a second of it, and one picture with a hidden corner."""
    folder = tmp_path_factory.mktemp("room")
    archive = folder / "archive"
    (folder / "drive").mkdir()
    clips.draw(folder / "drive/clip.mp4", 4)
    (folder / "drive/note.txt").write_text("a note")
    plate = make_archive(archive, "0a" * 16, "2026-01-01T00:00:00Z")
    Vault.create(archive)
    signer = create_keys(archive, b"x", "Salma", ScryptCost(n=2))
    created = {"keeper": "Salma", "person": signer.person_id, "tool": "test"}
    created["key"] = b64url(signer.public_key)
    Ledger.create(archive, signer).append(
        [Draft("archive-created", dict(created), {"origin": plate.origin})], signer
    )
    taken = take_in(archive, [folder / "drive"], signer)
    item = next(i.item for i in taken.items if i.name_text.endswith("mp4"))
    begin, end = parse_position("1"), parse_position("1.5")
    excerpt(archive, item, begin, end, COURT, signer, folder / "excerpt")
    still(archive, item, begin, [(0, 0, 20, 20)], COURT, signer, folder / "still")
    return Room(archive, signer, item, folder / "excerpt", folder / "still")


def build(room: Room, out: Path, *items: str, parts: list[Path]) -> CaseFile:
    """Build a case file of items and parts."""
    return build_case_file(room.archive, items, "Court", "request", out, room.signer, parts=parts)


def verified(case: Path) -> subprocess.CompletedProcess[str]:
    """Run the verifier that lies in a case file."""
    words = [sys.executable, "-I", "verify.py", "."]
    return subprocess.run(words, cwd=case, capture_output=True, text=True, check=False)


def test_parts_and_original_are_found_intact_together(room: Room, tmp_path: Path) -> None:
    made = build(room, tmp_path / "case", room.item, parts=[room.excerpt, room.still])
    said = verified(made.path)
    assert said.returncode == 0, said.stdout + said.stderr
    case = json.loads((made.path / "data/case.json").read_bytes())
    kinds = [each.get("kind", "original") for each in case["exhibits"]]
    assert sorted(kinds) == ["excerpt", "original", "still"]


def test_a_part_alone_does_not_say_what_it_was_cut_from(room: Room, tmp_path: Path) -> None:
    made = build(room, tmp_path / "case", parts=[room.excerpt])
    said = verified(made.path)
    assert said.returncode == 0, said.stdout + said.stderr
    for path in made.path.glob("data/custody/*.act"):
        act = parse_presentation(path.read_text())
        assert act.opened().get("item") is None
    assert not [n for n, d in everything_below(made.path).items() if room.item.encode() in d]
    assert (made.path / "data/withheld.jsonl").read_bytes() == b""


def test_a_part_for_the_public_alone_opens_nothing_of_its_seal(room: Room, tmp_path: Path) -> None:
    begin, end = parse_position("1"), parse_position("1.5")
    public = replace(COURT, purpose="public", recipient="press")
    excerpt(room.archive, room.item, begin, end, public, room.signer, tmp_path / "part")
    made = build(room, tmp_path / "case", parts=[tmp_path / "part"])
    said = verified(made.path)
    assert said.returncode == 0, said.stdout + said.stderr
    acts = [parse_presentation(p.read_text()) for p in made.path.glob("data/custody/*.act")]
    assert [act.opened() for act in acts if act.type == "sealed"] == [{}]
    [disclosed] = [act.opened() for act in acts if act.type == "disclosed"]
    assert not {"item", "from_ns", "to_ns"} & set(disclosed)


def test_a_part_keeps_its_number(room: Room, tmp_path: Path) -> None:
    first = build(room, tmp_path / "1", parts=[room.excerpt]).exhibits
    again = build(room, tmp_path / "2", parts=[room.excerpt]).exhibits
    assert first == again


def test_what_lies_unproven_beside_a_part_stays_behind(room: Room, tmp_path: Path) -> None:
    shutil.copytree(room.excerpt, tmp_path / "part")
    (tmp_path / "part/preview.txt").write_text("a lossy copy")
    made = build(room, tmp_path / "case", parts=[tmp_path / "part"])
    assert not [n for n in everything_below(made.path) if "preview" in n]


def test_an_altered_part_is_refused(room: Room, tmp_path: Path) -> None:
    shutil.copytree(room.excerpt, tmp_path / "part")
    [video] = [p for p in (tmp_path / "part").iterdir() if p.suffix in {".mp4", ".mkv", ".ts"}]
    video.write_bytes(video.read_bytes()[:-1] + b"\0")
    with pytest.raises(Altered):
        build(room, tmp_path / "case", parts=[video])
    assert not (tmp_path / "case").exists()


def test_a_part_of_another_archive_is_refused(room: Room, tmp_path: Path) -> None:
    plate = make_archive(tmp_path / "other", "0b" * 16, "2026-01-01T00:00:00Z")
    Vault.create(tmp_path / "other")
    signer = create_keys(tmp_path / "other", b"x", "Omar", ScryptCost(n=2))
    created = Draft("archive-created", {"keeper": "Omar"}, {"origin": plate.origin})
    Ledger.create(tmp_path / "other", signer).append([created], signer)
    with pytest.raises(NoSuchThing):
        build_case_file(
            tmp_path / "other", [], "Court", "x", tmp_path / "case", signer, parts=[room.excerpt]
        )


def test_a_part_without_its_proof_is_refused(room: Room, tmp_path: Path) -> None:
    (tmp_path / "video.mp4").write_bytes(b"x")
    for named in (tmp_path / "video.mp4", tmp_path):
        with pytest.raises(Missing):
            build(room, tmp_path / "case", parts=[named])
