"""Who stood where to whom, when: postings, command, presence; and acts seen in footage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dalil.casebook.record.form import (
    Record,
    choice,
    each,
    edtf,
    field,
    identifier,
    record_kind,
    shape,
    text,
    truth,
    whole,
)
from dalil.casebook.record.sources import BOX, LOCATOR, timebase
from dalil.kernel.canonical import Json

RELATIONS = (
    "posted_to",        # a person to a unit
    "subordinate_to",   # a unit under another (detail: command, administrative, informal)
    "member_of",        # a unit or person in an operation or group
    "present_at",       # a unit in a place (detail: site, area, seen_in_footage, claimed)
    "part_of",          # a place in a place, a part in a whole
    "located_at",       # a thing, document or incident in a place
    "named_in",         # a person, unit or place in a document
    "took_part_in",     # a person or unit in an incident
    "ordered",          # issuer to addressee (detail: content, form, relayed_from)
    "knew_of",          # a person of an incident (detail: report, presence, public, told)
    "took_measure",     # a person on an incident (detail: prevent, repress, refer, none_found)
    "custody_status",   # a person (detail: reported_detained, at_large, dead, indicted, convicted)
    "identified_in",    # a person in an item (detail: method, conditions)
    "related_to",       # anything else, in the words of whoever recorded it
)  # fmt: skip
CITED = shape({}, {"sources": each(identifier, 200), "confidence": text(40)})


def cited(value: Json) -> str:
    """Check citations by datapoint: field name → its sources and their stated confidence."""
    if not isinstance(value, dict):
        return "an object is expected"
    return next((f"{n}: {wrong}" for n, v in value.items() if (wrong := CITED(v))), "")


def detail(value: Json) -> str:
    """Check the words of a relation: name → text."""
    if not isinstance(value, dict):
        return "an object is expected"
    one = text(4000)
    return next((f"{n}: {wrong}" for n, v in value.items() if (wrong := one(v))), "")


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Record):
    """An assertion that ``a`` stood in a relation to ``b``, throughout or sometime in ``valid``.

    ``start_known``/``end_known``: the ends of ``valid`` are its real start and end, not merely
    when it was first and last seen. ``is_command``: the posting is to command. ``cited`` gives
    the sources of each datapoint. ``basis`` is the law's word or the fact's.
    """

    kind: ClassVar[str] = "relation"

    relation: str = field(choice(*RELATIONS))
    a: str = field(identifier)
    b: str | None = field(identifier, default=None)
    polarity: str = field(choice("affirms", "denies"), default="affirms")
    valid: str | None = field(edtf, default=None)
    sometime: bool = field(truth, default=False)
    start_known: bool = field(truth, default=False)
    end_known: bool = field(truth, default=False)
    is_command: bool = field(truth, default=False)
    basis: str = field(choice("de_jure", "de_facto", "unstated"), default="unstated")
    detail: Json | None = field(detail, default=None)
    cited: Json | None = field(cited, default=None)
    source: str | None = field(identifier, default=None)
    origin: str | None = field(identifier, default=None)
    locator: Json | None = field(LOCATOR, default=None)
    asserted: str | None = field(edtf, default=None)
    verbatim: str | None = field(text(), default=None)
    machine: bool = field(truth, default=False)
    note: str | None = field(text(), default=None)

    def wrong_together(self) -> str:
        """Refuse an identification that does not say how."""
        detail = self.detail or {}
        if self.relation == "identified_in" and not (detail.get("method") and self.locator):
            return "detail: an identification says by what method, and where it is seen"
        if self.b is None and self.relation not in ("custody_status", "identified_in"):
            return f"b: {self.relation} is between two"
        return ""


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct(Record):
    """Who did what to whom, seen in which stretch of which item; one line of an act map.

    Who and whom are an entity or a plain label ("person 3 in clip 7", "three unknown men").
    Positions are presentation timestamps with their time base ("1/90000"). ``severity`` 0 to 5.
    An inference cites the observations (ids) that it rests on.
    """

    kind: ClassVar[str] = "conduct"

    act: str = field(text(200))
    incident: str | None = field(identifier, default=None)
    actor: str | None = field(identifier, default=None)
    actor_label: str | None = field(text(500), default=None)
    target: str | None = field(identifier, default=None)
    target_label: str | None = field(text(500), default=None)
    place: str | None = field(identifier, default=None)
    date: str | None = field(edtf, default=None)
    item: str | None = field(identifier, default=None)
    pts_start: int | None = field(whole(), default=None)
    pts_end: int | None = field(whole(), default=None)
    timebase: str | None = field(timebase, default=None)
    box: Json | None = field(BOX, default=None)
    severity: int = field(whole(0, 5), default=0)
    basis: str = field(choice("observation", "inference"), default="observation")
    rests_on: tuple[str, ...] = field(each(identifier), default=())
    note_en: str | None = field(text(), default=None)
    note_ar: str | None = field(text(), default=None)

    def wrong_together(self) -> str:
        """Refuse a stretch without its clip, a reversed one, an inference from nothing."""
        if self.item and None in (self.pts_start, self.pts_end, self.timebase):
            return "pts_start, pts_end, timebase: a stretch of an item has all three"
        if None not in (self.pts_start, self.pts_end) and self.pts_start > self.pts_end:  # type: ignore[operator]
            return "pts_start, pts_end: the stretch runs backwards"
        if self.basis == "inference" and not self.rests_on:
            return "rests_on: an inference cites the observations that it rests on"
        return ""
