"""Solutions for chapters/09-faq/05-sparse.ipynb."""

import numpy as np


def keep_largest(U, sparsity):
    """A mask of the shape of U: False for the given share of its weights, the smallest in size."""
    gone = round(sparsity * U.size)
    order = np.argsort(np.abs(U), axis=None)
    mask = np.ones(U.size, bool)
    mask[order[:gone]] = False
    return mask.reshape(U.shape)


def csr_bytes(rows, columns, nonzero):
    """The bytes of a sparse matrix in CSR, with float32 values and int32 indices."""
    return 4 * nonzero + 4 * nonzero + 4 * (rows + 1)
