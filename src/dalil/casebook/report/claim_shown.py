"""One claim of a case as its reader needs it: who says it, on what ground, and what is against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dalil.casebook.casebook import Known
from dalil.casebook.record.claims import Adoption, Assertion, Proposition
from dalil.casebook.record.count import Interval, interval_of
from dalil.casebook.record.sources import Evidence
from dalil.casebook.report.desk import WITHHELD, Desk, named
from dalil.casebook.report.lines.line import located, short, statement
from dalil.casebook.report.page import (
    Adopted,
    AnswerGiven,
    Claim,
    Contrary,
    Count,
    ReasonShown,
    Saying,
    SetStatus,
    Since,
    SourceShown,
    Worded,
)
from dalil.casebook.report.phrases import (
    LANGUAGES,
    both,
    date_in_words,
    in_both,
    phrase,
    quoted,
    unit_in_words,
    usual,
)
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.text.names import fold
from dalil.casebook.weigh.counts import Checked, parts_of
from dalil.casebook.weigh.suggestion import Against, Answer, Suggestion, Weight
from dalil.casebook.weigh.weighing import Weighed
from dalil.casebook.weigh.wording import (
    number_in_words,
    parts_in_words,
    reason_in_words,
    said_in_words,
    stated_number_in_words,
    tally_in_words,
)

BESIDE = ("shows", "supports", "context")


@dataclass(frozen=True, slots=True)
class Claims:
    """What claims are shown from: everything weighed, and who let the case rely on what."""

    desk: Desk
    weighed: Weighed
    adoptions: Mapping[str, list[Known]]
    _suggested: Mapping[str, Suggestion]

    @classmethod
    def of(cls, desk: Desk, weighed: Weighed, adoptions: Mapping[str, list[Known]]) -> Claims:
        """Gather what claims are shown from."""
        return cls(desk, weighed, adoptions, {e.proposition: e for e in weighed.suggestions})

    def show(self, asked: Proposition) -> Claim:
        """Return one proposition with all that is recorded on it."""
        suggested = self.weighed.suggestion(asked.id)
        weights = {each.id: each for each in suggested.weights}
        said = {each.id: each for each in self.weighed.said_on(asked.id)}
        against = {each.id for each in suggested.speaks_against}
        aside = [i for i, each in weights.items() if i not in suggested.for_ and i not in against]
        return Claim(
            id=asked.id,
            statement=self.heading(asked),
            short=self.in_few_words(asked, suggested),
            subject=self.desk.name(asked.subject),
            scope=asked.scope,
            valid=asked.valid,
            measure=asked.measure,
            suggested=suggested.status,
            reasons=tuple(self._reasons(suggested)),
            tally=in_both(lambda lang: tally_in_words(suggested, lang)),
            outlets=suggested.outlets,
            declared=suggested.declared,
            origins=suggested.origins,
            lo=suggested.lo,
            hi=suggested.hi,
            divergent_from=tuple(each for each in suggested.divergent if each != asked.id),
            answers=tuple(self._answers(suggested, asked)),
            made_of=tuple(self._made_of(asked.id)),
            set=tuple(self._set(asked.id)),
            adopted=tuple(self._adopted(asked.id)),
            supporting=self._sayings(said[each] for each in suggested.for_),
            opposing=tuple(self._contrary(each) for each in suggested.speaks_against),
            apart=self._sayings(said[each] for each in aside),
            history=tuple(self._history(asked.id)),
        )

    def statement(self, asked: Proposition) -> Worded:
        """Return what a proposition says or asks."""
        return in_both(lambda lang: statement(self.desk, asked, lang))

    def heading(self, asked: Proposition) -> Worded:
        """Return a proposition within its question: of a count what it counts, and when."""
        said = self._counted(asked) if _is_count(asked) else self.statement(asked)
        if asked.valid is None or asked.valid == asked.value:
            return said
        when = in_both(lambda lang: date_in_words(str(asked.valid), lang))
        return both("dated", said=said, when=when)

    def _counted(self, asked: Proposition) -> Worded:
        """Return what is counted: the scope, and the measure where the scope does not name it."""
        scope = _scope(asked)
        if asked.measure is None or fold(asked.measure) in fold(asked.scope or ""):
            return scope
        measure = asked.measure
        return both("counted", scope=scope, measure=in_both(lambda lang: usual(measure, lang)))

    def in_few_words(self, asked: Proposition, suggested: Suggestion) -> Worded:
        """Return what a claim says, in a few words."""
        if asked.object:
            return self.desk.name(asked.object)
        if asked.value:
            return _same(short(asked.value))
        span = Interval(suggested.lo, suggested.hi)
        if span.says_something:
            return in_both(lambda lang: number_in_words(span, lang))
        return self.heading(asked)

    def counts(self, asked: Proposition, question: int) -> Iterator[Count]:
        """Yield the numbers that are given, each with what it counts."""
        suggested = self.weighed.suggestion(asked.id)
        for each in suggested.answers:
            if each.lo is not None or each.hi is not None:
                yield Count(
                    proposition=asked.id,
                    question=question,
                    said=self._answer(each, asked),
                    scope=asked.scope,
                    counted=self._counted(asked),
                    suggested=suggested.status,
                    outlets=each.outlets,
                    origins=each.origins,
                )

    def saying(self, said: Assertion) -> Saying:
        """Return one assertion, with the sources that may be seen."""
        weight = self._weight(said)
        found = [self._source(root) for root in weight.roots]
        return Saying(
            id=said.id,
            key=said.key,
            proposition=said.proposition,
            source=self.desk.source(said.source),
            origin=self.desk.source(said.origin) if said.origin else None,
            roots=tuple(found),
            why=weight.why,
            marks=tuple(self._marks(said, weight)),
            backed=tuple(self._backed(said.id)),
            sentence=self._sentence(said),
            number=_number(said),
            derived=_derived(said),
            modality=said.modality,
            polarity=said.polarity,
            asserted=said.asserted,
            valid=said.valid,
            held=self._held(said),
            verbatim=said.verbatim,
            text=said.text,
            text_ar=said.text_ar,
            lo=said.lo,
            hi=said.hi,
            about=said.about,
            parts=said.parts,
            parts_how=said.parts_how,
            evidence_offered=said.evidence_offered,
            obtained_how=said.obtained_how,
            machine=said.machine,
            located=located(said.locator),
        )

    def _sentence(self, said: Assertion) -> Worded:
        return in_both(lambda lang: self._says(said, lang))

    def _says(self, said: Assertion, lang: str) -> str:
        ours = said.text_ar if lang == "ar" and said.text_ar else said.text
        entity = self.desk.plain_name(said.entity, lang) if said.entity else ""
        what = ": ".join(filter(None, (entity, ours or said.verbatim)))
        return said_in_words(
            said,
            named(self.desk.source(said.source), lang, apart=False),
            date_in_words(said.asserted, lang) if said.asserted else phrase("undated", lang),
            what or stated_number_in_words(said, lang),
            lang,
            named(self.desk.source(said.origin), lang, apart=False) if said.origin else "",
        )

    def _held(self, said: Assertion) -> Worded | None:
        """Return when it held, where that is told by nothing else on the page."""
        asked = self.about(said.proposition)
        told = (said.asserted, asked.valid, asked.value) if asked else (said.asserted,)
        if said.valid is None or said.valid in told:
            return None
        when = said.valid
        return in_both(lambda lang: date_in_words(when, lang))

    def _weight(self, said: Assertion) -> Weight:
        """Return what an assertion weighs; what is said in another case is not weighed here."""
        of = self._suggested.get(said.proposition)
        found = (each for each in (of.weights if of else ()) if each.id == said.id)
        return next(found, Weight(said.id, stands=True, why="", roots=()))

    def about(self, proposition: str) -> Proposition | None:
        """Return a proposition that may be seen, of whichever case and day."""
        found = self.weighed.matter.propositions.get(proposition) or self.desk.record(proposition)
        return found if isinstance(found, Proposition) else None

    def _source(self, root: str) -> SourceShown:
        return self.desk.source(root) if root else WITHHELD

    def _sayings(self, said: Iterable[Assertion]) -> tuple[Saying, ...]:
        """Return assertions in the order in which they were said; undated ones last."""
        ordered = sorted(said, key=lambda each: (_said_by(each), each.key or each.id))
        return tuple(self.saying(each) for each in ordered)

    def _contrary(self, against: Against) -> Contrary:
        said = self.weighed.matter.assertions.get(against.id)
        manner = in_both(lambda lang: phrase(f"against-{against.how}", lang))
        if said is not None:
            return Contrary(
                id=against.id,
                how=against.how,
                manner=manner,
                contests=against.contests,
                saying=self.saying(said),
                answer=self._in_short(said),
            )
        evidence = next((e for e in self.weighed.matter.evidence if e.id == against.id), None)
        source = self.desk.source(evidence.by_source) if evidence and evidence.by_source else None
        return Contrary(
            id=against.id,
            how=against.how,
            manner=manner,
            contests=against.contests,
            source=source,
            note=evidence.note if evidence else None,
        )

    def _in_short(self, said: Assertion) -> Worded | None:
        """Return the answer of an assertion: its number, or what its proposition states."""
        asked = self.about(said.proposition)
        if asked and asked.object:
            return self.desk.name(asked.object)
        if asked and asked.value:
            return _same(short(asked.value))
        return _number(said)

    def _answers(self, suggested: Suggestion, asked: Proposition) -> Iterator[AnswerGiven]:
        for each in suggested.answers:
            yield AnswerGiven(
                said=self._answer(each, asked),
                assertions=each.ids,
                outlets=each.outlets,
                origins=each.origins,
            )

    def _answer(self, answer: Answer, asked: Proposition) -> Worded:
        if answer.entity:
            return self.desk.name(answer.entity)
        if answer.lo is None and answer.hi is None:
            return both("no-number") if answer.text is None else _same(quoted(answer.text))
        span = Interval(answer.lo, answer.hi)
        if asked.unit is None:
            return in_both(lambda lang: number_in_words(span, lang, about=answer.about))
        unit = asked.unit
        return in_both(
            lambda lang: phrase(
                "number-of",
                lang,
                number=number_in_words(span, lang, about=answer.about),
                unit=unit_in_words(unit, lang),
            )
        )

    def _made_of(self, whole: str) -> Iterator[Worded]:
        for each in self.weighed.counts:
            if each.whole == whole:
                yield _in_parts(each)

    def _marks(self, said: Assertion, weight: Weight) -> Iterator[Worded]:
        if weight.why and weight.why != "no_evidence":
            yield both(f"why-{weight.why}")
        if said.hearsay:
            yield both("mark-hearsay", n=said.hearsay)

    def _reasons(self, suggested: Suggestion) -> Iterator[ReasonShown]:
        for each in suggested.reasons:
            en, ar = (reason_in_words(each, lang) for lang in LANGUAGES)
            yield ReasonShown(each.key, Worded(en, ar), each.ids, each.count)

    def _backed(self, said: str) -> Iterator[Worded]:
        """Yield what was recorded beside an assertion and is not against it."""
        for each in self.weighed.matter.evidence_on.get(said, ()):
            if each.relation in BESIDE:
                how = both(f"term-{each.relation}")
                note = quoted(each.note) if each.note else "—"
                yield both("line-evidence", by=self._by(each), how=how, note=note)

    def _by(self, evidence: Evidence) -> Worded:
        said = self.weighed.matter.assertions.get(evidence.by_assertion or "")
        source = self._source(said.source if said else evidence.by_source or "")
        who = in_both(lambda lang: named(source, lang))
        if said is None or said.key is None:
            return who
        return both("source-with-key", source=who, code=quoted(said.key))

    def _set(self, proposition: str) -> Iterator[SetStatus]:
        for each in self.weighed.set_for(proposition):
            made = each.assessment
            yield SetStatus(
                id=made.id,
                status=made.status,
                by=self.desk.who(each.by_key),
                at=each.recorded_at,
                reasoning=made.reasoning,
                lo=made.lo,
                hi=made.hi,
                likelihood=made.likelihood,
                confidence=made.confidence,
            )

    def _adopted(self, proposition: str) -> Iterator[Adopted]:
        for known in self.adoptions.get(proposition, ()):
            made = known.record
            if isinstance(made, Adoption):
                by = self.desk.who(known.by_key)
                yield Adopted(by, known.recorded_at, made.assessment, made.note)

    def _history(self, proposition: str) -> Iterator[Since]:
        for stage in self.weighed.since(proposition):
            yield Since(date.fromordinal(stage.day).isoformat(), stage.status)


def _number(said: Assertion) -> Worded | None:
    if not interval_of(said).says_something:
        return None
    return in_both(lambda lang: stated_number_in_words(said, lang))


def _derived(said: Assertion) -> Worded | None:
    """Return what the stated parts of a number leave of it, where that is worked out."""
    made = parts_of(said)
    return None if made is None or made.remains is None else _in_parts(made)


def _in_parts(made: Checked) -> Worded:
    return in_both(lambda lang: parts_in_words(made, lang))


def _said_by(said: Assertion) -> tuple[bool, int]:
    """Return a key: by the day on which it had surely been said; what nobody dates is last."""
    day = bounds_of(said.asserted).e_max if said.asserted else None
    return (day is None, day or 0)


def _scope(asked: Proposition) -> Worded:
    """Return the scope; where it is the question itself, in the words of each language."""
    scope, en, ar = asked.scope, asked.question_en, asked.question_ar
    if scope is None:
        return both("no-scope")
    if en and ar and scope.startswith(en):
        return Worded(quoted(scope), quoted(ar + scope.removeprefix(en)))
    return _same(quoted(scope))


def _is_count(asked: Proposition) -> bool:
    return asked.measure is not None and asked.object is None and asked.value is None


def _same(text: str) -> Worded:
    return Worded(text, text)
