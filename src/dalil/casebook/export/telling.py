"""What is said, as a short text that leaves: each part with its label, in English and Arabic."""

from __future__ import annotations

from collections.abc import Iterator

from dalil.casebook.export.selection import Speaker
from dalil.casebook.export.statement import LANGUAGES, sentence
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sites import Identification
from dalil.casebook.record.sources import Source
from dalil.casebook.record.victims import Appearance, Recognition, Victim
from dalil.casebook.text.names import isolate

LIFTS_NOTHING = ("custody", "deception", "coercion")


def title_of(source: Source) -> str | None:
    """Return by what a source is called."""
    return source.title or source.author or source.publisher or source.key


def called(speaker: Speaker, lang: str) -> str | None:
    """Return by what a speaker is called; nothing where nobody is named."""
    if speaker.withheld:
        return sentence("source-withheld", lang)
    if speaker.source is None:
        return None
    title = title_of(speaker.source)
    return isolate(title) if title else speaker.source.id


def assertion_text(
    said: Assertion, asked: Proposition | None, speakers: tuple[Speaker, Speaker], lang: str
) -> str:
    """Return an assertion in words: question, answer, who said it when, and on what ground.

    Args:
        said: the assertion.
        asked: its proposition, where that leaves too.
        speakers: who says it, and where it comes from.
        lang: ``en`` or ``ar``.

    """
    return "\n".join(_line(lang, *pair) for pair in _assertion(said, asked, speakers, lang))


def relation_text(said: Relation, other: str | None, speaker: Speaker, lang: str) -> str:
    """Return a relation in words; ``other`` is by what the other side is called."""
    pairs = [("denied" if said.polarity == "denies" else "relation", said.relation)]
    if other:
        pairs.append(("to", isolate(other)))
    pairs += [("note", isolate(f"{k}: {v}")) for k, v in sorted((said.detail or {}).items())]
    pairs += _told(said.valid, said.asserted, speaker, lang)
    if said.verbatim:
        pairs.append(("quotation", isolate(said.verbatim)))
    if said.machine:
        pairs.append(("machine", ""))
    return "\n".join(_line(lang, *pair) for pair in pairs)


def victim_notes(victim: Victim, source: Speaker, place: str | None) -> Iterator[str]:
    """Yield what a list says of a victim beside names and days, as lines in both languages."""
    ages = dict.fromkeys(each for each in (victim.age_lo, victim.age_hi) if each is not None)
    told = (
        ("age", "–".join(map(str, ages)) or None),
        ("class-means", victim.class_means),
        ("born", victim.born),
        ("date", victim.date),
        ("place", place or victim.place_said),
        ("conditions", victim.conditions),
    )
    fixed = (("fate", victim.fate), ("sex", victim.sex), ("age-class", victim.age_class))
    for lang in LANGUAGES:
        lines = [_line(lang, "unidentified", "")] if victim.unidentified else []
        lines += [_line(lang, n, sentence(f"{n}-{word}", lang)) for n, word in fixed if word]
        lines += [_line(lang, label, isolate(text)) for label, text in told if text]
        who = called(source, lang)
        yield "\n".join([*lines, *([_line(lang, "list", who)] if who else [])])


def appearance_text(seen: Appearance, called: str, lang: str) -> str:
    """Return where a victim is seen, in words."""
    pts = f"{seen.pts_start}–{seen.pts_end} × {seen.timebase}"
    pairs = [("seen", isolate(called)), ("item", seen.item), ("pts", pts)]
    if seen.note:
        pairs.append(("note", isolate(seen.note)))
    return "\n".join(_line(lang, *pair) for pair in pairs)


def recognition_text(
    said: Recognition | Identification, names: tuple[str, str], speaker: Speaker, lang: str
) -> str:
    """Return who was recognised as whom and how; recognition by sight is told as no more."""
    denied = said.polarity == "denies"
    label = "recognised-not" if denied else "recognised"
    pairs = [(label, " → ".join(isolate(each) for each in names))]
    pairs.append(("how", sentence(f"grade-{said.grade}", lang)))
    relation = said.relation if isinstance(said, Recognition) else None
    own = (("by", said.by), ("kinship", relation), ("method", said.method))
    pairs += [(label, isolate(text)) for label, text in own if text is not None]
    pairs.append(("conditions", isolate(said.conditions)))
    pairs += _told(None, said.on, speaker, lang)
    return "\n".join(_line(lang, *pair) for pair in pairs)


def number_text(said: Assertion, lang: str) -> str | None:
    """Return a number as it was bounded: ``41``, ``41–288``, ``at least 41``, ``about 40``."""
    lo, hi = said.lo, said.hi
    if lo is None and hi is None:
        return None
    if lo is not None and hi is not None:
        text = str(lo) if lo == hi else f"{lo}–{hi}"
    elif lo is not None:
        text = f"{sentence('label-at-least', lang)} {lo}"
    else:
        text = f"{sentence('label-at-most', lang)} {hi}"
    return f"{sentence('label-about', lang)} {text}" if said.about else text


def _assertion(
    said: Assertion, asked: Proposition | None, speakers: tuple[Speaker, Speaker], lang: str
) -> Iterator[tuple[str, str]]:
    if asked is not None:
        question = asked.question_ar if lang == "ar" else asked.question_en
        yield "question", isolate(question or asked.group or asked.predicate)
        if asked.scope:
            yield "scope", isolate(asked.scope)
    answer = said.text or (asked.value if asked is not None else None)
    number = number_text(said, lang)
    how = "denied" if said.polarity == "denies" else "answer"
    if number is not None:
        yield how, number if answer is None else f"{number} ({isolate(answer)})"
    elif answer is not None:
        yield how, isolate(answer)
    elif how == "denied":
        yield how, ""
    yield "modality", sentence(f"modality-{said.modality}", lang)
    for part in said.parts:
        bounds = (part.get("lo"), part.get("hi"))
        shown = "–".join(str(each) for each in dict.fromkeys(bounds) if each is not None)
        yield "part", f"{shown} {isolate(part['label'])}".strip()
    if said.mixed_scope:
        yield "mixed", ""
    yield from _told(said.valid, said.asserted, speakers[0], lang)
    origin = called(speakers[1], lang)
    if origin is not None:
        yield "origin", origin
    if said.obtained_how in LIFTS_NOTHING:
        yield "obtained", sentence(f"label-{said.obtained_how}", lang)
    if said.verbatim:
        yield "quotation", isolate(said.verbatim)
    if said.evidence_offered:
        yield "evidence", isolate(said.evidence_offered)
    else:
        yield "no-evidence", ""
    if said.machine:
        yield "machine", ""


def _told(
    valid: str | None, asserted: str | None, speaker: Speaker, lang: str
) -> list[tuple[str, str]]:
    who = called(speaker, lang)
    pairs = (("valid", valid), ("speaker", who), ("asserted", asserted))
    return [(label, text) for label, text in pairs if text is not None]


def _line(lang: str, label: str, text: str) -> str:
    return sentence(f"label-{label}", lang) + (f": {text}" if text else "")
