"""Names that two share, and names one slip apart: shown to a person, and never merged.

Two things may be one, or one of them may be a slip of the pen (Branch 227, Branch 277). Nothing
here decides which: a judgement is for a person, and what a person said stands beside the pair.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from dalil.casebook.record.names import fold, script_of, skeleton

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
