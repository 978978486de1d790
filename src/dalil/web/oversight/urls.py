"""The one address of this room."""

from __future__ import annotations

from django.urls import path

from dalil.web.oversight import views

app_name = "oversight"
urlpatterns = [path("", views.index, name="index")]
