"""What a reader of a case should look at: names that meet, marks in texts.

Two things may be one, or one of them may be a slip of the pen (Branch 227, Branch 277). Nothing
here decides which: a judgement is for a person, and what a person said stands beside the pair.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import select

from dalil.casebook.casebook import Known
from dalil.casebook.index.tables import NAME, RECORD
from dalil.casebook.record.form import Record, fields_of
from dalil.casebook.record.things import NOT_SEARCHED, Entity, Judgement, Name
from dalil.casebook.record.victims import Victim
from dalil.casebook.report.desk import Desk, latest
from dalil.casebook.report.page import Remark, Worded
from dalil.casebook.report.phrases import LANGUAGES, both, date_in_words, quoted, term
from dalil.casebook.text.names import fold, script_of, skeleton, warnings_of

# Fields that hold somebody's words or a name; in running text only what hides or turns is told.
NAMES = ("names", "form")
TURNS = ("bidi_control", "invisible")
# Two numbers of degrees with more decimals than are told to everybody, or minutes and seconds.
EXACT_PLACE = re.compile(
    r"\d{1,2}[.٫]\d{3,}\s*°?\s*[NSns]?\s*[,،;/ ]\s*-?\d{1,3}[.٫]\d{3,}"
    r"|\d{1,2}\s*°\s*\d{1,2}\s*['′’]\s*\d{1,2}([.,٫]\d+)?\s*[\"″”]"
)
SHORT = 80
MIN_LETTERS, MAX_LETTERS = 4, 60
# A word that more things share (a rank, a given name) says nothing of any two of them.
MAX_SHARING = 12
NUMBER = re.compile(r"\d+")
INITIALS = re.compile(r"(?:[^\W\d_][.\s]+){2,4}[^\W\d_]\.?")


@dataclass(frozen=True, slots=True)
class Named:
    """One form of the name of one thing: ``entity`` (id), its type, the form as written."""

    entity: str
    type: str
    form: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things (ids) whose names meet; ``how`` is one of `HOW`."""

    a: str
    b: str
    how: str
    form_a: str
    form_b: str


def names_that_meet(desk: Desk, case: str) -> tuple[Remark, ...]:
    """Return the pairs of the case's entities that might be one or a slip of the pen.

    A pair that a person judged stands first with what was said of it; then what a machine
    suggested, then names that meet, then forms that no search finds until they are linked. Victims
    are left out: lists of them are long and full of namesakes, and are linked on their own.
    """
    judgements = latest(desk.casebook.find(Judgement, desk.view, case=case))
    desk.fetch(id_ for known in judgements for id_ in _two(known.record))
    judgements = [known for known in judgements if not _about_victims(desk, known.record)]
    found = [_judged(desk, known) for known in judgements]
    told = {frozenset(_two(known.record)) for known in judgements}
    meeting = pairs_among(_names(desk, case))
    found += [_pair(desk, pair) for pair in meeting if {pair.a, pair.b} not in told]
    found += _unlinked(desk, case)
    return tuple(found)


def marks_in_texts(records: Iterable[Record]) -> tuple[Remark, ...]:
    """Return the texts of these records that hold something that can deceive the eye.

    And those that tell everybody where something lies exactly.
    """
    return tuple(remark for record in records for remark in _marks(record))


def _two(record: Any) -> tuple[str, str]:  # noqa: ANN401 - a judgement
    return record.a, record.b


def _about_victims(desk: Desk, record: Any) -> bool:  # noqa: ANN401 - the same
    return any(isinstance(desk.record(each), Victim) for each in _two(record))


def _judged(desk: Desk, known: Known) -> Remark:
    record: Any = known.record
    a, b = _which(desk, record.a), _which(desk, record.b)
    key = "pair-suggested" if record.machine else "judged"
    said = both(
        key,
        a=a,
        b=b,
        verdict=Worded(*(term(record.verdict, lang) for lang in LANGUAGES)),
        who=quoted(desk.who(known.by_key)),
        at=Worded(*(date_in_words(known.recorded_at[:10], lang) for lang in LANGUAGES)),
        why=quoted(record.reasoning) if record.reasoning else "—",
    )
    return Remark(key, said, (record.id, record.a, record.b))


def _names(desk: Desk, case: str) -> list[Named]:
    chosen = select(NAME.c.entity, NAME.c.form, NAME.c.role).join(RECORD, RECORD.c.n == NAME.c.n)
    # Not the names of victims: there may be a million of them.
    chosen = chosen.where(RECORD.c.kind.in_((Entity.kind, Name.kind)))
    chosen = chosen.where(RECORD.c.case == case, desk.view.rows(NAME))
    with desk.casebook.reading() as connection:
        rows = connection.execute(chosen.order_by(NAME.c.n, NAME.c.i)).all()
    desk.fetch(entity for entity, _, _ in rows)
    found = []
    for entity, form, role in rows:
        record = desk.record(entity)
        if isinstance(record, Victim) or role in NOT_SEARCHED:
            continue
        if isinstance(record, Entity):
            found.append(Named(entity, record.type, form))
    return found


def _pair(desk: Desk, pair: Pair) -> Remark:
    said = both(
        f"pair-{pair.how}",
        a=_which(desk, pair.a),
        b=_which(desk, pair.b),
        form_a=quoted(pair.form_a),
        form_b=quoted(pair.form_b),
    )
    return Remark(f"pair-{pair.how}", said, (pair.a, pair.b))


def _which(desk: Desk, id_: str) -> Worded:
    """Return the name of a thing and what tells it from another of that name."""
    record = desk.record(id_)
    key = record.key if isinstance(record, Entity) else None
    return both("which", name=desk.name(id_), code=quoted(key or id_[:12]))


def _unlinked(desk: Desk, case: str) -> Iterator[Remark]:
    for known in desk.casebook.find(Name, desk.view, case=case):
        name = known.record
        if not isinstance(name, Name) or name.withdrawn or name.linked:
            continue
        if name.role in NOT_SEARCHED:
            said = both(
                "unlinked",
                form=quoted(name.form),
                role=Worded(*(term(name.role, lang) for lang in LANGUAGES)),
                entity=desk.name(name.entity),
                id=name.id[:12],
            )
            yield Remark("unlinked", said, (name.id, name.entity))


def _marks(record: Record) -> Iterator[Remark]:
    yield from _places_told(record)
    for field, value in fields_of(record).items():
        for text in _texts(value):
            for warning in warnings_of(text):
                if field in NAMES or warning.what in TURNS:
                    cut = text if len(text) <= SHORT else text[: SHORT - 1] + "…"
                    said = both(
                        f"warn-{warning.what}",
                        text=quoted(cut),
                        characters=" ".join(warning.characters),
                    )
                    yield Remark(warning.what, said, (record.id,))


def _places_told(record: Record) -> Iterator[Remark]:
    """Yield where a text that everybody may read tells where something lies exactly."""
    if record.see != "open":
        return
    for value in fields_of(record).values():
        for text in _strings(value):
            found = EXACT_PLACE.search(text)
            if found:
                said = both("warn-exact_place", text=quoted(found[0]))
                yield Remark("exact_place", said, (record.id,))


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - a JSON value
    for text in _strings(value):
        if not (text.isascii() and text.isprintable()):  # nothing hides in plain ASCII
            yield text


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - the same
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)


def pairs_among(names: Iterable[Named]) -> list[Pair]:
    """Return the pairs of things of one type whose names are the same or one slip apart.

    A pair is told once, by its strongest reason: the same name, the same sound in another
    script, a number one digit apart, initials one letter apart, a word one letter apart.
    """
    found: dict[tuple[str, str], Pair] = {}
    unique = sorted(set(names), key=lambda n: (n.type, n.entity, n.form))
    for how in HOW:
        for pair in _meeting(unique, how):
            found.setdefault((pair.a, pair.b), pair)
    order = list(HOW)
    return sorted(found.values(), key=lambda p: (order.index(p.how), p.form_a, p.form_b, p.a, p.b))


def _meeting(names: list[Named], how: str) -> Iterator[Pair]:
    keys_of, meet = HOW[how]
    groups: dict[tuple[str, str], list[Named]] = defaultdict(list)
    for name in names:
        for key in keys_of(name.form):
            groups[name.type, key].append(name)
    for group in groups.values():
        if len({name.entity for name in group}) > MAX_SHARING:
            continue
        for one, other in combinations(group, 2):
            if one.entity != other.entity and meet(one.form, other.form):
                yield Pair(one.entity, other.entity, how, one.form, other.form)


def _folded(form: str) -> Iterable[str]:
    return filter(None, [fold(form)])


def _sound(form: str) -> Iterable[str]:
    sound = skeleton(form)
    return [sound] if len(re.sub(r"\W", "", sound)) >= MIN_LETTERS else []


def _around_number(form: str) -> Iterable[str]:
    folded = fold(form)
    return [NUMBER.sub("#", folded)] if re.search(r"\d\d", folded) else []


def _initials(form: str) -> Iterable[str]:
    initials = INITIALS.fullmatch(form.strip())
    return _lacking_one(_letters(form)) if initials else []


def _spelling(form: str) -> Iterable[str]:
    folded = fold(form)
    right = MIN_LETTERS <= len(folded) <= MAX_LETTERS and not INITIALS.fullmatch(form.strip())
    return _lacking_one(folded) if right else []


def _lacking_one(text: str) -> Iterable[str]:
    """Return a text and each form of it without one letter: texts one slip apart meet in one."""
    return {text, *(text[:i] + text[i + 1 :] for i in range(len(text)))}


def _always(_one: str, _other: str) -> bool:
    return True


def _other_script(one: str, other: str) -> bool:
    return script_of(one) != script_of(other)


def _numbers_apart(one: str, other: str) -> bool:
    return one_slip_apart(*("".join(NUMBER.findall(fold(form))) for form in (one, other)))


def _letters_apart(one: str, other: str) -> bool:
    return one_slip_apart(_letters(one), _letters(other))


def _words_apart(one: str, other: str) -> bool:
    a, b = fold(one), fold(other)
    return one_slip_apart(a, b) and NUMBER.findall(a) == NUMBER.findall(b)


def _letters(form: str) -> str:
    return re.sub(r"[\W_]", "", fold(form))


def one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter was changed, dropped, added, or two neighbours changed places."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    if len(short) != len(long):
        return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
    apart = [i for i, (x, y) in enumerate(zip(one, other, strict=True)) if x != y]
    if len(apart) == 1:
        return True
    swapped = len(apart) == 2 and apart[1] == apart[0] + 1  # noqa: PLR2004 - two neighbours
    return swapped and one[apart[0]] == other[apart[1]] and one[apart[1]] == other[apart[0]]


HOW: dict[str, tuple[Callable[[str], Iterable[str]], Callable[[str, str], bool]]] = {
    "shared": (_folded, _always),
    "sound": (_sound, _other_script),
    "number": (_around_number, _numbers_apart),
    "initials": (_initials, _letters_apart),
    "spelling": (_spelling, _words_apart),
}
