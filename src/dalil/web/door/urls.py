"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "door"
urlpatterns: list[URLPattern | URLResolver] = []
