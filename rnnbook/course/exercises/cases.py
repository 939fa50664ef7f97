"""Draws for the cases of exercises, the same at each call: an answer always meets the same numbers."""

import numpy as np


def normal(*shapes: tuple[int, ...], seed: int = 0) -> list[np.ndarray]:
    """One array of normal numbers for each shape, of two decimals so that a learner can follow."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).round(2) for shape in shapes]


def named(**shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
    """A case: an array of normal numbers for each argument's shape, drawn in their order."""
    return dict(zip(shapes, normal(*shapes.values()), strict=True))


def integers(high: int, *shapes: tuple[int, ...], seed: int = 0) -> list[np.ndarray]:
    """One array of integers in 0 .. high - 1 for each shape."""
    rng = np.random.default_rng(seed)
    return [rng.integers(high, size=shape) for shape in shapes]
