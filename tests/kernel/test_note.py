"""Checkpoints signed by others are read, and ours are strict."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from dalil.errors import Malformed, ProofBroken, Refusal, SignatureBroken, Unsupported
from dalil.kernel.checkpoint import Checkpoint, checkpoint_text, parse_checkpoint
from dalil.kernel.merkle import inclusion_proof, leaf_hash, root
from dalil.kernel.note import (
    SignedCheckpoint,
    VerifierKey,
    check_all,
    check_note,
    cosigned_message,
    parse_note,
    parse_vkey,
    sign_checkpoint,
    vkeys_of,
)
from dalil.kernel.tlogproof import TlogProof, check_tlog_proof, parse_tlog_proof

# A tree head of Go's checksum database, as that server signed it.
SUMDB_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUMDB = (
    "go.sum database tree\n6476701\nmb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n\n"
    "— sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfv"
    "imWEPWL+o3GeoWwOoAw=\n"
)
# A log's checkpoint under ML-DSA-44, from the tests of FiloSottile/torchwood (litewitness).
VECTORS = Path(__file__).parent / "vectors"
ED25519 = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ML_DSA = MLDSA44PrivateKey.from_seed_bytes(bytes(range(32)))
ORIGIN = "dalil.archive/" + "ab" * 16
ENTRIES = [b"one", b"two", b"three"]
HASHES = [leaf_hash(each) for each in ENTRIES]
CHECKPOINT = Checkpoint(ORIGIN, 3, root(HASHES))
NOTE = sign_checkpoint(CHECKPOINT, ED25519, ML_DSA, 1_700_000_000)
KEYS = vkeys_of(ORIGIN, ED25519, ML_DSA)


def test_a_tree_head_of_the_checksum_database_is_read_and_checked() -> None:
    note, key = parse_note(SUMDB), parse_vkey(SUMDB_KEY)
    assert check_note(note, key) is None
    assert note.checkpoint.size == 6476701
    with pytest.raises(SignatureBroken):
        check_note(parse_note(SUMDB.replace("6476701", "6476702")), key)


def test_a_checkpoint_that_others_signed_with_ml_dsa_is_checked() -> None:
    key = parse_vkey((VECTORS / "mldsa-log.vkey").read_text().strip())
    text = (VECTORS / "mldsa-log.checkpoint").read_text()
    assert check_note(parse_note(text), key) == 0
    with pytest.raises(SignatureBroken):
        check_note(parse_note(text.replace("log\n1\n", "log\n2\n")), key)


def test_what_ml_dsa_signs_is_the_message_of_tlog_cosignature() -> None:
    checkpoint = Checkpoint("example.com/log", 42, b"\xab" * 32)
    assert cosigned_message("witness.example/a", 1_700_000_000, checkpoint) == bytes.fromhex(
        "737562747265652f76310a00"  # subtree/v1 LF NUL
        "117769746e6573732e6578616d706c652f61"
        "000000006553f100"
        "0f6578616d706c652e636f6d2f6c6f67"
        "0000000000000000"
        "000000000000002a"
    ) + (b"\xab" * 32)


def test_the_keys_of_a_known_archive_are_always_the_same() -> None:
    body = "AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    assert str(KEYS[0]) == f"{ORIGIN}+5f29c652+{body}"
    assert KEYS[1].key_id.hex() == "7f61ae7c"


def test_our_checkpoint_carries_two_signatures_and_leaves_room_for_witnesses() -> None:
    assert str(NOTE).startswith(f"{ORIGIN}\n3\n")
    assert check_all(NOTE, KEYS) == 1_700_000_000
    witness = SUMDB.split("\n")[-2]
    witnessed = parse_note(str(NOTE) + witness + "\n")
    assert check_all(witnessed, KEYS) == 1_700_000_000
    assert len(witnessed.signatures) == 3


def test_a_signature_for_one_root_holds_for_no_other() -> None:
    for other in (
        Checkpoint(ORIGIN, 4, CHECKPOINT.root),
        Checkpoint(ORIGIN, 3, b"x" * 32),
        Checkpoint(ORIGIN + "c", 3, CHECKPOINT.root),
    ):
        moved = SignedCheckpoint(other, NOTE.signatures)
        for key in KEYS:
            with pytest.raises(SignatureBroken):
                check_note(moved, key)


def test_another_time_stamp_breaks_the_signature() -> None:
    ours, timed = NOTE.signatures
    later = type(timed)(timed.name, timed.key_id, b"\0" * 8 + timed.signature[8:])
    with pytest.raises(SignatureBroken):
        check_note(SignedCheckpoint(CHECKPOINT, (ours, later)), KEYS[1])
    short = type(timed)(timed.name, timed.key_id, timed.signature[:99])
    with pytest.raises(SignatureBroken):
        check_note(SignedCheckpoint(CHECKPOINT, (ours, short)), KEYS[1])


def test_a_note_without_our_line_is_unsigned() -> None:
    with pytest.raises(SignatureBroken):
        check_all(SignedCheckpoint(CHECKPOINT, NOTE.signatures[:1]), KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_comes_back_from_its_line(key: VerifierKey) -> None:
    assert parse_vkey(str(key)) == key


@pytest.mark.parametrize(
    "untrusted",
    [
        "",
        "a",
        "a+b",
        "a+b+c",
        SUMDB_KEY + "A",
        SUMDB_KEY.replace("033de0ae", "033de0af"),
        SUMDB_KEY.replace("sum.", "sun."),
        SUMDB_KEY.replace("sum.", "sum "),
        SUMDB_KEY + "\n",
        "x+00000000+",
        "x+00000000+AQ==",
    ],
)
def test_what_is_no_key_is_refused(untrusted: str) -> None:
    with pytest.raises(Malformed):
        parse_vkey(untrusted)


def test_a_key_of_another_kind_is_not_judged() -> None:
    with pytest.raises(Unsupported):
        parse_vkey("x+00000000+BAAA")


def _spoilt(text: str) -> list[str]:
    lines = text.split("\n")
    return [
        "",
        text[:-1],
        text + "\n",
        text.replace("\n", "\r\n"),
        text.replace("\n3\n", "\n03\n"),
        text.replace("\n3\n", "\n+3\n"),
        text.replace("\n3\n", "\n٣\n"),
        text.replace("\n3\n", "\n-3\n"),
        text.replace("\n3\n", "\n9223372036854775808\n"),
        text.replace("\n\n", "\nextension\n\n"),
        text.replace("— ", "- "),
        text.replace("— ", "—  "),
        "\n".join([*lines[:3], ""]),
        "\n".join(lines[:4]) + "\n",
        text.replace(lines[2], lines[2][:-1]),
        text.replace(lines[2], "AAAA"),
        text.replace(lines[4], lines[4] + " x"),
        text.replace(lines[4], lines[4].rsplit(" ", 1)[0] + " AAAA"),
        text.replace(ORIGIN + "\n3", "\n3"),
    ]


@pytest.mark.parametrize("untrusted", _spoilt(str(NOTE)))
def test_what_is_no_signed_checkpoint_is_refused(untrusted: str) -> None:
    with pytest.raises(Malformed):
        parse_note(untrusted)


def test_a_checkpoint_has_three_lines() -> None:
    text = checkpoint_text(CHECKPOINT)
    assert parse_checkpoint(text) == CHECKPOINT
    for other in (text[:-1], text + "x\n", "\n" + text, text.replace("\n3\n", "\n3 \n")):
        with pytest.raises(Malformed):
            parse_checkpoint(other)


@pytest.mark.parametrize("index", range(3))
def test_a_receipt_holds_for_its_own_entry_and_no_other(index: int) -> None:
    proof = TlogProof(index, tuple(inclusion_proof(HASHES, index)), NOTE)
    read = parse_tlog_proof(str(proof))
    assert read == proof
    assert check_tlog_proof(read, ENTRIES[index], KEYS) == 1_700_000_000
    with pytest.raises(ProofBroken):
        check_tlog_proof(read, b"four", KEYS)
    with pytest.raises(ProofBroken):
        check_tlog_proof(TlogProof((index + 1) % 3, proof.path, NOTE), ENTRIES[index], KEYS)


PROOF = str(TlogProof(1, tuple(inclusion_proof(HASHES, 1)), NOTE))


@pytest.mark.parametrize(
    "untrusted",
    [
        "",
        PROOF[:-1],
        PROOF.replace("@v1", "@v2"),
        PROOF.replace("index 1", "index 01"),
        PROOF.replace("index 1", "index -1"),
        PROOF.replace("index 1", "index"),
        PROOF.replace("index 1\n", "index 1\nAAAA=\n"),
        PROOF.replace("index 1\n", "index 1\n" + "A" * 43 + "=\n" * 70),
        PROOF.replace("\n\n", "\n"),
        PROOF.replace("index 1", "index " + "9" * 5000),
    ],
)
def test_what_is_no_receipt_is_refused(untrusted: str) -> None:
    with pytest.raises(Malformed):
        parse_tlog_proof(untrusted)


def test_a_path_of_absurd_length_is_refused() -> None:
    with pytest.raises(Refusal):
        parse_tlog_proof(PROOF.replace("index 1\n", "index 1\n" + ("A" * 43 + "=\n") * 64))
