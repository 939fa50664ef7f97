import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("09-faq/06-questions-on-training.ipynb")


def states(*bad: tuple[int, int, int, float]) -> dict[str, np.ndarray]:
    [h] = cases.normal((2, 4, 3))
    for row, step, unit, value in bad:
        h[row, step, unit] = value
    return {"h": h}


@exercise(
    cases=lambda: [
        states((1, 2, 0, np.nan)),
        states((0, 3, 1, np.nan), (1, 1, 2, np.inf)),
        states(),
        states((0, 0, 2, -np.inf)),
    ],
    praise="The loss tells that it happened; the first bad step tells where.",
    see="Why does my loss become NaN?",
)
def first_bad_step(h):
    """The first step at which any number of the states h (B, T, H) is not finite, or None."""
    bad = ~np.isfinite(h).all(axis=(0, 2))
    return int(bad.argmax()) if bad.any() else None


def first(bad):
    return int(bad.argmax()) if bad.any() else None


first_bad_step.mistake(
    "Infinity counts too: it becomes NaN one step later.", lambda h: first(np.isnan(h).any(axis=(0, 2)))
)
first_bad_step.mistake("NaN counts too, and most often.", lambda h: first(np.isinf(h).any(axis=(0, 2))))
first_bad_step.mistake(
    "Where nothing is bad you return 0, which is a step: return None.",
    lambda h: int((~np.isfinite(h).all(axis=(0, 2))).argmax()),
)
first_bad_step.mistake(
    "Your number is that of the sequence; the step is asked for.",
    lambda h: first(~np.isfinite(h).all(axis=(1, 2))),
)
first_bad_step.mistake(
    "You wait until a whole step is bad; one number is enough.",
    lambda h: first(~np.isfinite(h).any(axis=(0, 2))),
)


@first_bad_step.mistake("That is the last bad step; the first one is where it began.")
def last_bad_step(h):
    bad = np.flatnonzero(~np.isfinite(h).all(axis=(0, 2)))
    return int(bad[-1]) if len(bad) else None


first_bad_step.mistake("Only the first sequence is looked at.", lambda h: first_bad_step(h[:1]))


@exercise(
    cases=lambda: [
        {"s": np.array([0.0, 2.0, -1.0]), "y": np.array([1, 0, 1])},
        {"s": np.array([-1000.0, 1000.0, 1000.0, -1000.0]), "y": np.array([1, 0, 1, 0])},
    ],
    praise="From the logit to the loss in one piece: nothing in between can overflow or round to 0.",
    see="Why does my loss become NaN?",
)
def logit_loss(s, y):
    """The binary cross-entropy of logits s and labels y of 0 or 1 (the same shape), without overflow."""
    return np.logaddexp(0, s) - y * s


def plain_sigmoid(s):
    return 1 / (1 + np.exp(-s))


logit_loss.mistake(
    "The sigmoid rounds to 0 or 1 for large logits, and its logarithm is infinite.",
    lambda s, y: -np.where(y == 1, np.log(plain_sigmoid(s)), np.log(1 - plain_sigmoid(s))),
)
logit_loss.mistake(
    "A small number added inside the logarithm hides the overflow and caps the loss.",
    lambda s, y: -np.where(y == 1, np.log(plain_sigmoid(s) + 1e-7), np.log(1 - plain_sigmoid(s) + 1e-7)),
)
logit_loss.mistake(
    "exp(s) overflows at s = 1000; np.logaddexp(0, s) does not.", lambda s, y: np.log(1 + np.exp(s)) - y * s
)
logit_loss.mistake(
    "The labels are exchanged: y = 1 asks for -log sigmoid(s).", lambda s, y: logit_loss(s, 1 - y)
)
logit_loss.mistake("The sign is turned: a loss is not negative.", lambda s, y: -logit_loss(s, y))
logit_loss.mistake(
    "You return the mean; a loss for each logit is asked for.", lambda s, y: logit_loss(s, y).mean()
)
