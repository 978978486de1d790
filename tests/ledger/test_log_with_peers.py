"""Others read our log: Go's own packages, a shell script, an SD-JWT library."""

import os
import subprocess
import warnings
from pathlib import Path

import pytest

from dalil.kernel.act import Act
from ledger.counting_house import House, build
from peers import need

ROOT = Path(__file__).resolve().parents[2]
GO = ROOT / "tests" / "peers_src" / "readlog.go"
SCRIPT = ROOT / "src" / "dalil" / "dossier" / "check-tlog-proof.sh"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("read") / "archive", 300)


def _go(log: Path) -> subprocess.CompletedProcess[str]:
    need("go-x-mod")
    environment = {**os.environ, "GOPATH": "/usr/share/gocode", "GO111MODULE": "off"}
    return subprocess.run(
        [need("go"), "run", str(GO), str(log)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_go_reads_the_note_every_record_and_every_older_log(house: House) -> None:
    read = _go(house.archive / "log")
    assert read.stdout == f"{house.ledger.origin} 301 records 1 other signatures\n", read.stderr


def test_go_refuses_a_log_with_one_changed_entry(house: House, tmp_path: Path) -> None:
    changed = house.copied(tmp_path / "changed")
    bundle = changed.archive / "log/tile/entries/000"
    raw = bytearray(bundle.read_bytes())
    raw[64 * 9 + 30] ^= 1
    bundle.write_bytes(raw)
    assert "BROKEN" in _go(changed.archive / "log").stdout


def _script(tmp_path: Path, act: str, proof: str, vkeys: Path) -> subprocess.CompletedProcess[str]:
    need("openssl")
    (tmp_path / "act").write_text(act)
    (tmp_path / "proof").write_text(proof)
    return subprocess.run(
        ["/bin/sh", SCRIPT, tmp_path / "act", tmp_path / "proof", vkeys],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
    )


@pytest.mark.parametrize("seq", [0, 7, 255, 256, 300])
def test_a_shell_script_checks_a_receipt(house: House, tmp_path: Path, seq: int) -> None:
    act = house.ledger.act(seq).act
    proof, vkeys = str(house.ledger.proof(seq)), house.archive / "log" / "vkeys"
    held = _script(tmp_path, act.presentation(["time"]), proof, vkeys)
    assert held.returncode == 0, held.stdout + held.stderr
    other = house.ledger.act(seq - 1 if seq else 1).act
    assert _script(tmp_path, other.presentation([]), proof, vkeys).returncode == 1


def test_the_shell_script_refuses_another_signature(house: House, tmp_path: Path) -> None:
    act, proof = house.ledger.act(3).act, str(house.ledger.proof(3))
    other = build(tmp_path / "other", 1)
    lines = str(other.ledger.proof(1)).split("\n")
    ours = proof.split("\n")
    at = next(i for i, line in enumerate(ours) if line.startswith("—"))
    theirs = next(line for line in lines if line.startswith("—")).split(" ")
    ours[at] = f"— {house.ledger.origin} {theirs[2]}"
    vkeys = house.archive / "log" / "vkeys"
    broken = _script(tmp_path, act.presentation([]), "\n".join(ours), vkeys)
    assert "signature does not hold" in broken.stdout


def _opened_by_peer(act: Act, names: list[str] | None, key: bytes) -> dict[str, object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the peer's own
        from jwcrypto.jwk import JWK  # noqa: PLC0415 - with its warnings aside
        from sd_jwt.verifier import SDJWTVerifier  # noqa: PLC0415

        from dalil.kernel.disclosure import b64url  # noqa: PLC0415

        public = JWK(kty="OKP", crv="Ed25519", x=b64url(key))
        verifier = SDJWTVerifier(act.presentation(names), lambda _issuer, _header: public)
        opened: dict[str, object] = verifier.get_verified_payload()
    return opened


def test_an_sd_jwt_library_opens_our_acts(house: House) -> None:
    act = house.ledger.act(5).act
    key = house.ledger.vkeys()[0].key
    whole = _opened_by_peer(act, None, key)
    assert act.opened().items() <= whole.items()
    assert set(whole) - set(act.opened()) == {"by", "v", "type", "nonce"}
    chosen = _opened_by_peer(act, ["who"], key)
    assert chosen["who"] == "سلمى"
    assert "time" not in chosen


def test_an_sd_jwt_library_refuses_our_act_under_another_key(house: House) -> None:
    with pytest.raises(Exception, match=r"(?i)signature|verification"):
        _opened_by_peer(house.ledger.act(5).act, None, house.signer.public_key)
