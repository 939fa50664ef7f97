"""Two tasks in which every symbol changes a state, and the state is asked for after every step.

    from rnnbook.data import tracking

    x, y = tracking.parity(np.random.default_rng(0), 64, 40)    # a switch: is the number of ones odd?
    x, y = tracking.cups(np.random.default_rng(0), 64, 40)      # three cups: under which one is the ball?

Nothing may be forgotten and nothing averaged: overlook one symbol, and every later answer is a guess. The
first is the parity of Minsky and Papert, 1969, 'Perceptrons'. The second composes permutations, as the word
problems of Merrill, Petty and Sabharwal, 2024, 'The illusion of state in state-space models', do: theirs of
five things, ours of three.
"""

import numpy as np
from jaxtyping import Int

# What each symbol does to the places 0, 1, 2 of the ball: nothing, a swap of two cups, a turn of all three.
MOVES = np.array([[0, 1, 2], [1, 0, 2], [2, 1, 0], [0, 2, 1], [1, 2, 0], [2, 0, 1]])


def parity(
    rng: np.random.Generator, batch_size: int, seq_len: int
) -> tuple[Int[np.ndarray, "batch time"], Int[np.ndarray, "batch time"]]:
    """Fair bits, and after each of them 1 where the number of ones so far is odd, else 0."""
    bits = rng.integers(2, size=(batch_size, seq_len))
    return bits, bits.cumsum(axis=1) % 2


def cups(
    rng: np.random.Generator, batch_size: int, seq_len: int
) -> tuple[Int[np.ndarray, "batch time"], Int[np.ndarray, "batch time"]]:
    """Moves 0..5, each equally likely, and the place of the ball after each. It starts at place 0."""
    moves = rng.integers(len(MOVES), size=(batch_size, seq_len))
    place, places = np.zeros(batch_size, int), np.empty_like(moves)
    for t in range(seq_len):
        place = places[:, t] = MOVES[moves[:, t], place]
    return moves, places
