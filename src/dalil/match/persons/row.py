"""What is compared of a person, and what comes out: a candidate with its reasons."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

# Whatever changes what is found changes this: found by another method, it is found anew.
METHOD = "persons 2"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """What one list says of one person.

    ``names`` as the list writes them, in any script; the first ones count most. ``sex``:
    ``female`` or ``male``. ``age``: least and most in whole years. ``born`` and ``died`` (or last
    seen): first and last possible day, as ordinals of the proleptic Gregorian calendar. ``place``:
    any text that is equal where the place is.
    """

    id: str
    list: str
    names: tuple[str, ...]
    sex: str | None = None
    age: tuple[int, int] | None = None
    born: tuple[int, int] | None = None
    died: tuple[int, int] | None = None
    place: str | None = None


class About(StrEnum):
    """Which part of two rows a reason is about."""

    NAME = "name"
    BIRTH = "birth"
    SEX = "sex"
    DEATH = "death"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that two rows have in common, or not.

    ``level`` is a key of ``words.json`` beside. ``bits``: how much it speaks for one person
    (above zero) or for two; each bit doubles or halves the odds.
    """

    about: About
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two rows that may be one person; ``a`` is the smaller id.

    ``bits``: the reasons and what was to be expected beforehand, together; zero is even odds.
    ``suggested``: the best partner of both among these two lists, and more likely than not one
    person. Only ever a suggestion. ``rank_a``, ``rank_b``: from 1, among all candidates of that
    row; whoever looks at one row shows those up to ten.
    """

    a: str
    b: str
    bits: float
    reasons: tuple[Reason, ...]
    suggested: bool
    rank_a: int
    rank_b: int

    @property
    def likelihood(self) -> float:
        """The odds as a number from 0 to 1. It orders candidates and decides nothing."""
        return 1 / (1 + math.exp2(-self.bits))
