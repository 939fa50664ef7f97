import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("05-tensorflow-example/03-five-ways.ipynb")


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


@exercise(
    cases=lambda: [moment(1, 2), moment(3, 2, 2, scale=0.01), moment(20, 3)],
    praise=(
        "Rule (B), that of TensorFlow and Keras: the corrections lie in the rate, and epsilon before them."
    ),
    see="Adam is not one rule but two",
)
def folded_adam_step(w, g, m, v, t, eta, eps):
    """The new w, m and v after step t = 1, 2, ... of Adam by rule (B), with 0.9 and 0.999."""
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    rate = eta * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return w - rate * m / (np.sqrt(v) + eps), m, v


def stepped(w, g, m, v, rate, eps):
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return w - rate * m / (np.sqrt(v) + eps), m, v


folded_adam_step.mistake(
    "That is rule (A), of the paper's algorithm 1: there epsilon is added after v has been corrected.",
    lambda w, g, m, v, t, eta, eps: folded_adam_step(w, g, m, v, t, eta, eps * np.sqrt(1 - 0.999**t)),
)
folded_adam_step.mistake(
    "The rate is not corrected: both means still start from zero.",
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, eta, eps),
)
folded_adam_step.mistake(
    "The correction of the rate is upside down: the root of 1 - 0.999**t stands above, 1 - 0.9**t below.",
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, eta * (1 - 0.9**t) / np.sqrt(1 - 0.999**t), eps),
)
folded_adam_step.mistake(
    "The root of 1 - 0.999**t is missing in the rate: v stands under a root.",
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, eta * (1 - 0.999**t) / (1 - 0.9**t), eps),
)


@folded_adam_step.mistake("Epsilon stands under the root in your answer; it is added after it.")
def epsilon_under_the_root(w, g, m, v, t, eta, eps):
    _, m, v = folded_adam_step(w, g, m, v, t, eta, eps)
    rate = eta * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return w - rate * m / np.sqrt(v + eps), m, v


folded_adam_step.mistake(
    "The step uses the old means; renew m and v first.",
    lambda w, g, m, v, t, eta, eps: w - eta * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + eps),
    part=0,
)


@exercise(
    cases=lambda: [
        {"ours": [2.0, 1.0, 0.5], "reference": [2.0, 1.1, 0.5]},
        {"ours": [2.0, 0.9, 0.4], "reference": [2.5, 0.8, 0.5]},
        {"ours": [3.0, 0.02], "reference": [2.9, 0.01]},
        {"ours": [1.0, -2.0, 3.0], "reference": [1.0, -2.2, 3.0]},
    ],
    praise="One number, against a tolerance that was set before: that is how two programs are compared.",
    see="Are they equal?",
)
def worst_relative(ours, reference):
    """The largest difference between two lists of losses (N,), relative to the size of the reference."""
    ours, reference = np.asarray(ours), np.asarray(reference)
    return np.max(np.abs(ours - reference) / np.abs(reference))


worst_relative.mistake(
    "The difference is not set in relation: 0.01 is much for a loss of 0.01 and little for one of 3.",
    lambda ours, reference: np.max(np.abs(np.array(ours) - reference)),
)
worst_relative.mistake(
    "You take the mean; one bad step must not hide behind many good ones.",
    lambda ours, reference: np.mean(np.abs(np.array(ours) - reference) / np.abs(reference)),
)
worst_relative.mistake(
    "You divide by ours; the reference sets the scale.",
    lambda ours, reference: np.max(np.abs(np.array(ours) - reference) / np.abs(ours)),
)
worst_relative.mistake(
    "Without the absolute value a difference to the other side is never the largest.",
    lambda ours, reference: np.max((np.array(ours) - reference) / np.abs(reference)),
)
worst_relative.mistake(
    "You divide the largest difference by the largest loss; each difference belongs to its own loss.",
    lambda ours, reference: np.max(np.abs(np.array(ours) - reference)) / np.max(np.abs(reference)),
)
worst_relative.mistake(
    "Only the last loss is compared.",
    lambda ours, reference: abs(ours[-1] - reference[-1]) / abs(reference[-1]),
)
