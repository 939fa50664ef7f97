"""Which phoneme sounds at which step, before anything is learned: each for an equal share of the word."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from rnnbook import validation


def expand_to_frames(
    phoneme_ids: Sequence[int], num_frames: int
) -> tuple[Int[np.ndarray, " frames"], Float[np.ndarray, "frames 4"]]:
    """The phoneme of each of ``num_frames`` steps of a word, and four numbers that say where it stands.

    phoneme_ids: the word's phonemes, each once. The numbers: how much of the phoneme is over, how much of the
    word is over, how much of it is left, and how long the word is, in half seconds at 40 steps a second.
    A network that reads a word from both ends can move the borders to where they belong.

    Ren et al., 2019, 'FastSpeech', name a part that does so a length regulator.

    Raises ValueError or TypeError for no phonemes, or ``num_frames`` that is no positive integer.
    """
    validation.check_size("num_frames", num_frames)
    if len(phoneme_ids) == 0:
        raise ValueError("phoneme_ids must hold at least one phoneme, got none")
    over = np.arange(num_frames) / num_frames
    place = over * len(phoneme_ids)
    index = place.astype(int)
    positions = np.stack([place - index, over, 1 - over, np.full(num_frames, num_frames / 20)], axis=1)
    return np.asarray(phoneme_ids)[index], positions.astype(np.float32)
