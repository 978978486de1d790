"""What of a case goes into a case file, what has to, and what never does."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Evidence, Source
from dalil.dossier.casefile import build_case_file
from dalil.dossier.claims.gathering import ClaimsOrder
from dalil.dossier.exhibits import Why
from dalil.errors import AgainstLeftOut, NoSuchThing, NotAllowed, Refusal, UsageRefused
from dalil.kernel.canonical import Json
from dalil.verifier.verify import as_text, examine
from dossier.claims.harbour import CASE, HIDDEN, Harbour, adoption, copy_of, reason, rid
from dossier.small_archive import everything_below


def listing(case: Path) -> Json:
    """Return claims.json."""
    return json.loads((case / "data/claims/claims.json").read_bytes())


def listed(case: Path) -> dict[str, Json]:
    """Return the records that are listed, by id or label."""
    return {each.get("id") or each["label"]: each for each in listing(case)["records"]}


def opened(case: Path) -> dict[str, Json]:
    """Return the fields that are open, by id, read as a stranger would."""
    found = {}
    for line in (case / "data/claims/records.jsonl").read_bytes().splitlines():
        said = json.loads(line)
        fields = said.get("fields")
        if fields is None:
            disclosures = said["record"].split("~")[1:-1]
            parts = [json.loads(base64.urlsafe_b64decode(d + "==")) for d in disclosures]
            fields = {name: value for _, name, value in parts}
        found[fields.get("id", f"place {said['place']}")] = fields
    return found


def verified(case: Path) -> str:
    """Return what the verifier says of a case file that it calls intact."""
    report = examine(str(case))
    said = as_text(report, "en")
    assert report.exit_code == 0, said
    return said


def test_a_stranger_finds_claims_and_all_that_speaks_against_them(handed_over: Path) -> None:
    command = [sys.executable, "-I", "verify.py", "."]
    said = subprocess.run(command, cwd=handed_over, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "records stand in the acts that wrote them down" in said.stdout
    assert "that speaks against a claim; all of these are here" in said.stdout


def test_the_adopted_claim_comes_with_every_assertion_and_evidence_on_it(handed_over: Path) -> None:
    here = opened(handed_over)
    assert {rid(f"A{i}") for i in (1, 2, 3, 4, 9)} <= set(here)
    assert {rid(each) for each in ("E1", "E2", "W1", "P1", "S1", "S2", "S4", "d1")} <= set(here)
    assert rid("P2") not in here
    assert rid("A5") not in here


def test_denials_and_contrary_evidence_are_listed_against_the_claim(handed_over: Path) -> None:
    [claim] = listing(handed_over)["propositions"]
    assert claim["against"] == sorted([rid("A3"), rid("E1")])
    assert claim["adopted"] is True
    assert claim["suggested"] == "contested"


def test_a_case_that_adopted_nothing_hands_over_all_and_says_so(
    harbour: Harbour, tmp_path: Path
) -> None:
    harbour.write(adoption_withdrawn())
    made = harbour.build(tmp_path / "case")
    assert listing(made.path)["chosen"] == "all"
    assert {each["id"] for each in listing(made.path)["propositions"]} == {
        rid(f"P{i}") for i in (1, 2, 3, 4)
    }
    said = verified(made.path)
    assert "has adopted no claim yet" in said
    assert "has adopted none yet" in (made.path / "data/claims/claims.en.txt").read_text("utf-8")


def adoption_withdrawn() -> Record:
    """Return the adoption of P1, taken back."""
    first = adoption("P1")
    return type(first)(
        id=first.id, proposition=first.proposition, case=CASE, revises=1, withdrawn="too early"
    )


def test_numbers_that_cannot_both_hold_and_rival_ranks_stand_against_each_other(
    harbour: Harbour, tmp_path: Path
) -> None:
    harbour.write(adoption("P2"), adoption("P3"))
    said = {
        each["id"]: each for each in listing(harbour.build(tmp_path / "case").path)["propositions"]
    }
    assert {rid("A5"), rid("A6")} <= set(said[rid("P2")]["against"])
    assert rid("A8") in said[rid("P3")]["against"]
    assert rid("P4") in said


@pytest.mark.parametrize("key", ["A3", "E1", "S4", "W1", "d1", "P1"])
def test_what_speaks_against_a_claim_is_not_left_out(
    harbour: Harbour, tmp_path: Path, key: str
) -> None:
    with pytest.raises(AgainstLeftOut, match=rid(key)):
        harbour.build(tmp_path / "case", without=(rid(key),))
    assert not (tmp_path / "case").exists()


def test_what_speaks_against_nothing_can_stay_and_is_counted(
    harbour: Harbour, tmp_path: Path
) -> None:
    made = harbour.build(tmp_path / "case", without=(rid("A9"),))
    assert rid("A9") not in opened(made.path)
    assert listing(made.path)["left_out"] == {"assertion": 1}
    said = verified(made.path)
    assert "1 records of the kind assertion were left out on request" in said


def test_an_answer_keeps_everything_that_it_rests_on(harbour: Harbour, tmp_path: Path) -> None:
    who = (("the Old Mole", "2013-04-16"),)
    with pytest.raises(AgainstLeftOut, match=rid("posted")):
        harbour.build(tmp_path / "case", without=(rid("posted"),), who=who)
    made = harbour.build(tmp_path / "case", who=who)
    [answer] = listing(made.path)["answers"]
    assert {rid("posted"), rid("there")} <= set(answer["records"])
    document = json.loads((made.path / "data/claims/answers/0001.json").read_bytes())
    assert document["answer"]["chains"]
    assert "is not: liable" in document["not_said"]["en"]


def sealed_denial() -> tuple[Record, ...]:
    """Return a denial that may not leave."""
    source = Source(
        id=rid("S9"), type="letter", title="Letter of the ninth", see="sealed", case=CASE
    )
    denial = Assertion(
        id=rid("A99"), proposition=rid("P1"), source=rid("S9"), polarity="denies", see="sealed",
        text="canarydenial", case=CASE,
    )  # fmt: skip
    return source, denial


def test_a_sealed_denial_is_refused_until_somebody_says_why_it_is_withheld(
    harbour: Harbour, tmp_path: Path
) -> None:
    harbour.write(*sealed_denial())
    with pytest.raises(AgainstLeftOut, match=f"{rid('A99')}.*--withheld"):
        harbour.build(tmp_path / "case")
    made = harbour.build(tmp_path / "case", reasons=reason("A99"))
    here = listed(made.path)
    [closed] = [e for e in here.values() if (e["kind"], e["shown"]) == ("assertion", "closed")]
    assert closed["class"] == "protected"
    assert closed["label"] in listing(made.path)["propositions"][0]["against"]
    everything = b"".join(everything_below(made.path).values())
    assert rid("A99").encode() not in everything
    assert b"canarydenial" not in everything
    said = verified(made.path)
    assert "1 withheld of class protected" in said


def test_a_sealed_record_that_speaks_against_nothing_never_leaves(
    harbour: Harbour, tmp_path: Path
) -> None:
    agrees = Assertion(
        id=rid("A98"), proposition=rid("P1"), source=rid("S1"), see="sealed",
        text="canaryagrees", case=CASE,
    )  # fmt: skip
    harbour.write(agrees)
    made = harbour.build(tmp_path / "case")
    assert rid("A98").encode() not in b"".join(everything_below(made.path).values())
    assert not [e for e in listed(made.path).values() if e.get("class") == "protected"]


def encodings(text: str) -> list[bytes]:
    """Return a text and its base64 at each of the three places it may begin at."""
    raw = text.encode()
    forms = [raw, raw.hex().encode()]
    for shift in range(3):
        coded = base64.urlsafe_b64encode(b"x" * shift + raw)
        forms.append(coded[4 * bool(shift) : len(coded) // 4 * 4 - 4])
    return [form for form in forms if len(form) >= 4]


@pytest.mark.parametrize("how", ["sealed", "by hand"])
def test_nothing_of_a_withheld_source_is_in_any_file(
    harbour: Harbour, tmp_path: Path, how: str
) -> None:
    asked: dict[str, Json] = {}
    if how == "by hand":
        open_now = Source(id=rid("S3"), type="interview", revises=1, case=CASE, **HIDDEN)
        harbour.write(open_now)
        asked = {"withheld_sources": (rid("S3"),)}
    made = harbour.build(tmp_path / "case", who=(("the Old Mole", "2013-04-16"),), **asked)
    words = [*HIDDEN.values(), rid("S3"), "CANARYROW", "canarynote", "canarypage", "canarygrade"]
    words += ["canaryevidence", "canaryremark", "Canaryauthor"]
    for name, data in everything_below(made.path).items():
        found = [w for w in words for form in encodings(w) if form.lower() in data.lower()]
        assert not found, (name, found)
    verified(made.path)
    assert b"I saw him in the yard." in (made.path / "data/claims/claims.en.txt").read_bytes()


def test_a_withheld_source_is_there_with_its_place_and_nothing_else(handed_over: Path) -> None:
    [source] = [
        e for e in listed(handed_over).values() if (e["kind"], e["shown"]) == ("source", "closed")
    ]
    assert set(source) == {"act", "kind", "label", "place", "shown"}
    lines = (handed_over / "data/claims/records.jsonl").read_bytes().splitlines()
    [line] = [
        x
        for x in map(json.loads, lines)
        if x["place"] == source["place"] and x["act"] == source["act"]
    ]
    assert line["record"].count("~") == 2
    assert opened(handed_over)[rid("A4")]["verbatim"] == "I saw him in the yard."
    assert "source" not in opened(handed_over)[rid("A4")]


def test_a_source_withheld_by_hand_speaks_under_one_label(harbour: Harbour, tmp_path: Path) -> None:
    made = harbour.build(tmp_path / "case", withheld_sources=(rid("S1"),))
    here = listed(made.path)
    labels = {
        each["label"] for each in here.values() if each["kind"] == "source" and "label" in each
    }
    used = {str(here[rid(a)]["stands_for"]["source"][0]) for a in ("A1", "A9")}
    assert len(used) == 1
    assert used < labels
    assert here[rid("A4")]["stands_for"] == {"source": ["withheld"]}
    assert "polarity" in opened(made.path)[rid("A1")]


def test_earlier_words_of_a_record_come_along(harbour: Harbour, tmp_path: Path) -> None:
    later = Assertion(
        id=rid("A3"), proposition=rid("P1"), source=rid("S4"), asserted="2022-10-28",
        polarity="affirms", revises=1, case=CASE,
    )  # fmt: skip
    harbour.write(later)
    case = harbour.build(tmp_path / "case").path
    shown = [each for each in listing(case)["records"] if each.get("id") == rid("A3")]
    assert len(shown) == 2
    verified(case)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"without": (rid("nothing"),)}, NoSuchThing),
        ({"withheld_sources": (rid("A1"),)}, NoSuchThing),
        ({"who": (("Nowhere at all", "2013-04-16"),)}, NoSuchThing),
        ({"who": (("the Old Mole", "2013"),)}, UsageRefused),
        ({"reasons": reason("P1")}, AgainstLeftOut),
        ({"without": (rid("S2"),)}, UsageRefused),
        ({"without": (rid("person"),)}, UsageRefused),
    ],
)
def test_wrong_orders_are_refused_and_nothing_is_left(
    harbour: Harbour, tmp_path: Path, asked: Json, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        harbour.build(tmp_path / "case", **asked)
    assert [each.name for each in tmp_path.iterdir()] == ["archive"]


def test_a_case_that_relies_on_what_is_sealed_is_refused(harbour: Harbour, tmp_path: Path) -> None:
    hidden = Proposition(
        id=rid("P9"),
        subject=rid("person"),
        predicate="lives at",
        value="x",
        see="sealed",
        case=CASE,
    )
    harbour.write(hidden, adoption("P9"))
    with pytest.raises(NotAllowed, match=rid("P9")):
        harbour.build(tmp_path / "case")


def test_a_reason_that_names_a_withheld_source_is_refused(harbour: Harbour, tmp_path: Path) -> None:
    told = {harbour.archive.items[0]: Why("protected", f"It was told by {HIDDEN['author']}.")}
    with pytest.raises(NotAllowed):
        harbour.build(tmp_path / "case", harbour.archive.items[1], reasons=told)


def test_claims_and_exhibits_go_together(harbour: Harbour, tmp_path: Path) -> None:
    made = harbour.build(tmp_path / "case", *harbour.archive.items[:2])
    assert made.exhibits == ("0001", "0002")
    assert made.claims == 1
    verified(made.path)


def test_the_same_archive_gives_the_same_bytes(kept: Harbour, tmp_path: Path) -> None:

    one = copy_of(kept, tmp_path / "1").build(tmp_path / "a")
    other = copy_of(kept, tmp_path / "2").build(tmp_path / "b")
    assert everything_below(one.path) == everything_below(other.path)


def test_a_text_that_names_somebody_whom_a_telling_protects_stays_closed(
    harbour: Harbour, tmp_path: Path
) -> None:
    told = Evidence(
        id=rid("E9"), assertion=rid("A1"), relation="context", by_source=rid("S4"),
        note="as Canary-Nightingale told a friend", case=CASE,
    )  # fmt: skip
    harbour.write(told)
    made = harbour.build(tmp_path / "case")
    assert "note" not in opened(made.path)[rid("E9")]
    assert listed(made.path)[rid("E9")]["closed"] == ["note"]


def test_the_page_to_read_has_both_sides_and_what_is_not_counted(
    harbour: Harbour, tmp_path: Path
) -> None:
    mixed = Assertion(
        id=rid("A70"), proposition=rid("P1"), source=rid("S2"), mixed_scope=True,
        text="a blend of two nights", case=CASE,
    )  # fmt: skip
    harbour.write(mixed)
    case = harbour.build(tmp_path / "case").path
    page = (case / "data/claims/claims.en.txt").read_text("utf-8")
    _, in_favour = page.split("for (", 1)
    in_favour, contrary = in_favour.split("against (", 1)
    contrary, apart = contrary.split("not counted (", 1)
    assert "The Lighthouse" in in_favour
    assert "Statement 12" not in in_favour
    assert "Statement 12" in contrary
    assert "a blend of two nights" in apart.split("Sources")[0]
    said = "claimed by \u2068a withheld source\u2069; no evidence given: "
    assert f"{said}\u2068I saw him in the yard.\u2069" in page


def test_a_claim_with_nothing_against_it_says_so_in_both_languages(
    harbour: Harbour, tmp_path: Path
) -> None:
    quiet = Proposition(id=rid("P7"), subject=rid("place"), predicate="is dry", case=CASE)
    harbour.write(quiet, adoption("P7"))
    folder = harbour.build(tmp_path / "case").path / "data/claims"
    assert "against: nothing is recorded" in (folder / "claims.en.txt").read_text("utf-8")
    assert "ما يعارضها: لا شيء مدوّن" in (folder / "claims.ar.txt").read_text("utf-8")


def test_an_answer_alone_can_be_handed_over(harbour: Harbour, tmp_path: Path) -> None:
    order = ClaimsOrder("nothing-asked", who=(("the Old Mole", "2013-04-16"),))
    made = build_case_file(
        harbour.path, (), "Court", "request", tmp_path / "case", harbour.archive.signer,
        claims=order,
    )  # fmt: skip
    assert listing(made.path)["propositions"] == []
    assert rid("posted") in opened(made.path)
    assert "1 answers on who commanded are here" in verified(made.path)


def test_a_sealed_denial_of_a_posting_is_announced_with_the_answer(
    harbour: Harbour, tmp_path: Path
) -> None:
    denial = Relation(
        id=rid("not posted"), relation="posted_to", a=rid("person"), b=rid("unit"),
        polarity="denies", valid="2013-04", is_command=True, see="sealed", case=CASE,
    )  # fmt: skip
    harbour.write(denial)
    who = (("the Old Mole", "2013-04-16"),)
    with pytest.raises(AgainstLeftOut, match=rid("not posted")):
        harbour.build(tmp_path / "case", who=who)
    made = harbour.build(tmp_path / "case", who=who, reasons=reason("not posted"))
    closed = [each for each in listed(made.path).values() if each.get("class") == "protected"]
    assert [each["kind"] for each in closed] == ["relation"]
    verified(made.path)


def test_parts_of_a_withheld_name_and_words_that_stay_unsaid_close_the_texts_that_hold_them(
    harbour: Harbour, tmp_path: Path
) -> None:
    noted = [
        Source(
            id=rid("S8"), type="magazine", case=CASE, publisher="New Tides (Bellamy & Dornwald)"
        ),
        says_of("A80", "S8", "as the magazine itself has it"),
        says_of("A81", "S2", "what Dornwald told us in spring"),
        says_of("A82", "S2", "first printed by Tides"),
        says_of("A83", "S2", "first printed elsewhere"),
    ]
    harbour.write(*noted)
    asked = {"withheld_sources": (rid("S8"),), "unsaid": ("by Tides",)}
    here = opened(harbour.build(tmp_path / "case", **asked).path)
    assert ["text" in here[rid(f"A8{i}")] for i in range(4)] == [True, False, False, True]
    assert "source" not in here[rid("A80")]


def says_of(short: str, source: str, text: str) -> Assertion:
    """Return an assertion on the adopted claim."""
    return Assertion(id=rid(short), proposition=rid("P1"), source=rid(source), text=text, case=CASE)


def test_a_publisher_that_an_open_source_has_too_closes_nothing(
    harbour: Harbour, tmp_path: Path
) -> None:
    same = Source(id=rid("S8"), type="newspaper", case=CASE, publisher="The Lighthouse")
    harbour.write(same, says_of("A80", "S8", "as The Lighthouse has it"))
    here = opened(harbour.build(tmp_path / "case", withheld_sources=(rid("S8"),)).path)
    assert "text" in here[rid("A80")]
    assert here[rid("S1")]["publisher"] == "The Lighthouse"


def test_that_something_was_taken_back_is_said_where_the_reason_stays_closed(
    harbour: Harbour, tmp_path: Path
) -> None:
    gone = Assertion(
        id=rid("A3"), proposition=rid("P1"), source=rid("S4"), polarity="denies", revises=1,
        asserted="2022-10-28", key="row A3", withdrawn="Umm Canaryauthor says so", case=CASE,
    )  # fmt: skip
    harbour.write(gone)
    case = harbour.build(tmp_path / "case").path
    last = [each for each in listing(case)["records"] if each.get("id") == rid("A3")][-1]
    assert last["withdrawn"] is True
    assert last["closed"] == ["withdrawn"]
    assert rid("A3") not in listing(case)["propositions"][0]["against"]
    verified(case)
    page = (case / "data/claims/claims.en.txt").read_text("utf-8")
    assert "- [withdrawn] denied by" in page


def test_a_source_withheld_with_a_reason_is_hidden_like_any_other(
    harbour: Harbour, tmp_path: Path
) -> None:
    made = harbour.build(tmp_path / "case", reasons=reason("S2"))
    [closed] = [each for each in listed(made.path).values() if each.get("class") == "protected"]
    assert closed["kind"] == "source"
    assert b"Morning Tide" not in b"".join(everything_below(made.path / "data").values())
    verified(made.path)
