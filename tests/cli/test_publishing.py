"""The three verbs that publish, as a person at a terminal gives them."""

from pathlib import Path

import pytest

import clips
from disclose.evidence_room import Room, open_room, seal_clip
from terminal import Terminal

WHY = (
    "--reason", "R3", "--basis", "Order 12/2026", "--recipient", "Court", "--rule", "rule 4",
    "--whole-exists", "--whole-for", "court and defence", "--purpose", "court",
)  # fmt: skip


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    place = tmp_path_factory.mktemp("room")
    clips.draw(place / "clip.mp4", 4)
    signer = open_room(place / "archive")
    item = seal_clip(place / "archive", signer, place / "clip.mp4")
    return Room(place / "archive", signer, item, place / "clip.mp4")


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, {"DALIL_PASSPHRASE": "x"})


def test_an_excerpt_is_published_verified_and_played(room: Room, terminal: Terminal) -> None:
    words = ("--from", "00:01", "--to", "00:02.5", "--mute", "1-1.2", "-o", "part")
    said = terminal.does("excerpt", room.archive, room.item[:8], *words, *WHY)
    assert "excerpt.mp4.excerpt-proof" in said.out
    assert "one person" in said.out
    played = terminal.does("verify", "part/excerpt.mp4.excerpt-proof", "--play-to", "played.mkv")
    assert "excerpt.mp4" in played.out
    assert (terminal.folder / "played.mkv").stat().st_size


def test_a_still_and_a_redaction_are_published_in_arabic_and_as_json(
    room: Room, terminal: Terminal
) -> None:
    still = ("--at", "frame:12", "--hide", "70,70,20,20", "-o", "still", "--lang", "ar")
    assert "نُشر" in terminal.does("still", room.archive, room.item, *still, *WHY).out
    span = ("--from", "1", "--to", "1.5", "--hide", "0,0,64,64", "-o", "redacted", "--json")
    told = terminal.does("redact", room.archive, room.item, *span, *WHY).json()
    assert told["units"] == told["opened"] + told["withheld"]
    assert [Path(name).name for name in told["files"]] == [
        "redacted.mkv",
        "redacted.small-without-proof.mp4",
    ]
    for proof in ("still/still.excerpt-proof", "redacted/redacted.mkv.excerpt-proof"):
        assert terminal.does("verify", proof).code == 0


def test_what_was_not_said_is_named_and_nothing_is_written(room: Room, terminal: Terminal) -> None:
    words = ("--from", "1", "--to", "2", "-o", "part", "--reason", "R3", "--purpose", "public")
    said = terminal.says("excerpt", room.archive, room.item, *words)
    assert said.code == 1
    for name in ("legal basis", "recipient", "rule", "whole exists"):
        assert name in said.err
    assert not (terminal.folder / "part").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("excerpt", "--from", "x", "--to", "2"),
        ("excerpt", "--from", "1", "--to", "2", "--mute", "3"),
        ("still", "--at", "1", "--hide", "1,2,3"),
        ("still", "--at", "1", "--hide", "300,100,64,64"),
        ("redact", "--from", "1", "--to", "2", "--hide", "a,b,c,d"),
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_is_a_matter_of_usage(
    room: Room, terminal: Terminal, words: tuple[str, ...]
) -> None:
    verb, *rest = words
    said = terminal.says(verb, room.archive, room.item, *rest, *WHY, "-o", "part")
    assert said.code == 2
    assert sorted(terminal.folder.iterdir()) == []


QUICK = (5, 16)
TURNS = [
    turn if turn in QUICK else pytest.param(turn, marks=pytest.mark.long) for turn in range(1, 34)
]


@pytest.mark.parametrize("turn", TURNS)
def test_a_kill_at_any_write_leaves_a_whole_part_or_none(
    room: Room, tmp_path: Path, turn: int
) -> None:
    dying = Terminal(tmp_path, {"DALIL_PASSPHRASE": "x", "DALIL_FAILPOINT": f"any:{turn}"})
    words = ("--from", "1", "--to", "2", "-o", "part", *WHY)
    dying.says("excerpt", room.archive, room.item, *words)
    part = tmp_path / "part"
    if part.exists():
        assert sorted(p.name for p in part.iterdir()) == [
            "excerpt.mp4",
            "excerpt.mp4.excerpt-proof",
        ]
    else:
        Terminal(tmp_path, {"DALIL_PASSPHRASE": "x"}).does(
            "excerpt", room.archive, room.item, *words
        )
    assert [p.name for p in tmp_path.iterdir()] == ["part"]
    checker = Terminal(tmp_path, {"DALIL_PASSPHRASE": "x"})
    assert checker.does("verify", "part/excerpt.mp4.excerpt-proof").code == 0
