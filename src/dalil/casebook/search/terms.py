"""Words become terms: each a choice of wordings, widened by the other forms of names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from sqlalchemy import Connection, or_, select

from dalil.casebook.index.tables import NAME
from dalil.casebook.index.view import View
from dalil.casebook.text.names import fold, script_of, skeleton
from dalil.engines.sqlite import pieces
from dalil.errors import UsageRefused

MOST_WORDS = 40
# A name of more words than this is found by its words.
LONGEST_NAME = 6
SHORTEST_BEGINNING = 3
# A key of two consonants is met by too many names to look for the text of all of them.
SHORT_KEY = 2
# Spellings in one script that share their consonants are taken for one name if this much alike.
ALIKE = 0.6
# What more forms than this are called is looked for as it was written.
MOST_FORMS = 300
# How long vowels are heard at the beginning of a word, within it, and at its end.
_LONG = {
    "ا": ("[aeiou]+", "[ae]+", "a+"),
    "و": ("(?:w|ou)", "[ouw]+", "[ouw]+"),
    "ي": ("[yij]", "[iye]+", "[iyea]+"),
    "ع": ("[aeiou]+", "[aeiou]*", "[aeiou]*"),
    "ء": ("", "", ""),
}
_PART = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words side by side, or one facet; ``begins``: the last word is a beginning."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """What must be there: all phrases of one of these wordings."""

    choice: tuple[tuple[Phrase, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What words ask for. ``named``: the entities that all of the words together are a name of."""

    terms: tuple[Term, ...]
    named: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Part:
    written: str
    phrase: Phrase
    exact: bool


@dataclass(frozen=True, slots=True)
class _Bearer:
    entity: str
    near: bool


def asked_for(connection: Connection, words: str, view: View) -> Asked:
    """Return what words ask for; no terms where nothing in them can be looked for.

    Raises:
        UsageRefused: more words than a search takes, or a beginning of a word that is too short.

    """
    parts = _parts(words)
    bearers = _bearers(connection, parts, view)
    terms: list[Term] = []
    named: frozenset[str] = frozenset()
    start = 0
    while start < len(parts):
        end = max((e for s, e in bearers if s == start), default=start + 1)
        found = bearers.get((start, end), [])
        plain = tuple(part.phrase for part in parts[start:end])
        terms.append(Term((plain, *_other_wordings(connection, found, view))))
        if (start, end) == (0, len(parts)):
            named = frozenset(each.entity for each in found)
        start = end
    return Asked(tuple(terms), named)


def _parts(words: str) -> list[_Part]:
    parts = []
    for match in _PART.finditer(words):
        quoted, single = match.groups()
        written = quoted if single is None else single
        folded = tuple(fold(written).split())
        begins = single is not None and single.endswith("*")
        if begins and folded and len(folded[-1]) < SHORTEST_BEGINNING:
            raise UsageRefused(f"{written!a}: a beginning has {SHORTEST_BEGINNING} letters or more")
        if folded:
            parts.append(_Part(written, Phrase(folded, begins), begins or single is None))
    if sum(len(each.phrase.words) for each in parts) > MOST_WORDS:
        raise UsageRefused(f"a search takes {MOST_WORDS} words")
    return parts


def _bearers(
    connection: Connection, parts: Sequence[_Part], view: View
) -> dict[tuple[int, int], list[_Bearer]]:
    """Return, for each stretch of the words that is a name, what bears it."""
    spans = {}
    for start in range(len(parts)):
        for end in range(start + 1, min(len(parts), start + LONGEST_NAME) + 1):
            if not any(part.exact for part in parts[start:end]):
                spans[start, end] = " ".join(part.written for part in parts[start:end])
    folds = {span: fold(written) for span, written in spans.items()}
    keys = {span: skeleton(written) for span, written in spans.items()}
    rows = _rows_named(connection, set(folds.values()), set(keys.values()), view)
    found: dict[tuple[int, int], list[_Bearer]] = {}
    for span, written in spans.items():
        bearers: dict[str, _Bearer] = {}
        for entity, form, folded, key in rows:
            same = folded == folds[span]
            if same or (key == keys[span] and _alike(written, form, key)):
                near = same or len(key) > SHORT_KEY
                if near or entity not in bearers:
                    bearers[entity] = _Bearer(entity, near)
        if bearers:
            found[span] = sorted(bearers.values(), key=lambda each: each.entity)
    return found


def _rows_named(
    connection: Connection, folded: Iterable[str], keys: Iterable[str], view: View
) -> list[tuple[str, str, str, str]]:
    found: list[tuple[str, str, str, str]] = []
    n = NAME.c
    usable = sorted(key for key in keys if len(key) >= SHORT_KEY)
    chosen = select(n.entity, n.form, n.folded, n.skeleton).where(
        or_(n.folded.in_(sorted(folded)), n.skeleton.in_(usable)), n.searched, view.rows(NAME)
    )
    found += [(e, form, fold_, key) for e, form, fold_, key in connection.execute(chosen)]
    return found


def _alike(one: str, other: str, key: str) -> bool:
    """Whether two spellings with one key may well be one name."""
    scripts = {script_of(one): one, script_of(other): other}
    if len(scripts) == 1:
        return SequenceMatcher(None, fold(one), fold(other)).ratio() >= ALIKE
    if len(key) > SHORT_KEY:
        return True
    # Men is not منى, and video is not فادي: where two consonants agree, long vowels must too.
    if set(scripts) != {"Arab", "Latn"}:
        return False
    return re.fullmatch(_heard(fold(scripts["Arab"])), fold(scripts["Latn"])) is not None


def _heard(arabic: str) -> str:
    """Return the pattern of how a short Arabic name is written in Latin letters."""
    bare = arabic.removeprefix("ال")
    heard = "(?:[ae][a-z]{1,2} )?"
    for place, letter in enumerate(bare):
        first, last = place == 0, place == len(bare) - 1
        after = bare[place + 1 : place + 2]
        if letter in _LONG:
            heard += _LONG[letter][0 if first else 2 if last else 1]
        elif last and letter == "ه":
            heard += "(?:[ae]h?)?"
        else:
            heard += "[^aeiouwy]+" + ("[aeiou]{0,2}" if after and after not in _LONG else "")
    return heard


def _other_wordings(
    connection: Connection, bearers: Sequence[_Bearer], view: View
) -> list[tuple[Phrase, ...]]:
    """Return the forms under which the bearers of a name are known, and the bearers themselves."""
    forms: set[tuple[str, ...]] = set()
    n = NAME.c
    for piece in pieces(each.entity for each in bearers if each.near):
        chosen = select(n.folded).where(n.entity.in_(piece), n.searched, view.rows(NAME))
        forms |= {tuple(form.split()) for (form,) in connection.execute(chosen.distinct())}
    themselves = [(f"id={each.entity}",) for each in bearers]
    if len(forms) > MOST_FORMS or len(themselves) > MOST_FORMS:
        return []
    return [(Phrase(words),) for words in (*sorted(filter(None, forms)), *themselves)]
