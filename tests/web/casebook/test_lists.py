"""Lists in and out: looked at before they are signed for, told apart by row, handed out as acts."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Assertion
from dalil.web.jobs.models import Job
from web.rooms import INCIDENT, Desk

ROOM = "/en/casebook/"


def ended(answer: Any, seconds: float = 60) -> Job:  # noqa: ANN401 - a test's answer
    """Wait for the work that an answer leads to, and return it."""
    assert answer.status_code == 302, answer.content.decode()
    job = Job.objects.get(id=UUID(answer.headers["Location"].rstrip("/").rpartition("/")[2]))
    until = time.monotonic() + seconds
    while job.state == "running" and time.monotonic() < until:
        time.sleep(0.1)
        job.refresh_from_db()
    return job


def give(client: Client, case: str, files: dict[str, bytes]) -> Job:
    """Give a list to be looked at."""
    sheets = [SimpleUploadedFile(name, data) for name, data in files.items()]
    form = {"once": f"look-{case}", "case": case, "see": "restricted", "sheets": sheets}
    return ended(client.post(f"{ROOM}bring-in/", form))


def incident() -> dict[str, bytes]:
    """Return the sheets of the invented incident."""
    return {p.name: p.read_bytes() for p in sorted((INCIDENT / "zumurruda").iterdir())}


def test_a_list_is_looked_at_then_signed_for_and_written_as_it_stands(desk: Desk) -> None:
    client, before = desk.client("idris"), desk.casebook.ledger.size
    looked = give(client, "again", incident())
    assert looked.state == "done", looked.values
    page = client.get(looked.address).content.decode()
    assert "zumurruda_claims.csv" in page
    assert desk.casebook.ledger.size == before
    assert desk.client("lina").get(looked.address).status_code == 404
    brought = ended(client.post(looked.address, {"once": "bring"}))
    assert brought.state == "done", brought.values
    found = list(desk.casebook.find(Assertion, View(1), case="again"))
    assert len(found) == len(list(desk.casebook.find(Assertion, View(1), case="zumurruda")))
    assert client.get(f"{ROOM}case/again/").status_code == 200


def test_what_is_wrong_in_a_list_is_told_by_file_row_and_column(desk: Desk) -> None:
    files = incident()
    lines = files["zumurruda_claims.csv"].decode().splitlines()
    lines[3] = lines[3].replace("2017", "2017-99", 1)
    files["zumurruda_claims.csv"] = "\n".join(lines).encode()
    client, before = desk.client("idris", "ar"), desk.casebook.ledger.size
    looked = give(client, "wrong", files)
    page = client.get(looked.address).content.decode()
    assert "was not brought in" in page
    assert "<code>zumurruda_claims.csv</code>" in page
    assert "<td>4</td>" in page
    client.post(looked.address, {"once": "bring"})
    assert desk.casebook.ledger.size == before


def test_lists_are_handed_out_by_an_act_that_says_to_whom(desk: Desk) -> None:
    client, before = desk.client("lina"), desk.casebook.ledger.size
    form = {"once": "out", "form": "csv", "see": "restricted", "to": "Court", "reason": "request"}
    job = ended(client.post(f"{ROOM}case/zumurruda/hand-out/", form))
    assert job.state == "done", job.values
    assert desk.casebook.ledger.size == before + 1
    page = client.get(job.address).content.decode()
    assert "Court" in page
    sent: Any = client.get(f"{job.address}file")
    assert "attachment" in sent.headers["Content-Disposition"]
    names = zipfile.ZipFile(io.BytesIO(b"".join(sent.streaming_content))).namelist()
    assert any(name.endswith(".csv") for name in names)
    assert desk.client("omar").get(job.address).status_code == 404
    assert desk.client("idris").get(job.address).status_code == 403
