import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("07-tools/03-pytorch.ipynb")


@exercise(
    cases=lambda: [
        {"lengths": np.array(lengths)}
        for lengths in ((1, 2), (1, 3, 2), (2, 4, 1), (2, 5, 2, 3), (1, 3, 3, 2, 3), (4, 1, 3, 2, 6, 1))
    ],
    praise="With this table you can pack, and unpack again: each valid step knows its place.",
    see="Packed sequences",
)
def packed_places(lengths):
    """The place (B, T) of each step in the packed data, and -1 for padding; T is the longest length."""
    order = np.argsort(-lengths, kind="stable")
    places = np.full((len(lengths), lengths.max()), -1)
    place = 0
    for t in range(lengths.max()):
        for row in order[: (lengths > t).sum()]:
            places[row, t] = place
            place += 1
    return places


def valid_steps(lengths):
    return np.arange(lengths.max()) < lengths[:, None]


def running(lengths):
    return valid_steps(lengths).sum(axis=0)


def starts(sizes):
    """How many steps stand before each time."""
    return np.cumsum(sizes) - sizes


def ranks(lengths):
    """At which place of the order, longest first, each sequence stands."""
    return np.argsort(np.argsort(-lengths, kind="stable"))


def placed(lengths, start, rank, padding=-1):
    """start: for each time, or for each sequence and time. rank: for each sequence, or for both."""
    rank = rank if np.ndim(rank) == 2 else np.asarray(rank)[:, None]
    return np.where(valid_steps(lengths), start + rank, padding)


def filled_in(order, runs=lambda length, t: length > t):
    """Counts the running sequences in this order, time after time."""

    def answer(lengths):
        places, place = np.full(valid_steps(lengths).shape, -1), 0
        for t in range(lengths.max()):
            for row in order(lengths):
                if runs(lengths[row], t):
                    places[row, t] = place
                    place += 1
        return places

    return answer


packed_places.mistake(
    "You lay one sequence after the other; the network needs all first steps, then all second steps.",
    lambda lengths: placed(lengths, np.arange(lengths.max()), np.cumsum(lengths) - lengths),
    lambda lengths: placed(lengths, np.arange(lengths.max()), starts(np.sort(lengths)[::-1])[ranks(lengths)]),
)
packed_places.mistake(
    "The sequences stand in their old order at each time; packing has the longest first.",
    filled_in(lambda lengths: range(len(lengths))),
    lambda lengths: placed(lengths, starts(running(lengths)), np.arange(len(lengths))),
)
packed_places.mistake(
    "The shortest sequence comes first in your order; packing has the longest first.",
    filled_in(lambda lengths: np.argsort(lengths, kind="stable")),
    lambda lengths: placed(lengths, starts(running(lengths)), np.argsort(np.argsort(lengths, kind="stable"))),
)
packed_places.mistake(
    "Sequences of equal length have changed places: the one with the smaller number goes first.",
    filled_in(lambda lengths: np.argsort(lengths, kind="stable")[::-1]),
)
packed_places.mistake(
    "`np.argsort` tells which sequence stands at each place of the order; here you need the place of each "
    "sequence.",
    lambda lengths: placed(lengths, starts(running(lengths)), np.argsort(-lengths, kind="stable")),
)
packed_places.mistake(
    "The rows of your table are sorted, the longest first; row b should belong to sequence b.",
    lambda lengths: packed_places(lengths)[np.argsort(-lengths, kind="stable")],
)
packed_places.mistake(
    "Each time takes B places in your data, as with padding; it takes as many as sequences still run.",
    lambda lengths: placed(lengths, np.arange(lengths.max()) * len(lengths), ranks(lengths)),
    lambda lengths: placed(lengths, np.arange(lengths.max()) * len(lengths), np.arange(len(lengths))),
)
packed_places.mistake(
    "A time begins where those before it end; you multiply its number by its own size.",
    lambda lengths: placed(lengths, np.arange(lengths.max()) * running(lengths), ranks(lengths)),
)
packed_places.mistake(
    "You count the steps of a time as standing before it: the sum of the sizes goes up to the time before.",
    lambda lengths: placed(lengths, np.cumsum(running(lengths)), ranks(lengths)),
)
packed_places.mistake(
    "The places begin with 0.",
    lambda lengths: placed(lengths, starts(running(lengths)) + 1, ranks(lengths)),
    lambda lengths: placed(lengths, starts(running(lengths)) + 1, ranks(lengths), padding=0),
)
packed_places.mistake(
    "Padding has no place: -1 should stand there.",
    lambda lengths: placed(lengths, starts(running(lengths)), ranks(lengths), padding=0),
    lambda lengths: starts(running(lengths)) + ranks(lengths)[:, None],
    lambda lengths: placed(lengths, starts(running(lengths)), ranks(lengths), padding=np.nan),
)
packed_places.mistake(
    "You count a sequence as running for one step too few: one of length n runs at the steps 0 to n - 1.",
    filled_in(lambda lengths: np.argsort(-lengths, kind="stable"), runs=lambda length, t: length > t + 1),
    lambda lengths: placed(
        lengths, starts((lengths[:, None] > np.arange(lengths.max()) + 1).sum(axis=0)), ranks(lengths)
    ),
)
packed_places.mistake(
    "You count a sequence as running for one step too many: one of length n runs at the steps 0 to n - 1.",
    filled_in(lambda lengths: np.argsort(-lengths, kind="stable"), runs=lambda length, t: length >= t),
    lambda lengths: placed(
        lengths, starts((lengths[:, None] >= np.arange(lengths.max())).sum(axis=0)), ranks(lengths)
    ),
)
packed_places.mistake(
    "Your table has time first; a row belongs to a sequence, (B, T).",
    lambda lengths: packed_places(lengths).T,
)


def parcel(lengths: tuple[int, ...], D: int, seed: int = 0) -> dict:
    """A packed batch; lengths from the longest."""
    sizes = running(np.array(lengths))
    return {"data": cases.normal((sizes.sum(), D), seed=seed)[0], "batch_sizes": sizes}


@exercise(
    cases=lambda: [
        parcel((2, 1), 1),
        parcel((3, 1), 2, seed=1),
        parcel((4, 2, 1), 2),
        parcel((5, 5, 3, 2), 3),
        parcel((6, 4, 4, 1, 1), 2),
        parcel((3,), 2),
    ],
    praise="This is what a backward direction reads: each sequence from its own last step.",
    see="Packed sequences",
)
def packed_backwards(data, batch_sizes):
    """The packed data (N, D) with every sequence turned round, from its own last step to its first."""
    starts = np.cumsum(batch_sizes) - batch_sizes
    turned = np.empty_like(data)
    for k in range(batch_sizes[0]):
        places = starts[batch_sizes > k] + k
        turned[places] = data[places[::-1]]
    return turned


def unpacked(data, sizes):
    """(B, T, D), longest first, and NaN as padding."""
    x = np.full((sizes[0], len(sizes), data.shape[1]), np.nan)
    for t, start in enumerate(starts(sizes)):
        x[: sizes[t], t] = data[start : start + sizes[t]]
    return x


def packed(x, sizes):
    return np.concatenate([x[:size, t] for t, size in enumerate(sizes)])


def turned_rows(data, sizes, padding=0.0):
    """Turns the padded rows round, padding and all."""
    x = unpacked(data, sizes)
    return packed(np.where(np.isnan(x), padding, x)[:, ::-1], sizes)


def in_place(data, sizes):
    """Turns round in the array that is read, so that one half is overwritten before it is read."""
    turned = data.copy()
    for k in range(sizes[0]):
        places = starts(sizes)[sizes > k] + k
        for place, other in zip(places, places[::-1], strict=True):
            turned[place] = turned[other]
    return turned


def rolled(data, sizes, by):
    x, lengths = unpacked(data, sizes), (sizes > np.arange(sizes[0])[:, None]).sum(axis=1)
    for row, n in enumerate(lengths):
        x[row, :n] = np.roll(x[row, :n][::-1], by, axis=0)
    return packed(x, sizes)


def as_if_in_a_row(data, sizes):
    """Cuts the data as if one sequence lay behind the other."""
    lengths = (sizes > np.arange(sizes[0])[:, None]).sum(axis=1)
    return np.concatenate([part[::-1] for part in np.split(data, np.cumsum(lengths)[:-1])])


packed_backwards.mistake(
    "You turn the whole array round: then the steps of one sequence stand among those of another.",
    lambda data, batch_sizes: data[::-1],
)
packed_backwards.mistake(
    "You turn the order of the times, block by block. The blocks have different sizes, so that sequences "
    "lose their places.",
    lambda data, batch_sizes: np.concatenate(np.split(data, np.cumsum(batch_sizes)[:-1])[::-1]),
)
packed_backwards.mistake(
    "You turn the sequences within each time; each should stay in its place, and run backwards in time.",
    lambda data, batch_sizes: np.concatenate(
        [block[::-1] for block in np.split(data, np.cumsum(batch_sizes)[:-1])]
    ),
)
packed_backwards.mistake(
    "The sequences have changed their places in the order; each keeps its own, and runs backwards in time.",
    lambda data, batch_sizes: np.concatenate(
        [block[::-1] for block in np.split(packed_backwards(data, batch_sizes), np.cumsum(batch_sizes)[:-1])]
    ),
)
packed_backwards.mistake(
    "Each time takes as many places as sequences still run; you give it room for all sequences.",
    lambda data, batch_sizes: room_for_all(data, batch_sizes),
    lambda data, batch_sizes: room_for_all(data, batch_sizes, by_one=True),
)


def room_for_all(data, sizes, by_one=False):
    turned = np.empty_like(data)
    for k in range(sizes[0]):
        places = np.arange((sizes > k).sum()) * sizes[0] + k
        if by_one:
            for place, other in zip(places, places[::-1], strict=True):
                turned[place] = data[other]
        else:
            turned[places] = data[places[::-1]]
    return turned


packed_backwards.mistake(
    "You turn the padded rows round: the padding comes first then, and the short sequences lose their steps.",
    turned_rows,
    lambda data, batch_sizes: turned_rows(data, batch_sizes, np.nan),
)
packed_backwards.mistake(
    "You write where you still have to read: the second half of a sequence gets its own steps back.", in_place
)
packed_backwards.mistake(
    "Nothing is turned round.",
    lambda data, batch_sizes: data.copy(),
)
packed_backwards.mistake(
    "You cut the data as if one sequence lay behind the other; it holds the first steps of all, then the "
    "second.",
    as_if_in_a_row,
)
packed_backwards.mistake(
    "You are one step off: the last valid step comes first, and the first one last.",
    lambda data, batch_sizes: rolled(data, batch_sizes, 1),
    lambda data, batch_sizes: rolled(data, batch_sizes, -1),
)


@packed_backwards.mistake(
    "All sequences write to the places of the first one: sequence k stands k places behind it."
)
def all_at_the_first(data, batch_sizes):
    turned = data.copy()
    for k in range(batch_sizes[0]):
        places = starts(batch_sizes)[batch_sizes > k]
        turned[places] = data[places[::-1]]
    return turned


packed_backwards.mistake(
    "You turn the features round; a step stays as it is.",
    lambda data, batch_sizes: data[:, ::-1],
    lambda data, batch_sizes: packed_backwards(data, batch_sizes)[:, ::-1],
)
packed_backwards.mistake(
    "You return the sequences unpacked; the packed data `(N, D)` is asked for.",
    lambda data, batch_sizes: unpacked(packed_backwards(data, batch_sizes), batch_sizes),
    lambda data, batch_sizes: np.nan_to_num(unpacked(packed_backwards(data, batch_sizes), batch_sizes)),
)
packed_backwards.mistake(
    "The sequences stand one behind the other in your data; all first steps come first, then all second "
    "steps.",
    lambda data, batch_sizes: np.concatenate(
        [row[~np.isnan(row[:, 0])] for row in unpacked(packed_backwards(data, batch_sizes), batch_sizes)]
    ),
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
two_bias_step.mistake(
    "Nothing is clipped in your answer.",
    stepped(scale=lambda limit, norm: 1.0),
    stepped(scale=lambda limit, norm: 1.0, biases=1),
)
two_bias_step.mistake(
    "The second bias begins at zero; in your answer both begin at b.",
    lambda W, U, b, *rest: (*two_bias_step(W, U, b, *rest)[:2], two_bias_step(W, U, 2 * b, *rest)[2]),
)
two_bias_step.mistake(
    "That is the second bias alone; the sum of both is asked for.",
    lambda W, U, b, *rest: (*two_bias_step(W, U, b, *rest)[:2], (two_bias_step(W, U, 0 * b, *rest)[2]) / 2),
)
two_bias_step.mistake(
    "You return the two biases one by one; their sum is asked for.",
    lambda W, U, b, *rest: (
        *two_bias_step(W, U, b, *rest)[:2],
        (two_bias_step(W, U, 2 * b, *rest)[2]) / 2,
        (two_bias_step(W, U, 0 * b, *rest)[2]) / 2,
    ),
)
two_bias_step.mistake(
    "You scale to the limit in any case; gradients whose norm is below it stay as they are.",
    stepped(scale=lambda limit, norm: limit / norm),
)
two_bias_step.mistake(
    "Your scale is turned round: a norm above the limit makes all gradients smaller, by limit / norm.",
    stepped(scale=lambda limit, norm: min(1.0, norm / limit)),
    stepped(scale=lambda limit, norm: norm / limit),
    stepped(scale=lambda limit, norm: norm / limit if norm > limit else 1.0),
)
two_bias_step.mistake(
    "You compare the limit with the largest number of the gradients; it holds for their norm.",
    stepped(
        shares=lambda dW, dU, db: max(np.abs(array).max() for array in (dW, dU, db)),
        root=lambda number: number,
    ),
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
