"""Exercises of chapters/02-core-concepts/03-what-a-unit-tracks.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.core_concepts import what_a_unit_tracks as solutions

NOTEBOOK = "02-core-concepts/03-what-a-unit-tracks.ipynb"


def recorded(places: int, units: int, seed: int = 0) -> dict[str, np.ndarray]:
    """States and a property that two of the units follow, one of them the other way, and that has a mean."""
    h, noise = cases.normal((places, units), (places,), seed=seed)
    h[:, 0] *= 5  # a loud unit
    values = 3 - h[:, 1] + 0.3 * h[:, 0] / 5 + 0.5 * noise
    return {"h": h + 2.0, "values": values, "first": np.arange(places) % 2 == 0}


def nothing_to_find() -> dict[str, np.ndarray]:
    """States and values that have nothing to do with each other: each half has another luckiest unit."""
    h, values = cases.normal((16, 8), (16,), seed=11)
    return {"h": h, "values": values, "first": np.arange(16) < 8}


best_unit = Exercise(
    solutions.best_unit,
    notebook=NOTEBOOK,
    cases=lambda: [recorded(12, 2), recorded(12, 5, seed=3), recorded(40, 4, seed=1), nothing_to_find()],
    praise="Chosen on one half, judged on the other: luck has no second chance.",
)
JUDGE, WHOLE = "What to look for, and how to judge it", "A unit or the state?"


def correlations(h, values, part):
    return np.array([np.corrcoef(h[part, unit], values[part])[0, 1] for unit in range(h.shape[1])])


@best_unit.mistake(
    "You report r on the half where the unit was chosen; the best of many is lucky there.", see=JUDGE
)
def reports_the_lucky_half(h, values, first):
    r = correlations(h, values, first)
    return int(np.abs(r).argmax()), r[np.abs(r).argmax()]


@best_unit.mistake("You choose by r; a unit may follow a property the other way round: use |r|.", see=JUDGE)
def one_direction(h, values, first):
    unit = int(correlations(h, values, first).argmax())
    return unit, correlations(h, values, ~first)[unit]


@best_unit.mistake("You choose on the half that is kept for judging.", see=JUDGE)
def chooses_on_the_rest(h, values, first):
    r = correlations(h, values, ~first)
    return int(np.abs(r).argmax()), r[np.abs(r).argmax()]


@best_unit.mistake(
    "You use the covariance; a loud unit then beats one that follows closely: divide by both spreads.",
    see=JUDGE,
)
def covariance(h, values, first):
    centred = h[first] - h[first].mean(axis=0)
    unit = int(np.abs(centred.T @ (values[first] - values[first].mean())).argmax())
    return unit, correlations(h, values, ~first)[unit]


@best_unit.mistake("The sign of r is lost: it says which way the unit moves.", see=JUDGE)
def sign_lost(h, values, first):
    unit, r = solutions.best_unit(h, values, first)
    return unit, abs(r)


@best_unit.mistake("The means are not taken off, so that what is always on looks like a match.", see=JUDGE)
def not_centred(h, values, first):
    def alike(part):
        return h[part].T @ values[part] / np.linalg.norm(h[part], axis=0) / np.linalg.norm(values[part])

    unit = int(np.abs(alike(first)).argmax())
    return unit, alike(~first)[unit]


linear_probe = Exercise(
    solutions.linear_probe,
    notebook=NOTEBOOK,
    cases=lambda: [recorded(12, 2), recorded(20, 3, seed=3), recorded(40, 4, seed=1)],
    praise="What a straight line reads off the whole state, honestly measured.",
)


def fitted(lines, values, fit, judge):
    weights = np.linalg.lstsq(lines[fit], values[fit], rcond=None)[0]
    return np.corrcoef(lines[judge] @ weights, values[judge])[0, 1]


def with_constant(h):
    return np.column_stack([h, np.ones(len(h))])


@linear_probe.mistake(
    "You judge where you fitted; a line with many weights always looks good there.", see=JUDGE
)
def judged_where_fitted(h, values, first):
    return fitted(with_constant(h), values, first, first)


@linear_probe.mistake("The line has no constant, and must go through zero.", see=WHOLE)
def without_constant(h, values, first):
    return fitted(h, values, first, ~first)


@linear_probe.mistake("You fit on everything, the half for judging included.", see=JUDGE)
def fitted_on_all(h, values, first):
    return fitted(with_constant(h), values, np.ones(len(h), bool), ~first)


@linear_probe.mistake("The two halves are exchanged.", see=JUDGE)
def halves_exchanged(h, values, first):
    return fitted(with_constant(h), values, ~first, first)


@linear_probe.mistake("That is the best single unit; the line may use all of them.", see=WHOLE)
def single_unit(h, values, first):
    return abs(solutions.best_unit(h, values, first)[1])


@linear_probe.mistake("You return r squared, the share explained; r is asked for.", see=JUDGE)
def squared(h, values, first):
    return solutions.linear_probe(h, values, first) ** 2
