"""dalil law show: one tree, or the elements of one crime or mode."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import report, reporting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dalil.casebook.law.shelf import Signed
    from dalil.casebook.law.tree import Part, Tree


@click.command("show")
@ARCHIVE
@click.argument("tree")
@click.argument("part", required=False)
@reporting
def command(archive: Path, tree: str, part: str | None, lang: str, *, as_json: bool) -> None:
    """Show the crimes and modes of a TREE, or the elements of one PART of it.

    Each element says where it stands, in which version, whose words these are, and who checked
    them.

    \b
    Example:
      dalil law show /srv/archive rome
      dalil law show /srv/archive rome 28-a --lang ar
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.law.shelf import signed_off, tree_called
    from dalil.errors import NoSuchThing

    casebook, view = Casebook.open(archive), view_of("restricted")
    found = tree_called(casebook, view, tree)
    if part is None:
        listed = [(each.kind, each.key, each.article, each.name) for each in found.parts.values()]
        keys = ("kind", "key", "article", "name")
        document = [dict(zip(keys, each, strict=True)) for each in listed]
        report(document, "\n".join(_overview(found, lang)), as_json=as_json)
        return
    if part not in found.parts:
        raise NoSuchThing(f"part {part[:80]} of the tree {tree}")
    shown = found.parts[part]
    signed = signed_off(casebook, view, found, shown.elements)
    report(shown, "\n".join(_elements(shown, signed, lang)), as_json=as_json)


def _overview(tree: Tree, lang: str) -> Iterator[str]:
    from dalil.casebook.law.wording import part_in_words
    from dalil.casebook.text.names import isolate

    yield getattr(tree.name, lang)
    if note := getattr(tree.note, lang):
        yield note
    yield from (f"{isolate(p.key)}  {part_in_words(p, lang)}" for p in tree.parts.values())


def _elements(part: Part, signed: Mapping[str, tuple[Signed, ...]], lang: str) -> Iterator[str]:
    from dalil.casebook.law.wording import checks_in_words, part_in_words, say, source_in_words
    from dalil.casebook.text.names import isolate

    yield part_in_words(part, lang)
    for each in part.elements:
        yield f"{isolate(each.id)} · {say(f'sort-{each.sort}', lang)}"
        yield f"    {getattr(each.text, lang)}"
        if each.original:
            yield f"    {isolate(each.original)}"
        yield f"    {source_in_words(each, lang)}{say('and', lang)}{isolate(each.source.url)}"
        yield from (f"    {line}" for line in checks_in_words(signed.get(each.id, ()), lang))
