"""Long work of this room: taking an upload in, checking the archive, giving an original out."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from dalil.engines.files import rename_durably
from dalil.errors import NoSuchThing
from dalil.intake.accession import find_accession
from dalil.intake.audit import check_archive
from dalil.intake.listing import accession_line, give_out
from dalil.intake.source import Handed, brought_by_hand
from dalil.intake.take_in import Options, take_in_brought
from dalil.intake.telling import Hop
from dalil.ledger.ledger import Ledger
from dalil.vault.fixity import parse_share
from dalil.web.archive.forms import hop_of
from dalil.web.archive.models import Arriving, Delivery, Given
from dalil.web.jobs.work import Done, Kind, Work

PORTION = 1 << 20
NANO_PER_MILLI = 10**6
KEPT = timedelta(hours=24)


def take_in_upload(work: Work) -> Done:
    """Compare what arrived with what the browser read, take it in, and clear it away.

    Stopped anywhere, the same work goes on; what is taken in already is not taken in twice.
    """
    delivery = Delivery.objects.filter(id=work.params["delivery"]).first()
    if delivery is None:
        raise NoSuchThing("an upload")
    ledger = Ledger.open(work.archive)
    known = find_accession(ledger, [delivery.source])
    if known is None:
        differing = _differing(delivery.files.select_related("delivery"))
        if differing:
            Delivery.objects.filter(id=delivery.id).update(job="")
            said = {"n": len(differing)}
            return Done("archive:delivery", (delivery.id,), "archive.arrived-otherwise", said)
    if known is None or not known.closed:
        files = [_handed(each) for each in delivery.files.select_related("delivery")]
        brought = brought_by_hand(delivery.source, files)
        told, options = _telling(delivery.said), _options(delivery.said)
        receipt = take_in_brought(work.archive, brought, work.signer, told, options, work.progress)
        accession = receipt.accession
    else:
        accession = known.id
    line = accession_line(ledger, accession)
    if line.closed_by is not None:
        ledger.write_receipt(line.closed_by)
    _clear(delivery, accession)
    return Done("archive:accession", (accession,), "archive.taken-in", {"n": line.receipts})


def check(work: Work) -> Done:
    """Read originals, seals, acts and log again; what is found is an act."""
    share = parse_share(str(work.params["share"]))
    found = check_archive(work.archive, share, work.signer, work.progress)
    said = "archive.check-intact" if found.intact else "archive.check-broken"
    number = found.objects if found.intact else len(found.broken)
    return Done("archive:integrity", (), said, {"n": number})


def give(work: Work) -> Done:
    """Copy an original to where its one download waits; that it left is an act."""
    _clear_old_copies()
    asked = Given.objects.filter(ticket=work.params["ticket"]).first()
    if asked is None:
        raise NoSuchThing("an original to give out")
    copy = given_copy(asked.ticket)
    if not copy.exists():
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Beside it until the act is written: what waits for its download left by an act.
        beside = copy.with_suffix(".begun")
        beside.unlink(missing_ok=True)
        given = give_out(work.archive, asked.item, asked.to, asked.reason, beside, work.signer)
        Ledger.open(work.archive).write_receipt(given.seq)
        rename_durably(beside, copy)
    return Done("archive:given", (asked.ticket,), "archive.given-out")


def given_copy(ticket: str) -> Path:
    """Return where a copy of an original waits for its download."""
    place: Path = settings.DESK / "archive" / "given" / ticket
    return place


def _clear_old_copies() -> None:
    for each in Given.objects.filter(made_at__lt=datetime.now(UTC) - KEPT):
        given_copy(str(each.ticket)).unlink(missing_ok=True)
        each.delete()


def _differing(files: Iterable[Arriving]) -> list[str]:
    """Return the names of files whose bytes are not those that the browser read, and mark them."""
    found = []
    for each in files:
        with each.place.open("rb") as opened:
            read = hashlib.file_digest(opened, "sha256").hexdigest()
        differs = read != each.told_sha256 or each.arrived != each.length
        if differs != each.differs:
            Arriving.objects.filter(id=each.id).update(differs=differs)
        if differs:
            found.append(each.name)
    return found


def _handed(arriving: Arriving) -> Handed:
    told = arriving.modified_ms
    mtime = None if told is None else told * NANO_PER_MILLI
    return Handed(arriving.name.encode(), arriving.place, arriving.length, mtime)


def _options(said: Mapping[str, object]) -> Options:
    return Options(
        generation=str(said["generation"] or "unknown"),
        note=str(said["about"]),
        expand=bool(said["expand"]),
    )


def _telling(said: Mapping[str, object]) -> tuple[Hop, ...]:
    told = said["told"]
    return (hop_of(told),) if isinstance(told, dict) else ()


def _clear(delivery: Delivery, accession: str) -> None:
    shutil.rmtree(delivery.folder, ignore_errors=True)
    delivery.files.all().delete()
    # What was typed is in acts now: no second copy of a name stays here.
    Delivery.objects.filter(id=delivery.id).update(accession=accession, said={})


KINDS: Mapping[str, Kind] = {"take-in": take_in_upload, "check": check, "give-out": give}
