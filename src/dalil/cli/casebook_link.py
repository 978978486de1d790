"""dalil casebook link: whether two are one, and which form of a name is whose; a person says it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting

if TYPE_CHECKING:
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import View
    from dalil.casebook.record.things import Judgement, Name

WORDS = "casebook_link"
VERDICTS = ("same", "different", "unsure")


@dataclass(frozen=True, slots=True)
class Linked:
    """What was written: a judgement on two entities, or a name form that is searched from now."""

    record: str
    kind: str
    verdict: str | None
    seq: int


@click.command("link")
@ARCHIVE
@click.argument("things", nargs=-1)
@click.option("--reason", required=True, help="Why; it is written down and printed.")
@click.option("--method", help="How it was established, for instance: two documents compared.")
@click.option("--name", help="A form of a name (id) that is its entity's indeed.")
@click.option("--form", help="The same, as it is written; then THINGS is its entity.")
@unlocking
@reporting
def command(
    archive: Path,
    things: tuple[str, ...],
    reason: str,
    method: str | None,
    name: str | None,
    form: str | None,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Say whether two entities are one: A B same|different|unsure. Nothing is merged by it.

    With --name or --form: say that a translation or a faulty form is the entity's name indeed,
    so that a search for it finds the entity.

    \b
    Example:
      dalil casebook link /srv/archive unit:branch-14 unit:branch-41 different --reason "two seals"
      dalil casebook link /srv/archive place:harbour --form Haven --reason "a translation of it"
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.record.form import Record, check

    casebook, view = Casebook.open(archive), view_of("sealed")
    record: Record
    if name is None and form is None:
        record = _judgement(casebook, view, things, reason, method)
    else:
        record = _linked_name(casebook, view, things, name, form)
    check(record)
    entry = casebook.write([record], unlock_archive(archive, passphrase_file), reason)
    verdict = getattr(record, "verdict", None)
    done = Linked(record.id, record.kind, verdict, entry.seq)
    values = {"seq": entry.seq, "id": record.id, "verdict": _term(verdict, lang)}
    said = phrase(WORDS, "judged" if verdict else "named", lang, **values)
    report(done, said, as_json=as_json)


def _judgement(
    casebook: Casebook, view: View, things: tuple[str, ...], reason: str, method: str | None
) -> Judgement:
    from dalil.casebook.record.form import CLASSES, new_id
    from dalil.casebook.record.things import Judgement
    from dalil.casebook.report.desk import find_record
    from dalil.errors import UsageRefused

    if len(things) != len(("A", "B", "VERDICT")) or things[-1] not in VERDICTS:
        raise UsageRefused(f"expected is: A B and one of {', '.join(VERDICTS)}")
    a, b = (find_record(casebook, each, view, "entity").record for each in things[:2])
    return Judgement(
        id=new_id(),
        see=max(a.see, b.see, key=CLASSES.index),
        case=a.case,
        a=a.id,
        b=b.id,
        verdict=things[-1],
        method=method,
        reasoning=reason,
    )


def _linked_name(
    casebook: Casebook, view: View, things: tuple[str, ...], name: str | None, form: str | None
) -> Name:
    from dalil.casebook.record.form import new_id
    from dalil.casebook.record.things import Entity, Name
    from dalil.casebook.report.desk import find_record
    from dalil.errors import NoSuchThing, UsageRefused

    if name is not None:
        known = find_record(casebook, name, view, "name")
        found = known.record
        if form is not None or things or not isinstance(found, Name):
            raise UsageRefused("--name stands alone: it says which form of which entity it is")
        return replace(found, linked=True, revises=known.revision + 1)
    if len(things) != 1:
        raise UsageRefused("with --form, name one entity")
    entity = find_record(casebook, things[0], view, "entity").record
    for known in casebook.naming(entity.id, view, "name", "entity"):
        if isinstance(known.record, Name) and known.record.form == form:
            return replace(known.record, linked=True, revises=known.revision + 1)
    own = entity.names if isinstance(entity, Entity) else ()
    for each in own:
        if each["form"] == form:
            given = {k: v for k, v in each.items() if k in ("form", "lang", "script", "source")}
            return Name(
                id=new_id(),
                see=entity.see,
                case=entity.case,
                entity=entity.id,
                role=each.get("role", "name"),
                linked=True,
                **given,
            )
    raise NoSuchThing(f"{things[0]} has no name form {form}; `dalil casebook show` lists them")


def _term(verdict: str | None, lang: str) -> str:
    from dalil.casebook.report.phrases import term

    return term(verdict, lang) if verdict else ""
