"""How long `dalil --help` takes, the median of several starts."""

import json
import statistics
import subprocess
import sys
import time

STARTS = 9


def seconds_to_help() -> float:
    """Start the program once and return the seconds until its help stood there."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "dalil", "--help"], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    reached = statistics.median(seconds_to_help() for _ in range(STARTS))
    row = {"name": "dalil --help", "reached": reached, "target": 0.3, "unit": "s"}
    print(json.dumps(row))
