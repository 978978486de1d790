"""Victims: what one list or one clip says of a person, who recognised whom, who was told what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dalil.casebook.record.form import (
    Record,
    choice,
    edtf,
    field,
    identifier,
    record_kind,
    text,
    truth,
    whole,
)
from dalil.casebook.record.sources import BOX, LOCATOR, timebase
from dalil.casebook.record.things import Entity
from dalil.kernel.canonical import Json

SEXES = ("female", "male")
OLDEST = 130
AGE_CLASSES = ("child", "adult", "elderly")
FATES = ("dead", "missing", "detained", "found_alive")
# How a body or a figure is known to be somebody. Only the last of these is an identification.
GRADES = ("asserted", "visual", "circumstantial", "scientific")
TOLD = (
    "death", "footage_exists", "footage_shows", "release", "recognition", "remains",
    "family_sought",
)  # fmt: skip
ANSWERS = ("agrees", "asks_to_hold", "declines", "no_answer", "not_found")


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Victim(Entity):
    """What one list, or one clip, says of one person; never merged with another.

    Whether two of them are one person, people say in judgements. ``key`` is the list's own
    number of the row, ``source`` the list. Ages in whole years, both ends included; a list that
    gives a class alone gives ``age_class``, and ``class_means`` ("under 18") where it says so.
    ``born`` and ``date`` (when they died or were last seen) are EDTF; ``place`` is an entity,
    ``place_said`` the list's words. ``conditions``: on what terms it may be used.
    ``unidentified``: a person seen whom nobody has named, called by a ``label`` ("person 3").
    """

    kind: ClassVar[str] = "victim"

    type: str = field(choice("victim"), default="victim")
    source: str | None = field(identifier, default=None)
    sex: str | None = field(choice(*SEXES), default=None)
    age_lo: int | None = field(whole(0, OLDEST), default=None)
    age_hi: int | None = field(whole(0, OLDEST), default=None)
    age_class: str | None = field(choice(*AGE_CLASSES), default=None)
    class_means: str | None = field(text(200), default=None)
    born: str | None = field(edtf, default=None)
    place: str | None = field(identifier, default=None)
    place_said: str | None = field(text(1000), default=None)
    fate: str | None = field(choice(*FATES), default=None)
    conditions: str | None = field(text(4000), default=None)
    unidentified: bool = field(truth, default=False)
    label: str | None = field(text(500), default=None)

    def wrong_together(self) -> str:
        """Refuse half a position, a reversed age, and a person without name and label."""
        # Slots make another class of this one, which `super()` without names does not find.
        wrong = Entity.wrong_together(self)
        if wrong:
            return wrong
        if self.age_lo is not None and self.age_hi is not None and self.age_lo > self.age_hi:
            return f"age_lo, age_hi: from {self.age_lo} to {self.age_hi} runs backwards"
        if self.unidentified and self.names:
            return "unidentified, names: whoever has a name is not without one"
        if not self.names and not self.label:
            return "names, label: a victim has a name, or a label such as person 3"
        return ""


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance(Record):
    """Where a victim is seen: a stretch of an item, and a ``box`` in its pixels.

    ``annotation`` is the mark that it rests on. Positions are presentation timestamps.
    """

    kind: ClassVar[str] = "appearance"

    victim: str = field(identifier)
    item: str = field(identifier)
    pts_start: int = field(whole())
    pts_end: int = field(whole())
    timebase: str = field(timebase)
    box: Json | None = field(BOX, default=None)
    annotation: str | None = field(identifier, default=None)
    note: str | None = field(text(), default=None)

    def wrong_together(self) -> str:
        """Refuse a stretch that runs backwards."""
        backwards = self.pts_start > self.pts_end
        return "pts_start, pts_end: the stretch runs backwards" if backwards else ""


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition(Record):
    """That somebody recognised a victim (``victim``, mostly without a name) as another (``as_``).

    ``grade`` says how: recognition by sight is no identification (Minnesota Protocol, 2016,
    para. 120 on). ``by`` is a pseudonym, ``relation`` who they are to the dead. ``conditions``:
    what was shown, by whom, in what order, whether the answer was led.
    """

    kind: ClassVar[str] = "recognition"

    victim: str = field(identifier)
    as_victim: str = field(identifier)
    grade: str = field(choice(*GRADES))
    conditions: str = field(text())
    polarity: str = field(choice("affirms", "denies"), default="affirms")
    by: str | None = field(text(500), default=None)
    relation: str | None = field(text(200), default=None)
    method: str | None = field(text(500), default=None)
    on: str | None = field(edtf, default=None)
    source: str | None = field(identifier, default=None)
    locator: Json | None = field(LOCATOR, default=None)
    note: str | None = field(text(), default=None)

    def wrong_together(self) -> str:
        """Refuse a victim recognised as itself, and a science without a method."""
        if self.victim == self.as_victim:
            return "victim, as_victim: nobody is recognised as the same record"
        if self.grade == "scientific" and self.method is None:
            return "method: a scientific recognition says by which method"
        return ""


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Notification(Record):
    """What the family of a victim has been told, by whom, when, and what they answered.

    ``to`` is a pseudonym, ``relation`` who they are to the dead; ``item`` the footage that is
    spoken of. ``family_sought`` and ``not_found`` say that nobody was found to tell.
    """

    kind: ClassVar[str] = "notification"

    victim: str = field(identifier)
    what: str = field(choice(*TOLD))
    by: str = field(text(500))
    on: str = field(edtf)
    to: str | None = field(text(500), default=None)
    relation: str | None = field(text(200), default=None)
    item: str | None = field(identifier, default=None)
    answer: str = field(choice(*ANSWERS), default="no_answer")
    answered_on: str | None = field(edtf, default=None)
    note: str | None = field(text(), default=None)

    def wrong_together(self) -> str:
        """Refuse a notification of nobody, and an answer from whoever was not found."""
        sought = self.what == "family_sought"
        if sought != (self.to is None):
            return "to, what: name who was told, or say that a family was sought"
        if (self.answer == "not_found") != sought:
            return "answer, what: not found is the answer where a family was sought, and only there"
        return ""
