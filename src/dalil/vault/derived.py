"""Where what is made from originals lies: thrown away and made again at will, never evidence.

It stands beside the originals, in no seal, no case file and no copy of the archive.
"""

from __future__ import annotations

import os
from pathlib import Path

from dalil.engines.files import disk_room, make_folders, rename_durably, sync_file
from dalil.media.features.features import EDITION
from dalil.vault.ocfl import demand_item
from dalil.vault.vault import remove_tree

DERIVED = "derived"
FEATURES, MONTAGES = "features", "montages"
KINDS = (FEATURES, MONTAGES)


def features_place(archive: Path, item: str) -> Path:
    """Return where the features of an item lie, or would lie."""
    return _place(archive, FEATURES, item)


def montages_place(archive: Path, item: str) -> Path:
    """Return where the sheets of stills of an item lie, or would lie."""
    return _place(archive, MONTAGES, item)


def keep(made: Path, place: Path) -> None:
    """Move a finished file of the same disk to its place, whole or not at all.

    Raises:
        NoSpace: the disk is full.

    """
    make_folders(place.parent)
    handle = os.open(made, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        with disk_room(place):
            sync_file(handle)
    finally:
        os.close(handle)
    with disk_room(place):
        rename_durably(made, place)


def clear_old_editions(archive: Path) -> None:
    """Remove what earlier releases made."""
    current = {f"{kind}-{EDITION}" for kind in KINDS}
    for kind in KINDS:
        for folder in (archive / DERIVED).glob(f"{kind}-*"):
            if folder.name not in current:
                remove_tree(folder)


def _place(archive: Path, kind: str, item: str) -> Path:
    name = demand_item(item)
    return archive / DERIVED / f"{kind}-{EDITION}" / name[:2] / name[2:4] / f"{name}.npz"
