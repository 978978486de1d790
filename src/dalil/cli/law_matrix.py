"""dalil law matrix: one hypothesis, element by element."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import report, reporting
from dalil.cli.viewing import viewing

if TYPE_CHECKING:
    from dalil.casebook.law.matrix import Matrix


@dataclass(frozen=True, slots=True)
class MatrixSaid:
    """A matrix, how many of its elements are in each state, and which are empty (ids)."""

    matrix: Matrix
    counts: dict[str, int]
    to_do: tuple[str, ...]


@click.command("matrix")
@ARCHIVE
@click.argument("hypothesis")
@viewing
@reporting
def command(
    archive: Path,
    hypothesis: str,
    see: str,
    known_on: str | None,
    said_by: str | None,
    on: str | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Print a HYPOTHESIS (its id, or its first digits), element by element.

    For and against, the weakest link of each claim, and at the end what is still empty.

    \b
    Example:
      dalil law matrix /srv/archive 3f2a9c --lang ar
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.law.matrix import matrix
    from dalil.casebook.law.shelf import tree_called
    from dalil.casebook.law.wording import told
    from dalil.casebook.report.desk import find_record, open_desk

    casebook, view = Casebook.open(archive), view_of(see, known_on, said_by, on)
    found = matrix(casebook, find_record(casebook, hypothesis, view, "hypothesis").record.id, view)
    desk = open_desk(casebook, view)
    text = told(found, tree_called(casebook, view, found.tree), desk, lang)
    said = MatrixSaid(found, found.counts(), tuple(each.id for each in found.to_do()))
    report(said, text, as_json=as_json)
