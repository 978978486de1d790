"""Addresses of this room, and of its JSON interface."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from dalil.web.describing.api.routes import addresses
from dalil.web.describing.pages import books, exchange, lanes, rounds, speech

app_name = "describing"
outside: list[URLPattern | URLResolver] = [path("api/", include(addresses(), namespace="api"))]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", lanes.index, name="index"),
    path("item/<str:item>/", lanes.item, name="item"),
    path("item/<str:item>/list/", lanes.as_list, name="list"),
    path("item/<str:item>/round/", rounds.new_round, name="new-round"),
    path("books/", books.all_books, name="books"),
    path("books/new/", books.new_term, name="new-term"),
    path("book/<str:book>/", books.book, name="book"),
    path("term/<str:term>/", books.term, name="term"),
    path("term/<str:term>/define/", books.define, name="define"),
    path("rounds/", rounds.all_rounds, name="rounds"),
    path("round/<str:round_id>/", rounds.one_round, name="round"),
    path("round/<str:round_id>/submit/", rounds.submit, name="submit"),
    path("round/<str:round_id>/decide/<int:lane>/<int:number>/", rounds.decide, name="decide"),
    path("item/<str:item>/transcript/", speech.spoken, name="transcript"),
    path("item/<str:item>/transcript/sheet/", speech.edit, name="sheet"),
    path("item/<str:item>/exchange/", exchange.exchange, name="exchange"),
    path("item/<str:item>/exchange/in/", exchange.bring_in, name="bring-in"),
    path("item/<str:item>/exchange/out/", exchange.give_out, name="give-out"),
    path("item/<str:item>/exchange/out/<str:token>/", exchange.given, name="given"),
    path("item/<str:item>/exchange/out/<str:token>/file", exchange.fetch, name="fetch"),
]
