"""A matrix by keyboard, and pages of the law that everybody can use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Proposition
from dalil.casebook.record.form import new_id
from dalil.casebook.record.law import Bearing, Hypothesis
from web.law.test_law import CASE, KILLED, supposed

if TYPE_CHECKING:
    from web.browsing import Browse

pytestmark = pytest.mark.browser
HERE = "document.activeElement.id"


def filled(browse: Browse) -> Hypothesis:
    """Write a supposition down with a claim for one element and one against another."""
    made = supposed(browse.desk)
    view = view_of("restricted")
    claims = [k.record.id for k in browse.desk.casebook.find(Proposition, view, case=CASE)]
    browse.desk.casebook.write(
        [
            Bearing(
                id=new_id(), hypothesis=made.id, element=element, bears=bears, case=CASE,
                proposition=claim, reasoning="كما ورد في القول",
            )
            for element, bears, claim in (
                (KILLED, "supports", claims[0]), ("28-a/knew", "undermines", claims[1]),
            )
        ],
        browse.desk.signer("idris"),
    )  # fmt: skip
    return made


def test_a_matrix_is_walked_and_a_claim_linked_without_a_mouse(browse: Browse) -> None:
    made = filled(browse)
    page = browse.open(f"law/hypothesis/{made.id}/", "idris")
    page.wait_for_function("Boolean(customElements.get('dalil-matrix'))")
    page.keyboard.press("j")
    assert page.evaluate(HERE) == "cahattack"
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    assert page.evaluate(HERE) == "cahpolicy"
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.dataset.state") == "empty"
    page.keyboard.press("l")
    page.wait_for_url("**/bear/?element=cah/scale")
    assert page.input_value("#id_element") == "cah/scale"
    browse.axe(page)


def test_pages_of_the_law_are_for_everybody_in_both_languages(browse: Browse) -> None:
    made = filled(browse)
    for path, name in (
        (f"law/hypothesis/{made.id}/", "law-matrix"),
        ("law/tree/rome/part/28-a/", "law-part"),
        ("law/", "law"),
    ):
        browse.shot(path, name, "idris")


def test_a_matrix_prints_without_what_is_for_the_screen(browse: Browse) -> None:
    made = filled(browse)
    page = browse.open(f"law/hypothesis/{made.id}/", "idris", "ar")
    page.emulate_media(media="print")
    assert page.locator(".keys").is_hidden()
    assert page.locator("a[data-bear]").first.is_hidden()
    assert page.locator(".element").first.is_visible()
