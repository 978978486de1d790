"""Candidates: which rows of several lists may be one person, why, and which is the best pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator

from dalil.match.persons.levels import LEVELS, Level
from dalil.match.persons.pairs import bring_together
from dalil.match.persons.parts import Spelled
from dalil.match.persons.row import About, Candidate, PersonRow, Reason
from dalil.match.persons.table import RARE, laid_out

# Each row's best ten; of these none whose odds are below one in 4,000.
BEST, LEAST = 10, -12
# Beforehand: of the people of a list every second one is in the other, and one in a hundred
# stands twice in the same.
_IN_BOTH, _TWICE = 0.5, 0.01

_SCORED = """
create table scored as
with size as (select list, count(distinct id) as rows from person group by list),
paired as (
  select least(l.id, r.id) as a, greatest(l.id, r.id) as b, l.list <> r.list as across, {levels},
    round({weights} + case when l.list = r.list then log2({twice} / size_l.rows)
      else log2({both} / greatest(size_l.rows, size_r.rows)) end, 2) as bits
  from {predicted} join person as l on n_l = l.n join person as r on n_r = r.n
  join size as size_l on l.list = size_l.list join size as size_r on r.list = size_r.list
)
select * from paired where bits >= {least}
qualify row_number() over (partition by a, b order by bits desc, {order}) = 1
"""
_RANKED = """
create table ranked as
with seen as (select a as of, b as other, bits from scored union all select b, a, bits from scored),
placed as (
  select of, other, row_number() over (partition by of order by bits desc, other) as rank from seen
)
select scored.*, x.rank as rank_a, y.rank as rank_b
from scored join placed as x on x.of = a and x.other = b
join placed as y on y.of = b and y.other = a
where x.rank <= {best} or y.rank <= {best}
"""
_BEST_FIRST = """
select a, b, l.list, r.list from ranked
join (select distinct id, list from person) as l on l.id = a
join (select distinct id, list from person) as r on r.id = b
where across and bits >= 0 order by bits desc, a, b
"""


def candidates(
    rows: Iterable[PersonRow], fold: Spelled, sounds: Spelled, scratch: Path
) -> Iterator[Candidate]:
    """Yield who may be one person, in the order of ``a`` and ``b``, whatever the rows' order.

    ``fold`` and ``sounds`` give the letters of a name, and the key that it has in any script.
    ``scratch`` is an empty folder that the caller removes. Ids are unique over all lists.

    Raises:
        NoSpace: the disk is full.

    """
    with laid_out(rows, fold, sounds, scratch) as table:
        if not table.execute("select count(*) from person").fetchall()[0][0]:
            return
        bring_together(table)
        _score(table)
        table.execute(_RANKED.format(best=BEST))
        best = _one_to_one(table)
        found = table.execute("select * from ranked order by a, b")
        names = [each[0] for each in found.description]
        while batch := found.fetchmany(10_000):
            for values in batch:
                yield _candidate(dict(zip(names, values, strict=True)), best)


def _score(table: duckdb.DuckDBPyConnection) -> None:
    """Let Splink compare the pairs; write what was reached, and the odds, into ``scored``."""
    api = DuckDBAPI(connection=table)
    linker = Linker(api.register("person"), _settings(), log_level=None, validate_settings=False)
    for name in RARE:
        linker.table_management.register_term_frequency_lookup(api.register(f"rare_{name}"), name)
    linker.table_management.register_blocked_pairs_for_predict(api.register("pair"))
    predicted = linker.inference.predict(warning_mode="never")
    levels = [f"gamma_{about}" for about in LEVELS] + [
        f"round({_weight(x)}, 2) as bits_{x}" for x in LEVELS
    ]
    table.execute(
        _SCORED.format(
            levels=", ".join(levels),
            weights=" + ".join(f"round({_weight(about)}, 2)" for about in LEVELS),
            predicted=predicted.physical_name,
            both=_IN_BOTH,
            twice=_TWICE,
            least=LEAST,
            order=", ".join(f"gamma_{about}" for about in LEVELS),
        )
    )


def _weight(about: About) -> str:
    rare = any(level.rare for level in LEVELS[about])
    return f"(mw_{about} + mw_tf_adj_{about})" if rare else f"mw_{about}"


def _settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="n",
        probability_two_random_records_match=0.5,
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
        comparisons=[
            {"output_column_name": str(about), "comparison_levels": [_level(x) for x in levels]}
            for about, levels in LEVELS.items()
        ],
    )


def _level(level: Level) -> dict[str, object]:
    said: dict[str, object] = {"sql_condition": level.when, "label_for_charts": level.name}
    if not level.one:
        return said | {"is_null_level": True}
    if not level.rare:
        return said | {"m_probability": level.one, "u_probability": level.two}
    # One in a thousand stands for the share that is then looked up.
    return said | {
        "m_probability": min(level.one / level.two, 1),
        "u_probability": 0.001,
        "tf_adjustment_column": level.rare,
        "tf_minimum_u_value": 1e-8,
        "disable_tf_exact_match_detection": True,
    }


def _one_to_one(table: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """Return the best pairs: of any two lists a row is in one of them at most."""
    taken: set[tuple[str, str]] = set()
    best: set[tuple[str, str]] = set()
    for a, b, list_a, list_b in table.execute(_BEST_FIRST).fetchall():
        if (a, list_b) not in taken and (b, list_a) not in taken:
            taken |= {(a, list_b), (b, list_a)}
            best.add((a, b))
    return best


def _candidate(found: Mapping[str, Any], best: set[tuple[str, str]]) -> Candidate:
    a, b = found["a"], found["b"]
    reasons = tuple(
        Reason(about, LEVELS[about][-1 - found[f"gamma_{about}"]].name, found[f"bits_{about}"])
        for about in LEVELS
        if found[f"gamma_{about}"] >= 0
    )
    return Candidate(a, b, found["bits"], reasons, (a, b) in best, found["rank_a"], found["rank_b"])
