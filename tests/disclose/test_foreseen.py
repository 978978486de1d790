"""What is told before a part is signed is what the part then shows."""

from __future__ import annotations

import pytest

from dalil.disclose.excerpt import foresee_excerpt
from dalil.disclose.pictures import foresee_redaction, foresee_still, frame_size
from dalil.disclose.position import parse_position
from dalil.disclose.publish import Foreseen, Published
from dalil.errors import CannotCutHere, UsageRefused
from dalil.ledger.ledger import Ledger
from disclose.evidence_room import Room

BOX = (70, 70, 20, 20)


def alike(told: Foreseen, made: Published) -> bool:
    """Whether a part shows what was told of it."""
    return (told.from_ns, told.to_ns, told.units, told.opened) == (
        made.from_ns, made.to_ns, made.units, made.opened,
    )  # fmt: skip


def test_an_excerpt_shows_what_was_told(room: Room, court: Published, public: Published) -> None:
    span = (parse_position("2.2"), parse_position("3.5"))
    muted = [(parse_position("2.5"), parse_position("3.0"))]
    before = Ledger.open(room.archive).size
    told = foresee_excerpt(room.archive, room.item, *span)
    assert alike(told, court)
    assert told.warnings == court.warnings
    assert (told.pictures, told.all_pictures, told.tracks) == (24, 72, 1)
    quieter = foresee_excerpt(room.archive, room.item, *span, muted=muted)
    assert alike(quieter, public)
    assert quieter.opened < told.opened
    assert Ledger.open(room.archive).size == before


def test_a_redaction_shows_what_was_told(room: Room, redacted: Published) -> None:
    span = (parse_position("2.5"), parse_position("3.0"))
    told = foresee_redaction(room.archive, room.item, *span, [BOX], sound=True)
    assert (told.units, told.opened) == (redacted.units, redacted.opened)
    assert (told.pictures, told.hidden, told.tiles, told.tracks) == (6, 1, 15, 1)
    assert foresee_redaction(room.archive, room.item, *span, []).hidden == 0


def test_a_still_shows_what_was_told(room: Room, picture: Published) -> None:
    told = foresee_still(room.archive, room.item, parse_position("frame:20"), [BOX])
    assert alike(told, picture)
    assert (told.pictures, told.hidden) == (1, 1)


def test_what_cannot_be_cut_is_refused_alike(room: Room) -> None:
    late = parse_position("60")
    with pytest.raises(CannotCutHere):
        foresee_still(room.archive, room.item, late, [])
    with pytest.raises(CannotCutHere):
        foresee_redaction(room.archive, room.item, late, late, [])
    width, height = frame_size(room.archive, room.item) or (0, 0)
    assert (width, height) == (320, 192)
    with pytest.raises(UsageRefused):
        foresee_still(room.archive, room.item, parse_position("1"), [(width, 0, 1, 1)])
