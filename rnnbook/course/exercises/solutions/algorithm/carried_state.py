"""Solutions for chapters/03-algorithm/04-carried-state.ipynb."""

import numpy as np


def lay_out(stream, B, T):
    """Chunks (B, T) of a stream (N,); row r of each goes on where row r of the one before ended."""
    steps = len(stream) // B // T * T  # of each row, in whole chunks
    rows = [stream[r * (len(stream) // B) :][:steps] for r in range(B)]
    rows = np.array(rows)
    return [rows[:, start : start + T] for start in range(0, steps, T)]


def bits_a_character(scores, y):
    """The mean of -log2 p over N characters, where p is what softmax(scores) (N, K) gives to y (N,)."""
    log_p = scores - scores.max(axis=1, keepdims=True)
    log_p = log_p - np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(y)), y].mean() / np.log(2)
