"""Nothing leaves the house without saying why, for whom and by what right."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from dalil.disclose.conditions import Conditions
from dalil.disclose.excerpt import excerpt
from dalil.disclose.pictures import redact, still
from dalil.disclose.position import Moment
from dalil.errors import DisclosureIncomplete
from dalil.ledger.ledger import Ledger
from disclose.evidence_room import COURT, Room

NAMES = [each.name for each in fields(Conditions)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [None, " "])
def test_what_was_not_said_is_named(name: str, value: str | None) -> None:
    unsaid: dict[str, Any] = {name: value}
    conditions = replace(COURT, **unsaid)
    with pytest.raises(DisclosureIncomplete, match=name.replace("_", " ")):
        conditions.require()


def test_a_purpose_is_court_or_public() -> None:
    with pytest.raises(DisclosureIncomplete):
        replace(COURT, purpose="press").require()


def publish_excerpt(room: Room, conditions: Conditions, out: Path) -> None:
    excerpt(room.archive, room.item, Moment(0), Moment(10**9), conditions, room.signer, out)


def publish_redacted(room: Room, conditions: Conditions, out: Path) -> None:
    redact(room.archive, room.item, Moment(0), Moment(10**9), [], conditions, room.signer, out)


def publish_still(room: Room, conditions: Conditions, out: Path) -> None:
    still(room.archive, room.item, Moment(0), [], conditions, room.signer, out)


@pytest.mark.parametrize("publish", [publish_excerpt, publish_redacted, publish_still])
def test_without_a_reason_nothing_is_written_and_no_act_is_made(
    room: Room, tmp_path: Path, publish: Callable[[Room, Conditions, Path], None]
) -> None:
    before = Ledger.open(room.archive).size
    with pytest.raises(DisclosureIncomplete):
        publish(room, replace(COURT, reason_code=None), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
    assert Ledger.open(room.archive).size == before
