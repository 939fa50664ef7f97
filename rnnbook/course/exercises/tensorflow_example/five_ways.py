"""Exercises of chapters/05-tensorflow-example/03-five-ways.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.tensorflow_example import five_ways as solutions

NOTEBOOK = "05-tensorflow-example/03-five-ways.ipynb"
RULES = "Adam is not one rule but two"


def moment(t: int, *shape: int, scale: float = 1.0) -> dict:
    w, g, m, v = cases.normal(shape, shape, shape, shape)
    started = t > 1
    return {
        "w": w,
        "g": scale * g,
        "m": scale * m if started else np.zeros(shape),
        "v": (scale * v) ** 2 if started else np.zeros(shape),
        "t": t,
        "eta": 0.1,
        "eps": 0.01,  # large, so that its place can be seen
    }


folded_adam_step = Exercise(
    solutions.folded_adam_step,
    notebook=NOTEBOOK,
    cases=lambda: [moment(1, 2), moment(3, 2, 2, scale=0.01), moment(20, 3)],
    praise=(
        "Rule (B), that of TensorFlow and Keras: the corrections lie in the rate, and epsilon before them."
    ),
)


def means(g, m, v):
    return 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2


@folded_adam_step.mistake(
    "That is rule (A), of the paper's algorithm 1: there epsilon is added after v has been corrected.",
    see=RULES,
)
def rule_a(w, g, m, v, t, eta, eps):
    m, v = means(g, m, v)
    return w - eta * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + eps), m, v


@folded_adam_step.mistake("The rate is not corrected: both means still start from zero.", see=RULES)
def uncorrected_rate(w, g, m, v, t, eta, eps):
    m, v = means(g, m, v)
    return w - eta * m / (np.sqrt(v) + eps), m, v


@folded_adam_step.mistake(
    "The correction of the rate is upside down: the root of 1 - 0.999**t stands above, 1 - 0.9**t below.",
    see=RULES,
)
def upside_down(w, g, m, v, t, eta, eps):
    m, v = means(g, m, v)
    return w - eta * (1 - 0.9**t) / np.sqrt(1 - 0.999**t) * m / (np.sqrt(v) + eps), m, v


@folded_adam_step.mistake(
    "The root of 1 - 0.999**t is missing in the rate: v stands under a root.", see=RULES
)
def correction_without_root(w, g, m, v, t, eta, eps):
    m, v = means(g, m, v)
    return w - eta * (1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + eps), m, v


@folded_adam_step.mistake("Epsilon stands under the root in your answer; it is added after it.", see=RULES)
def epsilon_under_the_root(w, g, m, v, t, eta, eps):
    m, v = means(g, m, v)
    rate = eta * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return w - rate * m / np.sqrt(v + eps), m, v


@folded_adam_step.mistake("The step uses the old means; renew m and v first.", see=RULES)
def old_means(w, g, m, v, t, eta, eps):
    rate = eta * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return w - rate * m / (np.sqrt(v) + eps), *means(g, m, v)


worst_relative = Exercise(
    solutions.worst_relative,
    notebook=NOTEBOOK,
    cases=lambda: [
        {"ours": [2.0, 1.0, 0.5], "reference": [2.0, 1.1, 0.5]},
        {"ours": [2.0, 0.9, 0.4], "reference": [2.5, 0.8, 0.5]},
        {"ours": [3.0, 0.02], "reference": [2.9, 0.01]},
        {"ours": [1.0, -2.0, 3.0], "reference": [1.0, -2.2, 3.0]},
    ],
    praise="One number, against a tolerance that was set before: that is how two programs are compared.",
)


@worst_relative.mistake(
    "The difference is not set in relation: 0.01 is much for a loss of 0.01 and little for one of 3.",
    see="Are they equal?",
)
def absolute(ours, reference):
    return np.max(np.abs(np.array(ours) - reference))


@worst_relative.mistake(
    "You take the mean; one bad step must not hide behind many good ones.", see="Are they equal?"
)
def mean_difference(ours, reference):
    return np.mean(np.abs(np.array(ours) - reference) / np.abs(reference))


@worst_relative.mistake("You divide by ours; the reference sets the scale.", see="Are they equal?")
def relative_to_ours(ours, reference):
    return np.max(np.abs(np.array(ours) - reference) / np.abs(ours))


@worst_relative.mistake(
    "Without the absolute value a difference to the other side is never the largest.", see="Are they equal?"
)
def signed(ours, reference):
    return np.max((np.array(ours) - reference) / np.abs(reference))


@worst_relative.mistake(
    "You divide the largest difference by the largest loss; each difference belongs to its own loss.",
    see="Are they equal?",
)
def largest_by_largest(ours, reference):
    return np.max(np.abs(np.array(ours) - reference)) / np.max(np.abs(reference))


@worst_relative.mistake("Only the last loss is compared.", see="Are they equal?")
def last_loss(ours, reference):
    return abs(ours[-1] - reference[-1]) / abs(reference[-1])
