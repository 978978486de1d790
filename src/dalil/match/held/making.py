"""Features of items that have none of this edition: made from the originals, which stay as are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from dalil.engines.files import locked, make_folders
from dalil.engines.processes import bounds_of_file, run_isolated
from dalil.errors import NoSpace, Refusal
from dalil.kernel import canonical
from dalil.media.features.makers import learned
from dalil.media.features.stored import ABOUT, UNREADABLE
from dalil.media.features.watched import FEATURES, MONTAGES, leave, watch_alone, without
from dalil.vault.derived import (
    DERIVED,
    clear_old_editions,
    features_place,
    keep,
    montages_place,
)
from dalil.vault.vault import Vault, remove_tree

MAKING, LOCK = "making", "making.lock"
WORKERS = 2

Progress = Callable[[int, int], None]


def make_missing(archive: Path, progress: Progress | None = None) -> int:
    """Make the features that are missing, cut short or older, and return of how many items.

    Stopped anywhere, the same call goes on. ``progress`` is told items done and items in all.

    Raises:
        ArchiveBusy: another process makes them. NoSpace: the disk is full; what was made stays.

    """
    vault = Vault.open(archive)
    folder = archive / DERIVED / MAKING
    make_folders(archive / DERIVED)
    with locked(archive / DERIVED / LOCK, 0):
        remove_tree(folder)
        clear_old_editions(archive)
        missing = [item for item in vault.items() if not _is_current(archive, item)]
        done = 0
        calls = _calls(vault, missing, folder)
        try:
            with closing(run_isolated(watch_alone, calls, WORKERS, bounds_of_file)) as results:
                for (_, beside), result in results:
                    _take_over(archive, beside, result)
                    done += 1
                    if progress:
                        progress(done, len(missing))
        finally:
            remove_tree(folder)
    return done


def keep_made(archive: Path, item: str, beside: Path) -> None:
    """Move what a worker left in the folder ``beside`` to its place.

    The features go last: where they lie, all that belongs to them does.
    """
    keep(beside / MONTAGES, montages_place(archive, item))
    keep(beside / FEATURES, features_place(archive, item))


def _is_current(archive: Path, item: str) -> bool:
    """Whether features are there as they would be made today, by what they say of themselves.

    Megabytes of arrays lie behind that; of thousands of items none is read to know it.
    """
    try:
        place = features_place(archive, item)
        with place.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            about = canonical.decode(kept[ABOUT].tobytes())
        wanted = about["learned_by"] == learned.NAME or not about["films"]
    except UNREADABLE:
        return False
    return wanted or learned.place(Path(sys.prefix)) is None


def _calls(vault: Vault, missing: list[str], folder: Path) -> Iterator[tuple[Path, Path]]:
    for item in missing:
        beside = folder / item
        beside.mkdir(parents=True, mode=0o700)
        yield vault.original_path(item), beside


def _take_over(archive: Path, beside: Path, result: Refusal | None) -> None:
    if isinstance(result, NoSpace):
        raise result
    if isinstance(result, Refusal):
        # Said once and kept, or the same file would end the same way each time.
        leave(beside, without(str(result)))
    keep_made(archive, beside.name, beside)
    remove_tree(beside)
