"""Recall under attack: our matcher, without and with the optional weights, and vPDQ beside it.

Copies are made of real footage (bench/copies), an archive takes the references in, and every copy
is asked about as a stranger's file would be. DALIL_MATCH_BENCH keeps films and archives for the
next run; DALIL_BENCH_SCENES names a folder with more footage.
"""

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

from copies import vpdq
from copies.attacks import Copy, copies
from copies.scenes import ROOT, Scene, references
from copies.tally import OTHER, SCENE, Pair, Said, by_attack, pairs, placing, recall, wrong

KEPT = os.environ.get("DALIL_MATCH_BENCH", "")
WITHOUT, WITH, PEER = "ours, without weights", "ours, with weights", "vPDQ"
ASKED_FOR = {WITHOUT: 0.90, WITH: 0.98, PEER: 0.0}
PLACED = 0.98
NANO = 10**9
# Takes an archive, a folder of copies and the file for the answers, a line a copy; goes on where it
# was stopped.
ASK = """
import json, sys
from pathlib import Path
from dalil.match.search import find_copies
archive, films, out = map(Path, sys.argv[1:])
out.touch()
done = {json.loads(line)[0] for line in out.read_text().splitlines()}
for film in sorted(films.glob("*.mp4")):
    if film.name not in done:
        (asked,) = find_copies(archive, [film])
        leads = [
            [
                lead.b, lead.verdict, lead.score,
                [[p.a_from_ns, p.a_to_ns, p.b_from_ns, p.b_to_ns] for p in lead.pieces],
            ]
            for lead in asked.leads
        ]
        with out.open("a") as file:
            file.write(json.dumps([film.name, leads]) + chr(10))
"""
FOUND = """
import os, sys
from pathlib import Path
from dalil.cli import main
from dalil.intake.take_in import Options, take_in
from dalil.ledger.keyring import unlock
archive, films = Path(sys.argv[1]), sys.argv[2]
try:
    main(["init", str(archive), "--keeper", "bench", "--sheet", f"{archive}-sheet"])
except SystemExit:
    pass
signer = unlock(archive, os.environ["DALIL_PASSPHRASE"].encode(), "bench")
take_in(archive, [os.fsencode(films)], signer, (), Options(tiles=True))
"""
NAMES = """
import base64, json, sys
from pathlib import Path
from dalil.intake.listing import items
names = {each.item: base64.urlsafe_b64decode(each.name + "==") for each in items(Path(sys.argv[1]))}
print(json.dumps({item: Path(name.decode()).stem for item, name in names.items()}))
"""


@dataclass(frozen=True, slots=True)
class Made:
    """What is compared: the references by name, where they lie, and the copies of them."""

    scenes: dict[str, Scene]
    references: Path
    films: Path
    copies: list[Copy]


def say(name: str, reached: float, target: float, unit: str, note: str) -> None:
    """Print one row for bench/run.py; more is better, or no target is 0."""
    row = {"name": name, "reached": reached, "target": target, "unit": unit, "ratio_to": note}
    better = "more" if unit == "of copies" else "less"
    print(json.dumps(row | {"better": better}, ensure_ascii=False), flush=True)


def made(work: Path) -> Made:
    """Cut references and make every copy that is not there yet."""
    cut = references(work / "references")
    films = [(path, scene) for path, scene in cut.items() if scene.attacked]
    found = list[Copy]()
    for number, (path, scene) in enumerate(films):
        others = [other for other, its in films if its.scene != scene.scene]
        turn = number % len(others)
        found += copies(work / "copies", path, others[turn:] + others[:turn])
    scenes = {scene.name: scene for scene in cut.values()}
    return Made(scenes, work / "references", work / "copies", found)


def bare(folder: Path) -> Path:
    """Return a Python that sees the packages of this one, and not the optional weights."""
    venv.create(folder, with_pip=False, symlinks=True)
    paths = (sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), str(ROOT / "src"))
    below = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    link = below / "site-packages" / "packages.pth"
    link.write_text("\n".join(dict.fromkeys(paths)))
    return folder / "bin" / "python"


def ours(work: Path, name: str, python: Path, what: Made) -> dict[str, dict[str, Said]]:
    """Take the references into an archive and ask about every copy; return what was said."""
    archive, answers = work / name / "archive", work / name / "answers.jsonl"
    (work / name).mkdir(exist_ok=True)
    if not archive.exists():
        run(python, FOUND, archive, what.references)
    run(python, ASK, archive, what.films, answers)
    items = json.loads(run(python, NAMES, archive))
    return {
        copy: {
            items[item]: Said(
                verdict == "same-footage",
                score,
                tuple(tuple(at / NANO for at in piece) for piece in pieces),
            )
            for item, verdict, score, pieces in leads
        }
        for copy, leads in map(json.loads, answers.read_text("utf-8").splitlines())
    }


def judged(what: Made, said: dict[str, dict[str, Said]]) -> list[Pair]:
    """Return every pair with what was said of it; of a pair that was not named, nothing was."""
    nothing = Said(same=False, score=0.0)
    return pairs(
        what.copies,
        what.scenes,
        lambda copy, name: said.get(copy.path.name, {}).get(name, nothing),
    )


def run(python: Path, code: str, *arguments: Path) -> str:
    """Run a few lines in another Python and return what they print."""
    command = [str(python), "-c", code, *map(str, arguments)]
    environment = os.environ | {"DALIL_PASSPHRASE": "bench"}
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    return ran.stdout


def peer(work: Path, what: Made) -> list[Pair]:
    """Return what vPDQ says of every pair."""
    kept = work / "vpdq"
    kept.mkdir(exist_ok=True)
    held = {name: vpdq.hashes(what.references / f"{name}.mp4", kept) for name in what.scenes}
    asked = {copy.path: vpdq.hashes(copy.path, kept) for copy in what.copies}
    return pairs(
        what.copies,
        what.scenes,
        lambda copy, name: Said(vpdq.says(asked[copy.path], held[name]), 0.0),
    )


def report(name: str, found: list[Pair]) -> None:
    """Print the rows of one matcher: all scenes, and those on which nothing was fitted."""
    fresh = [pair for pair in found if not pair.fitted]
    for label, chosen in (("scenes not fitted on", fresh), ("all scenes", found)):
        note = f"{sum(pair.kind == 'own' for pair in chosen)} copies, {label}"
        say(f"{name}: found", recall(chosen), ASKED_FOR[name], "of copies", note)
    if name != PEER:
        say(f"{name}: placed within half a second", placing(found), PLACED, "of copies", "of found")
    for kind, words in ((OTHER, "another scene"), (SCENE, "another moment of the scene")):
        false, of = wrong(found, kind)
        say(f"{name}: {words} called the same", false, 0, "pairs", f"of {of}")


def as_rates(found: list[Pair]) -> dict[str, str | int]:
    """Return one entry of src/dalil/match/rates.json, from the scenes that were not fitted on."""
    fresh = [pair for pair in found if not pair.fitted]
    own = [pair for pair in fresh if pair.kind == "own"]
    counts = {"copies": len(own), "missed": sum(not pair.said.same for pair in own)}
    scenes = sorted({pair.copy.of for pair in own})
    (false, others), (false_scene, of) = (wrong(fresh, kind) for kind in (OTHER, SCENE))
    kinds = {pair.copy.attack for pair in own}
    return {
        "films": len(scenes), "kinds": len(kinds), **counts, "others": others, "false": false,
        "scenes": of, "false_scene": false_scene,
    }  # fmt: skip


def measured(work: Path) -> None:
    """Make copies, ask everybody, print rows, the table per attack and the rates."""
    what = made(work)
    if not what.copies:
        print("no footage is here: nothing is measured", file=sys.stderr)
        return
    pythons = {WITHOUT: bare(work / "bare")}
    if (Path(sys.prefix) / "weights").is_dir():
        pythons[WITH] = Path(sys.executable)
    found = {
        name: judged(what, ours(work, name.rsplit(", ", 1)[-1].split()[0], python, what))
        for name, python in pythons.items()
    }
    found[PEER] = peer(work, what)
    for name, each in found.items():
        report(name, each)
    print(f"vPDQ by {vpdq.by()}\n\n{by_attack(found)}\n", file=sys.stderr)
    entries = {name: as_rates(each) for name, each in found.items() if name != PEER}
    print(f"rates: {json.dumps(entries)}", file=sys.stderr)


def main() -> None:
    """Measure in the folder that is kept, or in one that is gone afterwards."""
    if KEPT:
        Path(KEPT).mkdir(parents=True, exist_ok=True)
        measured(Path(KEPT))
        return
    with tempfile.TemporaryDirectory() as folder:
        measured(Path(folder))


if __name__ == "__main__":
    main()
