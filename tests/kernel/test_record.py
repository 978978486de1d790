"""A record within an act: each field opens alone, and nothing else shows."""

import base64
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import Malformed
from dalil.kernel.disclosure import b64url, digest_of, from_b64url
from dalil.kernel.record import commit, leaf_of, parse_presentation

SEED = bytes(range(32))
FIELDS = {"kind": "source", "id": "0" * 32, "title": "حي التضامن", "published": "2022-04-27"}
NAMES = st.text("abcdefghij_", min_size=1, max_size=8).filter(lambda n: n not in ("_sd", "v"))
VALUES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.booleans(),
    st.lists(st.text("ab", max_size=3), max_size=3),
)
DOCUMENTS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=20)


def test_a_known_seed_gives_known_bytes() -> None:
    """Absolute: whoever writes this anew from spec/custody.md must come to the same leaf."""
    commitment = commit(FIELDS, SEED)
    digest = hashlib.sha256(commitment.payload).hexdigest()
    assert digest == "a185b9ecc77d1d43338bc0ef401fe955d992ee94a7575c3b1b21bb3dcfcdfea4"
    assert (
        commitment.leaf.hex() == "5e4a85489c512efc800c4735d7d6dde006cd1c3acb6b1a00e77dfabc78c3650c"
    )


def test_the_leaf_follows_from_the_page_alone() -> None:
    drawn = hashlib.shake_256(b"dalil/record/v1\0" + SEED).digest(4 * 16 + 12 * 32)
    disclosures = []
    for i, name in enumerate(sorted(FIELDS)):
        salt = b64url(drawn[16 * i : 16 * (i + 1)])
        text = json.dumps([salt, name, FIELDS[name]], ensure_ascii=False, separators=(",", ":"))
        disclosures.append(base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))
    digests = [hashlib.sha256(each.encode()).digest() for each in disclosures]
    digests += [drawn[64 + 32 * i : 64 + 32 * (i + 1)] for i in range(12)]
    sorted_digests = sorted(base64.urlsafe_b64encode(d).decode().rstrip("=") for d in digests)
    payload = json.dumps(
        {"_sd": sorted_digests, "_sd_alg": "sha-256", "v": 1}, separators=(",", ":")
    ).encode()
    entry = b"record/v1\n" + base64.b64encode(hashlib.sha256(payload).digest()) + b"\n"
    commitment = commit(FIELDS, SEED)
    assert commitment.disclosures == tuple(disclosures)
    assert commitment.payload == payload
    assert commitment.leaf == hashlib.sha256(b"\0" + entry).digest()


@given(DOCUMENTS, st.binary(min_size=32, max_size=32), st.data())
def test_any_choice_of_fields_opens_and_no_other_shows(
    fields: dict[str, object], seed: bytes, data: st.DataObject
) -> None:
    commitment = commit(fields, seed)
    names = data.draw(st.sets(st.sampled_from(sorted(fields))))
    payload, opened = parse_presentation(commitment.presentation(names))
    assert leaf_of(payload) == commitment.leaf
    assert opened == {name: fields[name] for name in names}
    hidden = [d for d in commitment.disclosures if json.loads(from_b64url(d))[1] not in names]
    shown = commitment.presentation(names)
    assert not any(each in shown for each in hidden)


@given(DOCUMENTS, st.binary(min_size=32, max_size=32))
def test_how_many_fields_there_are_does_not_show(fields: dict[str, object], seed: bytes) -> None:
    digests = json.loads(commit(fields, seed).payload)["_sd"]
    assert len(digests) % 16 == 0
    assert digests == sorted(digests)


def test_the_same_fields_under_another_seed_are_another_leaf() -> None:
    assert commit(FIELDS, SEED).leaf != commit(FIELDS, bytes(32)).leaf


def test_a_field_that_was_never_committed_to_is_refused() -> None:
    shown = commit(FIELDS, SEED).presentation(["kind"])
    foreign = commit({"title": "another"}, SEED).disclosures[0]
    with pytest.raises(Malformed, match="does not commit"):
        parse_presentation(shown + foreign + "~")


@pytest.mark.parametrize(
    "bad",
    ["", "~", "e30~", "abc", "W10~", "eyJfc2QiOltdLCJfc2RfYWxnIjoic2hhLTI1NiIsInYiOnRydWV9~"],
)
def test_another_form_is_refused(bad: str) -> None:
    with pytest.raises(Malformed):
        parse_presentation(bad)


def test_reserved_names_and_short_seeds_are_refused() -> None:
    with pytest.raises(Malformed):
        commit({"_sd": "x"}, SEED)
    with pytest.raises(Malformed):
        commit(FIELDS, b"short")


def test_a_digest_is_taken_over_the_disclosure_as_text() -> None:
    commitment = commit(FIELDS, SEED)
    digests = json.loads(commitment.payload)["_sd"]
    assert all(b64url(digest_of(each)) in digests for each in commitment.disclosures)
