"""What people type in this room."""

from __future__ import annotations

from typing import Any

from django import forms

from dalil.match.copies.judgement import JUDGEMENTS, WITHDRAWN
from dalil.web.frame.form import DeskForm
from dalil.web.frame.say import say

SAID = tuple(each for each in JUDGEMENTS if each != WITHDRAWN)
LONG = 2000


class JudgeForm(DeskForm):
    """What somebody says of a pair, and why."""

    words = "copies.judge"
    judgement = forms.ChoiceField(
        choices=[(each, each) for each in SAID], widget=forms.RadioSelect(attrs={"dir": ""})
    )
    reasons = forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 2}))


class WithdrawForm(DeskForm):
    """Why somebody takes their judgement back."""

    words = "copies.withdraw"
    reasons = forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 2}))


class OutsideForm(DeskForm):
    """A file that is not in the archive."""

    words = "copies.query"
    file = forms.FileField(max_length=1000, widget=forms.FileInput(attrs={"dir": ""}))

    def __init__(self, *args: Any, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, lang=lang, **kwargs)
        self.fields["file"].error_messages["empty"] = say(lang, "copies.query-empty")
