"""Memory stays flat whatever the length of the footage."""

import subprocess
import sys
from pathlib import Path

import pytest

import dalil

PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from dalil.kernel.salt import SealSecret
from dalil.media import chain, survey
from dalil.media.tables import FRAME, UNIT
folder, count = Path(sys.argv[1]), int(sys.argv[2])
with (folder / chain.PACKETS).open("wb") as packets, (folder / chain.FRAMES).open("wb") as frames:
    for first in range(0, count, 50_000):
        numbers = np.arange(first, first + 50_000)
        rows = np.zeros(len(numbers), UNIT)
        rows["stream"], rows["j"] = numbers % 5 >= 2, numbers
        rows["order_ns"], rows["size"] = numbers * 13_000_000, 9000
        packets.write(rows.tobytes())
        films = numbers[numbers % 5 < 2]
        pictures = np.zeros(len(films), FRAME)
        pictures["unit"], pictures["width"], pictures["height"] = films, 1920, 1080
        frames.write(pictures.tobytes())
said = chain.Said(("a", "b"), ("yuv420p",), {}, ((1, 1000), (1, 1000)))
sealed = chain.bind(folder, SealSecret(bytes(32), bytes(16)), said)
status = Path("/proc/self/status").read_text()
print(sealed.depth, int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""


def bind_in_a_process(folder: Path, count: int) -> tuple[int, int]:
    """Bind so many packets and return the tree's depth and the most memory used, in MB."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), str(count)],
        capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(Path(dalil.__file__).parents[1])},
    )  # fmt: skip
    depth, most = map(int, ran.stdout.split())
    return depth, most


def test_an_hour_of_packets_stays_small(tmp_path: Path) -> None:
    depth, most = bind_in_a_process(tmp_path, 50_000)
    assert depth == 16
    assert most < 200


@pytest.mark.long
def test_fourteen_hours_of_packets_stay_small(tmp_path: Path) -> None:
    depth, most = bind_in_a_process(tmp_path, 3_800_000)
    assert depth == 24
    assert most < 200
