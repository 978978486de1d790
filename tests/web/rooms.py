"""A desk with people at it: a real archive, its cast, four clips, an invented incident."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.test import Client, override_settings

import clips
from dalil.casebook.casebook import Casebook
from dalil.engines.files import locked
from dalil.intake.listing import items
from dalil.intake.take_in import Options, take_in
from dalil.kernel.disclosure import b64url
from dalil.ledger import people
from dalil.ledger.keyring import KEEPER, ScryptCost, Signer, create_keys, unlock
from dalil.ledger.ledger import Draft, Ledger
from dalil.ledger.standing.giving import give_clearance
from dalil.vault.archive import make_archive
from dalil.vault.vault import Vault
from terminal import Terminal

INCIDENT = Path(__file__).resolve().parents[2] / "tools" / "demo_incident"
QUICK = ScryptCost(n=2)
CREATED_AT = "2026-01-01T00:00:00Z"
CAST = {
    "salma": ("Salma H.", KEEPER),
    "omar": ("Omar K.", "archivist"),
    "rima": ("Rima S.", "reviewer"),
    "idris": ("Idris M.", "investigator"),
    "lina": ("Lina B.", "lawyer"),
    "layla": ("Layla T.", "lead"),
    "ghassan": ("Ghassan N.", "guest-reader"),
}
CLEARANCE = {"lead": "sealed", "guest-reader": "open"}


def passphrase(who: str) -> str:
    """Return somebody's passphrase."""
    return f"{who.capitalize()} goes slowly home"


@dataclass(frozen=True, slots=True)
class Desk:
    """An archive with its desk; names of people are the keys of CAST."""

    archive: Path
    folder: Path

    def signer(self, who: str) -> Signer:
        """Unlock somebody's key."""
        return unlock(self.archive, passphrase(who).encode(), CAST[who][0])

    def account(self, who: str):  # type: ignore[no-untyped-def]  # noqa: ANN201 - a model
        """Return somebody's account at the desk, made where there is none."""
        from dalil.web.door.models import Account

        signer = self.signer(who)
        role = CAST[who][1]
        found, _ = Account.objects.get_or_create(
            person_id=signer.person_id,
            defaults={
                "name": signer.person_name,
                "role": role,
                "clearance": CLEARANCE.get(role, "restricted"),
            },
        )
        return found

    def client(self, who: str | None = None, lang: str = "en") -> Client:
        """Return a browser without a screen, logged in as ``who``, key unlocked."""
        client = Client(headers={"accept-language": lang})
        if who is not None:
            self.log_in(client, who)
        return client

    def log_in(self, client: Client, who: str) -> None:
        """Log in as the door does after a good passphrase."""
        from django.http import HttpRequest

        from dalil.web.door.key import COOKIE, keep

        client.force_login(self.account(who))
        request = HttpRequest()
        request.session = client.session
        keep(request, self.signer(who))
        request.session.save()
        client.cookies[COOKIE] = request.fresh_key  # type: ignore[attr-defined]

    def item(self, number: int = 0) -> str:
        """Return the id of one of the four clips."""
        return sorted(items(self.archive), key=lambda each: each.name_text)[number].item

    @property
    def casebook(self) -> Casebook:
        """The casebook, as a person at the terminal would open it."""
        return Casebook.open(self.archive)


def found(folder: Path) -> Path:
    """Make the archive, once for a run of tests; each test gets a copy."""
    archive = folder / "archive"
    with locked(folder.with_suffix(".lock"), wait_seconds=300):
        if not (folder / "whole").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _make(archive)
            _take_clips_in(folder / "drive", archive)
            _bring_incident_in(archive)
            (folder / "whole").touch()
    return archive


def _make(archive: Path) -> None:
    plate = make_archive(archive, os.urandom(16).hex(), CREATED_AT)
    Vault.create(archive)
    name = CAST["salma"][0]
    keeper = create_keys(archive, passphrase("salma").encode(), name, QUICK)
    said = {"tool": "test", "keeper": name, "person": keeper.person_id, "time": CREATED_AT}
    made = Draft(
        "archive-created", {**said, "key": b64url(keeper.public_key)}, {"origin": plate.origin}
    )
    ledger = Ledger.create(archive, keeper)
    ledger.append([made], keeper)
    for who, (name, role) in CAST.items():
        if role != KEEPER:
            people.add(ledger, keeper, name, role, passphrase(who).encode(), QUICK)
    give_clearance(ledger, keeper, CAST["layla"][0], "sealed", "leads the case")


def _take_clips_in(drive: Path, archive: Path) -> None:
    drive.mkdir()
    for number in (1, 2, 3, 4):
        clips.draw(drive / clips.name_of(number), number)
    omar = unlock(archive, passphrase("omar").encode(), CAST["omar"][0])
    take_in(archive, [os.fsencode(drive)], omar, (), Options(note="a drive"))


def _bring_incident_in(archive: Path) -> None:
    as_idris = {"DALIL_PASSPHRASE": passphrase("idris"), "DALIL_KEY": CAST["idris"][0]}
    terminal = Terminal(archive.parent, as_idris)
    terminal.does("casebook", "import", archive, INCIDENT / "zumurruda")
    posts = INCIDENT / "posts.jsonl"
    terminal.does("casebook", "record", archive, posts, "--case", "zumurruda")


@contextmanager
def open_desk(founded: Path, folder: Path) -> Iterator[Desk]:
    """Yield a desk over a copy of the archive; settings of the desk point at it."""
    archive = folder / "archive"
    shutil.copytree(founded, archive, symlinks=True)
    desk = folder / "archive.desk"
    desk.mkdir(mode=0o700)
    cache_there = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache"}
    cache_there["LOCATION"] = str(desk / "cache")
    settings = {"ARCHIVE": archive, "DESK": desk, "CACHES": {"default": cache_there}}
    with override_settings(**settings):
        yield Desk(archive, desk)
