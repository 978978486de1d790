"""Forms of this room filled in, sent, and waited for."""

from __future__ import annotations

import html
import re
import secrets
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

PATIENCE = 60
FILLED = {
    "reason_code": "R3", "legal_basis": "Order 12/2026", "rule": "rule 4",
    "recipient": "Court of first instance", "purpose": "court", "whole_exists": "yes",
    "whole_available_to": "court and defence",
}  # fmt: skip


def posted(
    client: Client, item: str, kind: str, asked: dict[str, str], step: str = "look", once: str = ""
) -> Answer:
    """Send the form of a part."""
    fields = {**asked, "step": step, "once": once or secrets.token_hex(8)}
    return client.post(f"/en/publishing/part/{item}/{kind}/", fields)


def ordered(client: Client, asked: dict[str, Any], step: str = "look", lang: str = "en") -> Answer:
    """Send the form of a case file."""
    fields = {"see": "restricted", **asked, "step": step, "once": secrets.token_hex(8)}
    return client.post(f"/{lang}/publishing/case-file/", fields)


def until_done(client: Client, sent: Answer) -> Answer:
    """Wait for the work that a form started; return its page."""
    until = time.monotonic() + PATIENCE
    while (state := client.get(sent["Location"] + "state").json()["state"]) == "running":
        assert time.monotonic() < until, "it is still running"
        time.sleep(0.1)
    shown = client.get(sent["Location"])
    assert state == "done", in_words(shown)
    return shown


def address_of_made(shown: Answer) -> str:
    """Return the address that a finished job's page links to."""
    found = re.search(
        r'href="(/en/publishing/(?:made|case)/[0-9a-f]{16}/)"', shown.content.decode()
    )
    assert found, in_words(shown)
    return found[1]


def in_words(answer: Answer) -> str:
    """Return what a page says, without its marks."""
    text = re.sub(
        r"<(script|style)\b.*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL
    )
    return " ".join(html.unescape(text).split())
