"""Exercises of chapters/09-faq/06-questions-on-training.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.faq import questions_on_training as solutions

NOTEBOOK = "09-faq/06-questions-on-training.ipynb"

NAN = "Why does my loss become NaN?"


def states(*bad: tuple[int, int, int, float]) -> dict[str, np.ndarray]:
    [h] = cases.normal((2, 4, 3))
    for row, step, unit, value in bad:
        h[row, step, unit] = value
    return {"h": h}


first_bad_step = Exercise(
    solutions.first_bad_step,
    notebook=NOTEBOOK,
    cases=lambda: [
        states((1, 2, 0, np.nan)),
        states((0, 3, 1, np.nan), (1, 1, 2, np.inf)),
        states(),
        states((0, 0, 2, -np.inf)),
    ],
    praise="The loss tells that it happened; the first bad step tells where.",
)


@first_bad_step.mistake("Infinity counts too: it becomes NaN one step later.", see=NAN)
def nan_only(h):
    bad = np.isnan(h).any(axis=(0, 2))
    return int(bad.argmax()) if bad.any() else None


@first_bad_step.mistake("NaN counts too, and most often.", see=NAN)
def infinity_only(h):
    bad = np.isinf(h).any(axis=(0, 2))
    return int(bad.argmax()) if bad.any() else None


@first_bad_step.mistake("Where nothing is bad you return 0, which is a step: return None.", see=NAN)
def zero_for_none(h):
    return int((~np.isfinite(h).all(axis=(0, 2))).argmax())


@first_bad_step.mistake("Your number is that of the sequence; the step is asked for.", see=NAN)
def row_for_step(h):
    bad = ~np.isfinite(h).all(axis=(1, 2))
    return int(bad.argmax()) if bad.any() else None


@first_bad_step.mistake("You wait until a whole step is bad; one number is enough.", see=NAN)
def whole_step(h):
    bad = ~np.isfinite(h).any(axis=(0, 2))
    return int(bad.argmax()) if bad.any() else None


@first_bad_step.mistake("That is the last bad step; the first one is where it began.", see=NAN)
def last_bad_step(h):
    bad = np.flatnonzero(~np.isfinite(h).all(axis=(0, 2)))
    return int(bad[-1]) if len(bad) else None


@first_bad_step.mistake("Only the first sequence is looked at.", see=NAN)
def first_sequence(h):
    return solutions.first_bad_step(h[:1])


logit_loss = Exercise(
    solutions.logit_loss,
    notebook=NOTEBOOK,
    cases=lambda: [
        {"s": np.array([0.0, 2.0, -1.0]), "y": np.array([1, 0, 1])},
        {"s": np.array([-1000.0, 1000.0, 1000.0, -1000.0]), "y": np.array([1, 0, 1, 0])},
    ],
    praise="From the logit to the loss in one piece: nothing in between can overflow or round to 0.",
)


def plain_sigmoid(s):
    return 1 / (1 + np.exp(-s))


@logit_loss.mistake("The sigmoid rounds to 0 or 1 for large logits, and its logarithm is infinite.", see=NAN)
def through_the_sigmoid(s, y):
    p = plain_sigmoid(s)
    return -np.where(y == 1, np.log(p), np.log(1 - p))


@logit_loss.mistake(
    "A small number added inside the logarithm hides the overflow and caps the loss.", see=NAN
)
def capped(s, y):
    p = plain_sigmoid(s)
    return -np.where(y == 1, np.log(p + 1e-7), np.log(1 - p + 1e-7))


@logit_loss.mistake("exp(s) overflows at s = 1000; np.logaddexp(0, s) does not.", see=NAN)
def naive_logarithm(s, y):
    return np.log(1 + np.exp(s)) - y * s


@logit_loss.mistake("The labels are exchanged: y = 1 asks for -log sigmoid(s).", see=NAN)
def labels_exchanged(s, y):
    return solutions.logit_loss(s, 1 - y)


@logit_loss.mistake("The sign is turned: a loss is not negative.", see=NAN)
def negative_loss(s, y):
    return -solutions.logit_loss(s, y)


@logit_loss.mistake("You return the mean; a loss for each logit is asked for.", see=NAN)
def mean_loss(s, y):
    return solutions.logit_loss(s, y).mean()
