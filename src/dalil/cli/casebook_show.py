"""dalil casebook show: one record, its revisions, who recorded it, what names it."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import phrase, report, reporting
from dalil.cli.viewing import viewing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dalil.casebook.report.record_shown import Naming, RecordShown

WORDS = "casebook_show"


@click.command("show")
@ARCHIVE
@click.argument("record")
@click.option("--line", is_flag=True, help="Print it as one line to edit and record as a revision.")
@viewing
@reporting
def command(
    archive: Path,
    record: str,
    see: str,
    known_on: str | None,
    said_by: str | None,
    on: str | None,
    lang: str,
    *,
    line: bool,
    as_json: bool,
) -> None:
    """Show one record, named by its id, four digits or more of it, or its key.

    With --line: the record as `dalil casebook record` takes it, numbered as the next revision.

    \b
    Example:
      dalil casebook show /srv/archive harbour/R014 --lang ar
      dalil casebook show /srv/archive 3f2a9c --line > revised.jsonl
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.report.desk import find_record, open_desk
    from dalil.casebook.report.record_shown import show_record
    from dalil.errors import NotAllowed

    casebook, view = Casebook.open(archive), view_of(see, known_on, said_by, on)
    known = find_record(casebook, record, view)
    shown = show_record(open_desk(casebook, view), known)
    if line:
        if shown.withheld:
            raise NotAllowed("what is withheld cannot be revised without seeing it: give --see")
        again = {**shown.fields, "revises": known.revision + 1}
        click.echo("".join(map(_seen, json.dumps(again, ensure_ascii=False, sort_keys=True))))
        return
    report(shown, "\n".join(_lines(shown, lang)), as_json=as_json)


def _lines(shown: RecordShown, lang: str) -> Iterator[str]:
    from dalil.casebook.report.phrases import field_name, quoted, term, value_in_words
    from dalil.casebook.sites.told import PLACED

    yield phrase(WORDS, "head", lang, kind=term(shown.kind, lang), id=shown.id)
    yield f"  {getattr(shown.line, lang)}"
    for name, value in shown.fields.items():
        if name not in ("kind", "id", *shown.withheld):
            said = value_in_words(shown.kind, name, value, lang) or quoted(_plain(value))
            yield f"  {field_name(name, lang)}: {said}"
    for name in shown.withheld:
        key = "withheld" if name not in PLACED else "rounded" if name in shown.fields else "kept"
        told = quoted(_plain(shown.fields.get(name)))
        yield phrase(WORDS, key, lang, field=field_name(name, lang), told=told)
    if shown.forms:
        yield phrase(WORDS, "forms", lang)
    for form in shown.forms:
        key = "form" if form.searched else "form-not-searched"
        said = phrase(WORDS, key, lang, form=quoted(form.form), role=term(form.role, lang))
        yield said + (f"  {form.record[:12]}" if form.record else "")
    for mark in shown.marks:
        yield phrase(WORDS, "mark", lang, mark=getattr(mark, lang))
    yield phrase(WORDS, "revisions", lang, n=len(shown.revisions))
    for each in shown.revisions:
        said = phrase(
            WORDS,
            "revision",
            lang,
            revision=each.revision,
            at=each.recorded_at,
            who=quoted(each.by),
            seq=each.seq,
        )
        fields = ", ".join(field_name(name, lang) for name in each.changed)
        changed = phrase(WORDS, "changed", lang, fields=fields)
        gone = phrase(WORDS, "withdrawn", lang, why=quoted(each.withdrawn or ""))
        yield said + (changed if each.changed else "") + (gone if each.withdrawn else "")
    yield from _naming("speaks-of", shown.speaks_of, lang)
    # Its other forms stand above.
    others = tuple(each for each in shown.named_by if each.kind != "name" or not shown.forms)
    yield from _naming("named-by", others, lang)


def _naming(key: str, named: tuple[Naming, ...], lang: str) -> Iterator[str]:
    from dalil.casebook.report.phrases import field_name, term

    if named:
        yield phrase(WORDS, key, lang, n=len(named))
    for each in named:
        line = getattr(each.line, lang)
        fields = ", ".join(field_name(one, lang) for one in each.field.split(", "))
        yield f"  {each.id[:12]}  {term(each.kind, lang)} ({fields}): {line}"


def _seen(char: str) -> str:
    """Return what JSON reads as this character, and a terminal does not obey."""
    hides = unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")
    return json.dumps(char)[1:-1] if hides else char


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
