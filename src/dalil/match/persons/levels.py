"""How two rows may agree, and what each kind of agreement says: stated, never learnt.

A learner that is given two lists with nobody in common teaches itself that brothers are one
person. So the shares below are stated once (``docs/decisions/36``); how rare a name or a day is,
is counted in the lists at hand. A weight is the log of how often two rows of one person agree so,
over how often rows of two persons do (Fellegi and Sunter, 1969).
"""

from __future__ import annotations

from dataclasses import dataclass

from dalil.match.persons.row import About


@dataclass(frozen=True, slots=True)
class Level:
    """One way in which two rows agree about something; of several the first that holds.

    ``when``: SQL over two rows, ``…_l`` and ``…_r``. ``one``: the share of pairs of one person that
    reach it. ``two``: the share of pairs of two persons; where ``rare`` names one of
    ``table.RARE``, so many times the share there, of whichever side is the less rare.
    """

    name: str
    when: str
    one: float
    two: float
    rare: str = ""


def _apart(what: str, at_most: int) -> str:
    """Return SQL: at most so many letters are added, lost, exchanged or swapped."""
    return (
        f"abs(length({what}_l) - length({what}_r)) <= {at_most}"
        f" and damerau_levenshtein({what}_l, {what}_r) <= {at_most}"
    )


_SCRIPT = "arabic_l = arabic_r"
_ACROSS = "arabic_l <> arabic_r"
_LONG = "length(lineage_l) >= 7 and length(lineage_r) >= 7"
_TWO_NAMES = (
    "(own_l and own_r and given_l <> given_r"
    " and (heard_given_l <> heard_given_r or (arabic_l and arabic_r)))"
)


def _alike(part: str) -> str:
    heard = f"({_ACROSS} and heard_{part}_l = heard_{part}_r)"
    return f"coalesce({part}_l = {part}_r or {heard}, false)"


_THREE = " + ".join(f"{_alike(part)}::int" for part in ("father", "grandfather", "family"))
_WITHIN = "(list_has_all(heard_rest_l, heard_rest_r) or list_has_all(heard_rest_r, heard_rest_l))"
_NAME = (
    Level("unknown", "whole_l is null or whole_r is null", 0, 0),
    Level("alike", "whole_l = whole_r", 0.84, 1, "whole"),
    Level("across", f"{_ACROSS} and sound_l = sound_r", 0.75, 1, "sound"),
    Level(
        "lineage_letters",
        f"{_SCRIPT} and given_l = given_r and {_LONG} and {_apart('lineage', 2)}",
        0.06, 4, "whole",
    ),
    Level("heard", f"sound_l = sound_r and not {_TWO_NAMES}", 0.01, 4, "sound"),
    Level(
        "given_letter",
        f"{_SCRIPT} and not {_TWO_NAMES} and least(length(given_l), length(given_r)) >= 3"
        f" and {_apart('given', 1)} and {_apart('lineage', 1)}",
        0.04, 4, "whole",
    ),
    Level(
        "short",
        f"least(size_l, size_r) <= 3 and size_l <> size_r and {_alike('given')} and {_WITHIN}",
        0.3, 1, "sound",
    ),
    Level(
        "part_missing",
        f"size_l <> size_r and {_alike('given')} and {_WITHIN}",
        0.04, 1, "sound",
    ),
    Level(
        "across_near",
        f"{_ACROSS} and not {_TWO_NAMES}"
        " and 2 * damerau_levenshtein(heard_given_l, heard_given_r)"
        " < greatest(length(heard_given_l), length(heard_given_r))"
        " and 4 * damerau_levenshtein(sound_l, sound_r)"
        " <= least(length(sound_l), length(sound_r))",
        0.15, 40, "sound",
    ),
    Level("part_other", f"{_alike('given')} and ({_THREE}) >= 2", 0.015, 1, "most"),
    Level(
        "damaged",
        f"{_SCRIPT} and not {_TWO_NAMES} and {_LONG}"
        " and 2 * damerau_levenshtein(given_l, given_r)"
        " <= greatest(length(given_l), length(given_r))"
        " and 4 * damerau_levenshtein(whole_l, whole_r)"
        " <= least(length(whole_l), length(whole_r))",
        0.02, 40, "whole",
    ),
    Level(
        "lineage",
        f"(({_SCRIPT} and {_apart('lineage', 1)}) or ({_ACROSS} and {_apart('heard_lineage', 1)})"
        " or heard_lineage_l = heard_lineage_r)"
        " and size_l > 2 and size_r > 2",
        0.008, 1, "lineage",
    ),
    Level(
        "ends_letter",
        f"{_SCRIPT} and least(size_l, size_r) <= 3"
        " and least(length(family_l), length(family_r)) > 3"
        f" and ((given_l = given_r and {_apart('family', 1)})"
        f" or (family_l = family_r and not {_TWO_NAMES} and {_apart('given', 1)}))",
        0.03, 5, "ends",
    ),
    Level("ends", f"{_alike('given')} and {_alike('family')}", 0.005, 1, "ends"),
    Level("start", f"{_alike('given')} and {_alike('father')}", 0.002, 1, "start"),
    Level("unlike", "else", 0.002, 0.999),
)  # fmt: skip

_SEX = (
    Level("unknown", "sex_l is null or sex_r is null", 0, 0),
    Level("same", "sex_l = sex_r", 0.993, 0.53),
    Level("other", "else", 0.007, 0.47),
)

_SIBLINGS = f"{_TWO_NAMES} and heard_lineage_l = heard_lineage_r"
_BOTH_DAYS = "birthday_l is not null and birthday_r is not null"
_GAP = (
    "least(greatest(age_lo_l - age_hi_r, age_lo_r - age_hi_l, 0)"
    " + 0 * (age_lo_l + age_lo_r),"
    " greatest(year_lo_l - year_hi_r, year_lo_r - year_hi_l, 0) + 0 * (year_lo_l + year_lo_r))"
)
_WIDE = "greatest(age_hi_l - age_lo_l, age_hi_r - age_lo_r, 0) > 5"
# Of day, month and year two are alike, or day and month have changed places.
_NEAR = (
    "((birthday_l[1:4] = birthday_r[1:4])::int + (birthday_l[6:7] = birthday_r[6:7])::int"
    " + (birthday_l[9:10] = birthday_r[9:10])::int >= 2"
    " or (birthday_l[1:4] = birthday_r[1:4] and birthday_l[6:7] = birthday_r[9:10]"
    " and birthday_l[9:10] = birthday_r[6:7]))"
)
_BIRTH = (
    Level("unknown", f"{_GAP} is null", 0, 0),
    # Of brothers and sisters some two in a hundred are twins.
    Level("twin", f"birthday_l = birthday_r and {_SIBLINGS}", 0.75, 0.02),
    Level("day", "birthday_l = birthday_r", 0.75, 1, "birthday"),
    Level("day_slip", f"{_BOTH_DAYS} and {_NEAR}", 0.05, 0.006),
    Level("other_day", f"{_BOTH_DAYS} and {_GAP} <= 1", 0.04, 0.045),
    Level("class", f"{_WIDE} and {_GAP} <= 1", 0.97, 0.5),
    Level("year", f"{_GAP} <= 1", 0.92, 0.05),
    Level("years", f"{_GAP} <= 5", 0.04, 0.13),
    Level("far", "else", 0.03, 0.82),
)

_KNOWN_WHEN = "coalesce({0}_hi_l - {0}_lo_l <= 366 and {0}_hi_r - {0}_lo_r <= 366, false)"
_DAYS = "greatest(died_lo_l - died_hi_r, died_lo_r - died_hi_l, 0)"
_DEATH = (
    Level("unknown", f"not {_KNOWN_WHEN.format('died')}", 0, 0),
    Level("month", f"{_DAYS} <= 31", 0.8, 0.2),
    Level("year", f"{_DAYS} <= 366", 0.12, 0.3),
    Level("far", "else", 0.08, 0.5),
)

# What is written in two scripts cannot be told to be another place.
_PLACE_SCRIPT = "regexp_matches(place_{0}, '[ء-ي]')"
_PLACE = (
    Level(
        "unknown",
        "place_l is null or place_r is null"
        f" or {_PLACE_SCRIPT.format('l')} <> {_PLACE_SCRIPT.format('r')}",
        0, 0,
    ),
    Level("same", "place_l = place_r", 0.6, 1, "place"),
    Level("other", "else", 0.4, 0.9),
)  # fmt: skip

LEVELS: dict[About, tuple[Level, ...]] = {
    About.NAME: _NAME,
    About.BIRTH: _BIRTH,
    About.SEX: _SEX,
    About.DEATH: _DEATH,
    About.PLACE: _PLACE,
}
