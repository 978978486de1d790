"""Which trees there are: those of the program, those that somebody brought; who checked what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.index.view import View
from dalil.casebook.law.reading import read_tree
from dalil.casebook.law.tree import Element, Tree
from dalil.casebook.record.form import id_for
from dalil.casebook.record.law import PIECE, LawTree, SignedOff
from dalil.casebook.report.desk import open_desk
from dalil.errors import ImportRefused, NoSuchThing

OURS = ("rome", "vstgb")


@dataclass(frozen=True, slots=True)
class Held:
    """A tree, and the record that brought it (none: it is the program's own)."""

    tree: Tree
    brought: Known | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A tree that somebody brought and that cannot be read, since it was not brought as one."""

    record: str
    key: str
    about: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Who checked an element, when (UTC) and why they hold it to be right.

    ``holds``: nothing of it has changed since.
    """

    record: str
    by: str
    by_key: str
    at: str
    reasoning: str
    holds: bool


@cache
def _ours(key: str) -> Tree:
    text = (resources.files("dalil.casebook.law") / "trees" / f"{key}.yaml").read_text("utf-8")
    return read_tree(text)


def trees(casebook: Casebook, view: View) -> tuple[Held, ...]:
    """Return every tree that may be seen, the program's first; of one key the brought one."""
    found = {key: Held(_ours(key)) for key in OURS}
    for known, record in _brought(casebook, view):
        with suppress(ImportRefused):
            found[record.key] = Held(_read(record), known)
    return tuple(found.values())


def unread_trees(casebook: Casebook, view: View) -> tuple[Unread, ...]:
    """Return the trees that were brought and cannot be read, each with what is wrong."""
    found = []
    for _, record in _brought(casebook, view):
        try:
            _read(record)
        except ImportRefused as refused:
            found.append(Unread(record.id, record.key, refused.about))
    return tuple(found)


def tree_called(casebook: Casebook, view: View, key: str) -> Tree:
    """Return one tree.

    Raises:
        NoSuchThing: there is none of this name that may be seen and read.

    """
    # Of two that somebody brought under one key, the later one, as in the list.
    for _, record in reversed(list(_brought(casebook, view))):
        if record.key == key:
            with suppress(ImportRefused):
                return _read(record)
    if key in OURS:
        return _ours(key)
    raise NoSuchThing(f"tree {key[:80]}")


def _brought(casebook: Casebook, view: View) -> Iterator[tuple[Known, LawTree]]:
    for known in casebook.find(LawTree, view):
        record = known.record
        if isinstance(record, LawTree) and record.withdrawn is None:
            yield known, record


def _read(record: LawTree) -> Tree:
    tree = read_tree("".join(record.pieces))
    if tree.key != record.key:
        raise ImportRefused(f"key: the tree calls itself {tree.key}, and not {record.key}")
    return tree


def tree_record(casebook: Casebook, text: str, see: str = "restricted") -> LawTree:
    """Return a tree as the record that brings it, or revises what was brought under its key.

    Raises:
        ImportRefused: it is no tree; every line that is wrong is named.

    """
    tree = read_tree(text)
    id_ = id_for("law_tree", casebook.ledger.origin, tree.key)
    pieces = tuple(text[n : n + PIECE] for n in range(0, len(text), PIECE))
    before = list(casebook.with_ids([id_], View(clearance=2)))
    revises = before[0].revision + 1 if before else 0
    return LawTree(id=id_, revises=revises, see=see, key=tree.key, pieces=pieces)


def signed_off(
    casebook: Casebook, view: View, tree: Tree, elements: Iterable[Element]
) -> Mapping[str, tuple[Signed, ...]]:
    """Return who checked which of these elements, by element; what was withdrawn is left out."""
    wanted = {each.id: each.digest for each in elements}
    desk = open_desk(casebook, view)
    found: dict[str, tuple[Signed, ...]] = {}
    for known in casebook.find(SignedOff, view):
        said = known.record
        if not isinstance(said, SignedOff) or said.withdrawn is not None:
            continue
        if said.tree == tree.key and said.element in wanted:
            signed = Signed(
                said.id, desk.who(known.by_key), known.by_key or "", known.recorded_at,
                said.reasoning, said.said == wanted[said.element],
            )  # fmt: skip
            found[said.element] = (*found.get(said.element, ()), signed)
    return found
