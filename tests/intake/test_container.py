"""Containers are kept whole and their members taken in; what is unsafe is named, not opened."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dalil.errors import UnsafeContainer
from dalil.intake import container
from dalil.intake.accession import CLOSED, TAKEN_IN
from dalil.intake.take_in import NESTED_AT_MOST
from intake.reception import Reception, open_reception


@pytest.fixture
def reception(tmp_path: Path) -> Reception:
    return open_reception(tmp_path / "archive")


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    return path


def _tar(path: Path, mode: str = "w") -> Path:
    with tarfile.open(path, mode) as opened:  # type: ignore[call-overload]
        info = tarfile.TarInfo("كليب/1.mp4")
        info.size, info.mtime = 4, 1366109400
        opened.addfile(info, io.BytesIO(b"clip"))
        for name, kind in (("link", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("dev", b"3")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            opened.addfile(info)
    return path


def _why(path: Path) -> dict[str, str]:
    return {member.name.decode(): member.refused for member, _ in container.expand(path)}


def test_members_are_taken_in_as_a_linked_accession(reception: Reception, tmp_path: Path) -> None:
    path = _zip(tmp_path / "export.zip", {"_chat.txt": b"hello", "a/IMG.jpg": b"picture"})
    receipt = reception.takes(path)
    [whole] = receipt.items
    [members] = receipt.members
    assert members.paths == (f"urn:dalil:item:{whole.item}",)
    assert members.messenger == "WhatsApp"
    assert reception.vault.original_path(whole.item).read_bytes() == path.read_bytes()
    acts = [e.act for e in reception.ledger.accession_acts(members.accession)]
    taken = [act.opened() for act in acts if act.type == TAKEN_IN]
    assert {fields["member_of"] for fields in taken} == {whole.item}
    assert {fields["name_text"] for fields in taken} == {"_chat.txt", "a/IMG.jpg"}
    assert reception.checked().broken == ()


def test_two_members_of_one_name_are_two_receipts(reception: Reception, tmp_path: Path) -> None:
    path = tmp_path / "twice.tar"
    with tarfile.open(path, "w") as opened:
        for data in (b"one", b"two"):
            info = tarfile.TarInfo("video.mp4")
            info.size = 3
            opened.addfile(info, io.BytesIO(data))
    [members] = reception.takes(path).members
    assert len({each.item for each in members.items}) == 2


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_links_and_devices_in_a_tar_are_named_and_not_followed(tmp_path: Path, mode: str) -> None:
    why = _why(_tar(tmp_path / "drive.tar", mode))
    assert why.pop("كليب/1.mp4") == ""
    assert set(why.values()) == {"it is a link or a device"}
    assert len(why) == 3


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "a/../../b", "C:\\windows\\x", "\\\\host\\x", "..\\x"]
)
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    assert list(_why(_zip(tmp_path / "out.zip", {name: b"x"})).values()) == [
        "its name leads out of the container"
    ]


def test_what_is_unsafe_is_said_in_the_acts(reception: Reception, tmp_path: Path) -> None:
    path = _zip(tmp_path / "mixed.zip", {"../evil": b"x", "good": b"y"})
    [members] = reception.takes(path).members
    [closed] = [
        e.act.opened()
        for e in reception.ledger.accession_acts(members.accession)
        if e.act.type == CLOSED
    ]
    assert closed["unread"] == ["../evil: its name leads out of the container"]
    assert [each.name_text for each in members.items] == ["good"]


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    path = _zip(tmp_path / "locked.zip", {"secret": b"x"})
    data = bytearray(path.read_bytes())
    # The flag in the local header and in the directory; that is how a reader knows.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert _why(path) == {"secret": "it is encrypted"}


def test_a_bomb_is_kept_whole_and_not_opened(reception: Reception, tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened,
        opened.open("zeros", "w", force_zip64=True) as member,
    ):
        for _ in range(80):
            member.write(bytes(1 << 20))
    receipt = reception.takes(path)
    [members] = receipt.members
    assert members.items == ()
    assert members.unread[0].refused
    assert "cannot be expanded safely" in members.unread[0].why
    assert len(receipt.items) == 1


def test_a_tar_bomb_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.tar.gz"
    info = tarfile.TarInfo("zeros")
    info.size = 1 << 40
    path.write_bytes(gzip.compress(info.tobuf() + bytes(1 << 16)))
    with pytest.raises(UnsafeContainer):
        list(container.expand(path))


def test_containers_in_containers_end_somewhere(reception: Reception, tmp_path: Path) -> None:
    path = _zip(tmp_path / "0.zip", {"end": b"x"})
    for number in range(1, NESTED_AT_MOST + 3):
        path = _zip(tmp_path / f"{number}.zip", {f"{number - 1}.zip": path.read_bytes()})
    receipt = reception.takes(path)
    depth = 0
    while receipt.members:
        [receipt] = receipt.members
        depth += 1
    assert depth == NESTED_AT_MOST
    assert "containers in one another" in receipt.unread[-1].why


def test_a_damaged_member_is_told_and_the_others_kept(reception: Reception, tmp_path: Path) -> None:
    path = _zip(tmp_path / "torn.zip", {"bad": b"A" * 5000, "good": b"B" * 5000})
    data = bytearray(path.read_bytes())
    data[data.index(b"AAAA") + 9] ^= 1
    path.write_bytes(data)
    [members] = reception.takes(path).members
    assert [each.name_text for each in members.items] == ["good"]
    assert "bad" in members.unread[0].name


@pytest.mark.parametrize(
    ("members", "messenger"),
    [
        (["_chat.txt", "IMG-1.jpg"], "WhatsApp"),
        (["ChatExport/result.json"], "Telegram"),
        (["ChatExport/messages.html", "ChatExport/style.css"], "Telegram"),
        (["signal-2024-01-01.backup"], "Signal"),
        (["clip.mp4"], ""),
    ],
)
def test_exports_of_messengers_are_recognised(members: list[str], messenger: str) -> None:
    assert container.messenger_of(members) == messenger


def test_a_document_that_is_a_zip_stays_whole(tmp_path: Path) -> None:
    path = _zip(tmp_path / "letter.docx", {"[Content_Types].xml": b"x", "word/document.xml": b"y"})
    assert container.kind_of(path) is None


TORN: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[: len(data) // 2],
    "head only": lambda data: data[:4],
    "directory gone": lambda data: data.replace(b"PK\x01\x02", b"PK\x00\x00"),
}


@pytest.mark.parametrize("how", TORN)
def test_a_torn_container_is_kept_whole(reception: Reception, tmp_path: Path, how: str) -> None:
    path = _zip(tmp_path / "torn.zip", {"a": b"1" * 500, "b": b"2" * 500})
    path.write_bytes(TORN[how](path.read_bytes()))
    receipt = reception.takes(path)
    assert len(receipt.items) == 1
    assert reception.checked().broken == ()
