"""What is held is shown as the acts tell it, and never who looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from rooms import Desk


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_page_of_the_archive_opens_in_both_languages(desk: Desk, lang: str) -> None:
    omar = desk.client("omar")
    item = desk.item(0)
    for path in ("", "items/", "integrity/", "uploads/", f"item/{item}/", f"item/{item}/give-out/"):
        response = omar.get(f"/{lang}/archive/{path}")
        assert response.status_code == 200, (path, response.status_code)
