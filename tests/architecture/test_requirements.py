"""What the program needs is asked for, and what is installed is locked by hash."""

import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from architecture.house import PACKAGE, ROOT, modules
from architecture.test_what_is_absent import imported, spoken

REQUIREMENTS = ROOT / "requirements"
LOCKS = sorted(REQUIREMENTS.glob("*.txt"))
PINNED = re.compile(r"^[\w.-]+==\S+ +--hash=sha256:[0-9a-f]{64}")


def asked_for(name: str) -> set[str]:
    """Return the packages that a list asks for, in lower case."""
    lines = (REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8").splitlines()
    return {re.split(r"[\[<>=~!]", line)[0].lower() for line in lines if re.match(r"\w", line)}


# What is asked for to run, with what is optional beside it.
ASKED = asked_for("run") | asked_for("weights")


def test_every_package_that_the_program_imports_is_asked_for() -> None:
    names = {name for path in modules() for name in imported(path)}
    foreign = names - sys.stdlib_module_names - {"dalil"}
    owners = packages_distributions()
    unasked = [n for n in foreign if not {o.lower() for o in owners[n]} & ASKED]
    assert unasked == []


def test_every_package_asked_for_to_run_is_imported() -> None:
    names = {name for path in modules() for name in imported(path)}
    # Django loads some by their dotted names.
    settings = PACKAGE / "web" / "settings.py"
    names |= {words.split(".")[0] for words in spoken(settings) if re.fullmatch(r"[\w.]+", words)}
    owners = packages_distributions()
    used = {owner.lower() for name in names for owner in owners.get(name, [])}
    assert ASKED - used == set()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_package_of_a_lock_is_pinned_and_hashed(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert lines
    assert [line for line in lines if not PINNED.match(line)] == []


def test_what_runs_is_locked_alike_for_running_and_for_developing() -> None:
    locked = [
        set(
            re.findall(
                r"^\S+==\S+", (REQUIREMENTS / name).read_text(encoding="utf-8"), re.MULTILINE
            )
        )
        for name in ("run.txt", "dev.txt")
    ]
    assert locked[0] <= locked[1]
