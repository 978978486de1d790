"""Working copies on the desk's disk: made once for a recipe, in a process that knows no key."""

from __future__ import annotations

import json
import os
import shutil
import time
from array import array
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from django.conf import settings

from dalil.engines.files import rename_durably
from dalil.engines.processes import bounds_for, run_isolated
from dalil.errors import Refusal, WorkerDied
from dalil.media.working_copy.recipe import Recipe
from dalil.media.working_copy.rendition import Rendition, make_rendition
from dalil.media.working_copy.waveform import waveform
from dalil.vault.vault import Vault

FILM, TIMES, PEAKS, SAID = "film.mp4", "times", "peaks", "said.json"
PARTS = 1200
KEPT_SECONDS = 7 * 86400


@dataclass(frozen=True, slots=True)
class Copy:
    """A working copy that lies here: its folder, SHA-256, length in bytes, size in pixels."""

    folder: Path
    sha256: str
    length: int
    width: int
    height: int
    timebase: tuple[int, int]
    with_sound: bool

    @property
    def film(self) -> Path:
        """The film itself."""
        return self.folder / FILM

    def times(self) -> array[int]:
        """Return the time stamps of its pictures in the original, in ticks."""
        found = array("q")
        found.frombytes((self.folder / TIMES).read_bytes())
        return found


def find(digest: str) -> Copy | None:
    """Return the working copy of a recipe, if it lies here."""
    folder = _place(digest)
    try:
        said = json.loads((folder / SAID).read_text("ascii"))
    except FileNotFoundError:
        return None
    tick_n, tick_d = said["timebase"]
    return Copy(
        folder,
        str(said["sha256"]),
        int(said["length"]),
        int(said["width"]),
        int(said["height"]),
        (int(tick_n), int(tick_d)),
        bool(said["with_sound"]),
    )


def make(archive: Path, item: str, recipe: Recipe) -> Copy:
    """Make the working copy of a recipe, unless it lies here.

    Raises:
        MediaUnreadable: FFmpeg reads no footage in it. MediaTooLarge: it takes too much.
        Missing: the original is not there. NoSuchThing: no picture lies in this stretch.

    """
    known = find(recipe.digest)
    if known is not None:
        os.utime(known.folder)
        return known
    _clear_old()
    original = Vault.open(archive).original_path(item)
    beside = _place(recipe.digest).with_name(f"{recipe.digest}.{os.getpid()}")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700, parents=True)
    try:
        size = original.stat().st_size
        calls = [(original, beside, recipe)]
        for _, result in run_isolated(make_in, calls, 1, lambda _: bounds_for(size)):
            if isinstance(result, Refusal):
                raise result
        if not _place(recipe.digest).exists():
            rename_durably(beside, _place(recipe.digest))
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    made = find(recipe.digest)
    if made is None:
        raise WorkerDied("(no working copy)")
    return made


def make_in(original: Path, folder: Path, recipe: Recipe) -> None:
    """Write film, times, peaks and what is said of them into a folder (in a worker)."""
    made = make_rendition(original, folder / FILM, recipe)
    times = array("q", made.pts)
    (folder / TIMES).write_bytes(times.tobytes())
    tick = Fraction(*made.timebase)
    end = max(made.pts[-1] + 1, recipe.pts_end)
    loud = waveform(original, made.pts[0] * tick, end * tick, PARTS)
    (folder / PEAKS).write_bytes(loud.peaks)
    (folder / SAID).write_text(json.dumps(_said(made)), "ascii")


def _said(made: Rendition) -> dict[str, object]:
    return {
        "sha256": made.sha256,
        "length": made.length,
        "width": made.width,
        "height": made.height,
        "timebase": list(made.timebase),
        "with_sound": made.with_sound,
    }


def _place(digest: str) -> Path:
    place: Path = settings.DESK / "viewing" / "copies" / digest
    return place


def _clear_old() -> None:
    """Remove copies that nobody asked for in a week: they can be made again, the same."""
    folder = _place("x").parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in folder.iterdir():
        if time.time() - each.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(each, ignore_errors=True)
