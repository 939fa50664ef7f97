import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("06-applications/00-before-you-start.ipynb")


def ragged(lengths: list[int], time: int, features: int, filling: float = 0.0) -> dict[str, np.ndarray]:
    """A batch with padding, in which one valid step is zero."""
    [x] = cases.normal((len(lengths), time, features), seed=time)
    lengths = np.array(lengths)
    x[-1, 0] = 0
    x[np.arange(time) >= lengths[:, None]] = filling
    return {"x": x, "lengths": lengths}


@exercise(
    cases=lambda: [
        ragged([2, 1], 2, 2),
        ragged([3, 2, 2], 5, 2),
        ragged([4, 4, 2, 1], 4, 3, filling=7.0),
        ragged([5, 1], 6, 4),
    ],
    praise="No place is padding: this is what a packed batch is inside the frameworks.",
    parts=("the steps", "the counts"),
    see="Sequences of many lengths",
)
def packed_steps(x, lengths):
    """The valid steps of x (B, T, D), all first steps first (N, D), and how many sequences have each step."""
    counts = np.array([np.sum(lengths > t) for t in range(lengths.max())])
    return np.concatenate([x[:count, t] for t, count in enumerate(counts)]), counts


def packed_by(counts, x, rows=lambda x, count: x[:count]):
    return np.concatenate([rows(x, count)[:, t] for t, count in enumerate(counts)]), np.array(counts)


packed_steps.mistake(
    "Your steps stand sequence by sequence; the network takes the first steps of all of them together.",
    lambda x, lengths: x[np.arange(x.shape[1]) < lengths[:, None]],
    lambda x, lengths: np.concatenate([x[b, :length] for b, length in enumerate(lengths)]),
    part="the steps",
)
packed_steps.mistake(
    "Padding is still among your steps.",
    lambda x, lengths: (np.concatenate(list(x.swapaxes(0, 1))), packed_steps(x, lengths)[1]),
    lambda x, lengths: (x.reshape(-1, x.shape[2]), packed_steps(x, lengths)[1]),
    lambda x, lengths: packed_by([len(x)] * x.shape[1], x),
    lambda x, lengths: packed_by([len(x)] * lengths.max(), x),
)
packed_steps.mistake(
    "You tell padding by its zeros; a valid step may be zero too, and padding need not be.",
    lambda x, lengths: x.swapaxes(0, 1)[(x != 0).any(axis=2).T],
    lambda x, lengths: x[(x != 0).any(axis=2)],
    part="the steps",
)
packed_steps.mistake(
    "Your counts go on to T; they end with the longest sequence, whatever room the batch has.",
    lambda x, lengths: np.array([np.sum(lengths > t) for t in range(x.shape[1])]),
    part="the counts",
)
packed_steps.mistake(
    "You are off by one: a sequence of length 2 has the steps 0 and 1, and no step 2.",
    lambda x, lengths: packed_by([np.sum(lengths >= t) for t in range(lengths.max())], x),
    lambda x, lengths: packed_by(
        [np.sum(lengths >= t) for t in range(min(lengths.max() + 1, x.shape[1]))], x
    ),
    lambda x, lengths: packed_by([np.sum(lengths > t) for t in range(1, lengths.max())], x[:, 1:]),
)
packed_steps.mistake(
    "You return the lengths; asked for is, at each step, how many sequences still run.",
    lambda x, lengths: lengths.copy(),
    part="the counts",
)
packed_steps.mistake(
    "Your counts are added up, so that they say where each step ends; the counts alone are asked for.",
    lambda x, lengths: np.cumsum(packed_steps(x, lengths)[1]),
    lambda x, lengths: np.cumsum(packed_steps(x, lengths)[1]) - packed_steps(x, lengths)[1],
    part="the counts",
)
packed_steps.mistake(
    "You stop at the end of the shortest sequence; the longer ones go on.",
    lambda x, lengths: packed_by([len(x)] * lengths.min(), x),
)
packed_steps.mistake(
    "You take the last rows at each step; the longest sequences stand first, so the first rows still run.",
    lambda x, lengths: packed_by(packed_steps(x, lengths)[1], x, lambda x, count: x[len(x) - count :])[0],
    lambda x, lengths: packed_by(packed_steps(x, lengths)[1], x, lambda x, count: x[:count][::-1])[0],
    part="the steps",
)
packed_steps.mistake(
    "The two are turned round: first the steps, then the counts.",
    lambda x, lengths: packed_steps(x, lengths)[::-1],
)


packed_steps.mistake(
    "The steps of each column are still apart in your answer; put them behind one another in one array.",
    lambda x, lengths: [x[:count, t] for t, count in enumerate(packed_steps(x, lengths)[1])],
    lambda x, lengths: list(x[:, : lengths.max()].swapaxes(0, 1)),
    part="the steps",
)


packed_steps.mistake(
    "You count the sequences that end at each step; asked for is how many still run.",
    lambda x, lengths: np.array([np.sum(lengths == t + 1) for t in range(lengths.max())]),
    lambda x, lengths: np.bincount(lengths),
    part="the counts",
)
packed_steps.mistake(
    "You index one sequence where a step of the whole batch is meant: the first axis is the batch.",
    lambda x, lengths: np.concatenate(
        [x[t, :k] for t, k in enumerate(packed_steps(x, lengths)[1]) if t < len(x)]
    ),
    part="the steps",
)


@packed_steps.mistake("You tell padding by its zeros; a valid step may be zero too, and padding need not be.")
def by_zeros(x, lengths):
    there = (x != 0).any(axis=2)[:, : lengths.max()].T
    return x[:, : lengths.max()].swapaxes(0, 1)[there], there.sum(axis=1)


def answered(both: int, only_one: int, only_other: int, neither: int) -> dict[str, np.ndarray]:
    """Which questions two models have right, mixed."""
    rows = [(1, 1)] * both + [(1, 0)] * only_one + [(0, 1)] * only_other + [(0, 0)] * neither
    rows = np.array(rows, dtype=bool)[np.random.default_rng(0).permutation(len(rows))]
    return {"one": rows[:, 0], "other": rows[:, 1]}


@exercise(
    cases=lambda: [
        answered(1, 0, 2, 1),
        answered(3, 1, 5, 2),
        answered(4, 9, 2, 1),
        answered(2, 3, 3, 3),
        answered(5, 0, 0, 2),
        answered(6, 4, 4, 0),
    ],
    praise="A fair coin, thrown once for each question that tells the models apart: McNemar's exact test.",
    see="What an honest comparison is",
)
def coin_p_value(one, other):
    """McNemar's exact two-sided p-value of two models that answered the same questions, right or not (N,)."""
    from math import comb

    only_one, only_other = int(np.sum(one & ~other)), int(np.sum(other & ~one))
    n, fewer = only_one + only_other, min(only_one, only_other)
    return min(1.0, 2 * sum(comb(n, k) for k in range(fewer + 1)) / 2**n)


def tail(n, ks, sides=2):
    from math import comb

    return min(1.0, sides * sum(comb(n, k) for k in ks) / 2**n)


def differing(one, other):
    only_one, only_other = int(np.sum(one & ~other)), int(np.sum(other & ~one))
    return only_one + only_other, min(only_one, only_other)


coin_p_value.mistake(
    "That is one side of the coin. Beforehand either model could have been the better: count both sides.",
    lambda one, other: tail(differing(one, other)[0], range(differing(one, other)[1] + 1), 1),
    lambda one, other: tail(differing(one, other)[0], range(int(np.sum(one & ~other)) + 1), 1),
    lambda one, other: tail(differing(one, other)[0], range(int(np.sum(other & ~one)) + 1), 1),
)
coin_p_value.mistake(
    "Your coin is thrown for questions that both models have right, or both wrong; they say nothing about "
    "who is better.",
    lambda one, other: tail(len(one), range(differing(one, other)[1] + 1)),
    lambda one, other: tail(int(one.sum() + other.sum()), range(min(int(one.sum()), int(other.sum())) + 1)),
    lambda one, other: tail(len(one), range(min(int(one.sum()), int(other.sum())) + 1)),
    lambda one, other: tail(int(np.sum(one | other)), range(differing(one, other)[1] + 1)),
    lambda one, other: tail(len(one), range(differing(one, other)[0] + 1)),
)
coin_p_value.mistake(
    "Your p-value passes 1 where the two sides are even: it is a probability.",
    lambda one, other: tail(differing(one, other)[0], range(differing(one, other)[1] + 1), 1) * 2,
    lambda one, other: (
        tail(differing(one, other)[0], range(differing(one, other)[1] + 1), 1) * 2
        if (one != other).any()
        else 1.0
    ),
)
coin_p_value.mistake(
    "You take the chance of exactly this outcome; 'as uneven or more' has all the rarer ones in it.",
    lambda one, other: tail(differing(one, other)[0], [differing(one, other)[1]]),
    lambda one, other: tail(differing(one, other)[0], [differing(one, other)[1]], 1),
)
coin_p_value.mistake(
    "You count the rarer outcomes and leave out the one that was seen.",
    lambda one, other: tail(differing(one, other)[0], range(differing(one, other)[1])),
)


@coin_p_value.mistake("A bell curve stands for the coin; with few throws the coin itself is to be counted.")
def bell_curve(one, other):
    from math import erfc, sqrt

    n, fewer = differing(one, other)
    return erfc((n - 2 * fewer) / sqrt(2 * n)) if n else 1.0


@coin_p_value.mistake("A bell curve stands for the coin; with few throws the coin itself is to be counted.")
def bell_curve_corrected(one, other):
    from math import erfc, sqrt

    n, fewer = differing(one, other)
    return erfc(max(n - 2 * fewer - 1, 0) / sqrt(2 * n)) if n else 1.0


coin_p_value.mistake(
    "You compare two shares as if they came from different questions; here every question has two answers.",
    lambda one, other: float(unpaired(one, other)),
)


def unpaired(one, other):
    from math import erfc

    share = (one.mean() + other.mean()) / 2
    return erfc(abs(one.mean() - other.mean()) / np.sqrt(4 * share * (1 - share) / len(one)))


coin_p_value.mistake(
    "That is the chance to be less uneven; asked for is the chance to be as uneven or more.",
    lambda one, other: 1 - coin_p_value(one, other),
    lambda one, other: tail(
        differing(one, other)[0], range(differing(one, other)[1], differing(one, other)[0] + 1)
    ),
)
coin_p_value.mistake(
    "You return how often only one model is right, and not yet what a coin would do.",
    lambda one, other: differing(one, other)[1],
    lambda one, other: (int(np.sum(one & ~other)), int(np.sum(other & ~one))),
    lambda one, other: differing(one, other)[1] / max(differing(one, other)[0], 1),
)


coin_p_value.mistake(
    "You count one model's side, whichever is the rarer; the smaller of the two counts is as far from even.",
    *[
        lambda one, other, side=side, most=most, even=even: (
            1.0 if even(one, other) else one_side(*side(one, other), most)
        )
        for side in (lambda one, other: (one, other), lambda one, other: (other, one))
        for most in (1.0, np.inf)
        for even in (
            lambda one, other: False,
            lambda one, other: (one == other).all(),
            lambda one, other: one.sum() == other.sum(),
        )
    ],
)


def one_side(one, other, most):
    """Twice the tail up to the count of the first model, the rarer or not."""
    n, own = int(np.sum(one != other)), int(np.sum(one & ~other))
    return min(most, 2 * tail(n, range(own + 1), 1))


@coin_p_value.mistake(
    "You throw up to the difference of the two counts; the rarer side shows the smaller of them."
)
def by_difference(one, other):
    n, fewer = differing(one, other)
    return tail(n, range(n - 2 * fewer + 1))


coin_p_value.mistake(
    "Your coin is thrown for questions that both models have right, or both wrong; they say nothing about "
    "who is better.",
    lambda one, other: among_all(one, other),
)


def among_all(one, other):
    """The ways of the questions that differ, through those of all questions."""
    n, fewer = differing(one, other)
    return min(1.0, tail(n, range(fewer + 1), 1) * 2 * 2.0**n / 2 ** len(one))
