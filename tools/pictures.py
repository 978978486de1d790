"""Take the pictures of docs/pictures anew: every page that a browser test shows, en, ar and dark.

Each is a page as the tests check it with axe, over drawn clips and the invented incident. What
follows is handed to pytest: python tools/pictures.py tests/web/publishing
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"


def main() -> None:
    """Run the browser tests, which keep what they show, and say how many pictures there are."""
    command = [sys.executable, "-m", "pytest", "-q", "--browser", "-m", "browser"]
    environment = {**os.environ, "DALIL_PICTURES": "1"}
    chosen = sys.argv[1:] or ["tests/web"]
    ran = subprocess.run([*command, *chosen], cwd=ROOT, env=environment, check=False)
    taken = list(PICTURES.glob("*.png"))
    total = sum(each.stat().st_size for each in taken)
    print(f"{len(taken)} pictures, {total / 1e6:.1f} MB, in docs/pictures")
    sys.exit(ran.returncode)


if __name__ == "__main__":
    main()
