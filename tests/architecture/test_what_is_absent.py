"""What is not here on purpose: faces, hosts, this machine's paths, words that judge."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from architecture.house import PACKAGE, ROOT, files, modules, shown, text_of, tree

FACE_PACKAGES = re.compile(
    r"^(face[-_]?recognition.*|dlib.*|deepface|insightface|facenet.*|mtcnn|retina[-_]?face"
    r"|arcface.*|openface|mediapipe|compreface.*|face[-_]?alignment)$",
    re.IGNORECASE,
)
# OpenCV describes pictures; what it has for faces, and what would load a model for it, stays shut.
FACES_IN_OPENCV = re.compile(r"face|cascade|^dnn|^readNet|^CASCADE|DetectorYN", re.IGNORECASE)
# Each pattern is broken in two, so that this file does not hold what it looks for.
HOSTS = re.compile(
    "|".join(["py" + "pi.org", "python" + "hosted", "deb." + "debian", "npm" + "js"])
)
MACHINE_PATHS = re.compile(r"(?<![\w./-])/(?:w" r"ork|ro" r"ot|t" r"mp|ho" r"me/\w)/")
JUDGING_WORDS = re.compile(
    r"\b(authentic|proves|verified true|chain unbroken|identified|perpetrators?)\b|الجاني",
    re.IGNORECASE,
)
# Others' columns and roles are read and kept under their own names.
QUOTED = {
    f"src/dalil/casebook/exchange/{name}"
    for name in ("maps/bayanat.json", "maps/sfm_v4.json", "sfm_v4/claims.py")
}
VOICES = {".md", ".txt", ".html", ".yaml", ".svg", ".json"}


def taken_from_opencv(path: Path) -> Iterator[str]:
    """Yield the names that a module takes from OpenCV."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "cv2":
            yield from (alias.name for alias in node.names)
            yield (node.module or "").removeprefix("cv2").removeprefix(".")
        elif isinstance(node, ast.Attribute):
            names = ast.unparse(node).split(".")
            if names[0] == "cv2":
                yield from names[1:]


def imported(path: Path) -> set[str]:
    """Return the top names of what a module imports."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def spoken(path: Path) -> Iterator[str]:
    """Yield what a module can say: its string literals, help texts among them."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("name", ["dlib", "face_recognition", "deepface", "insightface"])
def test_a_face_package_would_be_noticed(name: str) -> None:
    assert FACE_PACKAGES.match(name)


@pytest.mark.parametrize(
    "name", ["FaceRecognizerSF", "FaceDetectorYN", "CascadeClassifier", "dnn", "readNetFromONNX"]
)
def test_a_face_taken_from_opencv_would_be_noticed(name: str, tmp_path: Path) -> None:
    module = tmp_path / "looks_for_faces.py"
    module.write_text(f"import cv2\nfound = cv2.{name}('model')\n")
    assert any(FACES_IN_OPENCV.search(each) for each in taken_from_opencv(module))


def test_nothing_is_taken_from_opencv_that_looks_for_faces() -> None:
    taken = {(shown(path), name) for path in modules() for name in taken_from_opencv(path)}
    assert [each for each in taken if FACES_IN_OPENCV.search(each[1])] == []


def test_no_face_recognition_package_is_locked() -> None:
    locks = list((ROOT / "requirements").glob("*"))
    assert locks
    names = [
        name
        for lock in locks
        for name in re.findall(r"^([\w.-]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert [name for name in names if FACE_PACKAGES.match(name)] == []


def test_no_face_recognition_package_is_imported() -> None:
    found = {name for path in modules("tests", "tools", "bench") for name in imported(path)}
    assert [name for name in found if FACE_PACKAGES.match(name)] == []


def test_no_file_names_a_package_host_or_a_path_of_one_machine() -> None:
    named = [
        f"{shown(path)}: {hit.group()}"
        for path in files()
        if (text := text_of(path)) is not None
        for hit in (HOSTS.search(text) or MACHINE_PATHS.search(text),)
        if hit
    ]
    assert named == []


def test_the_program_itself_never_judges() -> None:
    said = [
        f"{shown(path)}: {hit.group()}"
        for path in modules()
        if shown(path) not in QUOTED
        for words in spoken(path)
        if (hit := JUDGING_WORDS.search(words))
    ]
    pages = [path for path in files() if PACKAGE in path.parents and path.suffix in VOICES]
    said += [
        f"{shown(path)}: {hit.group()}"
        for path in pages
        if shown(path) not in QUOTED
        if (hit := JUDGING_WORDS.search(text_of(path) or ""))
    ]
    assert said == []
