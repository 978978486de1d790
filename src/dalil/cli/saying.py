"""What the terminal says, in Arabic and English, or as one JSON document."""

from __future__ import annotations

import dataclasses
import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dalil.errors import Refusal

LANGUAGES = ("en", "ar")
MAX_LINE = 1000
F = TypeVar("F", bound="Callable[..., Any]")


@cache
def words(verb: str) -> dict[str, dict[str, str | dict[str, str]]]:
    """Return the sentences of one verb: key → language → text, or plural form → text."""
    path = resources.files("dalil.cli") / "words" / f"{verb}.json"
    sentences: dict[str, dict[str, str | dict[str, str]]] = json.loads(path.read_text("utf-8"))
    return sentences


def phrase(verb: str, key: str, lang: str, **values: object) -> str:
    """Return one sentence in ``lang`` with its places filled; the number ``n`` chooses its form."""
    wording = words(verb)[key][lang]
    if not isinstance(wording, str):
        from dalil.match.copies.wording import plural

        wording = plural(wording, cast("int", values["n"]), lang)
    return wording.format(**values)


def reporting(function: F) -> F:
    """Give a verb ``--json`` and ``--lang``."""
    function = click.option(
        "--lang", type=click.Choice(LANGUAGES), default="en", help="Language of what is printed."
    )(function)
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(
        function
    )


def report(document: object, text: str, *, as_json: bool) -> None:
    """Print either the document as JSON with stable keys, or the text."""
    if not as_json:
        click.echo(text)
        return
    click.echo(_json_text(plain(document)))


def plain(value: object) -> object:
    """Return ``value`` as JSON types: dataclasses become objects, bytes become hexadecimal."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, bytes):
        return value.hex()
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def refusal_text(refusal: Refusal, arguments: Sequence[str]) -> str:
    """Return what happened, to what, what is safe and what to do next."""
    lang = _language_of(arguments)
    told = refusal.told(lang)
    if "--json" in arguments:
        said = {"refused": type(refusal).__name__, "exit_code": str(refusal.exit_code)}
        return _json_text(said | dataclasses.asdict(told))
    about = "\n".join(_one_line(each) for each in told.about.split("\n"))
    return "\n".join([f"{told.happened} {about}".rstrip(), told.safe, told.next_step])


def _one_line(text: str) -> str:
    """Return others' words as a terminal can carry them: no hidden signs, and not without end."""
    from dalil.casebook.text.names import shown

    return shown(text[:MAX_LINE]) + ("…" if len(text) > MAX_LINE else "")


def _json_text(value: object) -> str:
    """Return JSON in which signs that hide or turn text stand as escapes; it reads back alike."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    return "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _language_of(arguments: Sequence[str]) -> str:
    for i, word in enumerate(arguments):
        value = arguments[i + 1] if word == "--lang" and i + 1 < len(arguments) else ""
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else value
        if value in LANGUAGES:
            return value
    return "en"
