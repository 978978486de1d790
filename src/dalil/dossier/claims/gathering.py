"""The claims of a case as they go into a case file: gathered and checked, then written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import SEES, View, day_of
from dalil.casebook.sites.told import Positions, positions
from dalil.casebook.weigh.suggestion import Suggestion
from dalil.casebook.weigh.weighing import weigh
from dalil.dossier.bag import Bag
from dalil.dossier.claims.answering import Asked, answer_all, masked_answers, opposing
from dalil.dossier.claims.carrying import Carried, carry, labels_of
from dalil.dossier.claims.closure import Closure, closure_of
from dalil.dossier.claims.listing import Answered, Head, Listed, listing_of, signed_note
from dalil.dossier.claims.saying import introduction, readable
from dalil.dossier.claims.showing import Selection, Wish, select_records
from dalil.dossier.exhibits import Why
from dalil.dossier.hypotheses.bringing import brought_by
from dalil.dossier.hypotheses.pages import pages_of
from dalil.dossier.opening import ProtectedNames
from dalil.dossier.people.sealed import sealed_names
from dalil.errors import UsageRefused
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Entry, Ledger

FOLDER = "data/claims"
LANGUAGES = ("en", "ar")


@dataclass(frozen=True, slots=True)
class ClaimsOrder:
    """What is asked for of a case: its short name, the class that goes out, what stays behind.

    ``who`` are questions on command: a place (id, key or name) and a day, YYYY-MM-DD. ``unsaid``
    are words that no text may hold. ``hypotheses`` go along element by element, with every claim
    that bears on them.
    """

    case: str
    see: str = "restricted"
    without: tuple[str, ...] = ()
    withheld_sources: tuple[str, ...] = ()
    who: tuple[tuple[str, str], ...] = ()
    unsaid: tuple[str, ...] = ()
    hypotheses: tuple[str, ...] = ()


def questions_of(who: Sequence[str], days: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return places with their days; one day stands for every place.

    Raises:
        UsageRefused: places without days, or days without places.

    """
    every = list(days) * len(who) if len(days) == 1 else list(days)
    if len(every) != len(who) or bool(who) != bool(days):
        raise UsageRefused("each --who PLACE has its --on DATE, or all have one")
    return tuple(zip(who, every, strict=True))


@dataclass(frozen=True, slots=True)
class Claims:
    """What goes in, before a byte is written; ``acts`` wrote the records, by place in the log.

    ``explained``: the ids among the reasons given that are records of this case. ``elements``: the
    pages on hypotheses, by name.
    """

    closure: Closure
    selection: Selection
    carried: tuple[Carried, ...]
    acts: Mapping[int, Entry]
    labels: Mapping[str, str]
    suggestions: Mapping[str, Suggestion]
    answers: tuple[Answered, ...]
    see: str
    explained: frozenset[str]
    elements: Mapping[str, bytes]

    def protected(self, names: ProtectedNames) -> ProtectedNames:
        """Return names that no text may hold, with those of withheld sources."""
        ours = self.selection.shield.names
        both = (names.whole | ours.whole, names.words | ours.words, names.victims | ours.victims)
        return ProtectedNames(*both)

    def introduction(self, lang: str) -> str:
        """Return what READ-ME-FIRST says of them."""
        counts = (len(self.selection.claims), len(self.carried), self.withheld_sources)
        return introduction(*counts, lang)

    @property
    def withheld_sources(self) -> int:
        """How many sources are withheld."""
        return len(self.selection.sources & self.closure.records.keys())


def gather_claims(
    ledger: Ledger, order: ClaimsOrder, reasons: Mapping[str, Why], names: ProtectedNames
) -> Claims:
    """Gather the claims of a case with all that was said on them; nothing is written.

    ``reasons``: why a record is withheld, by its id. ``names``: what no text may hold.

    Raises:
        AgainstLeftOut: something that speaks against a claim was to stay behind.
        NoSuchThing: no such case, record or place. UsageRefused: no such class or day.

    """
    view = View(SEES[order.see])
    casebook = Casebook.open(ledger.archive)
    asked = [Asked(place, day_of(on)) for place, on in order.who]
    answers = answer_all(casebook, asked, view)
    rests_on = frozenset(each for answer in answers for each in answer.records())
    against_answers = opposing(casebook, asked, answers)
    names = names.and_victims(sealed_names(casebook, view.clearance))
    law = brought_by(casebook, order.case, order.hypotheses)
    besides = rests_on | against_answers | law.records
    closure = closure_of(casebook, order.case, besides, law.claims)
    visible = [each for each in closure.claims if view.may_see(closure.records[each][-1].see)]
    weighed = weigh(casebook, view, propositions=visible)
    of_records = {each: why for each, why in reasons.items() if each in closure.records}
    wish = Wish(
        order.see,
        frozenset(order.without),
        frozenset(order.withheld_sources),
        of_records,
        rests_on,
        against_answers,
        order.unsaid,
        _where(casebook, view),
    )
    found = {each.proposition: frozenset(each.against) for each in weighed.suggestions}
    selection = select_records(closure, wish, names, found)
    carried, acts = carry(ledger, selection.shown)
    suggestions = {each.proposition: each for each in weighed.suggestions}
    shown_answers = masked_answers(asked, answers, selection)
    return Claims(
        closure,
        selection,
        tuple(carried),
        acts,
        labels_of(carried),
        suggestions,
        shown_answers,
        order.see,
        frozenset(of_records),
        pages_of(casebook, view, order.hypotheses, selection.shield),
    )


def _where(casebook: Casebook, view: View) -> Positions:
    with casebook.reading() as connection:
        return positions(connection, view.clearance)


def write_claims(bag: Bag, claims: Claims, ledger: Ledger, recipient: str, signer: Signer) -> None:
    """Write everything below ``data/claims``."""
    head = Head(ledger.origin, ledger.size, claims.see)
    listed = Listed(
        claims.closure,
        claims.selection,
        claims.carried,
        claims.labels,
        claims.suggestions,
        claims.answers,
    )
    pages = {
        f"claims.{lang}.txt": readable(listed, head, recipient, lang).encode() for lang in LANGUAGES
    }
    pages |= claims.elements
    listing = listing_of(head, listed, pages)
    bag.add(f"{FOLDER}/claims.json", listing)
    bag.add(f"{FOLDER}/claims.note", signed_note(listing, head, signer))
    bag.add(f"{FOLDER}/records.jsonl", b"".join(each.line() for each in claims.carried))
    for answer in claims.answers:
        bag.add(f"{FOLDER}/{answer.file}", answer.data)
    for name, text in pages.items():
        bag.add(f"{FOLDER}/{name}", text)
