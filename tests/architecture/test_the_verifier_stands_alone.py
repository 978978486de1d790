"""A stranger has Python and nothing else."""

import ast
import re
import sys

from architecture.house import PACKAGE, modules, shown, tree
from architecture.test_what_is_absent import imported


def test_the_verifier_imports_only_the_standard_library() -> None:
    verifier = sorted((PACKAGE / "verifier").glob("*.py"))
    assert verifier
    foreign = {name for path in verifier for name in imported(path)} - sys.stdlib_module_names
    assert foreign == set()


def test_the_verifier_is_one_file_that_reads_none_of_its_neighbours() -> None:
    relative = [
        node.lineno
        for path in sorted((PACKAGE / "verifier").glob("*.py"))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_the_verifier_parses_as_python_3_8() -> None:
    for path in sorted((PACKAGE / "verifier").glob("*.py")):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_only_the_verb_that_runs_it_imports_the_verifier() -> None:
    word = re.compile(r"^\s*(from|import) dalil\.verifier", re.MULTILINE)
    folder = PACKAGE / "verifier"
    others = [path for path in modules() if folder not in path.parents]
    leaning = [shown(p) for p in others if word.search(p.read_text(encoding="utf-8"))]
    assert leaning == ["src/dalil/cli/verify.py"]
