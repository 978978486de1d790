"""dalil victims list: victims as lists have them, by name in any script, list, sex and age."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import phrase, report, reporting
from dalil.cli.viewing import viewing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import View
    from dalil.casebook.victims.listed import Count, Said

WORDS = "victims"
AGE = click.IntRange(0, 130)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Listing:
    """How many there are (``more``: more than that), and some: what each list says of each."""

    total: int
    more: bool
    victims: list[dict[str, object]]


@click.command("list")
@ARCHIVE
@click.argument("name", nargs=-1)
@click.option("--list", "source", help="Only of this list: the id or key of the source.")
@click.option("--sex", type=click.Choice(["female", "male"]), help="Only of this sex.")
@click.option("--age-from", type=AGE, help="Only who may have been of this age or older.")
@click.option("--age-to", type=AGE, help="Only who may have been of this age or younger.")
@click.option("--unidentified", is_flag=True, help="Only persons whom nobody has named.")
@click.option("--limit", type=click.IntRange(1, 1000), default=30, show_default=True)
@click.option("--offset", type=click.IntRange(min=0), default=0, show_default=True)
@viewing
@reporting
def command(
    archive: Path,
    name: tuple[str, ...],
    source: str | None,
    sex: str | None,
    age_from: int | None,
    age_to: int | None,
    limit: int,
    offset: int,
    see: str,
    known_on: str | None,
    said_by: str | None,
    on: str | None,
    lang: str,
    *,
    unidentified: bool,
    as_json: bool,
) -> None:
    """List victims as lists have them. NAME: any words of a name, in any script.

    \b
    Example:
      dalil victims list /srv/archive Yusuf Mansur
      dalil victims list /srv/archive يوسف --sex male --age-from 30 --lang ar
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.report.desk import open_desk
    from dalil.casebook.victims.listed import Wanted, count_listed, listed, said_of
    from dalil.casebook.victims.resolved import people_among

    casebook, view = Casebook.open(archive), view_of(see, known_on, said_by, on)
    wanted = Wanted(
        name=" ".join(name),
        source=list_named(casebook, source, view) if source else None,
        sex=sex,
        age_from=age_from,
        age_to=age_to,
        unidentified=True if unidentified else None,
    )
    ids = listed(casebook, view, wanted, offset, limit)
    said = said_of(open_desk(casebook, view), ids)
    count, people = count_listed(casebook, view, wanted), people_among(casebook, view)
    shown = Listing(count.n, count.more, [victim_said(each, people) for each in said])
    report(shown, "\n".join(_lines(said, count, people, lang)), as_json=as_json)


def list_named(casebook: Casebook, word: str, view: View) -> str:
    """Return the id of the list that a word means: an id, or a key with or without ``list:``.

    Raises:
        NoSuchThing: there is none; the message names those of which a victim may be seen.

    """
    from dalil.casebook.record.sources import Source
    from dalil.casebook.report.desk import find_record
    from dalil.casebook.victims.listed import lists_of
    from dalil.errors import NoSuchThing

    for meant in (word, f"list:{word}"):
        try:
            return find_record(casebook, meant, view, Source.kind).record.id
        except NoSuchThing:
            continue
    known = casebook.with_ids(lists_of(casebook, view), view)
    keys = (getattr(each.record, "key", None) or each.record.id[:12] for each in known)
    raise NoSuchThing(f"no list {word}; the lists are: {', '.join(sorted(keys)[:SHOWN]) or '-'}")


def victim_said(said: Said, people: Mapping[str, str]) -> dict[str, object]:
    """Return a victim as the JSON document says it (docs/link-victims.md): the record's fields.

    ``person``: the id of the person whom people hold it to be, which is its own where nobody said.
    """
    from dalil.casebook.record.form import fields_of

    fields: dict[str, object] = dict(fields_of(said.victim))
    # Who speaks may be withheld where what is said is not.
    if said.source is not None and said.source.withheld:
        fields["source"] = None
    names = [{"form": each.form, "role": each.role} for each in said.forms]
    return fields | {"names": names, "person": people.get(said.victim.id, said.victim.id)}


def victim_line(said: Said, lang: str) -> str:
    """Return a victim on one line: name, facts, list, id."""
    from dalil.casebook.report.desk import cited
    from dalil.casebook.text.names import isolate
    from dalil.casebook.victims.wording import facts

    source = cited(said.source, lang) if said.source else phrase(WORDS, "no-list", lang)
    values = {"name": getattr(said.name, lang), "facts": isolate(facts(said, lang) or "—")}
    return phrase(WORDS, "victim", lang, id=said.victim.id[:12], source=source, **values)


def _lines(
    said: tuple[Said, ...], count: Count, people: Mapping[str, str], lang: str
) -> Iterator[str]:
    yield phrase(WORDS, "found-more" if count.more else "found", lang, n=count.n)
    for each in said:
        yield victim_line(each, lang)
        person = people.get(each.victim.id)
        if person is not None:
            yield phrase(WORDS, "one-person", lang, person=person[:12])
