"""Sites: where a grave or a home is said to lie, what became of it, who must know of a danger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from dalil.casebook.record.claims import OBTAINED
from dalil.casebook.record.form import (
    Record,
    choice,
    each,
    edtf,
    field,
    identifier,
    record_kind,
    text,
    truth,
    whole,
)
from dalil.casebook.record.sources import LOCATOR
from dalil.casebook.record.victims import GRADES
from dalil.kernel.canonical import Json

POLARITIES = ("affirms", "denies")
POSITION_FROM = (
    "on_site", "satellite", "footage", "map", "witness", "document", "list", "unknown",
)  # fmt: skip
STATES = (
    "remains_in_place", "exhumed", "partly_exhumed", "disturbed", "built_over", "threatened",
    "protected", "marked", "accessible", "control_changed",
)  # fmt: skip
WARNING_ANSWERS = ("no_answer", "acknowledged", "acted", "refused")
# Whom an exact position may be told to: whoever sees records of this class.
EXACT_FOR = ("restricted", "sealed")


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Position(Record):
    """Where a site lies, as one source has it; others may have it elsewhere.

    Millionths of a degree (WGS 84); ``radius_m``, in metres, is how far that may be off, and has
    to be said. ``found_by`` says how it was found.
    """

    kind: ClassVar[str] = "position"

    site: str = field(identifier)
    lat_e6: int = field(whole(-90_000_000, 90_000_000))
    lon_e6: int = field(whole(-180_000_000, 180_000_000))
    radius_m: int = field(whole(1, 20_000_000))
    polarity: str = field(choice(*POLARITIES), default="affirms")
    found_by: str = field(choice(*POSITION_FROM), default="unknown")
    source: str | None = field(identifier, default=None)
    origin: str | None = field(identifier, default=None)
    locator: Json | None = field(LOCATOR, default=None)
    asserted: str | None = field(edtf, default=None)
    verbatim: str | None = field(text(), default=None)
    machine: bool = field(truth, default=False)
    note: str | None = field(text(), default=None)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState(Record):
    """What became of a site, as one source has it: ``state`` through ``valid``, or ``sometime``.

    What lies there, and how many, are claims on the site; this is what was done to the ground.
    ``control_changed``: others hold the area now. That tells nobody more than before.
    """

    kind: ClassVar[str] = "site_state"

    site: str = field(identifier)
    state: str = field(choice(*STATES))
    polarity: str = field(choice(*POLARITIES), default="affirms")
    valid: str | None = field(edtf, default=None)
    sometime: bool = field(truth, default=False)
    source: str | None = field(identifier, default=None)
    origin: str | None = field(identifier, default=None)
    locator: Json | None = field(LOCATOR, default=None)
    asserted: str | None = field(edtf, default=None)
    verbatim: str | None = field(text(), default=None)
    obtained_how: str = field(choice(*OBTAINED), default="unknown")
    machine: bool = field(truth, default=False)
    note: str | None = field(text(), default=None)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class SiteWarning(Record):
    """Who must be told of a danger to a site (``to``), and what came of it.

    Without ``warned_on`` nobody has told them yet. ``rests_on``: the states that are the reason.
    """

    kind: ClassVar[str] = "warning"

    site: str = field(identifier)
    to: str = field(text(500))
    reasoning: str = field(text())
    rests_on: tuple[str, ...] = field(each(identifier), default=())
    by: str | None = field(text(500), default=None)
    warned_on: str | None = field(edtf, default=None)
    answer: str = field(choice(*WARNING_ANSWERS), default="no_answer")
    answered_on: str | None = field(edtf, default=None)
    note: str | None = field(text(), default=None)

    def wrong_together(self) -> str:
        """Refuse a warning that nobody gave, and an answer to none."""
        if (self.warned_on is None) != (self.by is None):
            return "warned_on, by: a warning has a day and somebody who gave it, or neither yet"
        answered = self.answer != "no_answer" or self.answered_on is not None
        if answered and self.warned_on is None:
            return "answer, warned_on: nobody answers before they were warned"
        return ""


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Precision(Record):
    """Who may know where a site lies exactly: whoever sees records of the class ``exact_for``.

    Everybody else is told a square of about a kilometre. Of several the strictest holds.
    """

    kind: ClassVar[str] = "precision"

    site: str = field(identifier)
    exact_for: str = field(choice(*EXACT_FOR))
    reasoning: str = field(text())


def loosens(before: Mapping[str, Json], after: Mapping[str, Json]) -> bool:
    """Whether the revision of a record (fields) tells more people where a site lies exactly."""
    strict = before["kind"] == Precision.kind and before["exact_for"] == "sealed"
    if not strict or "withdrawn" in before:
        return False
    same = (after["exact_for"], after["site"]) == ("sealed", before["site"])
    return "withdrawn" in after or not same


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Remains(Record):
    """What was found of the dead at a site, under a ``label`` (of an exhumation's own).

    Remains are no person: nothing but an identification ties them to a victim, and nothing at
    all to footage. ``found_on`` and ``exhumed_on`` are EDTF; ``kept_at``: where they are now.
    """

    kind: ClassVar[str] = "remains"

    site: str = field(identifier)
    label: str = field(text(500))
    found_on: str | None = field(edtf, default=None)
    exhumed_on: str | None = field(edtf, default=None)
    kept_at: str | None = field(text(500), default=None)
    source: str | None = field(identifier, default=None)
    locator: Json | None = field(LOCATOR, default=None)
    note: str | None = field(text(), default=None)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Identification(Record):
    """That remains are those of a victim: a claim, with its method and conditions.

    ``grade`` as in a recognition; only ``scientific`` is an identification in the forensic sense
    (Minnesota Protocol, 2016, para. 120 on).
    """

    kind: ClassVar[str] = "identification"

    remains: str = field(identifier)
    victim: str = field(identifier)
    grade: str = field(choice(*GRADES))
    method: str = field(text(500))
    conditions: str = field(text())
    polarity: str = field(choice(*POLARITIES), default="affirms")
    by: str | None = field(text(500), default=None)
    on: str | None = field(edtf, default=None)
    source: str | None = field(identifier, default=None)
    locator: Json | None = field(LOCATOR, default=None)
    note: str | None = field(text(), default=None)
