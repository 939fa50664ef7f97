"""Exercises of chapters/09-faq/05-sparse.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.faq import sparse as solutions

NOTEBOOK = "09-faq/05-sparse.ipynb"

WHICH, BYTES = "Which weights to remove?", "How many bytes?"


def recurrent(units: int, sparsity: float, seed: int = 0) -> dict:
    return {"U": cases.normal((units, units), seed=seed)[0], "sparsity": sparsity}


keep_largest = Exercise(
    solutions.keep_largest,
    notebook=NOTEBOOK,
    cases=lambda: [
        recurrent(2, 0.5, seed=4),
        recurrent(3, 0.6, seed=1),
        recurrent(4, 0.0),
        recurrent(4, 0.8, seed=2),
    ],
    praise="Pruning by magnitude: one threshold for the whole matrix.",
)


@keep_largest.mistake("You keep the smallest weights; these are the ones to remove.", see=WHICH)
def keeps_the_smallest(U, sparsity):
    return ~solutions.keep_largest(U, sparsity) if sparsity else np.zeros(U.shape, bool)


@keep_largest.mistake("You sort by value; a large negative weight is a large weight.", see=WHICH)
def by_value(U, sparsity):
    return solutions.keep_largest(U - U.min(), sparsity)


@keep_largest.mistake("Sparsity is the share that goes; you take it for the share that stays.", see=WHICH)
def share_that_stays(U, sparsity):
    return solutions.keep_largest(U, 1 - sparsity)


@keep_largest.mistake(
    "Each row loses the same number of weights; the smallest of the whole matrix should go.", see=WHICH
)
def row_by_row(U, sparsity):
    return np.array([solutions.keep_largest(row, sparsity) for row in U])


@keep_largest.mistake("You return the weights that are left; the mask is asked for.", see=WHICH)
def weights_left(U, sparsity):
    return U * solutions.keep_largest(U, sparsity)


@keep_largest.mistake(
    "The share is taken of the largest weight, as a threshold; it is a share of their number.", see=WHICH
)
def share_of_the_largest(U, sparsity):
    return np.abs(U) >= sparsity * np.abs(U).max()


csr_bytes = Exercise(
    solutions.csr_bytes,
    notebook=NOTEBOOK,
    cases=lambda: [
        {"rows": 2, "columns": 3, "nonzero": 2},
        {"rows": 512, "columns": 512, "nonzero": 26_214},
        {"rows": 1536, "columns": 512, "nonzero": 100_000},
    ],
    praise="Each weight carries its column: below half, sparse is the larger of the two.",
)


@csr_bytes.mistake("The column of each weight must be kept too: 4 bytes more for each.", see=BYTES)
def values_only(rows, columns, nonzero):
    return 4 * nonzero + 4 * (rows + 1)


@csr_bytes.mistake("The list that says where each row begins is missing.", see=BYTES)
def without_row_starts(rows, columns, nonzero):
    return 8 * nonzero


@csr_bytes.mistake("The list of row starts has one number more than there are rows: the end.", see=BYTES)
def one_start_short(rows, columns, nonzero):
    return 8 * nonzero + 4 * rows


@csr_bytes.mistake("CSR is compressed by rows: the list has rows + 1 numbers, not columns + 1.", see=BYTES)
def by_columns(rows, columns, nonzero):
    return 8 * nonzero + 4 * (columns + 1)


@csr_bytes.mistake("You keep row and column of each weight: that is the coordinate format, COO.", see=BYTES)
def coordinates(rows, columns, nonzero):
    return 12 * nonzero


@csr_bytes.mistake("That is the dense matrix.", see=BYTES)
def dense_bytes(rows, columns, nonzero):
    return 4 * rows * columns
