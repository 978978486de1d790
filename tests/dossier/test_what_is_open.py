"""Which fields leave the house, and that no source's name ever does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dalil.dossier.casefile import build_case_file
from dalil.dossier.opening import Opening, ProtectedNames, parse_also_open, protected_names
from dalil.dossier.paper import as_text
from dalil.dossier.report import custody_report
from dalil.errors import Malformed, NotAllowed, UsageRefused
from dalil.kernel.act import parse_presentation
from dalil.kernel.canonical import Json
from dalil.kernel.disclosure import from_b64url
from dalil.ledger import people
from dalil.ledger.keyring import ScryptCost
from dalil.ledger.ledger import Draft
from dossier.small_archive import INTERVIEW, RIVAL, SOURCE, SmallArchive, everything_below


def readings(data: bytes) -> Iterator[bytes]:
    """Yield a file, and what its base64url words spell, twice over."""
    yield data
    for word in data.replace(b".", b"~").split(b"~"):
        try:
            spelled = from_b64url(word.decode("ascii"))
        except (Malformed, UnicodeDecodeError):
            continue
        yield spelled
        for inner in spelled.split(b'"'):
            try:
                yield from_b64url(inner.decode("ascii"))
            except (Malformed, UnicodeDecodeError):
                continue


def opened(case: Path, kind: str) -> list[dict[str, object]]:
    """Return the open fields of every act of a type."""
    acts = [parse_presentation(p.read_text()) for p in sorted(case.glob("data/custody/*.act"))]
    return [act.opened() for act in acts if act.type == kind]


def test_the_canary_is_found_where_it_is_not_withheld(small: SmallArchive) -> None:
    text = b"~".join(e.act.presentation().encode() for e in small.ledger.acts("told"))
    assert any(b"Canary" in reading for reading in readings(text))


def test_no_name_of_a_source_is_in_any_byte_of_a_case_file(
    small: SmallArchive, tmp_path: Path
) -> None:
    build_case_file(small.path, ["all"], "Court", "x", tmp_path / "case", small.signer)
    words = [w.encode() for who in (SOURCE, RIVAL, INTERVIEW) for w in (who, who.upper())]
    words += [b"Canary", b"Nightingale", b"Karim", b"Wren"]
    for name, data in everything_below(tmp_path / "case").items():
        for reading in readings(data):
            assert not [w for w in words if w in reading], name
            assert not [w for w in words if w in name.encode()]


def test_a_telling_shows_all_but_who_and_from_whom(case: Path) -> None:
    tellings = opened(case, "told")
    assert [t.get("hop") for t in tellings] == [1, 1, 2]
    assert [t.get("when") for t in tellings] == ["2018-12?", "2019", "2019-04"]
    assert not [t for t in tellings if {"who", "source", "note"} & set(t)]


def test_a_text_that_repeats_a_protected_name_stays_closed(case: Path) -> None:
    assert [t.get("how") for t in opened(case, "told")] == [
        "on a laptop, at night",
        None,
        "on a USB stick, by hand",
    ]


def test_a_bare_name_is_open_and_one_with_folders_is_not(
    small: SmallArchive, tmp_path: Path
) -> None:
    build_case_file(small.path, ["all"], "Court", "x", tmp_path / "case", small.signer)
    names = [t.get("name_text") for t in opened(tmp_path / "case", "taken-in")]
    assert names == ["مقطع ٠١.mp4", "clip 02.mp4", None, "notes.txt", "copy of clip 02.mp4"]


def test_folders_of_the_keepers_machine_stay_closed(case: Path) -> None:
    assert not [f for f in opened(case, "taken-in") if {"source", "sidecars"} & set(f)]
    assert not [f for f in opened(case, "accession-opened") if {"paths", "note"} & set(f)]
    assert not [f for f in opened(case, "sealed") if "root_id" in f]


def test_who_acted_is_open_by_name(case: Path) -> None:
    assert b'"name":"Salma H.","role":"keeper"' in (case / "data/people.jsonl").read_bytes()


def test_one_recipient_does_not_learn_of_another(handed: SmallArchive, tmp_path: Path) -> None:
    build_case_file(
        handed.path, handed.items[:1], "The defence", "x", tmp_path / "case", handed.signer
    )
    [before] = opened(tmp_path / "case", "handed-over")
    assert set(before) == {"time", "manifest_sha256"}
    assert not [n for n, d in everything_below(tmp_path / "case").items() if b"Koblenz" in d]


def test_more_can_be_opened_for_one_recipient(handed: SmallArchive, tmp_path: Path) -> None:
    build_case_file(
        handed.path, handed.items[:1], "The defence", "x", tmp_path / "case", handed.signer,
        also_open=parse_also_open(["handed-over.recipient"]),
    )  # fmt: skip
    recipients = [f.get("recipient") for f in opened(tmp_path / "case", "handed-over")]
    assert "Court of Koblenz" in recipients


@pytest.mark.parametrize("word", ["told.who", "told.source", "told.note", "sealed.root_id"])
def test_what_is_never_opened_cannot_be_asked_for(word: str) -> None:
    with pytest.raises(NotAllowed):
        parse_also_open([word])


@pytest.mark.parametrize("word", ["told", ".who", "told."])
def test_another_form_of_what_to_open_is_refused(word: str) -> None:
    with pytest.raises(UsageRefused):
        parse_also_open([word])


def names_of(small: SmallArchive, who: str) -> ProtectedNames:
    """Return what is protected once one more telling names somebody."""
    fields = next(small.ledger.acts("told")).act.opened()
    [entry] = small.ledger.append([Draft("told", {**fields, "who": who})], small.signer)
    return protected_names([entry.act], ["Salma H."])


@pytest.mark.parametrize(
    ("who", "text", "closed"),
    [
        ("Ahmad Darwish", "given by DARWISH at night", True),
        ("أحمد درويش", "أعطاها لأحمد ليلًا", True),
        ("أحمد درويش", "أَحْمَد على الهاتف", True),
        ("Ahmad Darwish", "on a stick, at night", False),
        ("a man with a phone", "sent with a phone", True),
        ("a Courier with a phone", "sent with a car", False),
        ("unknown", "of unknown origin", False),
        ("Salma H.", "copied by Salma H.", False),
    ],
)
def test_names_are_looked_for_in_any_case_and_script(
    small: SmallArchive, who: str, text: str, *, closed: bool
) -> None:
    names = names_of(small, who)
    fields = next(small.ledger.acts("told")).act.opened()
    [entry] = small.ledger.append([Draft("told", {**fields, "how": text})], small.signer)
    names = ProtectedNames(names.whole, names.words)
    assert ("how" not in Opening(names).fields(entry.act)) == closed


def test_a_digest_that_happens_to_spell_a_name_is_not_closed(small: SmallArchive) -> None:
    fields = next(small.ledger.acts("taken-in")).act.opened()
    spelled = {**fields, "sha256": "abed" * 16}
    [entry] = small.ledger.append([Draft("taken-in", spelled)], small.signer)
    said = Opening(names_of(small, "Abed")).fields(entry.act)
    assert said["sha256"] == "abed" * 16


@pytest.mark.parametrize("name", ["Omar K.", "عمر", "a/b c"])
def test_whoever_was_added_is_named_whatever_the_name(
    small: SmallArchive, tmp_path: Path, name: str
) -> None:
    people.add(small.ledger, small.signer, name, "archivist", b"x", ScryptCost(n=2))
    build_case_file(small.path, ["all"], "Court", "x", tmp_path / "case", small.signer)
    assert [each["name"] for each in opened(tmp_path / "case", "person-added")] == [name]


def test_who_looked_stays_in_the_house_and_how_often_is_said(
    small: SmallArchive, tmp_path: Path
) -> None:
    fields = {"look": "11" * 16, "item": small.items[0], "reason": "Canary of a reason"}
    asked = [Draft(kind, dict(fields)) for kind in ("look-asked", "looked", "looked")]
    small.ledger.append(asked, small.signer)
    build_case_file(small.path, ["all"], "Court", "x", tmp_path / "case", small.signer)
    assert not opened(tmp_path / "case", "looked")
    assert not opened(tmp_path / "case", "look-asked")
    kinds = {
        parse_presentation(path.read_text()).type
        for path in (tmp_path / "case").glob("data/custody/*.act")
    }
    assert "sealed" in kinds
    assert not kinds & {"look-asked", "looked"}
    report = as_text(custody_report(small.path, small.items[0]))
    assert "Looks inside the archive" in report


def test_a_judgement_leaves_only_with_both_its_files(small: SmallArchive, tmp_path: Path) -> None:
    def judged(*names: str) -> Draft:
        items: list[Json] = [each for each in names if len(each) == 32]
        said = {"items": items, "a": names[0], "b": names[1], "judgement": "same-footage"}
        return Draft("copies-judged", {**said, "reasons": "Canary of a reason", "lead": None})

    one, two, three = small.items[:3]
    query = "query:" + "ab" * 32
    small.ledger.append([judged(one, two), judged(two, three), judged(one, query)], small.signer)
    build_case_file(small.path, [one, two], "Court", "x", tmp_path / "case", small.signer)
    (left,) = opened(tmp_path / "case", "copies-judged")
    assert left["items"] == [one, two]
    assert "reasons" not in left
    report = as_text(custody_report(small.path, one))
    assert "another exhibit" not in report
