"""The table on which rows are laid: their lines in a database, and how rare each name is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

import duckdb

from dalil.engines.files import disk_room
from dalil.errors import NoSpace
from dalil.match.persons.lines import Line, lines_of
from dalil.match.persons.parts import Spelled
from dalil.match.persons.row import PersonRow

MEMORY = "1GB"
THREADS = 2
_KINDS = {
    "arabic": "boolean", "letters": "varchar[]", "heard": "varchar[]", "own": "boolean",
    "age_lo": "integer", "age_hi": "integer", "died_lo": "integer", "died_hi": "integer",
    "year_lo": "double", "year_hi": "double",
}  # fmt: skip

# Numbers follow the content: the order in which rows came is forgotten here.
_PERSON = """
create table person as
select row_number() over (order by list, id, letters, heard) as n, *,
  letters[1] as given,
  array_to_string(letters[2:], '') as lineage,
  array_to_string(letters, '') as whole,
  letters[2:] as rest,
  case when size > 2 then letters[2] end as father,
  case when size > 3 then letters[3] end as grandfather,
  case when size > 1 then letters[-1] end as family,
  heard[1] as heard_given,
  heard[2:] as heard_rest,
  case when size > 2 then heard[2] end as heard_father,
  case when size > 3 then heard[3] end as heard_grandfather,
  case when size > 1 then heard[-1] end as heard_family,
  array_to_string(heard[2:], '') as heard_lineage,
  array_to_string(heard, '') as sound,
  left(heard[1], 1) as given_start,
  case when size > 1 then left(heard[-1], 2) end as family_start,
  case when size > 1 then right(heard[-1], 2) end as family_end,
  letters[1] || ' ' || letters[-1] as ends,
  letters[1] || ' ' || coalesce(letters[2], '') as start,
  array_to_string(letters, '') as most
from (select *, len(letters) as size from line) order by n
"""
# As if 2,000 people more had been counted, and every name borne by two of them: a name that
# stands once in a short list is not yet a rare one.
_SHARES = """
create table {name} as
with part as (
  select n, unnest({parts}) as part, generate_subscripts({parts}, 1) as spot, size from person
), placed as (
  select n, part, spot,
    case when spot = 1 then 'given' when spot = size then 'family' else 'middle' end as stands
  from part
), counted as (
  select stands, part, (count(*) + 2) / (sum(count(*)) over (partition by stands) + 2000) as share
  from placed group by stands, part
)
select n, list(share order by spot) as shares
from placed join counted using (stands, part) group by n
"""
# The chance that a person who is nobody's relative bears the same. Of one lineage there are as
# many more as the lists show.
_RARITIES = {
    "whole": "max(list_product(w.shares))",
    "most": "max(list_product(w.shares) / coalesce(list_min(w.shares[2:]), 1))",
    "ends": "max(w.shares[1] * w.shares[-1])",
    "start": "max(w.shares[1] * w.shares[2])",
    "lineage": "max(list_product(w.shares[2:])) + (count(*) - 1) / (select count(*) from person)",
    "sound": "max(list_product(s.shares))",
    "birthday": "(count(*) + 2) / (sum(count(*)) over () + 40000)",
    "place": "(count(*) + 2) / (sum(count(*)) over () + 40)",
}
RARE = tuple(_RARITIES)


@contextmanager
def laid_out(
    rows: Iterable[PersonRow], fold: Spelled, sounds: Spelled, scratch: Path
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in ``scratch``: the table ``person``, and for each of ``RARE`` a table.

    A row of ``rare_whole`` says of one ``whole`` how likely a stranger bears it (``tf_whole``).

    Raises:
        NoSpace: the disk is full.

    """
    base = scratch / "persons.duckdb"
    with _room(scratch), duckdb.connect(str(base), config=_config(scratch)) as table:
        _lay(table, (line for row in rows for line in lines_of(row, fold, sounds)), scratch)
        table.execute(_PERSON)
        table.execute(_SHARES.format(name="share", parts="letters"))
        table.execute(_SHARES.format(name="heard_share", parts="heard"))
        for name, rarity in _RARITIES.items():
            table.execute(
                f"create table rare_{name} as select {name}, {rarity} as tf_{name}"  # noqa: S608
                " from person join share as w using (n) join heard_share as s using (n)"
                f" where {name} is not null group by {name} order by {name}"
            )
        yield table


@contextmanager
def _room(scratch: Path) -> Iterator[None]:
    """Turn a full disk into ``NoSpace``; what does not fit in memory goes to the disk."""
    try:
        with disk_room(scratch):
            yield
    except (duckdb.IOException, duckdb.OutOfMemoryException):
        raise NoSpace(str(scratch)) from None


def _config(scratch: Path) -> dict[str, str | bool | int | float | list[str]]:
    """Return settings under which a database reaches nothing but its own folder."""
    return {
        "threads": THREADS,
        "memory_limit": MEMORY,
        "temp_directory": str(scratch / "spill"),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
    }


def _lay(table: duckdb.DuckDBPyConnection, lines: Iterator[Line], scratch: Path) -> None:
    """Read the lines in by way of a file: however many there are, few are in memory."""
    path = scratch / "lines.json"
    kinds = {each.name: _KINDS.get(each.name, "varchar") for each in fields(Line)}
    with path.open("w", encoding="utf-8") as file:
        for line in lines:
            said = {name: getattr(line, name) for name in kinds}
            file.write(json.dumps(said, ensure_ascii=False) + "\n")
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in kinds.items())
    table.execute(
        f"create table line as select * from read_json(?, columns = {{{columns}}},"  # noqa: S608
        " format = 'newline_delimited')",
        [str(path)],
    )
    path.unlink()
