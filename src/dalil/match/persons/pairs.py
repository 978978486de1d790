"""Which pairs are worth comparing: whoever shares two parts of a name, or a birthday and one."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

# A key that would bring together more pairs than this says nothing of anybody.
TOO_COMMON = 2_000_000


@dataclass(frozen=True, slots=True)
class Key:
    """What two rows must have alike to be compared.

    ``parts``: columns. ``close``: also that neither sex nor age speaks against it, where the parts
    alone are common. ``within``: also among rows of one list. ``short``: only where one
    of the names has three parts or fewer, as newspapers print them.
    """

    parts: tuple[str, ...]
    close: bool = False
    within: bool = False
    short: bool = False


_G, _F, _GF, _FAM = "heard_given", "heard_father", "heard_grandfather", "heard_family"
KEYS = (
    Key(("whole",), within=True),
    Key(("sound",), within=True),
    Key((_G, _F, _GF), within=True),
    Key((_G, _FAM)),
    Key(("heard_lineage",), within=True),
    Key((_F, _FAM), close=True),
    Key((_GF, _FAM), close=True),
    Key((_G, _F), close=True),
    Key((_G, _GF), close=True),
    Key((_F, _GF), close=True),
    Key((_G, "family_start"), close=True, short=True),
    Key((_G, "family_end"), close=True, short=True),
    Key(("given_start", _FAM), close=True, short=True),
    *(Key(("birthday", part), within=True) for part in (_G, _F, _GF, _FAM)),
)
_SHORT = " and least(l.size, r.size) <= 3"
_CLOSE = (
    " and coalesce(l.sex = r.sex, true)"
    " and coalesce(l.age_lo - r.age_hi <= 2 and r.age_lo - l.age_hi <= 2, true)"
)


def bring_together(table: duckdb.DuckDBPyConnection) -> int:
    """Write the pairs worth comparing into the table ``pair`` (join_key_l, join_key_r).

    Lines of one row are never a pair. Return how many keys were too common to be asked.
    """
    table.execute("create table met (l bigint, r bigint)")
    left_out = sum(_bring(table, key) for key in KEYS)
    table.execute(
        "create table pair as select distinct l as join_key_l, r as join_key_r, '0' as match_key"
        " from met order by 1, 2"
    )
    table.execute("drop table met")
    return left_out


def _bring(table: duckdb.DuckDBPyConnection, key: Key) -> int:
    parts = ", ".join(key.parts)
    known = " and ".join(f"{part} is not null and {part} <> ''" for part in key.parts)
    table.execute(
        f"create or replace temp table common as select {parts} from person where {known}"  # noqa: S608
        f" group by {parts} having count(*) * (count(*) - 1) / 2 > {TOO_COMMON}"
    )
    joined = " and ".join(f"l.{part} = r.{part}" for part in key.parts)
    only = f"{_CLOSE if key.close else ''}{_SHORT if key.short else ''}"
    lists = "l.id <> r.id" if key.within else "l.list <> r.list"
    table.execute(
        f"insert into met select least(l.n, r.n), greatest(l.n, r.n)"  # noqa: S608
        f" from (select * from person anti join common using ({parts}) where {known}) as l"
        f" join person as r on {joined} and l.n < r.n and {lists}{only}"
    )
    return int(table.execute("select count(*) from common").fetchall()[0][0])
