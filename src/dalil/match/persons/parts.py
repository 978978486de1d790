"""A name taken apart: given name and lineage, whatever was written joined or apart."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources

Spelled = Callable[[str], str]

# Half a name: what follows belongs to it. عبد الرحمن and عبدالرحمن are one name, and so are Abu
# and ابو with what they stand before.
_BEFORE = frozenset(
    {"عبد", "ابو", "ابا", "ابي", "ام", "ال", "abd", "abdul", "abdel", "abdal", "abdol"}
    | {"abu", "abo", "abou", "umm", "um", "al", "el", "ul"}
)
# The other half: نور الدين, عوض الله.
_AFTER = frozenset(
    {"الدين", "الله", "لله", "الاسلام", "الحق", "uddin", "eddin", "aldin", "eldin", "allah"}
)
# Son of, daughter of: they tell who follows, and half of the lists leave them out.
_LINKS = frozenset({"بن", "ابن", "بنت", "bin", "ben", "ibn", "bint"})
# Documents that were set from right to left and read from left to right turn lam-alef round.
_TURNED = {"هللا": "الله"}
_ARTICLE = re.compile("^(عبد|ابو|ابا|ابي|ام)?ال(?=..)|ال(?=(?:دين|له|اسلام|حق)$)")


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
    words = [_TURNED.get(word, word) for word in fold(name).split() if word not in _LINKS]
    letters = [_ARTICLE.sub(r"\1", part) for part in _joined(words)]
    heard = [(part, sounds(part)) for part in letters]
    kept = [(part, sound) for part, sound in heard if sound]
    return Parts(tuple(part for part, _ in kept), tuple(sound for _, sound in kept))


def is_a_name_of_its_own(part: str) -> bool:
    """Whether a given name, as folded, is one that many bear: محمد and محمود are two names.

    One letter between two of these is no slip of a pen.
    """
    return part in _own_names()


def _joined(words: list[str]) -> list[str]:
    parts: list[str] = []
    half = ""
    for word in words:
        if word in _BEFORE:
            half += word
        elif half or (parts and word in _AFTER):
            parts.append((half or parts.pop()) + word)
            half = ""
        else:
            parts.append(word)
    return [*parts, half] if half else parts


@cache
def _own_names() -> frozenset[str]:
    path = resources.files("dalil.match.persons") / "given_names.json"
    names: list[str] = json.loads(path.read_text("utf-8"))
    return frozenset(names)
