"""Full-text documents of records."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection


def create(connection: Connection) -> None:
    """Lay the tables."""


def refresh(connection: Connection, ns: Iterable[int]) -> None:
    """Write the documents of these rows anew."""
