"""Addresses of the page of all components."""

from __future__ import annotations

from django.urls import path

from dalil.web.patterns import views

app_name = "patterns"
urlpatterns = [
    path("", views.index, name="index"),
    path("shown/<str:theme>", views.shown, name="shown"),
    path("sample/<str:name>", views.sample, name="sample"),
]
