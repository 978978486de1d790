"""Compare what lists say of victims with one another, as one class may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import func, select

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.tables import NAME, VICTIM
from dalil.casebook.index.view import View
from dalil.casebook.record.form import CLASSES
from dalil.casebook.record.victims import OLDEST, Victim
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.text.names import fold, skeleton
from dalil.casebook.victims.candidates import Linked, folder_of, keep, scratch_in
from dalil.engines.sqlite import pieces
from dalil.match.persons.row import PersonRow

AT_ONCE = 1000

# What a class means where a list gives nothing else; wide, since each list draws its own line.
AGES = {"child": (0, 17), "adult": (18, OLDEST), "elderly": (55, OLDEST)}

Progress = Callable[[int, int], None]


def link(casebook: Casebook, view: View, progress: Progress | None = None) -> Linked:
    """Find who may be one person, within and across lists, and keep it for people to judge.

    Only what ``view`` may see now is compared; whoever has no name is not.

    Raises:
        NoSpace: the disk is full; what an earlier run found stays.

    """
    # What compares is loaded where it compares.
    from dalil.match.persons.link import candidates  # noqa: PLC0415

    rows = _Rows(casebook, View(view.clearance), progress)
    with scratch_in(folder_of(casebook.archive)) as scratch:
        found = candidates(rows, fold, skeleton, scratch)
        return keep(casebook.archive, CLASSES[view.clearance], found, lambda: rows.count)


@dataclass(slots=True)
class _Rows:
    """What lists say of victims with names, as it is compared; ``count``: read so far."""

    casebook: Casebook
    view: View
    progress: Progress | None
    count: int = 0

    def __iter__(self) -> Iterator[PersonRow]:
        total = count_named(self.casebook, self.view)
        victims = self.casebook.find(Victim, self.view)
        while page := list(islice(victims, AT_ONCE)):
            said = [
                e.record for e in page if isinstance(e.record, Victim) and not e.record.withdrawn
            ]
            forms = _forms(self.casebook, self.view, [each.id for each in said])
            for each in said:
                if each.id in forms:
                    self.count += 1
                    yield _row(each, tuple(dict.fromkeys(forms[each.id])))
            if self.progress:
                self.progress(self.count, max(total, self.count))


def count_named(casebook: Casebook, view: View) -> int:
    """Return how many victims may be seen that somebody named."""
    v = VICTIM.c
    chosen = select(func.count()).where(view.rows(VICTIM), ~v.unidentified)
    with casebook.reading() as connection:
        return int(connection.execute(chosen).scalar() or 0)


def _forms(casebook: Casebook, view: View, victims: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    n = NAME.c
    with casebook.reading() as connection:
        for piece in pieces(victims):
            chosen = select(n.entity, n.form).where(n.entity.in_(piece), n.searched)
            rows = connection.execute(chosen.where(view.rows(NAME)).order_by(n.n, n.i))
            for victim, form in rows:
                found.setdefault(victim, []).append(form)
    return found


def _row(victim: Victim, names: tuple[str, ...]) -> PersonRow:
    return PersonRow(
        id=victim.id,
        list=victim.source or "",
        names=names,
        sex=victim.sex,
        age=_age(victim),
        born=_days(victim.born),
        died=_days(victim.date),
        place=victim.place or fold(victim.place_said or "") or None,
    )


def _age(victim: Victim) -> tuple[int, int] | None:
    ages = (victim.age_lo, victim.age_hi)
    lo, hi = AGES.get(victim.age_class or "", ages) if ages == (None, None) else ages
    if lo is None and hi is None:
        return None
    return lo or 0, OLDEST if hi is None else hi


def _days(edtf: str | None) -> tuple[int, int] | None:
    bounds = bounds_of(edtf) if edtf else None
    if bounds is None or bounds.s_min is None or bounds.e_max is None:
        return None
    return bounds.s_min, bounds.e_max
