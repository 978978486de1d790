"""An answer in words, in English and Arabic: people, chains, grounds, gaps; never a bare name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from dalil.casebook.command.answer import Answer, Gap
from dalil.casebook.command.link import (
    COMMANDS,
    OTHERWISE,
    PRESENT,
    UNDER,
    Against,
    Chain,
    Link,
    Statement,
    Thing,
)
from dalil.casebook.text.names import isolate, script_of

SCRIPTS = {"en": "Latn", "ar": "Arab"}
# How a posting is told: its own words, the title first.
POSTING = ("title", "role", "rank", "event")
SHORT = 24
COMMAS = {"en": ", ", "ar": "، "}
SEMICOLONS = {"en": "; ", "ar": "؛ "}


@dataclass(frozen=True, slots=True)
class LinkTold:
    """A link in words: what it says, how it stands, and the lines below it."""

    said: str
    stands: str
    below: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerTold:
    """An answer in words of one language, part by part, in the answer's own order.

    ``chains``: of each its weakest link in words. ``names``: of everything the answer names.
    """

    asked: tuple[str, ...]
    people: tuple[str, ...]
    chains: tuple[str, ...]
    links: tuple[LinkTold, ...]
    beside: tuple[LinkTold, ...]
    gaps: tuple[str, ...]
    left_aside: tuple[str, ...]
    sources: tuple[str, ...]
    names: dict[str, str]


def told(answer: Answer, lang: str) -> str:
    """Return the whole answer as text; names stay as recorded, set apart from our words."""
    return "\n".join(_Teller(answer, lang).lines())


def told_apart(answer: Answer, lang: str) -> AnswerTold:
    """Return the same part by part, for whoever lays it out."""
    return _Teller(answer, lang).apart()


def counted(n: int, key: str, lang: str) -> str:
    """Return a number with its noun, as the language counts (CLDR plural rules)."""
    forms: list[str] = _words()[key][lang]
    if lang == "en":
        return f"{n:,} {forms[0] if n == 1 else forms[1]}"
    if n in (1, 2):
        return forms[n - 1]
    rest = n % 100
    few, many = range(3, 11), range(11, 100)
    return f"{n} {forms[2] if rest in few else forms[3] if rest in many else forms[4]}"


def standing_in_words(word: str, gap: int, side: str, lang: str) -> str:
    """Return how a statement stands on the day; ``gap`` days off, on which ``side``."""
    key = f"{word}_{side}" if word == "inferred" else word
    return str(_words()[key][lang]).format(days=counted(gap, "day", lang))


class _Teller:
    def __init__(self, answer: Answer, lang: str) -> None:
        self._answer, self._lang = answer, lang
        self._things = {thing.id: thing for thing in answer.things}
        self._sources = {source.id: n for n, source in enumerate(answer.sources, 1)}
        self._around = {each.inner: each for each in answer.inside}

    def lines(self) -> Iterator[str]:
        yield from self._asked()
        for heading, lines in (
            ("people", self._people()),
            ("chains", self._chains()),
            ("links", self._links(self._answer.links, "")),
            ("beside", self._links(self._answer.beside, "+")),
            ("gaps", self._gaps()),
            ("aside", self._left_aside()),
            ("sources", self._titles()),
        ):
            some = list(lines)
            if some:
                yield from ("", self._say(heading), *some)

    def apart(self) -> AnswerTold:
        answer = self._answer
        return AnswerTold(
            tuple(self._asked()),
            tuple(self._people()),
            tuple(self._weakest(chain) for chain in answer.chains),
            tuple(self._one(link) for link in answer.links),
            tuple(self._one(link) for link in answer.beside),
            tuple(self._gaps()),
            tuple(self._left_aside()),
            tuple(self._titles()),
            {thing.id: self._name(thing.id) for thing in answer.things},
        )

    def _asked(self) -> Iterator[str]:
        answer = self._answer
        about = self._name(answer.about[0])
        yield self._say(f"asked_{answer.asked}", about=about, day=answer.day)
        if len(answer.about) > 1:
            yield self._say("several", n=len(answer.about))
            for id_ in answer.about:
                key = self._things[id_].key or "-"
                yield "  " + self._say(
                    "several_line", name=self._placed(id_), key=isolate(key), record=id_
                )
        if answer.chains:
            chains = counted(len(answer.chains), "chain", self._lang)
            people = counted(len(answer.commanders()), "person", self._lang)
            yield self._say("found", chains=chains, people=people)
        else:
            yield self._say("none")
        yield self._say("caution")

    def _people(self) -> Iterator[str]:
        """Yield a line for each posting that ends a chain, the weakest first."""
        ending: dict[int, list[int]] = {}
        for number, chain in enumerate(self._answer.chains):
            ending.setdefault(chain.links[-1], []).append(number)
        # Chains come weakest first: the last of somebody's is the strongest.
        for last, numbers in sorted(ending.items(), key=lambda each: max(each[1])):
            chain = self._answer.chains[numbers[-1]]
            weak = chain.links[chain.weakest]
            line = self._say(
                "person_line",
                link=self._link(self._answer.links[last]),
                chains=counted(len(numbers), "chain", self._lang),
                number=weak + 1,
                standing=self._stands(self._answer.links[weak], contradicted=weak != last),
            )
            against = self._answer.links[last].against
            names = [self._name(each.who) if each.who else self._say("denial") for each in against]
            if names:
                who = COMMAS[self._lang].join(dict.fromkeys(names))
                line += SEMICOLONS[self._lang] + self._say("contradicted_by", who=who)
            yield line

    def _chains(self) -> Iterator[str]:
        for number, chain in enumerate(self._answer.chains, 1):
            yield f"{number}. {self._weakest(chain)}"
            for place in chain.links:
                link = self._answer.links[place]
                yield f"   [{place + 1}] {self._link(link)}: {self._stands(link)}"

    def _links(self, links: tuple[Link, ...], mark: str) -> Iterator[str]:
        for number, link in enumerate(links, 1):
            told = self._one(link)
            yield f"[{mark}{number}] {told.said}: {told.stands}"
            yield from (f"    {line}" for line in told.below)

    def _one(self, link: Link) -> LinkTold:
        head = [self._standing(link.standing, link.gap, link.side), self._cited(link)]
        head += [self._say(link.basis)] if link.what in (UNDER, COMMANDS) else []
        below = [self._statement(statement) for statement in link.statements]
        below += self._spoken(link)
        below += [self._against(each) for each in link.against]
        below += [] if link.against else [self._say("nothing_against")]
        return LinkTold(self._link(link), SEMICOLONS[self._lang].join(head), tuple(below))

    def _weakest(self, chain: Chain) -> str:
        weak = chain.links[chain.weakest]
        return self._say(
            "weakest", number=weak + 1, standing=self._stands(self._answer.links[weak])
        )

    def _spoken(self, link: Link) -> Iterator[str]:
        cited = {s for each in link.statements for c in each.citations for s in c.sources}
        compiled = {each.source for each in link.statements if each.source}
        stated = set(link.stated_by)
        for key, ids in (
            ("stated_by", stated),
            ("dated_by", cited - stated),
            ("told_by", compiled - stated - cited),
        ):
            if ids:
                yield self._say(key, numbers=self._numbers(ids))

    def _numbers(self, ids: Iterable[str]) -> str:
        numbers = sorted(self._sources[each] for each in ids if each in self._sources)
        return COMMAS[self._lang].join(map(str, numbers))

    def _titles(self) -> Iterator[str]:
        for source in self._answer.sources:
            parts = (source.title, source.publisher, source.published)
            words = [isolate(part) for part in parts if part]
            # A long key is for programs; a short one is how people speak of the source.
            if 0 < len(source.key) <= SHORT:
                words.insert(0, isolate(source.key))
            yield f"({self._sources[source.id]}) {COMMAS[self._lang].join(words or [source.id])}"

    def _gaps(self) -> Iterator[str]:
        for gap in self._answer.gaps:
            said = [self._say(gap.kind, unit=self._name(gap.unit)), *self._nearby(gap)]
            yield SEMICOLONS[self._lang].join(said)

    def _nearby(self, gap: Gap) -> Iterator[str]:
        for each in gap.nearby:
            key = f"nearby_{each.side}{'_ended' if each.ended else ''}"
            days = counted(each.days, "day", self._lang)
            yield self._say(key, who=self._name(each.who), days=days, record=each.record)

    def _left_aside(self) -> Iterator[str]:
        aside, lang = self._answer.left_aside, self._lang
        days = counted(self._answer.limit, "day", lang)
        for n, key, noun in (
            (aside.beyond, "beyond", "statement"),
            (aside.wider, "wider", "unit"),
            (aside.on_placeholders, "on_placeholders", "posting"),
        ):
            if n:
                yield self._say(key, days=days, n=counted(n, noun, lang))

    def _link(self, link: Link) -> str:
        a, b = self._name(link.a), self._name(link.b)
        said = dict(link.statements[0].said) if link.statements else {}
        words = [isolate(said[name].strip()) for name in POSTING if said.get(name, "").strip()]
        holder = self._things.get(link.b)
        if link.what == COMMANDS and holder and holder.type == "post":
            return self._say("in_post", a=a, b=b)
        if link.what == COMMANDS and words:
            return self._say("commands_as", a=a, b=b, words=COMMAS[self._lang].join(words))
        if link.what == PRESENT:
            b = self._placed(link.b)
        text = self._say(link.what, a=a, b=b)
        kind = said.get("kind", "").strip().casefold()
        if link.what == OTHERWISE:
            return self._say("kind_other", link=text, kind=isolate(said.get("kind", "")))
        if link.what == UNDER:
            return text if kind else self._say("kind_unsaid", link=text)
        key = f"kind_{kind}"
        return self._say(key, link=text) if link.what == PRESENT and key in _words() else text

    def _stands(self, link: Link, *, contradicted: bool = True) -> str:
        standing = self._standing(link.standing, link.gap, link.side)
        if not (link.against and contradicted):
            return standing
        return SEMICOLONS[self._lang].join([standing, self._say("contradicted")])

    def _standing(self, word: str, gap: int, side: str) -> str:
        return standing_in_words(word, gap, side, self._lang)

    def _cited(self, link: Link) -> str:
        if not link.stated_by:
            return self._say("only_withheld" if link.withheld else "uncited")
        sources = counted(len(link.stated_by), "source", self._lang)
        origins = counted(link.origins, "origin", self._lang)
        cited = self._say("cited", sources=sources, origins=origins)
        return self._say("and_withheld", cited=cited) if link.withheld else cited

    def _statement(self, statement: Statement) -> str:
        standing = self._standing(statement.standing, statement.gap, statement.side)
        reversed_ = dict(statement.said).get("dates") == "reversed"
        unread = self._say("reversed" if reversed_ else "no_date")
        valid = isolate(statement.valid) if statement.valid else unread
        if statement.side == "after" and dict(statement.said).get("assumed") == "goes_on":
            standing = SEMICOLONS[self._lang].join([standing, self._say("assumed")])
        return self._say("statement_line", id=statement.id, valid=valid, standing=standing)

    def _against(self, against: Against) -> str:
        standing = self._standing(against.standing, against.gap, against.side)
        who = self._name(against.who) if against.who else ""
        line = self._say(against.how, who=who, standing=standing, record=against.record)
        parts = [line]
        if against.sources:
            parts.append(self._say("stated_by", numbers=self._numbers(against.sources)))
        if against.told_by:
            parts.append(self._say("told_by", numbers=self._numbers([against.told_by])))
        return SEMICOLONS[self._lang].join(parts)

    def _placed(self, id_: str) -> str:
        name, inside = self._name(id_), self._around.get(id_)
        if inside is None:
            return name
        said = self._say("inside", place=name, around=self._name(inside.outer))
        records = COMMAS[self._lang].join(inside.against)
        return self._say("inside_denied", said=said, records=records) if records else said

    def _name(self, id_: str) -> str:
        thing = self._things.get(id_)
        return isolate(_form(thing, self._lang)) if thing else id_

    def _say(self, key: str, /, **values: object) -> str:
        sentence: str = _words()[key][self._lang]
        return sentence.format(**values)


def _form(thing: Thing, lang: str) -> str:
    forms = [form for form, _ in thing.names]
    own = (form for form in forms if script_of(form) == SCRIPTS[lang])
    return next(own, forms[0] if forms else thing.id)


@cache
def _words() -> dict[str, dict[str, Any]]:
    path = resources.files("dalil.casebook.command") / "words.json"
    sentences: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return sentences
