"""Right answers to 09-faq/05-sparse, written in other ways."""

import numpy as np


def keep_largest(U, sparsity):
    places = sorted(np.ndindex(U.shape), key=lambda place: abs(U[place]))
    mask = np.full(U.shape, True)
    for place in places[: int(np.round(sparsity * U.size))]:
        mask[place] = False
    return mask


def csr_bytes(rows, columns, nonzero):
    values, indices, starts = np.float32(0).nbytes, np.int32(0).nbytes, np.int32(0).nbytes
    return nonzero * (values + indices) + starts * (rows + 1)
