import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("03-algorithm/03-optimisers-and-clipping.ipynb")


@exercise(
    # Long, short, all zero, and from a generator, as a framework's list of parameters often is.
    cases=lambda: [
        {"gradients": [np.array([3.0]), np.array([4.0])], "limit": 1.0},
        {"gradients": [np.array([0.3]), np.array([0.4])], "limit": 1.0},
        {"gradients": [np.zeros(2), np.zeros((2, 2))], "limit": 1.0},
        {"gradients": (array for array in cases.normal((2, 3), (3,), (2, 2))), "limit": 0.5},
    ],
    praise="One factor for all keeps the direction; a short gradient is left as it is.",
    see="Clipping by the global norm",
)
def clip_together(gradients, limit):
    """New arrays, all shrunk by one factor, so that the norm of all of them together is at most the limit."""
    arrays = list(gradients)  # it may be a generator, which can be read once
    norm = np.sqrt(sum(np.sum(array**2) for array in arrays))
    factor = min(1.0, limit / norm) if norm > 0 else 1.0
    return [factor * array for array in arrays]


def scaled(gradients, factor):
    """All arrays times factor(norm)."""
    arrays = list(gradients)
    norm = np.sqrt(sum(np.sum(array**2) for array in arrays))
    return [array * factor(norm) for array in arrays]


clip_together.mistake(
    "You clip each array by its own norm, which turns the step; one norm of all arrays together is wanted.",
    lambda gradients, limit: [clip_together([array], limit)[0] for array in gradients],
)
clip_together.mistake(
    "You cut off single numbers at the limit; clipping by the norm shrinks all by one factor.",
    lambda gradients, limit: [np.clip(array, -limit, limit) for array in gradients],
)
clip_together.mistake(
    "You always rescale to the limit, and so lengthen a short gradient: the factor is never above 1.",
    lambda gradients, limit: scaled(gradients, lambda norm: limit / max(norm, 1e-12)),
    see="What clipping does not do",
)
clip_together.mistake(
    "The square root is missing in the norm.",
    lambda gradients, limit: scaled(gradients, lambda norm: min(1.0, limit / max(norm**2, 1e-12))),
)


@clip_together.mistake(
    "You read the gradients twice, and a generator is used up after once: make a list of it first."
)
def reads_twice(gradients, limit):
    norm = np.sqrt(sum(np.sum(array**2) for array in gradients))
    return [array * min(1.0, limit / max(norm, 1e-12)) for array in gradients]


clip_together.mistake(
    "A gradient of zeros has the norm 0, and you divide by it: nothing is to be clipped there.",
    lambda gradients, limit: scaled(gradients, lambda norm: min(1.0, limit / norm) if norm else np.nan),
)


@clip_together.mistake(
    "You write into the arrays that you were given; return new ones, the old may still be needed."
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
    means = {"m": m, "v": v**2} if t > 1 else {"m": fresh, "v": fresh.copy()}
    return {"w": w, "g": g, **means, "t": t, "eta": 0.1}


@exercise(
    cases=lambda: [moment(1, 2), moment(2, 2), moment(10, 2, 3)],
    praise=(
        "Direction from one running mean, pace from the other, and both corrected for their start at zero."
    ),
    see="Four rules for one step",
)
def adam_step(w, g, m, v, t, eta):
    """The new w, m and v after step t = 1, 2, ... of Adam, with 0.9 and 0.999 for the two means and 1e-8."""
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    m_hat = m / (1 - 0.9**t)
    v_hat = v / (1 - 0.999**t)
    return w - eta * m_hat / (np.sqrt(v_hat) + 1e-8), m, v


def adam(w, g, m, v, eta, m_scale, v_scale, first=0.9, second=0.999, root=np.sqrt):
    """Adam with everything to turn."""
    m = first * m + (1 - first) * g
    v = second * v + (1 - second) * g**2
    return w - eta * (m / m_scale) / (root(v / v_scale) + 1e-8), m, v


adam_step.mistake(
    "The means are not corrected for their start at zero: divide by 1 - 0.9**t and 1 - 0.999**t.",
    lambda w, g, m, v, t, eta: adam(w, g, m, v, eta, 1.0, 1.0),
)
adam_step.mistake(
    "Steps count from 1: at t = 1 your correction is that of t = 2.",
    lambda w, g, m, v, t, eta: adam(w, g, m, v, eta, 1 - 0.9 ** (t + 1), 1 - 0.999 ** (t + 1)),
)
adam_step.mistake(
    "The square root of v is missing.",
    lambda w, g, m, v, t, eta: adam(w, g, m, v, eta, 1 - 0.9**t, 1 - 0.999**t, root=lambda v: v),
)
adam_step.mistake(
    "The two constants are exchanged: 0.9 is for the mean, 0.999 for the mean of squares.",
    lambda w, g, m, v, t, eta: adam(w, g, m, v, eta, 1 - 0.999**t, 1 - 0.9**t, first=0.999, second=0.9),
)
adam_step.mistake(
    "You step along the raw gradient g; Adam steps along its running mean m.",
    lambda w, g, m, v, t, eta: w - eta * g / (np.sqrt((0.999 * v + 0.001 * g**2) / (1 - 0.999**t)) + 1e-8),
    part=0,
)


@adam_step.mistake("You return the corrected means. What is kept for the next step are m and v themselves.")
def keeps_the_corrected(w, g, m, v, t, eta):
    w, m, v = adam_step(w, g, m, v, t, eta)
    return w, m / (1 - 0.9**t), v / (1 - 0.999**t)


adam_step.mistake(
    "The step goes uphill: the update is subtracted.",
    lambda w, g, m, v, t, eta: adam_step(w, g, m, v, t, -eta),
)
