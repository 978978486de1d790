"""Take the pictures of docs/pictures anew: every page that a browser test shows, en, ar and dark.

Each is a page as the tests check it with axe, over drawn clips and the invented incident. What
follows is handed to pytest: python tools/pictures.py tests/web/publishing
"""

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
# Pages of one paper, one ink and a few hues: more colours only make the files larger.
COLOURS = 64


def take(chosen: list[str]) -> int:
    """Run the browser tests, which keep what they show; return pytest's exit code."""
    command = [sys.executable, "-m", "pytest", "-q", "--browser", "-m", "browser"]
    environment = {**os.environ, "DALIL_PICTURES": "1"}
    ran = subprocess.run(
        [*command, *(chosen or ["tests/web"])], cwd=ROOT, env=environment, check=False
    )
    return ran.returncode


def make_small(picture: Path) -> None:
    """Write a picture again with few colours, unless it has few already."""
    with Image.open(picture) as image:
        if image.mode == "P":
            return
        small = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(picture, optimize=True)


def main() -> None:
    """Take all pictures, make them small, and say how many there are."""
    code = take(sys.argv[1:])
    taken = sorted(PICTURES.glob("*.png"))
    for picture in taken:
        make_small(picture)
    total = sum(each.stat().st_size for each in taken)
    print(f"{len(taken)} pictures, {total / 1e6:.1f} MB, in docs/pictures")
    sys.exit(code)


if __name__ == "__main__":
    main()
