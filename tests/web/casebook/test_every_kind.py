"""Every kind of record has its page at the desk, in both languages, without a name of ours."""

from __future__ import annotations

import re

from casebook.the_dead import CASE, canaries, rid, the_dead
from web.rooms import Desk

TAGS = re.compile(r"<(script|style|nav|footer)\b.*?</\1>|<[^>]+>", re.DOTALL)
OWN = re.compile(r"<(bdi|code|option|textarea)\b[^>]*>.*?</\1>|<input[^>]*>", re.DOTALL)
RAW = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b|\{\w+\}")
FORMS = (
    "source", "entity", "name", "proposition", "assertion", "relation", "judgement", "position",
    "site_state", "warning", "precision", "remains", "identification",
)  # fmt: skip


def own_words(html: str) -> str:
    """Return what a page says itself: no quotation, no name of a field in an address."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", TAGS.sub(" ", OWN.sub(" ", main)))


def test_every_kind_has_a_page_and_a_form_in_words(desk: Desk) -> None:
    desk.casebook.write(list(the_dead().values()), desk.signer("salma"))
    one_of_each = {each.kind: each.id for each in the_dead().values()}
    for lang in ("en", "ar"):
        client = desk.client("layla", lang)
        pages = [f"record/{id_}/" for id_ in one_of_each.values()]
        pages += [f"record/{one_of_each['recognition']}/revisions/", f"case/{CASE}/"]
        for path in (*pages, f"case/{CASE}/list/site/"):
            answer = client.get(f"/{lang}/casebook/{path}", follow=True)
            assert answer.status_code == 200, path
            said = own_words(answer.content.decode())
            assert len(said) > 20
            assert RAW.findall(said) == [], (path, said)
        client = desk.client("idris", lang)
        for kind in FORMS:
            answer = client.get(f"/{lang}/casebook/new/{kind}/?case={CASE}")
            assert answer.status_code == 200, kind
            html = answer.content.decode()
            assert RAW.findall(own_words(html)) == [], kind
            shown = re.findall(r"<option value=\"(\w*_\w*)\"[^>]*>([^<]*)</option>", html)
            assert [value for value, said in shown if value == said.strip()] == [], kind


def test_what_is_sealed_is_on_no_page_of_whoever_may_not_see_it(desk: Desk) -> None:
    told = the_dead("sealed")
    desk.casebook.write(list(told.values()), desk.signer("salma"))
    client = desk.client("idris")
    marks = [mark for each in told.values() if each.see == "sealed" for mark in canaries(each)]
    marks += ["33.505071", "33505071", "36.305071", "thirty"]
    for key, record in told.items():
        answer = client.get(f"/en/casebook/record/{rid(key)}/", follow=True)
        assert answer.status_code in (200, 404)
        assert record.see != "sealed" or answer.status_code == 404, key
        html = answer.content.decode()
        assert [mark for mark in marks if mark in html] == [], key
    for path in (f"case/{CASE}/", f"case/{CASE}/list/site/", f"case/{CASE}/worth-a-look/"):
        html = client.get(f"/en/casebook/{path}", follow=True).content.decode()
        assert [mark for mark in marks if mark in html] == [], path
