"""Other people's programs, against which ours is checked."""

import os
import shutil
from pathlib import Path

import pytest

# Peers that are no program on the PATH, and where Debian puts them.
PLACES = {
    "go-x-mod": Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/note/note.go"),
    # `npm ci` in src/dalil/web/vendor puts it there.
    "esbuild": Path(__file__).parents[1] / "src/dalil/web/vendor/node_modules/.bin/esbuild",
}


def need(name: str) -> str:
    """Return the path of a peer; without it skip, or fail where DALIL_PEERS=required."""
    place = PLACES.get(name)
    found = shutil.which(name) if place is None else str(place) if place.exists() else None
    if found is not None:
        return found
    absent = f"NOT CHECKED against {name}: it is not on this machine (.ci/run installs it)"
    if os.environ.get("DALIL_PEERS") == "required":
        pytest.fail(absent, pytrace=False)
    pytest.skip(absent)
