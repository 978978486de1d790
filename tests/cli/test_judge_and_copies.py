"""At a terminal: two files are compared, judged, drawn on one clock, and told apart again."""

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import av
import pytest

from dalil.intake.take_in import Options, take_in
from dalil.ledger.keyring import ScryptCost
from dalil.ledger.standing.founding import found
from dalil.match.search import match_all
from footage import GOP, Clip
from terminal import PASSPHRASE, Terminal


@dataclass(frozen=True, slots=True)
class Compared:
    """An archive of a clip, its packets in another container, and a text."""

    at: Terminal
    clip: str
    again: str
    note: str


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    folder = tmp_path_factory.mktemp("compared")
    clip = Clip("whole.mp4", options=GOP, sound=None, pictures=75).make(folder)
    _rewrap(clip, folder / "again.mkv")
    (folder / "note.txt").write_text("no footage")
    signer, _ = found(folder / "a", "Salma", PASSPHRASE.encode(), ScryptCost(n=2))
    paths = [clip, folder / "again.mkv", folder / "note.txt"]
    items = [
        take_in(folder / "a", [each], signer, options=Options(tiles=False)).items[0].item
        for each in paths
    ]
    match_all(folder / "a")
    return Compared(Terminal(folder), *items)


def _rewrap(clip: Path, out: Path) -> None:
    with av.open(clip) as source, av.open(out, "w") as again:
        film = source.streams.video[0]
        stream = again.add_stream_from_template(film)
        for packet in source.demux(film):
            if packet.dts is not None:
                packet.stream = stream
                again.mux(packet)


def test_a_pair_is_judged_shown_and_taken_back(compared: Compared) -> None:
    at, one, two = compared.at, compared.clip, compared.again
    judged = at.does("judge", "a", one, two, "same-footage", "--reason", "the same wall", "--json")
    assert judged.json()["candidate"] is True
    said = at.does("copies", "a", one, "--svg", "drawn.svg", "--json").json()
    (family,) = said["families"]
    assert {each["item"] for each in family["family"]["members"]} == {one, two}
    assert family["generations"]["equal"] == [sorted([one, two])]
    assert [each["reasons"] for each in family["judgements"]] == ["the same wall"]
    drawn = (at.folder / "drawn.svg").read_text(encoding="utf-8")
    assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314 - our own drawing
    arabic = at.does("copies", "a", "--lang", "ar").out
    assert "عائلة من نسختين:" in arabic
    assert "the same wall" in arabic
    at.does("judge", "a", two, one, "not-the-same", "--reason", "another wall")
    assert at.does("copies", "a", one, "--json").json()["families"] == []
    at.does("judge", "a", two, one, "withdrawn", "--reason", "mistaken")
    (again,) = at.does("copies", "a", one, "--json").json()["families"]
    assert again["family"] == family["family"] | {"judged": []}


def test_what_cannot_be_judged_or_drawn_is_refused(compared: Compared) -> None:
    at, one, note = compared.at, compared.clip, compared.note
    assert at.says("judge", "a", one, note, "different", "--reason", "x").code == 2
    assert at.says("judge", "a", one, note, "withdrawn", "--reason", "x").code == 2
    assert at.says("copies", "a", note, "--svg", "x.svg").code == 2
    assert not (at.folder / "x.svg").exists()
