"""The forms of this room: a part of each kind, a case file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms

from dalil.disclose.conditions import Conditions
from dalil.disclose.pictures import parse_box
from dalil.disclose.position import parse_position, parse_span
from dalil.errors import Refusal
from dalil.web.frame.form import DeskForm
from dalil.web.frame.say import in_ascii, say
from dalil.web.publishing.orders import EXCERPT, REDACT, STILL, CaseOrder, PartOrder

LONG, SHORT = 2000, 200
QUESTIONS = range(1, 4)
SEEN = ("open", "restricted")


class PartForm(DeskForm):
    """What every part must state; the fields of its kind come first."""

    words = "publishing.part"
    kind = ""

    reason_code = forms.CharField(max_length=SHORT)
    legal_basis = forms.CharField(max_length=SHORT)
    rule = forms.CharField(max_length=SHORT)
    recipient = forms.CharField(max_length=SHORT)
    purpose = forms.ChoiceField(choices=(("court", ""), ("public", "")), widget=forms.RadioSelect)
    whole_exists = forms.ChoiceField(choices=(("yes", ""), ("no", "")), widget=forms.RadioSelect)
    whole_available_to = forms.CharField(max_length=SHORT)

    def order(self, item: str) -> PartOrder:
        """Return what was asked for."""
        said = self.cleaned_data
        stated = ("reason_code", "legal_basis", "recipient", "rule", "whole_available_to")
        conditions = Conditions(
            whole_exists=said["whole_exists"] == "yes",
            purpose=said["purpose"],
            **{name: self.text(name) for name in stated},
        )
        names = ("from_", "to", "at", "hide", "mute", "sound")
        return PartOrder(
            self.kind, item, conditions, **{name: said[name] for name in names if name in said}
        )

    def clean_from_(self) -> str:
        """Read where it begins."""
        return self._read("from_", parse_position)

    def clean_to(self) -> str:
        """Read where it ends."""
        return self._read("to", parse_position)

    def clean_at(self) -> str:
        """Read which picture it is."""
        return self._read("at", parse_position)

    def clean_hide(self) -> tuple[str, ...]:
        """Read boxes, one a line."""
        return self._lines("hide", parse_box)

    def clean_mute(self) -> tuple[str, ...]:
        """Read spans, one a line."""
        return self._lines("mute", parse_span)

    def _read(self, name: str, parse: Callable[[str], object]) -> str:
        text = in_ascii(self.text(name))
        try:
            parse(text)
        except Refusal:
            raise forms.ValidationError(say(self.lang, "publishing.no-position")) from None
        return text

    def _lines(self, name: str, parse: Callable[[str], object]) -> tuple[str, ...]:
        lines = tuple(filter(None, map(str.strip, in_ascii(self.text(name)).splitlines())))
        for number, line in enumerate(lines, 1):
            try:
                parse(line)
            except Refusal:
                said = say(self.lang, f"publishing.no-{name}", n=number, line=line)
                raise forms.ValidationError(said) from None
        return lines


def _several() -> forms.CharField:
    return forms.CharField(
        required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"})
    )


def _time() -> forms.CharField:
    return forms.CharField(max_length=60, widget=forms.TextInput(attrs={"dir": "ltr"}))


def _place() -> forms.CharField:
    return forms.CharField(required=False, max_length=SHORT)


def _date() -> forms.DateField:
    return forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))


class ExcerptForm(PartForm):
    """Some seconds as they are."""

    kind = EXCERPT
    from_ = _time()
    to = _time()
    mute = _several()
    sound = forms.BooleanField(required=False)
    field_order = ("from_", "to", "mute", "sound")


class RedactForm(PartForm):
    """Some seconds with parts of the picture hidden."""

    kind = REDACT
    from_ = _time()
    to = _time()
    hide = _several()
    sound = forms.BooleanField(required=False)
    mute = _several()
    field_order = ("from_", "to", "hide", "sound", "mute")


class StillForm(PartForm):
    """One picture."""

    kind = STILL
    at = _time()
    hide = _several()
    field_order = ("at", "hide")


FORMS: dict[str, type[PartForm]] = {
    each.kind: each for each in (ExcerptForm, RedactForm, StillForm)
}


class CaseForm(DeskForm):
    """A case file: what goes, to whom, why; what is said and what is not."""

    words = "publishing.case"

    recipient = forms.CharField(max_length=LONG)
    reason = forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 2}))
    items = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    more_items = _several()
    parts = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    case = forms.ChoiceField(required=False)
    see = forms.ChoiceField(choices=((each, "") for each in reversed(SEEN)))
    unsaid = forms.CharField(
        required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 2})
    )
    hypotheses = _several()
    without = _several()
    also_open = _several()
    who_1, who_2, who_3 = _place(), _place(), _place()
    on_1, on_2, on_3 = _date(), _date(), _date()

    def __init__(
        self,
        *args: Any,
        lang: str,
        items: Sequence[tuple[str, str]],
        parts: Sequence[tuple[str, str]],
        cases: Sequence[tuple[str, str]],
        highest: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, lang=lang, **kwargs)
        self.fields["items"].choices = list(items)  # type: ignore[attr-defined]
        self.fields["parts"].choices = list(parts)  # type: ignore[attr-defined]
        none = ("", say(lang, "publishing.case-none"))
        self.fields["case"].choices = [none, *cases]  # type: ignore[attr-defined]
        if highest == "open":
            see = self.fields["see"]
            see.choices = [each for each in see.choices if each[0] == "open"]  # type: ignore[attr-defined]

    @property
    def questions(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The places with their days."""
        return [(self[f"who_{n}"], self[f"on_{n}"]) for n in QUESTIONS]

    def clean(self) -> dict[str, Any] | None:
        """Demand something to hand over, and a day for every place."""
        said = super().clean() or self.cleaned_data
        if not (
            said.get("items") or self.text("more_items") or said.get("parts") or said.get("case")
        ):
            self.add_error(None, say(self.lang, "publishing.case-empty"))
        for n in QUESTIONS:
            if bool(said.get(f"who_{n}")) != bool(said.get(f"on_{n}")):
                self.add_error(f"on_{n}", say(self.lang, "publishing.case-day"))
        return said

    def order(self, sources: Sequence[str], withheld: Sequence[tuple[str, str, str]],
              explained: Sequence[tuple[str, str, str]]) -> CaseOrder:  # fmt: skip
        """Return what was asked for, with what the second page adds."""
        said = self.cleaned_data
        who = tuple(
            (self.text(f"who_{n}"), _day(said[f"on_{n}"])) for n in QUESTIONS if said[f"who_{n}"]
        )
        in_case = bool(said["case"])
        return CaseOrder(
            self.text("recipient"), self.text("reason"),
            (*said["items"], *_words(self.text("more_items"))), tuple(said["parts"]),
            tuple(withheld), tuple(explained) if in_case else (), said["case"], said["see"],
            tuple(sources) if in_case else (), tuple(_words(self.text("without"))),
            tuple(filter(None, map(str.strip, self.text("unsaid").splitlines()))), who,
            tuple(_words(self.text("also_open"))),
            tuple(_words(self.text("hypotheses"))) if in_case else (),
        )  # fmt: skip


def _day(said: date) -> str:
    return said.isoformat()


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()
