"""A form that is sent twice is done once; what was typed is never lost."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory

from dalil.errors import UsageRefused
from dalil.web.frame.models import Draft, Sent
from dalil.web.frame.once import forget_sent, once
from web.rooms import Desk


def posted(desk: Desk, who: str, **fields: str) -> HttpRequest:
    """Return a form that somebody sends."""
    request = RequestFactory().post("/", fields)
    request.user = desk.account(who)
    return request


def test_a_form_sent_twice_is_done_once_and_answers_alike(desk: Desk) -> None:
    done: list[int] = []

    @once
    def view(_request: HttpRequest) -> HttpResponse:
        done.append(1)
        return HttpResponseRedirect("/en/there/")

    answers = [view(posted(desk, "rima", once="t1")) for _ in range(3)]
    assert done == [1]
    assert {each.url for each in answers if isinstance(each, HttpResponseRedirect)} == {
        "/en/there/"
    }


def test_two_clicks_at_the_same_moment_are_one(desk: Desk) -> None:
    done: list[int] = []

    @once
    def view(_request: HttpRequest) -> HttpResponse:
        done.append(1)
        return HttpResponseRedirect("/en/there/")

    requests = [posted(desk, "rima", once="t2") for _ in range(4)]

    def click(request: HttpRequest) -> object:
        from django.db import connection

        try:
            return view(request).headers["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as clicks:
        assert set(clicks.map(click, requests)) == {"/en/there/"}
    assert done == [1]


def test_what_was_typed_wrongly_may_be_sent_again(desk: Desk) -> None:
    answers = iter([HttpResponse(status=422), HttpResponseRedirect("/done")])

    @once
    def view(_request: HttpRequest) -> HttpResponse:
        return next(answers)

    assert view(posted(desk, "rima", once="t3")).status_code == 422
    assert view(posted(desk, "rima", once="t3")).status_code == 302


def test_a_refusal_leaves_the_form_free_to_be_sent_again(desk: Desk) -> None:
    @once
    def view(_request: HttpRequest) -> HttpResponse:
        raise UsageRefused("not like this")

    with pytest.raises(UsageRefused):
        view(posted(desk, "rima", once="t4"))
    assert not Sent.objects.filter(token="t4").exists()


def test_what_was_kept_while_typing_is_forgotten_once_the_form_is_carried_out(desk: Desk) -> None:
    answers = iter([HttpResponse(status=422), HttpResponseRedirect("/done")])
    rima = desk.account("rima").person_id
    for key in ("this form", "another"):
        Draft.objects.create(person_id=rima, key=key, text="words")

    @once
    def view(_request: HttpRequest) -> HttpResponse:
        return next(answers)

    view(posted(desk, "rima", **{"once": "t5", "draft-key": "this form"}))
    assert Draft.objects.count() == 2
    view(posted(desk, "rima", **{"once": "t5", "draft-key": "this form"}))
    assert [each.key for each in Draft.objects.all()] == ["another"]


def test_a_form_without_a_token_is_not_carried_out(desk: Desk) -> None:
    @once
    def view(_request: HttpRequest) -> HttpResponse:
        raise AssertionError

    with pytest.raises(UsageRefused):
        view(posted(desk, "rima"))


def test_a_draft_is_kept_for_its_writer_alone(desk: Desk) -> None:
    rima, idris = desk.client("rima"), desk.client("idris")
    text = "يظهر في المقطع رجلان"
    rima.post("/draft/clip%201", text, content_type="text/plain; charset=utf-8")
    assert rima.get("/draft/clip%201").json() == {"text": text}
    assert idris.get("/draft/clip%201").json() == {"text": None}
    assert rima.delete("/draft/clip%201").status_code == 204
    assert not Draft.objects.exists()


@pytest.mark.usefixtures("desk")
def test_a_form_sent_after_the_session_ended_comes_back_with_every_field() -> None:
    answer = Client().post("/draft/x", {"text": 'two "quoted" <words>', "passphrase": "secret"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "two &quot;quoted&quot; &lt;words&gt;" in page
    assert "secret" not in page


@pytest.mark.usefixtures("desk")
def test_a_desk_that_opens_forgets_old_forms_and_those_that_nobody_is_doing() -> None:
    for token, answer in (("fresh", "/en/"), ("old", "/en/"), ("fallen", "")):
        Sent.objects.create(token=token, person_id="p", answer=answer)
    Sent.objects.filter(token="old").update(sent_at=datetime.now(UTC) - timedelta(days=2))
    forget_sent()
    assert [each.token for each in Sent.objects.all()] == ["fresh"]


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("name", ["old", "new", "again", "sheet", "code"])
def test_what_opens_something_is_never_written_into_a_page(name: str) -> None:
    answer = Client().post("/en/door/own/passphrase/", {name: "goes slowly home"})
    assert answer.status_code == 403
    assert "goes slowly home" not in answer.content.decode()


@pytest.mark.usefixtures("desk")
def test_a_form_from_another_site_is_not_kept() -> None:
    answer = Client().post(
        "/draft/x", {"text": "planted"}, headers={"origin": "https://elsewhere.test"}
    )
    assert "planted" not in answer.content.decode()


def test_every_form_of_a_page_carries_its_own_token() -> None:
    from dalil.web.frame.templatetags.desk import once as tag

    tokens = {re.search(r'value="([^"]+)"', tag())[1] for _ in range(20)}  # type: ignore[index]
    assert len(tokens) == 20
