import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("08-trends/02-linear-recurrences.ipynb")


def stepped(B: int, D: int, H: int, ended: tuple[int, ...]) -> dict:
    x_t, h, W, b = cases.normal((B, D), (B, H), (2 * H, D), (2 * H,))
    return {"x_t": x_t, "h": h, "W": W, "b": b, "valid": ~np.isin(np.arange(B), ended)}


@exercise(
    cases=lambda: [stepped(2, 2, 1, (0,)), stepped(3, 4, 2, ()), stepped(4, 3, 5, (1, 3))],
    praise="One product, one gate, one mean of old and new: this is all of a minGRU's step.",
    see="The minGRU: a GRU with three things struck out",
)
def min_gru_step(x_t, h, W, b, valid):
    """The new state (B, H) from x_t (B, D), h (B, H), W (2 H, D), b (2 H,); the old where not valid (B,)."""
    z, n = np.split(x_t @ W.T + b, 2, axis=1)
    z = 1 / (1 + np.exp(-z))
    return np.where(valid[:, None], (1 - z) * n + z * h, h)


def mixed(x_t, h, W, b, valid, mix, gate=lambda z: 1 / (1 + np.exp(-z))):
    """The step with another mean of old and new, or with another gate."""
    z, n = np.split(x_t @ W.T + b, 2, axis=1)
    return np.where(valid[:, None], mix(gate(z), n), h)


min_gru_step.mistake(
    "Keeping and writing are exchanged: z is the share of the old state that is kept.",
    lambda x_t, h, W, b, valid: mixed(x_t, h, W, b, valid, lambda z, n: z * n + (1 - z) * h),
)


@min_gru_step.mistake(
    "The blocks are exchanged: the first H rows of W and b are the gate's, the rest the candidate's."
)
def blocks_exchanged(x_t, h, W, b, valid):
    H = h.shape[1]
    return min_gru_step(x_t, h, np.roll(W, H, axis=0), np.roll(b, H), valid)


min_gru_step.mistake(
    "The gate has no sigmoid, and so is no share between 0 and 1.",
    lambda x_t, h, W, b, valid: mixed(x_t, h, W, b, valid, lambda z, n: n + z * (h - n), gate=lambda z: z),
)
min_gru_step.mistake(
    "You kept tanh for the candidate, as in the GRU; in the minGRU it is struck out.",
    lambda x_t, h, W, b, valid: mixed(x_t, h, W, b, valid, lambda z, n: (1 - z) * np.tanh(n) + z * h),
)
min_gru_step.mistake(
    "The candidate comes in whole; only the share 1 - z of it does, or the state can leave its bounds.",
    lambda x_t, h, W, b, valid: mixed(x_t, h, W, b, valid, lambda z, n: n + z * h),
)
min_gru_step.mistake(
    "W is transposed: its rows belong to the units, its columns to the inputs.",
    lambda x_t, h, W, b, valid: min_gru_step(x_t, h, W.T, b, valid),
)
min_gru_step.mistake(
    "Sequences that have ended go on: where valid is False the state must stay as it is.",
    lambda x_t, h, W, b, valid: min_gru_step(x_t, h, W, b, np.ones_like(valid)),
)
min_gru_step.mistake(
    "You set the state of ended sequences to zero; it is still their answer, and must be kept.",
    lambda x_t, h, W, b, valid: min_gru_step(x_t, h, W, b, np.ones_like(valid)) * valid[:, None],
)


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


@exercise(
    cases=weighed,
    praise="A softmax over all that came, computed as it comes, and safe at any size of its inputs.",
    see="The exponential gate of xLSTM",
)
def running_weighted_mean(i_in, z):
    """The readings c / n (T, H) of a cell with f = 1 and input gates exp(i_in); i_in and z are (T, H)."""
    c, n, m = np.zeros(z.shape[1]), np.zeros(z.shape[1]), np.full(z.shape[1], -np.inf)
    read = []
    for i_t, z_t in zip(i_in, z, strict=True):
        m_new = np.maximum(m, i_t)
        i, f = np.exp(i_t - m_new), np.exp(m - m_new)
        c, n, m = f * c + i * z_t, f * n + i, m_new
        read.append(c / n)
    return np.array(read)


def accumulated(i, f, z):
    """The readings c / n of a cell with these gates."""
    c, n, read = 0.0, 0.0, []
    for i_t, f_t, z_t in zip(i, f, z, strict=True):
        c, n = f_t * c + i_t * z_t, f_t * n + i_t
        read.append(c / n)
    return np.array(read)


def before(m):
    """The stabiliser before each step, from the one after it."""
    return np.concatenate([np.full_like(m[:1], -np.inf), m[:-1]])


running_weighted_mean.mistake(
    "Nothing is subtracted in the exponent: exp(1000) is infinite, and infinity over infinity not a number.",
    lambda i_in, z: accumulated(np.exp(i_in), np.ones_like(i_in), z),
)
running_weighted_mean.mistake(
    "The stabiliser is subtracted for the new input alone; c and n are held under the old one and must be "
    "rescaled.",
    lambda i_in, z: accumulated(np.exp(i_in - np.maximum.accumulate(i_in)), np.ones_like(i_in), z),
)
running_weighted_mean.mistake(
    "Your stabiliser is the last gate input; it must be the largest so far, or the old sums overflow.",
    lambda i_in, z: accumulated(np.ones_like(i_in), np.exp(before(i_in) - i_in), z),
)
running_weighted_mean.mistake(
    "You subtract the largest input of all steps: before it comes, all weights are zero, and 0 / 0 not a "
    "number.",
    lambda i_in, z: accumulated(np.exp(i_in - i_in.max(axis=0)), np.ones_like(i_in), z),
)


@running_weighted_mean.mistake(
    "All units share one stabiliser, and a unit far below the others vanishes: each has its own."
)
def one_for_all_units(i_in, z):
    m = np.maximum.accumulate(i_in.max(axis=1, keepdims=True))
    return accumulated(np.exp(i_in - m), np.exp(before(m) - m) * np.ones_like(i_in), z)


@running_weighted_mean.mistake("You read c without dividing it by n, and it is no mean.")
def not_normalised(i_in, z):
    m = np.maximum.accumulate(i_in)
    c, read = 0.0, []
    for i_t, f_t, z_t in zip(np.exp(i_in - m), np.exp(before(m) - m), z, strict=True):
        c = f_t * c + i_t * z_t
        read.append(c)
    return np.array(read)


running_weighted_mean.mistake(
    "Your gate is a sigmoid, as in the LSTM, and cannot overrule what is stored; an exponential can.",
    lambda i_in, z: accumulated(1 / (1 + np.exp(-i_in)), np.ones_like(i_in), z),
)


def pushed(T: int, H: int) -> dict:
    pairs, size, angle = cases.normal((T, H, 2), (H,), (H,))
    return {"pairs": pairs, "size": np.exp(-np.abs(size) / 2).round(2), "angle": angle}


@exercise(
    cases=lambda: [pushed(2, 2), pushed(5, 1), pushed(6, 3)],
    praise="A unit of an LRU is a pendulum with friction, and complex numbers are its shorthand.",
    see="The linear recurrent unit: from an Elman network",
)
def spiral(pairs, size, angle):
    """The states (T, H, 2): the old one turned by angle (H,) and shrunk by size (H,), plus the new pair."""
    cos, sin = size * np.cos(angle), size * np.sin(angle)
    re, im, states = 0.0, 0.0, []
    for pair in pairs:
        re, im = cos * re - sin * im + pair[:, 0], sin * re + cos * im + pair[:, 1]
        states.append(np.stack([re, im], axis=1))
    return np.array(states)


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


spiral.mistake(
    "You turn the other way: that is the conjugate of lambda, which belongs to the way back.",
    lambda pairs, size, angle: driven(pairs, turned(size, -angle)),
    see="Backward through complex numbers",
)
spiral.mistake(
    "The minus is missing: i times i is -1, so that the imaginary part enters the real one with a minus.",
    lambda pairs, size, angle: driven(pairs, turned(size, angle) * np.array([[1, -1], [1, 1]])),
    see="Backward through complex numbers",
)


@spiral.mistake(
    "For the imaginary part you read the real part that has just been replaced; both need the old pair."
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


spiral.mistake(
    "The size is left out: the state turns and never shrinks.",
    lambda pairs, size, angle: driven(pairs, turned(np.ones_like(size), angle)),
)


@spiral.mistake("The new pair is turned too; only the old state is multiplied.")
def turns_the_input(pairs, size, angle):
    matrices = turned(size, angle)
    return driven(np.einsum("hij,thj->thi", matrices, pairs), matrices)


@spiral.mistake(
    "You multiply each part by its own number; a complex factor mixes the two parts.",
    see="Backward through complex numbers",
)
def part_by_part(pairs, size, angle):
    factors = np.stack([size * np.cos(angle), size * np.sin(angle)], axis=1)
    return driven(pairs, factors[:, :, None] * np.eye(2))


@spiral.mistake("The state is not carried: you turn the input of one step before in its place.")
def not_carried(pairs, size, angle):
    before = np.concatenate([np.zeros_like(pairs[:1]), pairs[:-1]])
    return np.einsum("hij,thj->thi", turned(size, angle), before) + pairs
