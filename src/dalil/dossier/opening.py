"""Which fields of which acts a case file opens (spec/casefile.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate

from dalil.casebook.text.names import fold
from dalil.errors import NotAllowed, UsageRefused
from dalil.kernel.act import Act
from dalil.kernel.canonical import Json
from dalil.kernel.disclosure import from_b64url, open_disclosure

ALL = frozenset({"*"})
PEOPLE = frozenset({"archive-created", "person-added", "person-revoked"})
OPEN: Mapping[str, frozenset[str]] = {
    "archive-created": ALL,
    "person-added": frozenset({"time", "person", "name", "role", "key", "may"}),
    "person-revoked": frozenset({"time", "person", "name", "role", "key"}),
    "told": frozenset({"time", "accession", "hop", "role", "when", "where", "how"}),
    "accession-opened": frozenset({"time", "accession"}),
    "taken-in": frozenset({
        "time", "accession", "item", "name", "name_text", "length", "sha256", "sha512", "blake3",
        "mtime_ns", "duplicate_of", "member_of", "generation", "tool",
    }),
    "sealed": frozenset({
        "time", "item", "sealed_by", "length", "sha256", "sha512", "blake3", "name_text",
        "duration_ns", "units", "frames", "table_sha256", "probe", "decoder_dependent",
    }),
    "accession-closed": frozenset({
        "time", "accession", "items", "receipts", "manifest_sha256", "gaps", "unread",
    }),
    "given-out": frozenset({"time", "item", "sha256"}),
    "handed-over": frozenset({"time", "manifest_sha256"}),
    "recorded": frozenset({"time", "records", "records_root"}),
    "disclosed": frozenset({
        "time", "item", "kind", "from_ns", "to_ns", "reason_code", "legal_basis", "rule",
        "whole_exists", "file_sha256", "opened", "withheld",
    }),
    "copies-judged": frozenset({"time", "items", "a", "b", "judgement", "lead", "left_out"}),
    "stamped": ALL,
}  # fmt: skip
OTHERS = frozenset({"time"})
NEVER = frozenset({"told.who", "told.source", "told.note", "sealed.root_id"})
# A name with folders in it stays closed: a folder is often called after a person.
PATHS = frozenset({"name", "name_text", "gaps", "unread"})
# Digests, ids and counts hold no words, and closing one by chance would leave nothing to check.
WORDLESS = frozenset({
    "time", "accession", "item", "hop", "length", "sha256", "sha512", "blake3", "mtime_ns",
    "duplicate_of", "member_of", "tool", "sealed_by", "duration_ns", "units", "frames",
    "table_sha256", "decoder_dependent", "items", "receipts", "manifest_sha256", "from_ns",
    "to_ns", "whole_exists", "file_sha256", "opened", "withheld", "by",
    "records", "records_root", "may",
})  # fmt: skip
NOBODY = frozenset({"unknown", "not known", "nobody", "none", "مجهول", "غير معروف", "لا أحد"})
WORD = re.compile(r"[^\W\d_]{4,}")
# What Arabic writes together with the word that follows: and, so, by, for, as.
PREFIXES = ("و", "ف", "ب", "ل", "ك")
# So many words a name has at most; a longer one is known by its beginning.
LONGEST_NAME = 12
MARKS = re.compile(r"[\u0640\u064b-\u065f\u0670]")
SHORTEST = 3


@dataclass(frozen=True, slots=True)
class ProtectedNames:
    """Who a telling names, and its sources, as they are looked for: whole, and word by word.

    ``victims`` are names of sealed victims, of which there may be very many: looked for as words
    that follow each other.
    """

    whole: frozenset[str]
    words: frozenset[str]
    victims: frozenset[str] = frozenset()

    def named_in(self, text: str, *, by_word: bool = True) -> bool:
        """Whether a text holds one of them."""
        plain = _plain(text)
        sought = self.whole | self.words if by_word else self.whole
        if any(each in plain for each in sought):
            return True
        return bool(self.victims) and not self.victims.isdisjoint(_runs(text))

    def known_to_all(self, texts: Iterable[str]) -> ProtectedNames:
        """Return these names without the words that such public texts hold anyway."""
        public = {word for text in texts for word in WORD.findall(_plain(text))}
        return replace(self, words=self.words - public)

    def together_with(self, people: Iterable[str], texts: Iterable[str]) -> ProtectedNames:
        """Return these names with those of more people, and with more texts to keep whole."""
        named = [each for each in people if _plain(each) not in NOBODY]
        whole = {_plain(each) for each in (*named, *texts)}
        words = {_plain(word) for name in named for word in _name_words(name)} - NOBODY
        kept = frozenset(each for each in whole if len(each) >= SHORTEST)
        return replace(self, whole=self.whole | kept, words=self.words | words)

    def and_victims(self, forms: Iterable[str]) -> ProtectedNames:
        """Return these names with those of sealed victims; a name of one letter says nothing."""
        named = (" ".join(fold(each).split()[:LONGEST_NAME]) for each in forms)
        return replace(self, victims=self.victims | {each for each in named if len(each) > 1})


def protected_names(tellings: Iterable[Act], staff: Iterable[str]) -> ProtectedNames:
    """Gather the names that tellings hold; ``staff`` answer by name and are none of them."""
    known = NOBODY | {_plain(each) for each in staff}
    whole: set[str] = set()
    words: set[str] = set()
    for act in tellings:
        fields = act.opened()
        who, source = str(fields.get("who", "")), str(fields.get("source", ""))
        whole |= {_plain(who), _plain(source)} - known
        if _plain(who) not in known:
            words |= set(map(_plain, _name_words(who))) - NOBODY
    return ProtectedNames(
        frozenset(each for each in whole if len(each) >= SHORTEST), frozenset(words)
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """What one case file opens: the table of the format page, and what was asked for beyond."""

    names: ProtectedNames
    also: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def presentation(self, act: Act, besides: Iterable[str] = ()) -> str:
        """Return ``jwt~disclosure~…~``; ``besides`` are disclosures that a part opened already."""
        already = frozenset(besides)
        chosen = [d for d in act.disclosures if d in already or self._opens(act.type, d)]
        return "~".join([act.jwt, *chosen, ""])

    def fields(self, act: Act) -> dict[str, Json]:
        """Return the fields that are open, by name."""
        chosen = tuple(d for d in act.disclosures if self._opens(act.type, d))
        return Act(act.jwt, chosen).opened()

    def _opens(self, kind: str, disclosure: str) -> bool:
        opened = open_disclosure(disclosure)
        if opened.name == "by":
            return True
        allowed = OPEN.get(kind, OTHERS)
        asked = opened.name in self.also.get(kind, ())
        if not asked and allowed is not ALL and opened.name not in allowed:
            return False
        if kind in PEOPLE:
            return True
        texts = _texts(opened.name, opened.value)
        if opened.name in PATHS and not asked and any("/" in text for text in texts):
            return False
        if opened.name in WORDLESS:
            return True
        return not any(self.names.named_in(text) for text in texts)


def parse_also_open(words: Iterable[str]) -> dict[str, frozenset[str]]:
    """Parse ``TYPE.FIELD`` words.

    Raises:
        UsageRefused: another form. NotAllowed: a field that a case file never opens.

    """
    found: dict[str, frozenset[str]] = {}
    for word in words:
        kind, dot, name = word.partition(".")
        if not dot or not kind or not name:
            raise UsageRefused(f"--also-open {word}: TYPE.FIELD, as in given-out.to")
        if word in NEVER:
            raise NotAllowed(f"{word} is never opened in a case file")
        found[kind] = found.get(kind, frozenset()) | {name}
    return found


def _texts(name: str, value: Json) -> list[str]:
    texts = list(_strings(value))
    if name == "name" and texts:
        # `name` is base64url of bytes: what it spells is looked at, not its letters.
        return [from_b64url(texts[0]).decode("utf-8", "replace")]
    return texts


def _strings(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _strings(each)


def _name_words(who: str) -> list[str]:
    """Return the words of a name: capitals tell them from a description, where there are any."""
    words = WORD.findall(unicodedata.normalize("NFKC", who))
    cased = any(word != word.lower() for word in words)
    return [w for w in words if not cased or w[0] != w[0].lower() or w.lower() == w.upper()]


def _runs(text: str) -> Iterator[str]:
    """Yield all words of a text that follow each other, up to the longest name."""
    words = fold(text.replace("_", " ")).split()
    for start, first in enumerate(words):
        rest = words[start + 1 : start + LONGEST_NAME]
        for one in {first, first[1:] if first.startswith(PREFIXES) else first}:
            yield from accumulate([one, *rest], "{} {}".format)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return MARKS.sub("", " ".join(folded.split()))
