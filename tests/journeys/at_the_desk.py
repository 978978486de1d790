"""People at a desk that was never opened before: each with a browser of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from dalil.web.frame.say import say
from journeys.serving import Serving

LONG = 60_000
expect.set_options(timeout=LONG)
HERE = {"localhost", "127.0.0.1", ""}
PEOPLE = {
    "salma": ("سلمى ح.", "keeper"),
    "omar": ("عمر ك.", "archivist"),
    "rima": ("Rima S.", "reviewer"),
    "idris": ("Idris M.", "investigator"),
    "lina": ("Lina B.", "lawyer"),
}
STATED = {
    "recipient": "Court of first instance", "reason_code": "R3", "legal_basis": "Order 12/2026",
    "rule": "rule 4", "whole_available_to": "court and defence",
}  # fmt: skip


def passphrase(who: str) -> str:
    """Return somebody's passphrase."""
    return f"{who} goes slowly home"


@dataclass(slots=True)
class Office:
    """The desk, a real browser, and what everybody's browser asked for."""

    desk: Serving
    browser: Browser
    lang: str
    requests: list[str] = field(default_factory=list)
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, who: str) -> Page:
        """Return the tab that somebody works in."""
        if who not in self.pages:
            made = self.browser.new_context(locale=self.lang, accept_downloads=True)
            made.set_default_timeout(LONG)
            made.on("request", lambda request: self.requests.append(request.url))
            self.contexts[who], self.pages[who] = made, made.new_page()
        return self.pages[who]

    def goes(self, who: str, path: str) -> Page:
        """Open a page of the desk."""
        page = self.page(who)
        page.goto(f"{self.desk.address}/{self.lang}/{path}")
        return page

    def words(self, key: str, **values: object) -> str:
        """Return the words of a page, as this office reads them."""
        return say(self.lang, key, **values)

    def presses(self, page: Page, key: str) -> None:
        """Press the button, or follow the link, that carries these words."""
        said = re.compile(f"^\\s*{re.escape(self.words(key))}\\s*$")
        page.get_by_role("button", name=said).or_(page.get_by_role("link", name=said)).first.click()

    def sees(self, page: Page, words: str) -> None:
        """Demand that the page says so."""
        expect(page.locator("main")).to_contain_text(words, timeout=LONG)

    def comes_to_an_end(self, page: Page) -> None:
        """Wait for work that was begun, and go where it leads."""
        page.wait_for_url("**/jobs/**")
        page.get_by_role("link", name=self.words("jobs.see-it")).click(timeout=LONG)

    def stayed_here(self) -> None:
        """Demand that no browser asked for anything outside this machine."""
        hosts = {urlsplit(each).hostname or "" for each in self.requests}
        assert hosts <= HERE, hosts


@contextmanager
def office(desk: Serving, lang: str) -> Iterator[Office]:
    """Yield people before a desk that is being served."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        made = Office(desk, browser, lang)
        yield made
        made.stayed_here()
        browser.close()


def sets_up(office: Office, who: str) -> None:
    """Found the archive in the browser, with the code that the terminal printed."""
    page = office.goes(who, "")
    page.fill("[name=code]", office.desk.code)
    page.fill("[name=keeper]", PEOPLE[who][0])
    page.fill("[name=new]", passphrase(who))
    page.fill("[name=again]", passphrase(who))
    office.presses(page, "door.set-up-do")
    expect(page.locator("pre.sheet")).to_be_visible(timeout=LONG)
    office.presses(page, "door.sheet-kept")
    page.wait_for_url("**/archive/**")


def asks_in(office: Office, keeper: str, who: str) -> None:
    """Ask somebody in; they choose a passphrase of their own; the keeper lets them in."""
    name, role = PEOPLE[who]
    page = office.goes(keeper, "door/people/invite/")
    page.fill("[name=name]", name)
    page.select_option("[name=role]", role)
    office.presses(page, "door.invite-do")
    address, code = (page.locator("main dd code").nth(n).inner_text() for n in (0, 1))
    office.presses(page, "door.asked-in-done")
    theirs = office.page(who)
    theirs.goto(address)
    theirs.fill("[name=code]", code)
    theirs.fill("[name=new]", passphrase(who))
    theirs.fill("[name=again]", passphrase(who))
    office.presses(theirs, "door.invited-do")
    office.sees(theirs, office.words("door.invited-wait"))
    page.reload()
    office.presses(page, "door.let-in")
    page.wait_for_url("**/people/")
    logs_in(office, who)


def logs_in(office: Office, who: str) -> None:
    """Log in by name and passphrase."""
    page = office.goes(who, "door/login/")
    page.fill("[name=name]", PEOPLE[who][0])
    page.fill("[name=passphrase]", passphrase(who))
    office.presses(page, "door.login")
    page.wait_for_url("**/archive/**")


def takes_in(
    office: Office, who: str, folder: Path, pause: Callable[[], None] | None = None
) -> None:
    """Send a folder through the browser and take it in, with how it came.

    ``pause`` is called when the work has begun: what may go wrong, goes wrong there.
    """
    page = office.goes(who, "archive/uploads/")
    office.presses(page, "archive.upload-begin")
    page.set_input_files("#folder", folder)
    expect(page.locator("dalil-upload[data-ended]")).to_be_attached(timeout=LONG)
    for name, said in (("who", "a neighbour"), ("how", "on a memory card"), ("source", "herself")):
        page.fill(f"[name={name}]", said)
    page.locator("form.take-in button").click()
    page.wait_for_url("**/jobs/**")
    if pause is not None:
        pause()
    office.comes_to_an_end(page)
    page.wait_for_url("**/archive/accession/**")


def opens_item(office: Office, who: str, name: str) -> str:
    """Open the page of an item by its name; return its number."""
    page = office.goes(who, "archive/items/")
    page.get_by_role("link", name=name).first.click()
    page.wait_for_url("**/archive/item/**")
    return page.url.rstrip("/").rpartition("/")[2]


def asks_to_view(office: Office, who: str, item: str) -> None:
    """Ask to see a second of a clip, uncover it, and say when it is done."""
    page = office.goes(who, f"viewing/item/{item}/")
    assert page.locator("video").count() == 0
    page.fill("[name=reason]", "the colour of the square is asked for")
    page.fill("[name=start]", "0:01")
    page.fill("[name=end]", "0:02")
    office.presses(page, "viewing.ask")
    office.comes_to_an_end(page)
    page.wait_for_url("**/viewing/look/**")
    assert page.locator("video").count() == 0
    page.locator("[data-do=show]").click()
    expect(page.locator("video")).to_be_attached()
    office.presses(page, "viewing.done")
    office.sees(page, office.words("viewing.over-done"))


def describes(office: Office, who: str, item: str, said: str) -> None:
    """Describe a second of a clip by keyboard, and sign it."""
    page = office.goes(who, f"describing/item/{item}/")
    scroller = page.locator("[data-part=scroller]")
    expect(page.locator("dalil-lanes[data-ready]")).to_be_attached()
    scroller.focus()
    scroller.press("a")
    expect(page.locator("[data-part=fields]")).to_be_enabled()
    for name, typed in (("start", "0:01"), ("end", "0:02"), ("lane", "what is seen")):
        page.fill(f"#lane-{name}", typed)
    page.fill("#lane-en", said)
    page.check("[name=basis][value=observation]")
    with page.expect_response(lambda each: each.request.method == "POST") as signed:
        page.locator("[data-part=sign]").click()
    assert signed.value.ok, signed.value.text()
    page = office.goes(who, f"describing/item/{item}/list/")
    office.sees(page, said)


def brings_in(office: Office, who: str, case: str, sheets: list[Path]) -> None:
    """Bring a list in: first what is in it is shown, then it is signed for."""
    page = office.goes(who, f"casebook/bring-in/?case={case}")
    page.set_input_files("[name=sheets]", sheets)
    office.presses(page, "casebook.read-list")
    office.comes_to_an_end(page)
    page.wait_for_url("**/bring-in/**")
    office.presses(page, "casebook.sign-bring-in")
    office.comes_to_an_end(page)


def weighs(office: Office, who: str, case: str, reasoning: str) -> None:
    """Set the status of a claim, with reasons."""
    page = office.goes(who, f"casebook/case/{case}/")
    page.locator("main a[href*='/casebook/question/']").first.click()
    page.locator("main a[href*='/casebook/claim/']").first.click()
    page.wait_for_url("**/casebook/claim/**")
    page.locator("main a[href*='/weigh/']").first.click()
    page.select_option("[name=status]", "contested")
    page.fill("[name=reasoning]", reasoning)
    office.presses(page, "casebook.sign")
    page.wait_for_url(lambda address: "/weigh/" not in address)
    office.sees(page, reasoning)


def publishes(office: Office, who: str, item: str) -> str:
    """Publish a second of a clip, pressing twice; return the address of the part.

    In the middle the session ends: what was typed is sent again after logging in, by another tab.
    """
    page = office.goes(who, f"publishing/part/{item}/excerpt/")
    page.fill("[name=from_]", "0:01")
    page.fill("[name=to]", "0:02")
    for name, said in STATED.items():
        page.fill(f"[name={name}]", said)
    page.check("[name=purpose][value=court]")
    page.check("[name=whole_exists][value=yes]")
    office.contexts[who].clear_cookies()
    office.presses(page, "publishing.see-what-leaves")
    office.sees(page, office.words("frame.send-again-kept"))
    office.pages[who] = office.contexts[who].new_page()
    logs_in(office, who)
    while page.get_by_text(office.words("frame.send-again-kept")).count():
        office.presses(page, "frame.send")
        page.wait_for_load_state()
    office.pages[who] = page
    office.sees(page, office.words("publishing.stays"))
    page.locator("button[value=sign]").dblclick()
    office.comes_to_an_end(page)
    page.wait_for_url("**/publishing/made/**")
    return page.url


def hands_over(office: Office, who: str, items: list[str], case: str, to: Path) -> Path:
    """Build a case file of items, all parts and a case, fetch it and return the ZIP."""
    page = office.goes(who, f"publishing/case-file/?case={case}")
    page.fill("[name=recipient]", "Court of first instance")
    page.fill("[name=reason]", "request of 3 May")
    for item in items:
        page.check(f"[name=items][value='{item}']")
    for part in page.locator("[name=parts]").all():
        part.check()
    office.presses(page, "publishing.see-what-goes")
    office.sees(page, office.words("publishing.always-stays"))
    office.presses(page, "publishing.sign-case")
    office.comes_to_an_end(page)
    page.wait_for_url("**/publishing/case/**")
    with page.expect_download() as fetched:
        office.presses(page, "publishing.fetch-zip")
    fetched.value.save_as(to)
    office.presses(page, "publishing.check-run")
    office.comes_to_an_end(page)
    office.sees(page, office.words("publishing.check-intact"))
    return to
