"""Tags of every page: words, numbers, dates, digests, time codes, in the page's language."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from dalil.casebook.incident.clock import shown as clock_shown
from dalil.casebook.report.page import Worded
from dalil.casebook.report.phrases import date_in_words
from dalil.web.frame import say as words
from dalil.web.frame.once import FIELD, fresh_token

register = template.Library()
Context = dict[str, Any]
SHORT, TAIL = 8, 4


@register.simple_tag(takes_context=True)
def say(context: Context, key: str, **values: object) -> SafeString:
    """Say one sentence: ``{% say "archive.held" n=27 %}``."""
    return words.say_html(_lang(context), key, **values)


@register.simple_tag(takes_context=True)
def number(context: Context, value: int) -> str:
    """Write a whole number."""
    return words.number(value, _lang(context))


@register.simple_tag(takes_context=True)
def moment(context: Context, instant: str) -> SafeString:
    """Write a UTC instant to the minute, with the exact one as its machine form."""
    if not instant:
        return mark_safe("")
    said = words.moment(instant, _lang(context))
    return format_html('<time datetime="{}">{}</time>', instant, said)


@register.simple_tag(takes_context=True)
def dated(context: Context, edtf: str | None) -> str:
    """Write a date that may be uncertain (EDTF) in words."""
    lang = _lang(context)
    return words.digits(date_in_words(edtf, lang), lang) if edtf else ""


@register.simple_tag(takes_context=True)
def told(context: Context, sentence: str) -> str:
    """Write a sentence in the page's digits; what it quotes keeps its own."""
    return words.in_digits(sentence, _lang(context))


@register.simple_tag
def clock(seconds: Fraction | float) -> SafeString:
    """Write seconds as a time code, isolated from the direction of the text."""
    return format_html('<span class="t">{}</span>', clock_shown(Fraction(seconds)))


@register.simple_tag
def digest(value: str) -> SafeString:
    """Write a hash short, with the whole of it at hand."""
    if len(value) <= SHORT + TAIL + 1:
        return format_html("<code>{}</code>", value)
    short = f"{value[:SHORT]}…{value[-TAIL:]}"
    return format_html('<code title="{}">{}</code>', value, short)


@register.simple_tag
def code(value: object) -> SafeString:
    """Write something exact (an id, a file name, a number of the log), left to right."""
    return format_html("<code>{}</code>", value)


@register.simple_tag(takes_context=True)
def inlang(context: Context, worded: Worded | None) -> str:
    """Write what the casebook words in both languages, in the page's own."""
    return "" if worded is None else str(getattr(worded, _lang(context)))


@register.simple_tag
def once() -> SafeString:
    """Write the hidden field by which a form that is sent twice is done once."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, fresh_token())


@register.simple_tag(takes_context=True)
def words_for(context: Context, room: str, prefix: str = "js-") -> SafeString:
    """Write the words of a room that its elements speak with, for frame/words.js."""
    lang = _lang(context)
    found = {
        name.removeprefix(prefix): said[lang]
        for name, said in words.words_of(room).items()
        if name.startswith(prefix)
    }
    text = json.dumps({"lang": lang, "words": found}, ensure_ascii=False)
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return mark_safe(f'<script type="application/json" class="words">{safe}</script>')  # noqa: S308


@register.simple_tag(takes_context=True)
def same_page(context: Context, **changes: object) -> str:
    """Return this page's address with some of its query changed; None takes one away."""
    asked = context["request"].GET.copy()
    for name, value in changes.items():
        asked.pop(name, None)
        if value is not None:
            asked[name] = str(value)
    query = asked.urlencode()
    return f"?{query}" if query else "?"


def _lang(context: Context) -> str:
    return str(context["desk"].lang)
