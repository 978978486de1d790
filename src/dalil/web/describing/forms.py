"""What people type in this room: terms, rounds, decisions, and what is said of a file."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from dalil.casebook.casebook import Casebook
from dalil.casebook.record.form import CLASSES, SLUG, Record
from dalil.errors import RecordRefused
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Entry
from dalil.web.frame.form import DeskForm, told
from dalil.web.frame.say import say

NAME, LONG = 500, 20_000
SEVERITIES = (("", ""), *((str(each), str(each)) for each in range(6)))


class RecordForm(DeskForm):
    """A form that becomes records of the casebook."""

    def classes(self, own: str) -> None:
        """Offer the classes up to one's own clearance."""
        known = CLASSES[: CLASSES.index(own) + 1]
        see = self.fields["see"]
        if isinstance(see, forms.ChoiceField):
            see.choices = [(each, say(self.lang, f"frame.{each}")) for each in known]

    def text_or_none(self, name: str) -> str | None:
        """Return what was typed, or None where nothing was."""
        return self.text(name) or None

    def write(
        self, casebook: Casebook, records: Sequence[Record], signer: Signer, note: str = ""
    ) -> Entry | None:
        """Sign records; what the casebook refuses is said in the form, and nothing is written."""
        try:
            return casebook.write(records, signer, note)
        except RecordRefused as refused:
            self.add_error(None, told(refused, self.lang))
            return None


class TermForm(RecordForm):
    """A term of a code book, or a new definition of it."""

    words = "describing.term-form"
    book = forms.CharField(max_length=64, widget=forms.TextInput(attrs={"dir": "ltr"}))
    key = forms.CharField(max_length=200)
    name_en = forms.CharField(max_length=NAME, required=False)
    name_ar = forms.CharField(max_length=NAME, required=False)
    definition_en = forms.CharField(max_length=LONG, required=False, widget=forms.Textarea)
    definition_ar = forms.CharField(max_length=LONG, required=False, widget=forms.Textarea)
    since = forms.CharField(max_length=60, required=False)
    broader = forms.ChoiceField(required=False)
    severity = forms.ChoiceField(required=False, choices=SEVERITIES)
    see = forms.ChoiceField()
    withdrawn = forms.CharField(max_length=NAME, required=False)
    note = forms.CharField(max_length=NAME, required=False)
    revises = forms.IntegerField(min_value=0, initial=0, widget=forms.HiddenInput)

    def clean_book(self) -> str:
        """Demand the short name that code books have."""
        book = self.text("book")
        if SLUG.fullmatch(book) is None:
            raise forms.ValidationError(say(self.lang, "describing.book-short"))
        return book


class RoundForm(RecordForm):
    """A blind round: which lanes of which item, by which two or more."""

    words = "describing.round-form"
    book = forms.ChoiceField()
    lanes = forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}))
    annotators = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    see = forms.ChoiceField()
    note = forms.CharField(max_length=NAME, required=False)

    def lane_names(self) -> tuple[str, ...]:
        """Return the lanes, one a line, each once."""
        lines = [each.strip() for each in self.text("lanes").splitlines()]
        return tuple(dict.fromkeys(each for each in lines if each))


class DecisionForm(RecordForm):
    """What stands where annotators differ, and why."""

    words = "describing.decision-form"
    stands = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    term = forms.ChoiceField(required=False)
    reasoning = forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}))


class SayForm(RecordForm):
    """What holds for all segments that are signed together."""

    words = "describing.speech-form"
    translator = forms.CharField(max_length=NAME, required=False)
    certified = forms.BooleanField(required=False)
    see = forms.ChoiceField()
    note = forms.CharField(max_length=NAME, required=False)


class IncomingForm(RecordForm):
    """A file of lanes or of a transcript, and what it does not say of itself."""

    words = "describing.incoming"
    form = forms.ChoiceField()
    file = forms.FileField(required=False)
    book = forms.ChoiceField(required=False)
    lane = forms.CharField(max_length=200, required=False)
    language = forms.CharField(max_length=35, required=False)
    version = forms.CharField(max_length=200, required=False)
    see = forms.ChoiceField()


class OutgoingForm(DeskForm):
    """Lanes or a transcript for another program: to whom they go, and why."""

    words = "describing.outgoing"
    form = forms.ChoiceField()
    track = forms.ChoiceField(required=False)
    to = forms.CharField(max_length=NAME)
    reason = forms.CharField(max_length=NAME)
