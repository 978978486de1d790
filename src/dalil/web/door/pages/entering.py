"""Coming in and going out: login, second factor, passphrase again, lock, log out, leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.core.internal import ratelimit
from allauth.mfa.base.forms import AuthenticateForm
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalil.web.door import key
from dalil.web.door.login import opened, unlocked
from dalil.web.door.models import Account
from dalil.web.door.pages.forms import CodeForm, LoginForm, UnlockForm, posted
from dalil.web.door.second_factor import SecondFactorStage
from dalil.web.door.stay import end_own_stay
from dalil.web.frame.access import open_to_all, person_of, right
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say

WRONG, PATIENCE = 422, 429


class Try(Protocol):
    """A counted try (allauth's)."""

    def rollback(self) -> None:
        """Take it back."""


@dataclass(frozen=True, slots=True)
class AskedPage:
    """A form at the door; ``after`` is where it leads, ``who`` whom it asks (or nobody yet)."""

    form: Form
    after: str
    who: str = ""


@open_to_all
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponseBase:
    """Ask for name and passphrase."""
    after = _after(request)
    if key.is_locked(request):
        query = urlencode({"next": after}) if after else ""
        return redirect(f"{reverse('door:unlock')}?{query}")
    if request.user.is_authenticated:
        return _go_on(after)
    form = LoginForm(posted(request), lang=lang_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            account = authenticated(request, form.text("name"), form.cleaned_data["passphrase"])
        except ValidationError:
            form.add_error(None, say(lang_of(request), "door.patience"))
            return _asked(request, "login", AskedPage(form, after), PATIENCE)
        if account is not None:
            key.keep(request, unlocked(request))
            first = reverse("door:sheet" if account.sheet_due else "home")
            coming = Login(user=account, redirect_url=after or first)
            credentials = {"username": account.person_id}
            answer: HttpResponseBase = perform_password_login(request, credentials, coming)
            return answer
        form.add_error(None, say(lang_of(request), "door.login-wrong"))
    return _asked(request, "login", AskedPage(form, after), WRONG if form.errors else 200)


@open_to_all
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponseBase:
    """Ask for a code from the telephone, or one from paper."""
    stage = LoginStageController.enter(request, SecondFactorStage.key)
    if stage is None:
        return redirect("door:login")
    form = CodeForm(posted(request), lang=lang_of(request))
    if request.method == "POST" and form.is_valid():
        judged = AuthenticateForm({"code": form.text("code")}, user=stage.login.user)
        if judged.is_valid():
            judged.save()
            answer: HttpResponseBase = stage.exit()
            return answer
        tried = judged.has_error("code", "too_many_login_attempts")
        form.add_error(
            "code", say(lang_of(request), "door.patience" if tried else "door.code-wrong")
        )
    shown = AskedPage(form, "", str(stage.login.user))
    return _asked(request, "second", shown, WRONG if form.errors else 200)


@right("read")
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponseBase:
    """Ask whoever is known to be here for the passphrase again, and go on where they were."""
    after, person = _after(request), person_of(request)
    form = UnlockForm(posted(request), lang=lang_of(request))
    if request.method == "POST" and form.is_valid():
        tried = trying(request, person.person_id)
        if tried is None:
            form.add_error(None, say(lang_of(request), "door.patience"))
            return _asked(request, "unlock", AskedPage(form, after, person.name), PATIENCE)
        signer = opened(person.person_id, form.cleaned_data["passphrase"])
        if signer is not None:
            tried.rollback()
            key.keep(request, signer)
            return _go_on(after)
        form.add_error("passphrase", say(lang_of(request), "door.unlock-wrong"))
    shown = AskedPage(form, after, person.name)
    return _asked(request, "unlock", shown, WRONG if form.errors else 200)


@right("read")
@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """End the key, keep the session: the passphrase opens the desk again where it was."""
    key.forget(request)
    return redirect("door:unlock")


@open_to_all
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End session and key."""
    end_own_stay(request)
    return redirect("door:login")


@csrf_exempt
@open_to_all
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End session and key for somebody who is already looking at another page.

    No token is asked for: an old one must keep nobody here, and no other site can send the cookie.
    """
    end_own_stay(request)
    return redirect("door:away")


@open_to_all
@require_GET
def away(request: HttpRequest) -> HttpResponse:
    """Show a page that says nothing of where one was: a calendar of this month."""
    from dalil.web.door.pages.calendar import month_page

    return month_page(request)


def authenticated(request: HttpRequest, name: str, passphrase: str) -> Account | None:
    """Return whom name and passphrase open, within the limits on trying.

    Raises:
        ValidationError: too many tries, by this name or from this address.

    """
    adapter = get_adapter()
    if not ratelimit.consume(request, app="allauth.account", action="login"):
        raise adapter.validation_error("too_many_login_attempts")
    account: Account | None = adapter.authenticate(request, username=name, password=passphrase)
    return account


def trying(request: HttpRequest, what: str) -> Try | None:
    """Count a try at something secret, by its name and from this address; None: too many.

    Whoever was right takes theirs back.
    """
    limits = {"try": "20/m/ip,5/300s/key"}
    used: Try | None = ratelimit.consume(request, app="door", action="try", config=limits, key=what)
    return used


def _asked(request: HttpRequest, name: str, shown: AskedPage, status: int) -> HttpResponse:
    title = say(lang_of(request), f"door.{name}")
    return page(request, f"door/{name}.html", shown, title=title, room="door", status=status)


def _go_on(after: str) -> HttpResponse:
    return HttpResponseRedirect(after or reverse("home"))


def _after(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if safe and asked.startswith("/") else ""
