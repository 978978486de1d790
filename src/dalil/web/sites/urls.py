"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from dalil.web.sites import pages

app_name = "sites"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.index, name="index"),
    path("<str:site>/", pages.site, name="site"),
]
