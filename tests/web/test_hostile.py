"""Nonsense in addresses, queries and forms ends in our own words, never in a fault of the desk."""

from __future__ import annotations

import logging
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dalil.web.frame.once import fresh_token
from web.addresses import addresses, path_of, samples
from web.rooms import Desk

NONSENSE = st.one_of(
    st.sampled_from([
        "", "0", "-1", "9" * 40, "٣", "NaN", "1e9", "../../etc/passwd", "%00", "\x00", "\u202e",
        "'; drop table acts; --", "<script>", "{{7*7}}", "2013-02-30", "2014/2013", "sealed", "[]",
        "a" * 5000, "pts:1/0", "frame:-1", "1,2,3", "1,2,3,4,5", "00:00:99999999999",
    ]),
    st.text(max_size=30),
)  # fmt: skip
NAMES = st.sampled_from([
    "page", "see", "known_on", "said_by", "on", "words", "type", "kind", "place", "near", "from",
    "to", "source", "related", "case", "item", "part", "once", "name", "text", "reason", "lang",
    "next", "back", "status", "lo", "hi", "polarity", "hide", "at", "recipient", "version", "id",
    "age_from", "sex", "last", "show", "verdict", "counts", "what", "answer",
])  # fmt: skip
FIELDS = st.dictionaries(NAMES, NONSENSE, max_size=6)
QUICK = settings(
    max_examples=2,
    deadline=None,
    # Each example asks every address, so a failing one is shown as it was found.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
LEFT_OUT = {"door:logout", "door:lock", "door:leave", "door:end"}


@pytest.fixture(autouse=True)
def _quiet() -> None:
    """Keep what Django says of bad requests out of the way."""
    logging.getLogger("django").setLevel(logging.CRITICAL)


def refused_well(status: int) -> bool:
    """Whether an answer is one of ours: done, or refused, busy and full included."""
    return status < 500 or status in {503, 507}


@pytest.mark.parametrize("method", ["get", "post"])
def test_nonsense_in_queries_and_forms_is_refused_in_our_words(desk: Desk, method: str) -> None:
    client, there = desk.client("salma"), samples(desk)
    paths = {each.name: path_of(each, there) for each in addresses() if each.name not in LEFT_OUT}

    @QUICK
    @given(FIELDS)
    def send(fields: dict[str, str]) -> None:
        faults = {}
        for name, path in paths.items():
            token = {"once": fresh_token()} if method == "post" else {}
            answer = getattr(client, method)(path, {**token, **fields})
            if not refused_well(answer.status_code):
                faults[name] = answer.status_code
        assert faults == {}

    send()


@QUICK
@given(st.text(max_size=40))
def test_nonsense_for_an_address_is_no_page(desk: Desk, text: str) -> None:
    client = desk.client("rima")
    for room in ("archive", "casebook", "describing", "viewing", "publishing", "media"):
        status = client.get(f"/en/{room}/{quote(text, safe='')}/").status_code
        assert status in {200, 302, 400, 403, 404, 405}, (room, text)


@pytest.mark.parametrize("path", ["../settings.py", "%2e%2e/settings.py", "..%2f..%2fx", "/etc/x"])
def test_files_beside_the_pages_are_not_given_out(desk: Desk, path: str) -> None:
    answer = desk.client("rima").get(f"/static/{path}")
    assert answer.status_code in {400, 404}
