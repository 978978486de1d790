"""``python -m dalil.web.jobs.run JOB``: one piece of work; its signer comes by standard input."""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import django

from dalil.errors import DiskFault, Refusal

if TYPE_CHECKING:
    from dalil.web.jobs.models import Job
    from dalil.web.jobs.work import Done

BEAT_SECONDS, TELL_SECONDS = 5.0, 0.5
LOG = logging.getLogger("dalil.web")


def main(job_id: str, given: bytes) -> None:
    """Do the work and write down what came of it; a refusal is an outcome, too."""
    from dalil.web.jobs.models import Job

    job = Job.objects.get(id=job_id)
    stop = threading.Event()
    beating = threading.Thread(target=_beat, args=(job_id, stop), daemon=True)
    beating.start()
    try:
        done = _work(job, given)
        _settle(job_id, done)
    except Refusal as refusal:
        _refuse(job_id, refusal)
    except OSError as error:
        _refuse(job_id, DiskFault(error.strerror or ""))
    except Exception as fault:  # noqa: BLE001 - whatever it is, the page says at once that it stopped
        # Frames only: what the fault says may hold names and values.
        frames = "".join(traceback.format_tb(fault.__traceback__))
        LOG.error("work %s ended in %s\n%s", job_id, type(fault).__name__, frames)  # noqa: TRY400
        Job.objects.filter(id=job_id).update(state="stopped")
    finally:
        stop.set()


def _work(job: Job, given: bytes) -> Done:
    from django.conf import settings

    from dalil.web.jobs.handing import received
    from dalil.web.jobs.start import RIGHT
    from dalil.web.jobs.work import Work, kind_named

    params = dict(job.params)
    lang = str(params.pop("lang", "en"))
    params.pop(RIGHT, None)
    signer = received(settings.ARCHIVE, given)
    teller = _Teller(str(job.id))
    work = Work(settings.ARCHIVE, settings.DESK, signer, params, lang, teller)
    return kind_named(job.kind)(work)


class _Teller:
    """Writes down how far a job is, at most twice a second."""

    def __init__(self, job_id: str) -> None:
        self.job_id, self.told = job_id, 0.0

    def __call__(self, done: int, total: int) -> None:
        from dalil.web.jobs.models import Job

        now = time.monotonic()
        if now - self.told >= TELL_SECONDS or done == total:
            self.told = now
            Job.objects.filter(id=self.job_id).update(
                done=done, total=total, beat_at=datetime.now(UTC)
            )


def _beat(job_id: str, stop: threading.Event) -> None:
    from dalil.web.jobs.models import Job

    while not stop.wait(BEAT_SECONDS):
        Job.objects.filter(id=job_id).update(beat_at=datetime.now(UTC))


def _settle(job_id: str, done: Done) -> None:
    from django.urls import reverse
    from django.utils.translation import override

    from dalil.web.jobs.models import DONE, Job

    with override("en"):
        address = reverse(done.url_name, args=done.url_args)
    values = json.loads(json.dumps(dict(done.values), default=str))
    # What was asked for is in acts now: no second copy of names and reasons stays here.
    Job.objects.filter(id=job_id).update(
        state=DONE, said=done.said, values=values, address=address, params={}
    )


def _refuse(job_id: str, refusal: Refusal) -> None:
    from dalil.web.jobs.models import REFUSED, Job

    Job.objects.filter(id=job_id).update(
        state=REFUSED, refusal=type(refusal).__name__, values={"about": refusal.about}
    )


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1], sys.stdin.buffer.read())
