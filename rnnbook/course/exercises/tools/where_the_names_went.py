import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("07-tools/01-where-the-names-went.ipynb")


def old_lstm(D: int, H: int, forget_bias: float) -> dict:
    return cases.named(kernel=(D + H, 4 * H), bias=(4 * H,)) | {"forget_bias": forget_bias}


@exercise(
    cases=lambda: [
        old_lstm(2, 1, 1.0),
        old_lstm(3, 2, 1.0),
        old_lstm(2, 4, 0.5),
        old_lstm(4, 3, 2.0),
        old_lstm(1, 2, 0.0),
    ],
    praise="Rows, blocks and the bias that no file holds: an old checkpoint has no more traps than these.",
    see="The cells",
    parts=("W", "U", "b"),
)
def old_lstm_weights(kernel, bias, forget_bias):
    """W (4H, D), U (4H, H) and b (4H,) of an old cell's kernel (D + H, 4H) and bias (4H,)."""
    H = len(bias) // 4
    D = len(kernel) - H

    def reordered(array):
        i, j, f, o = np.split(array.T, 4)
        return np.concatenate([i, f, j, o])

    b = reordered(bias)
    b[H : 2 * H] += forget_bias
    return reordered(kernel[:D]), reordered(kernel[D:]), b


def translated(kernel, bias, order=(0, 2, 1, 3), rows=None):
    """W, U and b with the blocks in another order, and W and U from other rows; no forget bias yet."""
    H = len(bias) // 4
    of_x, of_h = rows(H) if rows else (slice(0, len(kernel) - H), slice(len(kernel) - H, None))
    blocks = lambda array: np.concatenate([np.split(array.T, 4)[place] for place in order])
    return blocks(kernel[of_x]), blocks(kernel[of_h]), blocks(bias)


def with_forget(number, block=1, **options):
    """An answer that adds ``number(forget_bias)`` to one block of b, or to all where block is None."""

    def answer(kernel, bias, forget_bias):
        W, U, b = translated(kernel, bias, **options)
        H = len(bias) // 4
        place = slice(None) if block is None else slice(block * H, (block + 1) * H)
        b[place] += number(forget_bias)
        return W, U, b

    return answer


itself = lambda number: number
nothing = lambda number: 0.0

old_lstm_weights.mistake(
    "The blocks stay in the old order i j f o; here the candidate comes third, i f g o.",
    with_forget(itself, block=2, order=(0, 1, 2, 3)),
    with_forget(itself, block=1, order=(0, 1, 2, 3)),
    with_forget(nothing, order=(0, 1, 2, 3)),
)
old_lstm_weights.mistake(
    "The blocks are in a wrong order: the old one is i j f o, and only the two in the middle change places.",
    with_forget(itself, order=(0, 2, 3, 1)),
    with_forget(itself, order=(0, 3, 1, 2)),
    with_forget(itself, order=(0, 3, 2, 1)),
    with_forget(itself, order=(3, 2, 1, 0)),
    with_forget(itself, order=(0, 1, 3, 2)),
    with_forget(itself, order=(2, 0, 1, 3)),
    with_forget(itself, order=(1, 0, 2, 3)),
)
old_lstm_weights.mistake(
    "The forget bias is missing: the old cell adds it at every step, and the file does not hold it.",
    with_forget(nothing),
)
old_lstm_weights.mistake(
    "You take the forget bias off; that is the way into an old cell, and you come out of one.",
    with_forget(lambda number: -number),
)
old_lstm_weights.mistake(
    "You add the forget bias to another block than the forget gate's. Before the reordering that gate is the "
    "third block, and afterwards the second.",
    with_forget(itself, block=2),
    with_forget(itself, block=0),
    with_forget(itself, block=3),
)
old_lstm_weights.mistake(
    "You add the forget bias to all four blocks; only the forget gate has it.",
    with_forget(itself, block=None),
)
old_lstm_weights.mistake(
    "You always add 1; that is only the default, and a cell can be made with another `forget_bias`.",
    with_forget(lambda number: 1.0),
    with_forget(lambda number: 1.0 if number else 0.0),
)
old_lstm_weights.mistake(
    "The matrices are not transposed: in W and U a unit has a row, in the old kernel a column.",
    lambda *given: tuple(array.T for array in old_lstm_weights(*given)),
)
old_lstm_weights.mistake(
    "The matrices are not transposed: in W and U a unit has a row, in the old kernel a column.",
    lambda *given: old_lstm_weights(*given)[0].T,
    part="W",
)
old_lstm_weights.mistake(
    "The matrices are not transposed: in W and U a unit has a row, in the old kernel a column.",
    lambda *given: old_lstm_weights(*given)[1].T,
    part="U",
)
old_lstm_weights.mistake(
    "`reshape` gives the right shape and the wrong numbers: it does not turn columns into rows, as `.T` "
    "does.",
    lambda *given: tuple(array.T.reshape(array.shape) for array in old_lstm_weights(*given)),
)
old_lstm_weights.mistake(
    "The bias is reordered, and the kernels are left in the order i j f o.",
    lambda *given: (*translated(*given[:2], order=(0, 1, 2, 3))[:2], old_lstm_weights(*given)[2]),
)
old_lstm_weights.mistake(
    "W and U are taken from the wrong rows: the old kernel has the D rows of the inputs first, then the H "
    "rows of the state.",
    with_forget(itself, rows=lambda H: (slice(H, None), slice(0, H))),
    with_forget(itself, rows=lambda H: (slice(0, H), slice(H, None))),
    lambda *given: (old_lstm_weights(*given)[1], old_lstm_weights(*given)[0], old_lstm_weights(*given)[2]),
)


@old_lstm_weights.mistake("The kernels are reordered, and the bias is left in the order i j f o.", part="b")
def bias_left_as_it_was(kernel, bias, forget_bias):
    b, H = bias.copy(), len(bias) // 4
    b[2 * H : 3 * H] += forget_bias
    return b


old_lstm_weights.mistake(
    "The kernels are reordered, and the bias is left in the order i j f o.",
    lambda kernel, bias, forget_bias: bias,
    part="b",
)


@old_lstm_weights.mistake("You take every fourth column for a gate; a gate's H columns stand side by side.")
def every_fourth(kernel, bias, forget_bias):
    H = len(bias) // 4
    gathered = np.argsort(np.arange(4 * H) % 4, kind="stable")
    return old_lstm_weights(kernel[:, gathered], bias[gathered], forget_bias)


def old_gru(B: int, D: int, H: int) -> dict[str, np.ndarray]:
    rows = D + H
    weights = {"gate_kernel": (rows, 2 * H), "gate_bias": (2 * H,), "kernel": (rows, H), "bias": (H,)}
    return cases.named(x_t=(B, D), h=(B, H), **weights)


@exercise(
    cases=lambda: [old_gru(1, 2, 1), old_gru(2, 3, 2), old_gru(4, 2, 3), old_gru(3, 1, 2)],
    praise="This is the GRU of 2014, which torch.nn.GRU cannot hold: r acts before the product.",
    see="The cells",
)
def old_gru_step(x_t, h, gate_kernel, gate_bias, kernel, bias):
    """The new state (B, H) of TensorFlow 1's GRUCell, from its own four arrays."""
    gates = 1 / (1 + np.exp(-(np.hstack([x_t, h]) @ gate_kernel + gate_bias)))
    r, u = np.split(gates, 2, axis=1)
    n = np.tanh(np.hstack([x_t, r * h]) @ kernel + bias)
    return u * h + (1 - u) * n


sigmoid = lambda z: 1 / (1 + np.exp(-z))


def gru_variant(
    mix=lambda u, h, n, r: u * h + (1 - u) * n,
    candidate=None,
    gate=sigmoid,
    bend=np.tanh,
    exchanged=False,
    state_first=False,
    gate_bias_used=True,
    bias_used=True,
):
    """The step with one thing done in another way."""

    def answer(x_t, h, gate_kernel, gate_bias, kernel, bias):
        join = (lambda x, s: np.hstack([s, x])) if state_first else (lambda x, s: np.hstack([x, s]))
        halves = np.split(gate(join(x_t, h) @ gate_kernel + gate_bias * gate_bias_used), 2, axis=1)
        r, u = halves[::-1] if exchanged else halves
        if candidate:
            n = candidate(x_t, h, r, u, kernel, bias)
        else:
            n = bend(join(x_t, r * h) @ kernel + bias * bias_used)
        return mix(u, h, n, r)

    return answer


def parts_of(kernel, x_t):
    """The rows of the input and those of the state."""
    return np.split(kernel, [x_t.shape[1]])


def resets_after(x_t, h, r, u, kernel, bias):
    of_x, of_h = parts_of(kernel, x_t)
    return np.tanh(x_t @ of_x + r * (h @ of_h) + bias)


def resets_all(x_t, h, r, u, kernel, bias):
    return np.tanh(r * (np.hstack([x_t, h]) @ kernel + bias))


old_gru_step.mistake(
    "Your reset gate acts after the product. That is the GRU of today's libraries; the old cell multiplies "
    "the state by r before the product.",
    gru_variant(candidate=resets_after),
    gru_variant(candidate=resets_all),
    gru_variant(
        candidate=lambda x_t, h, r, u, kernel, bias: np.tanh(r * (np.hstack([x_t, h]) @ kernel) + bias)
    ),
    gru_variant(
        candidate=lambda x_t, h, r, u, kernel, bias: np.tanh(
            x_t @ parts_of(kernel, x_t)[0] + r * (h @ parts_of(kernel, x_t)[1] + bias)
        )
    ),
)
old_gru_step.mistake(
    "Nothing is reset: the candidate reads r * h, and yours reads the whole old state.",
    gru_variant(candidate=lambda x_t, h, r, u, kernel, bias: np.tanh(np.hstack([x_t, h]) @ kernel + bias)),
)
old_gru_step.mistake(
    "The two gates are exchanged: in `gate_kernel` the first H columns belong to r, the others to u.",
    gru_variant(exchanged=True),
)
old_gru_step.mistake(
    "Keeping and writing are exchanged: u is the share of the old state that is kept.",
    gru_variant(mix=lambda u, h, n, r: u * n + (1 - u) * h),
)
old_gru_step.mistake(
    "The kept part of the state is reset too: r acts on what the candidate reads, and nowhere else.",
    gru_variant(mix=lambda u, h, n, r: u * r * h + (1 - u) * n),
)
old_gru_step.mistake(
    "The joined row has the state first; TensorFlow 1 puts the inputs first, and the shapes do not tell.",
    gru_variant(state_first=True),
)
old_gru_step.mistake(
    "The candidate is no gate: it goes through tanh and lies between -1 and 1.",
    gru_variant(bend=sigmoid),
    gru_variant(bend=itself),
)
old_gru_step.mistake(
    "The gates must lie between 0 and 1: they go through the sigmoid.",
    gru_variant(gate=itself),
    gru_variant(gate=np.tanh),
)
old_gru_step.mistake(
    "A bias is left out: the gates have one, and the candidate has one of its own.",
    gru_variant(gate_bias_used=False),
    gru_variant(bias_used=False),
    gru_variant(gate_bias_used=False, bias_used=False),
)
old_gru_step.mistake(
    "The candidate comes in whole; only the share 1 - u of it does.",
    gru_variant(mix=lambda u, h, n, r: u * h + n),
)
old_gru_step.mistake(
    "You return the candidate; the new state is a mean of it and of the old state.",
    gru_variant(mix=lambda u, h, n, r: n),
)


@old_gru_step.mistake(
    "You take every other column for a gate; the H columns of r stand side by side, and then those of u."
)
def every_other(x_t, h, gate_kernel, gate_bias, kernel, bias):
    order = np.argsort(np.arange(len(gate_bias)) % 2, kind="stable")
    return old_gru_step(x_t, h, gate_kernel[:, order], gate_bias[order], kernel, bias)


old_gru_step.mistake(
    "r is the share of the state that the candidate reads, and not the share that is taken off.",
    gru_variant(
        candidate=lambda x_t, h, r, u, kernel, bias: np.tanh(np.hstack([x_t, (1 - r) * h]) @ kernel + bias)
    ),
)
old_gru_step.mistake(
    "The candidate reads u * h; the state that it reads is multiplied by the reset gate r.",
    gru_variant(
        candidate=lambda x_t, h, r, u, kernel, bias: np.tanh(np.hstack([x_t, u * h]) @ kernel + bias)
    ),
)


def old_ctc(T: int, B: int, K: int, lengths: tuple[int, ...], scale: float = 1.0, seed: int = 0) -> dict:
    """Scores with the blank last; labels 0 .. K - 2, filled up with -1."""
    [logits] = cases.normal((T, B, K), seed=seed)
    [labels] = cases.integers(K - 1, (B, max(lengths)), seed=seed)
    labels[np.arange(max(lengths)) >= np.array(lengths)[:, None]] = -1
    return {"logits": scale * logits, "labels": labels}


@exercise(
    cases=lambda: [
        old_ctc(2, 1, 3, (1,)),
        old_ctc(4, 3, 5, (2, 1, 3), seed=1),
        old_ctc(5, 2, 4, (2, 4), scale=400.0, seed=2),
        old_ctc(3, 4, 6, (1, 2, 2, 1), scale=900.0, seed=3),
        old_ctc(4, 2, 7, (3, 1), seed=4),
    ],
    praise="No shape would have told you: a blank in the wrong place trains without an error.",
    see="CTC: one loss, three conventions",
    parts=("the log-probabilities", "the labels"),
)
def ctc_for_torch(logits, labels):
    """Log-probabilities (T, B, K), blank first, and labels to fit; from TensorFlow 1's, blank last."""
    scores = np.concatenate([logits[:, :, -1:], logits[:, :, :-1]], axis=2)
    scores = scores - scores.max(axis=2, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=2, keepdims=True)), labels + 1


def log_softmax(scores, axis=2):
    scores = scores - scores.max(axis=axis, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=axis, keepdims=True))


def exchanged_ends(logits):
    order = np.arange(logits.shape[2])
    order[[0, -1]] = order[[-1, 0]]
    return logits[:, :, order]


blank_first = lambda logits: np.roll(logits, 1, axis=2)

ctc_for_torch.mistake(
    "The blank is still the last class; PyTorch looks for it in the first.",
    lambda logits, labels: log_softmax(logits),
    part="the log-probabilities",
)
ctc_for_torch.mistake(
    "Nothing has moved: PyTorch looks for the blank in the first class, and for old class k in class k + 1.",
    lambda logits, labels: (log_softmax(logits), labels),
    lambda logits, labels: (log_softmax(logits), np.maximum(labels, 0)),
)
ctc_for_torch.mistake(
    "You turn the classes the other way round: that puts old class 0 at the end, and the blank before it.",
    lambda logits, labels: log_softmax(np.roll(logits, -1, axis=2)),
    part="the log-probabilities",
)
ctc_for_torch.mistake(
    "The blank comes first, but the others have lost their order: old class k should become class k + 1.",
    lambda logits, labels: log_softmax(exchanged_ends(logits)),
    lambda logits, labels: log_softmax(logits[:, :, ::-1]),
    part="the log-probabilities",
)
ctc_for_torch.mistake(
    "You turn the whole order of the classes round; old class k should become class k + 1.",
    lambda logits, labels: (
        log_softmax(logits[:, :, ::-1]),
        np.where(labels < 0, 0, logits.shape[2] - 1 - labels),
    ),
    lambda logits, labels: (log_softmax(logits[:, :, ::-1]), logits.shape[2] - 1 - labels),
)
ctc_for_torch.mistake(
    "The labels are still the old ones: with the blank in front, old class k is class k + 1.",
    lambda logits, labels: labels,
    lambda logits, labels: np.maximum(labels, 0),
    part="the labels",
)
ctc_for_torch.mistake(
    "The labels move the wrong way: with the blank in front their numbers grow by one.",
    lambda logits, labels: labels - 1,
    part="the labels",
)
ctc_for_torch.mistake(
    "Old label 0 is a class as any other, and becomes 1; only -1 is filling.",
    lambda logits, labels: np.where(labels > 0, labels + 1, 0),
    part="the labels",
)
ctc_for_torch.mistake(
    "The sign is turned: a probability is at most 1, and its logarithm at most 0.",
    lambda logits, labels: -ctc_for_torch(logits, labels)[0],
    part="the log-probabilities",
)
ctc_for_torch.mistake(
    "The filling of the labels stays at -1; it should become 0.",
    lambda logits, labels: np.where(labels < 0, -1, labels + 1),
    part="the labels",
)
ctc_for_torch.mistake(
    "You return scores as they are; PyTorch wants the logarithms of probabilities.",
    lambda logits, labels: blank_first(logits),
    part="the log-probabilities",
)
ctc_for_torch.mistake(
    "You return probabilities; PyTorch wants their logarithms.",
    lambda logits, labels: np.exp(log_softmax(blank_first(logits))),
    part="the log-probabilities",
)
ctc_for_torch.mistake(
    "Your probabilities add up to 1 along another axis; those of the K classes should, at each step of each "
    "sequence.",
    lambda logits, labels: log_softmax(blank_first(logits), axis=0),
    lambda logits, labels: log_softmax(blank_first(logits), axis=1),
    lambda logits, labels: log_softmax(blank_first(logits), axis=(0, 1, 2)),
    part="the log-probabilities",
)


@ctc_for_torch.mistake(
    "exp overflows for large scores: subtract the largest score of each step of each sequence first.",
    part="the log-probabilities",
)
def without_the_largest(logits, labels):
    scores = blank_first(logits)
    return np.log(np.exp(scores) / np.exp(scores).sum(axis=2, keepdims=True))


def sum_of_shifted(scores, axis):
    """The logarithms with the largest score along other axes than that of the classes taken off."""
    scores = scores - scores.max(axis=axis, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=2, keepdims=True))


def logarithm_last(logits, labels):
    return np.log(np.exp(log_softmax(blank_first(logits))))


def sum_overflows(logits, labels):
    scores = blank_first(logits)
    return scores - np.log(np.exp(scores).sum(axis=2, keepdims=True))


ctc_for_torch.mistake(
    "exp overflows for large scores: subtract the largest score of each step of each sequence first.",
    sum_overflows,
    part="the log-probabilities",
)
ctc_for_torch.mistake(
    "A probability that rounds to 0 has no logarithm: take the logarithm of the sum alone, and subtract it.",
    logarithm_last,
    part="the log-probabilities",
)
ctc_for_torch.mistake(
    "You take off the largest score alone; the logarithm of the sum of the exponentials goes off, too.",
    lambda logits, labels: blank_first(logits) - logits.max(axis=2, keepdims=True),
    part="the log-probabilities",
)
ctc_for_torch.mistake(
    "You put the batch first; PyTorch's CTC loss wants time first, as TensorFlow 1 did.",
    lambda logits, labels: ctc_for_torch(logits, labels)[0].swapaxes(0, 1),
    part="the log-probabilities",
)
ctc_for_torch.mistake(
    "You subtract one largest score for all: a step whose scores lie far below it loses all of them. Each "
    "step of each sequence has its own.",
    *[
        lambda logits, labels, axis=axis: sum_of_shifted(blank_first(logits), axis)
        for axis in (None, (1, 2), (0, 2))
    ],
    part="the log-probabilities",
)
ctc_for_torch.mistake(
    "The small number that you add to the probabilities gives improbable classes a wrong logarithm.",
    lambda logits, labels: np.log(np.exp(log_softmax(blank_first(logits))) + 1e-9),
    lambda logits, labels: np.log(np.exp(log_softmax(blank_first(logits))) + 1e-10),
    lambda logits, labels: np.log(np.exp(log_softmax(blank_first(logits))) + 1e-12),
    lambda logits, labels: np.log(np.exp(log_softmax(blank_first(logits))) + 1e-8),
    lambda logits, labels: np.log(np.maximum(np.exp(log_softmax(blank_first(logits))), 1e-12)),
    part="the log-probabilities",
)
ctc_for_torch.mistake(
    "You roll all numbers as one long row, so that scores cross from one step to the next; the axis of the "
    "classes must be named.",
    lambda logits, labels: log_softmax(np.roll(logits, 1)),
    part="the log-probabilities",
)
