import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.test import Client

from dalil.ledger import people
from dalil.ledger.keyring import ScryptCost, add_holder, change_passphrase
from dalil.ledger.ledger import Ledger
from dalil.web.door.key import COOKIE
from dalil.web.door.models import Account, Stay
from dalil.web.door.stay import browser_of
from web.door.coming_in import LOGIN, sign_in, telephone, token
from web.rooms import Desk, passphrase

OWN = "/en/door/own/"


def _inside(client: Client) -> bool:
    return client.get(OWN).status_code == 200


def test_a_name_and_its_passphrase_let_a_person_in(desk: Desk) -> None:
    client = desk.client()
    assert not _inside(client)
    answer = sign_in(client, "rima")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/en/")
    assert "Rima S." in client.get(OWN).content.decode()
    account = Account.objects.get(name="Rima S.")
    assert (account.role, account.clearance) == ("reviewer", "restricted")
    assert account.password.startswith("argon2")


def test_a_wrong_passphrase_and_an_unknown_name_read_the_same(desk: Desk) -> None:
    for name in ("Rima S.", "Nobody N."):
        client = desk.client()
        answer = client.post(LOGIN, {"name": name, "passphrase": "x" * 20})
        assert answer.status_code == 422
        assert "open no key here" in answer.content.decode()
        assert not _inside(client)
        assert COOKIE not in client.cookies


def test_whatever_is_typed_gets_an_answer(desk: Desk) -> None:
    for typed in (
        {}, {"name": "Rima S."}, {"passphrase": "x"}, {"name": "\0", "passphrase": "\0"},
        {"name": "x" * 5000, "passphrase": "y" * 5000},
        {"name": "../../keys", "passphrase": "\ud800x"},
    ):  # fmt: skip
        sent = urlencode(
            {key: said.encode("utf-8", "surrogatepass") for key, said in typed.items()}
        )
        answer = desk.client().post(LOGIN, sent, "application/x-www-form-urlencoded")
        assert answer.status_code == 422


def test_the_key_leaves_in_a_cookie_that_no_script_and_no_other_site_can_use(desk: Desk) -> None:
    client = desk.client()
    cookie = sign_in(client, "rima").cookies[COOKIE]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Strict")
    assert cookie["max-age"] == "" == cookie["expires"]


def test_the_desk_alone_can_not_sign(desk: Desk) -> None:
    """All that lies on its disk, with a session that is still good, opens no key."""
    client = desk.client()
    sign_in(client, "salma")
    signer = desk.signer("salma")
    [session] = Session.objects.all()
    kept = repr(session.get_decoded()).encode() + b"".join(
        path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()
    )
    for secret in (signer.person_key.private_bytes_raw(), signer.archive_key, signer.item_secret):
        assert secret not in kept
        assert secret.hex().encode() not in kept
    assert client.cookies[COOKIE].value.encode() not in kept
    del client.cookies[COOKIE]
    invite = "/en/door/people/invite/"
    sent = {"name": "New N.", "role": "reviewer", "once": token(client, invite)}
    answer = client.post(invite, sent)
    assert answer.headers.get("Location", "").startswith("/en/door/unlock/") or (
        answer.status_code == 403
    )


def test_one_persons_key_does_not_open_anothers_stay(desk: Desk) -> None:
    salma, omar = desk.client(), desk.client()
    sign_in(salma, "salma")
    sign_in(omar, "omar")
    salma.cookies[COOKIE] = omar.cookies[COOKIE].value
    sent = {"name": "N.", "role": "reviewer", "once": token(salma, "/en/door/people/invite/")}
    assert "asked-in" not in salma.post("/en/door/people/invite/", sent).headers.get("Location", "")


def test_who_tries_too_often_waits_even_with_the_right_passphrase(desk: Desk) -> None:
    client = desk.client()
    for _ in range(5):
        assert sign_in(client, "rima", "wrong").status_code == 422
    assert sign_in(client, "rima").status_code == 429
    # From elsewhere too: it is the name that is tried.
    assert sign_in(Client(REMOTE_ADDR="127.0.0.2"), "rima").status_code == 429
    assert sign_in(desk.client(), "omar").status_code == 302


def test_one_address_that_tries_many_names_waits(desk: Desk) -> None:
    client = desk.client()
    answers = [
        client.post(LOGIN, {"name": f"N{i}", "passphrase": "wrong"}).status_code for i in range(22)
    ]
    assert (answers[0], answers[-1]) == (422, 429)


def test_one_comes_back_to_this_desk_only(desk: Desk) -> None:
    for after in (
        "https://elsewhere.invalid/",
        "//elsewhere.invalid",
        "javascript:0",
        "0",
        "/\\elsewhere.invalid",
        "\0/en/",
    ):
        assert sign_in(desk.client(), "rima", next=after).headers["Location"] == "/en/"
    assert sign_in(desk.client(), "omar", next=OWN).headers["Location"] == OWN


def test_a_second_factor_is_asked_for_and_a_code_is_good_once(desk: Desk) -> None:
    client = desk.client()
    sign_in(client, "rima")
    secret, codes = _set_up(client, "rima")
    assert len(codes) == 10
    again = desk.client()
    assert sign_in(again, "rima").headers["Location"] == "/en/door/second/"
    assert not _inside(again)
    assert again.post("/en/door/second/", {"code": "000000"}).status_code == 422
    used = telephone(secret, 1)
    assert again.post("/en/door/second/", {"code": used}).headers["Location"] == "/en/"
    assert _inside(again)
    third = desk.client()
    sign_in(third, "rima")
    assert third.post("/en/door/second/", {"code": used}).status_code == 422
    assert third.post("/en/door/second/", {"code": codes[3]}).status_code == 302
    assert _inside(third)
    fourth = desk.client()
    sign_in(fourth, "rima")
    assert fourth.post("/en/door/second/", {"code": codes[3]}).status_code == 422


def test_what_is_kept_of_a_second_factor_lies_sealed(desk: Desk) -> None:
    client = desk.client()
    sign_in(client, "rima")
    secret, codes = _set_up(client, "rima")
    kept = repr(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code in kept for code in codes)


def test_codes_are_guessed_no_more_than_five_times(desk: Desk) -> None:
    client = desk.client()
    sign_in(client, "rima")
    secret, _ = _set_up(client, "rima")
    again = desk.client()
    sign_in(again, "rima")
    for guess in range(6):
        again.post("/en/door/second/", {"code": f"{guess:06}"})
    assert (
        "Too many attempts"
        in again.post("/en/door/second/", {"code": telephone(secret, 1)}).content.decode()
    )
    assert not _inside(again)


def test_a_second_factor_goes_away_with_the_passphrase_only(desk: Desk) -> None:
    client = desk.client()
    sign_in(client, "rima")
    _set_up(client, "rima")
    away = "/en/door/own/second-factor/away/"
    assert client.post(away, {"passphrase": "wrong"}).status_code == 422
    assert Authenticator.objects.exists()
    assert client.post(away, {"passphrase": passphrase("rima")}).status_code == 302
    assert not Authenticator.objects.exists()


def test_who_does_nothing_for_half_an_hour_is_signed_out(
    desk: Desk, settings: LazySettings
) -> None:
    for name, seconds in (("door.seen", settings.DOOR_IDLE_SECONDS + 60),
                          ("door.since", settings.DOOR_LONGEST_SECONDS + 60)):  # fmt: skip
        client = desk.client()
        sign_in(client, "rima")
        assert _inside(client)
        session = client.session
        session[name] = int(time.time()) - seconds
        session.save()
        answer = client.get(OWN)
        assert answer.headers["Location"].startswith(LOGIN)
        assert answer.cookies[COOKIE]["expires"].startswith("Thu, 01 Jan 1970")
    assert not Stay.objects.exists()


def test_a_locked_desk_opens_with_the_passphrase_where_one_was(desk: Desk) -> None:
    client = desk.client()
    sign_in(client, "rima")
    assert client.post("/en/door/lock/").headers["Location"] == "/en/door/unlock/"
    assert client.get(OWN).headers["Location"] == f"{LOGIN}?next={OWN}"
    address = client.get(f"{LOGIN}?next={OWN}").headers["Location"]
    assert address.startswith("/en/door/unlock/?next=")
    assert "Rima S." in client.get(address).content.decode()
    assert client.post(address, {"passphrase": "wrong"}).status_code == 422
    assert not _inside(client)
    assert client.post(address, {"passphrase": passphrase("rima")}).headers["Location"] == OWN
    assert _inside(client)


def test_what_is_sent_to_a_locked_desk_is_kept_on_the_page(desk: Desk) -> None:
    client = desk.client()
    sign_in(client, "salma")
    client.post("/en/door/lock/")
    answer = client.post("/en/door/people/invite/", {"name": "Typed T.", "role": "lawyer"})
    assert answer.status_code == 403
    assert "Typed T." in answer.content.decode()


def test_leaving_ends_session_and_key_in_one_press(desk: Desk) -> None:
    client = desk.client()
    sign_in(client, "rima")
    answer = client.post("/en/door/leave/")
    assert answer.headers["Location"] == "/en/door/away/"
    assert answer.cookies[COOKIE].value == ""
    assert not _inside(client)
    assert not Session.objects.exists()


def test_leaving_asks_for_no_token_and_everything_else_does(desk: Desk) -> None:
    client = Client(enforce_csrf_checks=True)
    desk.log_in(client, "rima")
    for path in ("/en/door/lock/", "/en/door/logout/", "/en/door/own/passphrase/"):
        assert client.post(path).status_code == 403
    assert _inside(client)
    assert client.post("/en/door/leave/").status_code == 302
    assert not _inside(client)


def test_who_is_right_is_never_asked_to_wait(desk: Desk) -> None:
    client = desk.client("rima")
    for _ in range(8):
        client.post("/en/door/lock/")
        typed = {"passphrase": passphrase("rima")}
        assert client.post("/en/door/unlock/", typed).headers["Location"] == "/en/"
    client.post("/en/door/lock/")
    answers = [
        client.post("/en/door/unlock/", {"passphrase": "wrong"}).status_code for _ in range(6)
    ]
    assert answers == [422] * 5 + [429]


def test_a_key_file_that_a_fall_left_behind_keeps_nobody_out(desk: Desk) -> None:
    key = desk.signer("salma").archive_key
    add_holder(desk.archive, key, b"fell", "Rima S.", "reviewer", ScryptCost(n=2))
    assert sign_in(desk.client(), "rima", "fell").status_code == 422
    assert sign_in(desk.client(), "rima").status_code == 302


def test_a_stay_that_idleness_ended_is_not_listed_and_its_half_of_the_key_is_gone(
    desk: Desk, settings: LazySettings
) -> None:
    sign_in(desk.client(), "rima")
    late = timedelta(seconds=settings.DOOR_IDLE_SECONDS + 600)
    Stay.objects.update(seen_at=datetime.now(UTC) - late)
    [old] = Session.objects.values_list("session_key", flat=True)
    client = desk.client()
    sign_in(client, "rima")
    assert len(client.get(OWN).context["page"].stays) == 1
    assert not Session.objects.filter(session_key=old).exists()


def test_the_page_one_leaves_to_says_nothing_of_the_desk(desk: Desk) -> None:
    for lang in ("en", "ar"):
        said = desk.client("rima", lang).get(f"/{lang}/door/away/").content.decode()
        for told in ("Dalil", "دليل", "Rima", "csrf", "archive", "leave"):
            assert told not in said
        assert "<table" in said


def test_who_is_revoked_is_out_at_once(desk: Desk) -> None:
    client = desk.client()
    sign_in(client, "rima")
    people.revoke(Ledger.open(desk.archive), desk.signer("salma"), "Rima S.", "left")
    assert not _inside(client)
    assert sign_in(client, "rima").status_code == 422


def test_another_passphrase_ends_the_other_stays_and_keeps_this_one(
    desk: Desk, settings: LazySettings
) -> None:
    settings.DOOR_SCRYPT_N = 2
    here, there = desk.client(), desk.client()
    for client in (here, there):
        sign_in(client, "rima")
    change = "/en/door/own/passphrase/"
    new = "four words of another kind"
    for wrong in (
        {"old": "wrong", "new": new, "again": new},
        {"old": passphrase("rima"), "new": "short", "again": "short"},
        {"old": passphrase("rima"), "new": new, "again": new + "x"},
    ):
        assert here.post(change, wrong).status_code == 422
    said = {"old": passphrase("rima"), "new": new, "again": new}
    assert here.post(change, said).headers["Location"] == OWN
    assert _inside(here)
    assert not _inside(there)
    assert sign_in(there, "rima").status_code == 422
    assert sign_in(there, "rima", new).status_code == 302
    assert Stay.objects.count() == 2


def test_a_passphrase_changed_at_the_terminal_counts_at_the_desk(desk: Desk) -> None:
    old = desk.client()
    sign_in(old, "rima")
    change_passphrase(desk.archive, "Rima S.", passphrase("rima").encode(), b"another one")
    new = desk.client()
    assert sign_in(new, "rima", "another one").status_code == 302
    assert _inside(new)
    assert not _inside(old)


def test_one_ends_ones_own_stays_and_nobody_elses(desk: Desk) -> None:
    here, there, omar = desk.client(), desk.client(), desk.client()
    for client, who in ((here, "rima"), (there, "rima"), (omar, "omar")):
        sign_in(client, who)
    for stay in Stay.objects.all():
        if stay.session_key == there.session.session_key:
            assert omar.post(f"/en/door/own/stays/{stay.pk}/end/").status_code == 404
            assert here.post(f"/en/door/own/stays/{stay.pk}/end/").status_code == 302
    assert _inside(here)
    assert _inside(omar)
    assert not _inside(there)


def _set_up(client: Client, who: str) -> tuple[str, list[str]]:
    path = "/en/door/own/second-factor/"
    said = client.get(path)
    secret = client.session["mfa.totp.secret"]
    assert "data:image/svg+xml;base64," in said.content.decode()
    typed = {"code": telephone(secret), "passphrase": "wrong"}
    assert client.post(path, typed).status_code == 422
    answer = client.post(path, {**typed, "passphrase": passphrase(who)})
    assert answer.headers["Location"] == "/en/door/own/second-factor/codes/"
    page = client.get(answer.headers["Location"])
    codes = list(page.context["page"].codes)
    client.post(answer.headers["Location"], {"kept": "1"})
    assert not client.get(answer.headers["Location"]).context["page"].codes
    return secret, codes


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox · Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/140.0 Mobile Safari/537", "Chrome · Android"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18 Safari/604", "Safari · iPad"),
        ("<script>alert(1)</script>", "?"),
        ("", "?"),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(said: str, read: str) -> None:
    assert browser_of(said) == read


def test_the_account_holds_no_evidence_and_no_key(desk: Desk) -> None:
    sign_in(desk.client(), "rima")
    fields = {field.name for field in Account._meta.get_fields() if field.concrete}  # noqa: SLF001
    assert fields == {
        "id", "password", "last_login", "person_id", "name", "role", "clearance", "is_active",
        "sheet_due",
    }  # fmt: skip
    assert Path(desk.folder).stat().st_mode & 0o777 == 0o700
