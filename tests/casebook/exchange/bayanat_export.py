"""Invented lists as Bayanat gives them out: its fields, an invented coast, nobody who lives."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Object = dict[str, Any]
STAFF = {"id": 3, "name": "N. Clerk", "username": "clerk"}


def location(number: int, title: str, *, full: bool = False, **more: object) -> Object:
    """Return a place: as a bulletin mentions it, or as an event describes it."""
    place: Object = {"id": number, "title": title, "lat": 33.470001, "lng": 36.324101}
    if not full:
        return {**place, "full_string": f"{title} |", **more}
    described: Object = {
        "title_ar": None, "description": None, "location_type": {"id": 1, "title": "Town"},
        "admin_level": {"id": 4, "code": 4, "title": "Community"}, "country": None,
        "latlng": {"lng": 36.324101, "lat": 33.470001}, "postal_code": None, "parent": None,
        "tags": [], "full_location": title, "full_string": f"{title} | ", "updated_at": None,
    }  # fmt: skip
    return {**place, **described, **more}


def event(number: int, kind: str, **more: object) -> Object:
    """Return an event of a kind."""
    said: Object = {
        "id": number, "title": None, "title_ar": None, "comments": None, "comments_ar": None,
        "location": None, "eventtype": {"id": 1, "title": kind, "title_ar": None},
        "from_date": None, "to_date": None, "estimated": None, "updated_at": "2024-01-02T03:04",
    }  # fmt: skip
    return {**said, **more}


def link(kind: str, other: Object, related_as: object, **more: object) -> Object:
    """Return a relation as it stands with the object at its one end."""
    said: Object = {kind: other, "related_as": related_as, "probability": None, "comment": None}
    return {**said, "user_id": 3, **more}


def bulletin(number: int, title: str, **more: object) -> Object:
    """Return a bulletin."""
    said: Object = {
        "class": "bulletin", "id": number, "title": title, "title_ar": None, "sjac_title": None,
        "sjac_title_ar": None, "originid": None, "assigned_to": STAFF, "first_peer_reviewer": None,
        "locations": [], "geoLocations": [], "labels": [], "verLabels": [], "sources": [],
        "events": [], "medias": [], "bulletin_relations": [], "actor_relations": [],
        "incident_relations": [], "description": None, "public_description": None,
        "comments": None, "source_link": None, "source_link_type": None, "tags": [],
        "publish_date": None, "documentation_date": None, "status": "Human Created",
        "review": None, "review_action": None, "updated_at": "2024-01-02T03:04", "roles": [],
    }  # fmt: skip
    return {**said, **more}


def actor(number: int, name: str, **more: object) -> Object:
    """Return a person or an organisation."""
    said: Object = {
        "class": "actor", "id": number, "name": name, "name_ar": None, "nickname": None,
        "nickname_ar": None, "first_name": None, "first_name_ar": None, "middle_name": None,
        "middle_name_ar": None, "last_name": None, "last_name_ar": None, "father_name": None,
        "father_name_ar": None, "mother_name": None, "mother_name_ar": None, "sex": "Male",
        "_sex": "ذكر", "age": "Adult", "_age": "بالغ", "civilian": None, "_civilian": "",
        "type": "Person", "_type": "شخص", "occupation": None, "occupation_ar": None,
        "position": None, "position_ar": None, "family_status": None, "no_children": None,
        "ethnographies": [], "nationalities": [], "dialects": [], "id_number": [],
        "assigned_to": None, "first_peer_reviewer": None, "comments": None, "events": [],
        "medias": [], "actor_relations": [], "bulletin_relations": [], "incident_relations": [],
        "origin_place": None, "tags": [], "status": "Updated", "review": None,
        "review_action": None, "updated_at": None, "roles": [], "actor_profiles": [],
    }  # fmt: skip
    return {**said, **more}


def incident(number: int, title: str, **more: object) -> Object:
    """Return an incident."""
    said: Object = {
        "class": "incident", "id": number, "title": title, "title_ar": None, "description": None,
        "assigned_to": None, "first_peer_reviewer": None, "labels": [], "locations": [],
        "potential_violations": [], "claimed_violations": [], "events": [], "actor_relations": [],
        "bulletin_relations": [], "incident_relations": [], "comments": None, "status": None,
        "review": None, "review_action": None, "updated_at": None, "roles": [],
    }  # fmt: skip
    return {**said, **more}


def given_out(folder: Path, table: str, listed: Sequence[Object], batch: int = 250) -> Path:
    """Write a list as Bayanat does: in batches, and no comma between two of them."""
    path = folder / f"{table}.json"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(f'{{ \n"{table}": [ \n')
        for start in range(0, len(listed), batch):
            stream.write(",".join(map(json.dumps, listed[start : start + batch])) + "\n")
        stream.write("] \n }")
    return path
