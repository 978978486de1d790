"""What stands between files: candidates that were found, and what people judged of each pair."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from dalil.casebook.index.view import SEES
from dalil.errors import NoSuchThing
from dalil.intake.listing import items_like
from dalil.kernel.canonical import encode
from dalil.match.copies.judgement import Judgement, Pair, by_pair, judgements, pair_of
from dalil.match.found import NONE, QUERY, Found
from dalil.match.held.catalogue import Catalogue
from dalil.match.stated import stated
from dalil.web.copies.shown import Side
from dalil.web.frame.access import archive_of, casebook_of, view_of_request

RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Pairing:
    """One pair of files: what was found (None: nothing), and what people judged, newest first."""

    pair: Pair
    found: Found | None
    judged: tuple[Judgement, ...]

    @property
    def known(self) -> str:
        """What somebody has seen of it who judges now: another value, and it has changed."""
        newest = max((each.seq for each in self.judged), default=0)
        said = b"" if self.found is None else encode(stated(self.found))
        return hashlib.sha256(b"%d\n" % newest + said).hexdigest()[:32]

    @property
    def apart(self) -> bool:
        """Whether people differ."""
        return len({each.judgement for each in self.judged}) > 1

    def of_key(self, key: str | None) -> Judgement | None:
        """Return what whoever holds a key judged, if it stands."""
        return next((each for each in self.judged if each.key == key), None)


def may_see(request: HttpRequest) -> bool:
    """Whether this page's view shows what was found: it is restricted, all of it."""
    return view_of_request(request).may_see(SEES[RESTRICTED])


def pairings(request: HttpRequest, item: str | None = None) -> tuple[Pairing, ...]:
    """Return every pair of which something was found or judged, the likeliest first."""
    if not may_see(request):
        return ()
    with Catalogue.open(archive_of(request)) as catalogue:
        found = {pair_of(each.a, each.b): each for each in catalogue.leads(item)}
    judged = _judged(request, item)
    # What was judged stays, where a later comparison no longer finds it.
    pairs = (found | {pair: judged[pair][0].lead for pair in judged if pair not in found}).items()
    every = [Pairing(pair, lead, judged.get(pair, ())) for pair, lead in pairs]
    every = [each for each in every if each.judged or _worth(each.found)]
    return tuple(sorted(every, key=_order))


def pairing(request: HttpRequest, a: str, b: str) -> Pairing:
    """Return one pair of files.

    Raises:
        NoSuchThing: nothing was found or judged of it, or it may not be seen.

    """
    pair = pair_of(a, b)
    for each in pairings(request, item_of(pair)):
        if each.pair == pair:
            return each
    raise NoSuchThing("")


def with_found(request: HttpRequest, found: Found) -> Pairing:
    """Return what was found for a file from outside, with what people judged of the pair."""
    pair = pair_of(found.a, found.b)
    return Pairing(pair, found, _judged(request, item_of(pair)).get(pair, ()))


def item_of(pair: Pair) -> str:
    """Return the first of a pair that is in the archive.

    Raises:
        NoSuchThing: neither is.

    """
    for each in pair:
        if not each.startswith(QUERY):
            return each
    raise NoSuchThing("")


def sides(request: HttpRequest, names: Sequence[str]) -> Mapping[str, Side]:
    """Return items as pages name them; a file's name is restricted, since it may name a person."""
    ledger, named = casebook_of(request).ledger, may_see(request)
    found = {}
    for item in dict.fromkeys(each for each in names if not each.startswith(QUERY)):
        lines = [each for each in items_like(ledger, item, 1) if each.item == item]
        found[item] = Side(item, lines[0].name.rpartition("/")[2] if lines and named else "")
    return found


def _judged(request: HttpRequest, item: str | None) -> Mapping[Pair, tuple[Judgement, ...]]:
    until = view_of_request(request).end_of_knowledge()
    every = judgements(casebook_of(request).ledger, item)
    return by_pair(each for each in every if each.at <= until)


def _worth(found: Found | None) -> bool:
    return found is not None and found.verdict != NONE


def _order(pairing: Pairing) -> tuple[float, Pair]:
    return (-(pairing.found.score if pairing.found else 0.0), pairing.pair)
