import numpy as np


def right_1(n, batch, rank, workers):
    """Arithmetic on starts, with np.arange."""
    rows = []
    for start in range(0, n, batch):
        size = min(batch, n - start)
        size -= size % workers
        if size:
            rows.append(np.arange(start + rank, start + size, workers))
    return rows


def wrong_1(n, batch, rank, workers):
    """Gives each worker a block of neighbouring rows instead of every workers-th."""
    out = []
    for s in range(0, n, batch):
        rows = np.arange(s, min(s + batch, n))
        each = len(rows) // workers
        if each > 0:
            out.append(rows[rank * each : (rank + 1) * each])
    return out


def wrong_2(n, batch, rank, workers):
    """Does not cut the batch, so that some workers have a row more than others."""
    updates = []
    for start in range(0, n, batch):
        mine = np.arange(start, min(start + batch, n))[rank::workers]
        if len(mine):
            updates.append(mine)
    return updates


def wrong_3(n, batch, rank, workers):
    """Keeps an empty array where the last batch is too short for anybody."""
    result = []
    everything = np.arange(n)
    start = 0
    while start < n:
        chunk = everything[start : start + batch]
        keep = len(chunk) // workers * workers
        result.append(chunk[:keep][rank::workers])
        start += batch
    return result
