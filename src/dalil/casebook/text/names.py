"""Names in every script: folded for search, reduced to one key, and shown without tricks.

Nothing here changes what is kept: a form stays as its source wrote it, to the last character.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

ISOLATE, POP = "\u2068", "\u2069"
# UAX 9: marks, embeddings, overrides and isolates.
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
JOINERS = "\u200c\u200d"
# Drawn as nothing though they are letters or signs (Hangul fillers, empty Braille, Khmer vowels).
BLANK = frozenset("\u3164\u115f\u1160\uffa0\u2800\u17b4\u17b5\u034f")
# ISO 15924, by the first word of a letter's Unicode name.
SCRIPTS = {
    "LATIN": "Latn", "ARABIC": "Arab", "CYRILLIC": "Cyrl", "GREEK": "Grek", "HEBREW": "Hebr",
    "DEVANAGARI": "Deva", "ARMENIAN": "Armn", "SYRIAC": "Syrc", "CJK": "Hani", "HIRAGANA": "Hira",
    "KATAKANA": "Kana", "HANGUL": "Hang", "GEORGIAN": "Geor", "ETHIOPIC": "Ethi", "THAI": "Thai",
    "BENGALI": "Beng", "GURMUKHI": "Guru", "TAMIL": "Taml", "TELUGU": "Telu",
}  # fmt: skip
# Japanese and Korean mix these within a word.
_TOGETHER = frozenset({"Hani", "Hira", "Kana", "Hang"})
# Letters of Cyrillic and Greek that look like Latin ones (UTS 39, the part that forges names).
_LOOK_ALIKE = frozenset("асеорхуіјѕԁһԛԝАВСЕНІЈКМОРЅТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧορνυικ")

# Letters that one writer takes for another; what is left out stands for itself.
_WRITTEN_ALIKE = {
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ک": "ك", "ڪ": "ك", "ة": "ه", "ۃ": "ه",
    "ہ": "ه", "ھ": "ه", "ە": "ه", "ـ": None, "\u200c": " ", "ı": "i", "ø": "o", "ł": "l",
    "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
}  # fmt: skip
_APOSTROPHES = "'’‘`´ʹʻʼʽʾʿˈ"
_ASCII_WORD = re.compile("[0-9a-z]+")
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)

# Al-Yarmuk, El Bab, AlBab; At-Tadamon, ash-Sham: there it takes the sound of the next letter.
_DASH = r"[-‐‑–' ]"
_ARTICLE = re.compile(rf"\b(?:(?i:al|el|il|ul){_DASH}+(?=\w)|[AE]l(?=[A-Z]))")
_ASSIMILATED = re.compile(rf"\b[aeu](dh|th|sh|[rstdnzl]){_DASH}+(?=\1)", re.IGNORECASE)
_SERVANT = re.compile(rf"\babd[aeiou]l{_DASH}*(?=\w)", re.IGNORECASE)
# The article's alef never carries a hamza: ألمانيا and إلياس keep their first letters.
_ARABIC_ARTICLE = re.compile(r"(?<!\w)(عبد)?[اٱ]ل(?=\w\w)")
# Latin letters with signs that change the sound; all other signs are dropped.
_SIGNED = str.maketrans({
    "ş": "sh", "š": "sh", "ç": "ch", "č": "ch", "ğ": "gh", "ġ": "gh", "ž": "zh", "ḫ": "kh",
    "ṯ": "th", "ḏ": "dh", "ǧ": "j", "х": "kh",
})  # fmt: skip
_SOUNDS = {
    "tch": "c", "sch": "c", "sh": "c", "ch": "c", "kh": "x", "gh": "g", "dj": "j", "th": "t",
    "dh": "d", "ph": "f", "zh": "z", "ck": "k", "c": "k", "q": "k", "x": "ks", "p": "b", "v": "f",
}  # fmt: skip
_SPELLED = re.compile("|".join(_SOUNDS))
_ARABIC = dict(
    zip("بپتثطجحخدذضرڑزظژسصشچغگفڤقكلمنهوي", "bbtttjhxdddrrzzzssccggffkklmnhwy", strict=True)
)
_INITIAL_OU = re.compile("^ou(?=[aei])")
_VOWELS = dict.fromkeys(map(ord, "aeiouwy"))
_ARABIC_ONLY = re.compile(r"[\s\d]*[ء-غف-ي][ء-غف-ي\s\d]*")
_RUN = re.compile(r"\d+|[^\W\d_]+")
_DOUBLED = re.compile(r"([a-z])\1+")


@dataclass(frozen=True, slots=True)
class NameWarning:
    """Something in a name that can deceive the eye.

    ``what``: ``bidi_control``, ``invisible``, ``mixed_direction``, ``mixed_script``,
    ``look_alike`` or ``mixed_digits``. ``characters``: which ones, as ``U+202E``, each once.
    """

    what: str
    characters: tuple[str, ...] = ()


class _Folding(dict[int, "str | None"]):
    """What becomes of each character once it is decomposed and in small letters."""

    def __missing__(self, point: int) -> str | None:
        char = chr(point)
        folded = _WRITTEN_ALIKE[char] if char in _WRITTEN_ALIKE else _plain(char)
        self[point] = folded
        return folded


def _plain(char: str) -> str | None:
    category = unicodedata.category(char)
    if char in _APOSTROPHES or category == "Cf" or _is_sign(char):
        return None
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return char if category[0] in "LNM" else " "


def _is_sign(char: str) -> bool:
    """Whether this is a sign over a letter, and not a vowel as the scripts of India write it."""
    if unicodedata.category(char) != "Mn":
        return False
    return unicodedata.name(char, "").startswith(
        ("COMBINING", "ARABIC", "HEBREW", "SYRIAC", "VARIATION")
    )


class _Baring(dict[int, "str | None"]):
    """What is left of each composed character when nothing unseen and no vowel sign is."""

    def __missing__(self, point: int) -> str | None:
        char = chr(point)
        hidden = unicodedata.category(char) == "Cf" or _is_sign(char) or char == "ـ"
        self[point] = None if hidden else char
        return self[point]


_FOLDING, _BARING = _Folding(), _Baring()


def fold(text: str) -> str:
    """Return the words of a text as search compares them, one space between two.

    Arabic: one alef, ya, kaf and ha, no hamza carriers, tatweel or vowel signs; any digits as
    0-9. Latin: small letters without signs. Presentation forms and widths as NFKC has them.
    """
    if text.isascii() and "'" not in text and "`" not in text:
        return " ".join(_ASCII_WORD.findall(text.lower()))
    # Composed first: the s of a possessive is none that carries a sign.
    composed = _POSSESSIVE.sub("", unicodedata.normalize("NFC", text))
    plain = unicodedata.normalize("NFKD", composed).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_FOLDING)
    return " ".join(unicodedata.normalize("NFC", plain).split())


@lru_cache(maxsize=65536)
def skeleton(text: str) -> str:
    """Return one key for the spellings of a name across scripts; empty where nothing is left.

    Consonants and numbers, the article left out: التضامن, Tadamun and At-Tadamon are ``tdmn``;
    Branch 227 and Branch 277 differ. Equal keys mean "look here too", never "these are one".
    """
    return "".join(sounds(text))


@lru_cache(maxsize=65536)
def sounds(text: str) -> tuple[str, ...]:
    """Return the keys of ``skeleton`` word by word; Abd al-Rahman and عبدالرحمن are two words."""
    bare = unicodedata.normalize("NFKC", text).translate(_BARING)
    bare = _ARABIC_ARTICLE.sub(r"\1 ", bare)
    bare = _SERVANT.sub("abd ", _ASSIMILATED.sub("", _ARTICLE.sub("", bare)))
    words = fold(bare.lower().translate(_SIGNED))
    return tuple(filter(None, map(_consonants, _RUN.findall(_roman(words)))))


def _roman(words: str) -> str:
    if words.isascii():
        return words
    return "".join(
        char if char.isascii() or char in _ARABIC else _romanised(char) for char in words
    )


def _romanised(char: str) -> str:
    """Return the sound of a letter of Cyrillic or Devanagari, as its Unicode name tells it."""
    name = unicodedata.name(char, "").split()
    if name[:1] not in (["CYRILLIC"], ["DEVANAGARI"]):
        return char
    if "LETTER" not in name:
        return ""
    sound = re.sub("[aeiou]", "", name[-1].lower())
    if name[0] == "CYRILLIC":
        return sound.replace("y", "") or ("" if "SIGN" in name else "a")
    return {"v": "w"}.get(sound, sound) or "a"


def _consonants(run: str) -> str:
    if run.isdigit():
        return f"#{run}"
    if run.isascii():
        sounds = _INITIAL_OU.sub("w", run)
        sounds = _DOUBLED.sub(r"\1", _SPELLED.sub(lambda m: _SOUNDS[m[0]], sounds))
        sounds = "a" + sounds[1:] if sounds[0] in "aeiou" else sounds
    else:
        sounds = "".join(_ARABIC.get(c, "" if c in "اعء" else c) for c in run)
        sounds = "a" + sounds if run[0] in "اع" else sounds
    kept = sounds[:1] + sounds[1:].translate(_VOWELS)
    # Hamza, Hamzah, حمزة, حمزه: the last h is heard by some and written by some.
    return kept[:-1] if kept.endswith("h") and len(kept) > len("ah") else kept


def script_of(text: str) -> str:
    """Return the ISO 15924 code of the script of most letters (Zyyy: there are none)."""
    if _ARABIC_ONLY.fullmatch(text):
        return "Arab"
    if text.isascii():
        return "Latn" if any(map(str.isalpha, text)) else "Zyyy"
    found = Counter(script for script in map(_script, text) if script)
    return max(found, key=lambda each: (found[each], each)) if found else "Zyyy"


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    if not char.isalpha():
        return ""
    first = unicodedata.name(char, "").split(" ", 1)[0]
    return SCRIPTS.get(first, "" if unicodedata.category(char) == "Lm" else "Zzzz")


def warnings_of(text: str) -> tuple[NameWarning, ...]:
    """Return what in a name can deceive the eye, in a fixed order; the name is kept as it is."""
    scripts = [(word, {_script(c) for c in word} - {""}) for word in _RUN.findall(text)]
    latin = any("Latn" in each for _, each in scripts)
    strong = {unicodedata.bidirectional(c).replace("AL", "R") for c in text}
    kinds = {_digit_kind(c) for c in text} - {""}
    found = {
        "bidi_control": [c for c in text if c in BIDI],
        "invisible": [c for c, hidden in _marked(text) if hidden and c not in BIDI],
        "mixed_direction": [] if not {"L", "R"} <= strong else [""],
        "mixed_script": [w for w, each in scripts if len(each) > 1 and not each <= _TOGETHER],
        "look_alike": [c for c in text if latin and c in _LOOK_ALIKE],
        "mixed_digits": [""] if len(kinds) > 1 else [],
    }
    return tuple(
        NameWarning(what, tuple(dict.fromkeys(_code(c) for c in of if len(c) == 1)))
        for what, of in found.items()
        if of
    )


def _digit_kind(char: str) -> str:
    return unicodedata.name(char).rsplit("DIGIT", 1)[0] or "ASCII" if char.isdecimal() else ""


def shown(text: str) -> str:
    """Return a text whose unseen characters can be seen: an override becomes ``‹U+202E›``.

    Nothing is lost: the text can be read back, and no two texts are shown alike because of it.
    """
    return "".join(f"‹{_code(c)}›" if hidden else c for c, hidden in _marked(text))


def isolate(text: str) -> str:
    """Return a quotation on one line that cannot turn the sentence around it.

    A first strong isolate (UAX 9); what would end its paragraph, and with it the isolate, is shown.
    """
    said = shown(text)
    for char in "\n\t":
        said = said.replace(char, f"‹{_code(char)}›")
    return f"{ISOLATE}{said}{POP}"


def _marked(text: str) -> list[tuple[str, bool]]:
    """Return each character, and whether it has to be spelled out to be seen."""
    around = pairwise(f"{text}\0")
    before, marked = "", []
    for char, after in around:
        category = unicodedata.category(char)
        hidden = category in ("Cf", "Cc", "Zl", "Zp", "Cs") and char not in "\n\t"
        hidden = hidden or char in BLANK
        if char in JOINERS:  # between letters that join (Persian, Hindi) they belong to the word
            hidden = not (_joins(before) and _joins(after))
        if char == "‹":  # a text that imitates our own marks
            hidden = after == "U"
        marked.append((char, hidden))
        before = char
    return marked


def _joins(char: str) -> bool:
    return bool(char) and (
        _script(char) in ("Arab", "Syrc", "Deva", "Beng", "Taml", "Telu")
        or unicodedata.category(char) in ("Mn", "Mc")
    )


def _code(char: str) -> str:
    return f"U+{ord(char):04X}"
