"""RFC 8785 for the values that are allowed here, and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import Malformed
from dalil.kernel import canonical
from dalil.kernel.canonical import Json
from dalil.kernel.disclosure import (
    b64url,
    digest_of,
    disclose,
    from_b64url,
    open_disclosure,
)

texts = st.text(st.characters(codec="utf-8"), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda within: st.lists(within, max_size=4) | st.dictionaries(texts, within, max_size=4),
    max_leaves=12,
)


def test_names_are_sorted_as_rfc_8785_shows() -> None:
    # RFC 8785, section 3.2.3: by UTF-16 code units.
    names = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    encoded = canonical.encode(names)
    assert list(json.loads(encoded).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_texts_are_written_as_rfc_8785_shows() -> None:
    # RFC 8785, section 3.2.2.2.
    text = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"
    assert canonical.encode(text) == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()
    assert canonical.encode({"b": [1, None, True], "a": {}}) == b'{"a":{},"b":[1,null,true]}'


@given(values)
def test_a_value_comes_back_and_its_bytes_have_one_form(value: Json) -> None:
    encoded = canonical.encode(value)
    assert canonical.decode(encoded) == value
    assert canonical.encode(canonical.decode(encoded)) == encoded


@given(values)
def test_any_other_spelling_is_refused(value: Json) -> None:
    own = canonical.encode(value)
    for other in (json.dumps(value, indent=1), json.dumps(value) + " ", " " + json.dumps(value)):
        if other.encode() != own:
            with pytest.raises(Malformed):
                canonical.decode(other.encode())


@pytest.mark.parametrize(
    "untrusted",
    [
        b"",
        b"1.0",
        b"1e3",
        b"NaN",
        b"Infinity",
        b"-0",
        b"01",
        b"9007199254740992",
        b"-9007199254740992",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'"\\u0061"',
        b'"\\ud800"',
        b"\xff",
        b"\xef\xbb\xbf1",
        b'"a" ',
        b"[1,]",
        b"[" * 17 + b"1" + b"]" * 17,
        b"[" * 17 + b'"x"' + b"]" * 17,
        b"[" * 18 + b"]" * 18,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 10_000,
        b'"\\/"',
        b'"\x7f\x01"',
    ],
)
def test_what_is_not_canonical_ends_in_our_own_refusal(untrusted: bytes) -> None:
    with pytest.raises(Malformed):
        canonical.decode(untrusted)


@pytest.mark.parametrize(
    "value", [1.5, 2**53, -(2**53), b"x", {1: 2}, {"a": {3}}, "\ud800", {"\ud800": 1}, object()]
)
def test_what_has_no_canonical_form_is_refused(value: Json) -> None:
    for each in (value, [value], {"a": value}):
        with pytest.raises(Malformed):
            canonical.encode(each)


def test_sixteen_levels_are_allowed_and_one_more_is_not() -> None:
    deep: Json = 1
    for _ in range(16):
        deep = [deep]
    assert canonical.decode(canonical.encode(deep)) == deep
    with pytest.raises(Malformed):
        canonical.encode([deep])


def test_more_bytes_than_allowed_are_not_read() -> None:
    assert canonical.decode(b'"abc"', limit=5) == "abc"
    with pytest.raises(Malformed):
        canonical.decode(b'"abc"', limit=4)


def test_a_disclosure_is_the_one_of_rfc_9901() -> None:
    # RFC 9901, section 4.2.3: the digest of this very disclosure is published there.
    given = "WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert b64url(digest_of(given)) == "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY"


@given(st.binary(min_size=16, max_size=16), texts, values)
def test_a_disclosure_opens_to_what_was_closed(salt: bytes, name: str, value: Json) -> None:
    closed = disclose(salt, name, value)
    assert closed == b64url(canonical.encode([b64url(salt), name, value]))
    opened = open_disclosure(closed)
    assert (opened.salt, opened.name, opened.value) == (salt, name, value)


@given(st.binary(max_size=40))
def test_base64url_has_one_form(data: bytes) -> None:
    text = b64url(data)
    assert from_b64url(text) == data
    for other in (text + "=", text + "\n", " " + text, text.replace("-", "+").replace("_", "/")):
        if other != text:
            with pytest.raises(Malformed):
                from_b64url(other)


@pytest.mark.parametrize("untrusted", ["A", "AB", "é", "AAAA=", "!!!!", "AA A", "AAAAA"])
def test_what_is_not_base64url_is_refused(untrusted: str) -> None:
    with pytest.raises(Malformed):
        from_b64url(untrusted)


@pytest.mark.parametrize(
    "value", [[], {}, "x", ["s", "n"], [1, "n", 2], ["AAAA", "n", 1], ["A" * 22, 5, 1]]
)
def test_what_is_no_disclosure_is_refused(value: Json) -> None:
    with pytest.raises(Malformed):
        open_disclosure(b64url(canonical.encode(value)))
