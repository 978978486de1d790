"""Two lists of people, linked: beside exact names and sex, and beside Splink as it comes.

Reads ``list_a.csv.gz``, ``list_b.csv.gz`` (row_id, name_ar, sex, age, dob) and ``truth.csv.gz``
(row_id_a, row_id_b) in ../shared/data/lists, or in the folder named by DALIL_BENCH_LISTS. Where
they are not there, nothing is measured. Each method runs in a process of its own.
"""

import csv
import gzip
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from dalil.casebook.text.names import fold, skeleton
from dalil.match.persons.row import PersonRow

HERE = Path(__file__).resolve()
LISTS = Path(os.environ.get("DALIL_BENCH_LISTS", HERE.parents[2] / "shared" / "data" / "lists"))
SEXES = {"m": "male", "f": "female"}
Pairs = set[tuple[str, str]]


def read(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one sheet."""
    with gzip.open(LISTS / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def person(name: str, row: dict[str, str]) -> PersonRow:
    """Return a row as it is compared."""
    age = int(row["age"]) if row["age"] else None
    born = date.fromisoformat(row["dob"]).toordinal() if row["dob"] else None
    return PersonRow(
        id=f"{name}:{row['row_id']}",
        list=name,
        names=(row["name_ar"],),
        sex=SEXES.get(row["sex"]),
        age=None if age is None else (age, age),
        born=None if born is None else (born, born),
    )


def ours() -> Pairs:
    """Link with the program."""
    from dalil.match.persons.link import candidates  # noqa: PLC0415 (memory of each is measured)

    rows = (person(name, row) for name in ("list_a", "list_b") for row in read(name))
    with TemporaryDirectory() as scratch:
        found = candidates(rows, fold, skeleton, Path(scratch))
        pairs = {(each.a, each.b) for each in found if each.suggested}
    return {(a.removeprefix("list_a:"), b.removeprefix("list_b:")) for a, b in pairs}


def exact() -> Pairs:
    """Link equal names, as folded, of equal sex; of several rows the first."""
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in read("list_b"):
        rows[fold(row["name_ar"]).replace(" ", ""), row["sex"]].append(row["row_id"])
    pairs = set()
    for row in read("list_a"):
        if there := rows.get((fold(row["name_ar"]).replace(" ", ""), row["sex"])):
            pairs.add((row["row_id"], there.pop(0)))
    return pairs


def plain() -> Pairs:
    """Link by Splink as its guide has it: four parts of a name, each for itself; all at .9."""
    import splink.comparison_library as compared  # noqa: PLC0415 (memory of each is measured)
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415 (the same)

    api = DuckDBAPI()
    tables = [
        api.register(list(map(four_parts, read(name))), table_name=name)
        for name in ("list_a", "list_b")
    ]
    parts = ("given", "father", "grandfather", "family")
    rules = [block_on("given", "family"), block_on("father", "family"), block_on("dob")]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            *(compared.JaroWinklerAtThresholds(part, [0.92, 0.8]) for part in parts),
            compared.ExactMatch("sex"),
            compared.ExactMatch("dob"),
        ],
        blocking_rules_to_generate_predictions=[*rules, block_on("given", "father", "grandfather")],
    )
    linker = Linker(tables, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*parts, "sex")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=36)
    for rule in (block_on("given", "family"), block_on("dob")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.9, warning_mode="never")
    return {(x["unique_id_l"], x["unique_id_r"]) for x in found.as_record_list()}


def four_parts(row: dict[str, str]) -> dict[str, str | None]:
    """Return a row as a program that knows nothing of these names would take it."""
    given, *rest = fold(row["name_ar"]).split()
    father, grandfather = [*rest[:-1], "", ""][:2]
    family = rest[-1] if rest else ""
    said = {"given": given, "father": father, "grandfather": grandfather, "family": family}
    empty = {"sex": row["sex"], "dob": row["dob"]}
    return {"unique_id": row["row_id"]} | {
        key: said or None for key, said in (said | empty).items()
    }


METHODS: dict[str, Callable[[], Pairs]] = {"ours": ours, "exact": exact, "plain": plain}


def measured(method: str) -> tuple[dict[str, float], float, float]:
    """Run one method in a process of its own; return its figures, seconds and peak MB."""
    start = time.perf_counter()
    ran = subprocess.Popen([sys.executable, str(HERE), method], stdout=subprocess.PIPE)
    assert ran.stdout is not None
    said = ran.stdout.read()
    _, status, used = os.wait4(ran.pid, 0)
    assert status == 0, method
    return json.loads(said), time.perf_counter() - start, used.ru_maxrss / 1024


def say(name: str, reached: float, target: float, unit: str, beside: str) -> None:
    """Print one measurement; an F1 is the better for being more."""
    better = "more" if unit == "F1" else "less"
    line: dict[str, str | float] = {
        "name": f"two lists of people, linked: {name}",
        "target": target,
    }
    line |= {"reached": round(reached, 4), "unit": unit, "better": better, "ratio_to": beside}
    print(json.dumps(line), flush=True)


def main() -> None:
    """Measure each method, or, in its own process, run one."""
    if not LISTS.is_dir():
        print(f"{LISTS} is not here: nothing is measured", file=sys.stderr)
        return
    if sys.argv[1:]:
        true = {(row["row_id_a"], row["row_id_b"]) for row in read("truth")}
        found = METHODS[sys.argv[1]]()
        right = len(found & true)
        print(json.dumps({"precision": right / len(found), "recall": right / len(true)}))
        return
    all_of = {method: measured(method) for method in METHODS}
    (figures, took, peak), equal, splink = all_of["ours"], all_of["exact"], all_of["plain"]
    kinds = f"precision {figures['precision']:.4f}, recall {figures['recall']:.4f}; beside"
    others = (
        f"equal names and sex {f1(equal[0]):.4f},"
        f" Splink with four independent parts {f1(splink[0]):.4f}"
    )
    say("one to one", f1(figures), 0.965, "F1", f"{kinds} {others}")
    say("time", took, 75, "s", f"wall, two threads; beside {equal[1]:.1f} and {splink[1]:.1f} s")
    say("memory", peak, 2000, "MB", f"beside {equal[2]:.0f} and {splink[2]:.0f} MB")


def f1(figures: dict[str, float]) -> float:
    """Return the harmonic mean of precision and recall."""
    precision, recall = figures["precision"], figures["recall"]
    return 2 * precision * recall / (precision + recall)


if __name__ == "__main__":
    main()
