"""Exercises of chapters/02-core-concepts/07-drag-the-weight.ipynb."""

import numpy as np

from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.core_concepts import drag_the_weight as solutions

NOTEBOOK = "02-core-concepts/07-drag-the-weight.ipynb"


half_life = Exercise(
    solutions.half_life,
    notebook=NOTEBOOK,
    cases=lambda: [{"u": 0.5}, {"u": 0.9}, {"u": 0.99}, {"u": -0.8}],
    praise="Near 1 the half life is about 0.69 / (1 - |u|): small changes of the weight change it greatly.",
)
ONE, FIVE, WHY = "One unit", "Five things a loop can do", "Why it decides"


@half_life.mistake("That is when a push has lost all but 1/e; half is asked for.", see=ONE)
def to_one_over_e(u):
    return -1 / np.log(abs(u))


@half_life.mistake("That is the approximation for u near 1; solve |u|**k = 1/2 for k.", see=ONE)
def near_one_only(u):
    return np.log(2) / (1 - abs(u))


@half_life.mistake("A whole number of steps hides how it changes with u; do not round.", see=ONE)
def rounded_up(u):
    return np.ceil(np.log(0.5) / np.log(abs(u)))


@half_life.mistake("The fraction is upside down.", see=ONE)
def fraction_turned(u):
    return np.log(abs(u)) / np.log(0.5)


@half_life.mistake(
    "A negative u swings, and its logarithm does not exist: the size of the push goes with |u|.", see=FIVE
)
def sign_kept(u):
    return np.log(0.5) / np.log(u)


@half_life.mistake("Your number of steps is negative: both logarithms are, so their signs cancel.", see=ONE)
def negative_steps(u):
    return -np.log(0.5) / np.log(abs(u))


resting_place = Exercise(
    solutions.resting_place,
    notebook=NOTEBOOK,
    cases=lambda: [{"u": 0.0}, {"u": 0.5}, {"u": 1.2}, {"u": 1.5}, {"u": 3.0}],
    praise="Below u = 1 everything is forgotten; above, one bit is kept for ever.",
)


@resting_place.mistake("One step is not rest: repeat until nothing moves.", see=WHY)
def one_step(u):
    return np.tanh(u)


@resting_place.mistake("From zero nothing moves: start at 1.", see=WHY)
def from_rest(u):
    return 0.0 * u


@resting_place.mistake("The weight stands outside the tanh; it multiplies the state inside.", see=ONE)
def weight_outside(u):
    h = 1.0
    for _ in range(10_000):
        h = u * np.tanh(h)
    return h


@resting_place.mistake("The weight is missing in the loop.", see=ONE)
def weight_missing(u):
    h = 1.0
    for _ in range(10_000):
        h = np.tanh(h)
    return h


@resting_place.mistake(
    "A few steps are not enough: just above u = 1 the state creeps; go on until it no longer moves.", see=WHY
)
def too_few_steps(u):
    h = 1.0
    for _ in range(10):
        h = np.tanh(u * h)
    return h


@resting_place.mistake("That is the other resting place, for a push from below.", see=WHY)
def the_other_one(u):
    return -solutions.resting_place(u)
