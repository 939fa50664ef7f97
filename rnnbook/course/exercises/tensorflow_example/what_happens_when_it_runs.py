import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("05-tensorflow-example/01-what-happens-when-it-runs.ipynb")


@exercise(
    cases=lambda: [{"K": 2, "a": 1.0}, {"K": 10, "a": 1.0}, {"K": 10, "a": 5.0}, {"K": 10_000, "a": 0.5}],
    praise="A floor tells a loss that is learned out from one that cannot fall: compute it before you train.",
    see="What did it train?",
)
def score_floor(K, a):
    """The lowest cross-entropy that K scores between -a and a can reach."""
    return np.log(1 + (K - 1) * np.exp(-2 * a))


score_floor.mistake(
    "One class is the right one: K - 1 others stand against it, not K.",
    lambda K, a: np.log(1 + K * np.exp(-2 * a)),
)
score_floor.mistake(
    "You count a distance of a: the right score can rise to a while the others sink to -a.",
    lambda K, a: np.log(1 + (K - 1) * np.exp(-a)),
)
score_floor.mistake(
    "That is the probability of the right class; the loss is -log of it.",
    lambda K, a: 1 / (1 + (K - 1) * np.exp(-2 * a)),
)
score_floor.mistake(
    "The sign is turned: a loss is -log p, and p is below 1.",
    lambda K, a: -np.log(1 + (K - 1) * np.exp(-2 * a)),
)
score_floor.mistake("That is what guessing costs, log K; good scores do better.", lambda K, a: np.log(K))
score_floor.mistake(
    "Your logarithm has the base 2. The course's losses are in nats.",
    lambda K, a: np.log2(1 + (K - 1) * np.exp(-2 * a)),
)


def states(time: int, classes: int, k: int) -> dict:
    return {"h": np.tanh(cases.normal((time, classes))[0]).round(2), "k": k}


@exercise(
    cases=lambda: [states(2, 2, 0), states(8, 10, 3), states(5, 3, 2)],
    praise=(
        "This is what the program calls its loss: every step is pushed to the label, the first as hard as "
        "the last."
    ),
    see="What did it train?",
)
def every_step_loss(h, k):
    """The loss of the trap for one sequence: states h (T, K) as scores, all against the class k."""
    log_p = h - np.log(np.exp(h).sum(axis=1, keepdims=True))
    return -log_p[:, k].mean()


every_step_loss.mistake(
    "Only the last step counts in your answer; the trap compares all of them.",
    lambda h, k: every_step_loss(h[-1:], k),
)
every_step_loss.mistake(
    "You sum over the steps; the trap's mean runs over them.", lambda h, k: every_step_loss(h, k) * len(h)
)


@every_step_loss.mistake(
    "The softmax runs over the steps; it must run over the classes, each step for itself."
)
def over_the_steps(h, k):
    log_p = h - np.log(np.exp(h).sum(axis=0, keepdims=True))
    return -log_p[:, k].mean()


every_step_loss.mistake(
    "You average the states first and take one loss; the trap takes a loss at each step, then the mean.",
    lambda h, k: every_step_loss(h.mean(axis=0, keepdims=True), k),
)
every_step_loss.mistake(
    "The softmax is missing: a state is not yet a probability.", lambda h, k: -h[:, k].mean()
)


@every_step_loss.mistake(
    "You take the logarithm of the mean probability; the mean of the logarithms is wanted."
)
def log_of_mean(h, k):
    p = np.exp(h) / np.exp(h).sum(axis=1, keepdims=True)
    return -np.log(p[:, k].mean())
