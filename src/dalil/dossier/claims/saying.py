"""The claims of a case file as somebody reads them, from open fields alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from itertools import islice

from dalil.casebook.command.wording import told
from dalil.casebook.record.claims import Assertion
from dalil.casebook.report.phrases import date_in_words, field_name, quoted
from dalil.casebook.report.phrases import term as term_of_records
from dalil.casebook.text.names import isolate
from dalil.casebook.text.names import shown as shown_text
from dalil.casebook.weigh.wording import (
    reason_in_words,
    said_in_words,
    stated_number_in_words,
    tally_in_words,
)
from dalil.dossier.claims.listing import WITHHELD, Head, Listed
from dalil.dossier.claims.showing import CLOSED, Shown
from dalil.dossier.people.page import people_and_places
from dalil.kernel.canonical import Json

Fields = Mapping[str, Json]
NAME_ROLES = ("name", "alias", "byname", "code", "spelling")
SCRIPTS = {"ar": range(0x600, 0x700), "en": range(0x41, 0x250)}
LONGEST = 600
NO_ISOLATES = {0x2068: None, 0x2069: None}
FEW = 12


def readable(listed: Listed, head: Head, recipient: str, lang: str) -> str:
    """Return claims.en.txt or claims.ar.txt: each claim with what is said for and against it."""
    page = _Page(listed, lang)
    lines = [page.say("title", case=listed.closure.case), ""]
    lines += [
        page.say("made", origin=head.origin, size=head.log_size, recipient=quoted(recipient)),
        page.say("adopted" if listed.closure.adopted else "all", n=len(listed.selection.claims)),
        page.say("what"),
    ]
    for number, claim in enumerate(listed.selection.claims, 1):
        lines += ["", *page.claim(number, claim)]
    lines += [*people_and_places(page), *page.sources(), *page.answers(), "", page.say("limits")]
    return "\n".join(lines) + "\n"


def introduction(claims: int, records: int, withheld_sources: int, lang: str) -> str:
    """Return what READ-ME-FIRST says of the claims."""
    said = _words()["introduction"][lang]
    return said.format(claims=claims, records=records, withheld=withheld_sources)


@cache
def _words() -> dict[str, dict[str, str]]:
    text = (resources.files("dalil.dossier") / "words" / "claims.json").read_text("utf-8")
    found: dict[str, dict[str, str]] = json.loads(text)
    return found


@dataclass(slots=True)
class _Page:
    """What a page is written from: the open fields of each record as it is now."""

    listed: Listed
    lang: str
    open: dict[str, Fields] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)
    on: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in self.listed.selection.shown:
            id_ = each.known.record.id
            self.shown[id_], self.open[id_] = each, each.fields()
        for id_, said in self.open.items():
            self.on.setdefault((said["kind"], str(said.get("proposition"))), []).append(id_)
        self.places = {each: n for n, each in enumerate(self.listed.selection.claims, 1)}

    def say(self, key: str, **values: object) -> str:
        """Return one of our sentences."""
        return _words()[key][self.lang].format(**values)

    def term(self, word: str) -> str:
        """Return a fixed word of records or answers."""
        own = _words().get(f"term-{word}")
        return own[self.lang] if own else term_of_records(word, self.lang)

    def claim(self, number: int, claim: str) -> Iterator[str]:
        """Yield a claim: what is asked, how it stands, what is said for and against it."""
        said, suggestion = self.open[claim], self.listed.suggestions[claim]
        key = "claim-adopted" if claim in self.listed.closure.adopted else "claim"
        gone = self.say("withdrawn") if self.shown[claim].known.record.withdrawn is not None else ""
        yield self.say(key, n=number, what=gone + isolate(self.asked(said)))
        if said.get("scope"):
            yield "   " + self.say("scope", scope=quoted(self.scope(said)))
        yield "   " + self.say("suggested", status=self.term(suggestion.status))
        for reason in suggestion.reasons:
            others = self.numbered(suggestion.divergent, claim, reason.key)
            yield "     " + reason_in_words(reason, self.lang) + others
        yield "     " + tally_in_words(suggestion, self.lang)
        for each in self.about_claim("assessment", claim):
            why = quoted(str(self.open[each].get("reasoning", "")))
            status = self.term(str(self.open[each].get("status")))
            yield "   " + self.say("set", status=status, why=why)
        closed = [each for each in self.against(claim) if self.shown[each].state == CLOSED]
        against = [each for each in suggestion.against if each in self.open] + closed
        for_ = [each for each in suggestion.for_ if each in self.open and each not in against]
        rest = {*for_, *against}
        yield from self.side("for", for_)
        yield from self.side("against", list(dict.fromkeys(against)))
        apart = [each for each in self.about_claim("assertion", claim) if each not in rest]
        if apart:
            yield from self.side("apart", apart)

    def numbered(self, claims: Iterable[str], besides: str, key: str) -> str:
        """Return the numbers on this page of counts that count something else, a few of them."""
        others = (self.places[each] for each in claims if each in self.places and each != besides)
        found = list(islice(others, FEW + 1)) if key == "divergent_scope" else []
        if not found:
            return ""
        more = "…" if len(found) > FEW else ""
        return f" ({', '.join(map(str, sorted(found[:FEW])))}{more})"

    def about_claim(self, kind: str, claim: str) -> list[str]:
        """Return the records of a kind that are on a claim."""
        return self.on.get((kind, claim), [])

    def against(self, claim: str) -> list[str]:
        """Return what is listed against a claim and is here, in an order that says nothing."""
        listed = self.listed.selection.against.get(claim, frozenset())
        return sorted(each for each in listed if each in self.open)

    def asked(self, said: Fields) -> str:
        """Return what a proposition asks or says, as plain text."""
        other = "en" if self.lang == "ar" else "ar"
        asked = said.get(f"question_{self.lang}") or said.get(f"question_{other}")
        told = said.get("value") or said.get("object")
        what = self.named(str(told)) if told in self.open else shown_text(str(told or ""))
        if not asked:
            asked = f"{self.named(str(said.get('subject')))}, {said.get('predicate', '')}"
        return " — ".join(each for each in (shown_text(str(asked)), what) if each)

    def scope(self, said: Fields) -> str:
        """Return what a count counts; where that is the question itself, in the page's language."""
        scope, asked = str(said["scope"]), str(said.get("question_en"))
        own = str(said.get(f"question_{self.lang}") or asked)
        same = scope == asked or scope.startswith(f"{asked}: ")
        return own + scope.removeprefix(asked) if same else scope

    def side(self, side: str, ids: Iterable[str]) -> Iterator[str]:
        """Yield what is said on one side; that there is nothing is said too."""
        # By when it was said, as far as that is open; evidence and what has no date at the end.
        found = sorted(ids, key=lambda each: (str(self.open[each].get("asserted", "~")), each))
        if not found:
            yield "   " + self.say(f"nothing-{side}")
            return
        yield "   " + self.say(side, n=len(found))
        for each in found:
            yield "     " + self.line(each)
            yield from ("       " + more for more in self.more(each))

    def line(self, id_: str) -> str:
        """Return one assertion or piece of evidence, with who says it."""
        said, shown = self.open[id_], self.shown[id_]
        if shown.state == CLOSED:
            why = quoted(shown.why.sentence) if shown.why else ""
            kind = self.term(str(said["kind"]))
            return self.say("line-closed", label=self.listed.labels[id_], kind=kind, why=why)
        record = shown.known.record
        gone = self.say("withdrawn") if record.withdrawn is not None else ""
        if isinstance(record, Assertion):
            return "- " + gone + self.sentence(id_, record)
        by, target = said.get("by_assertion"), str(said.get("assertion"))
        source = self.speaker(str(by)) if by else self.speaker(id_, "by_source")
        return gone + self.say(
            "line-evidence",
            source=isolate(source),
            about=isolate(self.speaker(target)),
            how=self.term(str(said.get("relation"))),
            note=quoted(str(said.get("note", ""))),
        )

    def sentence(self, id_: str, assertion: Assertion) -> str:
        """Return who says what and when, worded by how it was said and on what evidence."""
        said = self.open[id_]
        seen = replace(assertion, asserted=said.get("asserted"), note=None)
        when = date_in_words(str(said["asserted"]), self.lang) if "asserted" in said else ""
        origin = self.speaker(id_, "origin") if assertion.origin else ""
        what = self.answer_of(said)
        number = stated_number_in_words(seen, self.lang) if _is_open(said) else ""
        number = number.translate(NO_ISOLATES)  # it is set apart as a whole, with what is said
        told = " — ".join(each for each in (number, what) if each)
        return said_in_words(seen, self.speaker(id_), when, told, self.lang, origin)

    def more(self, id_: str) -> Iterator[str]:
        """Yield what stands beside an assertion: its origin, its evidence, its own words."""
        said, shown = self.open[id_], self.shown[id_]
        if said["kind"] != "assertion" or shown.state == CLOSED:
            return
        offered = said.get("evidence_offered")
        if offered and ("origin" in said or "origin" in shown.hidden):
            yield self.say("origin", source=isolate(self.speaker(id_, "origin")))
        if offered:
            yield self.say("offers", what=quoted(str(offered)))
        verbatim = str(said.get("verbatim", ""))
        if verbatim and said.get("text") and verbatim != said["text"]:
            yield self.say("words", words=quoted(verbatim[:LONGEST]))
        if shown.closed:
            fields = self.say("then").join(
                field_name(each, self.lang) for each in sorted(shown.closed)
            )
            yield self.say("some-closed", fields=fields)

    def answer_of(self, said: Fields) -> str:
        """Return what an assertion answers beside a number."""
        parts = [self.named(str(said["entity"]))] if "entity" in said else []
        text = said.get(f"text_{self.lang}") or said.get("text")
        if text:
            parts.append(shown_text(str(text)[:LONGEST]))
        if not parts and said.get("verbatim"):
            parts.append(shown_text(str(said["verbatim"])[:LONGEST]))
        if not parts and not _is_open(said):
            parts.append(self.asked(self.open.get(str(said.get("proposition")), {})))
        return " — ".join(parts)

    def speaker(self, id_: str, name: str = "source") -> str:
        """Return who speaks in a record, or that this is withheld."""
        shown = self.shown.get(id_)
        hidden = sorted(shown.hidden.get(name, ())) if shown else []
        if hidden:
            return self.withheld(hidden)
        return self.source_named(str(self.open.get(id_, {}).get(name)))

    def withheld(self, ids: Iterable[str]) -> str:
        """Return that a source is withheld, under the label that it goes by, if any."""
        labels = sorted({self.listed.called(each) for each in ids} - {"", WITHHELD})
        if labels:
            return self.say("labelled-source", label=", ".join(labels))
        return self.say("withheld-source")

    def source_named(self, id_: str) -> str:
        """Return a source as a line names it: who it is, its title, its key."""
        said = self.open.get(id_)
        if said is None or self.shown[id_].state == CLOSED:
            return self.withheld([id_])
        named = [said.get("publisher") or said.get("author"), said.get("title")]
        told = ": ".join(str(each) for each in named if each)
        key = str(said.get("key") or "")
        name = f"{told} ({key})" if told and key else told or key or id_
        return shown_text(name)

    def named(self, id_: str) -> str:
        """Return what an entity is called, in the script of the page where there is such a form."""
        said = self.open.get(id_, {})
        forms = [n for n in said.get("names", ()) if n.get("role", "name") in NAME_ROLES]
        own = [n for n in forms if any(ord(c) in SCRIPTS[self.lang] for c in str(n["form"]))]
        called = said.get("label") or said.get("key") or id_
        chosen = (own or forms or [{"form": called}])[0]
        return shown_text(str(chosen["form"]))

    def sources(self) -> Iterator[str]:
        """Yield the sources, which comes from which, and how far people rely on them."""
        yield from ("", self.say("sources"))
        for id_, said in self.open.items():
            if said["kind"] == "source":
                yield self.source_line(id_, said)
        kinds = (("derivation", "coming-from"), ("grade", "reliability"))
        for kind, head in kinds:
            found = [id_ for id_, said in self.open.items() if said["kind"] == kind]
            if found:
                yield from ("", self.say(head), *map(self.about_sources, found))

    def source_line(self, id_: str, said: Fields) -> str:
        """Return a source with what is open of it."""
        if self.shown[id_].state == CLOSED:
            return self.say("source-withheld", label=self.listed.labels[id_])
        details = [isolate(self.source_named(id_))]
        if said.get("published"):
            details.append(date_in_words(str(said["published"]), self.lang))
        details += [quoted(str(said[name])) for name in ("type", "url") if said.get(name)]
        return self.say("source", id=id_, said=self.say("apart-by").join(details))

    def about_sources(self, id_: str) -> str:
        """Return a derivation or a grade."""
        said = self.open[id_]
        if self.shown[id_].state == CLOSED:
            return "- " + self.listed.labels[id_]
        if said["kind"] == "derivation":
            child, parent = (isolate(self.speaker(id_, name)) for name in ("child", "parent"))
            return self.say("derived", child=child, parent=parent, how=self.term(str(said["how"])))
        why = quoted(str(said.get("reasoning", "")))
        return self.say(
            "graded", source=isolate(self.speaker(id_)), value=said.get("value", "?"), why=why
        )

    def answers(self) -> Iterator[str]:
        """Yield the answers on command: every chain with its grounds, every gap."""
        for each in self.listed.answers:
            yield from (
                "",
                self.say("answer", place=quoted(each.place), on=each.on, file=each.file),
            )
            yield told(each.answer, self.lang)


def _is_open(said: Fields) -> bool:
    """Whether a number is open in an assertion."""
    return "lo" in said or "hi" in said
