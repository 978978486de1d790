"""Tags of the casebook: a status as shape and word, terms and fields of records in words."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dalil.casebook.report import phrases
from dalil.casebook.report.page import Worded
from dalil.casebook.text.names import shown as visible
from dalil.web.casebook.looking import field_in, shape_of, term_in
from dalil.web.frame.say import in_digits

register = template.Library()
Context = dict[str, Any]


@register.simple_tag(takes_context=True)
def status(context: Context, word: str) -> SafeString:
    """Write a status: shape, hue and word together."""
    said = phrases.term(word, _lang(context))
    return format_html('<span class="state {}">{}</span>', shape_of(word), said)


@register.simple_tag(takes_context=True)
def worded(context: Context, said: Worded | None) -> str:
    """Write what the casebook words, in the page's language and its digits; not in quotations."""
    return "" if said is None else in_digits(getattr(said, _lang(context)), _lang(context))


@register.simple_tag(takes_context=True)
def term(context: Context, word: str) -> str:
    """Write one of the fixed words of records."""
    return term_in(word, _lang(context))


@register.simple_tag(takes_context=True)
def usual(context: Context, word: str) -> str:
    """Write a word that many lists use, or it as it was recorded."""
    return phrases.usual(word, _lang(context))


@register.simple_tag(takes_context=True)
def field_name(context: Context, name: str) -> str:
    """Write the name of a field of a record."""
    return field_in(name, _lang(context))


@register.filter
def seen(text: str | None) -> str:
    """Write somebody else's words with what hides in them made visible."""
    return visible(text or "")


@register.filter
def day(instant: str) -> str:
    """Return the day of a UTC instant."""
    return instant[:10]


def _lang(context: Context) -> str:
    return str(context["desk"].lang)
