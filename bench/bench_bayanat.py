"""A list of 100,000 bulletins as Bayanat gives it out: how fast it is read, what it weighs.

Reading is what a dry run does twice: look at every object, check it, yield its records. Each
bulletin has a description, a place, an event, an actor, a source and a file. DALIL_BENCH_BULLETINS
changes the number.
"""

import json
import os
import random
import resource
import tempfile
import time
from pathlib import Path

from dalil.casebook.exchange.bayanat.convert import convert
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sheets import Faults, sheets_in

BULLETINS = int(os.environ.get("DALIL_BENCH_BULLETINS", "100000"))
BATCH = 250
SEED = 20161109


def megabytes() -> float:
    """Return the most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bulletin(number: int, chance: random.Random) -> dict[str, object]:
    """Return an invented bulletin."""
    place = number % 2000 + 1
    where = {"id": place, "title": f"Place {place}", "lat": 33.5, "lng": 36.3}
    actor = {"id": chance.randrange(1, BULLETINS), "name": "N. Amed", "sources": []}
    return {
        "class": "bulletin",
        "id": number,
        "title": f"Bulletin {number}",
        "title_ar": f"مادة {number}",
        "description": f"<p>{'word ' * 120}</p>",
        "publish_date": "2016-12-01T00:00",
        "sources": [{"id": number % 300 + 1, "title": "Lighthouse", "title_ar": None}],
        "locations": [{**where, "full_string": "Coast | "}],
        "events": [
            {
                "id": number,
                "title": None,
                "eventtype": {"id": 1, "title": "Sinking"},
                "from_date": "2016-11-09T00:00",
                "location": {**where, "latlng": {"lat": 33.5, "lng": 36.3}, "parent": None},
            }
        ],
        "medias": [{"id": number, "filename": f"{number}.mp4", "etag": "0" * 32}],
        "actor_relations": [{"actor": actor, "related_as": [1], "probability": None}],
    }


def written(path: Path) -> None:
    """Write the list as Bayanat does: in batches, with no comma between two of them."""
    chance = random.Random(SEED)
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{ \n"bulletins": [ \n')
        for start in range(1, BULLETINS + 1, BATCH):
            numbers = range(start, min(start + BATCH, BULLETINS + 1))
            stream.write(",".join(json.dumps(bulletin(n, chance)) for n in numbers) + "\n")
        stream.write("] \n }")


def say(name: str, reached: float, target: float, unit: str, note: str) -> None:
    """Print one measurement."""
    line = {"name": name, "reached": round(reached, 3), "target": target, "unit": unit}
    print(json.dumps(line | {"better": "less", "note": note, "ratio_to": ""}), flush=True)


def main() -> None:
    """Read the list once, to its end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bulletins.json"
        written(path)
        before, start, early, records = megabytes(), time.process_time(), 0.0, 0
        faults = Faults()
        for _ in convert(sheets_in(path, faults), Into("a" * 32, "bench"), faults):
            records += 1
            early = early or (megabytes() if records > BULLETINS else 0.0)
        faults.refuse()
        took, after = time.process_time() - start, megabytes()
        size = path.stat().st_size >> 20
    what = f"{records:,} records of {BULLETINS:,} bulletins, {size} MB"
    say("Bayanat: reading a list", took, 40, "s", f"CPU; {what}")
    say("Bayanat: memory gained", after - before, 64, "MB", f"{early - before:.0f} after a tenth")


if __name__ == "__main__":
    main()
