"""dalil person: who may act in an archive."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE, passphrase_from, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting

NEW_PASSPHRASE = "DALIL_NEW_PASSPHRASE"  # noqa: S105 - the name of a variable


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """One person of the archive; ``until`` is the act that revoked them, or none."""

    person: str
    name: str
    role: str
    since: int
    until: int | None
    key: bytes


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """What was done about a person, and where the receipts are."""

    person: str
    name: str
    role: str
    seq: int
    receipts: list[str]


@click.group("person")
def command() -> None:
    """Add, list, revoke and recover the people of an archive: one human, one key."""


@command.command("add")
@ARCHIVE
@click.option("--name", required=True, help="As others know them.")
@click.option(
    "--role",
    required=True,
    help="keeper, archivist, reviewer, investigator, lawyer, lead, guest-reader or machine.",
)
@click.option("--may", multiple=True, help="Of a machine: a type of acts that it may sign.")
@click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File whose first line is the new person's passphrase; or DALIL_NEW_PASSPHRASE.",
)
@unlocking
@reporting
def add(
    archive: Path,
    name: str,
    role: str,
    may: tuple[str, ...],
    new_passphrase_file: Path | None,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Introduce a person, who types a passphrase of their own; only a keeper may.

    A machine signs when nobody is there, and only the types of acts that --may lists.

    \b
    Example:
      dalil person add /srv/archive --name "Omar K." --role archivist
    """
    from dalil.errors import UsageRefused
    from dalil.ledger import people
    from dalil.ledger.keyring import MACHINE
    from dalil.ledger.ledger import Ledger
    from dalil.ledger.standing.machine import add_machine

    if may and role != MACHINE:
        raise UsageRefused("--may is for a machine")
    signer = unlock_archive(archive, passphrase_file)
    passphrase = passphrase_from(new_passphrase_file, NEW_PASSPHRASE, new=True)
    ledger = Ledger.open(archive)
    if role == MACHINE:
        fresh, entry = add_machine(ledger, signer, name, may, passphrase)
    else:
        fresh, entry = people.add(ledger, signer, name, role, passphrase)
    receipt = ledger.write_receipt(entry.seq)
    done = PersonChanged(fresh.person_id, name, role, entry.seq, [str(receipt)])
    said = phrase("person", "added", lang, name=name, role=role, person=fresh.person_id)
    report(done, _with_receipts(said, done, lang), as_json=as_json)


@command.command("list")
@ARCHIVE
@reporting
def list_people(archive: Path, lang: str, *, as_json: bool) -> None:
    """List who may act, and who might once.

    \b
    Example:
      dalil person list /srv/archive
    """
    from dalil.ledger.people import people_of

    people = [
        PersonSaid(p.person_id, p.name, p.role, p.since, p.until, p.key) for p in people_of(archive)
    ]
    report(people, "\n".join(_line(person, lang) for person in people), as_json=as_json)


@command.command("revoke")
@ARCHIVE
@click.argument("who")
@click.option("--reason", required=True, help="Why; it is written into the act.")
@unlocking
@reporting
def revoke(
    archive: Path, who: str, reason: str, passphrase_file: Path | None, lang: str, *, as_json: bool
) -> None:
    """End a person's right to act; what they did before stays good.

    \b
    Example:
      dalil person revoke /srv/archive "Omar K." --reason "left the team"
    """
    from dalil.ledger import people
    from dalil.ledger.ledger import Ledger

    signer = unlock_archive(archive, passphrase_file)
    ledger = Ledger.open(archive)
    person = ledger.roster().named(who)
    entry = people.revoke(ledger, signer, who, reason)
    receipt = ledger.write_receipt(entry.seq)
    done = PersonChanged(person.person_id, person.name, person.role, entry.seq, [str(receipt)])
    said = phrase("person", "revoked", lang, name=person.name, seq=entry.seq)
    report(done, _with_receipts(said, done, lang), as_json=as_json)


@command.command("recover")
@ARCHIVE
@click.option("--name", required=True, help="Name or id of the person who lost the passphrase.")
@click.option(
    "--sheet-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File whose first line is the code of the sheet; or set DALIL_SHEET.",
)
@click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File whose first line is the new passphrase; or DALIL_NEW_PASSPHRASE.",
)
@reporting
def recover(
    archive: Path,
    name: str,
    sheet_file: Path | None,
    new_passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Make a new key for a person who lost the passphrase, with the recovery sheet.

    \b
    Example:
      dalil person recover /srv/archive --name "Salma H."
    """
    from dalil.ledger import people
    from dalil.ledger.ledger import Ledger

    code = passphrase_from(sheet_file, "DALIL_SHEET").decode(errors="replace")
    passphrase = passphrase_from(new_passphrase_file, NEW_PASSPHRASE, new=True)
    ledger = Ledger.open(archive)
    fresh, entries = people.recover(ledger, code, passphrase, name)
    receipts = [str(ledger.write_receipt(entry.seq)) for entry in entries]
    done = PersonChanged(fresh.person_id, fresh.person_name, fresh.role, entries[0].seq, receipts)
    said = phrase("person", "recovered", lang, name=fresh.person_name)
    report(done, _with_receipts(said, done, lang), as_json=as_json)


def _line(person: PersonSaid, lang: str) -> str:
    until = "" if person.until is None else phrase("person", "until", lang, seq=person.until)
    return phrase(
        "person",
        "line",
        lang,
        name=person.name,
        role=person.role,
        since=person.since,
        until=until,
        person=person.person,
    )


def _with_receipts(said: str, done: PersonChanged, lang: str) -> str:
    return "\n".join([said, *(phrase("person", "receipt", lang, path=p) for p in done.receipts)])
