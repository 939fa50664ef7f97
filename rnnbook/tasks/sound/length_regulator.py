"""Which phoneme sounds at which step, before anything is learned: each for an equal share of the word."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from rnnbook import validation

POSITIONS = 4  # numbers that say where in a word a step is


def placed(
    spelt: Sequence[int], steps: int
) -> tuple[Int[np.ndarray, " steps"], Float[np.ndarray, "steps 4"]]:
    """The phoneme of each of ``steps`` steps of a word, and four numbers that say where it stands.

    spelt: the word's phonemes, each once. The numbers: how much of the phoneme is over, how much of the word
    is over, how much of it is left, and how long the word is, in half seconds at 40 steps a second.
    A network that reads a word from both ends can move the borders to where they belong.

    Raises ValueError or TypeError for no phonemes, or steps that are not a positive integer.
    """
    validation.check_size("steps", steps)
    if len(spelt) == 0:
        raise ValueError("spelt must hold at least one phoneme, got none")
    over = np.arange(steps) / steps
    place = over * len(spelt)
    index = place.astype(int)
    positions = np.stack([place - index, over, 1 - over, np.full(steps, steps / 20)], axis=1)
    return np.asarray(spelt)[index], positions.astype(np.float32)
