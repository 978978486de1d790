"""Addresses of the search: the page, the same as JSON, and the numbers of its facets."""

from __future__ import annotations

from django.urls import path

from dalil.web.search import views

app_name = "search"
urlpatterns = [
    path("", views.index, name="index"),
    path("data", views.data, name="data"),
    path("facets", views.facets, name="facets"),
]
