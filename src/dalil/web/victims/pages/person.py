"""One person: all that lists say, side by side; what people judged; who else it may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from dalil.casebook.casebook import Casebook
from dalil.casebook.families.recognised import recognitions_of
from dalil.casebook.families.wording import recognised_in_words
from dalil.casebook.index.view import View
from dalil.casebook.record.victims import Appearance
from dalil.casebook.report.desk import Desk
from dalil.casebook.victims.candidates import Candidates
from dalil.casebook.victims.judged import Judged
from dalil.casebook.victims.listed import Said, said_of
from dalil.casebook.victims.queue import Pairing, candidates_of, guess_of
from dalil.casebook.victims.resolved import person_of as person_resolved
from dalil.errors import NoSuchThing
from dalil.web.frame.access import casebook_of, right, view_of_request
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say
from dalil.web.victims.shown import (
    Row,
    SaidOf,
    Side,
    carried,
    desk_of,
    reasons_of,
    rows_of,
    said_in,
    sides,
)


@dataclass(frozen=True, slots=True)
class JudgedShown:
    """What somebody says of two victims, and where it can be read and taken back."""

    a: Side
    b: Side
    said: SaidOf
    address: str


@dataclass(frozen=True, slots=True)
class MayBe:
    """Another victim who may be the same person: why, what people say, where it is judged."""

    side: Side
    found: str
    judged: tuple[SaidOf, ...]
    apart: bool
    reasons: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class SeenIn:
    """A stretch of an item in which a victim (id) is seen, in seconds."""

    victim: str
    item: str
    start: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One victim and all that people say are the same person, each list for itself.

    ``against``: judgements that two of its members are two persons; shown, and settling nothing.
    ``nobody``: what is said where nobody may be the same.
    """

    victim: str
    members: tuple[Side, ...]
    rows: tuple[Row, ...]
    same: tuple[JudgedShown, ...]
    against: tuple[JudgedShown, ...]
    may_be: tuple[MayBe, ...]
    nobody: str
    seen: tuple[SeenIn, ...]
    recognised: tuple[str, ...]
    query: str


@right("read")
@require_GET
def person_page(request: HttpRequest, victim: str) -> HttpResponse:
    """Show one person, as lists say and people judged."""
    casebook, view, lang = casebook_of(request), view_of_request(request), lang_of(request)
    with casebook.at_once():
        desk = desk_of(request)
        person = person_resolved(casebook, victim, view)
        said = said_of(desk, (victim, *(each for each in person.members if each != victim)))
        if not said or said[0].victim.id != victim or said[0].victim.withdrawn is not None:
            raise NoSuchThing(f"victim {victim}")
        named, members = [each.victim.id for each in said], set(person.members)
        found = candidates_of(casebook, view, victim)
        others = [each for each in found if not {each.a, each.b} <= members]
        ids = (id_ for each in others for id_ in (each.a, each.b))
        known = sides(desk, [*named, *ids], lang)
        shown = PersonPage(
            victim,
            tuple(known[each] for each in named),
            rows_of(said, lang),
            tuple(_judged(desk, person.same, known)),
            tuple(_judged(desk, person.against, known)),
            tuple(_may_be(desk, each, victim, known, lang) for each in others),
            say(lang, f"victims.{_why_nobody(casebook, view, said[0])}"),
            tuple(_seen(desk, named)),
            tuple(_recognised(desk, named, lang)),
            carried(request),
        )
    title = shown.members[0].name
    return page(request, "victims/person.html", shown, title=title, room="victims")


def _why_nobody(casebook: Casebook, view: View, said: Said) -> str:
    """Return the word for why nobody may be the same: none found, or none looked for."""
    if said.victim.unidentified:
        return "may-be-unnamed"
    linked = Candidates.open(casebook.archive, view.clearance).linked
    return "may-be-nobody" if linked.at else "never-linked"


def _judged(desk: Desk, said: Iterable[Judged], known: Mapping[str, Side]) -> Iterator[JudgedShown]:
    for each in said:
        if each.a in known and each.b in known:
            address = reverse("victims:pair", args=each.pair)
            yield JudgedShown(known[each.a], known[each.b], said_in(desk, [each])[0], address)


def _may_be(
    desk: Desk, pairing: Pairing, victim: str, known: Mapping[str, Side], lang: str
) -> MayBe:
    found = pairing.found
    return MayBe(
        known[pairing.b if pairing.a == victim else pairing.a],
        guess_of(found) if found else "",
        said_in(desk, pairing.judged),
        pairing.apart,
        reasons_of(found, lang) if found else (),
        reverse("victims:pair", args=[pairing.a, pairing.b]),
    )


def _seen(desk: Desk, victims: Iterable[str]) -> Iterator[SeenIn]:
    for known in desk.casebook.naming_any(victims, desk.view, Appearance.kind, "victim"):
        seen = known.record
        if isinstance(seen, Appearance) and seen.withdrawn is None:
            base = Fraction(seen.timebase)
            yield SeenIn(seen.victim, seen.item, seen.pts_start * base, seen.pts_end * base)


def _recognised(desk: Desk, victims: Iterable[str], lang: str) -> Iterator[str]:
    for each in recognitions_of(desk.casebook, victims, desk.view):
        names = (getattr(desk.name(id_), lang) for id_ in (each.said.victim, each.said.as_victim))
        yield recognised_in_words(each, lang, *names)
