import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("01-background/03-elman-1990-time.ipynb")


@exercise(
    cases=lambda: [
        {"pairs": np.array([[1, 0], [1, 1]])},
        {"pairs": np.array([[0, 0], [0, 1], [1, 1], [1, 0]])},
    ],
    praise="Only every third bit can be predicted, and nothing in the stream says which.",
    see="Experiment 1: exclusive-or in time",
)
def xor_stream(pairs):
    """The stream (3 N,) of bits: each pair (N, 2) is followed by its exclusive-or."""
    pairs = np.asarray(pairs)
    return np.column_stack([pairs, pairs[:, 0] ^ pairs[:, 1]]).ravel()


def with_third(pairs, third):
    return np.column_stack([pairs, third]).ravel()


xor_stream.mistake(
    "That is 'or': two ones give 1, and their exclusive-or is 0.",
    lambda pairs: with_third(pairs, pairs[:, 0] | pairs[:, 1]),
)
xor_stream.mistake(
    "That is 'and'; the exclusive-or is 1 where the two bits differ.",
    lambda pairs: with_third(pairs, pairs[:, 0] & pairs[:, 1]),
)
xor_stream.mistake(
    "Your third bit is 1 where the two are equal; it should be 1 where they differ.",
    lambda pairs: with_third(pairs, (pairs[:, 0] == pairs[:, 1]).astype(int)),
)
xor_stream.mistake(
    "The exclusive-or stands before its two bits; it must follow them.",
    lambda pairs: np.column_stack([pairs[:, 0] ^ pairs[:, 1], pairs]).ravel(),
)
xor_stream.mistake(
    "The result is a table; the network hears one long row of bits.",
    lambda pairs: with_third(pairs, pairs[:, 0] ^ pairs[:, 1]).reshape(-1, 3),
)
xor_stream.mistake(
    "First come all first bits, then all second ones: the groups of three are torn apart.",
    lambda pairs: np.concatenate([pairs[:, 0], pairs[:, 1], pairs[:, 0] ^ pairs[:, 1]]),
)


@exercise(
    cases=lambda: [
        {"errors": np.array([1.0, 2.0, 3.0, 5.0]), "period": 2},
        {"errors": np.abs(cases.normal((9,))[0]), "period": 3},
        {"errors": np.abs(cases.normal((11,))[0]), "period": 4},
    ],
    praise="This is the curve of the paper's figure: the error against the place in the cycle.",
    see="Experiment 1: exclusive-or in time",
)
def error_by_place(errors, period):
    """The mean error (period,) at each place of a cycle; errors (T,) begin at place 0."""
    errors = np.asarray(errors)
    return np.array([errors[place::period].mean() for place in range(period)])


error_by_place.mistake(
    "You cut the stream into pieces one after the other; a place comes once in every cycle.",
    lambda errors, period: np.array([piece.mean() for piece in np.array_split(errors, period)]),
)
error_by_place.mistake(
    "You sum; the mean is asked for, so that streams of any length compare.",
    lambda errors, period: np.array([errors[place::period].sum() for place in range(period)]),
)
error_by_place.mistake(
    "The rest of an unfinished cycle is left out; it counts at its places.",
    lambda errors, period: errors[: len(errors) // period * period].reshape(-1, period).mean(axis=0),
)
error_by_place.mistake(
    "The places are shifted by one: the stream begins at place 0.",
    lambda errors, period: np.roll(error_by_place(errors, period), 1),
)


@error_by_place.mistake("You average over the places of each cycle, and not over the cycles.")
def over_places(errors, period):
    return np.array([errors[start : start + period].mean() for start in range(0, len(errors), period)])


error_by_place.mistake(
    "That is the first cycle alone; all of them count.", lambda errors, period: errors[:period]
)
