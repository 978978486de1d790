"""What people type to record what a family was told, who recognised whom, and who counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from dalil.casebook.casebook import Casebook
from dalil.casebook.record.form import CLASSES, Record
from dalil.casebook.record.victims import ANSWERS, GRADES, TOLD
from dalil.errors import RecordRefused
from dalil.ledger.keyring import Signer
from dalil.web.frame.form import DeskForm, told
from dalil.web.frame.say import say

LONG, NAME, DAY = 4000, 500, 60
SOUGHT, NOT_FOUND = "family_sought", "not_found"
COUNTS, NOT_COUNTED, SAME_AS = "counts", "not-counted", "same-as"


class RecordForm(DeskForm):
    """A form that becomes a record; ``see`` is its class."""

    see = forms.ChoiceField()

    def classes(self, own: str) -> None:
        """Offer the classes up to one's own clearance."""
        known = [each for each in CLASSES[: CLASSES.index(own) + 1] if each != "open"]
        see = self.fields["see"]
        if isinstance(see, forms.ChoiceField):
            see.choices = [(each, say(self.lang, f"frame.{each}")) for each in known]
            see.initial = known[-1] if known else None

    def text_or_none(self, name: str) -> str | None:
        """Return what was typed, or None where nothing was."""
        return self.text(name) or None

    def write(self, casebook: Casebook, records: Sequence[Record], signer: Signer) -> bool:
        """Sign records; what the casebook refuses is said in the form, and nothing is written."""
        try:
            casebook.write(records, signer)
        except RecordRefused as refused:
            self.add_error(None, told(refused, self.lang))
            return False
        return True


class NotificationForm(RecordForm):
    """What a family was told or asked, and what it answered."""

    words = "victims.told"
    what = forms.ChoiceField(choices=[(each, each) for each in TOLD])
    to = forms.CharField(max_length=NAME, required=False)
    relation = forms.CharField(max_length=200, required=False)
    by = forms.CharField(max_length=NAME)
    on = forms.CharField(max_length=DAY, widget=forms.TextInput(attrs={"dir": "ltr"}))
    answer = forms.ChoiceField(choices=[(each, each) for each in ANSWERS], initial="no_answer")
    answered_on = forms.CharField(
        max_length=DAY, required=False, widget=forms.TextInput(attrs={"dir": "ltr"})
    )
    item = forms.ChoiceField(required=False)
    note = forms.CharField(
        max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    field_order = (
        "what", "to", "relation", "by", "on", "answer", "answered_on", "item", "note", "see",
    )  # fmt: skip

    def items(self, known: Sequence[tuple[str, str]]) -> None:
        """Offer the footage that may be spoken of."""
        item = self.fields["item"]
        if isinstance(item, forms.ChoiceField):
            item.choices = [("", say(self.lang, "victims.told-any-footage")), *known]


class RecognitionForm(RecordForm):
    """That somebody recognised a victim as another, and under which conditions."""

    words = "victims.recognise"
    as_victim = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"dir": "ltr"}))
    grade = forms.ChoiceField(choices=[(each, each) for each in GRADES])
    denied = forms.BooleanField(required=False)
    by = forms.CharField(max_length=NAME, required=False)
    relation = forms.CharField(max_length=200, required=False)
    conditions = forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}))
    method = forms.CharField(max_length=NAME, required=False)
    on = forms.CharField(
        max_length=DAY, required=False, widget=forms.TextInput(attrs={"dir": "ltr"})
    )

    field_order = (
        "as_victim", "grade", "denied", "by", "relation", "conditions", "method", "on", "see",
    )  # fmt: skip


class FigureForm(DeskForm):
    """Whether somebody whom not all marked counts, and why.

    ``shown``: a mark (id) of each figure that whoever decides looked at.
    """

    words = "victims.figure"
    shown = forms.CharField(widget=forms.HiddenInput)
    counts = forms.ChoiceField(
        choices=[(each, each) for each in (COUNTS, NOT_COUNTED, SAME_AS)], widget=forms.RadioSelect
    )
    other = forms.ChoiceField(required=False)
    reasoning = forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, shown: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shown"].initial = ",".join(shown)

    def clean(self) -> dict[str, object]:
        """Demand to know as whom, and that nobody decided meanwhile."""
        typed: dict[str, object] = super().clean() or {}
        if typed.get("shown") != self.fields["shown"].initial:
            # What is sent next is about whom this page shows.
            self.data = {**self.data.dict(), "shown": self.fields["shown"].initial}  # type: ignore[attr-defined]
            self.add_error(None, say(self.lang, "victims.figure-changed"))
        if typed.get("counts") == SAME_AS and not typed.get("other"):
            self.add_error("other", say(self.lang, "frame.needed"))
        return typed
