"""Opening any subset of fields leaves every other unguessable, with the original in hand."""

import hashlib
from collections.abc import Iterator
from itertools import combinations

import pytest

from dalil.disclose.check_proof import read_proof
from dalil.disclose.publish import Published
from dalil.kernel.disclosure import digest_of
from dalil.kernel.proof import OpenPacket, OpenText, Proof
from dalil.kernel.seal import plain_disclosure, tile_leaf
from dalil.media.tables import OpenedUnit, Tables
from dalil.vault.vault import Vault
from disclose.evidence_room import Room

FIELDS = ("packet", "timing", "position", "pixels")


def tables_of(room: Room) -> Tables:
    return Tables(Vault.open(room.archive).tables(room.item))


def units_of(room: Room) -> list[OpenedUnit]:
    """Return all units with everything open, as only the archive can."""
    secret = Vault.open(room.archive).secret(room.item, room.signer.item_secret)
    tables = tables_of(room)
    return list(tables.opened(secret, 0, tables.count))


def known_bytes(proof: Proof) -> set[bytes]:
    """Return every run of 16 bytes that somebody with the proof has: salts, links, halves."""
    known = {bytes(16), proof.last_link}
    for unit in proof.units:
        known.add(unit.link)
        for field in (unit.packet, unit.timing, unit.position, unit.pixels):
            if isinstance(field, OpenPacket | OpenText):
                known.add(field.salt)
            else:
                known |= {field[:16], field[16:]}
    for sibling in proof.siblings:
        known |= {sibling[:16], sibling[16:]}
    for frame in proof.frames:
        for tile in frame.tiles:
            known |= {tile[:16], tile[-16:]}
    return known


def neighbours(salt: bytes) -> Iterator[bytes]:
    """Yield what a careless generator might give next."""
    number = int.from_bytes(salt, "big")
    for step in (-2, -1, 0, 1, 2):
        yield ((number + step) % (1 << 128)).to_bytes(16, "big")
    yield hashlib.sha256(salt).digest()[:16]
    yield hashlib.shake_256(salt).digest(16)
    yield salt[::-1]


@pytest.mark.parametrize("which", ["court", "public", "redacted"])
def test_withheld_fields_cannot_be_recomputed_with_any_salt_that_is_shown(
    which: str, room: Room, request: pytest.FixtureRequest
) -> None:
    part: Published = request.getfixturevalue(which)
    proof = read_proof(part.proof)
    truth = {each.record.slot: each for each in units_of(room)}
    salts = known_bytes(proof)
    withheld = [
        (unit, name, digest)
        for unit in proof.units
        for name, digest in zip(
            FIELDS, (unit.packet, unit.timing, unit.position, unit.pixels), strict=True
        )
        if isinstance(digest, bytes)
    ]
    assert withheld
    for unit, name, digest in withheld[:: max(1, len(withheld) // 12)]:
        # The value is known to whoever holds the original; its salt is not.
        value = value_of(truth[unit.slot], name)
        assert digest_of(truth[unit.slot].unit.disclosures[FIELDS.index(name)]) == digest
        for salt in salts:
            assert digest_of(plain_disclosure(salt, name, value)) != digest


def value_of(opened: OpenedUnit, name: str) -> str:
    from dalil.kernel.disclosure import open_disclosure  # noqa: PLC0415

    return str(open_disclosure(opened.unit.disclosures[FIELDS.index(name)]).value)


def test_the_salts_of_a_unit_tell_nothing_of_each_other(room: Room) -> None:
    secret = Vault.open(room.archive).secret(room.item, room.signer.item_secret)
    for opened in units_of(room)[::40]:
        record = opened.record
        drawn = secret.draw("unit", record.stream, record.j, 64)
        salts = [drawn[i : i + 16] for i in range(0, 64, 16)]
        for size in range(1, 4):
            for shown in combinations(range(4), size):
                guesses = {guess for i in shown for guess in neighbours(salts[i])}
                guesses |= {
                    bytes(a ^ b for a, b in zip(salts[i], salts[k], strict=True))
                    for i, k in combinations(shown, 2)
                }
                hidden = [i for i in range(4) if i not in shown]
                for i in hidden:
                    value, name = value_of(opened, FIELDS[i]), FIELDS[i]
                    truth = digest_of(opened.unit.disclosures[i])
                    assert all(
                        digest_of(plain_disclosure(g, name, value)) != truth for g in guesses
                    )


def test_no_salt_is_used_twice_in_a_seal(room: Room) -> None:
    secret = Vault.open(room.archive).secret(room.item, room.signer.item_secret)
    tables = tables_of(room)
    salts: list[bytes] = []
    for unit in tables.units(0, tables.count):
        drawn = secret.draw("unit", unit.stream, unit.j, 64)
        salts += [drawn[i : i + 16] for i in range(0, 64, 16)]
        salts.append(secret.draw("link", 0, unit.place, 16))
        for frame in tables.frames_of(unit):
            drawn = secret.draw("frame", frame.stream, frame.number, 16 * frame.tiles)
            salts += [drawn[i : i + 16] for i in range(0, len(drawn), 16)]
    assert len(set(salts)) == len(salts)


def test_a_hidden_tile_cannot_be_guessed_from_those_around_it(
    room: Room, picture: Published
) -> None:
    proof = read_proof(picture.proof)
    frame = proof.frames[0]
    hidden = [i for i, tile in enumerate(frame.tiles) if len(tile) == 32]
    assert hidden
    tables = tables_of(room)
    record = next(f for f in tables.frames(0, 72) if f.number == 20)
    digests = tables.tile_digests(record)
    shown = {tile for tile in frame.tiles if len(tile) == 16}
    guesses = known_bytes(proof) | {guess for salt in shown for guess in neighbours(salt)}
    for i in hidden:
        # Even the true samples, which the original gives, do not tell whether they lie there.
        assert all(tile_leaf(g, digests[32 * i : 32 * i + 32]) != frame.tiles[i] for g in guesses)
