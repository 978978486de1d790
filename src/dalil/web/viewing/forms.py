"""What people type in this room."""

from __future__ import annotations

from typing import Any

from django import forms

from dalil.disclose.position import Position, parse_position
from dalil.errors import UsageRefused
from dalil.media.working_copy.recipe import GREY, SILENT, SOUND, VERSIONS
from dalil.web.frame.form import DeskForm
from dalil.web.frame.say import in_ascii, say

SHORTEST_REASON = 8
LEAST, MOST = 5, 480


class AskForm(DeskForm):
    """Why somebody needs to see it, which stretch, and in which version."""

    words = "viewing.ask"
    reason = forms.CharField(
        max_length=2000, min_length=SHORTEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )
    start = forms.CharField(max_length=60, required=False)
    end = forms.CharField(max_length=60, required=False)
    version = forms.ChoiceField(
        choices=[(each, each) for each in VERSIONS], initial=GREY, widget=forms.RadioSelect
    )
    hear = forms.BooleanField(required=False)
    beside = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, lang=lang, **kwargs)
        self.fields["reason"].error_messages["min_length"] = say(lang, "viewing.reason-short")
        for name in ("start", "end"):
            self.fields[name].widget.attrs["dir"] = "ltr"

    def clean_start(self) -> Position | None:
        """Read where the stretch begins."""
        return self._position("start")

    def clean_end(self) -> Position | None:
        """Read where the stretch ends."""
        return self._position("end")

    def clean(self) -> dict[str, Any]:
        """Demand the second consent for sound."""
        if self.cleaned_data.get("version") == SOUND and not self.cleaned_data.get("hear"):
            self.add_error("hear", say(self.lang, "viewing.hear-needed"))
        return self.cleaned_data

    def _position(self, name: str) -> Position | None:
        typed = in_ascii(self.text(name))
        if not typed:
            return None
        try:
            return parse_position(typed)
        except UsageRefused:
            raise forms.ValidationError(say(self.lang, "viewing.no-position")) from None


class TogetherForm(DeskForm):
    """Why somebody needs to see two clips side by side, and which stretch of what they share."""

    words = "viewing.together"
    reason = forms.CharField(
        max_length=2000, min_length=SHORTEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )
    stretch = forms.ChoiceField()
    version = forms.ChoiceField(
        choices=[(each, each) for each in (GREY, SILENT)], initial=GREY, widget=forms.RadioSelect
    )
    beside = forms.CharField(max_length=200, required=False)

    def __init__(
        self, *args: Any, lang: str, stretches: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, lang=lang, **kwargs)
        self.fields["stretch"].choices = stretches  # type: ignore[attr-defined]
        self.fields["reason"].error_messages["min_length"] = say(lang, "viewing.reason-short")


class LimitForm(DeskForm):
    """How many minutes a day before one is asked to stop."""

    words = "viewing.limit"
    minutes = forms.IntegerField(min_value=LEAST, max_value=MOST)
