"""The desk's own server: two processes on loopback, over one archive and the desk's folder."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from dalil.engines.files import make_folders, write_durably
from dalil.errors import UsageRefused

WORKERS, THREADS = 2, 4
PRIVATE = 0o600
LOOPBACK = "127.0.0.1"
HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Opened:
    """A desk that is about to open: its address, and the code of the first set-up (or none)."""

    address: str
    setup_code: str


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn publishes no types
    def __init__(self, settings: dict[str, Any], load: Callable[[], Any]) -> None:
        self.settings, self.load_wsgi = settings, load
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.load_wsgi()


def prepare(archive: Path, desk: Path, port: int, hosts: tuple[str, ...] = ()) -> Opened:
    """Make the desk's folder and database ready; they hold accounts and drafts, no evidence.

    Raises:
        UsageRefused: no such port. DiskFault: the folder cannot be written.

    """
    if not 0 < port <= HIGHEST_PORT:
        raise UsageRefused(f"port {port}")
    make_folders(desk)
    desk.chmod(0o700)
    if not (desk / "secret").exists():
        write_durably(desk / "secret", secrets.token_hex(32).encode(), PRIVATE)
    code = "" if (archive / "keys").is_dir() else secrets.token_hex(4)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "dalil.web.settings",
        "DALIL_ARCHIVE": str(archive),
        "DALIL_DESK": str(desk),
        "DALIL_SETUP_CODE": code,
        "DALIL_HOSTS": " ".join(hosts),
    }
    _bring_database_up_to_date()
    return Opened(f"http://localhost:{port}/", code)


def serve(port: int, ready: Callable[[], None] = lambda: None) -> None:
    """Answer until somebody stops it (Ctrl-C, SIGTERM); ``ready`` is called when it listens."""

    def load() -> Any:
        from dalil.web.wsgi import application

        return application

    settings = {
        "bind": f"{LOOPBACK}:{port}",
        "workers": WORKERS,
        "threads": THREADS,
        "worker_class": "gthread",
        "proc_name": "dalil",
        # Long answers (footage, a case file) are streamed; work that takes long is a job.
        "timeout": 120,
        "graceful_timeout": 5,
        "keepalive": 15,
        "limit_request_line": 8190,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "when_ready": lambda _server: ready(),
        "control_socket_disable": True,
    }
    with _at_night():
        _Server(settings, load).run()


@contextmanager
def _at_night() -> Iterator[None]:
    """Let the named machine check the archive at night, where a keeper gave it a passphrase."""
    if not os.environ.get("DALIL_MACHINE_PASSPHRASE_FILE"):
        yield
        return
    command = [sys.executable, "-m", "dalil.web.door.night", os.environ["DALIL_ARCHIVE"]]
    with subprocess.Popen(command) as night:
        try:
            yield
        finally:
            night.terminate()


def _bring_database_up_to_date() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("clearsessions")
    from dalil.web.frame.once import forget_sent

    forget_sent()
