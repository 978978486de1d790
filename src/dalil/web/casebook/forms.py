"""The smaller forms of this room: withdrawing, adopting, linking a name, lists in and out."""

from __future__ import annotations

from typing import Any

from django import forms

from dalil.casebook.record.form import CLASSES
from dalil.web.frame.form import DeskForm


def _area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class WithdrawForm(DeskForm):
    """Why a record no longer stands."""

    words = "casebook.withdrawing"
    reason = forms.CharField(widget=_area(), max_length=4000)
    revises = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class AdoptForm(DeskForm):
    """Which case relies on a claim, as which assessment has it, for what."""

    words = "casebook.adopting"
    case = forms.CharField(max_length=64, widget=forms.TextInput(attrs={"dir": "ltr"}))
    assessment = forms.ChoiceField(required=False)
    note = forms.CharField(widget=_area(), max_length=4000, required=False)


class LinkNameForm(DeskForm):
    """That a form of a name is the entity's indeed, and why."""

    words = "casebook.linking"
    form = forms.CharField(max_length=1000)
    reason = forms.CharField(widget=_area(), max_length=4000)


class ManyFiles(forms.ClearableFileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, each of which is one."""

    def __init__(self) -> None:
        super().__init__(widget=ManyFiles(attrs={"multiple": True}))

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files; none at all is no answer."""
        single = super().clean
        return [single(each, initial) for each in data] if data else single(data, initial)


class ImportForm(DeskForm):
    """A list to bring in: its files, the case, the class, and a field map where one is needed."""

    words = "casebook.importing"
    sheets = ManyFilesField()
    case = forms.CharField(max_length=64, widget=forms.TextInput(attrs={"dir": "ltr"}))
    see = forms.ChoiceField(choices=[(each, each) for each in CLASSES], initial="restricted")
    map = forms.FileField(required=False)


class ExportForm(DeskForm):
    """Lists to hand out: in which form, to whom, why."""

    words = "casebook.exporting"
    form = forms.ChoiceField(
        choices=[(each, each) for each in ("csv", "xlsx", "ftm", "annotations", "geojson")]
    )
    see = forms.ChoiceField(choices=[(each, each) for each in CLASSES])
    to = forms.CharField(max_length=400)
    reason = forms.CharField(widget=_area(), max_length=4000)
