"""Right answers to the exercises of 03-algorithm/04-carried-state, written in other ways."""

import numpy as np


def lay_out(stream, B, T):
    row = len(stream) // B
    chunks = []
    for k in range(row // T):
        chunks.append(np.array([[stream[r * row + k * T + t] for t in range(T)] for r in range(B)]))
    return np.array(chunks)


def bits_a_character(scores, y):
    total = 0.0
    for row, right in zip(scores, y, strict=True):
        total += np.log2(np.sum(2.0 ** ((row - row[right] - (row.max() - row[right])) / np.log(2))))
        total += (row.max() - row[right]) / np.log(2)
    return total / len(y)
