"""The telling: how footage came to us, hop by hop, each hop a sourced statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from dalil.errors import Malformed

MAX_BYTES = 1 << 20
FIELDS = ("hop", "who", "role", "when", "where", "how", "source", "note")
NEEDED = ("who", "how", "source")


@dataclass(frozen=True, slots=True)
class Hop:
    """One hand that it passed through, as somebody tells it.

    Two hops of the same number are rival tellings; both are kept.
    """

    hop: int
    who: str
    role: str
    when: str
    where: str
    how: str
    source: str
    note: str


def read_telling(path: Path) -> tuple[Hop, ...]:
    """Read a telling from a small YAML file.

    Raises:
        Malformed: it names the hop and the field that do not fit.

    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Malformed(f"{path}: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise Malformed(f"{path}: a telling of more than 1 MiB")
    return parse_telling(raw, str(path))


def parse_telling(untrusted: bytes, where: str) -> tuple[Hop, ...]:
    """Parse ``hops:`` followed by a list of hops."""
    try:
        value = yaml.safe_load(untrusted)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        at = f", line {line + 1}" if line is not None else ""
        raise Malformed(f"{where}{at}: this is not YAML") from None
    hops = value.get("hops") if isinstance(value, dict) else None
    if not isinstance(hops, list) or not hops or set(value) != {"hops"}:
        raise Malformed(f"{where}: a telling is `hops:` followed by a list")
    return tuple(_parse_hop(each, i, where) for i, each in enumerate(hops, 1))


def hop_from_options(values: Mapping[str, str], number: int = 1) -> Hop:
    """Return a hop from named values, as the options of `dalil take-in` give them."""
    return _parse_hop({"hop": number, **values}, number, "the options")


def _parse_hop(untrusted: object, place: int, where: str) -> Hop:
    at = f"{where}, hop {place}"
    if not isinstance(untrusted, dict):
        raise Malformed(f"{at}: a hop is a list of `name: value`")
    unknown = [str(name) for name in untrusted if name not in FIELDS]
    if unknown:
        raise Malformed(f"{at}: no field is called {unknown[0]!r}; there are {', '.join(FIELDS)}")
    number = untrusted.get("hop", place)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 1000:  # noqa: PLR2004
        raise Malformed(f"{at}, field hop: a number from 1 to 999")
    texts = {name: _text(untrusted.get(name, ""), name, at) for name in FIELDS[1:]}
    for name in NEEDED:
        if not texts[name]:
            raise Malformed(f"{at}, field {name}: it is empty; write `unknown` if nobody knows")
    return Hop(hop=number, **texts)


def _text(value: object, name: str, at: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or (
        not isinstance(value, str | int) and not hasattr(value, "isoformat")
    ):
        raise Malformed(f"{at}, field {name}: a text")
    return str(value).strip()
