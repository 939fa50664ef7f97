"""Right answers to 09-faq/05-sparse, written in other ways."""

import numpy as np


def prune_together(matrices, sparsity):
    pruned = [matrix.copy() for matrix in matrices]
    places = [(abs(m[place]), k, place) for k, m in enumerate(matrices) for place in np.ndindex(m.shape)]
    for _, k, place in sorted(places)[: round(sparsity * len(places))]:
        pruned[k][place] = 0
    return pruned


def prune_together_by_splitting(matrices, sparsity):
    flat = np.concatenate([matrix.ravel() for matrix in matrices])
    flat[np.argsort(np.abs(flat))[: round(sparsity * flat.size)]] = 0
    ends = np.cumsum([matrix.size for matrix in matrices])[:-1]
    parts = np.split(flat, ends)
    return tuple(part.reshape(matrix.shape) for part, matrix in zip(parts, matrices, strict=True))


def csr_pays_from(rows, columns, value_bytes, index_bytes):
    dense = value_bytes * rows * columns
    for zeros in range(rows * columns + 1):
        nonzero = rows * columns - zeros
        if nonzero * (value_bytes + index_bytes) + index_bytes * (rows + 1) < dense:
            return zeros
    return None


def csr_pays_from_by_rounding(rows, columns, value_bytes, index_bytes):
    saved = value_bytes + index_bytes  # by each zero
    full = rows * columns * saved + index_bytes * (rows + 1)
    zeros = (full - rows * columns * value_bytes) // saved + 1
    return zeros if zeros <= rows * columns else None


def csr_product(values, columns, starts, h):
    product = np.zeros((len(starts) - 1, h.shape[1]))
    for row in range(len(starts) - 1):
        for place in range(starts[row], starts[row + 1]):
            product[row] += values[place] * h[columns[place]]
    return product


def csr_product_by_adding_at(values, columns, starts, h):
    rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    product = np.zeros((len(starts) - 1, h.shape[1]))
    np.add.at(product, rows, values[:, None] * h[columns])
    return product.tolist()


def csr_product_by_sums(values, columns, starts, h):
    sums = np.cumsum(np.concatenate([np.zeros((1, h.shape[1])), values[:, None] * h[columns]]), axis=0)
    return sums[starts[1:]] - sums[starts[:-1]]
