"""Parts of a file by HTTP: what RFC 9110 says, for every range that a browser may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import HttpResponseBase
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.web.viewing.pages.ranges import MOST, part_of
from web.viewing.looking import body

BYTES = bytes(range(251)) * 4
TAG = "a" * 64
QUIET = [HealthCheck.function_scoped_fixture]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(BYTES)
    return path


def asked(film: Path, method: str = "get", **headers: str) -> HttpResponseBase:
    """Ask for a part of a file."""
    request = getattr(RequestFactory(), method)("/media/x/film", headers=headers)
    return part_of(request, film, "video/mp4", TAG)


@settings(suppress_health_check=QUIET, max_examples=60)
@given(first=st.integers(0, len(BYTES) * 2), length=st.integers(1, len(BYTES) * 2))
def test_a_range_gives_its_bytes_or_says_that_there_are_none(
    film: Path, first: int, length: int
) -> None:
    answer = asked(film, Range=f"bytes={first}-{first + length - 1}")
    expected = BYTES[first : first + length]
    if not expected:
        assert answer.status_code == 416
        assert answer["Content-Range"] == f"bytes */{len(BYTES)}"
        return
    assert answer.status_code == 206
    assert body(answer) == expected
    assert answer["Content-Length"] == str(len(expected))
    last = first + len(expected) - 1
    assert answer["Content-Range"] == f"bytes {first}-{last}/{len(BYTES)}"


@settings(suppress_health_check=QUIET, max_examples=30)
@given(length=st.integers(0, len(BYTES) * 2))
def test_a_suffix_gives_the_last_bytes(film: Path, length: int) -> None:
    answer = asked(film, Range=f"bytes=-{length}")
    if length == 0:
        assert answer.status_code == 416
    else:
        assert (answer.status_code, body(answer)) == (206, BYTES[-length:])


def test_an_open_range_is_answered_in_pieces_that_hold_no_worker(tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(b"x" * (MOST + 10))
    answer = asked(large, Range="bytes=3-")
    assert answer["Content-Range"] == f"bytes 3-{MOST + 2}/{MOST + 10}"
    assert len(body(answer)) == MOST
    rest = asked(large, Range=f"bytes={MOST + 3}-")
    assert len(body(rest)) == 7


@settings(suppress_health_check=QUIET, max_examples=60)
@given(said=st.text(max_size=30))
def test_what_is_no_range_gives_the_whole_or_nothing(film: Path, said: str) -> None:
    request = RequestFactory().get("/media/x/film")
    request.META["HTTP_RANGE"] = said
    answer = part_of(request, film, "video/mp4", TAG)
    assert answer.status_code in {200, 206, 416}
    if answer.status_code == 200:
        assert body(answer) == BYTES


@pytest.mark.parametrize("said", ["bytes=5-2", "bytes=-", "bytes=0-1,4-5", "items=0-1", ""])
def test_a_range_of_another_form_is_passed_over(film: Path, said: str) -> None:
    answer = asked(film, Range=said)
    assert (answer.status_code, body(answer)) == (200, BYTES)


def test_another_copy_than_the_one_begun_is_given_whole(film: Path) -> None:
    same = asked(film, Range="bytes=0-1", **{"If-Range": f'"{TAG}"'})
    other = asked(film, Range="bytes=0-1", **{"If-Range": '"b"'})
    assert (same.status_code, other.status_code) == (206, 200)


def test_a_head_has_no_body_and_the_same_lengths(film: Path) -> None:
    whole, part = asked(film, "head"), asked(film, "head", Range="bytes=0-9")
    assert (body(whole), body(part)) == (b"", b"")
    assert (whole["Content-Length"], part["Content-Length"]) == (str(len(BYTES)), "10")


@pytest.mark.parametrize("said", ["", "bytes=0-1", "bytes=9999-"])
def test_nothing_is_kept_guessed_or_run(film: Path, said: str) -> None:
    answer = asked(film, Range=said)
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
