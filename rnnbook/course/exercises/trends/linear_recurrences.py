import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("08-trends/02-linear-recurrences.ipynb")


def gated(T: int, H: int, seed: int = 0) -> dict[str, np.ndarray]:
    f_in, i_in, n, h0, d_h = cases.normal((T, H), (T, H), (T, H), (H,), (T, H), seed=seed)
    return {"f_in": 2 * f_in, "i_in": 2 * i_in, "n": n, "h0": h0, "d_h": d_h}


@exercise(
    cases=lambda: [gated(1, 2), gated(2, 1), gated(3, 2, seed=1), gated(6, 4, seed=2)],
    praise="The way back is a linear recurrence as well, and two gates that share pull against each other.",
    see="Backward through the minGRU",
    parts=("d_f", "d_i", "d_n"),
)
def min_lstm_backward(f_in, i_in, n, h0, d_h):
    """d_f, d_i and d_n (T, H), the gradients at f_in, i_in and n (T, H); h0 (H,), d_h (T, H)."""
    f, i = 1 / (1 + np.exp(-f_in)), 1 / (1 + np.exp(-i_in))
    k = f / (f + i)
    h, total = [h0], np.zeros_like(d_h)
    for k_t, n_t in zip(k, n, strict=True):
        h.append(k_t * h[-1] + (1 - k_t) * n_t)
    later = 0
    for t in reversed(range(len(k))):
        total[t] = d_h[t] + later
        later = k[t] * total[t]
    d_k = total * (np.array(h[:-1]) - n) * k * (1 - k)
    return d_k * (1 - f), -d_k * (1 - i), total * (1 - k)


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def back(
    f_in,
    i_in,
    n,
    h0,
    d_h,
    *,
    kept=lambda f, i: f / (f + i),
    moved=lambda h, h_before, n: h_before - n,
    at_f=lambda f, i, k: k * (1 - k) * (1 - f),
    at_i=lambda f, i, k: -k * (1 - k) * (1 - i),
    at_n=lambda f, i, k: 1 - k,
    start=1,
    ahead=1,
):
    """The way back with its parts to turn. ahead: 1 for the share of the next step, 0 for this step's own."""
    f, i = sigmoid(f_in), sigmoid(i_in)
    k = f / (f + i)
    h = [start * h0]
    for k_t, n_t in zip(k, n, strict=True):
        h.append(k_t * h[-1] + (1 - k_t) * n_t)
    h = np.array(h)
    shares, total = kept(f, i) * np.ones_like(k), np.zeros_like(d_h)
    for t in reversed(range(len(k))):
        total[t] = d_h[t]
        if t + 1 < len(k):
            total[t] += shares[t + ahead] * total[t + 1]
    d_k = total * moved(h[1:], h[:-1], n)
    return d_k * at_f(f, i, k), d_k * at_i(f, i, k), total * at_n(f, i, k)


min_lstm_backward.mistake(
    "Nothing comes back through the state: each step hears of its own loss alone.",
    lambda *arguments: back(*arguments, kept=lambda f, i: 0.0),
)
min_lstm_backward.mistake(
    "The share is one step off: the next step took k of t + 1 of this state.",
    lambda *arguments: back(*arguments, ahead=0),
)
min_lstm_backward.mistake(
    "The gradient comes back whole from the next step. That step took only a share of the state.",
    lambda *arguments: back(*arguments, kept=lambda f, i: 1.0),
)
min_lstm_backward.mistake(
    "You send back f itself. The share that is kept is f divided by the sum of both gates.",
    lambda *arguments: back(*arguments, kept=lambda f, i: f),
    lambda *arguments: back(
        *arguments, kept=lambda f, i: f, at_f=lambda f, i, k: f * (1 - f), at_n=lambda f, i, k: i
    ),
    see="The minLSTM: the same, with two gates that share",
)
min_lstm_backward.mistake(
    "You send back what is written, 1 - k. The old state has the share k.",
    lambda *arguments: back(*arguments, kept=lambda f, i: i / (f + i)),
)
min_lstm_backward.mistake(
    "The two gates change the state by the old state minus the candidate; you take the new state.",
    lambda *arguments: back(*arguments, moved=lambda h, h_before, n: h - n),
)
min_lstm_backward.mistake(
    "The candidate is left out: what k gives to the old state, it takes from the candidate.",
    lambda *arguments: back(*arguments, moved=lambda h, h_before, n: h_before),
    lambda *arguments: back(*arguments, moved=lambda h, h_before, n: h_before, at_i=lambda f, i, k: 0 * k),
)
min_lstm_backward.mistake(
    "Your sign is turned: a larger f brings more of the old state, and less of the candidate.",
    lambda *arguments: back(*arguments, moved=lambda h, h_before, n: n - h_before),
)
min_lstm_backward.mistake(
    "Your states start from zero. Here they start from h0.",
    lambda *arguments: back(*arguments, start=0),
)
min_lstm_backward.mistake(
    "You stop at log f - log i. From there it is a logarithm and a sigmoid further to each gate's input.",
    lambda *arguments: back(*arguments, at_f=lambda f, i, k: k * (1 - k), at_i=lambda f, i, k: -k * (1 - k)),
    lambda *arguments: back(*arguments, at_f=lambda f, i, k: k * (1 - k)),
    lambda *arguments: back(*arguments, at_i=lambda f, i, k: -k * (1 - k)),
    see="The minLSTM: the same, with two gates that share",
)
min_lstm_backward.mistake(
    "You stop at the gates. Each gate is a sigmoid of its input, and its slope is still missing.",
    lambda *arguments: back(
        *arguments,
        at_f=lambda f, i, k: i / (f + i) ** 2,
        at_i=lambda f, i, k: -f / (f + i) ** 2,
    ),
)
min_lstm_backward.mistake(
    "You go through the two sigmoids and not through the quotient: f stands above and below.",
    lambda *arguments: quotient_halved(*arguments),
    lambda *arguments: back(*arguments, at_f=lambda f, i, k: f * (1 - f), at_i=lambda f, i, k: -i * (1 - i)),
    lambda *arguments: back(*arguments, at_f=lambda f, i, k: f * (1 - f), at_i=lambda f, i, k: i * (1 - i)),
    lambda *arguments: back(*arguments, at_f=lambda f, i, k: f * (1 - f) / (f + i)),
    lambda *arguments: back(
        *arguments,
        at_f=lambda f, i, k: f * (1 - f) / (f + i),
        at_i=lambda f, i, k: i * (1 - i) / (f + i),
    ),
    lambda *arguments: back(
        *arguments,
        at_f=lambda f, i, k: f * (1 - f) / (f + i),
        at_i=lambda f, i, k: -i * (1 - i) / (f + i),
    ),
    see="The minLSTM: the same, with two gates that share",
)


def quotient_halved(f_in, i_in, n, h0, d_h):
    """As if the sum below did not change with the gates."""
    d_old = back(f_in, i_in, n, h0, d_h, moved=lambda h, h_before, n: h_before)
    d_new = back(f_in, i_in, n, h0, d_h, moved=lambda h, h_before, n: n)
    f, i = sigmoid(f_in), sigmoid(i_in)
    k = f / (f + i)
    return (
        d_old[0] / (k * (1 - k) * (1 - f)) / (f + i) * f * (1 - f),
        -d_new[1] / (k * (1 - k) * (1 - i)) / (f + i) * i * (1 - i),
        d_old[2],
    )


min_lstm_backward.mistake(
    "You multiply by the slopes of both sigmoids in a row. Between them stands a logarithm.",
    lambda *arguments: back(
        *arguments,
        at_f=lambda f, i, k: k * (1 - k) * f * (1 - f),
        at_i=lambda f, i, k: -k * (1 - k) * i * (1 - i),
    ),
    lambda *arguments: back(
        *arguments,
        at_f=lambda f, i, k: k * (1 - k) * f,
        at_i=lambda f, i, k: -k * (1 - k) * i,
    ),
    see="The minLSTM: the same, with two gates that share",
)
min_lstm_backward.mistake(
    "Your totals have gone through the share of their own step already: that is for the state before.",
    lambda f_in, i_in, n, h0, d_h: handed_on(f_in, i_in, n, h0, d_h),
)
min_lstm_backward.mistake(
    "You pass back what the next step's own loss says. Pass on the total: all later steps speak through it.",
    lambda f_in, i_in, n, h0, d_h: neighbours(f_in, i_in, n, h0, d_h),
)


def with_totals(f_in, i_in, n, h0, d_h, total):
    """The right way from these totals on."""
    own = back(f_in, i_in, n, h0, np.ones_like(d_h), kept=lambda f, i: 0.0)
    return tuple(part * total for part in own)


def handed_on(f_in, i_in, n, h0, d_h):
    k = sigmoid(f_in) / (sigmoid(f_in) + sigmoid(i_in))
    total, later = np.zeros_like(d_h), 0
    for t in reversed(range(len(k))):
        later = total[t] = k[t] * (d_h[t] + later)
    return with_totals(f_in, i_in, n, h0, d_h, total)


def neighbours(f_in, i_in, n, h0, d_h):
    k = sigmoid(f_in) / (sigmoid(f_in) + sigmoid(i_in))
    total = d_h.copy()
    total[:-1] += k[1:] * d_h[1:]
    return with_totals(f_in, i_in, n, h0, d_h, total)


min_lstm_backward.mistake(
    "The sign of d_i is turned: a larger i lets less of the old state through.",
    lambda *arguments: back(*arguments, at_i=lambda f, i, k: k * (1 - k) * (1 - i)),
    see="The minLSTM: the same, with two gates that share",
)
min_lstm_backward.mistake(
    "The candidate enters with a share only: i divided by the sum of both gates.",
    lambda *arguments: back(*arguments, at_n=lambda f, i, k: 1.0),
    lambda *arguments: back(*arguments, at_n=lambda f, i, k: i),
    lambda *arguments: back(*arguments, at_n=lambda f, i, k: 1 - f),
    lambda *arguments: back(*arguments, at_n=lambda f, i, k: k),
)
min_lstm_backward.mistake(
    "Your gradients of the two gates are exchanged.",
    lambda *arguments: [back(*arguments)[part] for part in (1, 0, 2)],
)


def forwards(f_in, i_in, n, h0, d_h):
    """The gradient carried from the first step to the last."""
    k = sigmoid(f_in) / (sigmoid(f_in) + sigmoid(i_in))
    total, later = np.zeros_like(d_h), 0
    for t in range(len(k)):
        total[t] = d_h[t] + later
        later = k[t] * total[t]
    return with_totals(f_in, i_in, n, h0, d_h, total)


min_lstm_backward.mistake(
    "You carry the gradient forwards. What a state is told comes from the steps after it.", forwards
)


def written() -> list[dict]:
    """Gentle gates, inputs beyond every exponent that rise or fall, shut gates, and units far apart."""
    i_in, f_in = cases.normal((3, 2), (3, 2))
    longer, open_ = cases.normal((5, 3), (5, 3), seed=1)
    ramp = np.array([-1000.0, -500.0, 0.0, 500.0, 1000.0])[:, None]
    shut = np.array([3.0, 3.0, 3.0, -1200.0, 3.0])[:, None]
    high = np.array([1199.0, 1200.0, 0.0, 0.0, 1.0])[:, None]
    apart = np.array([0.0, 1000.0, -1000.0])
    return [
        {"i_in": 2 * i_in, "f_in": 2 * f_in},
        {"i_in": longer + ramp, "f_in": open_},
        {"i_in": longer - ramp, "f_in": open_},
        {"i_in": longer + apart, "f_in": open_},
        {"i_in": longer + high, "f_in": open_ + shut},
        {"i_in": longer[:4], "f_in": open_[:4] - 1500.0},
        {"i_in": i_in[:1], "f_in": f_in[:1]},
    ]


@exercise(
    cases=written,
    praise="The exponential cell is a softmax over its past, and forgetting is a sum in its exponents.",
    see="The exponential gate of xLSTM",
)
def written_weights(i_in, f_in):
    """The weights (T, H) of z_1 ... z_T in the last reading c_T / n_T; i_in and f_in are (T, H)."""
    log_f = -np.logaddexp(0, -f_in)
    later = np.cumsum(log_f[::-1], axis=0)[::-1] - log_f  # of the steps after each
    exponents = i_in + later
    weights = np.exp(exponents - exponents.max(axis=0))
    return weights / weights.sum(axis=0)


def log_sigmoid(v):
    return -np.logaddexp(0, -v)


def after(log_f):
    """Sums of log f over the steps after each, without differences of infinities."""
    later = np.zeros_like(log_f)
    for t in reversed(range(len(log_f) - 1)):
        later[t] = later[t + 1] + log_f[t + 1]
    return later


def softmax(exponents, axis=0):
    weights = np.exp(exponents - exponents.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


written_weights.mistake(
    "The forget gates are left out: what was written long ago has been multiplied by all gates since.",
    lambda i_in, f_in: softmax(i_in),
)
written_weights.mistake(
    "A step's own forget gate acts on what was there before it, not on what this step writes.",
    lambda i_in, f_in: softmax(i_in + after(log_sigmoid(f_in)) + log_sigmoid(f_in)),
    lambda i_in, f_in: softmax(i_in + np.cumsum(np.log(sigmoid(f_in))[::-1], axis=0)[::-1]),
)
written_weights.mistake(
    "You multiply by the gates before each step. What is written is forgotten by the gates after it.",
    lambda i_in, f_in: softmax(i_in + np.cumsum(log_sigmoid(f_in), axis=0)),
    lambda i_in, f_in: softmax(i_in + np.cumsum(log_sigmoid(f_in), axis=0) - log_sigmoid(f_in)),
)
written_weights.mistake(
    "Only the next step's forget gate acts in your answer. All later ones do, one after the other.",
    lambda i_in, f_in: softmax(i_in + np.vstack([log_sigmoid(f_in)[1:], np.zeros_like(f_in[:1])])),
    lambda i_in, f_in: softmax(i_in + log_sigmoid(f_in)),
)
written_weights.mistake(
    "Nothing is subtracted in the exponent: exp(1000) is infinite, and infinity over infinity not a number.",
    lambda i_in, f_in: (w := np.exp(i_in + after(log_sigmoid(f_in)))) / w.sum(axis=0),
    lambda i_in, f_in: (w := np.exp(i_in) * np.exp(after(log_sigmoid(f_in)))) / w.sum(axis=0),
)
written_weights.mistake(
    "You take out the largest gate input, and forgetting comes on top: all weights can be zero, and 0 / 0.",
    lambda i_in, f_in: (w := np.exp(i_in - i_in.max(axis=0) + after(log_sigmoid(f_in)))) / w.sum(axis=0),
)
written_weights.mistake(
    "All units share what you subtract, and a unit far below the others vanishes: each has its own.",
    lambda i_in, f_in: (w := np.exp((e := i_in + after(log_sigmoid(f_in))) - e.max())) / w.sum(axis=0),
)
written_weights.mistake(
    "You take a sigmoid, and then its logarithm: far below zero the sigmoid is 0, its logarithm infinite.",
    lambda i_in, f_in: softmax(i_in + after(np.log(sigmoid(f_in)))),
    lambda i_in, f_in: softmax(
        i_in + np.cumsum((log_f := np.log(sigmoid(f_in)))[::-1], axis=0)[::-1] - log_f
    ),
)
written_weights.mistake(
    "Your softmax runs over the units. Each unit is on its own: its weights sum to one over the steps.",
    lambda i_in, f_in: softmax(i_in + after(log_sigmoid(f_in)), axis=1),
    lambda i_in, f_in: (
        (w := np.exp((e := i_in + after(log_sigmoid(f_in))) - e.max(axis=0))) / w.sum(axis=1, keepdims=True)
    ),
)
written_weights.mistake(
    "Your weights do not sum to one: the reading is divided by n, the sum of all that was written.",
    lambda i_in, f_in: np.exp(i_in + after(log_sigmoid(f_in))),
    lambda i_in, f_in: np.exp((e := i_in + after(log_sigmoid(f_in))) - e.max(axis=0)),
)
written_weights.mistake(
    "You take f_in for the logarithm of the forget gate. The gate is its sigmoid.",
    lambda i_in, f_in: softmax(i_in + after(f_in)),
)
written_weights.mistake(
    "You add the forget gates themselves. They are multiplied, so that their logarithms add up.",
    lambda i_in, f_in: softmax(i_in + after(1.0 * sigmoid(f_in))),
)
written_weights.mistake(
    "You bound the exponents, and beyond the bound all weights are the same. Shift them: nothing is lost.",
    lambda i_in, f_in: (w := np.exp(np.clip(i_in + after(log_sigmoid(f_in)), -700, 700))) / w.sum(axis=0),
    lambda i_in, f_in: (w := np.exp(np.clip(i_in + after(log_sigmoid(f_in)), -500, 500))) / w.sum(axis=0),
    lambda i_in, f_in: (w := np.exp(np.minimum(i_in + after(log_sigmoid(f_in)), 700))) / w.sum(axis=0),
    lambda i_in, f_in: softmax(np.clip(i_in, -700, 700) + after(log_sigmoid(np.clip(f_in, -700, 700)))),
)
written_weights.mistake(
    "A small number below the line hides 0 / 0, and far units vanish. Shift the exponents instead.",
    lambda i_in, f_in: (w := np.exp(i_in + after(log_sigmoid(f_in)))) / (w.sum(axis=0) + 1e-12),
    lambda i_in, f_in: (
        (w := np.exp((e := i_in + after(log_sigmoid(f_in))) - e.max())) / (w.sum(axis=0) + 1e-12)
    ),
)
written_weights.mistake(
    "You multiply by 1 - f. The gate f is what is kept.",
    lambda i_in, f_in: softmax(i_in + after(log_sigmoid(-f_in))),
)
written_weights.mistake(
    "You give the weights' logarithms.",
    lambda i_in, f_in: i_in + after(log_sigmoid(f_in)),
    lambda i_in, f_in: (e := i_in + after(log_sigmoid(f_in))) - np.logaddexp.reduce(e, axis=0),
)
written_weights.mistake(
    "Your input gate is a sigmoid, as in the LSTM, and cannot overrule what is stored; an exponential can.",
    lambda i_in, f_in: softmax(log_sigmoid(i_in) + after(log_sigmoid(f_in))),
)
written_weights.mistake(
    "Your steps are turned round: the first row belongs to the first step.",
    lambda i_in, f_in: written_weights(i_in, f_in)[::-1],
)


SIDE = np.array([[0, 1], [1, 0]])  # where the sine stands


def pushed(T: int, H: int) -> dict:
    pairs, size, angle = cases.normal((T, H, 2), (H,), (H,))
    return {"pairs": pairs, "size": np.exp(-np.abs(size) / 2).round(2), "angle": angle}


@exercise(
    cases=lambda: [pushed(2, 1), pushed(3, 2), pushed(5, 4), pushed(6, 3)],
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


spiral.mistake(
    "The new pair is turned together with the old state. It is added as it is.",
    lambda pairs, size, angle: driven(
        np.einsum("hij,thj->thi", turned(np.ones_like(size), angle), pairs), turned(size, angle)
    ),
)
spiral.mistake(
    "The new pair is shrunk. It is added as it is.",
    lambda pairs, size, angle: driven(size[:, None] * pairs, turned(size, angle)),
    lambda pairs, size, angle: driven((1 - size)[:, None] * pairs, turned(size, angle)),
)
spiral.mistake(
    "You give the size and angle of each state. Asked are its real and its imaginary part.",
    lambda pairs, size, angle: polar(spiral(pairs, size, angle) @ np.array([1, 1j])),
)


def polar(s):
    return np.stack([np.abs(s), np.angle(s)], axis=-1)


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


spiral.mistake(
    "You shrink the angle. The size multiplies cosine and sine, outside of them.",
    lambda pairs, size, angle: driven(pairs, turned(np.ones_like(size), size * angle)),
    lambda pairs, size, angle: driven(pairs, turned(size, size * angle)),
)
spiral.mistake(
    "The size stands at one of cosine and sine alone. It shrinks the whole turned state: put brackets.",
    lambda pairs, size, angle: driven(pairs, mixed(size, angle, 1 - SIDE)),
    lambda pairs, size, angle: driven(pairs, mixed(size, angle, SIDE)),
)
spiral.mistake(
    "Only one of the two parts shrinks in your answer. The size multiplies both.",
    lambda pairs, size, angle: driven(pairs, mixed(size, angle, np.array([[1, 1], [0, 0]]))),
    lambda pairs, size, angle: driven(pairs, mixed(size, angle, np.array([[0, 0], [1, 1]]))),
)
spiral.mistake(
    "Only one of the four products has the size in your answer. Put brackets: it multiplies the whole turned "
    "state.",
    *(
        lambda pairs, size, angle, place=place: driven(
            pairs, mixed(size, angle, np.arange(4).reshape(2, 2) == place)
        )
        for place in range(4)
    ),
)
spiral.mistake(
    "In each part only the first of two products has the size. Put brackets: it multiplies the whole turned "
    "state.",
    lambda pairs, size, angle: driven(pairs, mixed(size, angle, np.array([[1, 0], [1, 0]]))),
    lambda pairs, size, angle: driven(pairs, mixed(size, angle, np.array([[0, 1], [0, 1]]))),
)


def mixed(size, angle, shrunk):
    """The multipliers, with the size where the table (2, 2) says so."""
    return np.where(shrunk, turned(size, angle), turned(np.ones_like(size), angle))


spiral.mistake(
    "Your states are kept before the new pair is added: s_1 is the first pair itself.",
    lambda pairs, size, angle: spiral(pairs, size, angle) - pairs,
    lambda pairs, size, angle: np.concatenate([0 * pairs[:1], spiral(pairs, size, angle)[:-1]]),
)
spiral.mistake(
    "You take the angle for degrees. It is in radians, as NumPy's cosine wants it.",
    lambda pairs, size, angle: spiral(pairs, size, np.deg2rad(angle)),
)
spiral.mistake(
    "You take the angle for a share of a whole turn. It is in radians, as NumPy's cosine wants it.",
    lambda pairs, size, angle: spiral(pairs, size, 2 * np.pi * angle),
)
spiral.mistake(
    "Your state starts at 1, as a product does. Here it starts at 0.",
    *(
        lambda pairs, size, angle, start=start: spiral(
            np.concatenate([np.ones_like(pairs[:1]) * start, pairs]), size, angle
        )[1:]
        for start in ([1, 1], [1, 0])
    ),
)
spiral.mistake(
    "Your angle grows from step to step. Every step turns by the same angle; the turns add up by themselves.",
    lambda pairs, size, angle: growing(pairs, size, angle, 0),
    lambda pairs, size, angle: growing(pairs, size, angle, 1),
)


def growing(pairs, size, angle, first):
    s, states = np.zeros(pairs.shape[1:]), []
    for t, pair in enumerate(pairs, start=first):
        s = np.einsum("hij,hj->hi", turned(size, t * angle), s) + pair
        states.append(s)
    return np.array(states)


spiral.mistake(
    "Cosine and sine are exchanged.",
    lambda pairs, size, angle: driven(pairs, turned(size, np.pi / 2 - angle)),
)
spiral.mistake(
    "Your state is the last one alone. All of them are asked for, time first.",
    lambda pairs, size, angle: spiral(pairs, size, angle)[-1],
)
spiral.mistake(
    "Your units come before the steps: the shape is that of pairs, (T, H, 2).",
    lambda pairs, size, angle: spiral(pairs, size, angle).transpose(1, 0, 2),
)
spiral.mistake(
    "The axis of the two parts is not your last one: the shape is that of pairs, (T, H, 2).",
    lambda pairs, size, angle: spiral(pairs, size, angle).transpose(2, 0, 1),
    lambda pairs, size, angle: spiral(pairs, size, angle).transpose(0, 2, 1),
)
spiral.mistake(
    "Your states are complex. Their two parts are asked for, as real numbers on a last axis.",
    lambda pairs, size, angle: spiral(pairs, size, angle) @ np.array([1, 1j]),
)
