"""Films of a handwritten digit that drifts in one of eight directions: only the order of frames tells which.

    from rnnbook.data import digits, drift

    data = digits.load()
    x, y = drift.films(data.train.x, np.random.default_rng(0))        # (N, 9, 24, 24), directions in 0..7

A digit may begin and end a few pixels outside the picture, so that wherever a whole digit stands, it may be
moving in any direction: no single frame tells.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from rnnbook import validation

# Rows and columns a frame, clockwise from "up"; the names as a reader would point.
STEPS = np.array([(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)])
NAMES = ("up", "up right", "right", "down right", "down", "down left", "left", "up left")


class Films(NamedTuple):
    """x: ``(N, T, size, size)``, float32, ink is about 1, paper about 0. y: ``(N,)``, rows of ``STEPS``."""

    x: Float[np.ndarray, "films time rows columns"]
    y: Int[np.ndarray, " films"]


def films(
    images: Float[np.ndarray, "films rows columns"],
    rng: np.random.Generator,
    *,
    length: int = 9,
    size: int = 24,
    noise: float = 0.1,
    spread: float = 1.0,
) -> Films:
    """One film of each image, ``length`` frames long, drifting by one pixel a frame in a random direction.

    noise: the standard deviation of what is added to every pixel of every frame.
    spread: how much of the picture the middles of the ways are spread over, 0 for the very middle. Below 1 a
        frame away from the middle of a film tells something about the direction: easy films, to begin with.
    Raises ValueError for a film too small for its images.
    """
    validation.check_shape("images", images, ("films", "rows", "columns"))
    validation.check_size("length", length)
    validation.check_size("size", size)
    validation.check_unit_interval("spread", spread)
    digit = max(images.shape[1:])
    if size < digit:
        raise ValueError(f"size must be at least {digit}, that of the images, got {size}")
    y = rng.integers(0, len(STEPS), len(images))
    reach = (length - 1) // 2  # how far before and behind its middle a film goes
    centre, around = (size - digit) / 2, spread * ((size - digit) / 2 + reach)
    middle = rng.integers(round(centre - around), round(centre + around) + 1, (len(images), 2))
    border = 2 * reach + 1  # a canvas wide enough for the digits that are partly outside
    x = rng.normal(0, noise, (len(images), length, size, size)).astype(np.float32)
    canvas = np.zeros((size + 2 * border, size + 2 * border), np.float32)
    for film, image, place, direction in zip(x, images, middle, y, strict=True):
        for time, frame in enumerate(film):
            row, column = place + (time - (length - 1) // 2) * STEPS[direction] + border
            canvas[:] = 0
            canvas[row : row + image.shape[0], column : column + image.shape[1]] = image
            frame += canvas[border : border + size, border : border + size]
    return Films(x, y)
