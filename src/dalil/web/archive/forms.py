"""What people type in this room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from dalil.errors import Malformed
from dalil.intake.telling import NEEDED, Hop, hop_from_options
from dalil.web.frame.form import DeskForm
from dalil.web.frame.say import say

TOLD = ("who", "role", "when", "where", "how", "source", "note")
LONG = 2000


class TellingForm(DeskForm):
    """One hop of how something came to us, as a named source tells it."""

    words = "archive.telling"
    number = forms.IntegerField(
        min_value=1, max_value=999, initial=1, widget=forms.NumberInput(attrs={"dir": ""})
    )
    who = forms.CharField(max_length=LONG)
    role = forms.CharField(max_length=LONG, required=False)
    when = forms.CharField(max_length=LONG, required=False)
    where = forms.CharField(max_length=LONG, required=False)
    how = forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 2}))
    source = forms.CharField(max_length=LONG)
    note = forms.CharField(
        max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def hop(self) -> Hop:
        """Return what was told."""
        return hop_of({name: self.text(name) for name in TOLD}, self.cleaned_data["number"])


class TakeInForm(DeskForm):
    """What is said of an upload when it is taken in; the telling may follow later."""

    words = "archive.takein"
    about = forms.CharField(max_length=LONG, required=False)
    generation = forms.CharField(max_length=200, required=False)
    who = forms.CharField(max_length=LONG, required=False)
    role = forms.CharField(max_length=LONG, required=False)
    when = forms.CharField(max_length=LONG, required=False)
    where = forms.CharField(max_length=LONG, required=False)
    how = forms.CharField(max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    source = forms.CharField(max_length=LONG, required=False)
    note = forms.CharField(
        max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    expand = forms.BooleanField(required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        """Demand the whole of a telling where a part of it was typed."""
        typed = {name: str(self.cleaned_data.get(name) or "").strip() for name in TOLD}
        if any(typed.values()):
            for name in NEEDED:
                if not typed[name]:
                    self.add_error(name, say(self.lang, "archive.telling-needs"))
        return self.cleaned_data

    def told(self) -> dict[str, str] | None:
        """Return what was told, by field, or None where nothing was."""
        typed = {name: self.text(name) for name in TOLD}
        return typed if any(typed.values()) else None


class GiveOutForm(DeskForm):
    """To whom an original goes, and why."""

    words = "archive.giveout"
    to = forms.CharField(max_length=LONG)
    reason = forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 2}))


class CheckForm(DeskForm):
    """How much of the archive to read again."""

    words = "archive.check"
    share = forms.ChoiceField(choices=[("1", "1"), ("1/7", "1/7"), ("1/30", "1/30")])


def hop_of(typed: Mapping[str, str], number: int = 1) -> Hop:
    """Return a hop from what was typed.

    Raises:
        Malformed: a field that is needed is empty.

    """
    if not all(typed.get(name) for name in NEEDED):
        raise Malformed("a telling without who, how or source")
    return hop_from_options(typed, number)


def keep_typed(form: DeskForm, place: str) -> None:
    """Let the long texts of a form be kept while they are typed, under ``archive/PLACE/FIELD``."""
    for name, field in form.fields.items():
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["data-draft"] = f"archive/{place}/{name}"
