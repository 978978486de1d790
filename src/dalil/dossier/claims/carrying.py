"""Records as they lie in a case file: whole or in part, each with its path to what an act signs."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from dalil.dossier.claims.showing import CLOSED, WHOLE, Shown
from dalil.errors import LogBroken
from dalil.kernel import canonical
from dalil.kernel.canonical import Json
from dalil.kernel.disclosure import b64url
from dalil.kernel.merkle import parents
from dalil.kernel.record import Commitment
from dalil.ledger.act_store import Kept
from dalil.ledger.ledger import Entry, Ledger


@dataclass(frozen=True, slots=True)
class Carried:
    """A record that leaves, how it was committed to, and the path (32 bytes each) to its root."""

    shown: Shown
    kept: Kept
    commitment: Commitment
    path: tuple[bytes, ...]

    @property
    def at(self) -> tuple[int, int]:
        """The act that wrote it, and its place there."""
        return self.shown.known.seq, self.shown.known.place

    def line(self) -> bytes:
        """Return its line of ``records.jsonl``.

        Of a whole record the seed is given: every salt and decoy follows from it, so that a
        stranger sees that nothing is hidden. Of a part only chosen fields are open.
        """
        seq, place = self.at
        path = [base64.b64encode(each).decode("ascii") for each in self.path]
        said: dict[str, Json] = {"act": seq, "path": path, "place": place}
        if self.shown.state == WHOLE:
            said |= {"fields": self.shown.fields(), "seed": b64url(self.kept.seed)}
        else:
            said["record"] = self.commitment.presentation(self.shown.fields())
        return canonical.encode(said) + b"\n"


def carry(ledger: Ledger, shown: Iterable[Shown]) -> tuple[list[Carried], dict[int, Entry]]:
    """Return records in the order of acts and places, and the acts that wrote them, by place.

    Raises:
        LogBroken: an act's records are not those that it signs.

    """
    carried: list[Carried] = []
    acts: dict[int, Entry] = {}
    for seq, group in groupby(shown, key=lambda each: each.known.seq):
        acts[seq] = ledger.act(seq)
        carried += _of_act(ledger, acts[seq], list(group))
    return carried, acts


def labels_of(carried: Sequence[Carried]) -> dict[str, str]:
    """Return how each closed record is called instead of its id: ``withheld-1`` and so on.

    They are numbered by what commits to them, so that a number says nothing.
    """
    first: dict[str, bytes] = {}
    for each in carried:
        if each.shown.state == CLOSED:
            first.setdefault(each.shown.known.record.id, each.commitment.leaf)
    ordered = sorted(first, key=lambda id_: first[id_])
    return {id_: f"withheld-{number}" for number, id_ in enumerate(ordered, 1)}


def _of_act(ledger: Ledger, entry: Entry, shown: Sequence[Shown]) -> Iterator[Carried]:
    kept = ledger.store.records(entry.seq)
    commitments = [each.commitment for each in kept]
    levels = _levels([each.leaf for each in commitments])
    said: Mapping[str, Json] = entry.act.opened()
    if levels[-1][0].hex() != said.get("records_root"):
        raise LogBroken(f"the records of act {entry.seq}")
    for each in shown:
        place = each.known.place
        yield Carried(each, kept[place], commitments[place], tuple(_path(levels, place)))


def _levels(leaves: Sequence[bytes]) -> list[Sequence[bytes]]:
    levels: list[Sequence[bytes]] = [leaves]
    while len(levels[-1]) > 1:
        levels.append(parents(levels[-1]))
    return levels


def _path(levels: Sequence[Sequence[bytes]], place: int) -> Iterator[bytes]:
    for level in levels[:-1]:
        if place ^ 1 < len(level):
            yield level[place ^ 1]
        place //= 2
