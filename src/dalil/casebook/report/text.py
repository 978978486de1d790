"""The report of a case as text for the terminal and for paper, in Arabic or English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dalil.casebook.report.desk import cited
from dalil.casebook.report.page import (
    Beside,
    CaseReport,
    Claim,
    Contrary,
    Question,
    Remark,
    Saying,
    SetStatus,
    Worded,
)
from dalil.casebook.report.phrases import date_in_words, number, phrase, quoted, term

SECTIONS = (
    ("self-conflicts", "self_conflicts"),
    ("versions", "versions"),
    ("names", "names"),
    ("warnings", "warnings"),
)


def as_text(report: CaseReport, lang: str) -> str:
    """Return the whole report in ``lang`` (en, ar), one sentence a line."""
    return "\n".join(_Page(lang).lines(report)) + "\n"


class _Page:
    """The lines of one report in one language."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def _say(self, key: str, **values: object) -> str:
        return phrase(key, self._lang, **values)

    def _in(self, worded: Worded) -> str:
        return worded.ar if self._lang == "ar" else worded.en

    def lines(self, report: CaseReport) -> Iterator[str]:
        yield from self._head(report)
        for beside in report.beside:
            yield from self._beside(beside)
        for question in report.questions:
            yield from self._question(question)
        for key, name in SECTIONS:
            remarks: tuple[Remark, ...] = getattr(report, name)
            yield from ("", self._say(key), "")
            yield from (f"  {self._in(each.said)}" for each in remarks)
            if not remarks:
                yield f"  {self._say(f'no-{key}')}"
        yield from ("", self._say("limits"))

    def _head(self, report: CaseReport) -> Iterator[str]:
        view = report.view
        day = {
            name: date_in_words(value, self._lang) if value else self._say("no-limit")
            for name, value in (
                ("known", view.known_on),
                ("said", view.said_by),
                ("held", view.on),
            )
        }
        yield self._say("title", case=quoted(report.case))
        yield self._say("view", see=self._say(f"view-{view.see}"), **day)
        yield self._say(
            "sums",
            questions=len(report.questions),
            propositions=report.propositions,
            assertions=report.assertions,
            sources=report.sources,
        )
        if report.withheld_sources:
            yield self._say("and-withheld")
        yield self._say("what-status-is")
        yield from ("", self._say("statuses", n=report.propositions))
        for status, n in report.statuses.items():
            yield self._say("status-line", status=term(status, self._lang), n=n)
        yield from ("", self._say("contents"))
        for each in report.questions:
            found = dict.fromkeys(claim.suggested for claim in each.claims)
            statuses = self._and(term(status, self._lang) for status in found)
            yield self._say(
                "content-line", number=each.number, asked=self._in(each.asked), statuses=statuses
            )
        if not report.questions:
            yield f"  {self._say('empty')}"

    def _question(self, question: Question) -> Iterator[str]:
        number = question.number
        yield from ("", "", self._say("question", number=number, asked=self._in(question.asked)))
        yield from self._counts(question)
        for n, claim in enumerate(question.claims, 1):
            statement = self._in(claim.statement)
            yield from ("", f"  {self._say('claim', number=number, n=n, statement=statement)}")
            yield from (f"      {line}" for line in self._claim(claim))

    def _beside(self, beside: Beside) -> Iterator[str]:
        yield from ("", self._say("beside"), f"  {self._say('counts-apart')}")
        yield f"    {self._say('beside-rows-are')}"
        for each in beside.counts:
            row = self._say(
                "beside-row",
                said=self._in(each.said),
                scope=quoted(each.scope) if each.scope else self._say("no-scope"),
                question=each.question,
                outlets=each.outlets,
                origins=each.origins,
            )
            yield f"    {row}"

    def _counts(self, question: Question) -> Iterator[str]:
        if len(question.counts) < 2:  # noqa: PLR2004 - one number stands beside nothing
            return
        yield from ("", f"  {self._say('side-by-side')}")
        alike = len({each.scope for each in question.counts}) == 1
        yield f"  {self._say('counts-same' if alike else 'counts-apart')}"
        yield f"    {self._say('rows-are')}"
        for each in question.counts:
            row = self._say(
                "count-row",
                said=self._in(each.said),
                scope=quoted(each.scope) if each.scope else self._say("no-scope"),
                status=term(each.suggested, self._lang),
                outlets=each.outlets,
                origins=each.origins,
            )
            yield f"    {row}"

    def _claim(self, claim: Claim) -> Iterator[str]:
        yield self._say("about", subject=self._in(claim.subject))
        if claim.scope:
            yield self._say("scope" if claim.measure else "scope-of", scope=quoted(claim.scope))
        if claim.valid:
            yield self._say("valid", when=self._when(claim.valid))
        yield self._say("suggested", status=term(claim.suggested, self._lang))
        yield from (f"  {self._say('because', reason=self._in(each))}" for each in claim.reasons)
        if claim.divergent_from:
            yield self._say("divergent", n=len(claim.divergent_from))
        yield self._say(
            "basis", outlets=claim.outlets, declared=claim.declared, origins=claim.origins
        )
        yield from self._set(claim)
        yield from self._answers(claim)
        yield from self._sayings("for", claim.supporting, self._say("nothing-for"))
        yield from self._against(claim.opposing)
        yield from self._sayings("apart", claim.apart, "")
        if len(claim.history) > 1:
            steps = (
                self._say("step", status=term(each.status, self._lang), day=self._when(each.day))
                for each in claim.history
            )
            yield self._say("history", steps=self._say("then").join(steps))

    def _answers(self, claim: Claim) -> Iterator[str]:
        if len(claim.answers) < 2:  # noqa: PLR2004 - one answer has no other beside it
            return
        yield self._say("answers", n=len(claim.answers))
        for each in claim.answers:
            counts = {"outlets": each.outlets, "origins": each.origins}
            yield f"  • {self._say('answer-given', said=self._in(each.said), **counts)}"

    def _against(self, contraries: tuple[Contrary, ...]) -> Iterator[str]:
        if not contraries:
            yield self._say("nothing-against")
            return
        yield self._say("against", n=len(contraries))
        for each in contraries:
            lines = self._contrary(each)
            yield f"  • {next(lines)}"
            yield from (f"    {line}" for line in lines)

    def _contrary(self, each: Contrary) -> Iterator[str]:
        if each.saying is not None:
            yield from self._saying(each.saying)
        elif each.source is not None:
            yield cited(each.source, self._lang)
        if each.note:
            yield self._say("by-evidence", note=quoted(each.note))
        if each.on is not None:
            yield self._say("said-on", on=self._in(each.on))
        yield self._in(each.manner)

    def _set(self, claim: Claim) -> Iterator[str]:
        if not claim.set:
            yield self._say("nobody-set")
        for each in claim.set:
            yield self._say(
                "set",
                status=term(each.status, self._lang),
                who=quoted(each.by),
                at=self._when(each.at[:10]),
                why=quoted(each.reasoning),
            )
            yield from self._set_more(each)
        if len({each.status for each in claim.set}) > 1:
            yield self._say("dissent")
        for adopted in claim.adopted:
            key = "adopted-weighed" if adopted.assessment else "adopted-unweighed"
            basis = self._say(key, id=(adopted.assessment or "")[:12])
            at = self._when(adopted.at[:10])
            yield self._say("adopted", who=quoted(adopted.by), at=at, basis=basis)

    def _set_more(self, each: SetStatus) -> Iterator[str]:
        if each.likelihood:
            yield self._say("set-likelihood", likelihood=term(each.likelihood, self._lang))
        if each.confidence:
            yield self._say("set-confidence", confidence=term(each.confidence, self._lang))
        if each.lo is not None or each.hi is not None:
            yield self._say("set-number", number=number(each.lo, each.hi, self._lang))

    def _sayings(self, key: str, sayings: tuple[Saying, ...], nothing: str) -> Iterator[str]:
        if not sayings:
            yield from filter(None, [nothing])
            return
        yield self._say(key, n=len(sayings))
        for each in sayings:
            lines = self._saying(each)
            yield f"  • {next(lines)}"
            yield from (f"    {line}" for line in lines)

    def _saying(self, said: Saying) -> Iterator[str]:
        yield self._in(said.sentence) + (f" [{quoted(said.key)}]" if said.key else "")
        if said.verbatim and said.verbatim != said.text:
            yield self._say("own-words", words=quoted(said.verbatim))
        if said.parts:
            yield self._parts(said)
        if said.valid and said.valid != said.asserted:
            yield self._say("held", when=self._when(said.valid))
        yield from (f"{self._in(mark)}" for mark in said.marks)
        if said.evidence_offered:
            yield self._say("evidence", evidence=quoted(said.evidence_offered))
        else:
            yield self._say("no-evidence")
        yield self._from(said)
        yield (
            self._say("where-in-source", place=quoted(said.located))
            if said.located
            else self._say("unlocated")
        )

    def _from(self, said: Saying) -> str:
        roots = self._and(cited(each, self._lang) for each in said.roots)
        if said.origin is None:
            own = said.evidence_offered and not said.roots
            return (
                self._say("rests-on-itself" if own else "rests-on-none")
                if not roots
                else (self._say("in-the-end", roots=roots))
            )
        line = self._say("rests-on", origin=cited(said.origin, self._lang))
        if said.roots and said.roots != (said.origin,):
            return self._say("then").join((line, self._say("in-the-end", roots=roots)))
        return line

    def _parts(self, said: Saying) -> str:
        how = {"incomplete": "parts-incomplete", "overlapping": "parts-overlapping"}
        listed = self._and(
            self._say(
                "part",
                label=quoted(part["label"]),
                number=number(part.get("lo"), part.get("hi"), self._lang),
            )
            for part in said.parts
        )
        return self._say(how.get(said.parts_how or "", "parts"), parts=listed)

    def _when(self, edtf: str) -> str:
        return date_in_words(edtf, self._lang)

    def _and(self, words: Iterable[str]) -> str:
        return self._say("list-and").join(words)
