"""Run every bench and print one table. Each bench_*.py prints JSON lines of its own.

A line is {"name", "reached", "target", "unit", "ratio_to"}: what was measured, what was reached,
what is asked for, in which unit ("x" for a ratio), and what the ratio is taken against.
``"better"`` is "less" (taken as said) or "more"; ``"note"`` is
optional and says why a target was missed.
"""

import json
import math
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROW = "| {name} | {reached:,.4g} {unit} | {sign} {target:,.4g} {unit} | {verdict} | {ratio_to} |"


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement and what was asked for."""

    name: str
    reached: float
    target: float
    unit: str
    ratio_to: str = ""
    better: str = "less"
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the target was reached."""
        if self.better == "less":
            return self.reached <= self.target
        return self.reached >= self.target

    def text(self) -> str:
        """Return the row as Markdown."""
        return ROW.format(
            name=self.name,
            reached=self.reached,
            unit=self.unit,
            sign="≤" if self.better == "less" else "≥",
            target=self.target,
            verdict="yes" if self.met else "no",
            ratio_to="; ".join(text for text in (self.ratio_to, self.note) if text),
        )


def rows(script: Path) -> list[Row]:
    """Run one bench and return what it measured; its other output passes through."""
    print(f"$ python bench/{script.name}", file=sys.stderr, flush=True)
    ran = subprocess.run(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, check=False
    )
    found = []
    for line in ran.stdout.splitlines():
        if line.startswith("{"):
            found.append(Row(**json.loads(line)))
        else:
            print(line, file=sys.stderr)
    if ran.returncode:
        found.append(Row(script.stem, float("nan"), 0, "", note=f"exit code {ran.returncode}"))
    return found


def main(names: list[str]) -> None:
    """Run the benches named, or all of them."""
    scripts = [BENCH / f"bench_{name}.py" for name in names] or sorted(BENCH.glob("bench_*.py"))
    measured = [row for script in scripts for row in rows(script)]
    print("| what | reached | asked for | met | measured against |\n|---|---|---|---|---|")
    for row in measured:
        print(row.text())
    sys.exit(any(math.isnan(row.reached) for row in measured))


if __name__ == "__main__":
    main(sys.argv[1:])
