"""Every address of the desk: one prefix a language, one a room."""

from __future__ import annotations

from importlib import import_module

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from dalil.web.frame import views
from dalil.web.settings import ROOMS

ROOMS_WITH_PAGES = [room for room in ROOMS if room != "frame"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("draft/<path:key>", views.draft, name="draft"),
    path("theme", views.theme, name="theme"),
    *(
        path("", include(module.outside))
        for module in (import_module(f"dalil.web.{room}.urls") for room in ROOMS_WITH_PAGES)
        # Addresses without a language: media, uploads, the JSON interface.
        if hasattr(module, "outside")
    ),
    *i18n_patterns(
        path("", views.home, name="home"),
        *(path(f"{room}/", include(f"dalil.web.{room}.urls")) for room in ROOMS_WITH_PAGES),
    ),
]

handler404 = "dalil.web.frame.views.not_found"
handler500 = "dalil.web.frame.views.fault"
