"""dalil law trees: the bodies of law that are here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import phrase, report, reporting


@dataclass(frozen=True, slots=True)
class TreeListed:
    """A tree: its key, its name in both languages, its version, and how much is in it.

    ``checked``: of how many of its elements somebody checked the wording. ``record``: what
    brought it (absent: it comes with the program).
    """

    key: str
    name_en: str
    name_ar: str
    version: str
    crimes: int
    modes: int
    elements: int
    checked: int
    record: str | None


@click.command("trees")
@ARCHIVE
@reporting
def command(archive: Path, lang: str, *, as_json: bool) -> None:
    """List the trees of law, those of the program and those that somebody brought.

    \b
    Example:
      dalil law trees /srv/archive
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.law.shelf import signed_off, trees, unread_trees
    from dalil.casebook.law.tree import CRIME, MODE

    casebook, view = Casebook.open(archive), view_of("restricted")
    found = []
    for held in trees(casebook, view):
        tree, elements = held.tree, list(held.tree.elements())
        signed = signed_off(casebook, view, tree, elements)
        checked = sum(any(one.holds for one in each) for each in signed.values())
        found.append(
            TreeListed(
                tree.key,
                tree.name.en,
                tree.name.ar,
                tree.version,
                len(tree.of(CRIME)),
                len(tree.of(MODE)),
                len(elements),
                checked,
                held.brought.record.id if held.brought else None,
            )
        )
    lines = [_line(each, lang) for each in found]
    for each in unread_trees(casebook, view):
        lines.append(phrase("law", "unread", lang, tree=each.key, record=each.record))
        lines += [f"    {line}" for line in each.about.split("\n")]
    report(found, "\n".join(lines), as_json=as_json)


def _line(listed: TreeListed, lang: str) -> str:
    from dalil.casebook.text.names import isolate

    return phrase(
        "law",
        "tree",
        lang,
        tree=isolate(listed.key),
        name=listed.name_ar if lang == "ar" else listed.name_en,
        version=isolate(listed.version),
        crimes=listed.crimes,
        modes=listed.modes,
        elements=listed.elements,
        checked=listed.checked,
    )
