"""Entities, their names, and whether two of them are one."""

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
from dalil.kernel.canonical import Json

TYPES = (
    "person", "unit", "post", "place", "site", "incident", "document", "victim", "collection",
    "organisation", "thing",
)  # fmt: skip
ROLES = ("name", "alias", "byname", "code", "spelling", "translation", "error")
# Forms that somebody wrote, but that name the thing only once a person says so.
NOT_SEARCHED = ("translation", "error")
NAME = shape(
    {"form": text(1000)},
    {"lang": text(35), "script": text(16), "role": choice(*ROLES), "source": identifier},
)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(Record):
    """Somebody or something that is spoken of.

    ``key`` is its fixed name within the case (``place:tadamon``). ``names`` are objects with
    ``form`` and, where known, ``lang``, ``script``, ``role``, ``source``. A position is in
    millionths of a degree (WGS 84) with a radius in metres; rival positions are relations.
    """

    kind: ClassVar[str] = "entity"

    type: str = field(choice(*TYPES))
    key: str | None = field(text(200), default=None)
    names: tuple[Json, ...] = field(each(NAME), default=())
    about: str | None = field(text(), default=None)
    date: str | None = field(edtf, default=None)
    lat_e6: int | None = field(whole(-90_000_000, 90_000_000), default=None)
    lon_e6: int | None = field(whole(-180_000_000, 180_000_000), default=None)
    radius_m: int | None = field(whole(0, 20_000_000), default=None)
    labels: tuple[str, ...] = field(each(text(200)), default=())

    def wrong_together(self) -> str:
        """Refuse half a position."""
        half = (self.lat_e6 is None) != (self.lon_e6 is None)
        return "lat_e6, lon_e6: a position has both" if half else ""


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Record):
    """One more form of an entity's name. A translation or an error is searched once linked."""

    kind: ClassVar[str] = "name"

    entity: str = field(identifier)
    form: str = field(text(1000))
    lang: str | None = field(text(35), default=None)
    script: str | None = field(text(16), default=None)
    role: str = field(choice(*ROLES), default="name")
    source: str | None = field(identifier, default=None)
    remark: str | None = field(text(), default=None)
    linked: bool = field(truth, default=False)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement(Record):
    """Whether two entities are one. A machine may only say that they might be."""

    kind: ClassVar[str] = "judgement"

    a: str = field(identifier)
    b: str = field(identifier)
    verdict: str = field(choice("same", "different", "unsure", "maybe-same", "maybe-typo"))
    method: str | None = field(text(200), default=None)
    reasoning: str | None = field(text(), default=None)
    machine: bool = field(truth, default=False)

    def wrong_together(self) -> str:
        """Refuse what only a person may say, and a judgement without a reason."""
        if self.a == self.b:
            return "a, b: two things are compared, not one with itself"
        if self.machine and not self.verdict.startswith("maybe-"):
            return "verdict: a machine suggests; same and different are for a person to say"
        if not self.machine and not self.reasoning:
            return "reasoning: a person's judgement gives its reason"
        return ""
