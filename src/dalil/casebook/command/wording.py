"""An answer in words, in English and Arabic: chains, grounds, gaps; never a bare name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from dalil.casebook.command.answer import Answer, Gap
from dalil.casebook.command.link import Against, Link, Statement, Thing
from dalil.casebook.record.names import isolate, script_of

SHOWN_SOURCES = 3
SCRIPTS = {"en": "Latn", "ar": "Arab"}
# How a posting is told: its own words, the title first.
POSTING = ("title", "role", "rank")
ARROWS = {"en": " → ", "ar": " ← "}
COMMAS = {"en": ", ", "ar": "، "}
SEMICOLONS = {"en": "; ", "ar": "؛ "}


def told(answer: Answer, lang: str) -> str:
    """Return the whole answer as text; names stay as recorded, set apart from our words."""
    return "\n".join(_Teller(answer, lang).lines())


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


class _Teller:
    def __init__(self, answer: Answer, lang: str) -> None:
        self._answer, self._lang = answer, lang
        self._things = {thing.id: thing for thing in answer.things}
        self._sources = {source.id: source for source in answer.sources}
        self._around = {each.inner: each.outer for each in answer.inside}

    def lines(self) -> Iterator[str]:
        answer = self._answer
        about = self._names(*answer.about[:1])
        yield self._say(f"asked_{answer.asked}", about=about, day=answer.day)
        if len(answer.about) > 1:
            each = COMMAS[self._lang].join(answer.about)
            yield self._say("several", n=len(answer.about), each=each)
        if answer.chains:
            chains = counted(len(answer.chains), "chain", self._lang)
            people = counted(len(answer.commanders()), "person", self._lang)
            yield self._say("found", chains=chains, people=people)
        else:
            yield self._say("none")
        yield self._say("caution")
        yield from self._chains()
        yield from self._links()
        yield from self._gaps()
        yield from self._left_aside()

    def _chains(self) -> Iterator[str]:
        if self._answer.chains:
            yield from ("", self._say("chains"))
        for number, chain in enumerate(self._answer.chains, 1):
            links = [(place, self._answer.links[place]) for place in chain.links]
            steps = [
                f"[{place + 1}] {self._link(link)} ({self._mark(link)})" for place, link in links
            ]
            yield f"{number}. {ARROWS[self._lang].join(steps)}"
            weak = self._answer.links[chain.links[chain.weakest]]
            place = f"[{chain.links[chain.weakest] + 1}]"
            yield "   " + self._say("weakest", link=place, standing=self._mark(weak))

    def _links(self) -> Iterator[str]:
        if self._answer.links:
            yield from ("", self._say("links"))
        for number, link in enumerate(self._answer.links, 1):
            head = [self._standing(link.standing, link.gap, link.side), self._cited(link)]
            head += [] if link.what == "present" else [self._say(link.basis)]
            yield f"[{number}] {self._link(link)}: {SEMICOLONS[self._lang].join(head)}"
            for statement in link.statements:
                yield f"    {self._statement(statement)}"
            yield from (f"    {line}" for line in self._titles(link))
            for each in link.against:
                yield f"    {self._against(each)}"
            if not link.against:
                yield f"    {self._say('nothing_against')}"

    def _gaps(self) -> Iterator[str]:
        if self._answer.gaps:
            yield from ("", self._say("gaps"))
        for gap in self._answer.gaps:
            yield SEMICOLONS[self._lang].join(
                [self._say(gap.kind, unit=self._names(gap.unit)), *self._nearby(gap)]
            )

    def _nearby(self, gap: Gap) -> Iterator[str]:
        for each in gap.nearby:
            key = f"nearby_{each.side}{'_ended' if each.ended else ''}"
            days = counted(each.days, "day", self._lang)
            yield self._say(key, who=self._names(each.who), days=days, record=each.record)

    def _left_aside(self) -> Iterator[str]:
        aside, lang = self._answer.left_aside, self._lang
        days = counted(self._answer.limit, "day", lang)
        told = [
            (aside.beyond, "beyond", {"statements": counted(aside.beyond, "statement", lang)}),
            (
                aside.not_followed,
                "not_followed",
                {"statements": counted(aside.not_followed, "statement", lang)},
            ),
            (aside.wider, "wider", {"units": counted(aside.wider, "unit", lang)}),
            (
                aside.on_placeholders,
                "on_placeholders",
                {"postings": counted(aside.on_placeholders, "posting", lang)},
            ),
        ]
        lines = [self._say(key, days=days, **words) for n, key, words in told if n]
        if lines:
            yield from ("", self._say("aside"), *lines)

    def _link(self, link: Link) -> str:
        a, b = self._names(link.a), self._names(link.b)
        said = dict(link.statements[0].said) if link.statements else {}
        words = [isolate(said[name].strip()) for name in POSTING if said.get(name, "").strip()]
        if link.what == "commands" and words:
            return self._say("commands_as", a=a, b=b, words=COMMAS[self._lang].join(words))
        if link.what == "present" and link.b in self._around:
            b = self._say("inside", place=b, around=self._names(self._around[link.b]))
        text = self._say(link.what, a=a, b=b)
        kind = said.get("kind", "").strip().casefold()
        if link.what == "under":
            return text if kind else self._say("kind_unsaid", link=text)
        key = f"kind_{kind}"
        return self._say(key, link=text) if link.what == "present" and key in _words() else text

    def _mark(self, link: Link) -> str:
        standing = self._standing(link.standing, link.gap, link.side)
        if not link.against:
            return standing
        return SEMICOLONS[self._lang].join([standing, self._say("contradicted")])

    def _standing(self, word: str, gap: int, side: str) -> str:
        key = f"{word}_{side}" if word == "inferred" else word
        return self._say(key, days=counted(gap, "day", self._lang))

    def _cited(self, link: Link) -> str:
        if not link.sources:
            return self._say("only_withheld" if link.withheld else "uncited")
        sources = counted(link.sources, "source", self._lang)
        origins = counted(link.origins, "origin", self._lang)
        cited = self._say("cited", sources=sources, origins=origins)
        return self._say("and_withheld", cited=cited) if link.withheld else cited

    def _statement(self, statement: Statement) -> str:
        standing = self._standing(statement.standing, statement.gap, statement.side)
        said = dict(statement.said)
        unread = "reversed" if said.get("dates") == "reversed" else "no_date"
        valid = isolate(statement.valid) if statement.valid else self._say(unread)
        return self._say("statement_line", id=statement.id, valid=valid, standing=standing)

    def _titles(self, link: Link) -> Iterator[str]:
        cited = (s for each in link.statements for c in each.citations for s in c.sources)
        speakers = [each.source for each in link.statements if each.source]
        ids = [s for s in dict.fromkeys(cited) if s in self._sources] or list(
            dict.fromkeys(speakers)
        )
        for id_ in ids[:SHOWN_SOURCES]:
            source = self._sources[id_]
            parts = (source.title, source.publisher, source.published)
            yield self._say(
                "source_line", title=COMMAS[self._lang].join(isolate(p) for p in parts if p)
            )
        if len(ids) > SHOWN_SOURCES:
            more = counted(len(ids) - SHOWN_SOURCES, "source", self._lang)
            yield self._say("more_sources", sources=more)

    def _against(self, against: Against) -> str:
        standing = self._standing(against.standing, against.gap, against.side)
        who = self._names(against.who) if against.who else ""
        return self._say(against.how, who=who, standing=standing, record=against.record)

    def _names(self, id_: str) -> str:
        thing = self._things.get(id_)
        return isolate(_form(thing, self._lang)) if thing else id_

    def _say(self, key: str, **values: object) -> str:
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
