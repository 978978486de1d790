"""A matrix in words, in English and Arabic (words.json beside); it says what is there, no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dalil.casebook.command.standing import STANDINGS
from dalil.casebook.command.wording import AnswerTold, standing_in_words, told_apart
from dalil.casebook.law.ground import STATED, Chart, Ground, Weakest
from dalil.casebook.law.matrix import Cell, Matrix, Section
from dalil.casebook.law.shelf import Signed
from dalil.casebook.law.strength import NOTHING, STATES
from dalil.casebook.law.tree import Element, Part, Tree
from dalil.casebook.record.claims import Proposition
from dalil.casebook.record.form import Record
from dalil.casebook.report.desk import Desk
from dalil.casebook.report.lines.line import line_about, record_seen
from dalil.casebook.report.page import Worded
from dalil.casebook.report.phrases import date_in_words, phrase, quoted, term
from dalil.casebook.text.names import isolate
from dalil.casebook.weigh.wording import counted as counted_claims
from dalil.casebook.weigh.wording import plural, status_in_words


@dataclass(frozen=True, slots=True)
class GroundTold:
    """A claim that bears on an element: how, which, who holds so and why, its weakest link."""

    bearing: str
    claim: str
    kind: str
    bears: str
    said: str
    weakest: str
    held: str
    set: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellTold:
    """One element in words of one language; ``chart`` are lines on the chains of command."""

    id: str
    sort: str
    text: str
    state: str
    state_said: str
    means: str
    source: str
    url: str
    original: str
    original_lang: str
    checked: bool
    checks: tuple[str, ...]
    grounds: tuple[GroundTold, ...]
    chart: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionTold:
    """A context, the crime or the mode, with its elements."""

    key: str
    name: str
    cells: tuple[CellTold, ...]


@dataclass(frozen=True, slots=True)
class MatrixTold:
    """A matrix in words of one language, part by part; ``counts``: state, its word, how many."""

    head: tuple[str, ...]
    caution: str
    counts: tuple[tuple[str, str, str], ...]
    sections: tuple[SectionTold, ...]
    to_do: tuple[tuple[str, str], ...]
    to_do_head: str
    strays: str


def say(key: str, lang: str, **values: object) -> str:
    """Return one sentence in ``lang`` (en, ar); the number ``n`` chooses its form."""
    wording = _words()[key][lang]
    if not isinstance(wording, str):
        n = values["n"]
        form = plural(n, lang) if isinstance(n, int) else "other"
        wording = wording.get(form, wording["other"])
    return wording.format(**values)


@cache
def _words() -> dict[str, dict[str, str | dict[str, str]]]:
    text = (resources.files("dalil.casebook.law") / "words.json").read_text("utf-8")
    found: dict[str, dict[str, str | dict[str, str]]] = json.loads(text)
    return found


def source_in_words(element: Element, lang: str) -> str:
    """Return where an element stands, in which version, and whose words it is told in.

    The address is left to whoever lays it out.
    """
    source = element.source
    return say(
        "source",
        lang,
        title=isolate(_in(source.title, lang)),
        at=isolate(element.at),
        version=date_in_words(source.version, lang),
        text_is=say(f"text-{element.text_is}", lang),
    )


def part_in_words(part: Part, lang: str) -> str:
    """Return what a context, a crime or a mode is called."""
    kind = say(f"kind-{part.kind}", lang)
    name = _in(part.name, lang)
    return say("part", lang, kind=kind, name=name, article=isolate(part.article))


def checks_in_words(signed: tuple[Signed, ...], lang: str) -> tuple[str, ...]:
    """Return who checked an element; that a lawyer is to, where no check holds."""
    lines = [] if any(each.holds for each in signed) else [say("to-check", lang)]
    for each in signed:
        key = "checked" if each.holds else "checked-before"
        day = date_in_words(each.at[:10], lang)
        lines.append(say(key, lang, who=isolate(each.by), day=day, why=quoted(each.reasoning)))
    return tuple(lines)


def claim_in_words(desk: Desk, record: Record, lang: str) -> str:
    """Return a claim as one line; of a count what it counts too, which tells two counts apart."""
    line = line_about(desk, record, lang)
    scope = record.scope if isinstance(record, Proposition) else None
    return f"{line} ({isolate(scope)})" if scope else line


def told(matrix: Matrix, tree: Tree, desk: Desk, lang: str) -> str:
    """Return the whole matrix as text."""
    return "\n".join(_lines(told_by_part(matrix, tree, desk, lang), lang))


def told_by_part(matrix: Matrix, tree: Tree, desk: Desk, lang: str) -> MatrixTold:
    """Return the same part by part, for whoever lays it out."""
    return _Teller(matrix, tree, desk, lang).told()


def _in(worded: Worded, lang: str) -> str:
    return str(getattr(worded, lang))


def _lines(shown: MatrixTold, lang: str) -> Iterator[str]:
    yield from shown.head
    yield shown.caution
    yield say("and", lang).join(f"{word}: {n}" for _, word, n in shown.counts)
    for section in shown.sections:
        yield from ("", section.name)
        for cell in section.cells:
            yield f"[{cell.state_said}] {cell.text}"
            yield f"    {isolate(cell.id)} · {cell.sort} · {cell.means}"
            yield f"    {cell.source}{say('and', lang)}{isolate(cell.url)}"
            if cell.original:
                yield f"    {isolate(cell.original)}"
            yield from (f"    {line}" for line in (*cell.checks, *cell.chart))
            for ground in cell.grounds:
                yield f"  - {ground.said}"
                lines = (ground.weakest, *ground.against, *ground.set, ground.held)
                yield from (f"      {line}" for line in lines)
    yield from ("", shown.to_do_head)
    yield from (f"  - {text} ({isolate(id_)})" for id_, text in shown.to_do)
    if shown.strays:
        yield shown.strays


@dataclass(slots=True)
class _Teller:
    matrix: Matrix
    tree: Tree
    desk: Desk
    lang: str
    answer: AnswerTold | None = None

    def told(self) -> MatrixTold:
        matrix, lang = self.matrix, self.lang
        if matrix.answer is not None:
            self.answer = told_apart(matrix.answer, lang)
        empty = [each.element for each in matrix.cells() if each.state == STATES[0]]
        counts = matrix.counts()
        return MatrixTold(
            head=tuple(self._head()),
            caution=say("caution", lang),
            counts=tuple(
                (each, say(f"state-{each}", lang), say("elements", lang, n=counts[each]))
                for each in STATES
                if counts[each]
            ),
            sections=tuple(map(self._section, matrix.sections)),
            to_do=tuple((each.id, _in(each.text, lang)) for each in empty),
            to_do_head=say("to-do" if empty else "to-do-none", lang),
            strays=say("strays", lang, n=len(matrix.strays)) if matrix.strays else "",
        )

    def _head(self) -> Iterator[str]:
        matrix, lang = self.matrix, self.lang
        names = (_in(self.desk.name(each), lang) for each in (matrix.suspect, matrix.incident))
        suspect, incident = names
        yield say("supposed", lang, suspect=suspect, incident=incident)
        version = date_in_words(matrix.version, lang)
        yield say("law", lang, tree=_in(self.tree.name, lang), version=version)
        for section in matrix.sections:
            part = section.part
            if part.kind in ("crime", "mode"):
                name, article = _in(part.name, lang), isolate(part.article)
                yield say(part.kind, lang, name=name, article=article)
        if matrix.day:
            yield say("day", lang, day=date_in_words(matrix.day, lang))
        else:
            yield say("day-none", lang)

    def _section(self, section: Section) -> SectionTold:
        name = part_in_words(section.part, self.lang)
        return SectionTold(section.part.key, name, tuple(map(self._cell, section.cells)))

    def _cell(self, cell: Cell) -> CellTold:
        element, lang = cell.element, self.lang
        return CellTold(
            id=element.id,
            sort=say(f"sort-{element.sort}", lang),
            text=_in(element.text, lang),
            state=cell.state,
            state_said=say(f"state-{cell.state}", lang),
            means=say(f"means-{cell.state}", lang),
            source=source_in_words(element, lang),
            url=element.source.url,
            original=element.original,
            original_lang=element.original_lang,
            checked=cell.checked,
            checks=checks_in_words(cell.signed, lang),
            grounds=tuple(map(self._ground, cell.grounds)),
            chart=tuple(self._chart(cell.chart)),
        )

    def _ground(self, ground: Ground) -> GroundTold:
        lang = self.lang
        day = date_in_words(ground.since[:10], lang)
        who = isolate(self.desk.who(ground.by_key))
        weakest = say("weakest", lang, what=self._weakest(ground.weakest))
        if ground.strength == NOTHING:
            weakest = self._joined(weakest, say("carries-nothing", lang))
        return GroundTold(
            bearing=ground.bearing,
            claim=ground.claim,
            kind=ground.kind,
            bears=ground.bears,
            said=say(ground.bears, lang, claim=self._line(ground.claim)),
            weakest=weakest,
            held=say("held", lang, who=who, day=day, why=quoted(ground.reasoning)),
            set=tuple(
                say(
                    "set",
                    lang,
                    who=isolate(self.desk.who(each.by_key)),
                    status=term(each.status, lang),
                    why=quoted(each.reasoning),
                )
                for each in ground.set_by
            ),
            against=tuple(self._against(ground)),
        )

    def _against(self, ground: Ground) -> Iterator[str]:
        if ground.against:
            yield say("against", self.lang, n=len(ground.against))
            yield from (f"– {self._line(each)}" for each in ground.against)

    def _line(self, id_: str) -> str:
        record = record_seen(self.desk, id_)
        if record is None:
            return phrase("withheld-thing", self.lang)
        return claim_in_words(self.desk, record, self.lang)

    def _weakest(self, weakest: Weakest) -> str:
        lang = self.lang
        if weakest.what == "claim":
            said = [status_in_words(weakest.key, lang)]
            said += [say("hearsay", lang, n=weakest.hearsay)] if weakest.hearsay else []
        elif weakest.key in STANDINGS:
            said = [standing_in_words(weakest.key, weakest.gap, weakest.side, lang)]
        else:
            said = [say(f"link-{weakest.key}", lang)]
        if weakest.origins or weakest.key == STATED:
            said.append(counted_claims("origins", weakest.origins, lang))
        return self._joined(*said)

    def _chart(self, chart: Chart | None) -> Iterator[str]:
        if chart is None or self.answer is None:
            return
        link = self.answer.links[chart.link]
        yield say("chart", self.lang, n=chart.chains)
        what = self._weakest(chart.weakest)
        yield say("chart-strongest", self.lang, link=link.said, what=what)
        if chart.weakest.against:
            yield say("against", self.lang, n=chart.weakest.against)
        yield say("chart-limits", self.lang)

    def _joined(self, *said: str) -> str:
        return say("and", self.lang).join(said)
