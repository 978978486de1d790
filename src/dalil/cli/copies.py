"""dalil copies: all copies of one recording, where each sits, what it lacks, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import phrase, report, reporting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dalil.match.copies.family import Family
    from dalil.match.copies.judgement import Judgement
    from dalil.match.copies.lineage.generation import Generations


@dataclass(frozen=True, slots=True)
class FamilySaid:
    """A family, the likely order of its copies, and what persons said of pairs in it."""

    family: Family
    generations: Generations
    judgements: tuple[Judgement, ...]


@click.command("copies")
@ARCHIVE
@click.argument("item", required=False)
@click.option(
    "--svg",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw the family of ITEM into this new file; it holds no picture of the footage.",
)
@reporting
def command(archive: Path, item: str | None, svg: Path | None, lang: str, *, as_json: bool) -> None:
    """Show the families of an archive, or those of one item. `dalil match` compares first.

    \b
    Example:
      dalil copies /srv/archive 4f0c1d --svg copies.svg
    """
    from dalil.errors import ArchiveExists, NoSuchThing, UsageRefused
    from dalil.intake.listing import find_item
    from dalil.match.copies.gathered import gather, names_of, order_of
    from dalil.match.copies.wording import told_apart

    if svg is not None and item is None:
        raise UsageRefused("--svg draws the family of one item")
    if svg is not None and svg.exists():
        raise ArchiveExists(str(svg))
    item = None if item is None else find_item(archive, item)
    gathered = gather(archive, item)
    said = tuple(
        FamilySaid(
            family,
            order_of(archive, family, gathered.leads),
            tuple(j for j in gathered.judgements if set(j.pair) & set(family.items)),
        )
        for family in gathered.families
    )
    names = told_apart(names_of(archive, {name for each in said for name in each.family.items}))
    if svg is not None:
        if not said:
            raise NoSuchThing(f"{item}: no copy of it is known")
        _draw(svg, said[0].family, names, lang)
    lines = [line for each in said for line in _lines(each, names, lang)]
    if svg is not None:
        lines.append(phrase("copies", "drawn", lang, path=svg))
    lines.append(phrase("copies", "lead", lang) if said else phrase("copies", "none", lang))
    report({"families": said}, "\n".join(lines), as_json=as_json)


def _draw(path: Path, family: Family, names: Mapping[str, str], lang: str) -> None:
    from dalil.engines.files import write_durably
    from dalil.errors import UsageRefused
    from dalil.match.copies.timeline import standing_alone, timeline_svg

    if not path.absolute().parent.is_dir():
        raise UsageRefused(f"{path.absolute().parent} is no folder")
    write_durably(path, standing_alone(timeline_svg(family, names, lang)).encode())


def _lines(said: FamilySaid, names: Mapping[str, str], lang: str) -> Iterator[str]:
    from dalil.match.copies.lineage.generation import generation_list
    from dalil.match.copies.timeline import named, timeline_list
    from dalil.match.copies.wording import quoted

    yield phrase("copies", "family", lang, n=len(said.family.items))
    for item in said.family.items:
        yield f"  {item[:8]}  {named(item, names)}"
    for line in timeline_list(said.family, names, lang):
        yield f"  {line}"
    for line in generation_list(said.generations, names, lang):
        yield f"  {line}"
    for each in said.judgements:
        judgement = phrase("judge", each.judgement, lang)
        yield "  " + phrase(
            "copies", "judgement", lang,
            person=quoted(each.person), a=named(each.a, names), b=named(each.b, names),
            judgement=judgement, reasons=quoted(each.reasons), seq=each.seq,
        )  # fmt: skip
    yield ""
