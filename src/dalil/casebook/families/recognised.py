"""Who is said to be whom: recognitions of a victim, kept apart from identifications.

Recognition by sight errs often (Minnesota Protocol, 2016, on visual recognition), so that it never
counts as an identification, however many relatives agree.
"""

from __future__ import annotations

from collections.abc import Iterator
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


def recognitions_of(casebook: Casebook, victim: str, view: View) -> tuple[Recognised, ...]:
    """Return the recognitions of a victim, and those of somebody else as this one, as recorded."""
    found = {each.said.id: each for each in _naming(casebook, victim, view)}
    return tuple(sorted(found.values(), key=lambda each: (each.recorded_at, each.said.id)))


def _naming(casebook: Casebook, victim: str, view: View) -> Iterator[Recognised]:
    for known in casebook.naming(victim, view, Recognition.kind):
        said = known.record
        if isinstance(said, Recognition) and said.withdrawn is None:
            yield Recognised(said, known.by_key, known.recorded_at)
