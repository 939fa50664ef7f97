"""Weights of which most are zero: which to keep, and what it costs to store them.

Magnitude pruning: Han, Pool, Tran and Dally, 2015, 'Learning both weights and connections for efficient
neural networks'; of recurrent weights: Narang, Elsen, Diamos and Sengupta, 2017, 'Exploring sparsity in
recurrent neural networks'.
"""

import numpy as np
from jaxtyping import Bool, Float

from rnnbook import validation


def magnitude_mask(weights: Float[np.ndarray, "*shape"], sparsity: float) -> Bool[np.ndarray, "*shape"]:
    """Return True for each weight to keep: all but the share ``sparsity`` that is nearest to zero.

    Of weights that are equally far from zero, the earlier ones go first. Raises ValueError unless
    ``sparsity`` is in 0..1.
    """
    removed = _num_removed(weights.size, sparsity)
    keep = np.ones(weights.size, bool)
    keep[np.argsort(np.abs(weights), axis=None, kind="stable")[:removed]] = False
    return keep.reshape(weights.shape)


def random_mask(
    shape: tuple[int, ...], sparsity: float, rng: np.random.Generator
) -> Bool[np.ndarray, "*shape"]:
    """Return True for each weight to keep, as many as ``magnitude_mask`` keeps, drawn at random."""
    keep = np.ones(int(np.prod(shape)), bool)
    keep[rng.permutation(keep.size)[: _num_removed(keep.size, sparsity)]] = False
    return keep.reshape(shape)


def csr_nbytes(shape: tuple[int, int], nnz: int, *, value_bytes: int = 4, index_bytes: int = 4) -> int:
    """What a matrix weighs in compressed sparse rows: its non-zero values, a column for each, a start a row.

    A dense matrix weighs ``value_bytes`` a number, zero or not. Raises ValueError where ``nnz`` is more
    than the matrix holds.
    """
    rows, columns = shape
    if not 0 <= nnz <= rows * columns:
        raise ValueError(f"nnz must be in 0..{rows * columns}, got {nnz}")
    return nnz * (value_bytes + index_bytes) + (rows + 1) * index_bytes


def _num_removed(size: int, sparsity: float) -> int:
    validation.check_unit_interval("sparsity", sparsity)
    return round(sparsity * size)
