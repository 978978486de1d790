"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import SlugConverter

from dalil.web.law.pages import hypotheses, trees, writing


class LawName(SlugConverter):
    """The short name of a tree, or of a part of one."""

    regex = "[a-z0-9][a-z0-9._-]{0,63}"


register_converter(LawName, "law_name")

app_name = "law"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", hypotheses.index, name="index"),
    path("bring-in/", writing.bring_tree, name="bring"),
    path("tree/<law_name:tree>/", trees.tree_page, name="tree"),
    path("tree/<law_name:tree>/suppose/", writing.suppose_page, name="suppose"),
    path("tree/<law_name:tree>/part/<law_name:part>/", trees.part_page, name="part"),
    path("tree/<law_name:tree>/part/<law_name:part>/check/", writing.check_element, name="check"),
    path("hypothesis/<str:hypothesis>/", hypotheses.matrix_page, name="matrix"),
    path("hypothesis/<str:hypothesis>/bear/", writing.bear_page, name="bear"),
]
