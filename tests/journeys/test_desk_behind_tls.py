"""The nginx recipe of docs/behind-tls.md, with Debian's nginx: login, upload, ranges, refusals."""

from __future__ import annotations

import base64
import hashlib
import http.cookiejar
import json
import re
import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

import pytest

from journeys.serving import Serving, free_port, serving
from peers import need
from web.rooms import found, passphrase

ROOT = Path(__file__).resolve().parents[2]
RECIPE = re.compile(r"^```nginx\n(.*?)^```", re.MULTILINE | re.DOTALL)
PATIENCE = 10.0


@dataclass(slots=True)
class Visitor:
    """A browser without a screen, on the other side of the proxy."""

    address: str
    trust: ssl.SSLContext
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def asks(
        self,
        path: str,
        body: bytes | None = None,
        method: str | None = None,
        **headers: str,
    ) -> tuple[int, Message, bytes]:
        """Send one request; return status, headers and body, whatever they are."""
        opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=self.trust),
            urllib.request.HTTPCookieProcessor(self.cookies),
        )
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(  # noqa: S310 - https, to this machine
            self.address + path, body, {"Origin": self.address, **named}, method=method
        )
        try:
            with opener.open(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers, refused.read()

    def sends(self, path: str, **fields: str) -> tuple[int, Message, bytes]:
        """Fill in the form of a page and send it."""
        _, _, page = self.asks(path)
        for name in ("csrfmiddlewaretoken", "once"):
            hidden = re.search(rf'name="{name}" value="([^"]+)"', page.decode())
            if hidden:
                fields[name] = hidden[1]
        body = urllib.parse.urlencode(fields).encode()
        return self.asks(path, body)


@contextmanager
def behind_nginx(desk: Serving, folder: Path) -> Iterator[Visitor]:
    """Run nginx with the recipe as it stands, but for port, name and certificate."""
    port = free_port()
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = [need("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    made += ["-nodes", "-keyout", str(key), "-out", str(certificate), "-subj", "/CN=localhost"]
    made += ["-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    subprocess.run(made, check=True, capture_output=True)
    [recipe] = RECIPE.findall((ROOT / "docs" / "behind-tls.md").read_text("utf-8"))
    for theirs, ours in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"), ("desk.example.org", "localhost"),
        ("/etc/ssl/desk/certificate.pem", str(certificate)), ("/etc/ssl/desk/key.pem", str(key)),
        ("127.0.0.1:8765", f"127.0.0.1:{desk.port}"),
    ):  # fmt: skip
        assert theirs in recipe
        recipe = recipe.replace(theirs, ours)
    said = f"pid {folder}/pid; error_log {folder}/error.log; daemon off; events {{}}\nhttp {{\n"
    for kept in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
        said += f"{kept}_temp_path {folder}/{kept};\n"
    (folder / "nginx.conf").write_text(f"{said}{recipe}}}\n")
    with subprocess.Popen([need("nginx"), "-c", str(folder / "nginx.conf")]) as nginx:
        trust = ssl.create_default_context(cafile=str(certificate))
        visitor = Visitor(f"https://localhost:{port}", trust)
        try:
            until = time.monotonic() + PATIENCE
            while not _open(visitor):
                assert nginx.poll() is None, (folder / "error.log").read_text("utf-8")
                assert time.monotonic() < until
                time.sleep(0.1)
            yield visitor
        finally:
            nginx.terminate()


def _open(visitor: Visitor) -> bool:
    try:
        return visitor.asks("/en/door/login/")[0] == http.HTTPStatus.OK
    except urllib.error.URLError:
        return False


@pytest.fixture
def visitor(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """Yield somebody before the proxy; the archive is one of the room's cast."""
    need("nginx")
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    shutil.copytree(found(shared / "founded"), tmp_path / "archive", symlinks=True)
    (tmp_path / "nginx").mkdir()
    with (
        serving(tmp_path / "archive", "localhost") as desk,
        behind_nginx(desk, tmp_path / "nginx") as made,
    ):
        yield made


@pytest.mark.browser
def test_login_upload_and_ranges_go_through_the_recipe(visitor: Visitor) -> None:
    status, headers, _ = visitor.sends(
        "/en/door/login/", name="Omar K.", passphrase=passphrase("omar")
    )
    assert status == http.HTTPStatus.OK
    assert headers["Strict-Transport-Security"]
    assert {each.name for each in visitor.cookies} >= {"dalil-session", "dalil-key"}
    assert all(each.secure for each in visitor.cookies)
    assert visitor.asks("/en/archive/")[0] == http.HTTPStatus.OK

    begun = re.compile(rb'data-address="(/upload/[0-9a-f]{32}/)"')
    _, _, page = visitor.asks("/en/archive/uploads/")
    token, once = (
        re.search(rf'name="{name}" value="([^"]+)"', page.decode())
        for name in ("csrfmiddlewaretoken", "once")
    )
    assert token
    assert once
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], "once": once[1]}).encode()
    _, _, page = visitor.asks("/en/archive/uploads/begin", form)
    where = begun.search(page)
    assert where
    _upload_in_two(visitor, where[1].decode(), token[1])

    whole = visitor.asks("/static/fonts/ibm-plex-sans-latin-400-normal.woff2")[2]
    status, headers, part = visitor.asks(
        "/static/fonts/ibm-plex-sans-latin-400-normal.woff2", Range="bytes=10-19"
    )
    assert status == http.HTTPStatus.PARTIAL_CONTENT
    assert headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert part == whole[10:20]


def _upload_in_two(visitor: Visitor, where: str, token: str) -> None:
    """Send a file of two portions by tus; it is more than a proxy takes by itself (1 MB)."""
    data = bytes(range(256)) * 8192
    said = {"Tus_Resumable": "1.0.0", "X_CSRFToken": token}
    name = base64.b64encode("مقطع.mp4".encode()).decode()
    status, headers, _ = visitor.asks(
        where, b"", "POST", Upload_Length=str(len(data)), Upload_Metadata=f"path {name}", **said
    )
    assert status == http.HTTPStatus.CREATED
    file, middle = headers["Location"], len(data) // 3
    for first, last in ((0, middle), (middle, len(data))):
        status, headers, _ = visitor.asks(
            file, data[first:last], "PATCH", Upload_Offset=str(first),
            Content_Type="application/offset+octet-stream", **said,
        )  # fmt: skip
        assert status == http.HTTPStatus.NO_CONTENT
        assert headers["Upload-Offset"] == str(last)
    [there] = json.loads(visitor.asks(where)[2])["files"]
    assert (there["name"], there["arrived"]) == ("مقطع.mp4", len(data))
    told = urllib.parse.urlencode({"sha256": hashlib.sha256(data).hexdigest()}).encode()
    assert (
        visitor.asks(f"{file}/digest", told, "POST", X_CSRFToken=token)[0]
        == http.HTTPStatus.NO_CONTENT
    )


@pytest.mark.browser
def test_what_comes_from_another_site_or_under_another_name_is_refused(visitor: Visitor) -> None:
    _, _, page = visitor.asks("/en/door/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.decode())
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "name": "Omar K.", "passphrase": "x" * 12}
    body = urllib.parse.urlencode(fields).encode()
    elsewhere = visitor.asks("/en/door/login/", body, Origin="https://elsewhere.example")
    assert elsewhere[0] == http.HTTPStatus.FORBIDDEN
    assert (
        visitor.asks("/en/door/login/", Host="elsewhere.example")[0] == http.HTTPStatus.BAD_REQUEST
    )
