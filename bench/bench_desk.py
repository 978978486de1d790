"""The desk over HTTP: 1,000 items, 100,000 claims, 100,000 annotations, eight people at once.

The real `dalil serve` answers; people ask through their own connections, from processes of their
own. Searches are those of bench_search, over the same set, through the page that people use.
DALIL_DESK_ARCHIVE keeps the archive for the next run.
"""

import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from itertools import chain, cycle, islice
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlencode

import bench_search
from bench_search import key, lines, say

from dalil.casebook.casebook import Casebook
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.describing import Annotation, Term
from dalil.casebook.record.form import Record
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.intake.listing import items
from dalil.intake.take_in import Options, take_in
from dalil.ledger.keyring import Signer, unlock
from dalil.vault.vault import Vault

KEPT = os.environ.get("DALIL_DESK_ARCHIVE", "")
ITEMS, CLAIMS, ANNOTATIONS, ON_ONE_CLIP = 1_000, 100_000, 100_000, 5_000
CLIENTS, SECONDS, WARM = 8, 8, 3
PASSPHRASE, NAME = "bench", "Salma"
FIRST_PAGE_BYTES = 100 << 10
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
Cookies = dict[str, str]


def claims() -> Iterator[Record]:
    """Yield a second case: 100,000 claims on 1,000 incidents, each with what a source says."""
    sources = [
        Source(id=key("s", n), case="claims", type="article", title=f"Article {n}", see="open")
        for n in range(200)
    ]
    yield from sources
    for n in range(1_000):
        names = ({"form": f"Incident {n}"}, {"form": f"حادثة {n}"})
        yield Entity(id=key("i", n), case="claims", type="incident", names=names)
    for n in range(CLAIMS):
        asked = key("p", n)
        yield Proposition(
            id=asked,
            case="claims",
            subject=key("i", n % 1_000),
            predicate="event",
            value=f"shots were heard at quarter {n}",
            group=f"what was heard ({n % 1_000})",
        )
        yield Assertion(
            id=key("a", n),
            case="claims",
            proposition=asked,
            source=sources[n % 200].id,
            polarity="denies" if n % 17 == 0 else "affirms",
            text=f"Witness {n} heard shots",
            evidence_offered="a recording" if n % 3 else None,
            asserted=f"20{14 + n % 9}-0{1 + n % 9}-11",
        )


def annotations(clips: list[str]) -> Iterator[Record]:
    """Yield a code book, 5,000 annotations on the first clip, the others over the rest."""
    terms = [
        Term(id=key("t", n), book="acts", key=f"t{n}", name_en=f"act {n}", name_ar=f"فعل {n}")
        for n in range(40)
    ]
    yield from terms
    for n in range(ANNOTATIONS):
        clip = clips[0] if n < ON_ONE_CLIP else clips[1 + n % (len(clips) - 1)]
        start = (n * 37) % 600_000
        yield Annotation(
            id=key("n", n),
            case="claims",
            item=clip,
            lane=f"lane {n % 6}",
            pts_start=start,
            pts_end=start + 900,
            timebase="1/1000",
            term=terms[n % 40].id,
            text_en=f"something in stretch {n}",
        )


def founded(archive: Path) -> None:
    """Make the archive with everything in it."""
    casebook = bench_search.loaded(archive)
    Vault.create(archive)
    signer = unlock(archive, PASSPHRASE.encode(), NAME)
    if len(list(islice(items(archive), ITEMS))) < ITEMS:
        _take_in(archive, signer)
    for name, records in (
        ("claims", claims()),
        ("annotations", annotations([each.item for each in items(archive)])),
    ):
        start = time.perf_counter()
        casebook.bring_in(name, records, signer)
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)


def _take_in(archive: Path, signer: Signer) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for n in range(ITEMS):
            place = Path(folder) / f"{n // 100:02}"
            place.mkdir(exist_ok=True)
            (place / f"ملف {n}.bin").write_bytes(os.urandom(2000))
        take_in(archive, [os.fsencode(folder)], signer, (), Options(tiles=False))


@contextmanager
def served(archive: Path) -> Iterator[int]:
    """Yield the port of the desk, open over an archive."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "dalil", "serve", str(archive), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.2)
        try:
            yield port
        finally:
            server.terminate()


class Person:
    """Somebody at a browser, with cookies, and one connection that is kept."""

    def __init__(self, port: int, cookies: Cookies | None = None) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("localhost", port)
        self.cookies: Cookies = dict(cookies or {})

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Return status and body of a page; cookies are kept."""
        headers = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form).encode()
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            headers |= {"Origin": f"http://localhost:{self.port}"}
        self.connection.request("GET" if form is None else "POST", path, body, headers)
        answer = self.connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, content = value.split(";")[0].partition("=")
                self.cookies[cookie] = content
        return answer.status, answer.read()

    def log_in(self) -> None:
        """Log in as the keeper."""
        _, page = self.ask("/en/door/login/")
        found = TOKEN.search(page.decode())
        assert found, "there is no form to log in"
        form = {"csrfmiddlewaretoken": found[1], "name": NAME, "passphrase": PASSPHRASE}
        status, said = self.ask("/en/door/login/", form)
        assert status == HTTPStatus.FOUND, said.decode()[:2000]


def _client(
    port: int, cookies: Cookies, paths: list[str], first: int, seconds: float
) -> list[float]:
    person = Person(port, cookies)
    taken: list[float] = []
    end = time.perf_counter() + seconds
    for path in islice(cycle(paths), first, None):
        start = time.perf_counter()
        status, _ = person.ask(path)
        taken.append(time.perf_counter() - start)
        assert status == HTTPStatus.OK, f"{status} {path}"
        if time.perf_counter() > end:
            break
    return taken


def eight(port: int, cookies: Cookies, paths: list[str], seconds: float) -> list[float]:
    """Return how long each answer took (s), with eight people asking one after another."""
    with get_context("fork").Pool(CLIENTS) as pool:
        calls = [(port, cookies, paths, n, seconds) for n in range(CLIENTS)]
        return list(chain.from_iterable(pool.starmap(_client, calls)))


def pages(archive: Path) -> dict[str, list[str]]:
    """Return the pages that are timed, some of each."""
    casebook = Casebook.open(archive)
    clips = [each.item for each in islice(items(archive), 40)]
    accession = next(casebook.ledger.acts("accession-opened")).act.opened()["accession"]
    some = range(0, CLAIMS, CLAIMS // 40)
    return {
        "items": [f"/en/archive/items/?page={n}" for n in range(1, 20)],
        "an item": [f"/en/archive/item/{each}/" for each in clips],
        "an accession": [f"/en/archive/accession/{accession}/?page={n}" for n in range(1, 9)],
        "a case": ["/en/casebook/case/claims/", "/en/casebook/case/claims/?page=7"],
        "a claim": [f"/en/casebook/claim/{key('p', n)}/" for n in some],
        "a source": [f"/en/casebook/source/{key('s', n)}/" for n in range(20)],
        "annotations of a clip": [f"/en/describing/item/{each}/list/" for each in clips[1:]],
        "lanes of a clip, as JSON": [f"/api/items/{each}/lanes" for each in clips[1:]],
        "what to read before a look": [f"/en/viewing/item/{each}/" for each in clips[1:]],
        "oversight": ["/en/oversight/"],
    }


def searches() -> dict[str, tuple[str, float]]:
    """Return the searches of anchors/bayanat.md as addresses, with what has to be reached (ms)."""
    truth = json.loads((bench_search.the_set() / "truth.json").read_text("utf-8"))
    actor = next(row for row in lines("actors") if row["id"] == truth["ordinary_actor"])
    gov = key("place", truth["gov"])
    texts = {"type": "document"}
    asked = {
        "text in 35 %": ({"q": "execution", **texts}, 150.0),
        "rare word": ({"q": truth["rare_word"], **texts}, 30.0),
        "إعدام": ({"q": "إعدام", **texts}, 150.0),
        "اعدام": ({"q": "اعدام", **texts}, 150.0),
        "place with children": ({"place": gov, **texts}, 100.0),
        "text + place + year": (
            {"q": "execution", "place": gov, "from": "2013", "to": "2013", **texts}, 50.0,
        ),
        "person by name": ({"q": actor["name"], "type": "person"}, 50.0),
    }  # fmt: skip
    return {
        name: (f"/en/search/data?{urlencode(query)}", target)
        for name, (query, target) in asked.items()
    }


def measured(port: int, archive: Path) -> None:
    """Time every page with eight people, each search alone, all searches with eight."""
    keeper = Person(port)
    keeper.log_in()
    cookies = keeper.cookies
    _, first = Person(port).ask("/en/door/login/")
    scripts = sum(
        len(keeper.ask(path)[1])
        for path in re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css|svg))"', first.decode())
    )
    say(
        "first page", (len(first) + scripts) / 1024, FIRST_PAGE_BYTES / 1024, "KiB", "without fonts"
    )
    for name, paths in pages(archive).items():
        eight(port, cookies, paths, WARM)
        taken = eight(port, cookies, paths, SECONDS)
        slow = statistics.quantiles(taken, n=20)[-1] * 1000
        say(f"page: {name}", slow, 200.0, "ms", f"p95 of {len(taken)}, eight people at once")
    # The server ends a connection that nobody used for a while.
    keeper = Person(port, cookies)
    for name, (path, target) in searches().items():
        say(f"search: {name}", median_ms(partial(keeper.ask, path)), target, "ms", "alone")
    asked = [path for path, _ in searches().values()]
    for name, paths in (
        ("search: eight people", asked),
        ("search: eight people, the page", [path.replace("/data?", "/?") for path in asked]),
    ):
        taken = eight(port, cookies, paths, SECONDS)
        slow = statistics.quantiles(taken, n=20)[-1] * 1000
        say(name, len(taken) / SECONDS, 40.0, "1/s", f"p95 {slow:.0f} ms")


def median_ms(act: Callable[[], object], runs: int = 9) -> float:
    """Return the milliseconds of a call: the median of some runs."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Make the archive, open the desk, measure."""
    if not (bench_search.SET or bench_search.WRITER.is_file()):
        print(f"{bench_search.WRITER} is not here: nothing is measured", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(KEPT) if KEPT else Path(folder) / "archive"
        founded(archive)
        with served(archive) as port:
            measured(port, archive)


if __name__ == "__main__":
    main()
