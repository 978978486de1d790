"""An outside clock stamps the log: a real authority on this machine, checked in three ways."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dalil.errors import CannotTell, Malformed, Missing, TimeTokenRefused, UsageRefused
from dalil.kernel.checkpoint import Checkpoint, checkpoint_text
from dalil.ledger import timestamp
from dalil.ledger.timestamp import TimeRequest
from ledger.counting_house import House, build
from peers import need

SETTINGS = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/{sent}.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.2
digests = sha256, sha512
ordering = yes
ess_cert_id_alg = sha256
[stamps]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[middle]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
"""


@dataclass(frozen=True, slots=True)
class Authority:
    """A time authority: its folder of keys, and where it answers."""

    folder: Path
    url: str

    @property
    def certificates(self) -> bytes:
        """The root that its answers are checked with."""
        return (self.folder / "root.pem").read_bytes()

    def answer(self, query: Path, settings: str = "settings") -> bytes:
        """Stamp a request as `openssl ts` does."""
        out = self.folder / "answer.tsr"
        _openssl(
            self.folder, f"ts -reply -config {settings} -section here -queryfile {query} -out {out}"
        )
        return out.read_bytes()


def _openssl(folder: Path, words: str) -> None:
    done = subprocess.run(
        [need("openssl"), *words.split(" ")], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def _make_keys(folder: Path) -> None:
    """Make a root, one between, and the stamping key; the one between is sent along."""
    (folder / "settings").write_text(SETTINGS.format(folder=folder, sent="between"))
    (folder / "serial").write_text("01\n")
    new = "req -newkey rsa:2048 -nodes"
    _openssl(folder, f"{new} -x509 -keyout root.key -out root.pem -days 30000 -subj /CN=Root")
    for name, above, part in (("between", "root", "middle"), ("tsa", "between", "stamps")):
        _openssl(folder, f"{new} -keyout {name}.key -out {name}.csr -subj /CN={name}")
        _openssl(
            folder,
            f"x509 -req -in {name}.csr -CA {above}.pem -CAkey {above}.key -CAcreateserial "
            f"-days 3650 -extfile settings -extensions {part} -out {name}.pem",
        )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    folder = tmp_path_factory.mktemp("authority")
    _make_keys(folder)

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            query = folder / "query.tsq"
            query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            raw = Authority(folder, "").answer(query)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Authority(folder, f"http://127.0.0.1:{server.server_port}/")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def house(tmp_path: Path, authority: Authority) -> House:
    house = build(tmp_path / "archive", 5)
    timestamp.keep_authority(house.archive, "here", authority.certificates)
    return house


def _stamp(house: House, authority: Authority) -> TimeRequest:
    request = timestamp.make_request(house.ledger, "here")
    timestamp.take_answer(
        house.ledger, request, timestamp.ask(request, authority.url), house.signer
    )
    return request


def test_the_log_is_stamped_over_the_net(house: House, authority: Authority) -> None:
    request = timestamp.make_request(house.ledger, "here")
    raw = timestamp.ask(request, authority.url)
    stamp, entry = timestamp.take_answer(house.ledger, request, raw, house.signer)
    fields = entry.act.opened()
    assert (stamp.size, fields["size"], fields["stamped_at"]) == (6, 6, stamp.stamped_at)
    assert bytes.fromhex(str(fields["root"])) == house.ledger.root_at(6)
    assert request.answer_path.read_bytes() == raw
    assert request.path.name == "6-here.tsq"
    assert house.findings() == []


def test_the_log_is_stamped_by_hand_even_when_it_grew_meanwhile(
    house: House, authority: Authority
) -> None:
    request = timestamp.make_request(house.ledger, "here")
    raw = authority.answer(request.path)
    house.tell(300)
    found = timestamp.request_of_answer(house.ledger, raw)
    assert found == request
    stamp, entry = timestamp.take_answer(house.ledger, found, raw, house.signer)
    assert (stamp.size, entry.seq) == (6, 306)
    again, same = timestamp.take_answer(house.ledger, found, raw, house.signer)
    assert (again, same.seq) == (stamp, 306)
    assert house.findings() == []


def test_an_answer_in_another_order_than_der_demands_is_read_and_kept_as_it_came(
    house: House, authority: Authority
) -> None:
    import rfc3161_client  # noqa: PLC0415 - the peer that refuses it

    request = timestamp.make_request(house.ledger, "here")
    answers = [authority.answer(request.path)]
    shutil.copy(authority.folder / "between.pem", authority.folder / "both.pem")
    with (authority.folder / "both.pem").open("ab") as both:
        both.write((authority.folder / "root.pem").read_bytes())
    settings = SETTINGS.format(folder=authority.folder, sent="both")
    (authority.folder / "settings-both").write_text(settings)
    answers.append(authority.answer(request.path, "settings-both"))
    refused = 0
    for raw in answers:
        try:
            rfc3161_client.decode_timestamp_response(raw)
        except ValueError:
            refused += 1
        sorted_ = timestamp.with_sorted_certificates(raw)
        assert sorted(sorted_) == sorted(raw)
        rfc3161_client.decode_timestamp_response(sorted_)
    assert refused, "no answer came in another order: the test shows nothing"
    timestamp.take_answer(house.ledger, request, answers[1], house.signer)
    assert request.answer_path.read_bytes() == answers[1]


def test_openssl_says_the_same_of_our_stamp(
    house: House, authority: Authority, tmp_path: Path
) -> None:
    request = _stamp(house, authority)
    text = tmp_path / "checkpoint.txt"
    text.write_text(checkpoint_text(request.checkpoint))
    rest = f"-in {request.answer_path} -CAfile {authority.folder}/root.pem"
    rest += f" -untrusted {authority.folder}/between.pem"
    _openssl(tmp_path, f"ts -verify -data {text} {rest}")
    _openssl(tmp_path, f"ts -verify -queryfile {request.path} {rest}")
    _openssl(tmp_path, f"ts -verify -data {text} -attime {_unix(house, request)} {rest}")


def _unix(house: House, request: TimeRequest) -> int:
    said = timestamp.check_token(house.archive, request).stamped_at
    return int(datetime.fromisoformat(said).timestamp())


def test_a_stamp_still_checks_in_2056(house: House, authority: Authority, tmp_path: Path) -> None:
    request = _stamp(house, authority)
    source = (
        "import sys, time; from pathlib import Path\n"
        "from dalil.ledger.ledger import Ledger\n"
        "from dalil.ledger.timestamp import check_stamps\n"
        "ledger = Ledger.open(Path(sys.argv[1]))\n"
        "[(entry, stamp)] = check_stamps(ledger, ledger.acts('stamped'))\n"
        "print(time.gmtime().tm_year, stamp.stamped_at)\n"
    )
    path = os.pathsep.join(each for each in sys.path if each)
    said = subprocess.run(
        [need("faketime"), "2056-04-16 12:00:00", sys.executable, "-c", source, house.archive],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    expected = timestamp.check_token(house.archive, request).stamped_at
    assert said.stdout == f"2056 {expected}\n", said.stderr
    text = tmp_path / "checkpoint.txt"
    text.write_text(checkpoint_text(request.checkpoint))
    words = f"ts -verify -data {text} -in {request.answer_path} -attime {_unix(house, request)}"
    words += f" -CAfile {authority.folder}/root.pem -untrusted {authority.folder}/between.pem"
    then = [need("faketime"), "2056-04-16 12:00:00", need("openssl"), *words.split(" ")]
    subprocess.run(then, check=True, capture_output=True)


def test_a_stamp_of_another_log_is_refused_and_kept_apart(
    house: House, authority: Authority
) -> None:
    request = timestamp.make_request(house.ledger, "here")
    raw = authority.answer(request.path)
    house.tell(1)
    later = timestamp.make_request(house.ledger, "here")
    size = house.ledger.size
    with pytest.raises(TimeTokenRefused):
        timestamp.take_answer(house.ledger, later, raw, house.signer)
    assert not later.answer_path.exists()
    assert [p.read_bytes() for p in (house.archive / "time").glob("*.refused")] == [raw]
    assert house.ledger.size == size


def test_a_stamp_by_somebody_else_is_refused(
    house: House, authority: Authority, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    _make_keys(other)
    timestamp.keep_authority(house.archive, "other", (other / "root.pem").read_bytes())
    request = timestamp.make_request(house.ledger, "other")
    with pytest.raises(TimeTokenRefused):
        timestamp.take_answer(house.ledger, request, authority.answer(request.path), house.signer)


@pytest.mark.parametrize("place", [0, 10, 200, -300, -5])
def test_one_flipped_byte_of_an_answer_is_refused(
    house: House, authority: Authority, place: int
) -> None:
    request = timestamp.make_request(house.ledger, "here")
    raw = bytearray(authority.answer(request.path))
    raw[place] ^= 1
    with pytest.raises(TimeTokenRefused):
        timestamp.take_answer(house.ledger, request, bytes(raw), house.signer)


@pytest.mark.parametrize("raw", [b"", b"\x30", b"\x30\x84\xff\xff\xff\xff", b"<html>", b"0" * 99])
def test_what_is_no_answer_is_refused_and_kept(house: House, raw: bytes) -> None:
    request = timestamp.make_request(house.ledger, "here")
    with pytest.raises(TimeTokenRefused):
        timestamp.take_answer(house.ledger, request, raw, house.signer)
    with pytest.raises(TimeTokenRefused):
        timestamp.request_of_answer(house.ledger, raw)
    assert list((house.archive / "time").glob("*.refused"))


def test_one_bit_of_a_kept_token_is_found_and_named(house: House, authority: Authority) -> None:
    request = _stamp(house, authority)
    kept = [request.path, request.answer_path, house.archive / "time" / "here.pem"]
    for path in kept:
        whole = path.read_bytes()
        path.write_bytes(whole[:60] + bytes([whole[60] ^ 1]) + whole[61:])
        assert f"time/{path.name}" in {f.where for f in house.findings()}
        path.unlink()
        assert f"time/{path.name}" in {f.where for f in house.findings()}
        path.write_bytes(whole)
    assert house.findings() == []


def test_nobody_there_leaves_the_request_to_be_sent_again(house: House) -> None:
    request = timestamp.make_request(house.ledger, "here")
    raw = request.path.read_bytes()
    with pytest.raises(CannotTell):
        timestamp.ask(request, "http://127.0.0.1:9/")
    with pytest.raises(UsageRefused):
        timestamp.ask(request, "file:///etc/passwd")
    assert timestamp.make_request(house.ledger, "here").path.read_bytes() == raw


def test_an_authority_has_a_plain_name_and_keeps_its_certificates(
    house: House, tmp_path: Path
) -> None:
    for name in ("", "../x", "a b", "-x", "x" * 41):
        with pytest.raises(UsageRefused):
            timestamp.make_request(house.ledger, name)
    with pytest.raises(Malformed):
        timestamp.keep_authority(house.archive, "new", b"no certificate")
    other = tmp_path / "keys"
    other.mkdir()
    _make_keys(other)
    with pytest.raises(UsageRefused):
        timestamp.keep_authority(house.archive, "here", (other / "root.pem").read_bytes())
    lost = TimeRequest("lost", Checkpoint("x", 1, b"x" * 32), house.archive / "time" / "1-lost.tsq")
    with pytest.raises(Missing):
        timestamp.take_answer(house.ledger, lost, b"", house.signer)
