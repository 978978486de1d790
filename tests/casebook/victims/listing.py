"""Invented lists of victims, as tests bring them in."""

from __future__ import annotations

from typing import Any

from dalil.casebook.record.form import Record, id_for
from dalil.casebook.record.sources import Source
from dalil.casebook.record.victims import Victim

CASE = "harbour"


def list_named(name: str, **more: Any) -> Source:  # noqa: ANN401 - fields of the record
    """Return a list as a source."""
    return Source(
        id=id_for("list", name), type="document", title=name, key=f"list:{name}", case=CASE, **more
    )


def victim(list_: Source, key: str, *names: str, **more: Any) -> Victim:  # noqa: ANN401 - the same
    """Return what a list says of one person."""
    return Victim(
        id=id_for("victim", str(list_.title), key),
        key=f"{list_.title}:{key}",
        case=CASE,
        source=list_.id,
        names=tuple({"form": each} for each in names),
        **more,
    )


RED, BLUE = list_named("red"), list_named("blue")
SALIM = victim(
    RED, "1", "سليم يوسف منصور الحلاق", sex="male", age_lo=34, age_hi=34, date="2016-11-09",
    place_said="الزمردة", conditions="not to be published",
)  # fmt: skip
SALIM_TOO = victim(
    BLUE, "a", "Salim Yusuf Mansur al-Hallaq", sex="male", age_lo=35, age_hi=35, date="2016-11"
)
BROTHER = victim(
    BLUE, "b", "كريم يوسف منصور الحلاق", sex="male", age_lo=29, age_hi=29, date="2016-11-09"
)
OTHER = victim(RED, "2", "هدى نبيل درويش", sex="female", age_lo=8, age_hi=8, age_class="child")
UNNAMED = Victim(
    id=id_for("victim", "clip", "3"), case=CASE, unidentified=True, label="person 3", sex="male"
)


def everybody() -> list[Record]:
    """Return two short lists and a person whom nobody has named."""
    return [RED, BLUE, SALIM, SALIM_TOO, BROTHER, OTHER, UNNAMED]
