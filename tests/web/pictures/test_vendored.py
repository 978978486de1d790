"""What the pages bring from others is what the lock file builds, with licences, calling nobody."""

import re
import subprocess
from pathlib import Path

from architecture.house import PACKAGE
from peers import need

WEB = PACKAGE / "web"
VENDOR = WEB / "vendor"
LICENCE = re.compile(r"^(\S+) [0-9][\w.-]* \((.+)\)$", re.MULTILINE)
FREE = {"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"}


def bytes_under(folder: Path) -> dict[str, bytes]:
    """Return every file by its place."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_lock_file_builds_these_bytes(tmp_path: Path) -> None:
    need("esbuild")
    node = need("node")
    subprocess.run([node, VENDOR / "build.mjs", tmp_path], check=True, capture_output=True)
    built = bytes_under(tmp_path)
    kept = {
        name: data
        for name, data in bytes_under(WEB / "static").items()
        if name.startswith(("vendor/", "fonts/"))
    }
    assert built.keys() == kept.keys()
    assert [name for name in built if built[name] != kept[name]] == []


def test_each_library_comes_with_a_licence_that_lets_anybody_use_it() -> None:
    text = (WEB / "static" / "vendor" / "LICENSES.txt").read_text("utf-8")
    named = dict(LICENCE.findall(text))
    assert {"vis-timeline", "maplibre-gl", "cytoscape", "@dagrejs/dagre", "moment"} <= set(named)
    for name, licence in named.items():
        assert set(re.findall(r"[\w.-]+", licence)) - {"OR"} <= FREE, name


def test_the_map_of_the_world_names_nothing_and_nobody() -> None:
    text = (WEB / "static" / "vendor" / "world.json").read_text("utf-8")
    assert set(re.findall(r'"(\w+)"', text)) == {
        "type", "Feature", "properties", "geometry", "MultiPolygon", "coordinates",
    }  # fmt: skip
