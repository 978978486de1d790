"""The desk as it is in use: `dalil serve` in a process of its own, killed at any time."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 60.0


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@dataclass(slots=True)
class Serving:
    """A desk over an archive; ``told`` is what the terminal said since it was last opened."""

    archive: Path
    hosts: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    told: str = ""
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://localhost:{self.port}"

    @property
    def code(self) -> str:
        """The code of the first set-up, as the terminal printed it."""
        return self.told.rpartition("with the code ")[2].split()[0]

    def open(self) -> None:
        """Start it, and wait until it answers."""
        said = self.archive.with_name("said.txt")
        command = [sys.executable, "-m", "dalil", "serve", str(self.archive)]
        command += ["--port", str(self.port), *(f"--host={each}" for each in self.hosts)]
        with said.open("wb") as out:
            self.process = subprocess.Popen(
                command,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=surroundings(),
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE
        while not answers(self.port) or "Ctrl-C" not in said.read_text("utf-8"):
            assert self.process.poll() is None, said.read_text("utf-8")
            assert time.monotonic() < until, said.read_text("utf-8")
            time.sleep(0.1)
        self.told = said.read_text("utf-8")

    def kill(self) -> None:
        """End it as a power cut does: no process of it is asked."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def surroundings() -> dict[str, str]:
    """Return the environment of a program that must find this package."""
    ours = str(Path(__file__).resolve().parents[2] / "src")
    return {**os.environ, "PYTHONPATH": ours, "PYTHONWARNINGS": "default"}


def answers(port: int) -> bool:
    """Whether something speaks HTTP there."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        asking.request("GET", "/en/door/login/", headers={"Host": "localhost"})
        return asking.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


@contextlib.contextmanager
def serving(archive: Path, *hosts: str) -> Iterator[Serving]:
    """Yield an open desk; it is closed at the end whatever happened."""
    desk = Serving(archive, hosts)
    try:
        desk.open()
        yield desk
    finally:
        desk.kill()
