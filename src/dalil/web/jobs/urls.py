"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from dalil.web.jobs import views

app_name = "jobs"
urlpatterns = [
    path("<uuid:job_id>/", views.job, name="job"),
    path("<uuid:job_id>/state", views.state, name="state"),
    path("<uuid:job_id>/again", views.again, name="again"),
]
