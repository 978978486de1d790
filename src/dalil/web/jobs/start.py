"""Start long work in a process of its own, and hand it the key of whoever asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from dalil.web.frame.access import archive_of, person_of, signer_of
from dalil.web.frame.say import lang_of
from dalil.web.jobs.handing import handed_over
from dalil.web.jobs.models import RUNNING, Job
from dalil.web.jobs.work import kind_named

RIGHT = "right"


def start(request: HttpRequest, kind: str, params: Mapping[str, Any]) -> Job:
    """Start ``room.kind`` with JSON values, signed by whoever is logged in.

    The work goes on when the person leaves or the server is started anew. What they have under
    way already is not begun again: that job is returned.

    Raises:
        LockedOut: the person's key is not here.

    """
    kind_named(kind)
    signed_by = handed_over(signer_of(request))
    said = {"lang": lang_of(request), RIGHT: _right_asked(request)}
    job = Job(person_id=person_of(request).person_id, kind=kind, params={**params, **said})
    # One writer at a time (settings.DATABASES), so two windows cannot both find nothing.
    with transaction.atomic():
        for each in Job.objects.filter(person_id=job.person_id, kind=kind, state=RUNNING):
            if each.state_now == RUNNING and {**each.params, **said} == job.params:
                return each
        job.save(force_insert=True)
    _run(job, signed_by, request)
    return job


def go_on(request: HttpRequest, job: Job) -> None:
    """Run a job again that was stopped, from where it was; pressed twice, it runs once."""
    signed_by = handed_over(signer_of(request))
    seen = Job.objects.filter(id=job.id, state=job.state, beat_at=job.beat_at)
    if seen.update(state=RUNNING, refusal="", beat_at=datetime.now(UTC)):
        _run(job, signed_by, request)


def _right_asked(request: HttpRequest) -> str:
    """Return the right of the view that starts it: whoever takes it up again needs it then, too."""
    match = request.resolver_match
    return str(getattr(match.func, "right", None) or "read") if match else "read"


def address_of(job: Job) -> str:
    """Return the address of a job's page."""
    return reverse("jobs:job", args=[job.id])


def _run(job: Job, signed_by: bytes, request: HttpRequest) -> None:
    surroundings = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "dalil.web.settings",
        "DALIL_ARCHIVE": str(archive_of(request)),
        "DALIL_DESK": str(settings.DESK),
        "DALIL_DATABASE": str(settings.DATABASES["default"]["NAME"]),
    }
    # A session of its own: what ends the server does not end what somebody asked for.
    process = subprocess.Popen(
        [sys.executable, "-m", "dalil.web.jobs.run", str(job.id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=None,
        env=surroundings,
        start_new_session=True,
    )
    if process.stdin is not None:
        process.stdin.write(signed_by)
        process.stdin.close()
    # Whoever starts it sees it off, or it stays on in the list of processes.
    threading.Thread(target=process.wait, daemon=True).start()
