"""Exercises of chapters/08-trends/02-linear-recurrences.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.trends import linear_recurrences as solutions

NOTEBOOK = "08-trends/02-linear-recurrences.ipynb"


def stepped(B: int, D: int, H: int, ended: tuple[int, ...]) -> dict:
    x_t, h, W, b = cases.normal((B, D), (B, H), (2 * H, D), (2 * H,))
    return {"x_t": x_t, "h": h, "W": W, "b": b, "valid": ~np.isin(np.arange(B), ended)}


min_gru_step = Exercise(
    solutions.min_gru_step,
    notebook=NOTEBOOK,
    cases=lambda: [stepped(2, 2, 1, (0,)), stepped(3, 4, 2, ()), stepped(4, 3, 5, (1, 3))],
    praise="One product, one gate, one mean of old and new: this is all of a minGRU's step.",
)


def parts(x_t, W, b):
    z, n = np.split(x_t @ W.T + b, 2, axis=1)
    return 1 / (1 + np.exp(-z)), n


def only_valid(new, h, valid):
    return np.where(valid[:, None], new, h)


@min_gru_step.mistake(
    "Keeping and writing are exchanged: z is the share of the old state that is kept.",
    see="The minGRU: a GRU with three things struck out",
)
def shares_exchanged(x_t, h, W, b, valid):
    z, n = parts(x_t, W, b)
    return only_valid(z * n + (1 - z) * h, h, valid)


@min_gru_step.mistake(
    "The blocks are exchanged: the first H rows of W and b are the gate's, the rest the candidate's.",
    see="The minGRU: a GRU with three things struck out",
)
def blocks_exchanged(x_t, h, W, b, valid):
    n, z = np.split(x_t @ W.T + b, 2, axis=1)
    z = 1 / (1 + np.exp(-z))
    return only_valid((1 - z) * n + z * h, h, valid)


@min_gru_step.mistake(
    "The gate has no sigmoid, and so is no share between 0 and 1.",
    see="The minGRU: a GRU with three things struck out",
)
def gate_without_sigmoid(x_t, h, W, b, valid):
    z, n = np.split(x_t @ W.T + b, 2, axis=1)
    return only_valid((1 - z) * n + z * h, h, valid)


@min_gru_step.mistake(
    "You kept tanh for the candidate, as in the GRU; in the minGRU it is struck out.",
    see="The minGRU: a GRU with three things struck out",
)
def keeps_tanh(x_t, h, W, b, valid):
    z, n = parts(x_t, W, b)
    return only_valid((1 - z) * np.tanh(n) + z * h, h, valid)


@min_gru_step.mistake(
    "The candidate comes in whole; only the share 1 - z of it does, or the state can leave its bounds.",
    see="The minGRU: a GRU with three things struck out",
)
def candidate_whole(x_t, h, W, b, valid):
    z, n = parts(x_t, W, b)
    return only_valid(n + z * h, h, valid)


@min_gru_step.mistake(
    "W is transposed: its rows belong to the units, its columns to the inputs.",
    see="The minGRU: a GRU with three things struck out",
)
def weights_transposed(x_t, h, W, b, valid):
    z, n = parts(x_t, W.T, b)
    return only_valid((1 - z) * n + z * h, h, valid)


@min_gru_step.mistake(
    "Sequences that have ended go on: where valid is False the state must stay as it is.",
    see="The minGRU: a GRU with three things struck out",
)
def goes_on(x_t, h, W, b, valid):
    z, n = parts(x_t, W, b)
    return (1 - z) * n + z * h


@min_gru_step.mistake(
    "You set the state of ended sequences to zero; it is still their answer, and must be kept.",
    see="The minGRU: a GRU with three things struck out",
)
def wiped(x_t, h, W, b, valid):
    z, n = parts(x_t, W, b)
    return ((1 - z) * n + z * h) * valid[:, None]


def weighed() -> list[dict]:
    """Gentle gate inputs, rising and falling ones beyond every exponent, and units far from each other."""
    i_in, z = cases.normal((3, 3), (3, 3))
    longer, values = cases.normal((5, 2), (5, 2), seed=1)
    ramp = np.array([-1000.0, -500.0, 0.0, 500.0, 1000.0])[:, None]
    apart = np.array([0.0, 1000.0])
    return [
        {"i_in": 2 * i_in, "z": z},
        {"i_in": longer + ramp, "z": values},
        {"i_in": longer - ramp, "z": values},
        {"i_in": longer + apart, "z": values},
    ]


running_weighted_mean = Exercise(
    solutions.running_weighted_mean,
    notebook=NOTEBOOK,
    cases=weighed,
    praise="A softmax over all that came, computed as it comes, and safe at any size of its inputs.",
)


def accumulated(i, f, z):
    """The readings c / n of a cell with these gates."""
    c, n, read = 0.0, 0.0, []
    for i_t, f_t, z_t in zip(i, f, z, strict=True):
        c, n = f_t * c + i_t * z_t, f_t * n + i_t
        read.append(c / n)
    return np.array(read)


def exponents(i_in):
    """The running stabiliser after each step, and before it."""
    m = np.maximum.accumulate(i_in, axis=0)
    return m, np.concatenate([np.full_like(m[:1], -np.inf), m[:-1]])


@running_weighted_mean.mistake(
    "Nothing is subtracted in the exponent: exp(1000) is infinite, and infinity over infinity not a number.",
    see="The exponential gate of xLSTM",
)
def without_stabiliser(i_in, z):
    return accumulated(np.exp(i_in), np.ones_like(i_in), z)


@running_weighted_mean.mistake(
    "The stabiliser is subtracted for the new input alone; c and n are held under the old one and must be "
    "rescaled.",
    see="The exponential gate of xLSTM",
)
def old_sums_not_rescaled(i_in, z):
    m, _ = exponents(i_in)
    return accumulated(np.exp(i_in - m), np.ones_like(i_in), z)


@running_weighted_mean.mistake(
    "Your stabiliser is the last gate input; it must be the largest so far, or the old sums overflow.",
    see="The exponential gate of xLSTM",
)
def follows_the_last(i_in, z):
    before = np.concatenate([np.full_like(i_in[:1], -np.inf), i_in[:-1]])
    return accumulated(np.ones_like(i_in), np.exp(before - i_in), z)


@running_weighted_mean.mistake(
    "You subtract the largest input of all steps: before it comes, all weights are zero, and 0 / 0 not a "
    "number.",
    see="The exponential gate of xLSTM",
)
def largest_of_all(i_in, z):
    return accumulated(np.exp(i_in - i_in.max(axis=0)), np.ones_like(i_in), z)


@running_weighted_mean.mistake(
    "All units share one stabiliser, and a unit far below the others vanishes: each has its own.",
    see="The exponential gate of xLSTM",
)
def one_for_all_units(i_in, z):
    m, before = exponents(i_in.max(axis=1, keepdims=True))
    return accumulated(np.exp(i_in - m), np.exp(before - m) * np.ones_like(i_in), z)


@running_weighted_mean.mistake(
    "You read c without dividing it by n, and it is no mean.", see="The exponential gate of xLSTM"
)
def not_normalised(i_in, z):
    m, before = exponents(i_in)
    c, read = 0.0, []
    for i_t, f_t, z_t in zip(np.exp(i_in - m), np.exp(before - m), z, strict=True):
        c = f_t * c + i_t * z_t
        read.append(c)
    return np.array(read)


@running_weighted_mean.mistake(
    "Your gate is a sigmoid, as in the LSTM, and cannot overrule what is stored; an exponential can.",
    see="The exponential gate of xLSTM",
)
def gate_of_the_lstm(i_in, z):
    return accumulated(1 / (1 + np.exp(-i_in)), np.ones_like(i_in), z)


def pushed(T: int, H: int) -> dict:
    pairs, size, angle = cases.normal((T, H, 2), (H,), (H,))
    return {"pairs": pairs, "size": np.exp(-np.abs(size) / 2).round(2), "angle": angle}


spiral = Exercise(
    solutions.spiral,
    notebook=NOTEBOOK,
    cases=lambda: [pushed(2, 2), pushed(5, 1), pushed(6, 3)],
    praise="A unit of an LRU is a pendulum with friction, and complex numbers are its shorthand.",
)


def turned(size, angle):
    """The multiplier as a matrix for each unit (H, 2, 2)."""
    rows = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    return size[:, None, None] * np.array(rows).transpose(2, 0, 1)


def driven(pairs, matrices):
    s, states = np.zeros(pairs.shape[1:]), []
    for pair in pairs:
        s = np.einsum("hij,hj->hi", matrices, s) + pair
        states.append(s)
    return np.array(states)


@spiral.mistake(
    "You turn the other way: that is the conjugate of lambda, which belongs to the way back.",
    see="Backward through complex numbers",
)
def turns_back(pairs, size, angle):
    return driven(pairs, turned(size, -angle))


@spiral.mistake(
    "The minus is missing: i times i is -1, so that the imaginary part enters the real one with a minus.",
    see="Backward through complex numbers",
)
def without_minus(pairs, size, angle):
    return driven(pairs, turned(size, angle) * np.array([[1, -1], [1, 1]]))


@spiral.mistake(
    "For the imaginary part you read the real part that has just been replaced; both need the old pair.",
    see="The linear recurrent unit: from an Elman network",
)
def reads_the_new_one(pairs, size, angle):
    s, states = np.zeros(pairs.shape[1:]), []
    cos, sin = size * np.cos(angle), size * np.sin(angle)
    for pair in pairs:
        re = cos * s[:, 0] - sin * s[:, 1] + pair[:, 0]
        im = sin * re + cos * s[:, 1] + pair[:, 1]
        s = np.stack([re, im], axis=1)
        states.append(s)
    return np.array(states)


@spiral.mistake(
    "The size is left out: the state turns and never shrinks.",
    see="The linear recurrent unit: from an Elman network",
)
def never_shrinks(pairs, size, angle):
    return driven(pairs, turned(np.ones_like(size), angle))


@spiral.mistake(
    "The new pair is turned too; only the old state is multiplied.",
    see="The linear recurrent unit: from an Elman network",
)
def turns_the_input(pairs, size, angle):
    matrices = turned(size, angle)
    return driven(np.einsum("hij,thj->thi", matrices, pairs), matrices)


@spiral.mistake(
    "You multiply each part by its own number; a complex factor mixes the two parts.",
    see="Backward through complex numbers",
)
def part_by_part(pairs, size, angle):
    s, states = np.zeros(pairs.shape[1:]), []
    factor = np.stack([size * np.cos(angle), size * np.sin(angle)], axis=1)
    for pair in pairs:
        s = factor * s + pair
        states.append(s)
    return np.array(states)


@spiral.mistake(
    "The state is not carried: you turn the input of one step before in its place.",
    see="The linear recurrent unit: from an Elman network",
)
def not_carried(pairs, size, angle):
    before = np.concatenate([np.zeros_like(pairs[:1]), pairs[:-1]])
    return np.einsum("hij,thj->thi", turned(size, angle), before) + pairs
