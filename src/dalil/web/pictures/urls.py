"""Addresses of the drawn pages, and of the JSON that their elements draw."""

from __future__ import annotations

from django.urls import path

from dalil.web.pictures import command, origins, places, timeline

app_name = "pictures"
urlpatterns = [
    path("timeline/<str:case>", timeline.page_of_case, name="timeline"),
    path("timeline/<str:case>/data", timeline.data, name="timeline-data"),
    path("map/<str:case>", places.page_of_case, name="map"),
    path("map/<str:case>/data", places.data, name="map-data"),
    path("chain/<str:about>", command.page_of_chain, name="chain"),
    path("chain/<str:about>/data", command.data, name="chain-data"),
    path("origins/<str:claim>", origins.page_of_claim, name="origins"),
    path("origins/<str:claim>/data", origins.data, name="origins-data"),
]
