import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("07-tools/03-pytorch.ipynb")


def ragged(lengths: tuple[int, ...], T: int, D: int) -> dict:
    """A batch in any order, padded with zeros; T may be more than the longest."""
    [x] = cases.normal((len(lengths), T, D), seed=T)
    x[np.arange(T) >= np.array(lengths)[:, None]] = 0
    return {"x": x, "lengths": np.array(lengths)}


@exercise(
    cases=lambda: [
        ragged((1, 3), 3, 1),
        ragged((2, 4, 1), 4, 2),
        ragged((2, 5, 2, 3), 6, 3),
        ragged((1, 3, 3, 2, 3), 4, 2),
        ragged((3, 1, 4, 2), 7, 2),
    ],
    praise="No step of padding is left, and at each time those that still run stand side by side.",
    see="Packed sequences",
    parts=("the data", "batch_sizes", "the order"),
)
def packed_steps(x, lengths):
    """data (sum of lengths, D), batch_sizes (longest,) and order (B,), from x (B, T, D) and lengths (B,)."""
    order = np.argsort(-lengths, kind="stable")
    batch_sizes = [int((lengths > t).sum()) for t in range(lengths.max())]
    data = [x[order[:size], t] for t, size in enumerate(batch_sizes)]
    return np.concatenate(data), np.array(batch_sizes), order


def by_time(x, lengths, order):
    """The valid steps time after time, the sequences in this order."""
    return np.concatenate([x[order[lengths[order] > t], t] for t in range(lengths.max())])


def longest_first(lengths):
    return np.argsort(-lengths, kind="stable")


def packed_in(find_order):
    """All three parts with another order of the sequences."""

    def answer(x, lengths):
        order = find_order(lengths)
        return by_time(x, lengths, order), packed_steps(x, lengths)[1], order

    return answer


packed_steps.mistake(
    "You lay one sequence after the other; the network needs all first steps, then all second steps.",
    lambda x, lengths: np.concatenate([x[s, : lengths[s]] for s in longest_first(lengths)]),
    lambda x, lengths: np.concatenate([x[s, :n] for s, n in enumerate(lengths)]),
    part="the data",
)
packed_steps.mistake(
    "The sequences stay in their old order; packing needs the longest first.",
    packed_in(lambda lengths: np.arange(len(lengths))),
    lambda x, lengths: (by_time(x, lengths, np.arange(len(lengths))), *packed_steps(x, lengths)[1:]),
)
packed_steps.mistake(
    "You take the first rows of x at each step, and sort only the lengths: x must be sorted along.",
    lambda x, lengths: np.concatenate([x[: (lengths > t).sum(), t] for t in range(lengths.max())]),
    part="the data",
)
packed_steps.mistake(
    "The shortest sequence comes first in your order; packing needs the longest first.",
    packed_in(lambda lengths: np.argsort(lengths, kind="stable")),
)
packed_steps.mistake(
    "Sequences of equal length have changed places: the one that comes first in x goes first.",
    packed_in(lambda lengths: np.argsort(lengths, kind="stable")[::-1]),
)
packed_steps.mistake(
    "Your order says where each sequence goes; asked is which sequence stands at each place.",
    lambda x, lengths: np.argsort(longest_first(lengths)),
    part="the order",
)
packed_steps.mistake(
    "Your order holds the sorted lengths; asked are the numbers of the sequences.",
    lambda x, lengths: lengths[longest_first(lengths)],
    part="the order",
)
packed_steps.mistake(
    "batch_sizes ends with the longest sequence; where T is larger, no sequence runs at its last steps.",
    lambda x, lengths: np.array([(lengths > t).sum() for t in range(x.shape[1])]),
    part="batch_sizes",
)
packed_steps.mistake(
    "batch_sizes is off by one step: a sequence of length n runs at the steps 1 to n, or 0 to n - 1 if you "
    "count from 0.",
    lambda x, lengths: np.array([(lengths > t + 1).sum() for t in range(lengths.max())]),
    lambda x, lengths: np.array([(lengths >= t).sum() for t in range(lengths.max())]),
    lambda x, lengths: np.array([(lengths >= t).sum() for t in range(lengths.max() + 1)]),
    part="batch_sizes",
)
packed_steps.mistake(
    "batch_sizes counts sequences for each step; yours holds the lengths of the sequences.",
    lambda x, lengths: lengths[longest_first(lengths)],
    lambda x, lengths: lengths,
    part="batch_sizes",
)
packed_steps.mistake(
    "The padding is packed too; a packed sequence holds the valid steps and nothing else.",
    lambda x, lengths: x[longest_first(lengths)].swapaxes(0, 1).reshape(-1, x.shape[2]),
    lambda x, lengths: x[longest_first(lengths), : lengths.max()].swapaxes(0, 1).reshape(-1, x.shape[2]),
    part="the data",
)


def parcel(lengths: tuple[int, ...], D: int) -> dict:
    batch = ragged(lengths, max(lengths), D)
    return dict(zip(("data", "batch_sizes", "order"), packed_steps(**batch), strict=True))


@exercise(
    cases=lambda: [
        parcel((1, 3), 1),
        parcel((2, 1, 4), 2),
        parcel((2, 5, 3, 1), 3),
        parcel((1, 3, 2, 3, 5), 2),
        parcel((3, 3), 2),
    ],
    praise="Order, lengths and zeros are back, from nothing but the steps and their counts.",
    see="`enforce_sorted`",
    parts=("x", "the lengths"),
)
def unpacked_steps(data, batch_sizes, order):
    """x (B, T, D), zeros as padding, and lengths (B,), as they were before packing."""
    B, T = len(order), len(batch_sizes)
    x, lengths = np.zeros((B, T, data.shape[1])), np.zeros(B, int)
    start = 0
    for t, size in enumerate(batch_sizes):
        x[order[:size], t] = data[start : start + size]
        lengths[order[:size]] += 1
        start += size
    return x, lengths


def spread(data, batch_sizes, padding=0.0):
    """The sequences longest first, and their lengths."""
    lengths = (batch_sizes > np.arange(batch_sizes[0])[:, None]).sum(axis=1)
    x = np.full((len(lengths), len(batch_sizes), data.shape[1]), padding)
    ends = np.cumsum(batch_sizes)
    for t, size in enumerate(batch_sizes):
        x[:size, t] = data[ends[t] - size : ends[t]]
    return x, lengths


def row_by_row(data, batch_sizes, order):
    """Cuts the data as if one sequence lay behind the other."""
    _, lengths = spread(data, batch_sizes)
    x = np.zeros((len(order), len(batch_sizes), data.shape[1]))
    ends = np.cumsum(lengths)
    for place, n in enumerate(lengths):
        x[order[place], :n] = data[ends[place] - n : ends[place]]
    return x


def repeated_beyond(data, batch_sizes, order):
    x, lengths = unpacked_steps(data, batch_sizes, order)
    return x[np.arange(len(x))[:, None], np.minimum(np.arange(x.shape[1]), lengths[:, None] - 1)]


unpacked_steps.mistake(
    "The sequences come back longest first; they should stand where they stood before packing.",
    lambda data, batch_sizes, order: spread(data, batch_sizes),
)
unpacked_steps.mistake(
    "You sort a second time: sequence order[k] stands at place k of the packed ones, and goes back to row "
    "order[k].",
    lambda data, batch_sizes, order: tuple(part[order] for part in spread(data, batch_sizes)),
)
unpacked_steps.mistake(
    "The lengths are right but still sorted, longest first; they go back to their rows with the sequences.",
    lambda data, batch_sizes, order: spread(data, batch_sizes)[1],
    lambda data, batch_sizes, order: spread(data, batch_sizes)[1][order],
    part="the lengths",
)
unpacked_steps.mistake(
    "The lengths are in their rows, and the sequences are still sorted, longest first.",
    lambda data, batch_sizes, order: spread(data, batch_sizes)[0],
    lambda data, batch_sizes, order: spread(data, batch_sizes)[0][order],
    part="x",
)
unpacked_steps.mistake(
    "You cut the data as if one sequence lay behind the other; it holds the first steps of all, then the "
    "second.",
    row_by_row,
    part="x",
)
unpacked_steps.mistake(
    "The last valid step is repeated beyond the end, as Keras does with outputs; the padding should be zero.",
    repeated_beyond,
    part="x",
)
unpacked_steps.mistake(
    "The padding should be zeros; yours is something else.",
    lambda data, batch_sizes, order: spread(data, batch_sizes, np.nan)[0][np.argsort(order)],
    lambda data, batch_sizes, order: spread(data, batch_sizes, 1.0)[0][np.argsort(order)],
    lambda data, batch_sizes, order: spread(data, batch_sizes, -1.0)[0][np.argsort(order)],
    part="x",
)
unpacked_steps.mistake(
    "x has time first; the batch comes first here, (B, T, D).",
    lambda *given: unpacked_steps(*given)[0].swapaxes(0, 1),
    part="x",
)
unpacked_steps.mistake(
    "You return batch_sizes as the lengths; those count sequences for each step, and a length counts steps.",
    lambda data, batch_sizes, order: batch_sizes,
    part="the lengths",
)
unpacked_steps.mistake(
    "Your lengths are off by one: the sequence at place k runs at the steps where more than k sequences do.",
    lambda *given: unpacked_steps(*given)[1] - 1,
    lambda *given: unpacked_steps(*given)[1] + 1,
    lambda data, batch_sizes, order: (batch_sizes >= np.argsort(order)[:, None]).sum(axis=1),
    part="the lengths",
)
unpacked_steps.mistake(
    "You return x alone; its lengths are asked for too, since a zero may be a valid step.",
    lambda *given: unpacked_steps(*given)[0],
)


def gradient(D: int, H: int, size: float, rate: float, limit: float, bias: float = 1.0) -> dict:
    shapes = {"W": (4 * H, D), "U": (4 * H, H), "b": (4 * H,)}
    case = cases.named(**shapes, **{f"d{name}": shape for name, shape in shapes.items()})
    for name in ("dW", "dU", "db"):
        case[name] = (size * case[name]).round(3)
    case["db"] = bias * case["db"]
    return case | {"rate": rate, "limit": limit}


@exercise(
    cases=lambda: [
        gradient(1, 1, 1.0, 0.5, 1.0),
        gradient(3, 2, 0.1, 0.2, 5.0),  # below the limit
        gradient(2, 3, 1.0, 0.3, 2.0),
        gradient(1, 2, 0.2, 1.5, 4.0),  # below it
        gradient(3, 1, 0.2, 0.5, 0.9, bias=1.8),  # above the limit only because there are two biases
    ],
    praise="A second bias moves the sum twice as far, and has its say in the clipping of all the others.",
    see="The second bias",
    parts=("W", "U", "the sum of the biases"),
)
def two_bias_step(W, U, b, dW, dU, db, rate, limit):
    """W, U and the sum of the two biases of a torch LSTM after one clipped step; both biases have db."""
    norm = np.sqrt((dW**2).sum() + (dU**2).sum() + 2 * (db**2).sum())
    scale = min(1.0, limit / norm)
    return W - rate * scale * dW, U - rate * scale * dU, b - 2 * rate * scale * db


def stepped(
    shares=lambda dW, dU, db: (dW**2).sum() + (dU**2).sum() + 2 * (db**2).sum(),
    scale=lambda limit, norm: min(1.0, limit / norm),
    biases=2,
    sign=-1,
    root=np.sqrt,
):
    """The step with one thing done in another way."""

    def answer(W, U, b, dW, dU, db, rate, limit):
        factor = sign * rate * scale(limit, root(shares(dW, dU, db)))
        return W + factor * dW, U + factor * dU, b + biases * factor * db

    return answer


one_bias = lambda dW, dU, db: (dW**2).sum() + (dU**2).sum() + (db**2).sum()


@two_bias_step.mistake(
    "Each array is clipped by its own norm; the limit holds for the norm of all gradients together."
)
def each_alone(W, U, b, dW, dU, db, rate, limit):
    clip = lambda array: array * min(1.0, limit / np.sqrt((array**2).sum()))
    return W - rate * clip(dW), U - rate * clip(dU), b - 2 * rate * clip(db)


@two_bias_step.mistake("You clip number by number; the limit is one for the norm of all gradients together.")
def each_number(W, U, b, dW, dU, db, rate, limit):
    clip = lambda array: np.clip(array, -limit, limit)
    return W - rate * clip(dW), U - rate * clip(dU), b - 2 * rate * clip(db)


two_bias_step.mistake(
    "The bias moves once in your answer. Both biases get the gradient db, so that their sum moves twice as "
    "far.",
    stepped(biases=1),
    stepped(biases=1, shares=one_bias),
)
two_bias_step.mistake(
    "The norm counts db once; there are two biases with this gradient, and both count.",
    stepped(shares=one_bias),
)
two_bias_step.mistake(
    "You take the two biases for one with the gradient 2 db, and (2 db)² is twice too much in the norm: two "
    "arrays add db² each.",
    stepped(shares=lambda dW, dU, db: (dW**2).sum() + (dU**2).sum() + ((2 * db) ** 2).sum()),
)
two_bias_step.mistake(
    "The biases are left out of the norm, and theirs are gradients as any others.",
    stepped(shares=lambda dW, dU, db: (dW**2).sum() + (dU**2).sum()),
)
two_bias_step.mistake("Nothing is clipped in your answer.", stepped(scale=lambda limit, norm: 1.0))
two_bias_step.mistake(
    "You scale to the limit in any case; gradients whose norm is below it stay as they are.",
    stepped(scale=lambda limit, norm: limit / norm),
)
two_bias_step.mistake(
    "Your scale is never below 1: of 1 and limit / norm take the smaller one.",
    stepped(scale=lambda limit, norm: max(1.0, limit / norm)),
)
two_bias_step.mistake(
    "You compare the limit with the square of the norm.", stepped(root=lambda number: number)
)
two_bias_step.mistake(
    "You add up the norms of the arrays; the norm of all together is the root of all squares added up.",
    stepped(
        shares=lambda dW, dU, db: sum(np.linalg.norm(array) for array in (dW, dU, db, db)),
        root=lambda number: number,
    ),
    stepped(
        shares=lambda dW, dU, db: sum(np.linalg.norm(array) for array in (dW, dU, db)),
        root=lambda number: number,
    ),
)
two_bias_step.mistake("You go up the slope; a step of descent takes the gradient off.", stepped(sign=1))


@two_bias_step.mistake(
    "You clip after multiplying by the rate; the limit is one for the gradients, not for the step."
)
def clips_the_step(W, U, b, dW, dU, db, rate, limit):
    norm = rate * np.sqrt((dW**2).sum() + (dU**2).sum() + 2 * (db**2).sum())
    scale = rate * min(1.0, limit / norm)
    return W - scale * dW, U - scale * dU, b - 2 * scale * db
