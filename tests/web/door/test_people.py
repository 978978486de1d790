from typing import Any

import pytest
from django.test import Client

from dalil.errors import NoSuchThing
from dalil.ledger import people
from dalil.ledger.keyring import ScryptCost, holders, recovery_sheet, unlock
from dalil.ledger.ledger import Draft, Ledger
from dalil.ledger.people import Person
from dalil.ledger.standing.machine import add_machine
from dalil.web.door.models import Account, Invitation
from dalil.web.door.pages.inviting import TRIES
from web.door.coming_in import sign_in, token
from web.rooms import CAST, Desk

PEOPLE, INVITE = "/en/door/people/", "/en/door/people/invite/"
CHEAP = ScryptCost(n=2)
WORDS = "four words of another kind"


def _roster(desk: Desk) -> people.Roster:
    return Ledger.open(desk.archive).roster()


def _named(desk: Desk, name: str) -> Person:
    return _roster(desk).named(name)


def _invited(keeper: Client, name: str = "Nadia N.", role: str = "reviewer") -> tuple[str, str]:
    """Return the path of an invitation, and its code."""
    said = {"name": name, "role": role, "once": token(keeper, INVITE)}
    answer = keeper.post(INVITE, said)
    assert answer.status_code == 302
    shown = keeper.get(answer.headers["Location"]).context["page"]
    assert shown.code
    return shown.address.replace("http://testserver", ""), shown.code


def _come(path: str, code: str, passphrase: str = WORDS) -> Any:  # noqa: ANN401 - an answer
    return Client().post(path, {"code": code, "new": passphrase, "again": passphrase})


def _let_in(keeper: Client, place: str) -> None:
    path = f"{INVITE}{place}/let-in/"
    assert keeper.post(path, {"once": token(keeper, PEOPLE)}).status_code == 302


def test_somebody_is_asked_in_chooses_a_passphrase_and_is_let_in(desk: Desk) -> None:
    keeper = desk.client("salma")
    path, code = _invited(keeper)
    assert _come(path, code).headers["Location"] == path
    newcomer = Client()
    said = {"name": "Nadia N.", "passphrase": WORDS}
    assert newcomer.post("/en/door/login/", said).status_code == 422
    with pytest.raises(NoSuchThing):
        _named(desk, "Nadia N.")
    [asked] = keeper.get(PEOPLE).context["page"].asked
    assert asked.fingerprint == Client().get(path).context["page"].fingerprint != ""
    _let_in(keeper, asked.place)
    assert newcomer.post("/en/door/login/", said).status_code == 302
    nadia = unlock(desk.archive, WORDS.encode(), "Nadia N.")
    Ledger.open(desk.archive).append([Draft("told", {"accession": "a", "hop": 0})], nadia)
    entry = Ledger.open(desk.archive).act(_named(desk, "Nadia N.").since)
    assert entry.act.opened()["reason"] == "added by a keeper"
    assert Ledger.open(desk.archive).check().findings == ()
    assert not Invitation.objects.exists()


def test_a_fall_between_the_act_and_the_row_introduces_nobody_twice(desk: Desk) -> None:
    keeper = desk.client("salma")
    path, code = _invited(keeper)
    _come(path, code)
    asked = Invitation.objects.get()
    people.introduce(Ledger.open(desk.archive), desk.signer("salma"), asked.person_id)
    _let_in(keeper, asked.place)
    assert not Invitation.objects.exists()
    assert Ledger.open(desk.archive).check().findings == ()


def test_a_machine_does_not_sit_at_the_desk(desk: Desk) -> None:
    words = b"night walks alone"
    add_machine(Ledger.open(desk.archive), desk.signer("salma"), "Night", ["checked"], words, CHEAP)
    said = {"name": "Night", "passphrase": words.decode()}
    assert Client().post("/en/door/login/", said).status_code == 422
    assert "checked" in desk.client("salma").get(PEOPLE).content.decode()


def test_the_desk_keeps_neither_code_nor_key_of_an_invitation(desk: Desk) -> None:
    keeper = desk.client("salma")
    path, code = _invited(keeper)
    kept = repr(keeper.session.items()) + repr(Invitation.objects.values())
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert desk.signer("salma").archive_key not in bytes(Invitation.objects.get().sealed)
    # Handed over, it is shown no more; and to another keeper never.
    address = f"{INVITE}{path.rstrip('/').rpartition('/')[2]}/"
    keeper.post(address)
    assert keeper.get(address).context["page"].code is None
    _come(path, code)
    assert bytes(Invitation.objects.get().sealed) == b""


def test_a_wrong_code_makes_no_key_and_ten_of_them_end_the_invitation(desk: Desk) -> None:
    path, code = _invited(desk.client("salma"))
    before = len(list(holders(desk.archive)))
    for _ in range(TRIES):
        assert _come(path, "0" * 20).status_code == 422
    assert _come(path, code).status_code == 200
    assert "no longer valid" in Client().get(path).content.decode()
    assert len(list(holders(desk.archive))) == before


def test_an_invitation_is_taken_once(desk: Desk) -> None:
    path, code = _invited(desk.client("salma"))
    assert _come(path, code).status_code == 302
    assert _come(path, code, "another passphrase").status_code == 200
    unlock(desk.archive, WORDS.encode(), "Nadia N.")


def test_a_code_may_be_typed_in_any_hand(desk: Desk) -> None:
    path, code = _invited(desk.client("salma"))
    assert _come(path, code.lower().replace("-", " ").replace("0", "o")).status_code == 302


def test_an_invitation_taken_back_takes_the_key_along(desk: Desk) -> None:
    keeper = desk.client("salma")
    path, code = _invited(keeper)
    _come(path, code)
    place = Invitation.objects.get().place
    keeper.post(f"{INVITE}{place}/withdraw/")
    assert "Nadia N." not in {each.name for each in holders(desk.archive)}
    assert Client().get(path).status_code == 404


def test_a_form_sent_twice_asks_in_once(desk: Desk) -> None:
    keeper = desk.client("salma")
    said = {"name": "Nadia N.", "role": "reviewer", "once": token(keeper, INVITE)}
    first, second = (keeper.post(INVITE, said).headers["Location"] for _ in range(2))
    assert first == second
    assert Invitation.objects.count() == 1
    said["once"] = token(keeper, INVITE)
    assert keeper.post(INVITE, said).status_code == 422


def test_nobody_is_asked_in_as_what_there_is_not(desk: Desk) -> None:
    keeper = desk.client("salma")
    said = {"name": "Nadia N.", "role": "reviewer", "once": token(keeper, INVITE)}
    for typed in ({"role": "machine"}, {"role": "king"}, {"name": "  "}):
        assert keeper.post(INVITE, {**said, **typed}).status_code == 422
    assert not Invitation.objects.exists()


def test_a_role_and_a_clearance_are_acts_with_a_reason(desk: Desk) -> None:
    keeper, rima = desk.client("salma"), desk.client()
    sign_in(rima, "rima")
    who = _named(desk, "Rima S.")
    path = f"{PEOPLE}{who.person_id}/"

    def give(what: str, value: str, reason: str) -> int:
        said = {"do": what, what: value, "reason": reason, "once": token(keeper, path)}
        return int(keeper.post(path, said).status_code)

    assert give("clearance", "sealed", " ") == 422
    assert give("clearance", "everything", "why") == 422
    assert give("clearance", "sealed", "leads the case of the bakery") == 302
    assert _named(desk, "Rima S.").clearance == "sealed"
    assert rima.get("/en/door/own/").status_code == 200
    assert Account.objects.get(name="Rima S.").clearance == "sealed"
    assert give("role", "investigator", "weighs from now on") == 302
    said = keeper.get(path).content.decode()
    assert "leads the case of the bakery" in said
    assert "weighs from now on" in said
    # Who had another role has to come in anew.
    assert rima.get("/en/door/own/").status_code == 302
    sign_in(rima, "rima")
    assert Account.objects.get(name="Rima S.").role == "investigator"


def test_revoking_ends_the_stay_and_the_key(desk: Desk) -> None:
    keeper, rima = desk.client("salma"), desk.client()
    sign_in(rima, "rima")
    path = f"{PEOPLE}{_named(desk, 'Rima S.').person_id}/"
    said = {"do": "revoke", "reason": "left the team", "once": token(keeper, path)}
    assert keeper.post(path, said).status_code == 302
    assert rima.get("/en/door/own/").status_code == 302
    assert sign_in(rima, "rima").status_code == 422
    assert "Rima S." in {p.name for p in keeper.get(PEOPLE).context["page"].gone}


def test_the_last_keeper_is_told_that_there_has_to_be_one(desk: Desk) -> None:
    keeper = desk.client("salma")
    path = f"{PEOPLE}{_named(desk, 'Salma H.').person_id}/"
    said = {"do": "revoke", "reason": "tired", "once": token(keeper, path)}
    assert keeper.post(path, said).status_code == 403
    assert _named(desk, "Salma H.").active


def test_only_keepers_come_near_the_people(desk: Desk) -> None:
    keeper = desk.client("salma")
    path, code = _invited(keeper)
    _come(path, code)
    place = Invitation.objects.get().place
    person = _named(desk, "Salma H.").person_id
    for who in [who for who, (_, role) in CAST.items() if role != "keeper"]:
        client = desk.client(who)
        for asked in (PEOPLE, INVITE, f"{INVITE}{place}/", f"{PEOPLE}{person}/", "/en/door/sheet/"):
            assert client.get(asked).status_code == 403
        for sent in (INVITE, f"{INVITE}{place}/let-in/", f"{INVITE}{place}/withdraw/",
                     f"{PEOPLE}{person}/", "/en/door/sheet/kept/"):  # fmt: skip
            said = {"once": "x", "do": "revoke", "reason": "x", "name": "X", "role": "keeper"}
            assert client.post(sent, said).status_code == 403
    assert Invitation.objects.count() == 1
    assert len(_roster(desk).active()) == len(CAST)


def test_somebody_who_is_not_there_is_not_found(desk: Desk) -> None:
    assert desk.client("salma").get(f"{PEOPLE}{'0' * 32}/").status_code == 404
    assert Client().get("/en/door/invited/0000000000000000/").status_code == 404


def test_the_sheet_makes_a_new_key_and_the_log_says_so(desk: Desk) -> None:
    code = recovery_sheet(desk.signer("salma"), desk.archive).code
    rima = desk.client()
    sign_in(rima, "rima")
    said = {"name": "Rima S.", "sheet": code.lower(), "new": WORDS, "again": WORDS}
    swapped = " ".join(reversed(code.split()))
    for wrong in ({"sheet": swapped}, {"sheet": "x"}, {"name": "Nobody N."}):
        answer = Client().post("/en/door/recover/", {**said, **wrong})
        assert answer.status_code == 422
        assert "No key can be made here" in answer.content.decode()
    assert rima.get("/en/door/own/").status_code == 200
    assert Client().post("/en/door/recover/", said).status_code == 302
    assert rima.get("/en/door/own/").status_code == 302
    assert sign_in(Client(), "rima").status_code == 422
    assert sign_in(Client(), "rima", WORDS).status_code == 302
    acts = [
        entry.act.opened()["reason"] for entry in Ledger.open(desk.archive).acts("person-added")
    ]
    assert acts[-1] == "recovery sheet"
    assert Ledger.open(desk.archive).check().findings == ()


@pytest.mark.usefixtures("desk")
def test_a_sheet_is_guessed_no_more_than_five_times() -> None:
    said = {"name": "Rima S.", "sheet": "x", "new": WORDS, "again": WORDS}
    answers = [Client().post("/en/door/recover/", said).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
