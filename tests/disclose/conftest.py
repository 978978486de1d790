"""One archive with one sealed clip, and what was published of it, for all tests of this folder."""

import pytest

import clips
from dalil.disclose.excerpt import excerpt
from dalil.disclose.pictures import redact, still
from dalil.disclose.position import parse_position
from dalil.disclose.publish import Published
from disclose.evidence_room import COURT, PUBLIC, Room, open_room, seal_clip, with_canaries


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """Make an archive with a clip of six seconds, a key frame each second, that tells too much."""
    place = tmp_path_factory.mktemp("room")
    clips.draw(place / "drawn.mp4", 4)
    clip = with_canaries(place / "drawn.mp4", place / "clip.mp4")
    signer = open_room(place / "archive")
    return Room(place / "archive", signer, seal_clip(place / "archive", signer, clip), clip)


@pytest.fixture(scope="session")
def court(room: Room, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Publish two seconds for a court."""
    out = tmp_path_factory.mktemp("court") / "part"
    begin, end = parse_position("2.2"), parse_position("3.5")
    return excerpt(room.archive, room.item, begin, end, COURT, room.signer, out)


@pytest.fixture(scope="session")
def public(room: Room, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Two seconds for everybody, half a second of them muted."""
    out = tmp_path_factory.mktemp("public") / "part"
    begin, end = parse_position("2.2"), parse_position("3.5")
    muted = [(parse_position("2.5"), parse_position("3.0"))]
    return excerpt(room.archive, room.item, begin, end, PUBLIC, room.signer, out, muted=muted)


@pytest.fixture(scope="session")
def redacted(room: Room, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Half a second with one tile hidden, and the sound."""
    out = tmp_path_factory.mktemp("redacted") / "part"
    begin, end, box = parse_position("2.5"), parse_position("3.0"), (70, 70, 20, 20)
    return redact(room.archive, room.item, begin, end, [box], PUBLIC, room.signer, out, sound=True)


@pytest.fixture(scope="session")
def picture(room: Room, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """One picture with one tile hidden."""
    out = tmp_path_factory.mktemp("still") / "part"
    at, box = parse_position("frame:20"), (70, 70, 20, 20)
    return still(room.archive, room.item, at, [box], COURT, room.signer, out)
