"""Items of an archive on one clock: their sound read apart, each pair compared, all placed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from dalil.engines.processes import bounds_of_file, run_isolated
from dalil.errors import MediaTooLarge, Refusal
from dalil.match.sync.clock import Clock, Sighting, common_clock
from dalil.match.sync.motion import seen_moment
from dalil.match.sync.sound import RATE, Heard, made_ready, shared_moment
from dalil.media.features.features import Motion
from dalil.media.features.stored import read_features
from dalil.media.sound.track import Track, read_track
from dalil.vault.derived import features_place
from dalil.vault.vault import Vault

MOST_SECONDS = 4 * 3600
MOST_TOGETHER_SECONDS = 24 * 3600
WORKERS = 2

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Told:
    """What one pair said: ``said`` is "sound", "motion" or why it cannot be told, in a word."""

    a: int
    b: int
    said: str


@dataclass(frozen=True, slots=True)
class Together:
    """Items in the order given, the clock of the first, what each pair said, what was not heard.

    ``unheard``: (number of the item, why all or the rest of it was not heard). Pairs speak in words
    of `sound.shared_moment` and `motion.seen_moment`.
    """

    items: tuple[str, ...]
    clock: Clock
    pairs: tuple[Told, ...]
    unheard: tuple[tuple[int, str], ...]


def place_together(
    archive: Path, items: Sequence[str], progress: Progress | None = None
) -> Together:
    """Place recordings of one moment on the clock of the first.

    Args:
        archive: the archive; it is only read.
        items: whole ids, each once.
        progress: is told pairs done and pairs in all.

    Raises:
        MediaTooLarge: more than a day of sound together. NotAnArchive, Missing: see `Vault`.

    """
    vault = Vault.open(archive)
    heard, unheard = _heard([vault.original_path(item) for item in items])
    films = [_motion(archive, item) for item in items]
    sightings: list[Sighting] = []
    pairs: list[Told] = []
    numbers = list(combinations(range(len(items)), 2))
    for done, (a, b) in enumerate(numbers):
        for found in _of_pair(a, b, heard, films):
            pairs.append(Told(a, b, found.by if isinstance(found, Sighting) else found))
            if isinstance(found, Sighting):
                sightings.append(found)
        if progress:
            progress(done + 1, len(numbers))
    clock = common_clock(len(items), sightings)
    return Together(tuple(items), clock, tuple(pairs), tuple(unheard))


def _of_pair(
    a: int, b: int, heard: dict[int, Heard], films: Sequence[Motion | None]
) -> list[Sighting | str]:
    """Ask sound, and where it does not say it, motion."""
    by_sound: Sighting | str = "silent"
    if a in heard and b in heard:
        by_sound = shared_moment(a, heard[a], b, heard[b])
    if isinstance(by_sound, Sighting):
        return [by_sound]
    film_a, film_b = films[a], films[b]
    if film_a is None or film_b is None:
        return [by_sound]
    by_motion = seen_moment(a, film_a, b, film_b)
    return [by_motion] if isinstance(by_motion, Sighting) else [by_sound]


def _heard(originals: Sequence[Path]) -> tuple[dict[int, Heard], list[tuple[int, str]]]:
    """Read the sound of untrusted files, each in a process of its own."""
    heard: dict[int, Heard] = {}
    unheard: list[tuple[int, str]] = []
    calls = [(path, RATE, MOST_SECONDS) for path in originals]
    number = {path: i for i, path in enumerate(originals)}
    whole = 0
    made = run_isolated(read_track, calls, WORKERS, bounds_of_file)
    for call, result in made:
        place = number[call[0]]
        if isinstance(result, Track):
            whole += result.samples.size
            if whole > MOST_TOGETHER_SECONDS * RATE:
                raise MediaTooLarge("more than a day of sound together")
            heard[place] = made_ready(result)
            if result.left_out:
                unheard.append((place, result.left_out))
        elif isinstance(result, Refusal):
            unheard.append((place, result.about or result.happened))
    return heard, sorted(unheard)


def _motion(archive: Path, item: str) -> Motion | None:
    features = read_features(features_place(archive, item))
    return features.films[0].motion if features is not None and features.films else None
