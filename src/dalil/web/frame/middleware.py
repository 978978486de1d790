"""What happens around every view: headers, language, who comes and goes, refusals as pages."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language

from dalil import errors
from dalil.web.frame.views import refused

Answer = Callable[[HttpRequest], HttpResponseBase]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
    "form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
LARGEST_FROM_STRANGERS, LENGTH_DIGITS = 1 << 20, 12
KEY_COOKIE = "dalil-key"


def headers(answer: Answer) -> Answer:
    """Set the headers that keep a page to itself; pages are never kept by the browser."""

    def around(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return around


def language(answer: Answer) -> Answer:
    """Set ``request.lang`` (en, ar) from the address, or the browser where it says nothing."""

    def around(request: HttpRequest) -> HttpResponseBase:
        request.lang = "ar" if (get_language() or "en").startswith("ar") else "en"  # type: ignore[attr-defined]
        return answer(request)

    return around


def modest(answer: Answer) -> Answer:
    """Take no large body from a stranger: the check of forms would write it down first."""

    def around(request: HttpRequest) -> HttpResponseBase:
        length = request.headers.get("Content-Length", "")
        small = length.isdecimal() and int(length[:LENGTH_DIGITS]) <= LARGEST_FROM_STRANGERS
        if length and not small and not request.user.is_authenticated:
            return HttpResponse(status=413)
        return answer(request)

    return around


def comings_and_goings(answer: Answer) -> Answer:
    """Send a fresh key to the browser that logged in, and take it away from one that left."""

    def around(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        fresh = getattr(request, "fresh_key", None)
        if fresh is not None:
            response.set_cookie(
                KEY_COOKIE,
                fresh,
                secure=True,
                httponly=True,
                samesite="Strict",
            )
        if getattr(request, "key_forgotten", False):
            response.delete_cookie(KEY_COOKIE, samesite="Strict")
        return response

    return around


class RefusalsAsPages:
    """Turn what the core refuses into a page; what nobody foresaw into a number to tell us."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as the view does."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponseBase | None:
        """Return the page of a refusal; a fault of ours keeps its text in the server's log."""
        if isinstance(fault, errors.Refusal):
            return refused(request, fault)
        if isinstance(fault, OSError):
            return refused(request, errors.DiskFault(fault.strerror or ""))
        return None


refusals = RefusalsAsPages
