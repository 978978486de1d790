"""Lanes and transcripts leave by an act and come in only after it was told what they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dalil.casebook.describe.lanes import lanes
from dalil.casebook.index.view import View
from dalil.ledger.ledger import Ledger
from web.describing.written import annotation, terms

if TYPE_CHECKING:
    from django.test import Client

    from web.rooms import Desk

FORMS = ("elan", "via", "web-annotation")
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nتعال إلى هنا\n"


def address(desk: Desk, end: str = "") -> str:
    """Return an address of the first clip's page."""
    return f"/en/describing/item/{desk.item()}/exchange/{end}"


def given(desk: Desk, client: Client, form: str) -> bytes:
    """Give lanes out; return the file."""
    asked = {"form": form, "to": "A court", "reason": "It asked for them", "once": f"out{form}"}
    said = client.post(address(desk, "out/"), asked)
    assert said.status_code == 302, said.content.decode()
    assert client.get(said["Location"]).status_code == 200
    fetched = client.get(f"{said['Location']}file")
    assert fetched["Content-Disposition"].startswith("attachment")
    return b"".join(fetched)


def brought(desk: Desk, client: Client, form: str, data: bytes, **said: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Send a file in; return the page that tells what it would bring."""
    file = SimpleUploadedFile("file", data)
    asked = {"form": form, "see": "restricted", "file": file, "once": f"in{form}{len(data)}"}
    return client.post(address(desk, "in/"), asked | said)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_given_out_comes_back_as_what_is_there(desk: Desk, form: str) -> None:
    told = terms(desk)
    marks = [
        annotation(desk, f"m{n}", 2048 + n * 4096, 8192 + n * 4096, term=told[n].id)
        for n in range(3)
    ]
    desk.casebook.write(marks, desk.signer("idris"))
    rima = desk.client("rima")
    data = given(desk, rima, form)
    acts = [each.act.opened() for each in Ledger.open(desk.archive).acts("lists-given-out")]
    assert [(each["to"], each["entries"]) for each in acts] == [("A court", 3)]
    plan = brought(desk, rima, form, data, book="conduct").context["page"].plan
    assert (plan.new, plan.revised, plan.unchanged) == (0, 0, 3)


def test_a_transcript_is_told_before_it_is_written(desk: Desk) -> None:
    rima = desk.client("rima")
    size = desk.casebook.ledger.size
    page = brought(desk, rima, "webvtt", VTT.encode(), language="ar")
    assert page.context["page"].plan.new == 1
    assert desk.casebook.ledger.size == size
    sign = {"form": "webvtt", "see": "restricted", "language": "ar", "once": "sign"}
    sign["digest"] = page.context["page"].digest
    assert rima.post(address(desk, "in/"), sign).status_code == 302
    shown = rima.get(f"/en/describing/item/{desk.item()}/transcript/").content.decode()
    assert "تعال إلى هنا" in shown


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("webvtt", b"no cues at all"),
        ("webvtt", VTT.replace("00:02", "00:99:99").encode()),
        ("elan", b'<!DOCTYPE a [<!ENTITY b "c">]><ANNOTATION_DOCUMENT>&b;</ANNOTATION_DOCUMENT>'),
        ("via", b"{"),
        ("web-annotation", b"[]\xff"),
    ],
)
def test_a_file_that_cannot_come_in_is_refused_whole(desk: Desk, form: str, data: bytes) -> None:
    page = brought(desk, desk.client("rima"), form, data)
    assert page.status_code == 422
    assert page.context["page"].faults
    assert lanes(desk.casebook, desk.item(), View()).count == 0


def test_what_one_sent_or_made_nobody_else_finds(desk: Desk) -> None:
    rima, idris = desk.client("rima"), desk.client("idris")
    digest = brought(desk, rima, "webvtt", VTT.encode()).context["page"].digest
    sign = {"form": "webvtt", "see": "restricted", "digest": digest, "once": "other"}
    assert idris.post(address(desk, "in/"), sign).status_code == 422
    for token in ("0" * 32, "../../secret", "x"):
        assert idris.get(address(desk, f"out/{token}/file")).status_code == 404


def test_whoever_may_not_describe_takes_nothing_out(desk: Desk) -> None:
    asked = {"form": "elan", "to": "me", "reason": "no", "once": "o"}
    for who in ("omar", "lina", "ghassan"):
        assert desk.client(who).post(address(desk, "out/"), asked).status_code == 403
