import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("06-applications/02-sentiment.ipynb")

VALUES = {"good": 1.9, "bad": -2.5, "superb": 3.1, "dull": -1.7, "never": -0.4, "fun": 2.3}


def sentence(text: str, reach: int) -> dict:
    return {
        "words": text.split(),
        "values": dict(VALUES),
        "negations": {"not", "never", "no"},
        "reach": reach,
    }


@exercise(
    cases=lambda: [
        sentence("not bad", 3),
        sentence("good but not a very bad film", 3),
        sentence("good but not a very superb film", 2),
        sentence("it is not that it is never dull , only dull", 4),
        sentence("never not fun , no fun , not not good", 3),
        sentence("fun not", 1),
        sentence("not good , bad , never mind the superb rest of no dull fun", 2),
        sentence("the cast", 2),
    ],
    praise="A lexicon that reads a few words back: as much order as a window holds.",
    see="Where order matters",
)
def negated_sum(words, values, negations, reach):
    """The sum of the words' values; each negation among the `reach` words before a word turns its sign."""
    total = 0.0
    for t, word in enumerate(words):
        turns = sum(before in negations for before in words[max(0, t - reach) : t])
        total += values.get(word, 0) * (-1) ** turns
    return total


def turned_by(looked_at, turn=lambda turns: (-1) ** turns):
    """Sums with other words looked at, or another effect of the number of negations among them."""

    def answer(words, values, negations, reach):
        total = 0.0
        for t, word in enumerate(words):
            turns = sum(before in negations for before in looked_at(words, t, reach))
            total += values.get(word, 0) * turn(turns)
        return total

    return answer


def before(words, t, reach):
    return words[max(0, t - reach) : t]


negated_sum.mistake("No negation counts in your sum.", turned_by(lambda words, t, reach: []))
negated_sum.mistake(
    "Two negations turn twice, so that the sign is what it was; you turn once for any number of them.",
    turned_by(before, lambda turns: -1 if turns else 1),
)
negated_sum.mistake(
    "You look at the words behind; a negation turns what follows it.",
    turned_by(lambda words, t, reach: words[t + 1 : t + 1 + reach]),
)
negated_sum.mistake(
    "You look to both sides of a word; a negation turns what follows it, and not what stands before.",
    turned_by(lambda words, t, reach: words[max(0, t - reach) : t] + words[t + 1 : t + 1 + reach]),
)
negated_sum.mistake(
    "Near the beginning your slice starts at a negative index, and Python counts that from the end.",
    turned_by(lambda words, t, reach: words[t - reach : t]),
    turned_by(lambda words, t, reach: [words[t - k] for k in range(1, reach + 1)]),
)
negated_sum.mistake(
    "Your window has another length: `reach` words stand in it, and the word itself is none of them.",
    turned_by(lambda words, t, reach: words[max(0, t - reach + 1) : t]),
    turned_by(lambda words, t, reach: words[max(0, t - reach - 1) : t]),
)
negated_sum.mistake(
    "The word itself is in your window; 'never' has a value of its own, and does not turn itself.",
    turned_by(lambda words, t, reach: words[max(0, t - reach) : t + 1]),
    turned_by(lambda words, t, reach: words[max(0, t - reach + 1) : t + 1]),
)
negated_sum.mistake(
    "A negation turns everything behind it in your sum; its reach ends.",
    turned_by(lambda words, t, reach: words[:t]),
    turned_by(lambda words, t, reach: words[: t + 1]),
    turned_by(lambda words, t, reach: words[:t], lambda turns: -1 if turns else 1),
)
negated_sum.mistake(
    "One negation turns the whole sentence in your sum; it turns the next few words.",
    turned_by(lambda words, t, reach: words),
    turned_by(lambda words, t, reach: words, lambda turns: -1 if turns else 1),
)
negated_sum.mistake(
    "You leave a negated word out; 'not bad' is praise, and not silence.",
    turned_by(before, lambda turns: turns == 0),
    turned_by(before, lambda turns: 1 - turns),
    turned_by(before, lambda turns: turns % 2 == 0),
)
negated_sum.mistake(
    "Only the word next to a negation turns in your sum.",
    turned_by(lambda words, t, reach: words[max(0, t - 1) : t]),
)
negated_sum.mistake(
    "Equal negations count once in your sum, as in a set; 'not not' turns twice.",
    turned_by(lambda words, t, reach: set(words[max(0, t - reach) : t])),
)
negated_sum.mistake(
    "A negation has a value too, where the lexicon knows it.",
    lambda words, values, negations, reach: negated_sum(
        words, {word: value for word, value in values.items() if word not in negations}, negations, reach
    ),
)
negated_sum.mistake(
    "You average over the words; the sum is asked for.",
    lambda words, values, negations, reach: negated_sum(words, values, negations, reach) / len(words),
)
negated_sum.mistake(
    "The sign is turned round: without a negation a value counts as it is.",
    lambda words, values, negations, reach: -negated_sum(words, values, negations, reach),
)


def minus_all(words, values, negations, reach):
    total = 0.0
    for t, word in enumerate(words):
        value = values.get(word, 0)
        total += -abs(value) if negations & set(words[max(0, t - reach) : t]) else value
    return total


negated_sum.mistake(
    "A negation turns the sign, also that of a bad word; it does not make every value negative.",
    minus_all,
)


def rated(seed: int, margins: list[float]) -> dict:
    """Ratings of a few readers each, zeros among them, and margins."""
    rng = np.random.default_rng(seed)
    ratings = [
        np.sign(rng.normal(0.3, 1, size=4 + 2 * k)) * rng.integers(0, 5, size=4 + 2 * k)
        for k in range(len(margins))
    ]
    return {"ratings": [each.astype(int) for each in ratings], "margins": np.array(margins)}


@exercise(
    cases=lambda: [
        {"ratings": [np.array([3, 0, -1, 2]), np.array([-4, -2, 0])], "margins": np.array([0.5, -1.0])},
        rated(1, [2.0, -0.4, 0.0]),
        rated(2, [-1.5, 3.0, 0.7, 0.1]),
        rated(3, [800.0, 0.2, -900.0]),
    ],
    praise="The gradient is belief minus share: told 'thirteen of eighteen', the network need not be sure.",
    parts=("the loss", "the gradient"),
    see="Models without order",
)
def readers_loss(ratings, margins):
    """Cross-entropy (nats, mean of N texts) against the readers' shares, and its gradient by margins (N,)."""
    shares = np.array([np.mean((each > 0) + 0.5 * (each == 0)) for each in ratings])
    loss = np.mean(np.logaddexp(0, margins) - shares * margins)
    belief = np.exp(-np.logaddexp(0, -margins))
    return loss, (belief - shares) / len(margins)


def loss_from(share):
    """The right answer from other shares."""

    def answer(ratings, margins):
        shares = np.array([float(share(each)) for each in ratings])
        belief = np.exp(-np.logaddexp(0, -margins))
        loss = np.mean(np.logaddexp(0, margins) - shares * margins)
        return loss, (belief - shares) / len(margins)

    return answer


readers_loss.mistake(
    "A reader who says 0 takes no side and counts half; you count them against.",
    loss_from(lambda each: np.mean(each > 0)),
)
readers_loss.mistake(
    "A reader who says 0 takes no side and counts half; you count them for the text.",
    loss_from(lambda each: np.mean(each >= 0)),
)
readers_loss.mistake(
    "A reader who says 0 takes no side and counts half; you leave them out.",
    loss_from(lambda each: np.sum(each > 0) / np.sum(each != 0)),
)
readers_loss.mistake(
    "You make a label of the ratings first; the loss is against the share of readers.",
    loss_from(lambda each: np.mean(each) > 0),
    loss_from(lambda each: np.mean((each > 0) + 0.5 * (each == 0)) > 0.5),
)
readers_loss.mistake(
    "How far a rating lies from zero does not count: the share asks only for its side.",
    loss_from(lambda each: (np.mean(each) + 4) / 8),
    loss_from(lambda each: np.sum(each[each > 0]) / np.sum(np.abs(each))),
)
readers_loss.mistake(
    "Your loss is a sum; the mean over the texts is asked for, and the gradient is that of the mean.",
    lambda ratings, margins: tuple(len(margins) * part for part in readers_loss(ratings, margins)),
    lambda ratings, margins: (
        len(margins) * readers_loss(ratings, margins)[0],
        readers_loss(ratings, margins)[1],
    ),
)
readers_loss.mistake(
    "The loss is a mean over N texts, so that each entry of the gradient has an N-th, too.",
    lambda ratings, margins: len(margins) * readers_loss(ratings, margins)[1],
    part="the gradient",
)
readers_loss.mistake(
    "The gradient points the wrong way: it is positive where the belief is too high.",
    lambda ratings, margins: -readers_loss(ratings, margins)[1],
    part="the gradient",
)
readers_loss.mistake(
    "The slope of the sigmoid stands in your gradient; it cancels against the slope of the logarithm.",
    lambda ratings, margins: (
        readers_loss(ratings, margins)[1]
        * np.exp(-np.logaddexp(0, -margins))
        * np.exp(-np.logaddexp(0, margins))
    ),
    part="the gradient",
)


def by_the_book(ratings, margins):
    shares = np.array([np.mean((each > 0) + 0.5 * (each == 0)) for each in ratings])
    belief = 1 / (1 + np.exp(-margins))
    return -np.mean(shares * np.log(belief) + (1 - shares) * np.log(1 - belief)), (belief - shares) / len(
        shares
    )


readers_loss.mistake(
    "A belief that rounds to 0 or 1 has no logarithm any more: with margins of some hundred your loss is not "
    "finite.",
    by_the_book,
    lambda ratings, margins: (
        np.mean(np.log(1 + np.exp(margins))) - np.mean(margins * (readers_shares(ratings))),
        readers_loss(ratings, margins)[1],
    ),
)
readers_loss.mistake(
    "Your belief is cut off near 0 and 1, so that a confident mistake costs too little.",
    *[
        lambda ratings, margins, tiny=tiny: clipped_loss(ratings, margins, tiny)
        for tiny in (1e-7, 1e-9, 1e-12, 1e-15)
    ],
    *[
        lambda ratings, margins, tiny=tiny: shifted_loss(ratings, margins, tiny)
        for tiny in (1e-8, 1e-9, 1e-12)
    ],
    *[
        lambda ratings, margins, most=most: readers_loss(ratings, np.clip(margins, -most, most))
        for most in (10, 15, 20, 30, 35, 36, 40, 50, 60, 100, 200, 500, 600, 700, 709)
    ],
    *[
        lambda ratings, margins, most=most: (
            readers_loss(ratings, np.clip(margins, -most, most))[0],
            readers_loss(ratings, margins)[1],
        )
        for most in (10, 15, 20)
    ],
    *[
        lambda ratings, margins, most=most: by_the_book(ratings, np.clip(margins, -most, most))
        for most in (30, 32, 35, 36)
    ],
)


def readers_shares(ratings):
    return np.array([np.mean((each > 0) + 0.5 * (each == 0)) for each in ratings])


def clipped_loss(ratings, margins, tiny):
    shares, belief = readers_shares(ratings), np.exp(-np.logaddexp(0, -margins))
    kept = np.clip(belief, tiny, 1 - tiny)
    loss = -np.mean(shares * np.log(kept) + (1 - shares) * np.log(1 - kept))
    return loss, (belief - shares) / len(margins)


def shifted_loss(ratings, margins, tiny):
    shares, belief = readers_shares(ratings), np.exp(-np.logaddexp(0, -margins))
    loss = -np.mean(shares * np.log(belief + tiny) + (1 - shares) * np.log(1 - belief + tiny))
    return loss, (belief - shares) / len(margins)


readers_loss.mistake(
    "Half of the cross-entropy is missing: the readers against a text count as well.",
    lambda ratings, margins: np.mean(readers_shares(ratings) * np.logaddexp(0, -margins)),
    part="the loss",
)
readers_loss.mistake(
    "All readers stand in one pot in your loss; each text counts the same, however many read it.",
    lambda ratings, margins: (
        np.average(
            np.logaddexp(0, margins) - readers_shares(ratings) * margins,
            weights=[len(each) for each in ratings],
        ),
        readers_loss(ratings, margins)[1],
    ),
)
readers_loss.mistake(
    "All texts get one share in your answer, that of all readers; each text has its own readers.",
    lambda ratings, margins: readers_loss([np.concatenate(ratings)] * len(ratings), margins),
)
readers_loss.mistake(
    "Those are bits: nats come from the natural logarithm.",
    lambda ratings, margins: readers_loss(ratings, margins)[0] / np.log(2),
    part="the loss",
)
readers_loss.mistake(
    "You compare by a squared error; the cross-entropy is asked for.",
    lambda ratings, margins: np.mean((np.exp(-np.logaddexp(0, -margins)) - readers_shares(ratings)) ** 2),
    part="the loss",
)


readers_loss.mistake(
    "The loss is a mean over N texts, so that each entry of the gradient has an N-th, too.",
    lambda ratings, margins: (
        by_the_book(ratings, margins)[0],
        len(margins) * readers_loss(ratings, margins)[1],
    ),
)
readers_loss.mistake(
    "The gradient has one number for each text; you average or add them up.",
    lambda ratings, margins: readers_loss(ratings, margins)[1].sum(),
    lambda ratings, margins: readers_loss(ratings, margins)[1].mean(),
    part="the gradient",
)
readers_loss.mistake(
    "The share of those against stands where the share of those for belongs.",
    loss_from(lambda each: np.mean((each < 0) + 0.5 * (each == 0))),
    lambda ratings, margins: (
        np.mean(np.logaddexp(0, margins) - (1 - readers_shares(ratings)) * margins),
        readers_loss(ratings, margins)[1],
    ),
)
readers_loss.mistake(
    "The two terms of your loss do not fit together: check the sign of the margin in each.",
    lambda ratings, margins: np.mean(np.logaddexp(0, -margins) - readers_shares(ratings) * margins),
    lambda ratings, margins: np.mean(np.logaddexp(0, margins) + readers_shares(ratings) * margins),
    part="the loss",
)


readers_loss.mistake(
    "Half of the cross-entropy is missing: the readers against a text count as well.",
    lambda ratings, margins: -np.mean(readers_shares(ratings) * np.log(1 / (1 + np.exp(-margins)))),
    part="the loss",
)


def scored(lengths: list[int], time: int, units: int, size: float = 1.0, filling: float = 0.0) -> dict:
    """States of sequences with padding. Larger scores: size."""
    h, v = cases.normal((len(lengths), time, units), (units,), seed=time)
    lengths = np.array(lengths)
    h[np.arange(time) >= lengths[:, None]] = filling
    return {"h": h, "v": size * v, "lengths": lengths}


@exercise(
    cases=lambda: [
        scored([1, 2], 2, 2),
        scored([2, 4, 1], 5, 3, filling=3.0),
        scored([3, 5, 2, 4], 5, 2),
        scored([3, 1], 4, 3, size=600.0, filling=9.0),
        scored([2, 3], 4, 5, size=600.0, filling=-9.0),
        {
            "h": np.array([[[-1.0, 1.0], [-1.5, 0.0], [4.0, 4.0]], [[-2.0, 3.0], [0.1, 9.0], [-0.7, 7.4]]]),
            "v": np.array([2000.0, -1000.0]),
            "lengths": np.array([2, 3]),
        },
    ],
    praise="Padding has no weight, and no score is too large for it.",
    see="A network that reads",
)
def attention_pool(h, v, lengths):
    """The mean (B, H) of the valid states of h (B, T, H), weighted by the softmax of their scores v . h_t."""
    scores = np.where(np.arange(h.shape[1]) < lengths[:, None], h @ v, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.einsum("bt,bth->bh", weights / weights.sum(axis=1, keepdims=True), h)


def in_sequence(h, lengths):
    return np.arange(h.shape[1]) < lengths[:, None]


def softmaxed(scores, axis=1):
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def weighted(weights, h):
    return (weights[:, :, None] * h).sum(axis=1)


attention_pool.mistake(
    "Padding gets a weight in your mean.", lambda h, v, lengths: weighted(softmaxed(h @ v), h)
)
attention_pool.mistake(
    "You take the padding out after the softmax; the weights that are left no longer add up to 1.",
    lambda h, v, lengths: weighted(softmaxed(h @ v) * in_sequence(h, lengths), h),
)
attention_pool.mistake(
    "A score of 0 is no mask: its weight is e to the 0. Minus infinity has weight 0.",
    lambda h, v, lengths: weighted(softmaxed((h @ v) * in_sequence(h, lengths)), h),
    lambda h, v, lengths: weighted(
        softmaxed((h @ v) * in_sequence(h, lengths)), h * in_sequence(h, lengths)[:, :, None]
    ),
    lambda h, v, lengths: weighted(softmaxed((h @ v) * in_sequence(h, lengths)) * in_sequence(h, lengths), h),
)
attention_pool.mistake(
    "Your mask is a number that scores can pass; minus infinity is below all of them.",
    *[
        lambda h, v, lengths, low=low: weighted(softmaxed(np.where(in_sequence(h, lengths), h @ v, low)), h)
        for low in (-1.0, -10.0, -99.0, -100.0, -999.0, -1000.0)
    ],
)
attention_pool.mistake(
    "Your softmax runs over the batch; the steps of one sequence share its weight.",
    lambda h, v, lengths: weighted(
        softmaxed(np.where(in_sequence(h, lengths), h @ v, -1e30), 0) * in_sequence(h, lengths), h
    ),
    lambda h, v, lengths: weighted(softmaxed(np.where(in_sequence(h, lengths), h @ v, -np.inf), 0), h),
    lambda h, v, lengths: weighted(softmaxed(np.where(in_sequence(h, lengths), h @ v, -np.inf), (0, 1)), h),
)


def without_shift(h, v, lengths):
    weights = np.exp(np.where(in_sequence(h, lengths), h @ v, -np.inf))
    return weighted(weights / weights.sum(axis=1, keepdims=True), h)


def shift_of_all(h, v, lengths):
    weights = np.exp((h @ v) - (h @ v).max(axis=1, keepdims=True)) * in_sequence(h, lengths)
    return weighted(weights / weights.sum(axis=1, keepdims=True), h)


attention_pool.mistake(
    "The exponential of a large score overflows: take the largest score away first.",
    without_shift,
    lambda h, v, lengths: weighted(
        np.exp(h @ v)
        * in_sequence(h, lengths)
        / (np.exp(h @ v) * in_sequence(h, lengths)).sum(1, keepdims=True),
        h,
    ),
)
attention_pool.mistake(
    "The score that you take away may be the padding's; if it is much larger, all valid weights become 0.",
    shift_of_all,
)
attention_pool.mistake(
    "You take one score away from all sequences; if another sequence's is much larger, all weights become 0.",
    lambda h, v, lengths: weighted(
        np.exp(h @ v - (h @ v).max())
        * in_sequence(h, lengths)
        / (np.exp(h @ v - (h @ v).max()) * in_sequence(h, lengths)).sum(axis=1, keepdims=True),
        h,
    ),
    lambda h, v, lengths: weighted(
        np.exp(np.where(in_sequence(h, lengths), h @ v, -np.inf) - (h @ v)[in_sequence(h, lengths)].max())
        / np.exp(
            np.where(in_sequence(h, lengths), h @ v, -np.inf) - (h @ v)[in_sequence(h, lengths)].max()
        ).sum(axis=1, keepdims=True),
        h,
    ),
)
attention_pool.mistake(
    "Every step has the same weight in your mean; the scores are to weigh it.",
    lambda h, v, lengths: weighted(in_sequence(h, lengths) / lengths[:, None], h),
)
attention_pool.mistake(
    "You take the state with the largest score alone; the softmax mixes them.",
    lambda h, v, lengths: h[
        np.arange(len(h)), np.where(in_sequence(h, lengths), h @ v, -np.inf).argmax(axis=1)
    ],
)
attention_pool.mistake(
    "The weights add up to 1 already: no division by the length is left to do.",
    lambda h, v, lengths: attention_pool(h, v, lengths) / lengths[:, None],
    lambda h, v, lengths: attention_pool(h, v, lengths) / h.shape[1],
)
attention_pool.mistake(
    "Your mask is off by one: a sequence of length 2 has the steps 0 and 1.",
    lambda h, v, lengths: attention_pool(h, v, lengths + 1),
    lambda h, v, lengths: attention_pool(h, v, lengths - 1),
)
attention_pool.mistake(
    "The scores are the weights in your mean, without the softmax.",
    lambda h, v, lengths: weighted((h @ v) * in_sequence(h, lengths), h),
    lambda h, v, lengths: weighted(
        (h @ v) * in_sequence(h, lengths) / ((h @ v) * in_sequence(h, lengths)).sum(axis=1, keepdims=True), h
    ),
)
attention_pool.mistake(
    "You return the weights; what they make of the states is asked for.",
    lambda h, v, lengths: softmaxed(np.where(in_sequence(h, lengths), h @ v, -np.inf)),
)


attention_pool.mistake(
    "Your weights do not add up to 1: the softmax divides by their sum.",
    lambda h, v, lengths: weighted(shifted_exp(h, v, lengths), h),
    lambda h, v, lengths: weighted(np.exp(np.where(in_sequence(h, lengths), h @ v, -np.inf)), h),
)


def shifted_exp(h, v, lengths):
    scores = np.where(in_sequence(h, lengths), h @ v, -np.inf)
    return np.exp(scores - scores.max(axis=1, keepdims=True))


attention_pool.mistake(
    "Your softmax runs over the batch; the steps of one sequence share its weight.",
    lambda h, v, lengths: weighted(shifted_exp(h, v, lengths) / shifted_exp(h, v, lengths).sum(), h),
)
