"""Tags of the door: roles and classes in words."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from dalil.ledger.keyring import ROLES
from dalil.ledger.people import CLEARANCES
from dalil.web.frame.say import say_html

register = template.Library()
Context = dict[str, Any]


@register.simple_tag(takes_context=True)
def role(context: Context, name: str) -> SafeString | str:
    """Write a role in words; one that this release does not know stands as it is."""
    return say_html(context["desk"].lang, f"frame.role-{name}") if name in ROLES else name


@register.simple_tag(takes_context=True)
def class_word(context: Context, name: str) -> SafeString | str:
    """Write a class in words."""
    return say_html(context["desk"].lang, f"door.class-{name}") if name in CLEARANCES else name
