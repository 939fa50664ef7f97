"""Exercises of chapters/01-background/03-elman-1990-time.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.background import elman_1990_time as solutions

NOTEBOOK = "01-background/03-elman-1990-time.ipynb"

XOR = "Experiment 1: exclusive-or in time"

xor_stream = Exercise(
    solutions.xor_stream,
    notebook=NOTEBOOK,
    cases=lambda: [
        {"pairs": np.array([[1, 0], [1, 1]])},
        {"pairs": np.array([[0, 0], [0, 1], [1, 1], [1, 0]])},
    ],
    praise="Only every third bit can be predicted, and nothing in the stream says which.",
)


def with_third(pairs, third):
    return np.column_stack([pairs, third]).ravel()


@xor_stream.mistake("That is 'or': two ones give 1, and their exclusive-or is 0.", see=XOR)
def inclusive(pairs):
    return with_third(pairs, pairs[:, 0] | pairs[:, 1])


@xor_stream.mistake("That is 'and'; the exclusive-or is 1 where the two bits differ.", see=XOR)
def conjunction(pairs):
    return with_third(pairs, pairs[:, 0] & pairs[:, 1])


@xor_stream.mistake("Your third bit is 1 where the two are equal; it should be 1 where they differ.", see=XOR)
def equal_bits(pairs):
    return with_third(pairs, (pairs[:, 0] == pairs[:, 1]).astype(int))


@xor_stream.mistake("The exclusive-or stands before its two bits; it must follow them.", see=XOR)
def in_front(pairs):
    return np.column_stack([pairs[:, 0] ^ pairs[:, 1], pairs]).ravel()


@xor_stream.mistake("The result is a table; the network hears one long row of bits.", see=XOR)
def as_a_table(pairs):
    return with_third(pairs, pairs[:, 0] ^ pairs[:, 1]).reshape(-1, 3)


@xor_stream.mistake(
    "First come all first bits, then all second ones: the groups of three are torn apart.", see=XOR
)
def column_by_column(pairs):
    return np.concatenate([pairs[:, 0], pairs[:, 1], pairs[:, 0] ^ pairs[:, 1]])


error_by_place = Exercise(
    solutions.error_by_place,
    notebook=NOTEBOOK,
    cases=lambda: [
        {"errors": np.array([1.0, 2.0, 3.0, 5.0]), "period": 2},
        {"errors": np.abs(cases.normal((9,))[0]), "period": 3},
        {"errors": np.abs(cases.normal((11,))[0]), "period": 4},
    ],
    praise="This is the curve of the paper's figure: the error against the place in the cycle.",
)


@error_by_place.mistake(
    "You cut the stream into pieces one after the other; a place comes once in every cycle.", see=XOR
)
def in_blocks(errors, period):
    return np.array([piece.mean() for piece in np.array_split(errors, period)])


@error_by_place.mistake("You sum; the mean is asked for, so that streams of any length compare.", see=XOR)
def sums(errors, period):
    return np.array([errors[place::period].sum() for place in range(period)])


@error_by_place.mistake("The rest of an unfinished cycle is left out; it counts at its places.", see=XOR)
def whole_cycles_only(errors, period):
    return errors[: len(errors) // period * period].reshape(-1, period).mean(axis=0)


@error_by_place.mistake("The places are shifted by one: the stream begins at place 0.", see=XOR)
def shifted_by_one(errors, period):
    return np.roll(solutions.error_by_place(errors, period), 1)


@error_by_place.mistake("You average over the places of each cycle, and not over the cycles.", see=XOR)
def over_places(errors, period):
    return np.array([errors[start : start + period].mean() for start in range(0, len(errors), period)])


@error_by_place.mistake("That is the first cycle alone; all of them count.", see=XOR)
def first_cycle(errors, period):
    return errors[:period]
