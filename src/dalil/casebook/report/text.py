"""The report of a case as text for the terminal and for paper, in Arabic or English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dalil.casebook.record.claims import STATUSES
from dalil.casebook.record.count import Interval
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
    SourceListed,
    SourceShown,
    Worded,
)
from dalil.casebook.report.phrases import date_in_words, phrase, quoted, term, usual
from dalil.casebook.text.names import ISOLATE, POP
from dalil.casebook.weigh.wording import number_in_words

SECTIONS = (
    ("self-conflicts", "self_conflicts"),
    ("versions", "versions"),
    ("names", "names"),
    ("links", "links"),
    ("warnings", "warnings"),
)
LISTED = 200
# Within a claim each assertion is told once: what answers otherwise stands under "against".
OTHER_ANSWERS = frozenset({"count", "answer"})
# Told at the beginning: which claims these are.
TOLD_AT_ONCE = frozenset({"corroborated", "refuted", "withdrawn"})
TOLD_WITH_WORDS = frozenset({"corroborated", "contested", "refuted", "withdrawn"})
# What speaks so needs no evidence of its own to be told.
IDLE = frozenset({"other_scope", "explained_away"})


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
        yield from self._in_short(report)
        yield from self._contents(report)
        for question in report.questions:
            yield from self._question(question, report.beside)
        for key, name in SECTIONS:
            remarks: tuple[Remark, ...] = getattr(report, name)
            yield from ("", self._say(key))
            yield from (f"  • {self._in(each.said)}" for each in remarks[:LISTED])
            more = len(remarks[LISTED:]) + (report.links_left_out if name == "links" else 0)
            if not remarks or more:
                yield f"  {self._say('left-out' if more else 'none-found', n=more)}"
        yield from ("", self._say("sources"))
        bare = [each for each in report.cited if _is_bare(each)]
        yield from (f"  {self._listed(each)}" for each in report.cited if each not in bare)
        if bare:
            keys = self._and(self._named(each.source) for each in bare)
            yield f"  {self._say('bare-sources', keys=keys)}"
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

    def _in_short(self, report: CaseReport) -> Iterator[str]:
        """Yield what is suggested and set, and which claims were taken back or explained away."""
        claims = [each for question in report.questions for each in question.claims]
        if not claims:
            return
        yield from ("", self._say("statuses", n=report.propositions))
        for status, n in report.statuses.items():
            those = [
                f"{self._places[each.id]} {self._in(each.statement)}"
                for each in claims
                if each.suggested == status and status in TOLD_AT_ONCE
            ]
            line = self._say("status-line", status=self._term(status), n=n)
            yield line + (f": {self._say('then').join(those)}" if those else "")
        weighed = [each for each in claims if each.set]
        yield self._say("weighed" if weighed else "none-weighed", n=len(weighed))

    def _contents(self, report: CaseReport) -> Iterator[str]:
        yield from ("", self._say("contents" if report.questions else "empty"))
        for each in report.questions:
            found: dict[str, list[Claim]] = {}
            for claim in each.claims:
                found.setdefault(claim.suggested, []).append(claim)
            statuses = self._say("then").join(
                f"{self._term(status)} {self._those(status, found[status])}"
                for status in STATUSES
                if status in found
            )
            asked = self._in(each.asked)
            yield self._say("content-line", number=each.number, asked=asked, statuses=statuses)

    def _those(self, status: str, claims: Sequence[Claim]) -> str:
        """Return how many claims, and which ones where more than their number matters."""
        if status not in TOLD_WITH_WORDS:
            return str(len(claims))
        those = self._and(f"{self._places[each.id]} {self._in(each.short)}" for each in claims)
        return f"{len(claims)} ({those})"

    def _question(self, question: Question, families: Sequence[Beside]) -> Iterator[str]:
        asked = self._in(question.asked)
        yield from ("", self._say("question", number=question.number, asked=asked))
        for family in families:
            numbers = [each.question for each in family.counts]
            if question.number == min(numbers):
                yield f"  {self._say('beside', measure=usual(family.measure, self._lang))}"
                yield from self._table(family.counts)
            elif question.number in numbers:
                yield f"  {self._say('beside-there', number=min(numbers))}"
        told = {each.proposition for family in families for each in family.counts}
        counts = [each for each in question.counts if each.proposition not in told]
        if len(counts) > 1:
            alike = len({each.proposition for each in counts}) == 1
            yield f"  {self._say('counts-same' if alike else 'counts-apart')}"
            yield from self._table(counts)
        for claim in question.claims:
            # With the beginning of its id, which `weigh`, `adopt` and `show` understand.
            place = f"{self._places[claim.id]}  [{claim.id[:8]}]"
            yield from ("", f"  {place}  {self._in(claim.statement)}")
            yield from (f"      {line}" for line in self._claim(claim))

    def _table(self, counts: Sequence[Count]) -> Iterator[str]:
        head = [self._say(f"column-{each}") for each in ("number", "scope", "place", "sources")]
        rows = [
            [
                self._in(each.said),
                self._in(each.counted),
                self._places[each.proposition],
                self._say("outlets-origins", outlets=each.outlets, origins=each.origins),
            ]
            for each in counts
        ]
        widths = [max(_width(row[i]) for row in (head, *rows)) for i in range(len(head))]
        for row in (head, *rows):
            cells = (text + " " * (w - _width(text)) for text, w in zip(row, widths, strict=True))
            yield "    " + "  |  ".join(cells).rstrip()

    def _claim(self, claim: Claim) -> Iterator[str]:
        why = self._say("then").join(
            self._in(each.said) + self._others(each, claim) for each in claim.reasons
        )
        status = self._term(claim.suggested)
        yield self._say("suggested", status=status, tally=self._in(claim.tally), why=why)
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
        told: set[Worded] = set()
        for n, each in enumerate(sayings):
            if len(sayings) > 1 and n == 0:
                yield self._say(key, n=len(sayings))
            head = "•" if len(sayings) > 1 else self._say(f"{key}-one")
            yield from self._saying(each, head, told)

    def _saying(self, said: Saying, head: str, told: set[Worded]) -> Iterator[str]:
        origin = "" if said.origin or said.roots else self._say("rests-on-none")
        where = quoted(said.located) if said.located else self._say("unlocated-short")
        key = quoted(said.key) if said.key else ""
        marks = self._and(filter(None, (key, where, origin)))
        yield f"{head} {self._in(said.sentence)} [{marks}]"
        if said.verbatim and said.verbatim != said.text:
            yield f"  {self._say('own-words', words=quoted(said.verbatim))}"
        facts = [self._in(each) for each in (said.number, *said.marks) if each is not None]
        if said.held is not None:
            facts.append(self._say("held", when=self._in(said.held)))
        if said.evidence_offered:
            facts.append(self._say("evidence", evidence=quoted(said.evidence_offered)))
        facts += filter(None, [self._from(said)])
        if facts:
            yield f"  {' · '.join(facts)}"
        yield from (f"  {self._in(each)}" for each in said.backed)
        if said.derived is not None and said.derived not in told:
            told.add(said.derived)
            yield f"  {self._in(said.derived)}"

    def _against(self, claim: Claim) -> Iterator[str]:
        """Yield what is against: in full what is told nowhere else, the rest by its place."""
        if not claim.opposing:
            yield self._say("nothing-against")
            return
        told: set[Worded] = set()
        elsewhere: dict[tuple[str, bool], list[Contrary]] = {}
        for each in claim.opposing:
            if each.saying is not None and each.saying.proposition != claim.id:
                elsewhere.setdefault((self._in(each.manner), each.contests), []).append(each)
            else:
                yield from self._contrary(each, told)
        for (manner, contests), those in sorted(elsewhere.items(), key=lambda one: not one[0][1]):
            key = "against-there" if contests or those[0].how in IDLE else "against-there-bare"
            yield self._say(key, manner=manner, those=self._and(self._pointed(those)))

    def _contrary(self, each: Contrary, told: set[Worded]) -> Iterator[str]:
        manner = self._in(each.manner)
        if each.saying is not None:
            head = self._say("against-one", manner=manner)
            yield from self._saying(each.saying, head, told)
            return
        who = self._named(each.source) if each.source else self._say("withheld-source")
        note = self._say("then") + quoted(each.note) if each.note else ""
        yield f"{self._say('against-one', manner=manner)} {who}{note}"

    def _pointed(self, those: Iterable[Contrary]) -> Iterator[str]:
        """Yield where on the page each thing is said, what it answers, and the keys."""
        keys: dict[tuple[str, str], list[str]] = {}
        for each in those:
            if each.saying is not None:
                place = self._places.get(each.saying.proposition, "")
                answer = self._in(each.answer) if each.answer else ""
                keys.setdefault((place, answer), []).append(quoted(each.saying.key or "—"))
        for (place, answer), of in sorted(keys.items(), key=lambda one: _in_order(one[0][0])):
            yield " ".join(filter(None, (place, answer, f"({self._and(of)})")))

    def _from(self, said: Saying) -> str:
        """Return where it comes from, as far as the sentence above has not said so."""
        if said.roots == (said.source,):
            return self._say("rests-on-itself")
        roots = self._and(self._named(each) for each in said.roots)
        if said.origin is None:
            return self._say("in-the-end", roots=roots) if roots else ""
        repeats = said.evidence_offered is None
        if said.roots in ((), (said.origin,)):
            return "" if repeats else self._say("rests-on", origin=self._named(said.origin))
        if repeats:
            return self._say("in-the-end", roots=roots)
        return self._say("rests-on-then", origin=self._named(said.origin), roots=roots)

    def _named(self, source: SourceShown) -> str:
        return named(source, self._lang)

    def _listed(self, listed: SourceListed) -> str:
        source = listed.source
        more = [quoted(source.type or "")]
        if source.published:
            more.append(self._when(source.published))
        if source.url:
            more.append(quoted(source.url))
        more += [self._in(each) for each in (*listed.comes_from, *listed.grades)]
        return f"{cited(source, self._lang)} · {' · '.join(more)}"


def _is_bare(listed: SourceListed) -> bool:
    """Whether a source is known by its key alone."""
    source = listed.source
    said = (source.name, source.title, source.url, source.published, *listed.grades)
    return not any((*said, *listed.comes_from))


def _in_order(place: str) -> tuple[int, ...]:
    return tuple(int(each) for each in place.split(".") if each)


def _width(text: str) -> int:
    """Return how many places a text takes, without the marks that keep its direction apart."""
    return len(text.replace(ISOLATE, "").replace(POP, ""))
