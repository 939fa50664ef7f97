"""Exercises of chapters/03-algorithm/03-optimisers-and-clipping.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.algorithm import optimisers_and_clipping as solutions

NOTEBOOK = "03-algorithm/03-optimisers-and-clipping.ipynb"

clip_together = Exercise(
    solutions.clip_together,
    notebook=NOTEBOOK,
    # Long, short, all zero, and from a generator, as a framework's list of parameters often is.
    cases=lambda: [
        {"gradients": [np.array([3.0]), np.array([4.0])], "limit": 1.0},
        {"gradients": [np.array([0.3]), np.array([0.4])], "limit": 1.0},
        {"gradients": [np.zeros(2), np.zeros((2, 2))], "limit": 1.0},
        {"gradients": (array for array in cases.normal((2, 3), (3,), (2, 2))), "limit": 0.5},
    ],
    praise="One factor for all keeps the direction; a short gradient is left as it is.",
)


@clip_together.mistake(
    "You clip each array by its own norm, which turns the step; one norm of all arrays together is wanted.",
    see="Clipping by the global norm",
)
def each_on_its_own(gradients, limit):
    return [array * min(1.0, limit / max(np.linalg.norm(array), 1e-12)) for array in gradients]


@clip_together.mistake(
    "You cut off single numbers at the limit; clipping by the norm shrinks all by one factor.",
    see="Clipping by the global norm",
)
def number_by_number(gradients, limit):
    return [np.clip(array, -limit, limit) for array in gradients]


@clip_together.mistake(
    "You always rescale to the limit, and so lengthen a short gradient: the factor is never above 1.",
    see="What clipping does not do",
)
def lengthens(gradients, limit):
    arrays = list(gradients)
    norm = np.sqrt(sum(np.sum(array**2) for array in arrays))
    return [array * (limit / max(norm, 1e-12)) for array in arrays]


@clip_together.mistake("The square root is missing in the norm.", see="Clipping by the global norm")
def without_root(gradients, limit):
    arrays = list(gradients)
    norm = sum(np.sum(array**2) for array in arrays)
    return [array * min(1.0, limit / max(norm, 1e-12)) for array in arrays]


@clip_together.mistake(
    "You read the gradients twice, and a generator is used up after once: make a list of it first.",
    see="Clipping by the global norm",
)
def reads_twice(gradients, limit):
    norm = np.sqrt(sum(np.sum(array**2) for array in gradients))
    return [array * min(1.0, limit / max(norm, 1e-12)) for array in gradients]


@clip_together.mistake(
    "A gradient of zeros has the norm 0, and you divide by it: nothing is to be clipped there.",
    see="Clipping by the global norm",
)
def divides_by_zero(gradients, limit):
    arrays = list(gradients)
    norm = np.sqrt(sum(np.sum(array**2) for array in arrays))
    return [array * min(1.0, np.float64(limit) / norm) if norm != 0 else array * np.nan for array in arrays]


@clip_together.mistake(
    "You write into the arrays that you were given; return new ones, the old may still be needed.",
    see="Clipping by the global norm",
)
def in_place(gradients, limit):
    arrays = list(gradients)
    norm = np.sqrt(sum(np.sum(array**2) for array in arrays))
    for array in arrays:
        array *= min(1.0, limit / max(norm, 1e-12))
    return arrays


def moment(t: int, *shape: int) -> dict:
    w, g, m, v = cases.normal(shape, shape, shape, shape)
    fresh = np.zeros(shape)
    return {
        "w": w,
        "g": g,
        "m": m if t > 1 else fresh,
        "v": v**2 if t > 1 else fresh.copy(),
        "t": t,
        "eta": 0.1,
    }


adam_step = Exercise(
    solutions.adam_step,
    notebook=NOTEBOOK,
    cases=lambda: [moment(1, 2), moment(2, 2), moment(10, 2, 3)],
    praise=(
        "Direction from one running mean, pace from the other, and both corrected for their start at zero."
    ),
)


def adam(w, g, m, v, eta, m_scale, v_scale, eps=1e-8, first=0.9, second=0.999):
    """Adam with everything to turn."""
    m = first * m + (1 - first) * g
    v = second * v + (1 - second) * g**2
    return w - eta * (m / m_scale) / (np.sqrt(v / v_scale) + eps), m, v


@adam_step.mistake(
    "The means are not corrected for their start at zero: divide by 1 - 0.9**t and 1 - 0.999**t.",
    see="Four rules for one step",
)
def uncorrected(w, g, m, v, t, eta):
    return adam(w, g, m, v, eta, 1.0, 1.0)


@adam_step.mistake(
    "Steps count from 1: at t = 1 your correction is that of t = 2.", see="Four rules for one step"
)
def counts_on(w, g, m, v, t, eta):
    return adam(w, g, m, v, eta, 1 - 0.9 ** (t + 1), 1 - 0.999 ** (t + 1))


@adam_step.mistake("The square root of v is missing.", see="Four rules for one step")
def without_square_root(w, g, m, v, t, eta):
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return w - eta * m / (1 - 0.9**t) / (v / (1 - 0.999**t) + 1e-8), m, v


@adam_step.mistake(
    "The two constants are exchanged: 0.9 is for the mean, 0.999 for the mean of squares.",
    see="Four rules for one step",
)
def constants_exchanged(w, g, m, v, t, eta):
    return adam(w, g, m, v, eta, 1 - 0.999**t, 1 - 0.9**t, first=0.999, second=0.9)


@adam_step.mistake(
    "You step along the raw gradient g; Adam steps along its running mean m.", see="Four rules for one step"
)
def along_the_gradient(w, g, m, v, t, eta):
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return w - eta * g / (np.sqrt(v / (1 - 0.999**t)) + 1e-8), m, v


@adam_step.mistake(
    "You return the corrected means. What is kept for the next step are m and v themselves.",
    see="Four rules for one step",
)
def keeps_the_corrected(w, g, m, v, t, eta):
    w, m, v = solutions.adam_step(w, g, m, v, t, eta)
    return w, m / (1 - 0.9**t), v / (1 - 0.999**t)


@adam_step.mistake("The step goes uphill: the update is subtracted.", see="Four rules for one step")
def adds_the_step(w, g, m, v, t, eta):
    return solutions.adam_step(w, g, m, v, t, -eta)
