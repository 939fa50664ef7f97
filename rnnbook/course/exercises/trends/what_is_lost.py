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
    "switch.",
    lambda press, start: machine(press, start, b=(-0.5, -9.0)),
    see="What a positive multiplier does to a run of ones",
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


def dial(n: int, B: int, T: int) -> dict:
    (x,) = cases.integers(n + 2, (B, T))
    return {"x": x, "n": n}


@exercise(
    # n is odd: an angle of exactly half a circle may be read as plus or minus a half.
    cases=lambda: [dial(3, 3, 3), dial(5, 2, 7), dial(7, 3, 40)],
    praise="A multiplier that the input chooses counts round a circle: signs are the circle of two places.",
    see="One number is enough, if it may change its sign",
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
    see="What a positive multiplier does to a run of ones",
)
modulo_by_turning.mistake(
    "Your states are one step late: h_t has already been turned by x_t.",
    lambda x, n: modulo_by_turning(np.concatenate([np.zeros_like(x[:, :1]), x[:, :-1]], axis=1), n),
)
modulo_by_turning.mistake(
    "np.angle lies between -pi and pi, so that some of your counts are negative: take them modulo n.",
    lambda x, n: np.rint(np.angle(modulo_by_turning(x, n)[0]) * n / (2 * np.pi)).astype(int),
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
