"""Which fields of which kind of record are asked for, and how what was typed becomes a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from dalil.casebook.record.claims import LIKELIHOODS, MODALITIES, OBTAINED, STATUSES
from dalil.casebook.record.form import CLASSES
from dalil.casebook.record.relations import RELATIONS
from dalil.casebook.record.sites import (
    EXACT_FOR,
    POLARITIES,
    POSITION_FROM,
    STATES,
    WARNING_ANSWERS,
)
from dalil.casebook.record.sources import DERIVATIONS
from dalil.casebook.record.things import ROLES, TYPES
from dalil.casebook.record.victims import GRADES
from dalil.kernel.canonical import Json
from dalil.web.casebook.looking import field_in, term_in
from dalil.web.frame.say import say

LINE, TEXT, DATE, REF, CHOICE, TRUTH, WHOLE, LINES, PAIRS, DEGREES = (
    "line", "text", "date", "ref", "choice", "truth", "whole", "lines", "pairs", "degrees",
)  # fmt: skip
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a form: how it is typed, out of which words, which kind of record it names."""

    name: str
    how: str = LINE
    needed: bool = False
    words: tuple[str, ...] = ()
    of: str = ""


ENTITY, SOURCE, CLAIM, SAYING = "entity", "source", "proposition", "assertion"
FORMS: Mapping[str, tuple[Asked, ...]] = {
    "source": (
        Asked("type", needed=True), Asked("title"), Asked("author"), Asked("publisher"),
        Asked("published", DATE), Asked("url"), Asked("archive_url"), Asked("lang"), Asked("key"),
        Asked("read_how", TEXT), Asked("conditions", TEXT),
    ),
    "derivation": (
        Asked("child", REF, needed=True, of=SOURCE), Asked("parent", REF, needed=True, of=SOURCE),
        Asked("how", CHOICE, needed=True, words=DERIVATIONS), Asked("note", TEXT),
    ),
    "grade": (
        Asked("source", REF, needed=True, of=SOURCE),
        Asked("value", CHOICE, needed=True, words=tuple("ABCDEF")),
        Asked("reasoning", TEXT, needed=True), Asked("topic"),
    ),
    "entity": (
        Asked("type", CHOICE, needed=True, words=TYPES), Asked("names", LINES),
        Asked("about", TEXT),
        Asked("date", DATE), Asked("key"), Asked("labels", LINES), Asked("lat_e6", DEGREES),
        Asked("lon_e6", DEGREES), Asked("radius_m", WHOLE),
    ),
    "name": (
        Asked("entity", REF, needed=True, of=ENTITY), Asked("form", needed=True),
        Asked("role", CHOICE, needed=True, words=ROLES), Asked("lang"),
        Asked("source", REF, of=SOURCE), Asked("remark", TEXT),
    ),
    "proposition": (
        Asked("subject", REF, needed=True, of=ENTITY), Asked("question_en", TEXT),
        Asked("question_ar", TEXT), Asked("predicate", needed=True), Asked("group"),
        Asked("object", REF, of=ENTITY), Asked("value"), Asked("measure"), Asked("unit"),
        Asked("scope", TEXT), Asked("valid", DATE), Asked("functional", TRUTH),
    ),
    "assertion": (
        Asked("proposition", REF, needed=True, of=CLAIM),
        Asked("source", REF, needed=True, of=SOURCE),
        Asked("polarity", CHOICE, needed=True, words=("affirms", "denies")),
        Asked("modality", CHOICE, needed=True, words=MODALITIES),
        Asked("lo", WHOLE), Asked("hi", WHOLE), Asked("about", TRUTH),
        Asked("entity", REF, of=ENTITY), Asked("text", TEXT), Asked("text_ar", TEXT),
        Asked("verbatim", TEXT), Asked("lang"), Asked("asserted", DATE), Asked("valid", DATE),
        Asked("origin", REF, of=SOURCE), Asked("evidence_offered", TEXT),
        Asked("obtained_how", CHOICE, needed=True, words=OBTAINED), Asked("hearsay", WHOLE),
        Asked("mixed_scope", TRUTH), Asked("locator", PAIRS), Asked("key"), Asked("note", TEXT),
    ),
    "evidence": (
        Asked("assertion", REF, needed=True, of=SAYING),
        Asked("relation", CHOICE, needed=True, words=(
            "shows", "supports", "undermines", "contradicts", "explains_away", "context",
        )),
        Asked("by_assertion", REF, of=SAYING), Asked("by_source", REF, of=SOURCE),
        Asked("credibility", WHOLE), Asked("note", TEXT),
    ),
    "relation": (
        Asked("a", REF, needed=True, of=ENTITY),
        Asked("relation", CHOICE, needed=True, words=RELATIONS), Asked("b", REF, of=ENTITY),
        Asked("polarity", CHOICE, needed=True, words=("affirms", "denies")),
        Asked("valid", DATE), Asked("sometime", TRUTH), Asked("start_known", TRUTH),
        Asked("end_known", TRUTH), Asked("is_command", TRUTH),
        Asked("basis", CHOICE, needed=True, words=("unstated", "de_jure", "de_facto")),
        Asked("detail", PAIRS), Asked("source", REF, of=SOURCE), Asked("origin", REF, of=SOURCE),
        Asked("asserted", DATE), Asked("verbatim", TEXT), Asked("note", TEXT),
    ),
    "judgement": (
        Asked("a", REF, needed=True, of=ENTITY), Asked("b", REF, needed=True, of=ENTITY),
        Asked("verdict", CHOICE, needed=True, words=("same", "different", "unsure")),
        Asked("reasoning", TEXT, needed=True), Asked("method"),
    ),
    "position": (
        Asked("site", REF, needed=True, of=ENTITY), Asked("lat_e6", DEGREES, needed=True),
        Asked("lon_e6", DEGREES, needed=True), Asked("radius_m", WHOLE, needed=True),
        Asked("found_by", CHOICE, needed=True, words=POSITION_FROM),
        Asked("polarity", CHOICE, needed=True, words=POLARITIES), Asked("source", REF, of=SOURCE),
        Asked("asserted", DATE), Asked("verbatim", TEXT), Asked("note", TEXT),
    ),
    "site_state": (
        Asked("site", REF, needed=True, of=ENTITY),
        Asked("state", CHOICE, needed=True, words=STATES),
        Asked("polarity", CHOICE, needed=True, words=POLARITIES), Asked("valid", DATE),
        Asked("sometime", TRUTH), Asked("source", REF, of=SOURCE), Asked("asserted", DATE),
        Asked("verbatim", TEXT),
        Asked("obtained_how", CHOICE, needed=True, words=OBTAINED), Asked("note", TEXT),
    ),
    "warning": (
        Asked("site", REF, needed=True, of=ENTITY), Asked("to", needed=True),
        Asked("reasoning", TEXT, needed=True), Asked("by"), Asked("warned_on", DATE),
        Asked("answer", CHOICE, needed=True, words=WARNING_ANSWERS),
        Asked("answered_on", DATE), Asked("note", TEXT),
    ),
    "precision": (
        Asked("site", REF, needed=True, of=ENTITY),
        Asked("exact_for", CHOICE, needed=True, words=EXACT_FOR),
        Asked("reasoning", TEXT, needed=True),
    ),
    "remains": (
        Asked("site", REF, needed=True, of=ENTITY), Asked("label", needed=True),
        Asked("found_on", DATE), Asked("exhumed_on", DATE), Asked("kept_at"),
        Asked("source", REF, of=SOURCE), Asked("note", TEXT),
    ),
    "identification": (
        Asked("remains", REF, needed=True, of="remains"),
        Asked("victim", REF, needed=True, of="victim"),
        Asked("grade", CHOICE, needed=True, words=GRADES), Asked("method", needed=True),
        Asked("conditions", TEXT, needed=True),
        Asked("polarity", CHOICE, needed=True, words=POLARITIES), Asked("by"),
        Asked("on", DATE), Asked("source", REF, of=SOURCE), Asked("note", TEXT),
    ),
    "assessment": (
        Asked("status", CHOICE, needed=True, words=STATUSES),
        Asked("reasoning", TEXT, needed=True), Asked("lo", WHOLE), Asked("hi", WHOLE),
        Asked("likelihood", CHOICE, words=LIKELIHOODS),
        Asked("confidence", CHOICE, words=("low", "moderate", "high")),
    ),
}  # fmt: skip
USUAL = {
    "polarity": "affirms", "modality": "states", "obtained_how": "unknown", "basis": "unstated",
    "role": "name", "found_by": "unknown", "answer": "no_answer",
}  # fmt: skip
RARE = (
    "archive_url", "read_how", "conditions", "lang", "key", "labels", "lat_e6", "lon_e6",
    "radius_m",
    "unit", "hearsay", "mixed_scope", "locator", "note", "sometime", "start_known",
    "end_known", "basis", "remark", "why",
)  # fmt: skip
# What somebody else's list may say of it, and a form leaves as it is.
UNTYPED = ("item", "pts_start", "pts_end", "timebase", "box")


class RecordForm(forms.Form):
    """The form of one kind of record; ``earlier`` are the fields of the revision before it."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        kind: str,
        lang: str,
        classes: tuple[str, ...] = CLASSES,
        initial: Mapping[str, Any] | None = None,
        place: str = "new",
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.kind, self.lang = kind, lang
        # Under this key what is typed is kept until it is signed.
        self.drafts = f"casebook.{kind}.{place}."
        for each in FORMS[kind]:
            made = _field(each, lang)
            made.label = _label(each, lang, kind)
            made.error_messages["required"] = say(lang, "frame.needed")
            if isinstance(made.widget, forms.Textarea):
                made.widget.attrs |= {"data-draft": f"{self.drafts}{each.name}"}
            self.fields[each.name] = made
        if kind != "assessment":
            self._ask_where(lang, classes)
        self.fields["revises"] = forms.IntegerField(
            min_value=0, required=False, widget=forms.HiddenInput
        )

    def _ask_where(self, lang: str, classes: tuple[str, ...]) -> None:
        self.fields["case"] = forms.CharField(
            max_length=64, required=False, label=field_in("case", lang),
            widget=forms.TextInput(attrs={"dir": "ltr"}), help_text=say(lang, "casebook.help-case"),
        )  # fmt: skip
        words = [(each, term_in(each, lang)) for each in classes]
        self.fields["see"] = forms.ChoiceField(choices=words, label=say(lang, "casebook.class"))
        self.fields["why"] = forms.CharField(
            max_length=2000, required=False, label=say(lang, "casebook.why"),
            widget=forms.TextInput(attrs={"dir": "auto"}), help_text=say(lang, "casebook.help-why"),
        )  # fmt: skip

    @property
    def usual(self) -> list[forms.BoundField]:
        """The fields that are asked for first."""
        return [each for each in self.visible_fields() if not self._is_rare(each)]

    @property
    def rarer(self) -> list[forms.BoundField]:
        """The fields that are seldom needed; they stand behind the others."""
        return [each for each in self.visible_fields() if self._is_rare(each)]

    def _is_rare(self, field: forms.BoundField) -> bool:
        # What has to be said stands in front, whatever it is elsewhere.
        return field.name in RARE and (field.name == "basis" or not field.field.required)

    @property
    def opened(self) -> bool:
        """Whether one of these says something, or is wrong."""
        return any(each.errors or self.initial.get(each.name) for each in self.rarer)

    @property
    def references(self) -> Iterator[Asked]:
        """The fields that name another record."""
        return (each for each in FORMS[self.kind] if each.how == REF)

    def fields_typed(self, earlier: Mapping[str, Json]) -> dict[str, Json]:
        """Return what was typed as fields of a record; references as they were typed.

        What a form does not ask for stays as ``earlier`` had it.
        """
        asked = {each.name for each in FORMS[self.kind]}
        kept = {n: v for n, v in earlier.items() if n not in (*asked, "kind", "id", "revises")}
        for each in FORMS[self.kind]:
            value = _value(each, self.cleaned_data.get(each.name), earlier.get(each.name))
            if value is not None:
                kept[each.name] = value
        for name in ("case", "see"):
            if self.cleaned_data.get(name):
                kept[name] = self.cleaned_data[name]
            elif name in self.fields:
                kept.pop(name, None)
        return kept


def typed(kind: str, fields: Mapping[str, Json]) -> dict[str, object]:
    """Return the fields of a record as a form shows them."""
    shown: dict[str, object] = {"see": fields.get("see", "restricted"), "case": fields.get("case")}
    for each in FORMS[kind]:
        value = fields.get(each.name)
        if value is None:
            continue
        if each.how == LINES:
            value = "\n".join(one["form"] if isinstance(one, dict) else str(one) for one in value)
        elif each.how == PAIRS:
            value = "\n".join(f"{n}: {v}" for n, v in value.items() if n not in UNTYPED)
        elif each.how == DEGREES:
            value = str((Decimal(value) / MILLION).normalize())
        shown[each.name] = value
    return shown


def _field(asked: Asked, lang: str) -> forms.Field:
    free = {"dir": "auto"}
    if asked.how == CHOICE:
        words = [(each, term_in(each, lang)) for each in asked.words]
        usual = USUAL.get(asked.name)
        # What has no usual value is chosen, and not left as it happens to stand.
        empty = [] if usual else [("", "—")]
        return forms.ChoiceField(choices=[*empty, *words], required=asked.needed, initial=usual)
    if asked.how == TRUTH:
        return forms.BooleanField(required=False)
    if asked.how == WHOLE:
        return forms.IntegerField(min_value=0, required=asked.needed)
    if asked.how in (TEXT, LINES, PAIRS):
        area = forms.Textarea(attrs={**free, "rows": 3})
        help_text = "" if asked.how == TEXT else say(lang, f"casebook.help-{asked.how}")
        return forms.CharField(widget=area, required=asked.needed, help_text=help_text)
    if asked.how in (DATE, DEGREES):
        line = forms.TextInput(attrs={"dir": "ltr"})
        help_text = say(lang, f"casebook.help-{asked.how}")
        return forms.CharField(
            widget=line, required=asked.needed, max_length=64, help_text=help_text
        )
    help_text = say(lang, f"casebook.help-ref-{asked.of}") if asked.how == REF else ""
    line = forms.TextInput(attrs=free)
    return forms.CharField(widget=line, required=asked.needed, max_length=4000, help_text=help_text)


def _label(asked: Asked, lang: str, kind: str) -> str:
    if asked.how == DEGREES:
        return say(lang, f"casebook.{asked.name.replace('_e6', '')}")
    return field_in(asked.name, lang, kind)


def _value(asked: Asked, given: Any, earlier: Json) -> Json:
    """Return what a field of the record says; nothing where it was left empty."""
    if asked.how == TRUTH:
        return True if given else None
    if asked.how == WHOLE:
        return given
    text = str(given or "").strip().replace("\r\n", "\n")
    if not text and asked.how != PAIRS:
        return None
    if asked.how == LINES:
        return _lines(asked.name, text, earlier)
    if asked.how == PAIRS:
        return _pairs(text, earlier)
    return _millionths(text) if asked.how == DEGREES else text


def _lines(name: str, text: str, earlier: Json) -> list[Json]:
    lines = [each.strip() for each in text.split("\n") if each.strip()]
    if name != "names":
        return list(lines)
    before = {each["form"]: each for each in earlier or ()}
    return [before.get(each, {"form": each}) for each in lines]


def _pairs(text: str, earlier: Json) -> Json:
    kept = {n: v for n, v in (earlier or {}).items() if n in UNTYPED}
    for line in filter(None, map(str.strip, text.split("\n"))):
        name, _, value = line.partition(":")
        kept[name.strip()] = value.strip()
    return kept or None


def _millionths(text: str) -> Json:
    try:
        return int((Decimal(text) * MILLION).to_integral_value())
    except (InvalidOperation, ValueError, OverflowError):
        return text
