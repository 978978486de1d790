"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from dalil.web.copies.pages import asking, clip, pair, queue

app_name = "copies"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", queue.index, name="index"),
    path("compare/", queue.compare, name="compare"),
    path("item/<str:item>/", clip.item_page, name="item"),
    path("pair/<str:a>/<str:b>/", pair.pair_page, name="pair"),
    path("pair/<str:a>/<str:b>/judge/", pair.judge_pair, name="judge"),
    path("pair/<str:a>/<str:b>/withdraw/", pair.withdraw_pair, name="withdraw"),
    path("outside/", asking.ask, name="outside"),
    path("outside/<str:ticket>/", asking.answer_page, name="answer"),
    path("outside/<str:ticket>/forget/", asking.forget, name="forget"),
    path("outside/<str:ticket>/<str:item>/", asking.pair_page, name="outside-pair"),
    path("outside/<str:ticket>/<str:item>/judge/", asking.judge_pair, name="outside-judge"),
    path(
        "outside/<str:ticket>/<str:item>/withdraw/",
        asking.withdraw_pair,
        name="outside-withdraw",
    ),
]
