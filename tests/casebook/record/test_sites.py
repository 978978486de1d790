"""Records on sites: what is refused, by the name of its field."""

from __future__ import annotations

import pytest

from dalil.casebook.record.form import record_of
from dalil.errors import RecordRefused
from dalil.kernel.canonical import Json

A, B = "a" * 32, "b" * 32
POSITION: dict[str, Json] = {"kind": "position", "id": A, "site": B, "lat_e6": 1, "lon_e6": 2}
WARNING: dict[str, Json] = {"kind": "warning", "id": A, "site": B, "to": "x", "reasoning": "y"}
IDENTITY: dict[str, Json] = {"kind": "identification", "id": A, "remains": B, "victim": A}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (POSITION, "radius_m: missing"),
        ({**POSITION, "radius_m": 0}, "radius_m"),
        ({**POSITION, "radius_m": 5, "lat_e6": 91_000_000}, "lat_e6"),
        ({**POSITION, "radius_m": 5, "item": B}, "no such field"),
        ({**WARNING, "warned_on": "2020"}, "warned_on, by"),
        ({**WARNING, "answer": "acted"}, "answer, warned_on"),
        ({**IDENTITY, "grade": "scientific", "conditions": "c"}, "method: missing"),
        ({**IDENTITY, "grade": "scientific", "method": "DNA"}, "conditions: missing"),
        ({**IDENTITY, "grade": "sure", "method": "DNA", "conditions": "c"}, "grade"),
        ({"kind": "precision", "id": A, "site": B, "exact_for": "open", "reasoning": "x"}, "open"),
        ({"kind": "precision", "id": A, "site": B, "exact_for": "sealed"}, "reasoning: missing"),
        ({"kind": "site_state", "id": A, "site": B, "state": "gone"}, "state"),
    ],
)
def test_what_is_wrong_is_refused_by_the_name_of_its_field(
    fields: dict[str, Json], said: str
) -> None:
    with pytest.raises(RecordRefused, match=said):
        record_of(fields)
