"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from dalil.web.viewing.pages import asking, own, together, watching

app_name = "viewing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", own.index, name="index"),
    path("item/<str:item>/", asking.item_page, name="item"),
    path("item/<str:item>/ask/", asking.ask_to_look, name="ask"),
    path("look/<str:look>/", watching.look_page, name="look"),
    path("look/<str:look>/end/", watching.end, name="end"),
    path("beside/<str:a>/<str:b>/", together.beside, name="beside"),
    path("beside/<str:a>/<str:b>/ask/", together.ask_beside, name="beside-ask"),
    path("together/<str:first>/<str:second>/", together.look_beside, name="beside-look"),
    path("together/<str:first>/<str:second>/end/", together.end_beside, name="beside-end"),
]
# Without a language: what the player asks for. There is nothing here without an open look.
outside = [
    path("media/<str:look>/film", watching.film, name="media-film"),
    path("media/<str:look>/times", watching.times, name="media-times"),
    path("media/<str:look>/peaks", watching.peaks, name="media-peaks"),
    path("media/<str:look>/montage", watching.montage, name="media-montage"),
    path("media/<str:look>/seen", watching.seen, name="media-seen"),
]
