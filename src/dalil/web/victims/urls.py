"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from dalil.web.victims.pages import listed

app_name = "victims"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", listed.index, name="index"),
]
