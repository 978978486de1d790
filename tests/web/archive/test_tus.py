"""Uploads by the tus protocol: every byte once, in its place, after any break."""

from __future__ import annotations

import fcntl
import io
import os
import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.http.request import UnreadablePostError
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from tusclient.client import TusClient

from dalil.web.archive import tus
from dalil.web.archive.models import Arriving
from web.archive.arriving import BODY, TUS, begin, create, head, patch, said, tell

if TYPE_CHECKING:
    from web.rooms import Desk


@pytest.fixture
def omar(desk: Desk) -> Client:
    return desk.client("omar")


def test_what_comes_in_any_pieces_with_any_breaks_is_what_was_sent(
    desk: Desk, omar: Client
) -> None:
    delivery = begin(desk)

    @settings(max_examples=25, deadline=None)
    @given(
        pieces=st.lists(st.binary(min_size=1, max_size=300), max_size=6), wrong=st.integers(-5, 5)
    )
    def law(pieces: list[bytes], wrong: int) -> None:
        whole = b"".join(pieces)
        where = create(omar, delivery, "clip.mp4", len(whole)).headers["Location"]
        at = 0
        for piece in pieces:
            if wrong and at + wrong >= 0:
                assert patch(omar, where, at + wrong, b"?").status_code == 409
            assert head(omar, where) == at
            answer = patch(omar, where, at, piece)
            assert answer.status_code == 204
            at += len(piece)
            assert answer.headers["Upload-Offset"] == str(at)
        assert Arriving.objects.get(id=where.rpartition("/")[2]).place.read_bytes() == whole

    law()


def test_another_program_that_speaks_tus_can_stop_and_go_on(
    desk: Desk,
    live_server: Any,  # noqa: ANN401 - it is pytest-django's
) -> None:
    omar, delivery = desk.client("omar"), begin(desk)
    data = os.urandom(3_500_000)
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in omar.cookies.items())
    token = "t" * 32
    theirs = {"Cookie": f"{cookies}; dalil-csrf={token}", "X-CSRFToken": token}
    endpoint = f"{live_server.url}/upload/{delivery.id}/"
    told = {"path": "مجلد/clip.mp4"}
    first = TusClient(endpoint, headers=theirs).uploader(
        file_stream=io.BytesIO(data), chunk_size=1_000_000, metadata=told
    )
    first.upload_chunk()  # type: ignore[no-untyped-call]
    first.upload_chunk()  # type: ignore[no-untyped-call]
    second = TusClient(endpoint, headers=theirs).uploader(
        file_stream=io.BytesIO(data), chunk_size=1_000_000, url=first.url
    )
    assert second.offset == 2_000_000
    second.upload()
    arrived = Arriving.objects.get()
    assert arrived.place.read_bytes() == data
    assert arrived.name == "مجلد/clip.mp4"


def test_the_protocol_is_kept_and_what_breaks_it_is_refused(desk: Desk, omar: Client) -> None:
    delivery = begin(desk)
    base = f"/upload/{delivery.id}/"
    options = omar.options(base)
    assert (options.status_code, options.headers["Tus-Version"]) == (204, "1.0.0")
    assert options.headers["Tus-Extension"] == "creation,termination"
    assert omar.post(base, headers={"Upload-Length": "3"}).status_code == 412
    assert omar.post(base, headers={**TUS, "Upload-Length": "-3"}).status_code == 400
    assert omar.post(base, headers={**TUS, "Upload-Defer-Length": "1"}).status_code == 400
    where = create(omar, delivery, "a.mp4", 3).headers["Location"]
    assert patch(omar, where, 0, b"abc", kind="text/plain").status_code == 415
    assert patch(omar, where, 1, b"bc").status_code == 409
    assert patch(omar, where, 0, b"abcd").status_code == 413
    assert head(omar, where) == 0
    assert omar.put(where, b"abc", headers=TUS).status_code == 405
    over = {**TUS, "X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0"}
    assert omar.post(where, b"abc", content_type=BODY, headers=over).status_code == 204
    assert head(omar, where) == 3
    place = Arriving.objects.get().place
    assert omar.delete(where, headers=TUS).status_code == 204
    assert not place.exists()
    assert omar.head(where, headers=TUS).status_code == 404


def test_two_requests_never_write_into_one_file_at_once(desk: Desk, omar: Client) -> None:
    where = create(omar, begin(desk), "a.mp4", 6).headers["Location"]
    with Arriving.objects.get().place.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert patch(omar, where, 0, b"abc").status_code == 423
    assert patch(omar, where, 0, b"abc").status_code == 204


def test_only_whoever_began_an_upload_reaches_it(desk: Desk, omar: Client) -> None:
    where = create(omar, begin(desk), "a.mp4", 3).headers["Location"]
    base = where.rpartition("/")[0] + "/"
    for who, status in (("salma", 404), ("rima", 403), ("ghassan", 403), (None, 401)):
        other = desk.client(who)
        assert patch(other, where, 0, b"abc").status_code == status, who
        assert other.head(where, headers=TUS).status_code == status, who
        assert other.delete(where, headers=TUS).status_code == status, who
        assert other.get(base).status_code == status, who
        assert other.post(f"{where}/digest", {"sha256": "0" * 64}).status_code == status, who
    assert head(omar, where) == 0


def test_a_request_without_the_token_of_its_page_is_refused(desk: Desk) -> None:
    strict = Client(enforce_csrf_checks=True)
    desk.log_in(strict, "omar")
    delivery = begin(desk)
    assert create(strict, delivery, "a.mp4", 3).status_code == 403
    assert not Arriving.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["../a.mp4", "/etc/passwd", "a/../../b", "a//b", "a/", "./a", "a\0b", "", "x" * 5000],
)
def test_a_name_that_climbs_out_or_is_none_is_refused(desk: Desk, omar: Client, name: str) -> None:
    assert create(omar, begin(desk), name, 3).status_code == 400
    assert not Arriving.objects.exists()


def test_a_name_is_never_used_on_the_disk(desk: Desk, omar: Client) -> None:
    delivery = begin(desk)
    create(omar, delivery, "شارع/\u202eevil.mp4;rm -rf", 3)
    names = [path.name for path in delivery.folder.iterdir()]
    assert names == [Arriving.objects.get().id]
    assert delivery.folder.stat().st_mode & 0o077 == 0


def test_metadata_in_another_form_is_refused(desk: Desk, omar: Client) -> None:
    base = f"/upload/{begin(desk).id}/"
    for told in ("path !!", "path /w==", f"path {'A' * 3}"):
        headers = {**TUS, "Upload-Length": "3", "Upload-Metadata": told}
        assert omar.post(base, headers=headers).status_code == 400, told


def test_where_there_is_no_room_nothing_is_begun(
    desk: Desk, omar: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=70 << 20))
    delivery = begin(desk)
    assert create(omar, delivery, "big.mp4", 50 << 20).status_code == 507
    assert create(omar, delivery, "small.mp4", 1 << 20).status_code == 201


def test_what_came_before_the_line_broke_stays(desk: Desk) -> None:
    class Broken:
        """A request whose line breaks after the first portion."""

        def __init__(self) -> None:
            self.left = [b"x" * 100]

        def read(self, _most: int) -> bytes:
            if self.left:
                return self.left.pop()
            raise UnreadablePostError

    delivery = begin(desk)
    arriving = Arriving(delivery=delivery, name="a", length=300)
    arriving.lay()
    with arriving.place.open("ab", buffering=0) as out:
        assert tus._write(Broken(), out.fileno(), 0, 300) == 100  # type: ignore[arg-type]  # noqa: SLF001
    assert arriving.arrived == 100


def test_bytes_on_their_way_are_given_back_to_nobody(desk: Desk, omar: Client) -> None:
    where = create(omar, begin(desk), "page.html", 9).headers["Location"]
    assert patch(omar, where, 0, b"<script>!").status_code == 204
    tell(omar, where, b"<script>!")
    assert omar.get(where, headers=TUS).status_code == 405
    listed = omar.get(where.rpartition("/")[0] + "/")
    assert b"<script>" not in listed.content
    assert listed.headers["Content-Type"] == "application/json"


def test_a_digest_that_is_none_is_refused(desk: Desk, omar: Client) -> None:
    where = create(omar, begin(desk), "a", 0).headers["Location"]
    for told in ("", "0" * 63, "G" * 64, "0" * 65):
        assert omar.post(f"{where}/digest", {"sha256": told}).status_code == 400
    assert said(path="a") == "path YQ=="
