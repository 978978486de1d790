"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from dalil.web.victims.pages import listed, pair, person, queue

app_name = "victims"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", listed.index, name="index"),
    path("queue/", queue.queue, name="queue"),
    path("link/", queue.link, name="link"),
    path("pair/<str:one>/<str:other>/", pair.pair_page, name="pair"),
    path("pair/<str:one>/<str:other>/judge/", pair.judge_pair, name="judge"),
    path("pair/<str:one>/<str:other>/withdraw/", pair.withdraw_pair, name="withdraw"),
    path("person/<str:victim>/", person.person_page, name="person"),
]
