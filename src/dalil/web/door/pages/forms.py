"""What is typed at the door."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, QueryDict

from dalil.ledger.people import CLEARANCES, HUMAN_ROLES
from dalil.web.door.login import LONGEST_NAME, LONGEST_PASSPHRASE
from dalil.web.frame.form import DeskForm
from dalil.web.frame.say import say

SHORTEST = 12
LONGEST_REASON = 2000


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, also where nothing was filled in; None where a page is asked for."""
    return request.POST if request.method == "POST" else None


def _hidden(autocomplete: str) -> forms.CharField:
    shown = forms.PasswordInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"})
    return forms.CharField(widget=shown, max_length=LONGEST_PASSPHRASE, strip=False)


def _line(longest: int, autocomplete: str = "off", **attributes: str) -> forms.CharField:
    shown = {"autocomplete": autocomplete, "spellcheck": "false", **attributes}
    return forms.CharField(widget=forms.TextInput(attrs=shown), max_length=longest)


def _reason() -> forms.CharField:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST_REASON)


class WordedChoice(forms.ChoiceField):
    """A choice whose words are those of the desk; ``wording`` is what their keys begin with."""

    def __init__(self, wording: str, values: tuple[str, ...], initial: str = "") -> None:
        self.wording, self.values = wording, values
        super().__init__(choices=[(each, each) for each in values], initial=initial or None)

    def speak(self, lang: str) -> None:
        """Write the choices in a language."""
        self.choices = [(each, say(lang, f"{self.wording}{each}")) for each in self.values]


class ChoosingForm(DeskForm):
    """A form with worded choices."""

    def __init__(self, *args: Any, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, lang=lang, **kwargs)
        for field in self.fields.values():
            if isinstance(field, WordedChoice):
                field.speak(lang)


class LoginForm(DeskForm):
    """Who, and their passphrase."""

    words: ClassVar[str] = "door.login"
    name = _line(LONGEST_NAME, "username")
    passphrase = _hidden("current-password")


class UnlockForm(DeskForm):
    """The passphrase of whoever is known to be here."""

    words: ClassVar[str] = "door.unlock"
    passphrase = _hidden("current-password")


class CodeForm(DeskForm):
    """A code from the telephone, or one from paper."""

    words: ClassVar[str] = "door.second"
    code = _line(20, "one-time-code", inputmode="numeric", dir="ltr")


class FactorForm(DeskForm):
    """The first code of a telephone, and the passphrase once more."""

    words: ClassVar[str] = "door.factor"
    code = _line(20, "one-time-code", inputmode="numeric", dir="ltr")
    passphrase = _hidden("current-password")


class NewPassphraseForm(DeskForm):
    """A new passphrase, typed twice."""

    words: ClassVar[str] = "door.chosen"
    new = _hidden("new-password")
    again = _hidden("new-password")

    def clean(self) -> dict[str, Any]:
        """Refuse what is short or typed differently the second time."""
        typed = {**(super().clean() or {})}
        new, again = typed.get("new"), typed.get("again")
        if new is not None and len(new) < SHORTEST:
            self.add_error("new", say(self.lang, "door.short", n=SHORTEST))
        elif new is not None and again is not None and new != again:
            self.add_error("again", say(self.lang, "door.differs"))
        return typed


class SetUpForm(NewPassphraseForm):
    """The code from the terminal, the first keeper, and their passphrase."""

    words: ClassVar[str] = "door.set-up"
    code = _line(40, dir="ltr")
    keeper = _line(LONGEST_NAME)
    field_order = ("code", "keeper", "new", "again")


class InvitedForm(NewPassphraseForm):
    """The code that a keeper handed over, and one's own passphrase."""

    words: ClassVar[str] = "door.invited"
    code = _line(40, dir="ltr")
    field_order = ("code", "new", "again")


class ChangeForm(NewPassphraseForm):
    """The passphrase until now, and the one from now on."""

    words: ClassVar[str] = "door.change"
    old = _hidden("current-password")
    field_order = ("old", "new", "again")


class RecoverForm(NewPassphraseForm):
    """Who lost a passphrase, what stands on the sheet, and the passphrase from now on."""

    words: ClassVar[str] = "door.recover"
    name = _line(LONGEST_NAME, "username")
    sheet = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        max_length=400,
    )
    field_order = ("name", "sheet", "new", "again")


class InviteForm(ChoosingForm):
    """Who shall come, and as what."""

    words: ClassVar[str] = "door.invite"
    name = _line(LONGEST_NAME)
    role = WordedChoice("frame.role-", HUMAN_ROLES, "reviewer")


class RoleForm(ChoosingForm):
    """Another role, and why."""

    words: ClassVar[str] = "door.role"
    role = WordedChoice("frame.role-", HUMAN_ROLES)
    reason = _reason()


class ClearanceForm(ChoosingForm):
    """Up to which class somebody may see, and why."""

    words: ClassVar[str] = "door.clearance"
    clearance = WordedChoice("door.class-", CLEARANCES)
    reason = _reason()


class RevokeForm(DeskForm):
    """Why somebody may no longer act."""

    words: ClassVar[str] = "door.revoke"
    reason = _reason()
