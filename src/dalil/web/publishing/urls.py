"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from dalil.web.publishing import cases, papers, parts

app_name = "publishing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", parts.index, name="index"),
    path("part/", parts.choose, name="choose"),
    path("part/<str:item>/<str:kind>/", parts.part, name="part"),
    path("made/<str:token>/", parts.made_part, name="made"),
    path("made/<str:token>/part.zip", parts.part_zip, name="part-zip"),
    path("made/<str:token>/remove", parts.remove, name="remove-part"),
    path("case-file/", cases.order, name="order"),
    path("case/<str:token>/", cases.case, name="case"),
    path("case/<str:token>/case.zip", cases.case_zip, name="case-zip"),
    path("case/<str:token>/check", cases.check, name="check"),
    path("case/<str:token>/remove", cases.remove, name="remove-case"),
    path("paper/exhibits/", papers.exhibits, name="exhibits"),
    path("paper/exhibits.pdf", papers.exhibits_pdf, name="exhibits-pdf"),
    path("paper/<str:kind>/<str:item>/", papers.paper, name="paper"),
    path("paper/<str:kind>/<str:item>.pdf", papers.paper_pdf, name="paper-pdf"),
]
