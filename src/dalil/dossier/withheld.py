"""What exists in the same accessions and is not in the case file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dalil.errors import CannotTell, LogBroken, Missing, NoSuchThing, UsageRefused
from dalil.kernel import canonical
from dalil.kernel.digest import sha256
from dalil.ledger.ledger import Entry, Ledger

CLASS = re.compile(r"[a-z][a-z-]{1,39}")


@dataclass(frozen=True, slots=True)
class Why:
    """Why something is not here: a short word and a sentence."""

    word: str = "not-included"
    sentence: str = "Not among the items asked for."


@dataclass(frozen=True, slots=True)
class Withheld:
    """One item that is not here; ``commitment`` is SHA-256 of its sealed act's JWT, in hex."""

    accession: str
    commitment: str
    why: Why

    def line(self) -> bytes:
        """Return its line of ``withheld.jsonl``."""
        value = {
            "accession": self.accession,
            "class": self.why.word,
            "commitment": self.commitment,
            "count": 1,
            "reason": self.why.sentence,
        }
        return canonical.encode(value) + b"\n"


def withheld_from(
    ledger: Ledger,
    accessions: Iterable[str],
    exhibited: Sequence[str],
    reasons: Mapping[str, Why],
) -> list[Withheld]:
    """Return every item of the accessions that is no exhibit, in an order that says nothing.

    Raises:
        NoSuchThing: a reason is given for what is not withheld. CannotTell: an accession was
        not closed. LogBroken: its total is not the number of its items. Missing: an item
        without a seal.

    """
    here = frozenset(exhibited)
    found: list[Withheld] = []
    named: set[str] = set()
    for accession in sorted(set(accessions)):
        items = items_of(ledger, accession)
        away = items - here
        named |= away
        found += [
            Withheld(accession, _commitment(ledger, each), reasons.get(each, Why()))
            for each in away
        ]
    unknown = sorted(set(reasons) - named)
    if unknown:
        raise NoSuchThing(f"{unknown[0]}: a reason is given, but it is not withheld here")
    return sorted(found, key=lambda each: (each.accession, each.commitment))


def parse_reasons(words: Iterable[str]) -> dict[str, Why]:
    """Parse ``ITEM=CLASS:REASON`` words.

    Raises:
        UsageRefused: another form.

    """
    found: dict[str, Why] = {}
    for word in words:
        item, equals, rest = word.partition("=")
        kind, colon, reason = rest.partition(":")
        if not equals or not colon or not item or not reason.strip() or not CLASS.fullmatch(kind):
            raise UsageRefused(f"--withheld {word}: ITEM=CLASS:REASON, the class in small letters")
        found[item.strip()] = Why(kind, reason.strip())
    return found


def items_of(ledger: Ledger, accession: str) -> frozenset[str]:
    """Return the items of an accession, their number compared with its closing act."""
    taken: set[str] = set()
    total: int | None = None
    for entry in ledger.accession_acts(accession):
        if entry.act.type == "taken-in":
            taken.add(str(entry.act.opened()["item"]))
        elif entry.act.type == "accession-closed":
            total = int(entry.act.opened()["items"])
    if total is None:
        raise CannotTell(f"accession {accession} was not closed, so it has no total")
    if total != len(taken):
        raise LogBroken(f"accession {accession}: {total} items closed, {len(taken)} taken in")
    return frozenset(taken)


def _commitment(ledger: Ledger, item: str) -> str:
    sealed = [e for e in ledger.acts_about(item) if _seals(e, item)]
    if not sealed:
        raise Missing(f"the seal of item {item}")
    return sha256(sealed[0].act.jwt.encode("ascii")).hex()


def _seals(entry: Entry, item: str) -> bool:
    return entry.act.type == "sealed" and entry.act.opened().get("item") == item
