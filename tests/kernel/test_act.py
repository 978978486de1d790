"""An act can be shown in part; whoever changes a byte of it is found out."""

import base64
import hashlib
import json
from itertools import count

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import Malformed, Refusal, SignatureBroken
from dalil.kernel import canonical
from dalil.kernel.act import (
    Act,
    check_by,
    check_form,
    check_issuer,
    draft_act,
    entry_of,
    parse_presentation,
    visible_of,
    withheld_count,
)
from dalil.kernel.canonical import Json
from dalil.kernel.disclosure import b64url, from_b64url

ARCHIVE = Ed25519PrivateKey.from_private_bytes(b"a" * 32)
PERSON = Ed25519PrivateKey.from_private_bytes(b"p" * 32)
ARCHIVE_KEY = ARCHIVE.public_key().public_bytes_raw()
PERSON_KEY = PERSON.public_key().public_bytes_raw()
FIELDS: dict[str, Json] = {"time": "2026-01-01T00:00:00Z", "item": "ab" * 16, "to": ["محكمة", 1]}


def drawn(fields: dict[str, Json] | None = None, **visible: Json) -> Act:
    """Draft an act whose randomness is a counter, so that it is the same each time."""
    turn = count()
    return draft_act(
        "given-out",
        FIELDS if fields is None else fields,
        visible=visible,
        archive_key=ARCHIVE,
        person_key=PERSON,
        entropy=lambda n: hashlib.shake_256(str(next(turn)).encode()).digest(n),
    )


ACT = drawn(tree_root="cd")


def test_an_act_of_known_randomness_is_always_the_same() -> None:
    assert hashlib.sha256(ACT.presentation().encode()).hexdigest() == (
        "239728eb3c72422d502d25fc46ce4f980ff80d9d8fd510ddcb4e011c3cd2e35a"
    )


def test_an_act_is_what_the_format_page_says() -> None:
    header, payload, signature = ACT.jwt.split(".")
    assert from_b64url(header) == b'{"alg":"EdDSA","typ":"dalil-act+sd-jwt"}'
    signed = f"{header}.{payload}".encode()
    ARCHIVE.public_key().verify(from_b64url(signature), signed)
    value = json.loads(from_b64url(payload))
    assert from_b64url(payload) == canonical.encode(value)
    assert set(value) == {"v", "type", "nonce", "_sd_alg", "_sd", "tree_root"}
    assert (value["v"], value["type"], value["_sd_alg"]) == (1, "given-out", "sha-256")
    assert len(from_b64url(value["nonce"])) == 32
    assert value["_sd"] == sorted(value["_sd"])
    assert len(value["_sd"]) == 16
    digests = {b64url(hashlib.sha256(each.encode()).digest()) for each in ACT.disclosures}
    assert digests <= set(value["_sd"])
    for each in ACT.disclosures:
        salt, name, _ = json.loads(from_b64url(each))
        assert len(from_b64url(salt)) == 16
        assert name in {*FIELDS, "by"}


def test_a_person_signs_the_payload_without_their_own_digest() -> None:
    opened = {json.loads(from_b64url(each))[1]: each for each in ACT.disclosures}
    by = json.loads(from_b64url(opened["by"]))[2]
    payload = json.loads(from_b64url(ACT.jwt.split(".")[1]))
    payload["_sd"].remove(b64url(hashlib.sha256(opened["by"].encode()).digest()))
    digest = base64.b64encode(hashlib.sha256(canonical.encode(payload)).digest())
    PERSON.public_key().verify(from_b64url(by["sig"]), b"act-by/v1\n" + digest + b"\n")
    assert from_b64url(by["key"]) == PERSON_KEY


def test_the_log_entry_is_62_bytes_over_the_act_without_its_fields() -> None:
    entry = entry_of(ACT.jwt)
    commitment = base64.b64encode(hashlib.sha256(ACT.jwt.encode()).digest())
    assert entry == b"custody-entry/v1\n" + commitment + b"\n"
    assert len(entry) == 62
    assert entry_of(parse_presentation(ACT.presentation([])).jwt) == entry


@pytest.mark.parametrize("fields", [0, 1, 14, 15, 16, 31])
def test_decoys_hide_how_many_fields_there_are(fields: int) -> None:
    act = drawn({f"f{i}": i for i in range(fields)})
    shown = len(act.payload["_sd"])
    assert shown % 16 == 0
    assert shown - (fields + 1) < 16
    assert withheld_count(act, []) == shown


@given(st.sets(st.sampled_from([*FIELDS, "by"])))
def test_any_choice_of_fields_opens_and_the_rest_stays_closed(names: set[str]) -> None:
    act = parse_presentation(ACT.presentation(names))
    check_issuer(act, ARCHIVE_KEY)
    assert check_by(act) == (PERSON_KEY if "by" in names else None)
    assert act.opened() == {name: FIELDS[name] for name in names - {"by"}}
    assert visible_of(act) == {"tree_root": "cd"}
    text = act.presentation() + str(json.loads(from_b64url(act.jwt.split(".")[1])))
    for name in set(FIELDS) - names:
        assert str(FIELDS[name]) not in text


def test_an_act_under_another_archive_is_broken() -> None:
    with pytest.raises(SignatureBroken):
        check_issuer(ACT, PERSON_KEY)
    with pytest.raises(SignatureBroken):
        check_issuer(ACT, b"\0" * 31)


@given(st.data())
def test_one_changed_character_is_refused(data: st.DataObject) -> None:
    text = ACT.presentation()
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
    if other == text[at]:
        return
    with pytest.raises(Refusal):
        _read(text[:at] + other + text[at + 1 :])


def _read(text: str) -> None:
    act = parse_presentation(text)
    check_issuer(act, ARCHIVE_KEY)
    if check_by(act) is None or len(act.disclosures) != len(ACT.disclosures):
        raise Malformed("less than was given")


def test_fields_of_another_act_and_doubled_ones_are_refused() -> None:
    other = drawn({"time": "2027-01-01T00:00:00Z"})
    for wrong in (
        Act(ACT.jwt, (*ACT.disclosures, other.disclosures[0])),
        Act(ACT.jwt, (*ACT.disclosures, ACT.disclosures[0])),
        Act(other.jwt, ACT.disclosures),
    ):
        with pytest.raises(Malformed):
            check_form(wrong)


def test_a_field_cannot_hide_behind_a_visible_one() -> None:
    with pytest.raises(Malformed):
        check_form(drawn({"tree_root": "x"}, tree_root="y"))


@pytest.mark.parametrize("name", ["v", "type", "nonce", "_sd", "_sd_alg", "by", "...", "cnf"])
def test_reserved_names_are_refused(name: str) -> None:
    for fields, visible in (({name: 1}, {}), ({}, {name: 1})):
        with pytest.raises(Malformed):
            drawn(fields, **visible)


@pytest.mark.parametrize(
    "untrusted",
    [
        "",
        "~",
        "a.b.c~",
        "a.b~",
        ACT.jwt,
        ACT.presentation()[:-1],
        ACT.presentation() + "~",
        ACT.presentation() + "é~",
        ACT.presentation().replace(".", "..", 1),
        ACT.presentation() + "x" * (1 << 20) + "~",
    ],
)
def test_what_is_no_act_is_refused(untrusted: str) -> None:
    with pytest.raises(Malformed):
        parse_presentation(untrusted)


def _signed(payload: Json, header: str = "") -> str:
    head = header or ACT.jwt.split(".")[0]
    signing = f"{head}.{b64url(canonical.encode(payload))}"
    return f"{signing}.{b64url(ARCHIVE.sign(signing.encode()))}~"


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": "1"},
        {"v": True},
        {"type": 7},
        {"type": "Given Out"},
        {"nonce": "AAAA"},
        {"nonce": None},
        {"_sd_alg": "sha-512"},
        {"_sd": "x"},
        {"_sd": [1]},
        {"_sd": ["a", "a"]},
        {"_sd": None},
    ],
)
def test_a_payload_without_its_fixed_fields_is_refused_even_when_signed(
    change: dict[str, Json],
) -> None:
    with pytest.raises(Malformed):
        parse_presentation(_signed(ACT.payload | change))


def test_another_algorithm_in_the_header_is_refused() -> None:
    for alg in ("none", "HS256", "ES256"):
        header = b64url(canonical.encode({"alg": alg, "typ": "dalil-act+sd-jwt"}))
        with pytest.raises(Malformed):
            parse_presentation(_signed(ACT.payload, header))


def test_a_payload_that_is_no_object_is_refused() -> None:
    payloads: list[Json] = [[], "x", 7, None]
    for payload in payloads:
        with pytest.raises(Malformed):
            parse_presentation(_signed(payload))
