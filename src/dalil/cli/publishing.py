"""What the verbs that publish ask for, and how they tell what was published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dalil.cli.saying import phrase, report

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dalil.disclose.conditions import Conditions
    from dalil.disclose.position import Position
    from dalil.disclose.publish import Published

F = TypeVar("F", bound="Callable[..., Any]")
NANO = 10**9

ITEM = click.argument("item")
FROM = click.option(
    "--from", "from_", required=True, help="[[HH:]MM:]SS[.fff], frame:N or pts:N/TB."
)
TO = click.option("--to", required=True, help="The same, for the end.")
MUTE = click.option(
    "--mute", multiple=True, metavar="FROM-TO", help="Withhold the sound of a span; repeatable."
)
HIDE = click.option(
    "--hide", multiple=True, metavar="X,Y,W,H", help="Hide a box, in samples; repeatable."
)
OUT = click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help="Folder to make."
)


def conditions(function: F) -> F:
    """Give a verb the options without which nothing leaves the house."""
    options = [
        click.option("--reason", "reason_code", help="Reason code of what is withheld."),
        click.option("--basis", "legal_basis", help="Legal basis."),
        click.option("--recipient", help="Who gets it."),
        click.option("--rule", help="The rule under which it leaves."),
        click.option(
            "--whole-exists/--whole-lost", "whole_exists", default=None, help="Is the whole kept?"
        ),
        click.option("--whole-for", "whole_available_to", help="Who may be shown the whole."),
        click.option("--purpose", help="court (totals are shown) or public (they are not)."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def said(options: dict[str, Any]) -> Conditions:
    """Return the conditions among a verb's options, and take them out.

    Raises:
        DisclosureIncomplete: something was not said.

    """
    from dataclasses import fields

    from dalil.disclose.conditions import Conditions

    stated = Conditions(**{each.name: options.pop(each.name) for each in fields(Conditions)})
    stated.require()
    return stated


def spans(muted: Sequence[str]) -> list[tuple[Position, Position]]:
    """Return the spans of ``--mute``."""
    from dalil.disclose.position import parse_span

    return [parse_span(each) for each in muted]


def tell(published: Published, lang: str, *, as_json: bool, sound: bool = False) -> None:
    """Say what was published, what was withheld, and who approved it."""
    sentences = [
        phrase("publishing", "written", lang, folder=published.folder),
        *(f"  {path.name}" for path in published.files),
        f"  {published.proof.name}",
        phrase(
            "publishing", "units", lang,
            opened=published.opened, units=published.units, withheld=published.withheld,
        ),
        phrase(
            "publishing", "span", lang,
            begin=_seconds(published.from_ns), end=_seconds(published.to_ns),
        ),
        *([phrase("publishing", "sound-edge", lang)] if sound else []),
        phrase("publishing", "one-person", lang),
        *(phrase("publishing", "warning", lang, what=each) for each in published.warnings),
        phrase("publishing", "receipt", lang, act=published.act, receipt=published.receipt),
    ]  # fmt: skip
    report(published, "\n".join(sentences), as_json=as_json)


def _seconds(nanoseconds: int) -> str:
    whole, rest = divmod(nanoseconds, NANO)
    return f"{whole // 60:02d}:{whole % 60:02d}.{rest // 10**6:03d}"
