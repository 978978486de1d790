"""Who is said to be whom: recognitions of a victim, kept apart from identifications.

Recognition by sight errs often (Minnesota Protocol, 2016, on visual recognition), so that it never
counts as an identification, however many relatives agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View
from dalil.casebook.record.victims import Recognition

SCIENTIFIC, CIRCUMSTANTIAL = "scientific", "circumstantial"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A recognition that stands, who recorded it (key, base64url) and when."""

    said: Recognition
    by_key: str | None
    recorded_at: str

    @property
    def affirms(self) -> bool:
        """Whether somebody was recognised; else somebody said that it is not that person."""
        return self.said.polarity == "affirms"


def recognitions_of(
    casebook: Casebook, victims: Iterable[str], view: View
) -> tuple[Recognised, ...]:
    """Return the recognitions of victims, and those of somebody else as them, as recorded."""
    ids, found = set(victims), dict[str, Recognised]()
    for field in ("victim", "as_victim"):
        for known in casebook.naming_any(ids, view, Recognition.kind, field):
            said = known.record
            if isinstance(said, Recognition) and said.withdrawn is None:
                found[said.id] = Recognised(said, known.by_key, known.recorded_at)
    return tuple(sorted(found.values(), key=lambda each: (each.recorded_at, each.said.id)))
