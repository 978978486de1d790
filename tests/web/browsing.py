"""People at a real browser: Debian's Chromium, with an eye on every request that it makes."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from web.rooms import Desk

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
AXE = ROOT / "src/dalil/web/vendor/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZE = ViewportSize(width=1000, height=900)


@dataclass(slots=True)
class Browse:
    """A browser at the desk; ``requests`` are the addresses that it asked for."""

    desk: Desk
    browser: Browser
    address: str
    requests: list[str] = field(default_factory=list)
    contexts: dict[tuple[str, str], BrowserContext] = field(default_factory=dict)

    def open(self, path: str, as_: str | None = None, lang: str = "en") -> Page:
        """Open ``/LANG/PATH`` as somebody (None: nobody), in a browser of their own."""
        page = self.context(as_, lang).new_page()
        page.goto(f"{self.address}/{lang}/{path.lstrip('/')}")
        return page

    def context(self, as_: str | None, lang: str = "en") -> BrowserContext:
        """Return somebody's browser; logged in where ``as_`` names one of the cast."""
        if (as_ or "", lang) not in self.contexts:
            made = self.browser.new_context(locale=lang, viewport=SIZE, reduced_motion="reduce")
            made.on("request", lambda request: self.requests.append(request.url))
            if as_ is not None:
                client = self.desk.client(as_, lang)
                made.add_cookies([
                    {"name": name, "value": morsel.value, "url": self.address, "secure": True,
                     "httpOnly": True, "sameSite": "Strict"}
                    for name, morsel in client.cookies.items()
                ])  # fmt: skip
            self.contexts[as_ or "", lang] = made
        return self.contexts[as_ or "", lang]

    def axe(self, page: Page) -> None:
        """Demand that a page breaks no rule of WCAG 2.2 AA that a program can check."""
        page.evaluate(AXE.read_text("utf-8"))
        options = {"runOnly": {"type": "tag", "values": RULES}}
        found = page.evaluate("options => axe.run(document, options)", options)
        told = [
            f"{each['id']}: {each['help']}: {[node['html'] for node in each['nodes']][:3]}"
            for each in found["violations"]
        ]
        assert not told, "\n".join(told)

    def shot(self, path: str, name: str, as_: str | None = None) -> None:
        """Check a page with axe in en, ar and dark; keep pictures where DALIL_PICTURES is set."""
        for lang in ("en", "ar"):
            page = self.open(path, as_, lang)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                self.axe(page)
                if os.environ.get("DALIL_PICTURES"):
                    dark = "-dark" if scheme == "dark" else ""
                    PICTURES.mkdir(exist_ok=True)
                    keep(page.screenshot(full_page=True), PICTURES / f"{name}-{lang}{dark}.png")
            page.close()

    def demand_loopback(self) -> None:
        """Demand that no request left this machine."""
        hosts = {urlsplit(each).hostname for each in self.requests} - {"localhost", None}
        assert not hosts, hosts


def keep(picture: bytes, path: Path) -> None:
    """Keep a picture with as few colours as its few hues need."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(48).save(path, optimize=True)


@contextmanager
def browsing(desk: Desk, address: str) -> Iterator[Browse]:
    """Yield a browser at a desk's address."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        browse = Browse(desk, browser, address)
        yield browse
        browse.demand_loopback()
        browser.close()
