"""What people type in this room."""

from __future__ import annotations

from typing import Any

from django import forms

from dalil.casebook.record.form import CLASSES
from dalil.casebook.record.law import BEARS
from dalil.web.frame.form import DeskForm

LONG, NAME = 4000, 300
Choices = list[tuple[str, str]]


def _area() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3, "dir": "auto"})


class SupposeForm(DeskForm):
    """What is supposed: who, in what, which crime, in which mode."""

    words = "law.suppose"
    suspect = forms.CharField(max_length=NAME)
    incident = forms.CharField(max_length=NAME)
    crime = forms.ChoiceField()
    mode = forms.ChoiceField()
    see = forms.ChoiceField(choices=[(each, each) for each in CLASSES], initial="restricted")
    note = forms.CharField(max_length=LONG, required=False, widget=_area())

    def __init__(self, *args: Any, crimes: Choices, modes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("crime", crimes), ("mode", modes)):
            self.fields[name].choices = [("", "—"), *choices]  # type: ignore[attr-defined]


class BearForm(DeskForm):
    """How a claim bears on an element, and why; a claim that is not listed is typed."""

    words = "law.bear"
    element = forms.ChoiceField()
    bears = forms.ChoiceField(
        choices=[(each, each) for each in BEARS], widget=forms.RadioSelect(attrs={"dir": ""})
    )
    claim = forms.ChoiceField(required=False, widget=forms.RadioSelect(attrs={"dir": ""}))
    other = forms.CharField(max_length=NAME, required=False)
    reasons = forms.CharField(max_length=LONG, widget=_area())

    def __init__(self, *args: Any, elements: Choices, claims: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("element", elements), ("claim", claims)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class CheckForm(DeskForm):
    """That an element is worded rightly, and what it was compared with."""

    words = "law.check"
    element = forms.CharField(max_length=NAME, widget=forms.HiddenInput)
    reasons = forms.CharField(max_length=LONG, widget=_area())


class BringForm(DeskForm):
    """A tree of law as a file."""

    words = "law.bring"
    file = forms.FileField(max_length=1000, widget=forms.FileInput(attrs={"dir": ""}))
    see = forms.ChoiceField(choices=[(each, each) for each in CLASSES], initial="restricted")
