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
from dalil.match.found import QUERY, Found
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


@dataclass(frozen=True, slots=True)
class Queue:
    """How many pairs there are: ``found`` alike, and those ``judged``, of which some no longer are.

    ``scores``: of judged pairs that are found alike today.
    """

    found: int
    judged: Mapping[Pair, tuple[Judgement, ...]]
    scores: Mapping[Pair, float]

    @property
    def waiting(self) -> int:
        """How many candidates nobody has judged."""
        return self.found - len(self.scores)


def may_see(request: HttpRequest) -> bool:
    """Whether this page's view shows what was found: it is restricted, all of it."""
    return view_of_request(request).may_see(SEES[RESTRICTED])


def queue(request: HttpRequest) -> Queue:
    """Count pairs, without reading what was found."""
    if not may_see(request):
        return Queue(0, {}, {})
    judged = _judged(request, None)
    with Catalogue.open(archive_of(request)) as catalogue:
        return Queue(catalogue.count(), judged, catalogue.scores(judged))


def waiting(request: HttpRequest, known: Queue, part: slice) -> tuple[Pairing, ...]:
    """Return a part of the pairs that nobody has judged, the likeliest first."""
    if not known.waiting:
        return ()
    with Catalogue.open(archive_of(request)) as catalogue:
        found = catalogue.ranked(known.judged, part)
    return tuple(Pairing(pair_of(each.a, each.b), each, ()) for each in found)


def done(request: HttpRequest, known: Queue, part: slice) -> tuple[Pairing, ...]:
    """Return a part of the pairs that somebody has judged, the likeliest first.

    What was judged stays, where a later comparison no longer finds it.
    """

    def order(pair: Pair) -> tuple[float, Pair]:
        lead = known.judged[pair][0].lead
        return -known.scores.get(pair, lead.score if lead else 0.0), pair

    chosen = sorted(known.judged, key=order)[part]
    with Catalogue.open(archive_of(request)) as catalogue:
        return tuple(_pairing(catalogue.lead(*pair), known.judged[pair], pair) for pair in chosen)


def pairings(request: HttpRequest, item: str) -> tuple[Pairing, ...]:
    """Return every pair of an item of which something was found or judged, the likeliest first."""
    if not may_see(request):
        return ()
    with Catalogue.open(archive_of(request)) as catalogue:
        found = {pair_of(each.a, each.b): each for each in catalogue.leads(item)}
    judged = _judged(request, item)
    pairs = dict.fromkeys([*found, *judged])
    every = (_pairing(found.get(pair), judged.get(pair, ()), pair) for pair in pairs)
    return tuple(sorted(every, key=_order))


def pairing(request: HttpRequest, a: str, b: str) -> Pairing:
    """Return one pair of files.

    Raises:
        NoSuchThing: nothing was found or judged of it, or it may not be seen.

    """
    pair = pair_of(a, b)
    if not may_see(request):
        raise NoSuchThing("")
    with Catalogue.open(archive_of(request)) as catalogue:
        found = catalogue.lead(*pair)
    judged = _judged(request, item_of(pair)).get(pair, ())
    if found is None and not judged:
        raise NoSuchThing("")
    return _pairing(found, judged, pair)


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


def _pairing(found: Found | None, judged: tuple[Judgement, ...], pair: Pair) -> Pairing:
    """Return a pair with what was found today, else with what whoever judged it last had seen."""
    return Pairing(pair, found or (judged[0].lead if judged else None), judged)


def _order(pairing: Pairing) -> tuple[float, Pair]:
    return (-(pairing.found.score if pairing.found else 0.0), pairing.pair)
