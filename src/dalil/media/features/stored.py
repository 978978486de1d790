"""Features and montages on the disk: NumPy's npz, no pickle, each array checked as it is read.

A file that is damaged or of another edition counts as absent: what is derived is made anew.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from dalil.errors import Malformed
from dalil.kernel import canonical
from dalil.kernel.canonical import Json
from dalil.media.features.features import (
    EDITION,
    LOOK_SIDE,
    MOTION_SIDE,
    Features,
    Heard,
    Motion,
    Points,
    Prints,
    Seen,
)
from dalil.media.features.makers.montage import Montage

ABOUT = "about"
RECIPE = f"dalil/features/{EDITION}: 8 Hz of {MOTION_SIDE}, 1 Hz of {LOOK_SIDE}"
FILM_NUMBERS = ("stream", "width", "height", "frames", "length_ns", "look_width", "look_height")
SOUND_NUMBERS = ("stream", "start_ns", "length_ns", "print_every_ns", "loud_every_ns")
SHEET_NUMBERS = ("stream", "across", "width", "height")
UNREADABLE = (
    OSError, KeyError, ValueError, TypeError, EOFError, struct.error, zipfile.BadZipFile,
    NotImplementedError, Malformed,
)  # fmt: skip

Shape = tuple[int | None, ...]
Kept = TypeVar("Kept")


def write_features(path: Path, features: Features) -> None:
    """Write features to ``path``: the same features give the same bytes."""
    about: dict[str, Json] = {
        "edition": features.edition, "recipe": RECIPE, "learned_by": features.learned_by,
        "made_with": {"av": av.__version__, "cv2": cv2.__version__, "numpy": np.__version__},
        "problems": list(features.problems),
        "films": [_numbers(film, FILM_NUMBERS) | {"every_ns": film.motion.every_ns}
                  for film in features.films],
        "sounds": [_numbers(sound, SOUND_NUMBERS) for sound in features.sounds],
    }  # fmt: skip
    arrays: dict[str, NDArray[Any]] = {}
    for number, film in enumerate(features.films):
        arrays |= {f"film{number}.{name}": array for name, array in _film_arrays(film).items()}
    for number, sound in enumerate(features.sounds):
        arrays[f"sound{number}.chromaprint"] = sound.chromaprint
        arrays[f"sound{number}.loudness"] = sound.loudness
    _write(path, about, arrays)


def read_features(path: Path) -> Features | None:
    """Return the features at ``path``, or None where none of this edition are whole."""
    return _read(path, _features)


def write_montages(path: Path, montages: Sequence[Montage]) -> None:
    """Write the sheets of a file's films to ``path``."""
    about: dict[str, Json] = {
        "edition": EDITION,
        "sheets": [_numbers(each, SHEET_NUMBERS) for each in montages],
    }
    arrays: dict[str, NDArray[Any]] = {}
    for number, each in enumerate(montages):
        arrays[f"sheet{number}.times"] = each.times
        arrays[f"sheet{number}.jpeg"] = each.jpeg
    _write(path, about, arrays)


def read_montages(path: Path) -> tuple[Montage, ...] | None:
    """Return the sheets at ``path``, or None where none of this edition are whole."""
    return _read(path, _montages)


def _numbers(thing: object, names: Sequence[str]) -> dict[str, Json]:
    return {name: getattr(thing, name) for name in names}


def _film_arrays(film: Seen) -> dict[str, NDArray[Any]]:
    return {
        "shots": film.shots, "looks": film.looks,
        "hashes": film.prints.hashes, "quality": film.prints.quality,
        "start": film.points.start, "places": film.points.places, "sizes": film.points.sizes,
        "angles": film.points.angles, "descriptors": film.points.descriptors,
        "motion": film.motion.grid, "learned": film.learned,
    }  # fmt: skip


def _write(path: Path, about: dict[str, Json], arrays: dict[str, NDArray[Any]]) -> None:
    said = np.frombuffer(canonical.encode(about), np.uint8)
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **{ABOUT: said}, **arrays)
    path.chmod(0o600)


def _read(path: Path, parsed: Callable[[_Arrays, Any], Kept]) -> Kept | None:
    try:
        with zipfile.ZipFile(path) as untrusted:
            arrays = _Arrays(untrusted)
            about = canonical.decode(arrays.take(ABOUT, "u1", (None,)).tobytes())
            if about["edition"] != EDITION:
                return None
            found = parsed(arrays, about)
            arrays.demand_all_taken()
    except UNREADABLE:
        return None
    return found


class _Arrays:
    """The members of an npz, each taken once, as what it must be."""

    def __init__(self, untrusted: zipfile.ZipFile) -> None:
        self._zip = untrusted
        self._left = set(untrusted.namelist())

    def take(self, name: str, kind: str, shape: Shape) -> NDArray[Any]:
        """Return an array of this kind and shape; None in ``shape`` is any length.

        Raises:
            Malformed: it is another. KeyError: it is not there.

        """
        info = self._zip.getinfo(f"{name}.npy")
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            raise Malformed(name)
        self._left.remove(info.filename)
        data = self._zip.read(info)
        head = io.BytesIO(data)
        if np.lib.format.read_magic(head) != (1, 0):
            raise Malformed(name)
        found, by_columns, dtype = np.lib.format.read_array_header_1_0(head)
        fits = len(found) == len(shape) and all(
            want in (None, have) for want, have in zip(shape, found, strict=True)
        )
        if by_columns or dtype != np.dtype(f"<{kind}") or not fits:
            raise Malformed(name)
        return np.frombuffer(data, dtype, offset=head.tell()).reshape(found)

    def demand_all_taken(self) -> None:
        """Refuse what nobody asked for.

        Raises:
            Malformed: something is left.

        """
        if self._left:
            raise Malformed("more than features")


def _features(arrays: _Arrays, about: Any) -> Features:  # noqa: ANN401 - parsed here
    films = tuple(_film(arrays, f"film{i}", each) for i, each in enumerate(about["films"]))
    sounds = tuple(_sound(arrays, f"sound{i}", each) for i, each in enumerate(about["sounds"]))
    problems = tuple(map(_text, about["problems"]))
    return Features(EDITION, films, sounds, _text(about["learned_by"]), problems)


def _film(arrays: _Arrays, head: str, about: Any) -> Seen:  # noqa: ANN401 - parsed here
    def take(name: str, kind: str, *shape: int | None) -> NDArray[Any]:
        return arrays.take(f"{head}.{name}", kind, shape)

    stream, width, height, frames, length, wide, high = _whole(about, FILM_NUMBERS)
    (every_ns,) = _whole(about, ("every_ns",))
    looks = take("looks", "i8", None)
    count = len(looks)
    prints = Prints(take("hashes", "u1", count, 8, 32), take("quality", "u1", count))
    start = take("start", "i8", count + 1)
    total = int(start[-1])
    if start[0] != 0 or (np.diff(start) < 0).any() or (np.diff(looks) <= 0).any() or every_ns < 1:
        raise Malformed(head)
    points = Points(
        start, take("places", "f4", total, 2), take("sizes", "f4", total),
        take("angles", "f4", total), take("descriptors", "u1", total, 128),
    )  # fmt: skip
    learned = take("learned", "f2", None, None)
    if len(learned) not in {0, count}:
        raise Malformed(head)
    motion = Motion(every_ns, take("motion", "u1", None, None, None))
    return Seen(
        stream, width, height, frames, length, take("shots", "i8", None), looks, wide, high,
        prints, points, motion, learned,
    )  # fmt: skip


def _sound(arrays: _Arrays, head: str, about: Any) -> Heard:  # noqa: ANN401 - parsed here
    stream, start, length, print_every, loud_every = _whole(about, SOUND_NUMBERS)
    if print_every < 1 or loud_every < 1:
        raise Malformed(head)
    prints = arrays.take(f"{head}.chromaprint", "u4", (None,))
    loudness = arrays.take(f"{head}.loudness", "u1", (None,))
    return Heard(stream, start, length, print_every, prints, loud_every, loudness)


def _montages(arrays: _Arrays, about: Any) -> tuple[Montage, ...]:  # noqa: ANN401 - parsed here
    return tuple(_sheet(arrays, f"sheet{i}", each) for i, each in enumerate(about["sheets"]))


def _sheet(arrays: _Arrays, head: str, about: Any) -> Montage:  # noqa: ANN401 - parsed here
    stream, across, width, height = _whole(about, SHEET_NUMBERS)
    times = arrays.take(f"{head}.times", "i8", (None,))
    jpeg = arrays.take(f"{head}.jpeg", "u1", (None,))
    return Montage(stream, across, width, height, times, jpeg)


def _whole(about: Any, names: Sequence[str]) -> list[int]:  # noqa: ANN401 - parsed here
    values = [about[name] for name in names]
    if any(type(value) is not int for value in values):
        raise Malformed("not a number")
    return values


def _text(untrusted: object) -> str:
    if not isinstance(untrusted, str):
        raise Malformed("not a text")
    return untrusted
