"""Victims and pairs of them as pages show them: what lists say side by side, reasons in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from dalil.casebook.report.desk import Desk, cited, open_desk
from dalil.casebook.victims.judged import Judged
from dalil.casebook.victims.listed import Said, said_of
from dalil.casebook.victims.queue import Pairing, guess_of, percent_of
from dalil.casebook.victims.wording import facts, lines
from dalil.match.persons.row import Candidate
from dalil.match.persons.wording import said as reason_said
from dalil.web.frame.access import OF_VIEW, casebook_of, view_of_request
from dalil.web.frame.say import digits, lang_of, say
from dalil.web.victims.forms import JudgeForm

BOTH = 2


@dataclass(frozen=True, slots=True)
class Side:
    """A victim as one list has it: its name, its list, and what the list says in short."""

    id: str
    name: str
    list: str
    facts: str


@dataclass(frozen=True, slots=True)
class Row:
    """One field of several lists, side by side; ``alike``: two or more say it, and all the same."""

    label: str
    values: tuple[tuple[str, ...], ...]
    alike: bool


@dataclass(frozen=True, slots=True)
class SaidOf:
    """What one person says of a pair, as pages show it."""

    verdict: str
    reasons: str
    by: str
    at: str
    seq: int


@dataclass(frozen=True, slots=True)
class PairShown:
    """Two victims: what linking takes them for (``found``, empty: nothing was found), what is said.

    ``known``: what is seen of it now. ``back``: where one goes on after judging.
    """

    a: Side
    b: Side
    rows: tuple[Row, ...]
    found: str
    percent: int
    reasons: tuple[str, ...]
    judged: tuple[SaidOf, ...]
    apart: bool
    mine: bool
    form: JudgeForm
    known: str
    back: str = ""
    query: str = ""

    @property
    def here(self) -> str:
        """Where the pair has a page of its own."""
        return reverse("victims:pair", args=[self.a.id, self.b.id]) + self.query

    @property
    def heads(self) -> tuple[Side, Side]:
        """The two, one a column."""
        return self.a, self.b


def carried(request: HttpRequest) -> str:
    """Return what a link to another page of this room carries on of the view."""
    asked = {name: request.GET[name] for name in OF_VIEW if request.GET.get(name)}
    return f"?{urlencode(asked)}" if asked else ""


def desk_of(request: HttpRequest) -> Desk:
    """Return what names and sources are read through."""
    return open_desk(casebook_of(request), view_of_request(request))


def sides(desk: Desk, ids: Iterable[str], lang: str) -> Mapping[str, Side]:
    """Return victims in short, those that may be seen."""
    return {each.victim.id: side_of(each, lang) for each in said_of(desk, dict.fromkeys(ids))}


def side_of(said: Said, lang: str) -> Side:
    """Return a victim in short."""
    name = getattr(said.name, lang)
    source = cited(said.source, lang) if said.source else ""
    return Side(said.victim.id, name, source, digits(facts(said, lang), lang))


def rows_of(said: Sequence[Said], lang: str) -> tuple[Row, ...]:
    """Return what several lists say side by side."""
    return tuple(
        Row(
            each.label,
            tuple(
                tuple(digits(one, lang) if each.ours else one for one in value)
                for value in each.values
            ),
            each.alike,
        )
        for each in lines(said, lang)
    )


def reasons_of(found: Candidate, lang: str) -> tuple[str, ...]:
    """Return why two may be one, in words; what weighs most stands first."""
    ordered = sorted(found.reasons, key=lambda each: -abs(each.bits))
    return tuple(digits(reason_said(each, lang), lang) for each in ordered)


def pairs_shown(request: HttpRequest, pairs: Sequence[Pairing], back: str) -> list[PairShown]:
    """Return pairs as a list shows them; ``back`` names the list."""
    desk, lang = desk_of(request), lang_of(request)
    ids = dict.fromkeys(id_ for each in pairs for id_ in (each.a, each.b))
    known = {each.victim.id: each for each in said_of(desk, ids)}
    return [
        replace(_pair(desk, each, both, number, lang), back=back, query=carried(request))
        for number, each in enumerate(pairs, 1)
        if len(both := [known[id_] for id_ in (each.a, each.b) if id_ in known]) == BOTH
    ]


def _pair(desk: Desk, pairing: Pairing, both: Sequence[Said], number: int, lang: str) -> PairShown:
    found, mine = pairing.found, pairing.of_key(desk.view.author)
    a, b = (side_of(each, lang) for each in both)
    typed = {"verdict": mine.verdict, "reasons": mine.reasons} if mine else {}
    return PairShown(
        a=a,
        b=b,
        rows=rows_of(both, lang),
        found=guess_of(found) if found else "",
        percent=percent_of(found) if found else 0,
        reasons=reasons_of(found, lang) if found else (),
        judged=said_in(desk, pairing.judged),
        apart=pairing.apart,
        mine=mine is not None,
        form=JudgeForm(lang=lang, initial=typed, auto_id=f"id_{number}_%s"),
        known=pairing.known,
    )


def said_in(desk: Desk, judged: Iterable[Judged]) -> tuple[SaidOf, ...]:
    """Return what people say of a pair, with their names."""
    return tuple(
        SaidOf(each.verdict, each.reasons, desk.who(each.key), each.at, each.seq) for each in judged
    )


def counted(lang: str, key: str, n: int, *, more: bool) -> str:
    """Return how many there are: exactly, or that there are more than so many."""
    return say(lang, f"victims.{key}-more" if more else f"victims.{key}", n=n)
