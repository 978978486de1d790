"""What every test stands on: no network, a home of its own, one time zone, and --long."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.", "::1", "localhost")
KEPT = ("DALIL_PEERS", "DALIL_PICTURES")

settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile("long", max_examples=1000, deadline=None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --long and --browser."""
    parser.addoption("--long", action="store_true", help="run the long tests too")
    parser.addoption("--browser", action="store_true", help="run those in a real browser alone")


def pytest_configure(config: pytest.Config) -> None:
    """Let property tests look longer where there is time."""
    settings.load_profile("long" if config.getoption("--long") else "quick")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was not asked for; the closing line counts it."""
    if config.getoption("--long"):
        return
    browser = {item for item in items if item.get_closest_marker("browser")}
    long = {item for item in items if item.get_closest_marker("long")}
    left = set(items) - browser if config.getoption("--browser") else long | browser
    config.hook.pytest_deselected(items=[item for item in items if item in left])
    items[:] = [item for item in items if item not in left]


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the tests a home and a time zone of their own, and no setting of the caller's."""
    with pytest.MonkeyPatch.context() as patch:
        # Compiling Go's standard library anew for each run would cost half a minute.
        patch.setenv("GOCACHE", str(ROOT / ".cache" / "go"))
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("TZ", "UTC")
        patch.setenv("LC_ALL", "C.UTF-8")
        for name in [n for n in os.environ if n.startswith("DALIL_") and n not in KEPT]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            pytest.fail(f"a test reached for the network: {address[0]}")
        connect(self, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield
