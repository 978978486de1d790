"""A desk for each test, and a browser where one is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from web.browsing import Browse
    from web.rooms import Desk


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the desk's database in a file, as it is in use: work runs in other processes."""
    from django.conf import settings

    place = tmp_path_factory.mktemp("accounts") / "accounts.sqlite3"
    test: Any = settings.DATABASES["default"]["TEST"]
    test["NAME"] = str(place)


@pytest.fixture
def desk(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    transactional_db: None,  # noqa: ARG001 - it is asked for to be there
) -> Iterator[Desk]:
    """Yield a desk over an archive of its own, with a cast, four clips and an incident."""
    from web.rooms import found, open_desk

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    with open_desk(found(shared / "founded"), tmp_path) as made:
        yield made


@pytest.fixture
def browse(
    desk: Desk,
    live_server: Any,  # noqa: ANN401 - it is pytest-django's
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Browse]:
    """Yield a real browser at a desk that answers over HTTP."""
    from web.browsing import browsing

    # The browser is driven from an event loop of its own; the desk is not called from it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with browsing(desk, live_server.url.replace("127.0.0.1", "localhost")) as made:
        yield made
