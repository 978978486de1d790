"""Files and folders go through a real browser into the archive, also with a break in between."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from dalil.intake.accession import tell
from dalil.intake.audit import check_archive
from dalil.intake.listing import accession_lines, item_lines, receipts_in
from dalil.intake.source import Handed, brought_by_hand
from dalil.intake.take_in import take_in_brought
from dalil.intake.telling import Hop
from dalil.ledger.ledger import Ledger
from dalil.vault.vault import Vault

if TYPE_CHECKING:
    from web.browsing import Browse

pytestmark = pytest.mark.browser

FOLDERS = 24
BIG = 20 << 20
LONG = 60_000
# Chromium gives entries of a folder only to a hand that drops one: here they are drawn.
DROP = """() => {
  const file = (path) => ({isFile: true, fullPath: path,
    file: (done) => done(new File([path], path.split("/").pop(), {lastModified: 7}))});
  const folder = (...inner) => ({isFile: false,
    createReader: () => ({readEntries: (done) => done(inner.splice(0, 1))})});
  const entry = folder(file("/شريط/a.mp4"), folder(file("/شريط/b/a.mp4")));
  const event = new Event("drop", {cancelable: true});
  event.dataTransfer = {items: [{webkitGetAsEntry: () => entry}]};
  document.querySelector("dalil-upload").dispatchEvent(event);
}"""


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Lay a folder as it comes from a leak: 24 files of one name, and a bigger one."""
    root = tmp_path / "ذاكرة"
    for number in range(FOLDERS):
        folder = root / f"مجلد {number:02}"
        folder.mkdir(parents=True)
        (folder / "video.mp4").write_bytes(f"clip {number}".encode() * 400)
    (root / "كبير.bin").write_bytes(os.urandom(BIG))
    return root


def begun(browse: Browse, lang: str = "en") -> Page:
    page = browse.open("archive/uploads/", as_="omar", lang=lang)
    page.locator("main form button").first.click()
    page.wait_for_url("**/archive/upload/**")
    return page


def test_a_folder_of_24_clips_of_one_name_comes_in_whole_after_a_reload(
    browse: Browse, stick: Path
) -> None:
    page = begun(browse)
    sent: list[int] = []

    def break_off(route: Route) -> None:
        """Let the first portion of the big file through; then the line is dead."""
        offset = int(route.request.headers.get("upload-offset", "0"))
        if offset > 0:
            route.abort()
        else:
            route.continue_()

    page.route(
        "**/upload/*/*", lambda r: break_off(r) if r.request.method == "PATCH" else r.continue_()
    )
    page.locator("#folder").set_input_files(stick)
    row = page.locator("tr", has_text="كبير.bin")
    expect(row).to_contain_text("8.0 MB", timeout=LONG)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.unroute_all()
    expect(page.locator(".going-on")).to_be_visible()
    page.on(
        "request",
        lambda r: sent.append(int(r.headers["upload-offset"])) if r.method == "PATCH" else None,
    )
    page.locator("#folder").set_input_files(stick)
    expect(page.locator("dalil-upload[data-ended]")).to_be_attached(timeout=LONG)
    assert min(offset for offset in sent if offset) >= 8 << 20
    browse.axe(page)
    page.get_by_label("Who had it").fill("unknown")
    page.get_by_label("How it came").fill("on a stick")
    page.get_by_label("Who says so").fill("a lawyer")
    page.get_by_role("button", name="Take in").click()
    page.wait_for_url("**/jobs/**")
    page.get_by_role("link", name="See").click(timeout=LONG)
    expect(page.locator("h1")).to_be_visible()
    assert_all_in(browse, stick)


def assert_all_in(browse: Browse, stick: Path) -> None:
    ledger = Ledger.open(browse.desk.archive)
    line = accession_lines(ledger, slice(0, 1))[0]
    assert line.closed_by is not None
    assert line.paths[0].startswith("urn:dalil:upload:")
    receipts = receipts_in(ledger, line.accession, slice(None))
    expected = {
        f"{stick.name}/{path.relative_to(stick)}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in stick.rglob("*")
        if path.is_file()
    }
    assert {r.name_text: r.sha256 for r in receipts} == expected
    assert len({r.item for r in receipts}) == FOLDERS + 1


def original_of(archive: Path, item: str) -> Path:
    return Vault.open(archive).original_path(item)


def test_every_page_of_the_room_can_be_read_by_everybody(browse: Browse) -> None:
    item, ledger = browse.desk.item(0), Ledger.open(browse.desk.archive)
    archive, omar = browse.desk.archive, browse.desk.signer("omar")
    clips = [
        Handed(f"بطاقة/{each.name}".encode(), original_of(archive, each.item), each.length, None)
        for each in item_lines(ledger, slice(None))
    ]
    brought = brought_by_hand(f"urn:dalil:upload:{'7' * 32}", clips)
    accession = take_in_brought(archive, brought, omar).accession
    tell(
        ledger, omar, accession, Hop(1, "Karim", "neighbour", "2013-05~", "", "filmed it", "K.", "")
    )
    tell(ledger, omar, accession, Hop(1, "unknown", "", "2014", "", "found on a laptop", "R.", ""))
    tell(
        ledger, omar, accession, Hop(2, "a lawyer", "lawyer", "2019", "Bonn", "by hand", "him", "")
    )
    check_archive(archive, signer=omar)
    pages = {
        "archive": "archive/",
        "archive-accession": f"archive/accession/{accession}/",
        "archive-item": f"archive/item/{item}/",
        "archive-integrity": "archive/integrity/",
    }
    forms = {
        "archive-items": "archive/items/",
        "archive-telling": f"archive/accession/{accession}/telling/",
        "archive-give-out": f"archive/item/{item}/give-out/",
        "archive-uploads": "archive/uploads/",
    }
    if os.environ.get("DALIL_PICTURES"):
        pages |= forms
    for name, path in pages.items():
        browse.shot(path, name, as_="omar")
    for path in forms.values():
        browse.axe(browse.open(path, as_="omar"))


def test_the_page_of_an_upload_can_be_read_by_everybody(browse: Browse) -> None:
    page = begun(browse)
    names = ("فيديو.mp4", "b.mp4")
    files = [FilePayload(name=name, mimeType="", buffer=b"x" * 3000) for name in names]
    page.locator("#files").set_input_files(files)
    expect(page.locator("dalil-upload[data-ended]")).to_be_attached(timeout=LONG)
    browse.shot(page.url.split("/en/")[1], "archive-upload", as_="omar")


def test_whoever_is_signed_out_while_sending_signs_in_again_and_goes_on(browse: Browse) -> None:
    page = begun(browse)
    expect(page.locator("dalil-upload")).to_be_visible()
    page.context.clear_cookies()
    page.locator("#files").set_input_files(
        [FilePayload(name=f"{n}.mp4", mimeType="", buffer=b"x" * n) for n in (3000, 4000, 5000)]
    )
    expect(page.locator(".told")).to_contain_text("no longer signed in", timeout=LONG)
    browse.axe(page)
    again = browse.desk.client("omar")
    page.context.add_cookies([
        {"name": name, "value": morsel.value, "url": browse.address, "secure": True,
         "httpOnly": True, "sameSite": "Strict"}
        for name, morsel in again.cookies.items()
    ])  # fmt: skip
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("dalil-upload[data-ended]")).to_be_attached(timeout=LONG)
    expect(page.locator("tbody tr")).to_have_count(3)


def test_a_folder_that_is_dropped_keeps_its_paths(browse: Browse) -> None:
    page = begun(browse, lang="ar")
    page.evaluate(DROP)
    expect(page.locator("dalil-upload[data-ended]")).to_be_attached(timeout=LONG)
    names = page.locator("tbody bdi").all_text_contents()
    assert sorted(names) == ["شريط/a.mp4", "شريط/b/a.mp4"]
