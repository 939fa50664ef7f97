import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("02-core-concepts/07-drag-the-weight.ipynb")


@exercise(
    cases=lambda: [{"u": 0.5}, {"u": 0.9}, {"u": 0.99}, {"u": -0.8}],
    praise="Near 1 the half life is about 0.69 / (1 - |u|): small changes of the weight change it greatly.",
    see="One unit",
)
def half_life(u):
    """After how many steps (a float) a push has lost half of its size in h_t = u h_{t-1}, 0 < |u| < 1."""
    return np.log(0.5) / np.log(abs(u))


half_life.mistake(
    "That is when a push has lost all but 1/e; half is asked for.", lambda u: -1 / np.log(abs(u))
)
half_life.mistake(
    "That is the approximation for u near 1; solve |u|**k = 1/2 for k.", lambda u: np.log(2) / (1 - abs(u))
)
half_life.mistake(
    "A whole number of steps hides how it changes with u; do not round.",
    lambda u: np.ceil(np.log(0.5) / np.log(abs(u))),
)
half_life.mistake("The fraction is upside down.", lambda u: np.log(abs(u)) / np.log(0.5))
half_life.mistake(
    "A negative u swings, and its logarithm does not exist: the size of the push goes with |u|.",
    lambda u: np.log(0.5) / np.log(u),
    see="Five things a loop can do",
)
half_life.mistake(
    "Your number of steps is negative: both logarithms are, so their signs cancel.",
    lambda u: -np.log(0.5) / np.log(abs(u)),
)


@exercise(
    cases=lambda: [{"u": 0.0}, {"u": 0.5}, {"u": 1.2}, {"u": 1.5}, {"u": 3.0}],
    praise="Below u = 1 everything is forgotten; above, one bit is kept for ever.",
    see="Why it decides",
)
def resting_place(u):
    """Where h_t = tanh(u h_{t-1}) comes to rest (to 1e-8) from a start of 1, for u from 0 on."""
    h = 1.0
    for _ in range(100_000):
        before, h = h, np.tanh(u * h)
        if abs(h - before) < 1e-13:
            break
    return h


def repeated(step, times=10_000):
    h = 1.0
    for _ in range(times):
        h = step(h)
    return h


resting_place.mistake("One step is not rest: repeat until nothing moves.", lambda u: np.tanh(u))
resting_place.mistake("From zero nothing moves: start at 1.", lambda u: 0.0 * u)
resting_place.mistake(
    "The weight stands outside the tanh; it multiplies the state inside.",
    lambda u: repeated(lambda h: u * np.tanh(h)),
    see="One unit",
)
resting_place.mistake("The weight is missing in the loop.", lambda u: repeated(np.tanh), see="One unit")
resting_place.mistake(
    "A few steps are not enough: just above u = 1 the state creeps; go on until it no longer moves.",
    lambda u: repeated(lambda h: np.tanh(u * h), times=10),
)
resting_place.mistake("That is the other resting place, for a push from below.", lambda u: -resting_place(u))
