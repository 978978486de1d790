"""What every test stands on holds."""

import os
import socket
import subprocess
import sys

import pytest

from architecture.house import ROOT
from peers import need


def test_a_test_that_reaches_for_the_network_fails() -> None:
    with (
        socket.socket() as line,
        pytest.raises(pytest.fail.Exception, match="reached for the network"),
    ):
        line.connect(("192.0.2.1", 9))


def test_an_absent_peer_is_said_aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DALIL_PEERS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="NOT CHECKED against no-such-peer"):
        need("no-such-peer")


def test_an_absent_peer_fails_where_peers_are_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIL_PEERS", "required")
    with pytest.raises(pytest.fail.Exception, match="NOT CHECKED against no-such-peer"):
        need("no-such-peer")


def test_the_tests_have_a_home_of_their_own() -> None:
    assert "pytest" in os.environ["HOME"]
    assert os.environ["TZ"] == "UTC"


def test_do_lists_its_jobs_when_called_bare() -> None:
    listed = subprocess.run(
        [sys.executable, "-I", "do"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for job in ("demo", "check", "test", "fix", "bench"):
        assert f"python3 do {job} " in listed.stdout


def test_do_refuses_a_job_that_it_does_not_have() -> None:
    asked = subprocess.run(
        [sys.executable, "-I", "do", "dance"], cwd=ROOT, capture_output=True, check=False
    )
    assert asked.returncode == 2
