"""A name taken apart: given name and lineage, whatever was written joined or apart."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

Spelled = Callable[[str], str]

# Half a name: what follows belongs to it. عبد الرحمن and عبدالرحمن are one name, and so are Abu
# and ابو with what they stand before.
_BEFORE = frozenset(
    {"عبد", "ابو", "ابا", "ابي", "ام", "ال", "abd", "abdul", "abdel", "abdal", "abdol"}
    | {"abu", "abo", "abou", "umm", "um"}
)
# The other half: نور الدين, عوض الله, Salah al-Din.
_AFTER = frozenset(
    {"الدين", "الله", "لله", "الاسلام", "الحق", "din", "deen", "dine", "uddin", "addin", "eddin"}
    | {"eddine", "allah"}
)
# Son of, daughter of: they tell who follows, and half of the lists leave them out.
_LINKS = frozenset({"بن", "ابن", "بنت", "bin", "ben", "ibn", "bint"})
# Lam-alef turned round, as copied from many documents; and as it is said on the Gulf.
_SAME = ((re.compile(r"هللا\b"), "الله"), (re.compile(r"\bبو (?=\w)"), "ابو "))
_ARTICLE = re.compile("^(عبد|ابو|ابا|ابي|ام)?ال(?=..)|ال(?=(?:دين|له|اسلام|حق)$)")
# What is heard of a word depends on how it begins: these are taken apart first.
_JOINED = re.compile(
    r"^(عبد|ابو|abu|abou)(?=\w{3})|^(ابا|ابي|ام)(?=ال..)|(?<=\w)(?=ال(?:دين|له|اسلام|حق)$)"
)
# Al-Bab, El Bab, ash-Sham: there it takes the sound of the next letter.
_LATIN_ARTICLE = re.compile(r"\b(?:(?:al|el|il|ul) (?=\w)|[aeu](dh|th|sh|[rstdnzl]) (?=\1))")
# A letter alone is what a break within a word left of it.
_ALONE = re.compile(r"\b(ا) (?=ل\w)|^([ء-ي]) (?=\w)| (?=[ب-ي]\b)")


# Beyond this it is no name: a sentence in the wrong column, or somebody who means harm.
_MANY, _LONG = 20, 40


@dataclass(frozen=True, slots=True)
class Parts:
    """A name's parts in their order, the given name first.

    ``letters``: as folded, without spaces and articles. ``sounds``: the same parts as keys that
    are equal across scripts; each part has both.
    """

    letters: tuple[str, ...]
    sounds: tuple[str, ...]


def parts_of(name: str, fold: Spelled, sounds: Spelled) -> Parts:
    """Take a name apart; no parts where nothing in it can be heard."""
    folded = _LATIN_ARTICLE.sub("", _ALONE.sub(r"\1\2", fold(name)))
    for written, meant in _SAME:
        folded = written.sub(meant, folded)
    words = [word[:_LONG] for word in folded.split() if word not in _LINKS][:_MANY]
    joined = _joined(words)
    heard = [sounds(_JOINED.sub(r"\1\2 ", " ".join(part))) for part in joined]
    letters = [_ARTICLE.sub(r"\1", "".join(part)) for part in joined]
    kept = [(part, key) for part, key in zip(letters, heard, strict=True) if key]
    return Parts(tuple(part for part, _ in kept), tuple(key for _, key in kept))


def is_a_name_of_its_own(letters: str, key: str, sounds: Spelled) -> bool:
    """Whether a given name is one that many bear: محمد and محمود are two, as are Samer and Nader.

    One letter between two of these is no slip of a pen. In Arabic it goes by letters, in other
    scripts, where each spells for himself, by sound.
    """
    arabic = "\u0600" <= letters[0] <= "\u06ff"
    return letters in _own_names() if arabic else key in _own_sounds(sounds)


def _joined(words: Sequence[str]) -> list[list[str]]:
    parts: list[list[str]] = []
    half: list[str] = []
    for word in words:
        if word in _BEFORE:
            half.append(word)
        elif half or (parts and word in _AFTER):
            parts.append([*(half or parts.pop()), word])
            half = []
        else:
            parts.append([word])
    return [*parts, half] if half else parts


@cache
def _own_names() -> frozenset[str]:
    path = resources.files("dalil.match.persons") / "given_names.json"
    names: list[str] = json.loads(path.read_text("utf-8"))
    return frozenset(names)


@lru_cache(maxsize=2)
def _own_sounds(sounds: Spelled) -> frozenset[str]:
    return frozenset(sounds(_JOINED.sub(r"\1\2 ", name)) for name in _own_names())
