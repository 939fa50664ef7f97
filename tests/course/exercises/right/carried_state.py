"""Right answers to the exercises of 03-algorithm/04-carried-state, written in other ways."""

import math

import numpy as np


def lay_out(stream, B, T):
    row = math.ceil(len(stream) / (B * T)) * T
    chunks = []
    for k in range(row // T):
        places = [[r * row + k * T + t for t in range(T)] for r in range(B)]
        chunks.append(np.array([[stream[i] if i < len(stream) else -1 for i in line] for line in places]))
    return np.array(chunks)


def lay_out_by_padding(stream, B, T):
    chunks = (len(stream) + B * T - 1) // (B * T)
    padded = np.pad(stream, (0, chunks * B * T - len(stream)), constant_values=-1)
    return padded.reshape(B, chunks, T).swapaxes(0, 1)


def bits_a_character(scores, y):
    total = 0.0
    for row, right in zip(scores, y, strict=True):
        total += np.log2(np.sum(2.0 ** ((row - row.max()) / np.log(2))))
        total += (row.max() - row[right]) / np.log(2)
    return total / len(y)


def bits_a_character_by_logaddexp(scores, y):
    chosen = np.take_along_axis(scores, y[:, None], axis=1)[:, 0]
    return np.mean(np.logaddexp.reduce(scores, axis=1) - chosen) * np.log2(np.e)


def read_documents(x, state, first, W, U, b):
    """One row after the other."""
    states = np.zeros((*first.shape, len(b)))
    last = []
    for row in range(len(x)):
        h = state[row]
        for t in range(len(x[row])):
            if first[row, t]:
                h = np.zeros(len(b))
            h = np.tanh(W @ x[row, t] + U @ h + b)
            states[row, t] = h
        last.append(h)
    return states, last


def read_documents_by_products(x, state, first, W, U, b):
    keep = 1 - first[:, :, None]
    from_inputs = np.einsum("btd,hd->bth", x, W) + b
    states = [state]
    for t in range(first.shape[1]):
        states += [np.tanh(from_inputs[:, t] + (keep[:, t] * states[-1]) @ U.T)]
    return np.array(states[1:]).transpose(1, 0, 2), states[-1]
