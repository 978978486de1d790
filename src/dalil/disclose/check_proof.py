"""What a proof says, checked against itself, the log's keys and the bytes of what was published."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dalil.disclose import claims
from dalil.disclose.check_media import (
    Opened,
    check_excerpt,
    check_rendition,
    check_still,
    config_words,
    play_to,
)
from dalil.disclose.conditions import COURT, PUBLIC
from dalil.engines.files import sha256_of
from dalil.errors import (
    Altered,
    ArchiveExists,
    DisclosureIncomplete,
    Malformed,
    Missing,
    ProofBroken,
    UsageRefused,
)
from dalil.kernel.act import Act, check_by, check_issuer, entry_of, parse_presentation, visible_of
from dalil.kernel.canonical import Json
from dalil.kernel.digest import sha256
from dalil.kernel.disclosure import digest_of
from dalil.kernel.merkle import leaf_hash, root_from_multiproof
from dalil.kernel.note import ED25519, ML_DSA_44, VerifierKey, parse_vkey
from dalil.kernel.proof import (
    ConfigProof,
    LoggedAct,
    OpenPacket,
    OpenText,
    Proof,
    UnitProof,
    parse_proof,
)
from dalil.kernel.seal import CONFIG_HEAD, UNIT_HEAD, packet_value, plain_disclosure
from dalil.kernel.tlogproof import check_tlog_proof, parse_tlog_proof

MAX_PROOF_BYTES = 1 << 31
NUMBER = r"-?(?:0|[1-9][0-9]{0,18})"
TIMING = re.compile(rf"(0|[1-9][0-9]{{0,8}}) ({NUMBER}) (none|{NUMBER}) ({NUMBER}) ([01])")
POSITION = re.compile(rf"(0|[1-9][0-9]{{0,18}}) (none|{NUMBER}) (none|{NUMBER})")
SIDE_DATA = re.compile(r"(?: [^ :]{1,80}(?: [^ :]{1,80})*:[0-9a-f]{64})*")
SAID = (
    "time", "kind", "reason_code", "legal_basis", "recipient", "rule", "cut_by", "whole_exists",
    "whole_available_to", "approved_by", "purpose", "file_sha256", "opened", "withheld",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """What a checked part is, and what was said when it left the house.

    ``sealed_before`` is Unix seconds by the archive's own clock; ``keys_known`` tells whether the
    keys came from elsewhere than the proof itself. Counts are units, ``gaps`` runs of withheld
    ones; ``tiles_withheld`` is over all frames. ``said`` holds the disclosure's open fields.
    """

    kind: str
    origin: str
    keys_known: bool
    sealed_before: int | None
    tree_root: str
    depth: int
    files: tuple[str, ...]
    units: int
    opened: int
    withheld: int
    gaps: int
    sealed_units: int | None
    frames: int
    tiles: int
    tiles_withheld: int
    streams: tuple[str, ...]
    said: Mapping[str, Json]


def check_published(proof_path: Path, vkeys: Sequence[str] | None = None) -> Finding:
    """Check a published part against its proof.

    Args:
        proof_path: the ``.excerpt-proof``; the published files stand beside it.
        vkeys: the archive's two verifier keys, got elsewhere; None takes those in the proof.

    Raises:
        Malformed: the proof has another form. ProofBroken: it does not hold.
        Missing: a published file is not here. Altered: it is another one.

    """
    proof = read_proof(proof_path)
    keys = check_keys(proof, vkeys)
    sealed_before, said = check_acts(proof, keys)
    check_files(proof, proof_path.parent)
    opened = check_units(proof, proof_path.parent)
    folder = proof_path.parent
    if proof.header.kind == "excerpt":
        check_excerpt(folder / proof.header.published[0].name, proof, opened)
    elif proof.header.kind == "redacted":
        check_rendition(folder / proof.header.published[0].name, proof, opened)
    else:
        check_still(folder, proof)
    return _finding(proof, keys[0].name, sealed_before, said, known=vkeys is not None)


def play_published(proof_path: Path, out: Path, vkeys: Sequence[str] | None = None) -> Finding:
    """Check an excerpt, then write its packets anew, with the sealed timing, to ``out``.

    Nothing of the publisher's container is in it: no rotation, no edit list, no rate of its own.

    Raises:
        UsageRefused: it is not an excerpt, or ``out`` does not end in .mp4 or .mkv.
        ArchiveExists: ``out`` is there already.

    """
    if out.suffix not in {".mp4", ".mkv"}:
        raise UsageRefused(f"{out} should end in .mp4 or .mkv")
    if out.exists():
        raise ArchiveExists(str(out))
    found = check_published(proof_path, vkeys)
    proof = read_proof(proof_path)
    if proof.header.kind != "excerpt":
        raise UsageRefused(f"{proof_path.name} is not of an excerpt, and plays as it is")
    folder = proof_path.parent
    play_to(folder / proof.header.published[0].name, check_units(proof, folder), out)
    return found


def read_proof(path: Path) -> Proof:
    """Read and parse a proof file.

    Raises:
        Missing: it is not there. Malformed: another form, or too large.

    """
    try:
        if path.stat().st_size > MAX_PROOF_BYTES:
            raise Malformed(f"{path.name} is too large for a proof")
        return parse_proof(path.read_bytes())
    except OSError:
        raise Missing(str(path)) from None


def check_keys(proof: Proof, vkeys: Sequence[str] | None) -> tuple[VerifierKey, VerifierKey]:
    """Return the archive's two keys.

    Raises:
        ProofBroken: the proof names other keys than those given.

    """
    if vkeys is not None and tuple(vkeys) != proof.header.vkeys:
        raise ProofBroken("the part was signed by another archive's keys")
    first, second = map(parse_vkey, proof.header.vkeys)
    if (first.algorithm, second.algorithm) != (ED25519, ML_DSA_44) or first.name != second.name:
        raise Malformed("an archive has one Ed25519 and one ML-DSA-44 key under one name")
    return first, second


def check_acts(
    proof: Proof, keys: tuple[VerifierKey, VerifierKey]
) -> tuple[int | None, dict[str, Json]]:
    """Check seal card and disclosure; return when the seal was in the log, and what was said.

    Raises:
        ProofBroken: they are not in the log, or speak of something else.
        DisclosureIncomplete: a condition was not said.

    """
    header = proof.header
    card, sealed_before = _logged(header.card, "sealed", keys)
    disclosure, _ = _logged(header.disclosure, "disclosed", keys)
    for act, name in ((card, "the seal card"), (disclosure, "the disclosure")):
        visible = visible_of(act)
        if (visible.get("tree_root"), visible.get("depth")) != (
            header.tree_root.hex(),
            header.depth,
        ):
            raise ProofBroken(f"{name} speaks of another tree")
    said = disclosure.opened()
    lacking = [name for name in SAID if said.get(name) in (None, "", [])]
    if lacking or said["purpose"] not in (COURT, PUBLIC):
        raise DisclosureIncomplete(", ".join(lacking or ["purpose"]).replace("_", " "))
    if said["kind"] != header.kind or said["file_sha256"] != claims.file_sha256(header.published):
        raise ProofBroken("the disclosure speaks of another file")
    opened = sum(map(_is_open, proof.units))
    if (said["opened"], said["withheld"]) != (opened, header.units - opened):
        raise ProofBroken("the disclosure counts other units than there are here")
    _check_totals(proof, card.opened(), opened, court=said["purpose"] == COURT)
    return sealed_before, said


def check_files(proof: Proof, folder: Path) -> None:
    """Check that the published files are here, whole and unchanged.

    Raises:
        Missing: one is not here. Altered: one is another.

    """
    for file in proof.header.published:
        path = folder / file.name
        if path.is_symlink() or not path.is_file():
            raise Missing(file.name)
        if path.stat().st_size != file.size or sha256_of(path) != file.sha256:
            raise Altered(file.name)


def check_units(proof: Proof, folder: Path) -> tuple[Opened, ...]:
    """Check that the units are one run of the sealed chain; return them, read.

    Raises:
        ProofBroken: a link, slot, configuration, packet or the root does not fit.

    """
    _check_chain(proof)
    configs = [_config_leaf(each) for each in proof.header.configs]
    digests = claims.packet_digests(proof, folder)
    opened = tuple(read_unit(unit, digests.get(place)) for place, unit in enumerate(proof.units))
    _check_configs(proof, opened)
    _check_counting(opened)
    links = [*(unit.link for unit in proof.units[1:]), proof.last_link]
    leaves = {
        unit.slot: _leaf(unit, link, configs[unit.config], digests.get(place))
        for place, (unit, link) in enumerate(zip(proof.units, links, strict=True))
    }
    leaves |= {each.slot: leaf for each, leaf in zip(proof.header.configs, configs, strict=True)}
    if root_from_multiproof(proof.header.depth, leaves, proof.siblings) != proof.header.tree_root:
        raise ProofBroken("these units do not lead to the sealed root")
    return opened


def _logged(
    logged: LoggedAct, kind: str, keys: tuple[VerifierKey, VerifierKey]
) -> tuple[Act, int | None]:
    act = parse_presentation(logged.act)
    if act.type != kind:
        raise ProofBroken(f"an act of type {act.type} where {kind} should stand")
    check_issuer(act, keys[0].key)
    check_by(act)
    proof = parse_tlog_proof(logged.proof)
    if proof.note.checkpoint.origin != keys[0].name:
        raise ProofBroken("the checkpoint is of another log")
    return act, check_tlog_proof(proof, entry_of(act.jwt), keys)


def _check_totals(proof: Proof, card: Mapping[str, Json], opened: int, *, court: bool) -> None:
    totals = proof.header.totals
    if not court:
        if totals is not None or card:
            raise ProofBroken("totals are shown where the purpose is the public")
        return
    units = card.get("units")
    if totals is None or not isinstance(units, list) or not all(type(n) is int for n in units):
        raise ProofBroken("the totals are not shown")
    true = (opened, sum(units) - opened, sum(units))
    if (totals.opened, totals.withheld, totals.sealed) != true:
        raise ProofBroken(f"the totals are false: {totals.sealed} where {sum(units)} were sealed")


def _check_chain(proof: Proof) -> None:
    slots = [each.slot for each in proof.units] + [each.slot for each in proof.header.configs]
    if len(set(slots)) != len(slots):
        raise ProofBroken("a slot stands there twice")
    links = [*(unit.link for unit in proof.units), proof.last_link]
    if len(set(links)) != len(links):
        raise ProofBroken("two links are alike")


def _check_configs(proof: Proof, opened: Sequence[Opened]) -> None:
    heard = {each.config for each in opened if each.packet is not None}
    if {each.config for each in opened} != set(range(len(proof.header.configs))):
        raise ProofBroken("a configuration that no unit names")
    for index, config in enumerate(proof.header.configs):
        value = config_words(config)
        fits = sha256(config.extradata).hex() == value[4] if index in heard else True
        if not fits or (config.extradata and index not in heard):
            raise ProofBroken("the extradata is not what was sealed")
    streams = [int(config_words(config)[0]) for config in proof.header.configs]
    for each in opened:
        if streams[each.config] != each.stream:
            raise ProofBroken("a unit with another stream's configuration")


def _config_leaf(config: ConfigProof) -> bytes:
    config_words(config)
    return leaf_hash(CONFIG_HEAD + digest_of(config.disclosure).hex().encode() + b"\n")


def _check_counting(opened: Sequence[Opened]) -> None:
    before: dict[int, int] = {}
    for each in opened:
        if each.j is not None and before.setdefault(each.stream, each.j - 1) != each.j - 1:
            raise ProofBroken(f"a packet of stream {each.stream} is left out")
        if each.j is not None:
            before[each.stream] = each.j


def read_unit(unit: UnitProof, digest: bytes | None) -> Opened:
    """Return a unit with its values read; ``digest`` is that of its packet's bytes, where open.

    Raises:
        Malformed: a value in another form. ProofBroken: its timing is withheld.

    """
    if not isinstance(unit.timing, OpenText):
        raise ProofBroken("a unit whose timing is withheld")
    timing = TIMING.fullmatch(unit.timing.value)
    if timing is None:
        raise Malformed("a timing in another form")
    position = None
    if isinstance(unit.position, OpenText):
        position = POSITION.fullmatch(unit.position.value)
        if position is None:
            raise Malformed("a position in another form")
    packet = unit.packet if isinstance(unit.packet, OpenPacket) else None
    if packet is not None and not SIDE_DATA.fullmatch(packet.side_data):
        raise Malformed("side data in another form")
    return Opened(
        stream=int(timing[1]),
        since_ns=int(timing[2]),
        pts_ns=None if timing[3] == "none" else int(timing[3]),
        duration_ns=int(timing[4]),
        key=timing[5] == "1",
        config=unit.config,
        packet=packet,
        digest=digest,
        pixels=unit.pixels.value if isinstance(unit.pixels, OpenText) else None,
        j=None if position is None else int(position[1]),
    )


def _leaf(unit: UnitProof, next_link: bytes, config: bytes, packet: bytes | None) -> bytes:
    if isinstance(unit.packet, OpenPacket):
        if packet is None:
            raise ProofBroken("a packet that is not in the published file")
        value = packet_value(unit.packet.size, packet.hex(), unit.packet.side_data)
        first = _digest(unit.packet.salt, "packet", value)
    else:
        first = unit.packet.hex()
    assert isinstance(unit.timing, OpenText)  # noqa: S101 - `read_unit` has refused the rest
    timing = _digest(unit.timing.salt, "timing", f"{unit.timing.value} {config.hex()}")
    rest = [
        _digest(each.salt, name, each.value) if isinstance(each, OpenText) else each.hex()
        for name, each in (("position", unit.position), ("pixels", unit.pixels))
    ]
    text = f"{unit.link.hex()} {next_link.hex()}\n" + "".join(
        f"{each}\n" for each in (first, timing, *rest)
    )
    return leaf_hash(UNIT_HEAD + text.encode())


def _digest(salt: bytes, name: str, value: str) -> str:
    return digest_of(plain_disclosure(salt, name, value)).hex()


def _is_open(unit: UnitProof) -> bool:
    return isinstance(unit.packet, OpenPacket) or isinstance(unit.pixels, OpenText)


def _finding(
    proof: Proof,
    origin: str,
    sealed_before: int | None,
    said: Mapping[str, Json],
    *,
    known: bool,
) -> Finding:
    shown = [_is_open(unit) for unit in proof.units]
    gaps = sum(1 for before, here in zip([True, *shown], shown, strict=False) if before > here)
    tiles = [tile for frame in proof.frames for tile in frame.tiles]
    header = proof.header
    return Finding(
        kind=header.kind,
        origin=origin,
        keys_known=known,
        sealed_before=sealed_before,
        tree_root=header.tree_root.hex(),
        depth=header.depth,
        files=tuple(each.name for each in header.published),
        units=header.units,
        opened=sum(shown),
        withheld=header.units - sum(shown),
        gaps=gaps,
        sealed_units=header.totals.sealed if header.totals else None,
        frames=len(proof.frames),
        tiles=len(tiles),
        tiles_withheld=sum(len(tile) == 32 for tile in tiles),  # noqa: PLR2004 - a leaf
        streams=tuple(sorted({" ".join(config_words(c)[:2]) for c in header.configs})),
        said=dict(said),
    )
