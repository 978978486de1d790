"""Rows as lines that a database compares: one for each form of a person's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dalil.match.persons.parts import Parts, Spelled, is_a_name_of_its_own, parts_of
from dalil.match.persons.row import PersonRow

# The database measures distances in bytes: each Arabic letter becomes one of these.
_ONE_BYTE = dict(
    zip(
        map(ord, "ابتثجحخدذرزسشصضطظعغفقكلمنهويءؤئپچژگڤ"),
        "AbtTjHxdDrzscSZUVeGfqklmnhwyQWYpCJgv",
        strict=True,
    )
)
# More forms than this of one name are spellings of it.
_FORMS = 4
_UNKNOWN = (None, None)
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Line:
    """One form of one person's name, beside what else the row says; None is not known.

    ``letters`` and ``heard``: the name's parts, as written and as heard. ``own``: the given name
    is one that many bear. Ages in whole years, ``year_…`` of birth, ``birthday`` as ``YYYY-MM-DD``,
    ``died_…`` as ordinals.
    """

    id: str
    list: str
    arabic: bool
    letters: tuple[str, ...]
    heard: tuple[str, ...]
    own: bool
    sex: str | None
    age_lo: int | None
    age_hi: int | None
    year_lo: float | None
    year_hi: float | None
    birthday: str | None
    died_lo: int | None
    died_hi: int | None
    place: str | None


def lines_of(row: PersonRow, fold: Spelled, sounds: Spelled) -> Iterator[Line]:
    """Yield the lines of one row; none where no name can be heard.

    Forms in Arabic letters go alone where there are any: one in Latin letters beside them says
    less of how the name is written.
    """
    forms = {parts: None for name in row.names if (parts := parts_of(name, fold, sounds)).letters}
    arabic = [parts for parts in forms if _is_arabic(parts)]
    age, years, died = row.age or _UNKNOWN, _years(row) or _UNKNOWN, row.died or _UNKNOWN
    for parts in (arabic or list(forms))[:_FORMS]:
        yield Line(
            id=row.id,
            list=row.list,
            arabic=bool(arabic),
            letters=tuple(part.translate(_ONE_BYTE) for part in parts.letters),
            heard=parts.sounds,
            own=is_a_name_of_its_own(parts.letters[0], parts.sounds[0], sounds),
            sex=row.sex,
            age_lo=age[0],
            age_hi=age[1],
            year_lo=years[0],
            year_hi=years[1],
            birthday=_birthday(row),
            died_lo=died[0],
            died_hi=died[1],
            place=row.place,
        )


def _is_arabic(parts: Parts) -> bool:
    return any("\u0600" <= char <= "\u06ff" for char in parts.letters[0])


def _birthday(row: PersonRow) -> str | None:
    known = row.born is not None and row.born[0] == row.born[1]
    return date.fromordinal(row.born[0]).isoformat() if known and row.born else None


def _years(row: PersonRow) -> tuple[float, float] | None:
    """Return the first and last possible year of birth, with its fraction."""
    if row.born:
        return row.born[0] / _YEAR, row.born[1] / _YEAR
    if row.age and row.died:
        return row.died[0] / _YEAR - row.age[1] - 1, row.died[1] / _YEAR - row.age[0]
    return None
