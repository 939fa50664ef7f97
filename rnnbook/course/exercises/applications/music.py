import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("06-applications/09-music.ipynb")


def voices(frames: int, pitches: int, others: int, seed: int, bound: float) -> dict:
    """Two voices, of which the second follows the first now and then."""
    rng = np.random.default_rng(seed)
    a = rng.integers(pitches, size=frames)
    b = np.where(rng.random(frames) < bound, a % others, rng.integers(others, size=frames))
    return {"a": 60 + a, "b": 48 + b}


@exercise(
    cases=lambda: [
        {"a": np.array([60, 60, 62, 62]), "b": np.array([48, 48, 50, 48])},
        {"a": np.array([67, 65, 67, 65, 64, 64]), "b": np.array([48, 50, 48, 50, 52, 52])},
        voices(9, 3, 2, 0, 0.7),
        voices(14, 4, 5, 1, 0.6),
        {"a": np.array([60, 60, 62, 62]), "b": np.array([48, 50, 48, 50])},
        voices(11, 2, 4, 5, 0.8),
    ],
    praise="What hearing the other voice is worth; information theory calls it the mutual information.",
    see="Second view: four voices that hear one another",
)
def nats_saved(a, b):
    """Mean nats a frame that are saved on voice b (T,) by hearing voice a (T,), by their own frequencies."""
    saved = []
    for high, low in zip(a, b, strict=True):
        alone = np.mean(b == low)
        given = np.mean(b[a == high] == low)
        saved.append(np.log(given / alone))
    return np.mean(saved)


def alone(a, b):
    return np.array([np.mean(b == low) for low in b])


def given(a, b):
    return np.array([np.mean(b[a == high] == low) for high, low in zip(a, b, strict=True)])


def together(a, b):
    return np.array([np.mean((a == high) & (b == low)) for high, low in zip(a, b, strict=True)])


nats_saved.mistake(
    "That is what b costs when a is heard; asked for is how much less than without it.",
    lambda a, b: -np.log(given(a, b)).mean(),
)
nats_saved.mistake(
    "That is what b costs by itself; how much is saved by hearing a?",
    lambda a, b: -np.log(alone(a, b)).mean(),
)
nats_saved.mistake(
    "That is what a costs by itself; a is heard, and what is saved is saved on b.",
    lambda a, b: -np.log(alone(b, a)).mean(),
)
nats_saved.mistake(
    "The sign: who hears more pays less, and what is saved is above zero.",
    lambda a, b: -nats_saved(a, b),
)
nats_saved.mistake(
    "That is what both voices cost together.",
    lambda a, b: -np.log(together(a, b)).mean(),
)
nats_saved.mistake(
    "You compare with the joint probability; given a, the frames with this a are the whole.",
    lambda a, b: (np.log(together(a, b)) - np.log(alone(a, b))).mean(),
    lambda a, b: (np.log(alone(a, b)) - np.log(together(a, b))).mean(),
)
nats_saved.mistake(
    "Those are bits: nats come from the natural logarithm.",
    lambda a, b: nats_saved(a, b) / np.log(2),
)
nats_saved.mistake(
    "Your saving is a sum over the frames; the mean is asked for.",
    lambda a, b: nats_saved(a, b) * len(a),
)
nats_saved.mistake(
    "Each pair of pitches has one vote in your mean; it counts as often as it sounds.",
    lambda a, b: np.mean(
        [
            np.log(np.mean(b[a == high] == low) / np.mean(b == low))
            for high, low in sorted(set(zip(a.tolist(), b.tolist(), strict=True)))
        ]
    ),
    lambda a, b: np.sum(
        [
            np.log(np.mean(b[a == high] == low) / np.mean(b == low))
            for high, low in sorted(set(zip(a.tolist(), b.tolist(), strict=True)))
        ]
    ),
)
nats_saved.mistake(
    "You average over the pitches of a; a pitch that sounds often counts often.",
    lambda a, b: np.mean([np.mean(np.log(given(a, b) / alone(a, b))[a == high]) for high in np.unique(a)]),
    lambda a, b: np.sum([np.mean(np.log(given(a, b) / alone(a, b))[a == high]) for high in np.unique(a)]),
)
nats_saved.mistake(
    "You take the logarithm of a mean; nats are a mean of logarithms.",
    lambda a, b: np.log(np.mean(given(a, b)) / np.mean(alone(a, b))),
    lambda a, b: np.log(np.mean(given(a, b) / alone(a, b))),
)
nats_saved.mistake(
    "You subtract probabilities; nats are differences of logarithms.",
    lambda a, b: np.mean(given(a, b) - alone(a, b)),
)
nats_saved.mistake(
    "You divide the probabilities and take no logarithm; nats are the logarithm of the quotient.",
    lambda a, b: np.mean(given(a, b) / alone(a, b)),
)
nats_saved.mistake(
    "The voices sound in the same frame: b hears the a of now, and not that of the frame before.",
    lambda a, b: nats_saved(a[:-1], b[1:]),
    lambda a, b: nats_saved(np.roll(a, 1), b),
)
nats_saved.mistake(
    "The voices sound in the same frame: b hears the a of now, and not that of the next frame.",
    lambda a, b: nats_saved(a[1:], b[:-1]),
    lambda a, b: nats_saved(np.roll(a, -1), b),
)
nats_saved.mistake(
    "You look at b given the b before it; what is heard is the other voice.",
    lambda a, b: nats_saved(b[:-1], b[1:]),
)


nats_saved.mistake(
    "You compare with how often the pitch of a sounds; b alone is what hearing a is compared with.",
    lambda a, b: np.log(given(a, b) / np.array([np.mean(a == high) for high in a])).mean(),
)


nats_saved.mistake(
    "You ask how probable a is when b is heard; it is b that is played, and a that is heard.",
    lambda a, b: np.log(given(b, a) / alone(a, b)).mean(),
)
nats_saved.mistake(
    "Without a, b has its own frequencies; you take all of its pitches for equally likely.",
    lambda a, b: np.log(given(a, b) * len(np.unique(b))).mean(),
)


def drawing(z: list[list[float]], truth: list[int], tau: float) -> dict:
    return {"z": np.array(z, dtype=float), "truth": np.array(truth), "tau": tau}


@exercise(
    cases=lambda: [
        drawing([[2.0, 1.0, 0.0]], [1], 0.5),
        drawing([[1.0, 0.5, -1.0, 0.2], [0.3, 2.0, 1.1, 0.0]], [0, 2], 2.0),
        drawing([[1.5, 1.5, 0.0], [0.0, 0.4, -2.0], [1.0, 1.0, 1.0]], [1, 0, 2], 0),
        drawing([[900.0, 899.0], [-700.0, -701.5], [0.0, 0.3]], [1, 0, 1], 1.0),
        drawing([[3.0, 2.0, 2.5, 0.0, 1.0], [0.2, 0.1, 0.0, 0.4, 0.3]], [2, 4], 0.8),
        drawing([[0.2, 0.9], [0.7, 0.1], [1.3, 0.4]], [1, 1, 0], 0),
        drawing([[5.0, 1.0, 0.0], [4.0, 8.0, 2.0]], [2, 1], 0.01),
        drawing([[300.0, 301.0], [-500.0, -501.0]], [0, 0], 1.0),
        drawing([[890.0, 891.5, 889.0], [880.0, 881.0, 879.5]], [0, 1], 1.0),
    ],
    praise="The greedy choice is the limit at 0: tidier than what it learned from, which is not better.",
    see="Drawing, and a temperature",
)
def right_when_drawn(z, truth, tau):
    """Mean probability that a draw from softmax(z / tau), z (N, K), is the true symbol (N,); 0 is greedy."""
    z = z - z.max(axis=1, keepdims=True)
    weights = np.exp(z / tau) if tau > 0 else (z == 0).astype(float)
    p = weights / weights.sum(axis=1, keepdims=True)
    return p[np.arange(len(z)), truth].mean()


def over_all(z, tau):
    """Each row's largest is taken away, and one sum divides them all."""
    z = z - z.max(axis=1, keepdims=True)
    weights = np.exp(z / tau) if tau > 0 else (z == 0).astype(float)
    return weights / weights.sum()


def at(p, truth):
    return p[np.arange(len(p)), truth]


def tempered(z, tau, axis=1):
    z = z - z.max(axis=axis, keepdims=True)
    weights = np.exp(z / tau) if tau > 0 else (z == 0).astype(float)
    return weights / weights.sum(axis=axis, keepdims=True)


right_when_drawn.mistake(
    "You multiply by the temperature; the logits are divided by it.",
    lambda z, truth, tau: at(tempered(z, 1 / tau if tau else 0), truth).mean(),
    lambda z, truth, tau: at(tempered(z, 1 / tau if tau else np.inf), truth).mean(),
)
right_when_drawn.mistake(
    "The temperature has no effect in your answer.",
    lambda z, truth, tau: at(tempered(z, 1.0 if tau else 0), truth).mean(),
    lambda z, truth, tau: at(tempered(z, 1.0), truth).mean(),
)
right_when_drawn.mistake(
    "The temperature divides the logits, before the softmax; you divide the probabilities.",
    lambda z, truth, tau: at(tempered(z, 1.0) / tau if tau else tempered(z, 0), truth).mean(),
    lambda z, truth, tau: at(softmax_again(tempered(z, 1.0) / tau) if tau else tempered(z, 0), truth).mean(),
)


def softmax_again(p):
    return np.exp(p) / np.exp(p).sum(axis=1, keepdims=True)


def unshifted(z, truth, tau):
    if tau == 0:
        return at(tempered(z, 0), truth).mean()
    return at(np.exp(z / tau) / np.exp(z / tau).sum(axis=1, keepdims=True), truth).mean()


def nearly_zero(z, truth, tau):
    tau = max(tau, 1e-9)
    return at(np.exp(z / tau) / np.exp(z / tau).sum(axis=1, keepdims=True), truth).mean()


def shifted_too_late(z, truth, tau):
    if tau == 0:
        return at(tempered(z, 0), truth).mean()
    weights = np.exp(z / tau - z.max(axis=1, keepdims=True))
    return at(weights / weights.sum(axis=1, keepdims=True), truth).mean()


right_when_drawn.mistake(
    "The exponential of a large logit overflows, and a low temperature makes logits large: take the largest "
    "away first.",
    unshifted,
    shifted_too_late,
    nearly_zero,
)
right_when_drawn.mistake(
    "The logit that you take away must be the row's own largest; another row's may be hundreds higher.",
    lambda z, truth, tau: at(
        np.exp((z - z.max()) / tau) / np.exp((z - z.max()) / tau).sum(axis=1, keepdims=True)
        if tau
        else tempered(z, 0),
        truth,
    ).mean(),
    lambda z, truth, tau: at(
        np.exp((z - z.max()) / max(tau, 1e-9))
        / np.exp((z - z.max()) / max(tau, 1e-9)).sum(axis=1, keepdims=True),
        truth,
    ).mean(),
)
right_when_drawn.mistake(
    "At temperature 0 you divide by zero: the limit is the greedy choice.",
    lambda z, truth, tau: at(
        np.exp(np.divide(z - z.max(1, keepdims=True), tau))
        / np.exp(np.divide(z - z.max(1, keepdims=True), tau)).sum(1, keepdims=True),
        truth,
    ).mean(),
    lambda z, truth, tau: at(tempered(z, tau), truth).mean() if tau else 1 / 0,
)
right_when_drawn.mistake(
    "At temperature 0 the largest logit is drawn for certain; your answer is 0 there.",
    lambda z, truth, tau: at(tempered(z, tau), truth).mean() if tau else 0.0,
)
right_when_drawn.mistake(
    "At temperature 0 the largest logit is drawn for certain; you draw all symbols equally often there.",
    lambda z, truth, tau: at(tempered(z, tau), truth).mean() if tau else 1 / z.shape[1],
)
right_when_drawn.mistake(
    "At temperature 0 the largest logit is drawn for certain; you draw as at temperature 1 there.",
    lambda z, truth, tau: at(tempered(z, tau or 1.0), truth).mean(),
)
right_when_drawn.mistake(
    "`p[:, truth]` takes the true symbols of all rows from every row; each row has its own.",
    lambda z, truth, tau: tempered(z, tau)[:, truth].mean(),
    lambda z, truth, tau: tempered(z, tau)[:, truth].sum() / len(z),
)
right_when_drawn.mistake(
    "Where several logits are the largest, each of them is drawn equally often at temperature 0.",
    lambda z, truth, tau: at(tempered(z, tau), truth).mean() if tau else np.mean(z.argmax(axis=1) == truth),
    lambda z, truth, tau: (
        at(tempered(z, tau), truth).mean() if tau else np.mean(at(z, truth) == z.max(axis=1))
    ),
)
right_when_drawn.mistake(
    "You score the greedy choice at every temperature; a draw is right with the true symbol's probability.",
    lambda z, truth, tau: np.mean(z.argmax(axis=1) == truth),
    lambda z, truth, tau: at(tempered(z, 0), truth).mean(),
)
right_when_drawn.mistake(
    "Your softmax runs over the rows; the symbols of a row share its probability.",
    lambda z, truth, tau: at(tempered(z, tau, axis=0), truth).mean(),
    lambda z, truth, tau: at(tempered(z, tau) / len(z), truth).mean(),
    lambda z, truth, tau: at(over_all(z, tau), truth).mean(),
)
right_when_drawn.mistake(
    "You ask how often two draws agree; what is drawn is compared with the truth.",
    lambda z, truth, tau: (tempered(z, tau) ** 2).sum(axis=1).mean(),
)
right_when_drawn.mistake(
    "That is the mean of the largest probabilities: how sure the model is, and not how right.",
    lambda z, truth, tau: tempered(z, tau).max(axis=1).mean(),
)
right_when_drawn.mistake(
    "You average logarithms; the probability to be right is asked for.",
    lambda z, truth, tau: -np.log(at(tempered(z, tau), truth)).mean(),
    lambda z, truth, tau: np.log(at(tempered(z, tau), truth)).mean(),
    lambda z, truth, tau: np.exp(np.log(at(tempered(z, tau), truth)).mean()),
)
right_when_drawn.mistake(
    "Your probabilities are added up; the mean over the rows is asked for.",
    lambda z, truth, tau: at(tempered(z, tau), truth).sum(),
    lambda z, truth, tau: at(tempered(z, tau), truth),
)
