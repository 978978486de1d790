"""What a room's work is given, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dalil.ledger.keyring import Signer
from dalil.web.settings import ROOMS


@dataclass(frozen=True, slots=True)
class Work:
    """Long work as a room's function receives it; ``progress`` takes done and total."""

    archive: Path
    desk: Path
    signer: Signer
    params: Mapping[str, Any]
    lang: str
    progress: Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: the page to go to, and a sentence (``room.key``) with its values."""

    url_name: str
    url_args: tuple[str, ...] = ()
    said: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


Kind = Callable[[Work], Done]


def kind_named(name: str) -> Kind:
    """Return the function behind ``room.kind``, from ``KINDS`` of the room's ``work`` module.

    Raises:
        KeyError: there is none.

    """
    room, _, kind = name.partition(".")
    if room not in ROOMS or find_spec(f"dalil.web.{room}.work") is None:
        raise KeyError(name)
    kinds: Mapping[str, Kind] = import_module(f"dalil.web.{room}.work").KINDS
    return kinds[kind]
