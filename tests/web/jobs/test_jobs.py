"""Long work runs apart from the server, signed by whoever asked, and can be taken up again."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from dalil.web.jobs import start
from dalil.web.jobs.handing import handed_over, received
from dalil.web.jobs.models import SILENT, Job
from web.rooms import Desk


def test_a_key_goes_through_the_pipe_and_signs_alike(desk: Desk) -> None:
    omar = desk.signer("omar")
    again = received(desk.archive, handed_over(omar))
    assert again.public_key == omar.public_key
    assert again.person_key.sign(b"x") == omar.person_key.sign(b"x")


def test_work_whose_worker_fell_silent_is_shown_as_stopped(desk: Desk) -> None:
    job = Job.objects.create(person_id=desk.signer("omar").person_id, kind="archive.check")
    assert job.state_now == "running"
    Job.objects.update(beat_at=datetime.now(UTC) - SILENT - timedelta(seconds=1))
    job.refresh_from_db()
    assert job.state_now == "stopped"


def test_work_that_is_taken_up_twice_at_once_runs_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Job] = []
    monkeypatch.setattr(start, "signer_of", lambda _: desk.signer("omar"))
    monkeypatch.setattr(start, "_run", lambda job, *_: begun.append(job))
    made = Job.objects.create(person_id=desk.signer("omar").person_id, kind="archive.check")
    Job.objects.update(beat_at=datetime.now(UTC) - SILENT - timedelta(seconds=1))
    for each in [Job.objects.get(id=made.id), Job.objects.get(id=made.id)]:
        start.go_on(RequestFactory().post("/"), each)
    assert len(begun) == 1
    made.refresh_from_db()
    assert made.state_now == "running"


def test_work_is_taken_up_again_only_by_whoever_might_begin_it_now(desk: Desk) -> None:
    omar, client = desk.signer("omar"), desk.client("omar")
    asked = {"share": "1", "once": "check"}
    begun = str(client.post("/en/archive/integrity/check", asked)["Location"])
    job = wait_for(Job.objects.get(id=begun.rstrip("/").rpartition("/")[2]))
    assert job.state == "done"
    params = {"share": "1", "right": "give_out"}
    of_guest = Job.objects.create(
        person_id=desk.signer("ghassan").person_id, kind="archive.give-out", params=params,
        state="refused", refusal="DiskFault",
    )  # fmt: skip
    assert desk.client("ghassan").post(f"/en/jobs/{of_guest.id}/again").status_code == 403
    of_guest.refresh_from_db()
    assert (of_guest.state, job.person_id) == ("refused", omar.person_id)


def test_nobody_sees_the_work_of_another(desk: Desk) -> None:
    job = Job.objects.create(person_id=desk.signer("omar").person_id, kind="archive.check")
    address = f"/en/jobs/{job.id}/"
    assert desk.client("rima").get(address).status_code == 404
    assert desk.client("rima").get(f"{address}state").status_code == 404
    assert desk.client("rima").post(f"{address}again").status_code == 404


def wait_for(job: Job, seconds: float = 60) -> Job:
    """Return a job once it has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job.refresh_from_db()
        if job.state != "running":
            return job
        time.sleep(0.1)
    raise AssertionError(job.state)


def test_what_somebody_has_under_way_is_not_begun_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dalil.web.jobs import start as starting

    begun: list[Job] = []
    monkeypatch.setattr(starting, "_run", lambda job, _key, _request: begun.append(job))
    monkeypatch.setattr(starting, "signer_of", lambda _request: desk.signer("omar"))
    monkeypatch.setattr(starting, "kind_named", lambda _name: None)
    request = RequestFactory().post("/")
    request.user = desk.account("omar")
    first, again, other = (
        starting.start(request, "archive.check", {"share": each}) for each in ("1", "1", "1/7")
    )
    assert (first.id == again.id, other.id == first.id) == (True, False)
    assert len(begun) == 2
