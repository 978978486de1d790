"""A case file with victims, sites and hypotheses: what leaves, what has to, what never does."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from casebook.the_dead import CASE, ITEM, canaries, rid, the_dead
from dalil.casebook.record.claims import Assertion, Assessment
from dalil.casebook.record.form import Record, kinds
from dalil.casebook.record.things import Name
from dalil.casebook.record.victims import Recognition, Victim
from dalil.dossier.casefile import build_case_file
from dalil.dossier.claims.gathering import ClaimsOrder
from dalil.dossier.exhibits import Why
from dalil.errors import AgainstLeftOut, NoSuchThing
from dalil.kernel.canonical import Json
from dalil.verifier.verify import as_text, examine, named_by
from dossier.claims.harbour import Harbour, copy_of
from dossier.claims.test_claims_in_the_case_file import listing, opened, verified
from dossier.small_archive import SmallArchive, everything_below

SUPPOSED = (rid("suppose"),)
WHY = Why("protected", "It shows where somebody lives.")
# What is told within the house and goes no further: of sites, and of families.
STAY = {"notification", "warning", "precision"}

GUESS = Name(id="a1" * 16, case=CASE, entity=rid("three"), form="Bulbulguess")


@dataclass(frozen=True, slots=True)
class Ferry:
    """An archive with the case of the dead."""

    archive: Harbour

    def build(self, out: Path, **asked: Json) -> Path:
        """Build a case file of the case and return its folder."""
        reasons = asked.pop("reasons", None)
        made = build_case_file(
            self.archive.path, (), "Court of the coast", "request", out,
            self.archive.archive.signer, claims=ClaimsOrder(CASE, **asked), withheld=reasons,
        )  # fmt: skip
        return made.path


@pytest.fixture
def ferry(made: SmallArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ferry:
    """Return an archive of a test's own, with nothing in its casebook yet."""
    monkeypatch.setattr("dalil.dossier.casefile.formats", lambda: iter(()))
    return Ferry(copy_of(Harbour(made), tmp_path / "archive"))


@pytest.fixture(scope="module")
def whole(made: SmallArchive, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return case files of the whole case by class; only read."""
    place = tmp_path_factory.mktemp("whole")
    ferry = written(Ferry(copy_of(Harbour(made), place / "archive")), GUESS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dalil.dossier.casefile.formats", lambda: iter(()))
        return {
            see: ferry.build(place / see, see=see, hypotheses=SUPPOSED)
            for see in ("restricted", "sealed")
        }


def written(ferry: Ferry, *more: Record, see: str = "restricted", **changed: Json) -> Ferry:
    """Write the case down; ``changed`` gives a record (by short key) other fields."""
    told = the_dead(see)
    told |= {key: replace(told[key], **fields) for key, fields in changed.items()}
    ferry.archive.write(*told.values(), *more)
    return ferry


def page(case: Path, lang: str = "en") -> str:
    """Return what people read of the claims."""
    return (case / f"data/claims/claims.{lang}.txt").read_text("utf-8")


def text_of(case: Path) -> str:
    """Return every byte of a case file, and every field that is open in it."""
    every = b"\n".join(everything_below(case).values()).decode("utf-8", "replace")
    return every + json.dumps(opened(case), ensure_ascii=False)


def test_every_kind_leaves_but_those_of_the_house(whole: dict[str, Path]) -> None:
    case = whole["sealed"]
    new = {"victim", "appearance", "recognition", "position", "site_state", "remains"}
    new |= {"identification", "hypothesis", "bearing"}
    here = {each["kind"] for each in listing(case)["records"]}
    assert new <= here
    assert not STAY & here
    assert new | STAY <= set(kinds())
    verified(case)
    verify = case / "verify.py"
    command = [sys.executable, "-I", str(verify), str(case)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_page_tells_them_in_words(whole: dict[str, Path], lang: str) -> None:
    text = page(whole["restricted"], lang)
    told = {
        "en": ("by sight, which is no identification", "said that",
               f"is seen in item \u2068{ITEM[:12]}", "where exactly is withheld",
               "said not to be the remains", "person 3"),
        "ar": ("بالنظر، وليس تحديدًا للهوية", "ليس", "يظهر", "والموضع الدقيق محجوب",
               "يُقال إنه ليس رفات", "person 3"),
    }  # fmt: skip
    assert [each for each in told[lang] if each not in text] == []
    raw = re.findall(r"\b(?:[a-z]+_[a-z_0-9]+|polarity|unidentified|timebase)\b", text)
    assert raw == []


def test_a_recognition_brings_its_denial_and_whoever_names_another(
    ferry: Ferry, tmp_path: Path
) -> None:
    rival = Recognition(
        id="e" * 32, case=CASE, victim=rid("three"), as_victim=rid("other"), grade="asserted",
        conditions="at the morgue",
    )  # fmt: skip
    written(ferry, rival)
    here = opened(ferry.build(tmp_path / "case"))
    assert {rid("known"), rid("denied"), "e" * 32, rid("no match")} <= set(here)
    for number, each in enumerate((rid("denied"), "e" * 32, rid("no match"))):
        with pytest.raises(AgainstLeftOut, match=each):
            ferry.build(tmp_path / f"without-{number}", without=(each,))


def test_a_sealed_denial_is_announced_with_a_reason(ferry: Ferry, tmp_path: Path) -> None:
    written(ferry, denied={"see": "sealed"})
    with pytest.raises(AgainstLeftOut, match=f"recognition {rid('denied')} is sealed"):
        ferry.build(tmp_path / "case")
    case = ferry.build(tmp_path / "told", reasons={rid("denied"): WHY})
    (closed,) = (each for each in listing(case)["records"] if each["shown"] == "closed")
    assert closed["kind"] == "recognition"
    assert closed["label"] in page(case)
    assert "Bulbulbrother" not in text_of(case)
    verified(case)


def test_what_families_were_told_leaves_in_no_class_and_by_no_door(
    ferry: Ferry, tmp_path: Path
) -> None:
    rests = Assessment(
        id="d" * 32, case=CASE, proposition=rid("taken"), status="contested",
        reasoning="the family knows", rests_on=(rid("told"),),
    )  # fmt: skip
    written(ferry, rests, told={"see": "open"})
    told = [*canaries(the_dead()["told"]), rid("told")]
    assert len(told) > 4
    for see in ("restricted", "sealed"):
        case = ferry.build(tmp_path / see, see=see, hypotheses=SUPPOSED)
        text = text_of(case)
        assert [each for each in told if each in text] == []
        assert "notification" not in json.dumps(listing(case))
        verified(case)
    for asked in ({"without": (rid("told"),)}, {"reasons": {rid("told"): WHY}}):
        with pytest.raises(NoSuchThing):
            ferry.build(tmp_path / "never", **asked)


def test_the_name_of_a_sealed_victim_stands_in_no_text(ferry: Ferry, tmp_path: Path) -> None:
    hidden = Victim(
        id="c" * 32, case="elsewhere", see="sealed",
        names=({"form": "Layla Bulbulsealed"}, {"form": "ليلى البلبل"}),
    )  # fmt: skip
    tells = Assertion(
        id="b" * 32, case=CASE, proposition=rid("taken"), source=rid("paper"),
        text="He stood beside layla  bulbulsealed that night.", text_ar="كان بجانب ليلي البلبل.",
        note="ولليلى أخ", verbatim="beside her",
    )  # fmt: skip
    written(ferry, hidden, tells)
    text = text_of(ferry.build(tmp_path / "case")).casefold()
    assert "bulbulsealed" not in text
    assert "البلبل" not in text
    assert "beside her" in text
    # For whom nothing is sealed, nothing is closed.
    assert "bulbulsealed" in text_of(ferry.build(tmp_path / "all", see="sealed")).casefold()


def test_whoever_is_sealed_is_not_told_of_though_a_recognition_names_them(
    ferry: Ferry, tmp_path: Path
) -> None:
    written(
        ferry, named={"see": "sealed"}, taken={"subject": rid("man")},
        other={"see": "restricted"},
    )  # fmt: skip
    case = ferry.build(tmp_path / "case", hypotheses=SUPPOSED)
    text = text_of(case)
    for canary in ("Bulbulname", "النجار", "Bulbulbyname", "Bulbulby", "Bulbuldna"):
        assert canary not in text
    verified(case)


def test_nobody_unnamed_is_given_a_name(whole: dict[str, Path]) -> None:
    assert rid("three") in opened(whole["sealed"])
    text = text_of(whole["sealed"])
    assert "Bulbulguess" not in text
    assert GUESS.id not in text


def test_a_withheld_source_takes_along_who_recognised(ferry: Ferry, tmp_path: Path) -> None:
    written(ferry, list={"see": "sealed"})
    case = ferry.build(tmp_path / "case")
    fields = opened(case)[rid("known")]
    assert not {"source", "by", "relation", "on", "note"} & set(fields)
    assert fields["grade"] == "visual"
    text = text_of(case)
    for canary in ("Bulbulsister", "Bulbulrow", "Bulbulconditions", "ferrymen"):
        assert canary not in text
    verified(case)


def test_where_a_sealed_site_lies_leaves_for_nobody_below(whole: dict[str, Path]) -> None:
    text = text_of(whole["restricted"])
    for exact in ("33504949", "36304949", "33505071", "36305071", "33.504949", "Bulbulverbatim"):
        assert exact not in text
    assert "33.505071" in text_of(whole["sealed"])


@pytest.mark.parametrize(("kind", "field"), [
    ("recognition", "as_victim"), ("position", "site"), ("identification", "remains"),
])  # fmt: skip
def test_a_stranger_finds_that_what_a_record_names_is_missing(
    whole: dict[str, Path], tmp_path: Path, kind: str, field: str
) -> None:
    case = tmp_path / "case"
    shutil.copytree(whole["sealed"], case)
    (said, *_) = (each for each in opened(case).values() if each["kind"] == kind)
    records = case / "data/claims/records.jsonl"
    lines = [
        line
        for line in records.read_bytes().splitlines(keepends=True)
        if f'"id":"{said[field]}"'.encode() not in line
    ]
    records.write_bytes(b"".join(lines))
    report = examine(str(case))
    assert report.exit_code == 1
    assert f"{said[field]}" in as_text(report, "en")
    assert said[field] in set(named_by(said))
