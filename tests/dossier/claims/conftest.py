"""The harbour case in an archive, and a case file of it, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from dossier.claims.harbour import Harbour, adoption, copy_of, records
from dossier.small_archive import SmallArchive


@pytest.fixture(scope="session")
def kept(made: SmallArchive, tmp_path_factory: pytest.TempPathFactory) -> Harbour:
    """Return the archive that tests only copy: P1 is adopted."""
    place = tmp_path_factory.mktemp("harbour") / "archive"
    harbour = copy_of(Harbour(made), place)
    harbour.write(*records())
    harbour.write(adoption("P1"))
    return harbour


@pytest.fixture
def harbour(kept: Harbour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Harbour:
    """Return an archive of a test's own; its case files come without eighty small vectors."""
    monkeypatch.setattr("dalil.dossier.casefile.formats", lambda: iter(()))
    return copy_of(kept, tmp_path / "archive")


@pytest.fixture(scope="session")
def handed_over(kept: Harbour, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a case file with claims that tests only read or copy."""
    place = tmp_path_factory.mktemp("handed-over")
    copy = copy_of(kept, place / "archive")
    return copy.build(place / "case", who=(("the Old Mole", "2013-04-16"),)).path
