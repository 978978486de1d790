"""What a person says of two files: an act, with reasons, that later acts supersede or withdraw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path

from dalil.errors import Malformed, NoSuchThing, NotAllowed, UsageRefused
from dalil.kernel.act import Act
from dalil.kernel.canonical import Json
from dalil.kernel.disclosure import b64url, from_b64url, open_disclosure
from dalil.ledger.keyring import MACHINE, Signer
from dalil.ledger.ledger import Draft, Entry, Ledger
from dalil.ledger.people import Roster
from dalil.match.found import QUERY, SAME, SCENE, UNSURE, Found
from dalil.match.stated import found_from, stated

JUDGED = "copies-judged"
NOT_SAME, WITHDRAWN = "not-the-same", "withdrawn"
JUDGEMENTS = (SAME, SCENE, NOT_SAME, UNSURE, WITHDRAWN)
ITEM = re.compile(r"[0-9a-f]{32}")
FROM_OUTSIDE = re.compile(QUERY + "[0-9a-f]{64}")
# An act holds a megabyte; of a lead in more pieces than this, the longest are signed and the rest
# counted.
MOST_PIECES = 1000

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Judging:
    """What somebody is about to say: two items, or an item and "query:" with a file's SHA-256.

    ``judgement``: one of ``JUDGEMENTS``. ``lead``: what the machine found, as the person saw it;
    None where it found nothing.
    """

    a: str
    b: str
    judgement: str
    reasons: str
    lead: Found | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person said of one pair, by which act, and when (UTC, the archive's own clock).

    ``key``: base64url of the key that signed. ``lead``: as it stood then; ``left_out`` counts the
    pieces of it that the act does not hold.
    """

    a: str
    b: str
    judgement: str
    reasons: str
    lead: Found | None
    left_out: int
    person: str
    key: str
    at: str
    seq: int

    @property
    def pair(self) -> Pair:
        """The two, in the order of their names: who was named first says nothing."""
        return pair_of(self.a, self.b)


def pair_of(a: str, b: str) -> Pair:
    """Return two names in their order."""
    return (a, b) if a <= b else (b, a)


def judge(archive: Path, signer: Signer, judging: Judging) -> Entry:
    """Write a judgement down; it takes the place of the same person's earlier one on the pair.

    Raises:
        UsageRefused: no reasons, no such judgement, one file twice, no item of this archive, a lead
            about other files, or nothing of one's own to withdraw.
        NoSuchThing: an item that is not here. NotAllowed: a machine, or nobody of this archive.

    """
    _demand_form(judging)
    ledger = Ledger.open(archive)
    items = [each for each in pair_of(judging.a, judging.b) if ITEM.fullmatch(each)]
    for item in items:
        if not ledger.store.count_about(("item", item), ("type", "sealed")):
            raise NoSuchThing(item)

    def demand() -> None:
        roster = ledger.roster()
        person = roster.of_key(signer.public_key)
        if person is None or person.role == MACHINE:
            raise NotAllowed(f"{signer.person_name}: two files are judged by a human")
        if judging.judgement == WITHDRAWN:
            _demand_standing(ledger, roster, judging, signer.public_key)

    draft = Draft(JUDGED, {"items": list(items), **_said(judging)})
    return ledger.append([draft], signer, demand)[0]


def judgements(ledger: Ledger, item: str | None = None) -> tuple[Judgement, ...]:
    """Return what stands: of each person on each pair the newest, the newest first.

    What was withdrawn does not stand. ``item``: only pairs with that one. Where two persons
    disagree, both are here.
    """
    newest: dict[tuple[Pair, str], Judgement] = {}
    humans = _humans(ledger.roster())
    for each in history(ledger, item):
        newest[each.pair, humans[each.key]] = each
    standing = (each for each in newest.values() if each.judgement != WITHDRAWN)
    return tuple(sorted(standing, key=lambda each: -each.seq))


def history(ledger: Ledger, item: str | None = None) -> Iterator[Judgement]:
    """Yield every judgement in the order of acts, those that were superseded or withdrawn too."""
    roster = ledger.roster()
    acts = ledger.acts(JUDGED) if item is None else ledger.acts_about(item)
    for entry in acts:
        if entry.act.type == JUDGED and (found := _read(entry, roster)) is not None:
            yield found


def by_pair(standing: Iterable[Judgement]) -> dict[Pair, tuple[Judgement, ...]]:
    """Return judgements by pair, in the order given."""
    found: dict[Pair, tuple[Judgement, ...]] = {}
    for each in standing:
        found[each.pair] = (*found.get(each.pair, ()), each)
    return found


def _demand_form(judging: Judging) -> None:
    if judging.judgement not in JUDGEMENTS:
        raise UsageRefused(f"a judgement is one of {', '.join(JUDGEMENTS)}")
    if not judging.reasons.strip():
        raise UsageRefused("a judgement is written down with its reasons")
    names = (judging.a, judging.b)
    if not all(ITEM.fullmatch(each) or FROM_OUTSIDE.fullmatch(each) for each in names):
        raise UsageRefused("judged are two items, or an item and query: with a file's SHA-256")
    if judging.a == judging.b or not any(map(ITEM.fullmatch, names)):
        raise UsageRefused("judged are two files, at least one of them an item of the archive")
    if judging.lead is not None and {judging.lead.a, judging.lead.b} != set(names):
        raise UsageRefused("the lead is about other files")


def _demand_standing(ledger: Ledger, roster: Roster, judging: Judging, key: bytes) -> None:
    pair = pair_of(judging.a, judging.b)
    item = next(each for each in pair if ITEM.fullmatch(each))
    humans = _humans(roster)
    standing = (each for each in judgements(ledger, item) if each.pair == pair)
    if all(humans[each.key] != humans[b64url(key)] for each in standing):
        raise UsageRefused("there is no judgement of yours on these two that stands")


def _humans(roster: Roster) -> dict[str, str]:
    """Return who is behind each key: whoever came back with the recovery sheet has two."""
    found: dict[str, str] = {}
    named: dict[str, str] = {}
    for person in sorted(roster.people.values(), key=lambda each: each.since):
        human = named.get(person.name) if person.with_sheet else None
        named[person.name] = human or person.person_id
        found[b64url(person.key)] = named[person.name]
    return found


def _said(judging: Judging) -> dict[str, Json]:
    lead, left_out = judging.lead, 0
    if lead is not None and len(lead.pieces) > MOST_PIECES:
        longest = sorted(lead.pieces, key=attrgetter("a_length_ns"))[-MOST_PIECES:]
        left_out = len(lead.pieces) - MOST_PIECES
        lead = replace(lead, pieces=tuple(each for each in lead.pieces if each in longest))
    return {
        "a": judging.a,
        "b": judging.b,
        "judgement": judging.judgement,
        "reasons": judging.reasons,
        "lead": None if lead is None else stated(lead),
        "left_out": left_out,
    }


def _read(entry: Entry, roster: Roster) -> Judgement | None:
    """Return what an act says; nothing where no human of this archive signed it, or it is none.

    Whoever has the disk can write a row; `dalil log check` says so, and here it counts for nothing.
    """
    said = entry.act.opened()
    key = _signed_by(entry.act)
    try:
        person = roster.of_key(from_b64url(key))
        lead = None if said.get("lead") is None else found_from(said["lead"])
        a, b, judgement, reasons = (str(said[name]) for name in ("a", "b", "judgement", "reasons"))
        left_out = int(said.get("left_out", 0))
    except (Malformed, KeyError, TypeError, ValueError):
        return None
    if person is None or person.role == MACHINE or judgement not in JUDGEMENTS:
        return None
    at = str(said.get("time", ""))
    return Judgement(a, b, judgement, reasons, lead, left_out, person.name, key, at, entry.seq)


def _signed_by(act: Act) -> str:
    """Return the key (base64url) that an act says signed it; whether it did, `check` judges."""
    for each in reversed(act.disclosures):
        opened = open_disclosure(each)
        if opened.name == "by":
            return str(opened.value["key"])
    return ""
