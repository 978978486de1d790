import os
import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dalil.errors import Altered
from dalil.media.features.makers import learned
from dalil.media.features.makers.learned import LENGTH, LearnedMaker, Network
from shared_data import shared

Picture = NDArray[np.uint8]


@pytest.fixture(scope="module")
def network() -> Network:
    model = learned.place()
    if model is None:
        if os.environ.get("DALIL_PEERS"):
            pytest.fail("the optional network is not here: python3 do weights")
        pytest.skip("the optional network is not here: python3 do weights")
    return Network(model)


def drawn(seed: int) -> Picture:
    random = np.random.default_rng(seed)
    picture = np.full((180, 320, 3), random.integers(40, 200, 3), np.uint8)
    for _ in range(24):
        x, y, width, height = random.integers(0, [300, 160, 120, 90]).tolist()
        colour = random.integers(0, 256, 3).tolist()
        cv2.rectangle(picture, (x, y), (x + width, y + height), colour, -1)
    return picture


def alike(network: Network, a: Picture, b: Picture) -> float:
    first, second = (network.vector(each).astype(float) for each in (a, b))
    return float(first @ second)


FOOTAGE = (
    "intel_bottle-detection.mp4",
    "intel_car-detection.mp4",
    "intel_one-by-one-person-detection.mp4",
    "te_chair-orig-22-sd-bar.mp4",
    "te_pattern-longer-no-bar.mp4",
)


def first_picture(name: str) -> Picture:
    """Return the first picture of real footage: drawn shapes all look alike to the network."""
    with av.open(shared("data", "footage", name)) as file:
        frame = next(file.decode(video=0))
    scale = learned.SIDE / max(frame.width, frame.height)
    size = round(frame.width * scale), round(frame.height * scale)
    picture = cv2.resize(frame.to_ndarray(format="rgb24"), size, interpolation=cv2.INTER_AREA)
    return picture.astype(np.uint8)


def test_a_copy_lies_nearer_than_every_other_picture(network: Network) -> None:
    whole, *others = (first_picture(name) for name in FOOTAGE)
    height, width = whole.shape[:2]
    noise = np.random.default_rng(0).normal(0, 8, whole.shape)
    copies = {
        "smaller": cv2.resize(whole, (width // 2, height // 2), interpolation=cv2.INTER_AREA),
        "cropped": whole[height // 10 : -height // 10, width // 10 : -width // 10],
        "darker": whole * 0.6,
        "noisy": np.clip(whole + noise, 0, 255),
        "boxed": np.pad(whole, ((height // 4, height // 4), (0, 0), (0, 0))),
    }
    furthest = max(alike(network, whole, other) for other in others)
    near = {
        name: alike(network, whole, np.ascontiguousarray(copy, np.uint8))
        for name, copy in copies.items()
    }
    assert min(near.values()) > furthest + 0.3, (near, furthest)


def test_the_same_picture_gives_the_same_vector(network: Network) -> None:
    assert np.array_equal(network.vector(drawn(3)), network.vector(drawn(3)))


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 90), st.integers(1, 320), st.integers(0, 255))
def test_a_picture_of_any_shape_gives_a_unit_vector(height: int, width: int, grey: int) -> None:
    model = learned.place()
    if model is None:
        pytest.skip("the optional network is not here")
    vector = Network(model).vector(np.full((height, width, 3), grey, np.uint8))
    assert vector.shape == (LENGTH,)
    assert vector.dtype == np.float16
    assert abs(float(np.linalg.norm(vector.astype(float))) - 1) < 2e-3


def test_a_maker_gives_one_vector_for_each_picture_in_order(network: Network) -> None:
    maker = LearnedMaker(network)
    for second in range(3):
        maker.take(drawn(second), second * 10**9)
    made = maker.finish()
    assert made.shape == (3, LENGTH)
    assert np.array_equal(made[2], network.vector(drawn(2)))


def test_no_pictures_and_no_network_look_the_same_in_features(network: Network) -> None:
    made, without = LearnedMaker(network).finish(), learned.no_vectors()
    assert made.shape == without.shape == (0, LENGTH)
    assert made.dtype == without.dtype


def test_a_network_other_than_the_measured_one_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "sscd_distilled.onnx"
    other.write_bytes(b"another network")
    with pytest.raises(Altered, match=r"sscd_distilled\.onnx"):
        Network(other)


def test_without_the_extra_there_is_no_place(tmp_path: Path) -> None:
    assert learned.place(tmp_path) is None


def test_without_the_library_there_is_no_place_though_the_network_lies_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / learned.MODEL
    model.parent.mkdir(parents=True)
    model.write_bytes(b"x")
    monkeypatch.setattr(learned, "find_spec", lambda _: None)
    assert learned.place(tmp_path) is None


def test_nothing_of_the_library_is_loaded_until_a_network_is_opened() -> None:
    code = "import dalil.media.features.makers.learned, sys; sys.exit('onnxruntime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_library_is_kept_from_telling_its_maker_of_its_use(
    network: Network, tmp_path: Path
) -> None:
    assert network
    code = (
        "from dalil.media.features.makers.learned import Network, place;"
        "import time; Network(place()); time.sleep(1)"
    )
    asked = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"}
    asked["TMPDIR"] = str(tmp_path)
    subprocess.run([sys.executable, "-c", code], env=asked, check=True)
    # Where it does, it leaves a session's number there.
    assert list(tmp_path.iterdir()) == []
