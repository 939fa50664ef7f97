import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("09-faq/05-sparse.ipynb")


def recurrent(units: int, sparsity: float, seed: int = 0) -> dict:
    return {"U": cases.normal((units, units), seed=seed)[0], "sparsity": sparsity}


@exercise(
    cases=lambda: [
        recurrent(2, 0.5, seed=4),
        recurrent(3, 0.6, seed=1),
        recurrent(4, 0.0),
        recurrent(4, 0.8, seed=2),
    ],
    praise="Pruning by magnitude: one threshold for the whole matrix.",
    see="Which weights to remove?",
)
def keep_largest(U, sparsity):
    """A mask of the shape of U: False for the given share of its weights, the smallest in size."""
    gone = round(sparsity * U.size)
    order = np.argsort(np.abs(U), axis=None)
    mask = np.ones(U.size, bool)
    mask[order[:gone]] = False
    return mask.reshape(U.shape)


keep_largest.mistake(
    "You keep the smallest weights; these are the ones to remove.",
    lambda U, sparsity: ~keep_largest(U, sparsity) if sparsity else np.zeros(U.shape, bool),
)
keep_largest.mistake(
    "You sort by value; a large negative weight is a large weight.",
    lambda U, sparsity: keep_largest(U - U.min(), sparsity),
)
keep_largest.mistake(
    "Sparsity is the share that goes; you take it for the share that stays.",
    lambda U, sparsity: keep_largest(U, 1 - sparsity),
)
keep_largest.mistake(
    "Each row loses the same number of weights; the smallest of the whole matrix should go.",
    lambda U, sparsity: np.array([keep_largest(row, sparsity) for row in U]),
)
keep_largest.mistake(
    "You return the weights that are left; the mask is asked for.",
    lambda U, sparsity: U * keep_largest(U, sparsity),
)
keep_largest.mistake(
    "The share is taken of the largest weight, as a threshold; it is a share of their number.",
    lambda U, sparsity: np.abs(U) >= sparsity * np.abs(U).max(),
)


@exercise(
    cases=lambda: [
        {"rows": 2, "columns": 3, "nonzero": 2},
        {"rows": 512, "columns": 512, "nonzero": 26_214},
        {"rows": 1536, "columns": 512, "nonzero": 100_000},
    ],
    praise="Each weight carries its column: below half, sparse is the larger of the two.",
    see="How many bytes?",
)
def csr_bytes(rows, columns, nonzero):
    """The bytes of a sparse matrix in CSR, with float32 values and int32 indices."""
    return 4 * nonzero + 4 * nonzero + 4 * (rows + 1)


csr_bytes.mistake(
    "The column of each weight must be kept too: 4 bytes more for each.",
    lambda rows, columns, nonzero: 4 * nonzero + 4 * (rows + 1),
)
csr_bytes.mistake(
    "The list that says where each row begins is missing.", lambda rows, columns, nonzero: 8 * nonzero
)
csr_bytes.mistake(
    "The list of row starts has one number more than there are rows: the end.",
    lambda rows, columns, nonzero: 8 * nonzero + 4 * rows,
)
csr_bytes.mistake(
    "CSR is compressed by rows: the list has rows + 1 numbers, not columns + 1.",
    lambda rows, columns, nonzero: 8 * nonzero + 4 * (columns + 1),
)
csr_bytes.mistake(
    "You keep row and column of each weight: that is the coordinate format, COO.",
    lambda rows, columns, nonzero: 12 * nonzero,
)
csr_bytes.mistake("That is the dense matrix.", lambda rows, columns, nonzero: 4 * rows * columns)
