"""What the full text holds of one record: its words, and facets to filter by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.describing import Term
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import NOT_SEARCHED, Entity, Name
from dalil.casebook.record.victims import Victim
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.text.names import fold, script_of, sounds
from dalil.kernel.canonical import Json

# The fields of each kind that are read as text, in the order in which a person would.
TEXTS: Mapping[str, tuple[str, ...]] = {
    "entity": ("key", "names", "about", "labels"),
    "name": ("form",),
    "source": ("key", "title", "author", "publisher", "url", "conditions"),
    "proposition": (
        "question_en", "question_ar", "predicate", "value", "scope", "measure", "group",
    ),
    "assertion": (
        "key", "text", "text_ar", "verbatim", "locator", "evidence_offered", "parts", "note",
    ),
    "relation": ("verbatim", "note", "detail", "locator"),
    "conduct": ("act", "actor_label", "target_label", "note_en", "note_ar"),
    "evidence": ("note", "locator"),
    "derivation": ("note",),
    "grade": ("topic", "reasoning"),
    "judgement": ("reasoning",),
    "count_group": ("note",),
    "assessment": ("reasoning",),
    "adoption": ("note",),
    "term": ("book", "key", "name_en", "name_ar", "definition_en", "definition_ar"),
    "annotation": ("lane", "text_en", "text_ar", "label"),
    "speech": ("words", "speaker", "version", "translator", "note"),
    "round": ("book", "lanes", "note"),
    "submission": ("note",),
    "decision": ("lane", "reasoning"),
    "victim": ("key", "names", "label", "place_said", "about", "labels", "conditions"),
    "appearance": ("note",),
    "recognition": ("by", "relation", "conditions", "method", "note"),
    "notification": ("to", "relation", "by", "note"),
    # Words about a position may hold it, and a find would tell it.
    "position": (),
    "site_state": ("verbatim", "note", "locator"),
    "warning": ("to", "reasoning", "by", "note"),
    "precision": ("reasoning",),
    "remains": ("label", "kept_at", "note"),
    "identification": ("by", "method", "conditions", "note"),
    "law_tree": ("key",),
    "hypothesis": ("note",),
    "bearing": ("reasoning",),
    "signed_off": ("reasoning",),
}  # fmt: skip
# The field that says of which type a record is.
TYPED = {"entity": "type", "source": "type", "relation": "relation", "site_state": "state"}
# The facets of a name's words, and of how they sound. Arabic letters tell names apart that other
# scripts do not (حسن, حسين): whoever asks in them means these.
NAMED, HEARD, HEARD_IN_ARABIC = "name", "sounds", "sounds.arab"
# What is found by its facets even when it says nothing.
ALWAYS = ("entity", "source", "proposition", "assertion", "conduct", "victim", "site_state")
# Beyond this a stretch of years says nothing that helps to find it.
MANY_YEARS = 100
# و before a word, and the article with what is written onto it: والتضامن، بالتضامن، للتضامن.
_ONTO = re.compile(r"[وف]?(?:[بك]?ال|لل)(?=\w\w)")
_AND = re.compile(r"و(?=\w\w\w)")
_SERVANT = re.compile(r"\bعبد(?=ال\w\w)")
_NAME_ARTICLE = re.compile(r"\bال(?=\w\w)")


def words_of(texts: Iterable[str]) -> str:
    """Return the folded words of some texts, then what Arabic words are without what is onto them.

    ``=`` parts the two, so that a phrase is looked for in the text alone.
    """
    folded = " = ".join(filter(None, map(fold, texts)))
    bare = {each for word in folded.split() if not word.isascii() for each in _bare(word)}
    return f"{folded} = {' '.join(sorted(bare))}" if bare else folded


def _bare(word: str) -> Iterator[str]:
    onto = _ONTO.match(word)
    if onto:
        yield word[onto.end() :]
        if onto[0] != "ال":
            yield f"ال{word[onto.end() :]}"
    elif _AND.match(word):
        yield word[1:]


def own_words(record: Record) -> str:
    """Return the words of a record itself, and of nothing that is said of it elsewhere."""
    said = [name for name in TEXTS[record.kind] if getattr(record, name)]
    return words_of(text for name in said for text in texts_of(record, name))


def names_of(term: Term) -> str:
    """Return the words by which an annotation with this term is found."""
    return words_of(filter(None, (term.key, term.name_en, term.name_ar)))


def texts_of(record: Record, name: str) -> Iterator[str]:
    """Yield what one field of a record says in words; forms that nobody linked are left out."""
    value = getattr(record, name)
    if isinstance(record, Entity) and name == "names":
        yield from (n["form"] for n in value if n.get("role", "name") not in NOT_SEARCHED)
    elif isinstance(record, Name):
        yield from [value] if is_searched(record) else []
    elif name == "locator":
        yield from _strings((value or {}).get("quote"))
    else:
        yield from _strings(value)


def _strings(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in _strings(each))
    elif isinstance(value, list | tuple):
        yield from (text for each in value for text in _strings(each))


def is_searched(name: Name) -> bool:
    """Whether a form finds its entity: a translation or an error does once a person links it."""
    return name.linked or name.role not in NOT_SEARCHED


def facet(name: str, value: str) -> str:
    """Return the token of a facet; no text can hold one, since ``=`` is folded away there."""
    return f"{name}={value}"


def tied(value: str) -> str:
    """Return folded words as one token."""
    return fold(value).replace(" ", "_")


def own_facets(record: Record) -> list[str]:
    """Return the facets that a record has by itself."""
    found = [facet("kind", record.kind)]
    if isinstance(record, Entity):
        found.append(facet("id", record.id))
    kind = TYPED.get(record.kind)
    if kind:
        found.append(facet("type", tied(getattr(record, kind))))
    if record.case:
        found.append(facet("case", record.case))
    found += [facet("label", tied(each)) for each in getattr(record, "labels", ())]
    if isinstance(record, Victim):
        forms = [*texts_of(record, "names"), *texts_of(record, "label")]
        found += [each for form in forms for each in called(form)]
    return found


def called(form: str) -> list[str]:
    """Return the facets by which a victim is found: each word of a name, and how it sounds."""
    heard = HEARD_IN_ARABIC if script_of(form) == "Arab" else HEARD
    return [
        *(facet(NAMED, word) for word in name_words(form)),
        *(facet(heard, key) for key in sounds(form)),
    ]


def name_words(form: str) -> list[str]:
    """Return the folded words of a name, without the article, and with عبد as a word of its own."""
    return _NAME_ARTICLE.sub("", _SERVANT.sub("عبد ", fold(form))).split()


def years_of(record: Record, asked: Proposition | None = None) -> tuple[int, ...]:
    """Return the years that a record speaks of: when it held, else when it was asked or said.

    Of an interval without an end only the year that is known is given.
    """
    said: list[str | None] = []
    if isinstance(record, Entity | Conduct):
        said = [record.date]
    elif isinstance(record, Source):
        said = [record.published]
    elif isinstance(record, Proposition):
        said = [record.valid]
    elif isinstance(record, Assertion):
        said = [record.valid, asked.valid if asked else None, record.asserted]
    elif isinstance(record, Relation):
        said = [record.valid, record.asserted]
    text = next(filter(None, said), None)
    if text is None:
        return ()
    bounds = bounds_of(text)
    days = [d for d in (bounds.s_min, bounds.e_max, bounds.s_max, bounds.e_min) if d is not None]
    years = [date.fromordinal(day).year for day in days]
    if not years or max(years) - min(years) >= MANY_YEARS:
        return tuple(sorted(set(years)))
    return tuple(range(min(years), max(years) + 1))
