"""One archive, case file, excerpt and still for all tests here; who alters one takes a copy."""

import shutil
from pathlib import Path

import pytest

from verifier.handed import Handed, make_all


@pytest.fixture(scope="session")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Handed:
    """Return what a stranger may be given; nobody writes to it."""
    return make_all(tmp_path_factory.mktemp("handed"))


@pytest.fixture
def case(handed: Handed, tmp_path: Path) -> Path:
    """Return a copy of the case file."""
    return Path(shutil.copytree(handed.case, tmp_path / "case"))


@pytest.fixture
def archive(handed: Handed, tmp_path: Path) -> Path:
    """Return a copy of the archive."""
    return Path(shutil.copytree(handed.archive, tmp_path / "archive"))


@pytest.fixture
def part(handed: Handed, tmp_path: Path) -> Path:
    """Return the proof of a copy of the excerpt."""
    shutil.copytree(handed.excerpt.parent, tmp_path / "excerpt")
    return tmp_path / "excerpt" / handed.excerpt.name
