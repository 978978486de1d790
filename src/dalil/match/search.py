"""All items of an archive against all, and files from outside against them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from dalil.engines.files import locked, make_folders, sha256_of
from dalil.engines.processes import bounds_of_file, run_isolated
from dalil.errors import ArchiveBusy, Refusal, UsageRefused
from dalil.kernel.salt import KEY_BYTES, ROOT_ID_BYTES, SealSecret
from dalil.ledger.ledger import Ledger
from dalil.match.exact import FRAMES, PACKETS, films_of, frame_chain, packet_chain, samples
from dalil.match.found import NONE, QUERY, Found
from dalil.match.held.catalogue import Catalogue, Chains, Entered
from dalil.match.held.index import CANDIDATES, LookIndex
from dalil.match.held.making import make_missing
from dalil.match.pair import Side, compare_files, same_bytes
from dalil.media.features.stored import read_features
from dalil.media.features.watched import FEATURES, survey_and_watch
from dalil.media.tables import Tables
from dalil.vault.derived import DERIVED, features_place
from dalil.vault.vault import Vault, remove_tree

LOCK, ASKED, OURS = "match.lock", "asked-", "lock"
NO_FEATURES = "none"
# Sound prints that are equal to the bit; silence has a few that all silences share.
SOUND, HEARD_AT_LEAST = 2, 4

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Matched:
    """What comparing an archive came to: features made, items and pairs compared, what is new."""

    made: int
    items: int
    pairs: int
    leads: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One file from outside: its name and digest, leads by falling score, what stood in the way.

    ``waiting``: items that it could not be compared with yet.
    """

    name: str
    sha256: str
    leads: tuple[Found, ...]
    problems: tuple[str, ...]
    waiting: int


def match_all(archive: Path, progress: Progress | None = None) -> Matched:
    """Compare every item that is new with all others; stopped anywhere, the same call goes on.

    Raises:
        ArchiveBusy: another call is comparing. NotAnArchive: there is none. NoSpace: disk full.

    """
    vault = Vault.open(archive)
    with _held(vault):
        made = make_missing(archive, progress)
        house = _House.prepared(vault)
        waiting = [each for each in house.catalogue.entered() if not each.made_by]
        pairs, leads = 0, list[Found]()
        for done, entered in enumerate(waiting):
            if progress:
                progress(done, len(waiting))
            found = house.compared(entered)
            pairs += len(found)
            told = [each for each in found if each.verdict != NONE]
            house.catalogue.keep(entered.item, house.made_by(entered.item), told)
            leads += told
        if progress:
            progress(len(waiting), len(waiting))
    ranked = sorted(leads, key=lambda each: (-each.score, each.a, each.b))
    return Matched(made, len(waiting), pairs, tuple(ranked))


def find_copies(
    archive: Path, files: Sequence[Path], progress: Progress | None = None
) -> tuple[Asked, ...]:
    """Compare files from outside with every item; nothing of them is kept.

    Each is read in a process of its own, into a folder that is gone afterwards. Of an archive that
    cannot be written, items are compared with as far as they were before.

    Raises:
        UsageRefused: a file is not there. NotAnArchive: there is no archive.

    """
    vault = Vault.open(archive)
    for file in files:
        if not file.is_file():
            raise UsageRefused(f"{file}: there is no file of this name")
    # Somebody may be comparing all; then this one is compared with what they have come to. So it is
    # where nothing can be written.
    if _may_write(archive):
        with suppress(ArchiveBusy), _held(vault):
            make_missing(archive, progress)
            _House.prepared(vault)
    house = _House(vault, Catalogue.open(archive))
    asked = []
    for done, file in enumerate(files):
        if progress:
            progress(done, len(files))
        asked.append(house.asked(file))
    return tuple(asked)


class _House:
    """One archive with its catalogue and its index of pictures."""

    def __init__(self, vault: Vault, catalogue: Catalogue) -> None:
        self.vault, self.catalogue = vault, catalogue
        self.ledger = Ledger.open(vault.archive)
        self.index = LookIndex.open(vault.archive, catalogue.id)
        self._entered = {each.number: each for each in catalogue.entered()}

    @classmethod
    def prepared(cls, vault: Vault) -> _House:
        """Enter every item that is new, and take out those that changed or went."""
        house = cls(vault, Catalogue.made(vault.archive))
        house.enter()
        return cls(vault, house.catalogue)

    @cached_property
    def here(self) -> list[str]:
        """The items whose originals are in the archive."""
        return [i for i in self.ledger.store.last_about("item") if self.vault.has(i)]

    def enter(self) -> None:
        here = self.here
        known = {each.item: each for each in self._entered.values()}
        current = {item: self.made_by(item) for item in here}
        changed = [
            item
            for item, each in known.items()
            if current.get(item) is None or each.made_by not in {"", current[item]}
        ]
        self.catalogue.forget(changed)
        for item in here:
            if item not in known or item in changed:
                chains = chains_of(Tables(self.vault.tables(item)))
                self.catalogue.enter(item, chains, samples_of(self.side(item, chains)))
        new = [each for each in self.catalogue.entered() if each.number > self.index.last]
        self.index.add((each.number, self.side(each.item, {}).features) for each in new)

    def made_by(self, item: str) -> str:
        """Return by which features an item is compared: another file of them is another answer."""
        try:
            about = features_place(self.vault.archive, item).stat()
        except FileNotFoundError:
            return NO_FEATURES
        return f"{about.st_size}-{about.st_mtime_ns}"

    def side(self, item: str, chains: Chains) -> Side:
        return Side(item, chains, read_features(features_place(self.vault.archive, item)))

    def compared(self, entered: Entered) -> list[Found]:
        """Compare an item with all that came before it."""
        mine = self.side(entered.item, self.catalogue.chains(entered.number))
        earlier = {number for number in self._entered if number < entered.number}
        found = []
        for number, look in self.candidates(mine, earlier):
            theirs = self.side(self._entered[number].item, self.catalogue.chains(number))
            # Whichever came first: one order for a pair, and one answer.
            first, second = sorted((mine, theirs), key=lambda side: side.name)
            found.append(compare_files(first, second, look=look))
        return found

    def candidates(self, side: Side, among: AbstractSet[int]) -> list[tuple[int, bool]]:
        """Return the items that may hold the same, and whether their pictures bear comparing."""
        wanted: dict[int, set[int]] = {PACKETS: set(), FRAMES: set(), SOUND: set()}
        for kind, head in samples_of(side):
            wanted[kind].add(head)
        exact, heard = set[int](), set[int]()
        for kind, heads in wanted.items():
            shared = self.catalogue.sharing(kind, sorted(heads))
            if kind == SOUND:
                heard = _loudest(shared, among)
            else:
                exact |= among & set(shared)
        features = side.features
        alike = self.index.candidates(features, among) if features is not None else set()
        alike |= heard
        return [(number, number in alike) for number in sorted(exact | alike)]

    def asked(self, file: Path) -> Asked:
        """Compare one file from outside."""
        digest = sha256_of(file)
        compared = {each.item for each in self._entered.values() if each.made_by}
        waiting = len(set(self.here) - compared)
        with _read(self.vault, file) as (side, problems):
            mine = Side(QUERY + digest, side.chains, side.features)
            same = self._of_bytes(digest, file.stat().st_size)
            leads = [same_bytes(mine, self.side(item, {})) for item in same]
            for number, look in self.candidates(mine, set(self._entered)):
                item = self._entered[number].item
                if item not in same:
                    theirs = self.side(item, self.catalogue.chains(number))
                    leads.append(compare_files(mine, theirs, look=look))
        told = [each for each in leads if each.verdict != NONE]
        told.sort(key=lambda each: (-each.score, each.b))
        return Asked(file.name, digest, tuple(told), problems, waiting)

    def _of_bytes(self, sha256: str, length: int) -> list[str]:
        acts = (entry.act.opened() for entry in self.ledger.acts_on_digest(sha256))
        return sorted({str(act["item"]) for act in acts if act.get("length") == length})


def chains_of(tables: Tables) -> Chains:
    """Return the chains of a sealed file by (kind, film)."""
    found = {}
    for film in films_of(tables):
        found[PACKETS, film] = packet_chain(tables, film)
        frames = frame_chain(tables, film)
        if len(frames.heads):
            found[FRAMES, film] = frames
    return found


def samples_of(side: Side) -> Iterator[tuple[int, int]]:
    """Yield what a file is looked up by: (kind, head)."""
    for (kind, _), chain in side.chains.items():
        yield from ((kind, head) for head in samples(chain).tolist())
    for track in side.features.sounds if side.features is not None else ():
        yield from ((SOUND, head) for head in np.unique(track.chromaprint).tolist())


def _loudest(shared: dict[int, int], among: AbstractSet[int]) -> set[int]:
    enough = [each for each in among & set(shared) if shared[each] >= HEARD_AT_LEAST]
    return set(sorted(enough, key=lambda each: (-shared[each], each))[:CANDIDATES])


def survey_query(path: Path, folder: Path) -> None:
    """Read a file from outside, tables and features, into ``folder``; runs in its own process."""
    secret = SealSecret(os.urandom(KEY_BYTES), os.urandom(ROOT_ID_BYTES))
    survey_and_watch(path, folder, secret, True, folder)  # noqa: FBT003 - with its pictures


@contextmanager
def _read(vault: Vault, file: Path) -> Iterator[tuple[Side, tuple[str, ...]]]:
    with _room(vault.archive) as folder:
        calls = [(file.absolute(), folder)]
        ((_, result),) = list(run_isolated(survey_query, calls, 1, bounds_of_file))
        if isinstance(result, Refusal):
            yield Side("", {}, None), (str(result),)
            return
        tables = Tables(folder)
        features = read_features(folder / FEATURES)
        problems = list(tables.summary["warnings"])
        if why := tables.summary["why_bytes"]:
            problems.append(why)
        if features is not None:
            problems += features.problems
        yield Side("", chains_of(tables), features), tuple(problems)


@contextmanager
def _room(archive: Path) -> Iterator[Path]:
    """Yield an empty folder that is gone afterwards, and that the next call removes if we die.

    Of an archive that cannot be written it lies where the system keeps what is passing.
    """
    if not _may_write(archive):
        with TemporaryDirectory(prefix="dalil-") as passing:
            yield Path(passing)
        return
    derived = archive / DERIVED
    make_folders(derived)
    for left in derived.glob(f"{ASKED}*"):
        with suppress(ArchiveBusy, FileNotFoundError), locked(left / OURS, 0):
            remove_tree(left)
    folder = derived / f"{ASKED}{os.urandom(8).hex()}"
    folder.mkdir(mode=0o700)
    try:
        with locked(folder / OURS, 0):
            yield folder
    finally:
        remove_tree(folder)


def _may_write(archive: Path) -> bool:
    places = (archive, archive / DERIVED)
    return all(os.access(each, os.W_OK) for each in places if each.exists())


@contextmanager
def _held(vault: Vault) -> Iterator[None]:
    """Hold the comparing of an archive."""
    make_folders(vault.archive / DERIVED)
    with locked(vault.archive / DERIVED / LOCK, 0):
        yield
