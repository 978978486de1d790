"""What people type in this room."""

from __future__ import annotations

from typing import Any

from django import forms

from dalil.casebook.record.victims import OLDEST, SEXES
from dalil.casebook.victims.judged import VERDICTS
from dalil.casebook.victims.listed import Wanted
from dalil.web.frame.form import DeskForm
from dalil.web.frame.say import in_ascii, say

LONG, NAME = 2000, 200


class JudgeForm(DeskForm):
    """What somebody says of a pair, and why."""

    words = "victims.judge"
    verdict = forms.ChoiceField(
        choices=[(each, each) for each in VERDICTS], widget=forms.RadioSelect(attrs={"dir": ""})
    )
    reasons = forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 2}))


class WithdrawForm(DeskForm):
    """Why somebody takes their judgement back."""

    words = "victims.withdraw"
    reasons = forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 2}))


class WantedForm(DeskForm):
    """Which victims are asked for."""

    words = "victims.wanted"
    name = forms.CharField(required=False, max_length=NAME)
    source = forms.ChoiceField(required=False, widget=forms.Select(attrs={"dir": ""}))
    sex = forms.ChoiceField(required=False, choices=[(each, each) for each in ("", *SEXES)])
    age_from = forms.CharField(required=False, max_length=3)
    age_to = forms.CharField(required=False, max_length=3)
    named = forms.ChoiceField(
        required=False, choices=[(each, each) for each in ("", "named", "unnamed")]
    )

    def __init__(self, *args: Any, lists: list[tuple[str, str]], lang: str, **kwargs: Any) -> None:
        super().__init__(*args, lang=lang, **kwargs)
        # Lists by what they are called, and not by words of ours.
        self.fields["source"].choices = [("", "—"), *lists]  # type: ignore[attr-defined]

    def clean_age_from(self) -> int | None:
        """Read an age."""
        return self._age("age_from")

    def clean_age_to(self) -> int | None:
        """Read an age."""
        return self._age("age_to")

    def _age(self, name: str) -> int | None:
        typed = in_ascii(self.text(name))
        if not typed:
            return None
        if not (typed.isascii() and typed.isdecimal()) or int(typed) > OLDEST:
            raise forms.ValidationError(say(self.lang, "victims.wanted-age-wrong"))
        return int(typed)

    def wanted(self) -> Wanted:
        """Return what is asked for, where nothing was typed wrongly."""
        named = self.text("named")
        return Wanted(
            name=self.text("name"),
            source=self.text("source") or None,
            sex=self.text("sex") or None,
            age_from=self.cleaned_data["age_from"],
            age_to=self.cleaned_data["age_to"],
            unidentified=None if not named else named == "unnamed",
        )
