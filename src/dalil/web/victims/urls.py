"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from dalil.web.victims.pages import counting, family, listed, pair, person, queue

app_name = "victims"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", listed.index, name="index"),
    path("queue/", queue.queue, name="queue"),
    path("link/", queue.link, name="link"),
    path("pair/<str:one>/<str:other>/", pair.pair_page, name="pair"),
    path("pair/<str:one>/<str:other>/judge/", pair.judge_pair, name="judge"),
    path("pair/<str:one>/<str:other>/withdraw/", pair.withdraw_pair, name="withdraw"),
    path("person/<str:victim>/", person.person_page, name="person"),
    path("person/<str:victim>/family/", family.family_page, name="family"),
    path("person/<str:victim>/tell/", family.tell, name="tell"),
    path("person/<str:victim>/recognise/", family.recognise, name="recognise"),
    path("counts/", counting.all_rounds, name="rounds"),
    path("counts/<str:round_id>/<int:lane>/", counting.one_round, name="round"),
    path("counts/<str:round_id>/<int:lane>/write/", counting.write, name="write"),
    path("counts/<str:round_id>/<int:lane>/<int:number>/", counting.decide, name="figure"),
    path("count/<str:what>/<str:scope_id>/", counting.count_page, name="count"),
]
