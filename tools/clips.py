"""Draw the clips of the demo: shapes and tones, as they might come on a drive.

Nothing here is footage of anything. Twenty-seven numbers, of which one is missing, one is damaged
and one is there twice.
"""

import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, RATE, SECONDS = 320, 192, 12, 6
RADIUS, HALF = 26, 24
SOUND_RATE = 24_000
MISSING, DAMAGED, TWICE = 19, 8, 3
FOLDER, COPIES = "القرص", "نسخة ثانية"
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

Picture = NDArray[np.uint8]


def name_of(number: int) -> str:
    """Return the name of a numbered clip: مقطع ٠٧.mp4 (clip 07)."""
    return f"مقطع {f'{number:02d}'.translate(ARABIC_DIGITS)}.mp4"


def picture(number: int, at: int) -> Picture:
    """Draw frame ``at`` of a clip: a shape that wanders, and stripes that count."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    shade = (rows * 90 // HEIGHT + 60).astype(np.uint8)
    image = np.dstack([shade, shade, np.full_like(shade, 90)])
    x = (number * 37 + at * 3) % WIDTH
    y = HEIGHT // 2 + int(40 * np.sin((at + number * 5) / 9))
    if number % 2:
        shape = (columns - x) ** 2 + (rows - y) ** 2 < RADIUS**2
    else:
        shape = (abs(columns - x) < HALF) & (abs(rows - y) < HALF)
    image[shape] = (200 - number * 4, 80 + number * 5, 150)
    for bit in range(8):
        if (at + 1) >> bit & 1:
            image[8:16, 8 + 14 * bit : 18 + 14 * bit] = 230
    return image


def tone(number: int) -> NDArray[np.int16]:
    """Return the sound of a clip: one quiet tone, higher with each number."""
    moments = np.arange(SOUND_RATE * SECONDS) / SOUND_RATE
    return (3000 * np.sin(2 * np.pi * (180 + 14 * number) * moments)).astype(np.int16)


def pictures(number: int) -> Iterator[av.VideoFrame]:
    """Yield the frames of a clip, stamped."""
    for at in range(RATE * SECONDS):
        frame = av.VideoFrame.from_ndarray(picture(number, at), format="rgb24")
        frame.pts, frame.time_base = at, Fraction(1, RATE)
        yield frame


def draw(path: Path, number: int) -> None:
    """Write one clip: H.264 with a key frame each second, and AAC."""
    # The index first, so that a file whose end is lost still shows what it has.
    with av.open(str(path), "w", options={"movflags": "faststart"}) as file:
        every_second = {"g": str(RATE), "preset": "veryfast"}
        video = file.add_stream("libx264", rate=RATE, options=every_second)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.codec_context.thread_count = 1
        sound = file.add_stream("aac", rate=SOUND_RATE, layout="mono")
        for image in pictures(number):
            file.mux(video.encode(image))
        file.mux(video.encode(None))
        wave = av.AudioFrame.from_ndarray(tone(number)[None, :], format="s16", layout="mono")
        wave.sample_rate, wave.pts = SOUND_RATE, 0
        file.mux(sound.encode(wave))
        file.mux(sound.encode(None))


def damage(path: Path) -> None:
    """Overwrite some bytes and lose the last quarter, as a bad drive does."""
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 600] = bytes(600)
    path.write_bytes(whole[: len(whole) * 3 // 4])


def fill_drive(drive: Path) -> Path:
    """Draw all clips into ``drive`` and return the folder that holds them."""
    folder = drive / FOLDER
    (folder / COPIES).mkdir(parents=True)
    for number in range(1, 28):
        if number != MISSING:
            draw(folder / name_of(number), number)
    damage(folder / name_of(DAMAGED))
    shutil.copyfile(folder / name_of(TWICE), folder / COPIES / "video.mp4")
    return folder
