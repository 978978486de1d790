"""Code books: what a term means, what it meant before, and two who define it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dalil.web.frame.say import say
from web.describing.written import terms

if TYPE_CHECKING:
    from web.rooms import Desk

TERM = {
    "book": "conduct", "key": "fall", "name_en": "Somebody falls", "name_ar": "سقوط شخص",
    "definition_en": "A body reaches the ground.", "definition_ar": "جسد يبلغ الأرض.",
    "since": "2026-05", "severity": "3", "see": "restricted", "revises": "0",
}  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_code_book_is_read_in_both_languages(desk: Desk, lang: str) -> None:
    told = terms(desk)
    rima = desk.client("rima")
    assert "conduct" in rima.get(f"/{lang}/describing/books/").content.decode()
    page = rima.get(f"/{lang}/describing/book/conduct/").content.decode()
    for each in told:
        assert (each.name_en or "") in page
        assert (each.name_ar or "") in page


def test_a_term_is_written_once_however_often_the_form_is_sent(desk: Desk) -> None:
    rima = desk.client("rima")
    for _ in range(2):
        said = rima.post("/en/describing/books/new/", TERM | {"once": "one"})
        assert said.status_code == 302
    page = rima.get("/en/describing/book/conduct/")
    assert [each.key for each in page.context["page"].terms] == ["fall"]


def test_a_new_definition_leaves_the_earlier_one_readable(desk: Desk) -> None:
    term = terms(desk)[0]
    rima = desk.client("rima")
    anew = TERM | {"key": term.key, "definition_en": "Otherwise.", "revises": "1", "once": "two"}
    assert rima.post(f"/en/describing/term/{term.id}/define/", anew).status_code == 302
    past = rima.get(f"/en/describing/term/{term.id}/").context["page"].past
    assert [each.definition_en for each in past] == ["Otherwise.", term.definition_en]


def test_the_second_of_two_who_define_a_term_sees_both_and_loses_nothing(desk: Desk) -> None:
    term = terms(desk)[0]
    first = TERM | {"key": term.key, "definition_en": "The first.", "revises": "1", "once": "a"}
    desk.client("rima").post(f"/en/describing/term/{term.id}/define/", first)
    second = first | {"definition_en": "The second.", "once": "b"}
    idris = desk.client("idris")
    page = idris.post(f"/en/describing/term/{term.id}/define/", second)
    assert page.status_code == 409
    shown = page.content.decode()
    assert "The first." in shown
    assert "The second." in shown
    again = second | {"revises": page.context["page"].form.data["revises"], "once": "c"}
    assert idris.post(f"/en/describing/term/{term.id}/define/", again).status_code == 302


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"book": "A B"}, ""),
        ({"since": "last spring"}, "since"),
        ({"name_en": "", "name_ar": ""}, "name"),
    ],
)
def test_a_term_that_cannot_be_is_refused_beside_what_was_typed(
    desk: Desk, typed: dict[str, str], told: str
) -> None:
    page = desk.client("rima").post("/ar/describing/books/new/", TERM | typed | {"once": "d"})
    assert page.status_code == 422
    assert told in page.content.decode()
    assert say("ar", "frame.wrong-typed") in page.content.decode()


def test_whoever_may_only_read_defines_nothing(desk: Desk) -> None:
    term = terms(desk)[0]
    for who in ("omar", "lina", "ghassan"):
        client = desk.client(who)
        assert client.get("/en/describing/books/new/").status_code == 403
        posted = client.post(f"/en/describing/term/{term.id}/define/", TERM | {"once": "e"})
        assert posted.status_code == 403
