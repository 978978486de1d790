"""ARCHITECTURE.md is true: one line for each folder, none for a folder that is not there."""

import re
import tomllib

from architecture.house import PACKAGE, ROOT, modules

LINE = re.compile(r"^- `([a-z0-9_./]+)`", re.MULTILINE)
TOP = {".ci", "bench", "docs", "docs/decisions", "requirements", "spec", "src", "tests", "tools"}


def folders_of_the_package() -> set[str]:
    """Return the folders of the package that hold modules that somebody wrote."""
    folders = {path.parent.relative_to(PACKAGE).as_posix() for path in modules()} - {"."}
    return {name for name in folders if not name.endswith("/migrations")}


def test_each_folder_has_one_line_and_each_line_a_folder() -> None:
    written = LINE.findall((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    named = [name.rstrip("/") for name in written if name.endswith("/")]
    there = {name for name in TOP if (ROOT / name).is_dir()}
    assert sorted(named) == sorted(folders_of_the_package() | there)


def test_each_file_named_on_the_map_is_there() -> None:
    written = LINE.findall((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    files = [name for name in written if not name.endswith("/")]
    assert [n for n in files if not (ROOT / n).exists() and not (PACKAGE / n).exists()] == []


def test_each_folder_says_in_its_docstring_what_it_is() -> None:
    silent = [
        name
        for name in folders_of_the_package()
        if not (PACKAGE / name / "__init__.py").read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []


def test_the_layers_of_the_import_contract_are_the_folders() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    story = settings["tool"]["importlinter"]["contracts"][0]
    layers = {layer for layer in story["layers"] if not layer.startswith("(")}
    chapters = {name for name in folders_of_the_package() if "/" not in name}
    assert layers == (chapters | {"errors"}) - {"verifier"}


def test_tests_mirror_the_package() -> None:
    mirrored = folders_of_the_package()
    mirrored -= {name for name in mirrored if "/" in name}
    untested = [name for name in mirrored if not list((ROOT / "tests" / name).glob("test_*.py"))]
    assert untested == []
