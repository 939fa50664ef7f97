import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("01-background/03-elman-1990-time.ipynb")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def past(steps: int, units: int, seed: int = 0) -> dict[str, np.ndarray]:
    z, delta, U = cases.normal((steps + 1, units), (units,), (units, units), seed=seed)
    h = sigmoid(z).round(2)
    h[0] = 0.5
    return {"h": h, "delta": delta, "U": U}


@exercise(
    cases=lambda: [
        past(2, 2),
        past(1, 3, seed=1),
        past(3, 2, seed=2),
        past(5, 4, seed=3),
        past(4, 3, seed=4),
    ],
    praise="This is what Elman left out: his context was a gift, and nobody asked who had made it.",
    see="The learning rule: the context is one more input",
)
def left_out(h, delta, U):
    """What Elman's rule leaves out of dL/dU (H, H), for states h (T + 1, H) and delta = dL/dz_T (H,)."""
    missing = np.zeros_like(U)
    for t in range(len(h) - 2, 0, -1):
        delta = U.T @ delta * h[t] * (1 - h[t])
        missing += np.outer(delta, h[t - 1])
    return missing


def walk_back(
    h,
    delta,
    U,
    slope=lambda h, t: h[t] * (1 - h[t]),
    share=lambda delta, h, t: np.outer(delta, h[t - 1]),
    back=lambda U, delta: U.T @ delta,
    stop=0,
    steps=None,
):
    """The solution with one thing done in another way."""
    missing = np.zeros_like(U)
    for t in list(range(len(h) - 2, stop, -1))[:steps]:
        delta = back(U, delta) * slope(h, t)
        missing = missing + share(delta, h, t)
    return missing


left_out.mistake(
    "That is the whole gradient: the part of the last step is in Elman's rule already.",
    lambda h, delta, U: walk_back(h, delta, U) + np.outer(delta, h[-2]),
)
left_out.mistake(
    "That is what Elman's rule keeps, the part of the last step; asked for is what it leaves out.",
    lambda h, delta, U: np.outer(delta, h[-2]),
)
left_out.mistake(
    "You go back one step only; the error travels on, to the first step.",
    lambda h, delta, U: walk_back(h, delta, U, steps=1),
)
left_out.mistake(
    "You stop one step early: the first step has used U as well, on h_0.",
    lambda h, delta, U: walk_back(h, delta, U, stop=1),
)
left_out.mistake(
    "Your error goes back through U as it stands; on its way back it goes through U transposed.",
    lambda h, delta, U: walk_back(h, delta, U, back=lambda U, delta: U @ delta),
)
left_out.mistake(
    "You take the slope of tanh, 1 - h * h; these units are sigmoids.",
    lambda h, delta, U: walk_back(h, delta, U, slope=lambda h, t: 1 - h[t] ** 2),
)
left_out.mistake(
    "The slope of the sigmoid is missing: the error enters each state from behind its squashing function.",
    lambda h, delta, U: walk_back(h, delta, U, slope=lambda h, t: 1.0),
)
left_out.mistake(
    "You take the slope of another step: going from z_{t+1} to z_t the error passes the sigmoid of h_t.",
    lambda h, delta, U: walk_back(h, delta, U, slope=lambda h, t: h[t + 1] * (1 - h[t + 1])),
    lambda h, delta, U: walk_back(h, delta, U, slope=lambda h, t: h[t - 1] * (1 - h[t - 1])),
)
left_out.mistake(
    "You pair the error of a step with its own state; step t multiplies U with the state before it.",
    lambda h, delta, U: walk_back(h, delta, U, share=lambda delta, h, t: np.outer(delta, h[t])),
)
left_out.mistake(
    "Your outer products are transposed: row j of dL/dU belongs to the unit j that receives.",
    lambda h, delta, U: walk_back(h, delta, U, share=lambda delta, h, t: np.outer(h[t - 1], delta)),
)
left_out.mistake(
    "The same error enters every step in your answer; it changes on its way back.",
    lambda h, delta, U: walk_back(h, delta, U, back=lambda U, _, first=delta: U.T @ first),
    lambda h, delta, U: sum((np.outer(delta, h[t - 1]) for t in range(1, len(h) - 1)), np.zeros_like(U)),
)
left_out.mistake(
    "The error does not pass U on its way from step to step.",
    lambda h, delta, U: walk_back(h, delta, U, back=lambda U, delta: delta),
)


@left_out.mistake(
    "`delta` stands behind the slope of the last step already: you multiply by that slope again."
)
def slope_twice(h, delta, U):
    return walk_back(h, delta * h[-1] * (1 - h[-1]), U)


left_out.mistake(
    "You give the part of the furthest step alone; the steps before the last one add up.",
    lambda h, delta, U: walk_back(h, delta, U) - (walk_back(h, delta, U, stop=1) if len(h) > 2 else 0),
)


def bits(text: str) -> np.ndarray:
    return np.array([int(bit) for bit in text])


def stream(count: int, seed: int) -> np.ndarray:
    """Elman's stream of so many groups of three."""
    pairs = np.random.default_rng(seed).integers(2, size=(count, 2))
    return np.column_stack([pairs, pairs[:, 0] ^ pairs[:, 1]]).ravel()


@exercise(
    cases=lambda: [
        {"train": bits("0110"), "test": bits("011"), "n": 1},
        {"train": bits("00110110"), "test": bits("11101000"), "n": 2},
        {"train": stream(20, 0), "test": stream(9, 1), "n": 2},
        {"train": stream(12, 2), "test": stream(10, 3), "n": 0},
        {"train": stream(15, 4), "test": stream(9, 5), "n": 4},
        {"train": bits("1011101"), "test": bits("0000110100"), "n": 2},
        {"train": bits("00100100"), "test": bits("01101110"), "n": 2},
    ],
    praise="A network has a memory only as far as its error is below the error of such a table.",
    see="Experiment 2: consonants and their vowels",
)
def table_error(train, test, n):
    """The RMS error on test of a table that answers with the mean bit after the same n bits in train."""
    seen = {}
    for t in range(n, len(train)):
        seen.setdefault(tuple(train[t - n : t]), []).append(train[t])
    forecasts = [np.mean(seen.get(tuple(test[t - n : t]), [0.5])) for t in range(n, len(test))]
    return float(np.sqrt(np.mean((np.array(forecasts) - test[n:]) ** 2)))


def forecast(train, test, n, key=lambda bits, t, n: tuple(bits[t - n : t]), unseen=0.5, mean=np.mean):
    """Forecasts and truth, with one thing done in another way. unseen: None leaves such steps out."""
    seen = {}
    for t in range(n, len(train)):
        seen.setdefault(key(train, t, n), []).append(train[t])
    pairs = []
    for t in range(n, len(test)):
        after = seen.get(key(test, t, n))
        if after is not None:
            pairs.append((mean(after), test[t]))
        elif unseen is not None:
            pairs.append((unseen, test[t]))
    return np.array(pairs).reshape(-1, 2).T


def rms(pair):
    return float(np.sqrt(np.mean((pair[0] - pair[1]) ** 2)))


table_error.mistake(
    "The root is missing: that is the mean squared error.",
    lambda train, test, n: table_error(train, test, n) ** 2,
)
table_error.mistake(
    "You average sizes of errors; square them, average, and take the root.",
    lambda train, test, n: float(np.mean(np.abs(np.subtract(*forecast(train, test, n))))),
)
table_error.mistake(
    "Your table answers with the commoner bit; under squared error the mean is the best answer.",
    lambda train, test, n: rms(forecast(train, test, n, mean=lambda after: float(np.mean(after) > 0.5))),
    lambda train, test, n: rms(forecast(train, test, n, mean=lambda after: float(np.mean(after) >= 0.5))),
    lambda train, test, n: rms(forecast(train, test, n, mean=np.median)),  # 0.5 where both are as common
    lambda train, test, n: rms(
        forecast(train, test, n, mean=lambda after: max(after, key=after.count))  # the one that came first
    ),
)
table_error.mistake(
    "The table is made from the test bits: it has seen the answers.",
    lambda train, test, n: table_error(test, test, n),
)
table_error.mistake(
    "You judge the table on the bits it was made from; judge it on `test`.",
    lambda train, test, n: table_error(train, train, n),
)
table_error.mistake(
    "The bit to be predicted is among the bits that your table looks at.",
    lambda train, test, n: rms(
        forecast(train, test, n, key=lambda bits, t, n: tuple(bits[t - n + 1 : t + 1]))
    ),
    lambda train, test, n: rms(forecast(train, test, n, key=lambda bits, t, n: tuple(bits[t - n : t + 1]))),
)
table_error.mistake(
    "Your table looks at one bit more than `n`.", lambda train, test, n: table_error(train, test, n + 1)
)
table_error.mistake(
    "Your table looks at one bit fewer than `n`.",
    lambda train, test, n: rms(forecast(train, test, n, key=lambda bits, t, n: tuple(bits[t - n + 1 : t]))),
    lambda train, test, n: rms(
        forecast(train, test, n, key=lambda bits, t, n: tuple(bits[t - n : max(t - 1, 0)]))
    ),
)
table_error.mistake(
    "Where the last bits are new you answer with 0; 0.5 is asked for.",
    lambda train, test, n: rms(forecast(train, test, n, unseen=0)),
)
table_error.mistake(
    "You leave out the steps whose last bits are new; they count, with an answer of 0.5.",
    lambda train, test, n: rms(forecast(train, test, n, unseen=None)),
)
table_error.mistake(
    "Where the last bits are new you answer with the mean of all training bits; 0.5 is asked for.",
    lambda train, test, n: rms(forecast(train, test, n, unseen=np.mean(train))),
    lambda train, test, n: rms(forecast(train, test, n, unseen=np.mean(train[n:]))),
)


def looked_up(train, test, n):
    seen = {}
    for t in range(n, len(train)):
        seen.setdefault(tuple(train[t - n : t]), []).append(train[t])
    return rms((np.array([np.mean(seen[tuple(test[t - n : t])]) for t in range(n, len(test))]), test[n:]))


def by_number(train, test, n):
    """The bits as a binary number; the table ends with the largest number that came in training."""
    code = lambda bits, t: int("0" + "".join(map(str, bits[t - n : t])), 2)
    places = np.array([code(train, t) for t in range(n, len(train))])
    count, ones = np.bincount(places), np.bincount(places, train[n:])
    table = np.where(count > 0, ones / np.maximum(count, 1), 0.5)
    return rms((table[[code(test, t) for t in range(n, len(test))]], test[n:]))


table_error.mistake(
    "Where the last bits are new your table has no answer; it should say 0.5.",
    looked_up,
    lambda train, test, n: rms(forecast(train, test, n, unseen=float("nan"))),
    by_number,
)
table_error.mistake(
    "You count the ones among the last bits; which of them came first matters, too.",
    lambda train, test, n: rms(forecast(train, test, n, key=lambda bits, t, n: int(sum(bits[t - n : t])))),
)


@table_error.mistake(
    "You average one error per entry of the table; an entry that is used more often weighs more."
)
def mean_over_entries(train, test, n):
    squares = {}
    for t, (answer, right) in enumerate(forecast(train, test, n).T, start=n):
        squares.setdefault(tuple(test[t - n : t]), []).append((answer - right) ** 2)
    return float(np.sqrt(np.mean([np.mean(group) for group in squares.values()])))


def heard(steps: int, inputs: int, units: int, outputs: int, seed: int = 0) -> dict[str, np.ndarray]:
    shapes = (steps, inputs), (units, inputs), (units, units), (units,), (outputs, units), (outputs,)
    return dict(zip(("x", "W", "U", "b", "V", "c"), cases.normal(*shapes, seed=seed), strict=True))


@exercise(
    cases=lambda: [
        heard(2, 1, 2, 1),
        heard(4, 3, 2, 3, seed=1),
        heard(5, 2, 4, 3, seed=2),
        heard(3, 4, 3, 2, seed=3),
    ],
    praise="Three faults that raise no error: only a comparison by numbers finds such things.",
    see="The network",
)
def elman_forecasts(x, W, U, b, V, c):
    """The outputs (T, K) of Elman's network for inputs x (T, D), sigmoid units, a context of 0.5 at first."""
    context, outputs = np.full(len(b), 0.5), []
    for x_t in x:
        context = 1 / (1 + np.exp(-(W @ x_t + U @ context + b)))
        outputs.append(1 / (1 + np.exp(-(V @ context + c))))
    return np.array(outputs)


def faulty(x, W, U, b, V, c, start=0.5, late=False, sums=False, raw=False, output=sigmoid, f=sigmoid):
    """start: of the context. late: the outputs read the old context; sums: they read the sums.
    raw: the context copies the sums."""
    context, outputs = np.full(len(b), start), []
    for x_t in x:
        z = W @ x_t + U @ context + b
        outputs.append(output(V @ (context if late else z if sums else f(z)) + c))
        context = z if raw else f(z)
    return np.array(outputs)


elman_forecasts.mistake(
    "All three faults are still there.", lambda *case: faulty(*case, start=0.0, late=True, raw=True)
)
elman_forecasts.mistake(
    "Two of three are mended: the context does not begin where it does in the paper.",
    lambda *case: faulty(*case, start=1.0),
    lambda *case: faulty(*case, start=0.0),
)
elman_forecasts.mistake(
    "Two of three are mended: the output still reads the context, which is the state of one step before.",
    lambda *case: faulty(*case, late=True),
)
elman_forecasts.mistake(
    "Two of three are mended: the context still copies the sums; it should copy the hidden units.",
    lambda *case: faulty(*case, raw=True),
)
elman_forecasts.mistake(
    "You mended what the context copies. Two faults are left: where it begins, and what the output reads.",
    lambda *case: faulty(*case, start=0.0, late=True),
)
elman_forecasts.mistake(
    "You mended what the output reads. Two faults are left: where the context begins, and what it copies.",
    lambda *case: faulty(*case, start=0.0, raw=True),
)
elman_forecasts.mistake(
    "You mended the beginning. Two faults are left: what the output reads, and what the context copies.",
    lambda *case: faulty(*case, late=True, raw=True),
)
elman_forecasts.mistake(
    "The output reads the sums z; it should read the hidden units, which are behind the sigmoid.",
    lambda *case: faulty(*case, sums=True),
)
elman_forecasts.mistake(
    "Two faults are left: where the context begins, and that the output now reads the sums, and not h.",
    lambda *case: faulty(*case, sums=True, start=0.0),
)
elman_forecasts.mistake(
    "Output and context both read the sums z; both should read the hidden units, behind the sigmoid.",
    lambda *case: faulty(*case, sums=True, raw=True),
    lambda *case: faulty(*case, sums=True, raw=True, start=0.0),
)
elman_forecasts.mistake(
    "The outputs have lost their sigmoid.",
    lambda *case: faulty(*case, output=lambda z: z),
)
elman_forecasts.mistake(
    "The hidden units are tanh in your answer; they are sigmoids.", lambda *case: faulty(*case, f=np.tanh)
)
elman_forecasts.mistake(
    "The context never changes: after each step it must copy the hidden units.",
    lambda x, W, U, b, V, c: np.array([faulty(row[None], W, U, b, V, c)[0] for row in x]),
)
elman_forecasts.mistake(
    "The last output alone is there; every step has one.", lambda *case: faulty(*case)[-1]
)


left_out.mistake(
    "You go one step too far: before h_0 there is nothing, and h[-1] is the last state.",
    lambda h, delta, U: walk_back(h, delta, U, stop=-1),
)
table_error.mistake(
    "Your table keeps only the last bit that came after; it should answer with the mean of all of them.",
    lambda train, test, n: rms(forecast(train, test, n, mean=lambda after: after[-1])),
)
table_error.mistake(
    "Your table keeps only the first bit that came after; it should answer with the mean of all of them.",
    lambda train, test, n: rms(forecast(train, test, n, mean=lambda after: after[0])),
)
table_error.mistake(
    "With n = 0 your slice [-n:] is everything, and not nothing.",
    lambda train, test, n: rms(forecast(train, test, n, key=lambda bits, t, n: tuple(bits[:t][-n:]))),
)
table_error.mistake(
    "You divide by all bits of the test stream; the first n have no answer, and do not count.",
    lambda train, test, n: table_error(train, test, n) * np.sqrt((len(test) - n) / len(test)),
    lambda train, test, n: np.sqrt(
        (table_error(train, test, n) ** 2 * (len(test) - n) + 0.25 * n) / len(test)
    ),
)


@table_error.mistake("Your table goes on learning from the test bits.")
def learns_on(train, test, n):
    seen, pairs = {}, []
    for t in range(n, len(train)):
        seen.setdefault(tuple(train[t - n : t]), []).append(train[t])
    for t in range(n, len(test)):
        after = seen.setdefault(tuple(test[t - n : t]), [])
        pairs.append((np.mean(after) if after else 0.5, test[t]))
        after.append(test[t])
    return rms(np.array(pairs).T)


@left_out.mistake(
    "You take the slope before the matrix: the error passes U, backwards, and then the slope at h_t."
)
def slope_first(h, delta, U):
    missing = np.zeros_like(U)
    for t in range(len(h) - 2, 0, -1):
        delta = U.T @ (delta * h[t] * (1 - h[t]))
        missing += np.outer(delta, h[t - 1])
    return missing


left_out.mistake(
    "You squeeze h once more for the slope; h is behind the sigmoid already, and its slope is h * (1 - h).",
    lambda h, delta, U: walk_back(h, delta, U, slope=lambda h, t: sigmoid(h[t]) * (1 - sigmoid(h[t]))),
)
