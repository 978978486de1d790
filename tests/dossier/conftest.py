"""One small archive and one case file of it, made once and copied where a test changes them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dalil.dossier.casefile import CaseFile, build_case_file
from dossier.small_archive import SmallArchive, make_small_archive
from ledger.test_timestamp import authority as authority  # noqa: PLC0414 - a fixture is used by name


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> SmallArchive:
    """Return the archive that tests only read or copy."""
    return make_small_archive(tmp_path_factory.mktemp("made") / "archive")


@pytest.fixture
def small(made: SmallArchive, tmp_path: Path) -> SmallArchive:
    """Return an archive of a test's own."""
    shutil.copytree(made.path, tmp_path / "archive")
    return SmallArchive(tmp_path / "archive", made.signer, made.items, made.accession)


@pytest.fixture(scope="session")
def built(
    made: SmallArchive, tmp_path_factory: pytest.TempPathFactory
) -> tuple[CaseFile, SmallArchive]:
    """Return a case file of the first two items, to be read only, and its archive."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(made.path, folder / "archive")
    archive = SmallArchive(folder / "archive", made.signer, made.items, made.accession)
    case = build_case_file(
        archive.path,
        archive.items[:2],
        "Court of Koblenz",
        "request of 3 May",
        folder / "case",
        archive.signer,
    )
    return case, archive


@pytest.fixture
def case(built: tuple[CaseFile, SmallArchive], tmp_path: Path) -> Path:
    """Return a case file of a test's own."""
    shutil.copytree(built[0].path, tmp_path / "case")
    return tmp_path / "case"


@pytest.fixture
def handed(built: tuple[CaseFile, SmallArchive], tmp_path: Path) -> SmallArchive:
    """Return an archive of a test's own, from which a case file was handed over."""
    archive = built[1]
    shutil.copytree(archive.path, tmp_path / "archive")
    return SmallArchive(tmp_path / "archive", archive.signer, archive.items, archive.accession)
