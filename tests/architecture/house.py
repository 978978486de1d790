"""The files of the house, for the tests that look at all of them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "dalil"
# Made on this machine, and left out of the repository by .gitignore.
MADE_HERE = {
    ".git",
    ".venv",
    ".cache",
    "demo",
    "work",
    "__pycache__",
    ".hypothesis",
    "node_modules",
}


def files() -> Iterator[Path]:
    """Yield every file that belongs to the repository; Git itself may not be here."""
    folders = [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if path.is_dir():
                if path.name not in MADE_HERE and not path.name.endswith(("_cache", ".egg-info")):
                    folders.append(path)
            elif path.is_file():
                yield path


def text_of(path: Path) -> str | None:
    """Return the text of a file, or None where it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def modules(*folders: str) -> list[Path]:
    """Return the Python files of the package and of the folders named."""
    places = [PACKAGE, *(ROOT / folder for folder in folders)]
    found = (path for place in places for path in place.rglob("*.py"))
    return sorted(path for path in found if not MADE_HERE & set(path.relative_to(ROOT).parts))


def shown(path: Path) -> str:
    """Return a path as it is written in the repository."""
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))
