import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("08-trends/04-what-is-lost.ipynb")

# Every run of five bits stands in it once (a de Bruijn sequence).
STREAM = np.array([int(bit) for bit in "00000100011001010011101011011111"])


def run(weights) -> dict[str, np.ndarray]:
    """What a machine with these weights answers to the stream."""
    W, U, b, h = (np.asarray(array, dtype=float) for array in weights)
    if [array.shape for array in (W, U, b, h)] != [(2,), (2, 2), (2,), (2,)]:
        raise ValueError("W, U, b and h_0 are of the shapes (2,), (2, 2), (2,) and (2,)")
    answers = []
    for bit in STREAM:
        h = (W * bit + U @ h + b >= 0).astype(float)
        answers.append(h[0] - h[1])
    return {"bits": STREAM, "answers": np.array(answers)}


@exercise(
    cases=lambda: [{"press": press, "start": start} for press in (1, 0) for start in (0, 1)],
    praise="Two units with a step are a switch, for ever: the step puts the state right at every bit.",
    view=run,
    see="The question",
)
def switch_weights(press, start):
    """W (2,), U (2, 2), b (2,) and h_0 (2,) of two units that press a switch at each bit equal to `press`."""
    W = np.array([1.0, 1.0])
    U = np.array([[1.0, -1.0], [1.0, -1.0]])
    b = np.array([-0.5, -1.5])  # at least one of the two, and both
    if press == 0:  # what counts is 1 - x: the 1 goes to the bias, the minus to W
        W, b = -W, b + 1
    return W, U, b, np.array([start, 0.0])


def machine(press, start, *, U=((1, -1), (1, -1)), b=(-0.5, -1.5), follows=True):
    """The switch, with its parts to turn."""
    W, b = np.ones(2), np.array(b)
    if press == 0 and follows:
        W, b = -W, b + 1
    return W, np.array(U), b, np.array([start, 0])


switch_weights.mistake(
    "Your switch is pressed by a 1 whatever `press` says; for press = 0 what counts is 1 - x.",
    lambda press, start: machine(press, start, follows=False),
)


@switch_weights.mistake(
    "For press = 0 you turned the sign of W and left b: 1 - x has a 1 in it, which belongs to the bias."
)
def bias_left(press, start):
    W, U, b, h_0 = machine(press, start, follows=False)
    return (W if press else -W), U, b, h_0


switch_weights.mistake(
    "The light is always off at first: `start` belongs into h_0, which says start by its difference.",
    lambda press, start: machine(press, 0),
)
switch_weights.mistake(
    "Your state forgets: U is zero, so that the answer depends on the last bit alone.",
    lambda press, start: machine(press, start, U=np.zeros((2, 2))),
)
switch_weights.mistake(
    "The second unit never fires, so that a second press leaves the light on: that is 'or', and not a "
    "switch. Look at its bias, and at its row of U, which is 1, -1 as that of the first.",
    lambda press, start: machine(press, start, b=(-0.5, -9.0)),
    lambda press, start: machine(press, start, U=((1, 1), (-1, -1))),
    see="What a multiplier between 0 and 1 does to a run of ones",
)
switch_weights.mistake(
    "The feedback has the wrong sign: both units are to hear the state h_1 - h_2, a row 1, -1 for each.",
    lambda press, start: machine(press, start, U=((-1, 1), (-1, 1))),
)


@switch_weights.mistake(
    "Your two units are exchanged, so that h_1 - h_2 is never 1: the first is to fire at 'one of the two'."
)
def units_exchanged(press, start):
    W, U, b, h_0 = machine(press, start)
    return W, -U, b[::-1], h_0[::-1]


switch_weights.mistake(
    "Both units fire for 'at least one of the two', so that their difference is always 0.",
    lambda press, start: machine(press, start, b=(-0.5, -0.5)),
)
switch_weights.mistake(
    "Only one of the two units is heard. The state is their difference: each row of U is 1, -1.",
    lambda press, start: machine(press, start, U=((1, 0), (1, 0))),
)
switch_weights.mistake(
    "The units hear the sum of h_1 and h_2. The light is their difference.",
    lambda press, start: machine(press, start, U=((1, 1), (1, 1))),
)
switch_weights.mistake(
    "Where the light is on at first, your h_0 says -1, the second unit without the first.",
    lambda press, start: (*machine(press, start)[:3], np.array([0, start])),
)
switch_weights.mistake(
    "`start` and its opposite are exchanged: 1 is on.",
    lambda press, start: machine(press, 1 - start),
)
switch_weights.mistake(
    "The light is always on at first: `start` belongs into h_0, which says start by its difference.",
    lambda press, start: machine(press, 1),
)
switch_weights.mistake(
    "Your first unit fires at every bit. A sum of exactly 0 fires too: its threshold must lie above 0.",
    lambda press, start: machine(press, start, b=(0.0, -1.0)),
)
switch_weights.mistake(
    "For press = 0 you turned W, and moved b by something else than what 1 - x brings to each unit.",
    lambda press, start: moved_bias(press, start, 2),
    lambda press, start: moved_bias(press, start, -1),
    lambda press, start: moved_bias(press, start, np.array([1, 0])),
)
switch_weights.mistake(
    "For press = 0 the signs are not as 1 - x has them: W turns, U stays as it is, and b takes the 1.",
    lambda press, start: ((m := machine(press, start))[0], m[1] * (1 if press else -1), m[2], m[3]),
)
switch_weights.mistake(
    "Your two thresholds are exchanged: the unit that is added fires first, and the one subtracted at both.",
    lambda press, start: machine(press, start, b=(-1.5, -0.5)),
)


def moved_bias(press, start, by):
    W, U, b, h_0 = machine(press, start, follows=False)
    return (W, U, b, h_0) if press else (-W, U, b + by, h_0)


def dial(n: int, B: int, T: int, seed: int = 0) -> dict:
    (x,) = cases.integers(2 * n, (B, T), seed=seed)
    return {"x": x, "n": n}


@exercise(
    # n is odd: an angle of exactly half a circle may be read as plus or minus a half.
    cases=lambda: [
        dial(3, 1, 3),
        dial(3, 2, 4),
        dial(5, 4, 3, seed=1),
        dial(7, 3, 40),
        dial(11, 2, 6, seed=2),
    ],
    praise="A multiplier that the input chooses counts round a circle: signs are the circle of two places.",
    see="One number is enough, if it may change its sign",
    parts=("the states", "the counts"),
)
def modulo_by_turning(x, n):
    """The complex states (B, T), turned by x_t n-ths of a circle a step, and the counts modulo n (B, T)."""
    h = np.cumprod(np.exp(2j * np.pi * x / n), axis=1)
    counts = np.rint(np.angle(h) / (2 * np.pi / n)).astype(int) % n
    return h, counts


def counted(h, n):
    return h, np.rint(np.angle(h) * n / (2 * np.pi)).astype(int) % n


modulo_by_turning.mistake(
    "You turn by the same angle at every step, whatever the input, as a linear recurrent unit does.",
    lambda x, n: modulo_by_turning(np.ones_like(x), n),
    see="What a multiplier between 0 and 1 does to a run of ones",
)
modulo_by_turning.mistake(
    "Your states are one step late: h_t has already been turned by x_t.",
    lambda x, n: modulo_by_turning(np.concatenate([np.zeros_like(x[:, :1]), x[:, :-1]], axis=1), n),
)
modulo_by_turning.mistake(
    "np.angle lies between -pi and pi, and the negative half holds the large counts, up to n - 1.",
    lambda x, n: np.rint(np.angle(modulo_by_turning(x, n)[0]) * n / (2 * np.pi)).astype(int),
    lambda x, n: np.abs(np.rint(np.angle(modulo_by_turning(x, n)[0]) * n / (2 * np.pi))),
    part=1,
)
modulo_by_turning.mistake(
    "Your multiplier is 1 or -1. Products of signs know two values only; n places need an n-th of a circle.",
    lambda x, n: counted(np.cumprod((-1.0) ** x, axis=1) + 0j, n),
)
modulo_by_turning.mistake(
    "You multiply along the batch; time is the second axis.",
    lambda x, n: counted(np.cumprod(np.exp(2j * np.pi * x / n), axis=0), n),
)
modulo_by_turning.mistake(
    "Nothing is carried: your state is turned by the last input alone.",
    lambda x, n: counted(np.exp(2j * np.pi * x / n), n),
)
modulo_by_turning.mistake(
    "You turn backwards: the angle counts against the clock, with a plus in the exponent.",
    lambda x, n: modulo_by_turning(-x, n),
)
modulo_by_turning.mistake(
    "Your circle has half its length: a whole turn is 2 pi.",
    lambda x, n: counted(np.cumprod(np.exp(1j * np.pi * x / n), axis=1), n),
    lambda x, n: (
        np.cumprod(np.exp(1j * np.pi * x / n), axis=1),
        np.rint(np.angle(np.cumprod(np.exp(1j * np.pi * x / n), axis=1)) * n / np.pi).astype(int) % n,
    ),
)


def cut_off():
    """Answers that take no nearest number. Where they go wrong hangs on the last digit, and so on how the
    states, the angle and its number of n-ths are computed."""
    turns = (
        lambda x, n: np.exp(2j * np.pi * x / n),
        lambda x, n: np.exp(2j * np.pi * (x % n) / n),
        lambda x, n: np.exp(1j * (2 * np.pi / n) * x),
        lambda x, n: np.exp(2j * np.pi / n) ** x,
    )
    around = (
        lambda angle: angle,
        lambda angle: angle % (2 * np.pi),
        lambda angle: np.where(angle < 0, angle + 2 * np.pi, angle),
        lambda angle: angle + 2 * np.pi * (angle < 0),
    )
    parts_of = (
        lambda angle, n: angle * n / (2 * np.pi),
        lambda angle, n: angle / (2 * np.pi) * n,
        lambda angle, n: angle / (2 * np.pi / n),
        lambda angle, n: n * (angle / (2 * np.pi)),
        lambda angle, n: angle // (2 * np.pi / n),
    )
    shares_of_a_turn = (
        lambda angle, n: angle / (2 * np.pi) % 1 * n,
        lambda angle, n: (angle / (2 * np.pi) + 1) % 1 * n,
        lambda angle, n: angle / (2 * np.pi) * n % n,
        lambda angle, n: angle * n / (2 * np.pi) % n,
    )

    def step_by_step(factors):
        h, states = 1.0 + 0j, []
        for t in range(factors.shape[1]):
            h = h * factors[:, t]
            states.append(h)
        return np.stack(states, axis=1)

    def at_once(factors):
        return np.cumprod(factors, axis=1)

    def answer(turn, turned, part, cut, modulo, product=at_once):
        def counts(x, n):
            h = product(turn(x, n))
            whole = cut(part(turned(np.angle(h)), n)).astype(int)
            return h, whole % n if modulo else whole

        return counts

    return [
        answer(turn, turned, part, cut, modulo, product)
        for turn, product in ((turns[0], at_once), (turns[1], at_once), (turns[0], step_by_step))
        for turned in around[:3]
        for part in parts_of
        for cut in (np.trunc, np.floor)
        for modulo in (True, False)
        if (modulo or turned is not around[0]) and (cut is np.floor or turned is around[0])
    ] + [
        answer(turns[0], around[0], part, np.floor, False, product)
        for product in (at_once, step_by_step)
        for part in shares_of_a_turn
    ]


modulo_by_turning.mistake(
    "You cut off the decimals. An angle may come out a little less than whole: take the nearest number.",
    *cut_off(),
)
modulo_by_turning.mistake(
    "Your states are a running sum. A recurrence with a multiplier alone is a running product.",
    lambda x, n: counted(np.cumsum(np.exp(2j * np.pi * x / n), axis=1), n),
    lambda x, n: counted(1 + np.cumsum(np.exp(2j * np.pi * x / n), axis=1), n),
)
modulo_by_turning.mistake(
    "Your counts have another unit than one n-th of a circle: a whole turn is 2 pi.",
    lambda x, n: np.rint(np.angle(modulo_by_turning(x, n)[0]) * n / np.pi).astype(int) % n,
    part=1,
)
modulo_by_turning.mistake(
    "You count from the angle -pi. The angle 0 counts 0.",
    lambda x, n: np.rint((np.angle(modulo_by_turning(x, n)[0]) + np.pi) * n / (2 * np.pi)).astype(int) % n,
    part=1,
)
modulo_by_turning.mistake(
    "An angle a little below a whole turn is rounded to n. There are n places, from 0 to n - 1.",
    lambda x, n: np.rint(np.angle(modulo_by_turning(x, n)[0]) % (2 * np.pi) * n / (2 * np.pi)).astype(int),
    part=1,
)
modulo_by_turning.mistake(
    "Your counts are angles still: one n-th of a circle counts 1.",
    lambda x, n: np.angle(modulo_by_turning(x, n)[0]),
    lambda x, n: np.angle(modulo_by_turning(x, n)[0]) % (2 * np.pi),
    lambda x, n: np.rint(np.angle(modulo_by_turning(x, n)[0])) % n,
    part=1,
)
modulo_by_turning.mistake(
    "You give the last step alone. A state and a count are asked for at every step.",
    lambda x, n: tuple(part[:, -1] for part in modulo_by_turning(x, n)),
)
modulo_by_turning.mistake(
    "Your counts go on beyond n - 1. The dial is a circle.",
    lambda x, n: np.cumsum(x, axis=1),
    part=1,
)


def ones(z: float, n: float, h0: float, gap: float) -> dict[str, float]:
    return {"z": z, "n": n, "h0": h0, "gap": gap}


@exercise(
    # Rising and falling states, slow and fast ones, a candidate at zero, and a first move below gap.
    cases=lambda: [
        ones(0.5, 1.0, 0.0, 0.1),
        ones(0.5, 0.0, 3.0, 0.1),
        ones(0.9, 2.0, -1.0, 1e-3),
        ones(0.2, -1.5, 2.0, 1e-6),
        ones(0.99, 1.0, 0.0, 0.02),
        ones(0.8, -3.0, -2.9, 0.1),
        ones(0.6, -2.0, -7.0, 1e-4),
        ones(0.7, 5.0, 4.0, 0.01),
    ],
    praise="Every gate below 1 has a last step that can be told from the one before. Parity has none.",
    see="What a multiplier between 0 and 1 does to a run of ones",
)
def steps_told_apart(z, n, h0, gap):
    """How many of the moves from h_{t-1} to h_t, t = 1, 2, ..., are at least gap, under a constant input."""
    move, steps = abs((1 - z) * (h0 - n)), 0
    while move >= gap:
        move, steps = z * move, steps + 1
    return steps


def moves_of(first, z, gap):
    """How many of first, z first, z^2 first, ... are at least gap."""
    steps = 0
    while first >= gap and steps < 100_000:
        first, steps = z * first, steps + 1
    return steps


steps_told_apart.mistake(
    "You measure how far the state is from its limit. Asked is how far one state is from the next.",
    lambda z, n, h0, gap: moves_of(abs(h0 - n), z, gap),
    lambda z, n, h0, gap: moves_of(z * abs(h0 - n), z, gap),
)
steps_told_apart.mistake(
    "Without the absolute value a state that rises never moves.",
    lambda z, n, h0, gap: moves_of((1 - z) * (h0 - n), z, gap),
)
steps_told_apart.mistake(
    "Without the absolute value a state that falls never moves.",
    lambda z, n, h0, gap: moves_of((1 - z) * (n - h0), z, gap),
)
steps_told_apart.mistake(
    "You are one too few: the first move is not multiplied by z yet.",
    lambda z, n, h0, gap: moves_of(z * (1 - z) * abs(h0 - n), z, gap),
    lambda z, n, h0, gap: steps_told_apart(z, n, h0, gap) - 1,
    lambda z, n, h0, gap: int(np.floor(np.log(gap / ((1 - z) * abs(h0 - n))) / np.log(z))),
)
steps_told_apart.mistake(
    "You are one too many: the move that falls below gap does not count any more.",
    lambda z, n, h0, gap: steps_told_apart(z, n, h0, gap) + 1,
    lambda z, n, h0, gap: (s := steps_told_apart(z, n, h0, gap)) + (s > 0),
)
steps_told_apart.mistake(
    "Where even the first move is too small your number is negative. No move counts there: it is 0.",
    lambda z, n, h0, gap: int(np.floor(np.log(gap / ((1 - z) * abs(h0 - n))) / np.log(z))) + 1,
)
steps_told_apart.mistake(
    "Where even the first move is too small, no move counts: the number is 0, and yours is not.",
    lambda z, n, h0, gap: max(1, steps_told_apart(z, n, h0, gap)),
    lambda z, n, h0, gap: steps_told_apart(z, n, h0, gap) or None,
)
steps_told_apart.mistake(
    "Your number is not whole. Steps are counted.",
    lambda z, n, h0, gap: max(0.0, np.log(gap / ((1 - z) * abs(h0 - n))) / np.log(z)),
    lambda z, n, h0, gap: max(0.0, np.log(gap / ((1 - z) * abs(h0 - n))) / np.log(z) + 1),
    lambda z, n, h0, gap: np.log(gap / ((1 - z) * abs(h0 - n))) / np.log(z),
    lambda z, n, h0, gap: np.log(gap / ((1 - z) * abs(h0 - n))) / np.log(z) + 1,
)
steps_told_apart.mistake(
    "You round to the nearest number. A move counts where it is at least gap, and not where it is nearly so.",
    lambda z, n, h0, gap: round(np.log(gap / ((1 - z) * abs(h0 - n))) / np.log(z)),
    lambda z, n, h0, gap: max(0, round(np.log(gap / ((1 - z) * abs(h0 - n))) / np.log(z))),
    lambda z, n, h0, gap: max(0, round(np.log(gap / ((1 - z) * abs(h0 - n))) / np.log(z)) + 1),
)
steps_told_apart.mistake(
    "z and 1 - z are exchanged: z is the share of the old state that is kept.",
    lambda z, n, h0, gap: moves_of(z * abs(h0 - n), 1 - z, gap),
)
steps_told_apart.mistake(
    "Your state goes from h0 to zero. It goes to the candidate n.",
    lambda z, n, h0, gap: moves_of((1 - z) * abs(h0), z, gap),
    lambda z, n, h0, gap: moves_of(abs(h0), z, gap),
)
steps_told_apart.mistake(
    "Your state starts at zero. It starts at h0.",
    lambda z, n, h0, gap: moves_of((1 - z) * abs(n), z, gap),
)
steps_told_apart.mistake(
    "You count halvings: after each step the share z of a move is left, not a half.",
    lambda z, n, h0, gap: moves_of((1 - z) * abs(h0 - n), 0.5, gap),
)
