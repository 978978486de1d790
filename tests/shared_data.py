"""The real sets beside the repository: read where they lie, never committed."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(*below: str) -> Path:
    """Return a place below ``../shared``; without it skip, or fail where peers are required."""
    path = SHARED.joinpath(*below)
    if not path.exists():
        said = f"{path} is not here"
        if os.environ.get("DALIL_PEERS"):
            pytest.fail(said)
        pytest.skip(said)
    return path
