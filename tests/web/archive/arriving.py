"""Bringing files through the browser, without one."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dalil.ledger.keyring import Signer
from dalil.web.archive.models import Delivery
from dalil.web.archive.work import KINDS
from dalil.web.jobs.work import Done, Work

if TYPE_CHECKING:
    from django.test import Client

    from web.rooms import Desk

TUS = {"Tus-Resumable": "1.0.0"}
BODY = "application/offset+octet-stream"
SAID = {"about": "a stick", "generation": "", "expand": True, "told": None}


def said(**metadata: str) -> str:
    """Return the header by which a name is told."""
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in metadata.items())


def begin(desk: Desk, who: str = "omar") -> Delivery:
    """Begin an upload."""
    return Delivery.objects.create(person_id=desk.signer(who).person_id)


def create(client: Client, delivery: Delivery, name: str, length: int) -> Any:  # noqa: ANN401 - what the test client gives
    """Announce one file."""
    told = {**TUS, "Upload-Length": str(length), "Upload-Metadata": said(path=name, modified="7")}
    return client.post(f"/upload/{delivery.id}/", headers=told)


def patch(client: Client, where: str, at: int, data: bytes, kind: str = BODY) -> Any:  # noqa: ANN401 - the same
    """Send some bytes."""
    told = {**TUS, "Upload-Offset": str(at)}
    return client.generic("PATCH", where, data, content_type=kind, headers=told)


def head(client: Client, where: str) -> int:
    """Return how much is here."""
    response = client.head(where, headers=TUS)
    assert response.status_code == 200
    return int(response.headers["Upload-Offset"])


def tell(client: Client, where: str, data: bytes) -> None:
    """Say what was read, as the browser does."""
    digest = hashlib.sha256(data).hexdigest()
    assert client.post(f"{where}/digest", {"sha256": digest}).status_code == 204


def bring(client: Client, delivery: Delivery, files: Mapping[str, bytes]) -> list[str]:
    """Send files whole; return their addresses."""
    addresses = []
    for name, data in files.items():
        where = create(client, delivery, name, len(data)).headers["Location"]
        if data:
            assert patch(client, where, 0, data).status_code == 204
        tell(client, where, data)
        addresses.append(where)
    return addresses


def take_in(desk: Desk, delivery: Delivery, signer: Signer | None = None, **params: object) -> Done:
    """Do the work of taking an upload in, here and now."""
    Delivery.objects.filter(id=delivery.id).update(said={**SAID, **params})
    own = {"delivery": delivery.id}
    signed_by = signer or desk.signer("omar")
    work = Work(desk.archive, desk.folder, signed_by, own, "en", lambda _done, _total: None)
    return KINDS["take-in"](work)
