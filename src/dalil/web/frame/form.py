"""Forms whose labels, help and errors are ours, in both languages."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from dalil.errors import Refusal
from dalil.web.frame.say import say, words_of


def told(refusal: Refusal, lang: str) -> str:
    """Return a refusal as one sentence above a form."""
    said = refusal.told(lang)
    return f"{said.happened} {said.about}".strip()


class DeskForm(forms.Form):
    """A form of a room: labels and help are the words ``<room>.<form>-<field>`` and ``…-help``."""

    words: ClassVar[str]
    """``room.form``, for instance ``archive.telling``."""

    def __init__(self, *args: Any, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lang = lang
        room, _, name = self.words.partition(".")
        known = words_of(room)
        for field_name, field in self.fields.items():
            key = f"{name}-{field_name.replace('_', '-')}"
            field.label = say(lang, f"{room}.{key}")
            if f"{key}-help" in known:
                field.help_text = say(lang, f"{room}.{key}-help")
            field.error_messages["required"] = say(lang, "frame.needed")
            self._word_choices(room, key, field)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.setdefault("rows", 4)
            if not isinstance(field.widget, forms.Select):
                field.widget.attrs.setdefault("dir", "auto")

    def _word_choices(self, room: str, key: str, field: forms.Field) -> None:
        known = words_of(room)
        if isinstance(field, forms.ChoiceField) and not callable(field.choices):
            field.choices = [
                (value, say(self.lang, f"{room}.{key}-{value}"))
                if f"{key}-{value}" in known
                else (value, shown)
                for value, shown in field.choices
            ]

    def text(self, name: str) -> str:
        """Return what was typed in a field, without space around it."""
        return str(self.cleaned_data.get(name) or "").strip()
