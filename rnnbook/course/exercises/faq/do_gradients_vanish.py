"""Exercises of chapters/09-faq/01-do-gradients-vanish.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.faq import do_gradients_vanish as solutions

NOTEBOOK = "09-faq/01-do-gradients-vanish.ipynb"

SLOPE, SINGULAR = "The slope that theory predicts", "Eigenvalues or singular values?"


def measured(radius: float, k: int, slopes: list[float]) -> dict:
    return {"radius": radius, "slopes": np.array(slopes), "k": k}


expected_length = Exercise(
    solutions.expected_length,
    notebook=NOTEBOOK,
    cases=lambda: [
        measured(0.9, 1, [1.0, 0.5]),
        measured(1.4, 10, [1.0, 0.0, 1.0, 0.0]),
        measured(1.2, 20, [0.9, 0.6]),
    ],
    praise="One number a step, the same at every step: a straight line on a logarithmic axis.",
)


@expected_length.mistake(
    "You take the mean slope; lengths go with squares: the root of the mean square.", see=SLOPE
)
def mean_slope(radius, slopes, k):
    return (radius * slopes.mean()) ** k


@expected_length.mistake(
    "You take the largest slope; that gives the bound and not the expectation.", see=SLOPE
)
def largest_slope(radius, slopes, k):
    return (radius * slopes.max()) ** k


@expected_length.mistake("The slopes are left out: only a linear network has the radius alone.", see=SLOPE)
def radius_alone(radius, slopes, k):
    return radius**k


@expected_length.mistake("That is one step; k steps multiply it k times.", see=SLOPE)
def one_step_only(radius, slopes, k):
    return radius * np.sqrt(np.mean(slopes**2))


@expected_length.mistake(
    "The root is missing: the mean square belongs to the square of the length.", see=SLOPE
)
def mean_square(radius, slopes, k):
    return (radius * np.mean(slopes**2)) ** k


@expected_length.mistake(
    "The steps are added up; each multiplies the gradient.", see="One unit: a power of one number"
)
def times_k(radius, slopes, k):
    return k * radius * np.sqrt(np.mean(slopes**2))


def matrices() -> list[dict]:
    skew = np.array([[0.5, 4.0], [0.0, 0.5]])
    [normal] = cases.normal((3, 3))
    return [{"U": skew, "k": 1}, {"U": skew, "k": 3}, {"U": 0.6 * normal, "k": 4}]


worst_stretch = Exercise(
    solutions.worst_stretch,
    notebook=NOTEBOOK,
    cases=matrices,
    praise=(
        "A gradient may grow before it vanishes: eigenvalues speak of the end, singular values of the way."
    ),
)


@worst_stretch.mistake(
    "That is the bound, the norm to the power k; the product may stretch far less.", see=SINGULAR
)
def the_bound(U, k):
    return np.linalg.norm(U, 2) ** k


@worst_stretch.mistake(
    "That is the spectral radius to the power k: the rate at which it ends, and no maximum.", see=SINGULAR
)
def by_eigenvalues(U, k):
    return np.abs(np.linalg.eigvals(U)).max() ** k


@worst_stretch.mistake("`U ** k` takes the power of each number; the matrices are multiplied.", see=SINGULAR)
def number_by_number(U, k):
    return np.linalg.norm(U**k, 2)


@worst_stretch.mistake("That is the Frobenius norm; the largest singular value is wanted.", see=SINGULAR)
def frobenius(U, k):
    return np.linalg.norm(np.linalg.matrix_power(U, k))


@worst_stretch.mistake("One step only; multiply U by itself k times.", see=SINGULAR)
def single_step(U, k):
    return np.linalg.norm(U, 2)


@worst_stretch.mistake("The smallest singular value says how little it may stretch.", see=SINGULAR)
def least_stretch(U, k):
    return np.linalg.svd(np.linalg.matrix_power(U, k))[1].min()
