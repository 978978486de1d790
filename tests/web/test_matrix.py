"""Who may call which address: every role, every address; a new one that says nothing fails here."""

from __future__ import annotations

import pytest
from django.test import Client

from dalil.web.frame.access import ALL, RIGHTS
from web.addresses import NOT_SAID, Address, addresses, path_of, samples
from web.rooms import CAST, Desk

NOBODY = Client


def test_every_address_says_which_right_it_asks_for() -> None:
    silent = [each.name for each in addresses() if each.right == NOT_SAID]
    assert silent == []
    assert {each.right for each in addresses()} <= ALL | {None}


def test_what_needs_no_login_is_the_door_and_light_and_dark_alone() -> None:
    free = {each.name for each in addresses() if each.right is None}
    assert all(name == "theme" or name.startswith("door:") for name in free), free


def asked(client: Client, address: Address, given: dict[str, str], method: str) -> int:
    """Return the status with which an address answers."""
    call = client.get if method == "GET" else client.post
    return call(path_of(address, given)).status_code


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_comes_in_without_a_login(desk: Desk, method: str) -> None:
    given = samples(desk)
    wrong = {}
    for each in addresses():
        if each.right is not None:
            status = asked(Client(), each, given, method)
            if status not in {302, 401, 403}:
                wrong[each.name] = status
    assert wrong == {}


@pytest.mark.parametrize("who", [who for who in CAST if who != "salma"])
def test_a_role_calls_only_what_its_rights_name(desk: Desk, who: str) -> None:
    given, client = samples(desk), desk.client(who)
    rights = RIGHTS[CAST[who][1]]
    wrong = {}
    for each in addresses():
        if each.right is not None and each.right not in rights:
            for method in ("GET", "POST"):
                status = asked(client, each, given, method)
                if status != 403:
                    wrong[each.name, method] = status
    assert wrong == {}


@pytest.mark.parametrize("who", ["salma", "ghassan"])
def test_no_address_ends_in_a_fault_of_ours(desk: Desk, who: str) -> None:
    given, client = samples(desk), desk.client(who)
    faults = {}
    for each in addresses():
        if each.name in {"door:logout", "door:lock", "door:leave", "door:end"}:
            continue
        status = asked(client, each, given, "GET")
        if status >= 500 and status != 503:
            faults[each.name] = status
    assert faults == {}
