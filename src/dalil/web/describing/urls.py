"""Addresses of this room, and of its JSON interface."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from dalil.web.describing.api.routes import addresses
from dalil.web.describing.pages import lanes

app_name = "describing"
outside: list[URLPattern | URLResolver] = [path("api/", include(addresses(), namespace="api"))]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", lanes.index, name="index"),
    path("item/<str:item>/", lanes.item, name="item"),
    path("item/<str:item>/list/", lanes.as_list, name="list"),
]
urlpatterns += [
    path("books/", lanes.index, name="books"),
    path("rounds/", lanes.index, name="rounds"),
    path("round/<str:round_id>/", lanes.index, name="round"),
    path("item/<str:item>/transcript/", lanes.as_list, name="transcript"),
    path("item/<str:item>/exchange/", lanes.as_list, name="exchange"),
]
