"""The report of a case as text for the terminal and for paper, in Arabic or English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dalil.casebook.record.count import Interval
from dalil.casebook.record.names import ISOLATE, POP
from dalil.casebook.report.desk import cited, named
from dalil.casebook.report.page import (
    Beside,
    CaseReport,
    Claim,
    Contrary,
    Count,
    Question,
    ReasonShown,
    Remark,
    Saying,
    SetStatus,
    SourceShown,
    Worded,
)
from dalil.casebook.report.phrases import date_in_words, phrase, quoted, term
from dalil.casebook.weigh.wording import number_in_words

SECTIONS = (
    ("self-conflicts", "self_conflicts"),
    ("versions", "versions"),
    ("names", "names"),
    ("warnings", "warnings"),
)
# Within a claim each assertion is told once: what answers otherwise stands under "against".
OTHER_ANSWERS = frozenset({"count", "answer"})


def as_text(report: CaseReport, lang: str) -> str:
    """Return the whole report in ``lang`` (en, ar)."""
    return "\n".join(_Page(lang, _places(report)).lines(report)) + "\n"


def _places(report: CaseReport) -> dict[str, str]:
    """Return where on the page each claim stands: its id → ``10.3``."""
    return {
        claim.id: f"{question.number}.{n}"
        for question in report.questions
        for n, claim in enumerate(question.claims, 1)
    }


class _Page:
    """The lines of one report in one language."""

    def __init__(self, lang: str, places: Mapping[str, str]) -> None:
        self._lang = lang
        self._places = places

    def _say(self, key: str, **values: object) -> str:
        return phrase(key, self._lang, **values)

    def _in(self, worded: Worded) -> str:
        return worded.ar if self._lang == "ar" else worded.en

    def _term(self, word: str) -> str:
        return term(word, self._lang)

    def _when(self, edtf: str) -> str:
        return date_in_words(edtf, self._lang)

    def _and(self, words: Iterable[str]) -> str:
        return self._say("list-and").join(words)

    def lines(self, report: CaseReport) -> Iterator[str]:
        yield from self._head(report)
        yield from self._contents(report)
        for beside in report.beside:
            yield from self._beside(beside)
        for question in report.questions:
            yield from self._question(question)
        for key, name in SECTIONS:
            remarks: tuple[Remark, ...] = getattr(report, name)
            yield from ("", self._say(key), "")
            yield from (f"  • {self._in(each.said)}" for each in remarks)
            if not remarks:
                yield f"  {self._say('none-found')}"
        yield from ("", self._say("sources"), "")
        yield from (f"  {self._source(each)}" for each in report.cited)
        yield from ("", self._say("limits"))

    def _head(self, report: CaseReport) -> Iterator[str]:
        view = report.view
        yield self._say("title", case=quoted(report.case))
        yield self._say("view", see=self._say(f"view-{view.see}"))
        for key, day in (("known", view.known_on), ("said", view.said_by), ("held", view.on)):
            if day:
                yield self._say(f"view-{key}", day=self._when(day))
        yield self._say(
            "sums",
            questions=len(report.questions),
            propositions=report.propositions,
            assertions=report.assertions,
            sources=report.sources,
        )
        if report.withheld_sources:
            yield self._say("and-withheld")
        if report.unlocated:
            yield self._say("unlocated", n=report.unlocated)
        yield self._say("what-status-is")

    def _contents(self, report: CaseReport) -> Iterator[str]:
        yield from ("", self._say("statuses", n=report.propositions))
        for status, n in report.statuses.items():
            yield self._say("status-line", status=self._term(status), n=n)
        yield from ("", self._say("contents"))
        for each in report.questions:
            found = dict.fromkeys(claim.suggested for claim in each.claims)
            statuses = self._and(self._term(status) for status in found)
            asked = self._in(each.asked)
            yield self._say("content-line", number=each.number, asked=asked, statuses=statuses)
        if not report.questions:
            yield f"  {self._say('empty')}"

    def _beside(self, beside: Beside) -> Iterator[str]:
        yield from ("", self._say("beside", measure=quoted(beside.measure)))
        yield f"  {self._say('counts-apart')}"
        yield from self._table(
            beside.counts, [self._places[each.proposition] for each in beside.counts]
        )

    def _question(self, question: Question) -> Iterator[str]:
        asked = self._in(question.asked)
        yield from ("", "", self._say("question", number=question.number, asked=asked))
        if len(question.counts) > 1:
            alike = len({each.proposition for each in question.counts}) == 1
            yield from ("", f"  {self._say('counts-same' if alike else 'counts-apart')}")
            yield from self._table(
                question.counts, [self._places[each.proposition] for each in question.counts]
            )
        for claim in question.claims:
            place = self._places[claim.id]
            yield from ("", f"  {place}  {self._in(claim.statement)}")
            yield from (f"      {line}" for line in self._claim(claim))

    def _table(self, counts: Sequence[Count], places: Sequence[str]) -> Iterator[str]:
        head = [self._say(f"column-{each}") for each in ("number", "scope", "place", "sources")]
        rows = [
            [
                self._in(each.said),
                quoted(each.scope) if each.scope else self._say("no-scope"),
                place,
                self._say("outlets-origins", outlets=each.outlets, origins=each.origins),
            ]
            for each, place in zip(counts, places, strict=True)
        ]
        widths = [max(_width(row[i]) for row in (head, *rows)) for i in range(len(head))]
        for row in (head, *rows):
            cells = (text + " " * (w - _width(text)) for text, w in zip(row, widths, strict=True))
            yield "    " + "  |  ".join(cells).rstrip()

    def _claim(self, claim: Claim) -> Iterator[str]:
        status = self._term(claim.suggested)
        yield self._say("suggested", status=status, tally=self._in(claim.tally))
        for each in claim.reasons:
            yield f"  – {self._in(each.said)}" + self._others(each, claim)
        yield from self._set(claim)
        yield from (self._in(each) for each in claim.made_of)
        otherwise = {each.id for each in claim.opposing if each.how in OTHER_ANSWERS}
        supporting = [each for each in claim.supporting if each.id not in otherwise]
        yield from self._sayings("for", supporting, self._say("nothing-for"))
        yield from self._against(claim)
        yield from self._sayings("apart", claim.apart, "")
        if len(claim.history) > 1:
            steps = (
                self._say("step", status=self._term(each.status), day=self._when(each.day))
                for each in claim.history
            )
            yield self._say("history", steps=self._say("then").join(steps))

    def _others(self, reason: ReasonShown, claim: Claim) -> str:
        if reason.key != "divergent_scope":
            return ""
        places = [self._places[each] for each in claim.divergent_from if each in self._places]
        return f" ({self._and(sorted(places, key=_in_order))})"

    def _set(self, claim: Claim) -> Iterator[str]:
        if not claim.set:
            yield self._say("nobody-set")
        for each in claim.set:
            yield self._say(
                "set",
                status=self._term(each.status),
                who=quoted(each.by),
                at=self._when(each.at[:10]),
                why=quoted(each.reasoning),
                more=self._set_more(each),
            )
        if len({each.status for each in claim.set}) > 1:
            yield self._say("dissent")
        for adopted in claim.adopted:
            key = "adopted-weighed" if adopted.assessment else "adopted-unweighed"
            basis = self._say(key, id=(adopted.assessment or "")[:12])
            at = self._when(adopted.at[:10])
            yield self._say("adopted", who=quoted(adopted.by), at=at, basis=basis)

    def _set_more(self, each: SetStatus) -> str:
        more = []
        if each.likelihood:
            more.append(self._say("set-likelihood", likelihood=self._term(each.likelihood)))
        if each.confidence:
            more.append(self._say("set-confidence", confidence=self._term(each.confidence)))
        if each.lo is not None or each.hi is not None:
            more.append(
                self._say(
                    "set-number", number=number_in_words(Interval(each.lo, each.hi), self._lang)
                )
            )
        return "".join(f" {one}" for one in more)

    def _sayings(self, key: str, sayings: Sequence[Saying], nothing: str) -> Iterator[str]:
        if not sayings:
            yield from filter(None, [nothing])
            return
        yield self._say(key, n=len(sayings))
        told: set[Worded] = set()
        for each in sayings:
            yield from self._saying(each, told)

    def _saying(self, said: Saying, told: set[Worded]) -> Iterator[str]:
        where = quoted(said.located) if said.located else self._say("unlocated-short")
        marks = self._and(filter(None, [quoted(said.key) if said.key else "", where]))
        yield f"  • {self._in(said.sentence)} [{marks}]"
        if said.verbatim and said.verbatim != said.text:
            yield f"    {self._say('own-words', words=quoted(said.verbatim))}"
        facts = [self._in(each) for each in (said.number, *said.marks) if each is not None]
        if said.valid and said.valid != said.asserted:
            facts.append(self._say("held", when=self._when(said.valid)))
        if said.evidence_offered:
            facts.append(self._say("evidence", evidence=quoted(said.evidence_offered)))
        facts.append(self._from(said))
        yield f"    {' · '.join(facts)}"
        if said.derived is not None and said.derived not in told:
            told.add(said.derived)
            yield f"    {self._in(said.derived)}"

    def _against(self, claim: Claim) -> Iterator[str]:
        if not claim.opposing:
            yield self._say("nothing-against")
            return
        yield self._say("against", n=len(claim.opposing))
        for each in claim.opposing:
            yield from self._contrary(each, claim)

    def _contrary(self, each: Contrary, claim: Claim) -> Iterator[str]:
        manner = self._in(each.manner)
        if not each.contests and each.how not in ("other_scope", "explained_away"):
            manner = self._say("without-evidence", manner=manner)
        if each.saying is None:
            who = self._named(each.source) if each.source else self._say("withheld-source")
            note = self._say("then") + quoted(each.note) if each.note else ""
            yield f"  • {who}: {manner}{note}"
        elif each.saying.proposition == claim.id:
            yield from self._saying(each.saying, set())
            yield f"    {manner}"
        else:
            place = self._places.get(each.saying.proposition, "")
            key = f" [{quoted(each.saying.key)}]" if each.saying.key else ""
            yield f"  • {place}  {self._in(each.saying.sentence)}{key}"
            yield f"    {manner}"

    def _from(self, said: Saying) -> str:
        roots = self._and(self._named(each) for each in said.roots)
        if said.origin is None:
            return self._say("in-the-end", roots=roots) if roots else self._say("rests-on-none")
        if said.roots in ((), (said.origin,)):
            return self._say("rests-on", origin=self._named(said.origin))
        if said.evidence_offered is None:  # the sentence above has named whom it repeats
            return self._say("in-the-end", roots=roots)
        return self._say("rests-on-then", origin=self._named(said.origin), roots=roots)

    def _named(self, source: SourceShown) -> str:
        return named(source, self._lang)

    def _source(self, source: SourceShown) -> str:
        more = [quoted(source.type or "")]
        if source.published:
            more.append(self._when(source.published))
        if source.url:
            more.append(quoted(source.url))
        return f"{cited(source, self._lang)} · {' · '.join(more)}"


def _in_order(place: str) -> tuple[int, ...]:
    return tuple(int(each) for each in place.split("."))


def _width(text: str) -> int:
    """Return how many places a text takes, without the marks that keep its direction apart."""
    return len(text.replace(ISOLATE, "").replace(POP, ""))
