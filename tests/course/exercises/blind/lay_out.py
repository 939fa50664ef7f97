import numpy as np


def right_1(stream, B, T):
    """A full table of -1, filled row by row, then cut."""
    stream = np.asarray(stream)
    L = 0
    while B * L < len(stream):
        L += T
    table = np.full((B, L), -1)
    for r in range(B):
        piece = stream[r * L:(r + 1) * L]
        table[r, :len(piece)] = piece
    return [table[:, k:k + T] for k in range(0, L, T)]


def wrong_1(stream, B, T):
    """Chunk after chunk is filled from the stream, so a row does not go on in the next chunk."""
    N = len(stream)
    count = -(-N // (B * T))
    padded = np.concatenate([stream, -np.ones(count * B * T - N, dtype=int)])
    return list(padded.reshape(count, B, T))


def wrong_2(stream, B, T):
    """Rounds up with // and + 1: where the stream fills the rows exactly, every row gets T places too many."""
    L = (len(stream) // (B * T) + 1) * T
    rows = np.full(B * L, -1)
    rows[:len(stream)] = stream
    rows = rows.reshape(B, L)
    return [rows[:, i:i + T] for i in range(0, L, T)]


def wrong_3(stream, B, T):
    """The numbers are dealt out column by column: neighbours lie in different rows."""
    L = int(np.ceil(len(stream) / (B * T))) * T
    padded = np.full(B * L, -1)
    padded[:len(stream)] = stream
    rows = padded.reshape(L, B).T
    return np.split(rows, L // T, axis=1)
