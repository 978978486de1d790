"""Whether a date lies within the days of a view: said by then, held on that day."""

from __future__ import annotations

from dalil.casebook.index.view import View
from dalil.casebook.text.edtf import bounds_of


def said_in_time(view: View, *said: str | None) -> bool:
    """Whether something was said by ``said_by``: one of its days (EDTF) may be so early.

    What nobody dates cannot be shown to have been said by a day, and was not.
    """
    return view.said_by is None or any(
        each and not _begins_after(each, view.said_by) for each in said
    )


def held_then(view: View, held: str | None) -> bool:
    """Whether something that held so long (EDTF) may have held ``on`` the day; undated: it may."""
    if view.on is None or not held:
        return True
    end = bounds_of(held).e_max
    return not _begins_after(held, view.on) and (end is None or view.on <= end)


def _begins_after(text: str, day: int) -> bool:
    first = bounds_of(text).s_min
    return first is not None and first > day
