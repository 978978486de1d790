"""The grave, made once; each test that writes has a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from casebook.sites.pit import Pit, copy_of, dig
from dalil.casebook.index.view import view_of
from dalil.casebook.report.paged.site import show_site


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Pit:
    """Return the grave that tests only read or copy."""
    pit = dig(tmp_path_factory.mktemp("pit"))
    show_site(pit.bureau.casebook, view_of("sealed"), pit.site)  # the index is written once
    return pit


@pytest.fixture
def pit(kept: Pit, tmp_path: Path) -> Pit:
    """Return the grave of a test's own."""
    return copy_of(kept, tmp_path)
