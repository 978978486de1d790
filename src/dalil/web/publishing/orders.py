"""What is asked for, as it travels from a form to the process that does it, and to the core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dalil.disclose.conditions import Conditions
from dalil.disclose.excerpt import excerpt, foresee_excerpt
from dalil.disclose.pictures import foresee_redaction, foresee_still, parse_box, redact, still
from dalil.disclose.position import Position, parse_position, parse_span
from dalil.disclose.publish import Foreseen, Published
from dalil.dossier.casefile import Order
from dalil.dossier.claims.gathering import ClaimsOrder, questions_of
from dalil.dossier.exhibits import Why
from dalil.dossier.opening import parse_also_open
from dalil.engines.processes import run_isolated
from dalil.errors import Refusal
from dalil.ledger.keyring import Signer

EXCERPT, REDACT, STILL = "excerpt", "redact", "still"
KINDS = (EXCERPT, REDACT, STILL)

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PartOrder:
    """A part as somebody asks for it: texts as typed, one a line where there are several."""

    kind: str
    item: str
    conditions: Conditions
    from_: str = ""
    to: str = ""
    at: str = ""
    hide: tuple[str, ...] = ()
    mute: tuple[str, ...] = ()
    sound: bool = False

    @classmethod
    def of(cls, values: Values) -> PartOrder:
        """Read what ``values`` returned, after JSON."""
        said: dict[str, Any] = {name: _tuples(value) for name, value in values.items()}
        said["conditions"] = Conditions(**said["conditions"])
        return cls(**said)

    def values(self) -> dict[str, Any]:
        """Return this as JSON values."""
        names = ("kind", "item", "from_", "to", "at", "sound")
        said: dict[str, Any] = {name: getattr(self, name) for name in names}
        stated = self.conditions
        named = Conditions.__dataclass_fields__
        said["conditions"] = {name: getattr(stated, name) for name in named}
        return said | {"hide": list(self.hide), "mute": list(self.mute)}

    def foreseen(self, archive: Path) -> Foreseen:
        """Return what would leave; nothing is signed.

        Raises:
            CannotCutHere, UsageRefused: it cannot be cut so. NoSuchThing: no such item.

        """
        boxes = [parse_box(each) for each in self.hide]
        if self.kind == STILL:
            return foresee_still(archive, self.item, parse_position(self.at), boxes)
        begin, end, muted = self._span()
        if self.kind == REDACT:
            return foresee_redaction(
                archive, self.item, begin, end, boxes, sound=self.sound, muted=muted
            )
        # Its packets are looked into: footage is opened in a process of its own.
        call = (archive, self.item, begin, end, tuple(muted), self.sound)
        [(_, found)] = run_isolated(_foresee_excerpt, [call], 1)
        if isinstance(found, Refusal):
            raise found
        return found

    def done(self, archive: Path, signer: Signer, out: Path) -> Published:
        """Make the part in the new folder ``out``, and record that it leaves.

        Raises:
            DisclosureIncomplete: something was not said. CannotCutHere: it cannot be cut so.

        """
        boxes = [parse_box(each) for each in self.hide]
        if self.kind == STILL:
            at = parse_position(self.at)
            return still(archive, self.item, at, boxes, self.conditions, signer, out)
        begin, end, muted = self._span()
        if self.kind == REDACT:
            return redact(
                archive, self.item, begin, end, boxes, self.conditions, signer, out,
                sound=self.sound, muted=muted,
            )  # fmt: skip
        return excerpt(
            archive, self.item, begin, end, self.conditions, signer, out,
            muted=muted, all_sound=self.sound,
        )  # fmt: skip

    def _span(self) -> tuple[Position, Position, list[tuple[Position, Position]]]:
        muted = [parse_span(each) for each in self.mute]
        return parse_position(self.from_), parse_position(self.to), muted


def _foresee_excerpt(
    archive: Path,
    item: str,
    begin: Position,
    end: Position,
    muted: Sequence[tuple[Position, Position]],
    all_sound: bool,  # noqa: FBT001
) -> Foreseen:
    return foresee_excerpt(archive, item, begin, end, muted=muted, all_sound=all_sound)


@dataclass(frozen=True, slots=True)
class CaseOrder:
    """A case file as somebody asks for it; ``parts`` are tokens of parts that were made here.

    ``withheld`` and ``explained`` give a class and a sentence by item and by record; ``who`` are
    places with their days, ``hypotheses`` ids.
    """

    recipient: str
    reason: str
    items: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    withheld: tuple[tuple[str, str, str], ...] = ()
    explained: tuple[tuple[str, str, str], ...] = ()
    case: str = ""
    see: str = "restricted"
    sources: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    who: tuple[tuple[str, str], ...] = ()
    also_open: tuple[str, ...] = ()
    hypotheses: tuple[str, ...] = ()

    @classmethod
    def of(cls, values: Values) -> CaseOrder:
        """Read what ``values`` returned, after JSON."""
        return cls(**{name: _tuples(value) for name, value in values.items()})

    def values(self) -> dict[str, Any]:
        """Return this as JSON values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def claims(self) -> ClaimsOrder | None:
        """Return what is asked for of the case, or None where none is named."""
        if not self.case:
            return None
        places, days = [each[0] for each in self.who], [each[1] for each in self.who]
        questions = questions_of(places, days)
        return ClaimsOrder(
            self.case, self.see, self.without, self.sources, questions, self.unsaid,
            self.hypotheses,
        )  # fmt: skip

    def order(self, part_paths: Sequence[Path]) -> Order:
        """Return this as the core takes it.

        Raises:
            UsageRefused, NotAllowed: a field to open besides is none, or is never opened.

        """
        reasons = {each: Why(kind, text) for each, kind, text in (*self.withheld, *self.explained)}
        opened = parse_also_open(self.also_open)
        return Order(
            self.items, self.recipient, self.reason, tuple(part_paths), reasons, opened,
            self.claims(),
        )  # fmt: skip


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value
