"""What an answer says: `>=41 (men)`, `41..288`, `~288 (12 children)`, `~7 min`, `1:48`, a text.

One row may answer several things at once, of several people: each is a piece of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dalil.casebook.exchange.claims_sheet.entities import Entities
from dalil.casebook.exchange.claims_sheet.layout import Facet, Layout, Measure, any_in
from dalil.casebook.exchange.claims_sheet.reading import ClaimRow
from dalil.kernel.canonical import Json

NUMBER = r"\d{1,3}(?:,\d{3})+(?!\d)|\d{1,15}(?!\d)"
HEAD = re.compile(
    rf"(?P<sign>>=|<=|≥|≤|>|<|~|≈)?\s*(?P<low>{NUMBER})(?:(?:\.\.|[-–])(?P<high>{NUMBER}))?"
    r"(?P<rest>(?:[\s(;,].*)?)",
    re.DOTALL,
)
PART = re.compile(rf"\s*(?P<count>{NUMBER})\s+(?P<label>\S.*?)\s*")
CLOCK = re.compile(r"(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,2}):(?P<s>[0-5]\d)")
REMARK = re.compile(r"\((?P<inside>[^()]*)\)")
ABOUT = ("~", "≈")
MODALITIES = {">=": "at_least", "≥": "at_least", ">": "at_least", "<=": "at_most", "≤": "at_most"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A number between two bounds, with its stated parts; or a text (``number`` is false).

    ``noun`` is what the row itself says is counted, if it says so; ``own`` that the answer
    describes a count of its own, made of parts that nobody else counts so.
    """

    text: str
    number: bool = False
    lo: int | None = None
    hi: int | None = None
    about: bool = False
    modality: str = "states"
    noun: str = ""
    parts: tuple[Json, ...] = ()
    parts_how: str | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that a row says of one subject (the key of an entity).

    With ``measure`` it is a count of ``scope``; with ``object`` it says that somebody or
    something (a key) is the answer. ``denies``: it begins as a denial.
    """

    row: ClaimRow
    part: int
    subject: str
    predicate: str
    answer: Answer
    measure: str | None = None
    unit: str | None = None
    scope: str | None = None
    object: str | None = None
    functional: bool = False
    denies: bool = False

    @property
    def key(self) -> str:
        """The key of the row, and which of its pieces this is."""
        return self.row.key if self.part == 1 else f"{self.row.key}/{self.part}"

    @property
    def count(self) -> bool:
        """Whether this is a number of something."""
        return self.measure is not None


LABEL = re.compile(r"(?P<label>[^\W\d_]{1,3}\d{1,4})[.:)]?\s+(?P<topic>\S.*)", re.DOTALL)
NAMED = re.compile(r"(?P<name>[^\W\d]\w*) = (?P<value>\S.*)")


def topic_of(question: str) -> str:
    """Return a question without its label: `Q01 deaths shown` asks for `deaths shown`."""
    found = LABEL.fullmatch(question)
    return found["topic"] if found else question


def label_of(question: str) -> str:
    """Return the label of a question, or the question where it has none."""
    found = LABEL.fullmatch(question)
    return found["label"] if found else question


def pieces_of(row: ClaimRow, entities: Entities) -> Iterator[Piece]:
    """Yield what a row says, piece by piece."""
    layout, topic = entities.layout, topic_of(row.question)
    subjects = entities.subjects_of(row)
    found: list[Piece] = []
    if len(subjects) > 1 and all("#" in each for each in subjects):
        one, other = subjects[:2]
        found.append(Piece(row, 1, one, row.value, Answer(row.value), object=other))
        subjects = ()
    for subject in subjects:
        facet = next((each for each in layout.facets if any_in(topic, each.words)), None)
        measure = _measure(topic, layout)
        blank = Piece(row, 1, subject, topic, Answer(row.value))
        if subject.partition(":")[0] == layout.post:
            found.append(_holder(blank, entities))
        elif facet is not None and facet.separator:
            found += _facets(blank, facet, entities)
        elif measure is not None:
            found += _counted(blank, measure, layout)
        else:
            found.append(_stated(blank, layout))
    for part, piece in enumerate(found, 1):
        yield replace(piece, part=part)


def _measure(topic: str, layout: Layout) -> Measure | None:
    """Return what a question counts: as its words say, or `number of NOUN …` of any noun."""
    for measure in layout.measures:
        if any_in(topic, measure.words):
            return measure
    for words in layout.counted:
        noun = re.search(rf"\b{re.escape(words)}\s+(\w+)", topic.casefold())
        if noun:
            return Measure((words,), noun[1], (noun[1], noun[1].removesuffix("s")), None)
    return None


def _stated(piece: Piece, layout: Layout) -> Piece:
    """Read a statement in words; without a value the claim itself is what is stated."""
    text = piece.row.claim if piece.answer.text == ".." else piece.answer.text
    return replace(piece, answer=Answer(text), denies=_denial(text, layout) is not None)


def _denial(text: str, layout: Layout) -> str | None:
    """Return what is denied, if this is a denial."""
    folded = text.casefold()
    return next((text[len(each) :] for each in layout.denials if folded.startswith(each)), None)


def _holder(piece: Piece, entities: Entities) -> Piece:
    """Read who held a post, or who did not."""
    text = piece.answer.text
    denied = _denial(text, entities.layout)
    person = entities.find(denied or text, "person")
    if person is None:
        return _stated(piece, entities.layout)
    entities.add(person)
    return replace(piece, object=person, denies=denied is not None)


def _facets(piece: Piece, facet: Facet, entities: Entities) -> Iterator[Piece]:
    for each in piece.answer.text.split(facet.separator):
        text = each.strip()
        unit = _unit(text, entities)
        if unit is not None:
            yield replace(piece, predicate=facet.unit, answer=Answer(text), object=unit)
        elif text and entities.known[piece.subject].type == "person":
            answer = Answer(text)
            yield replace(piece, predicate=facet.rest, answer=answer, functional=True)
        elif text:
            yield replace(piece, answer=Answer(text))


def _unit(text: str, entities: Entities) -> str | None:
    """Return the key of the unit that a text names; one that is new is written down."""
    known = entities.find(text, "unit")
    if known is not None:
        entities.add(known)
        return known
    layout = entities.layout
    if any_in(text, layout.not_unit_words) or not any_in(text, layout.unit_words):
        return None
    key = "unit:" + re.sub(r"\s+", "-", text)
    entities.add(key, text)
    return key


def _counted(piece: Piece, measure: Measure, layout: Layout) -> Iterator[Piece]:
    """Read a count, and what stands beside it as `actor = NDF`."""
    parts = [each.strip() for each in piece.answer.text.split(";")]
    beside = [found for each in parts[1:] if (found := NAMED.fullmatch(each))]
    main = parts[0] if beside else piece.answer.text
    answer = read_count(main, layout, measure.unit)
    if answer.number:
        yield _scoped(replace(piece, answer=answer, unit=measure.unit), measure, layout)
    else:
        yield _stated(replace(piece, answer=answer), layout)
    for found in beside:
        yield replace(piece, predicate=found["name"], answer=Answer(found["value"]))


def _scoped(piece: Piece, measure: Measure, layout: Layout) -> Piece:
    """Say what exactly is counted: what the question asks, unless the row says otherwise."""
    noun, scope, counted = piece.answer.noun, piece.predicate, measure.measure
    first, last = (noun.casefold().split() or [""])[0], (noun.casefold().split() or [""])[-1]
    if noun and noun.casefold() not in measure.nouns:
        if first in measure.nouns:
            scope = f"{scope}: {noun}"
        else:
            counted, scope = last, f"{scope}: {last}"
    elif piece.answer.own:
        scope = f"{scope}: {piece.answer.text}"
    if scope == piece.predicate:
        clauses = [each.strip() for each in piece.row.relation.split(";")]
        own = next((each for each in clauses if any_in(each, layout.own_scope)), None)
        scope = f"{scope}: {own}" if own else scope
    return replace(piece, measure=counted, scope=scope)


def read_count(text: str, layout: Layout, unit: str | None = None) -> Answer:
    """Return the number that an answer says, or its words where it is none.

    A length is kept in seconds (``unit`` "second").
    """
    if unit == "second" and (clock := CLOCK.fullmatch(text)):
        seconds = int(clock["h"] or 0) * 3600 + int(clock["m"]) * 60 + int(clock["s"])
        return Answer(text, number=True, lo=seconds, hi=seconds)
    sum_of = _sum(text)
    if sum_of is not None:
        return sum_of
    found = HEAD.fullmatch(_in_digits(text, layout))
    if not found:
        return Answer(text)
    lo, hi = _bounds(found)
    noun, parts = _rest(found["rest"], layout)
    if unit == "second":
        factor = layout.durations.get(noun.casefold())
        if factor is None:
            return Answer(text)
        lo, hi = lo and lo * factor, hi and hi * factor
        noun = ""
    sign = found["sign"] or ""
    return Answer(
        text,
        number=True,
        lo=lo,
        hi=hi,
        about=sign in ABOUT,
        modality="estimates" if sign in ABOUT or found["high"] else MODALITIES.get(sign, "states"),
        noun=noun,
        parts=parts,
        parts_how="incomplete" if parts else None,
    )


def _in_digits(text: str, layout: Layout) -> str:
    """Return an answer with its first words as signs and digits: `at least two` is `>=2`."""
    sign = ""
    for words, stands_for in layout.signs:
        if text.casefold().startswith(f"{words} "):
            sign, text = stands_for, text[len(words) :].lstrip()
            break
    first, space, rest = text.partition(" ")
    return f"{sign}{layout.numbers.get(first.casefold(), first)}{space}{rest}"


def _bounds(found: re.Match[str]) -> tuple[int | None, int | None]:
    low, sign = _int(found["low"]), found["sign"] or ""
    if found["high"]:
        return low, _int(found["high"])
    if sign in {">=", "≥", ">"}:
        return low + (sign == ">"), None
    if sign in {"<=", "≤", "<"}:
        return None, max(low - (sign == "<"), 0)
    return low, low


def _sum(text: str) -> Answer | None:
    """Read `11 shot on camera + 13 already dead`: a count made of all of its parts."""
    found = [PART.fullmatch(each) for each in text.split(" + ")]
    if len(found) == 1 or not all(found):
        return None
    parts = tuple(_part(each["count"], each["label"]) for each in found if each)
    total = sum(_int(each["count"]) for each in found if each)
    return Answer(
        text, number=True, lo=total, hi=total, parts=parts, parts_how="complete", own=True
    )


def _rest(rest: str, layout: Layout) -> tuple[str, tuple[Json, ...]]:
    """Return what is counted and the stated parts, from what follows a number."""
    inside = [each["inside"] for each in REMARK.finditer(rest)]
    bare = REMARK.sub(" ", rest)
    for word in layout.including:
        before, found, after = bare.partition(f" {word} ")
        if found:
            bare = before
            inside.append(after)
    noun = re.split("[,;]", bare, maxsplit=1)[0].strip()
    return noun, tuple(part for each in inside for part in _parts(each))


def _parts(text: str) -> Iterator[Json]:
    pieces = re.split(r",|\+|\band\b|\bو(?=\d)", text)
    counted = [PART.fullmatch(each) for each in pieces]
    if not any(counted):
        return
    for piece, found in zip(pieces, counted, strict=True):
        if found:
            yield _part(found["count"], found["label"])
        elif piece.strip():
            yield {"label": piece.strip()}


def _part(count: str, label: str) -> Json:
    return {"label": label, "lo": _int(count), "hi": _int(count)}


def _int(text: str) -> int:
    return int(text.replace(",", ""))
