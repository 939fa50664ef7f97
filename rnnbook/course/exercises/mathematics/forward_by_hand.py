import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("04-mathematics/01-forward-by-hand.ipynb")


def one_step(batch: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    weights = {"W": (units, inputs), "U": (units, units), "b": (units,)}
    return cases.named(**weights, x_t=(batch, inputs), h=(batch, units))


@exercise(
    cases=lambda: [one_step(1, 1, 2), one_step(2, 3, 4), one_step(4, 2, 3), one_step(5, 3, 3)],
    praise="One matrix (H, D + H + 1) for a whole step: some libraries store the weights like this.",
    see="One row, one unit",
    parts=("A", "V"),
)
def one_product(W, U, b, x_t, h):
    """A (H, D + H + 1) of the weights and V (B, D + H + 1) of the batch, with V @ A.T = z of the step."""
    A = np.column_stack([W, U, b])
    V = np.column_stack([x_t, h, np.ones(len(x_t))])
    return A, V


def stacked(A=lambda W, U, b: [W, U, b], V=lambda x_t, h, ones: [x_t, h, ones]):
    """The two arrays from other columns."""
    return lambda W, U, b, x_t, h: (
        np.column_stack(A(W, U, b)),
        np.column_stack(V(x_t, h, np.ones(len(x_t)))),
    )


one_product.mistake(
    "V lacks the column of ones that picks up the bias.",
    stacked(V=lambda x_t, h, ones: [x_t, h]),
)
one_product.mistake(
    "The column across from the bias holds zeros: there the bias is multiplied away.",
    stacked(V=lambda x_t, h, ones: [x_t, h, 0 * ones]),
)
one_product.mistake(
    "The bias is missing: A has a column for it, and V the number by which it is multiplied.",
    stacked(lambda W, U, b: [W, U], lambda x_t, h, ones: [x_t, h]),
    stacked(lambda W, U, b: [W, U]),
)
one_product.mistake(
    "The columns of V stand in another order than those of A: here x_t meets U, and h meets W.",
    stacked(V=lambda x_t, h, ones: [h, x_t, ones]),
    stacked(lambda W, U, b: [U, W, b]),
)
one_product.mistake(
    "The ones do not stand across from the bias: they need the place in V that b has in A, the last.",
    stacked(V=lambda x_t, h, ones: [ones, x_t, h]),
    stacked(V=lambda x_t, h, ones: [ones, h, x_t]),
    stacked(V=lambda x_t, h, ones: [x_t, ones, h]),
    stacked(V=lambda x_t, h, ones: [h, ones, x_t]),
    stacked(lambda W, U, b: [b, W, U]),
    stacked(lambda W, U, b: [b, U, W]),
    stacked(lambda W, U, b: [W, b, U]),
)
one_product.mistake(
    "The product is right, and the columns stand in another order than asked: W, then U, then b.",
    stacked(lambda W, U, b: [U, W, b], lambda x_t, h, ones: [h, x_t, ones]),
    stacked(lambda W, U, b: [b, U, W], lambda x_t, h, ones: [ones, h, x_t]),
    stacked(lambda W, U, b: [b, W, U], lambda x_t, h, ones: [ones, x_t, h]),
    stacked(lambda W, U, b: [W, b, U], lambda x_t, h, ones: [x_t, ones, h]),
    stacked(lambda W, U, b: [U, b, W], lambda x_t, h, ones: [h, ones, x_t]),
)
one_product.mistake(
    "The bias belongs to the weights, in A, and the ones to the batch, in V.",
    lambda W, U, b, x_t, h: (
        np.column_stack([W, U, np.ones(len(b))]),
        np.column_stack([x_t, h, np.full(len(x_t), b[0])]),
    ),
)
one_product.mistake(
    "A lies on its side: it has one row for each unit.",
    lambda *case: one_product(*case)[0].T,
    part="A",
)
one_product.mistake(
    "V lies on its side: it has one row for each sequence.",
    lambda *case: one_product(*case)[1].T,
    part="V",
)
one_product.mistake(
    "V holds the first sequence alone; the batch has a row for each.",
    lambda *case: one_product(*case)[1][0],
    lambda *case: one_product(*case)[1][:1],
    part="V",
)
one_product.mistake(
    "You return the product. Return A and V.",
    lambda *case: one_product(*case)[1] @ one_product(*case)[0].T,
    lambda *case: one_product(*case)[0] @ one_product(*case)[1].T,
)
one_product.mistake(
    "U is transposed in A: row k of U is what unit k hears, and stays a part of row k.",
    stacked(lambda W, U, b: [W, U.T, b]),
)
one_product.mistake(
    "The two results are in the other order: first A, of the weights.",
    lambda *case: one_product(*case)[::-1],
)


def network(order: list[int], inputs: int) -> dict[str, np.ndarray]:
    units = len(order)
    weights = cases.named(W=(units, inputs), U=(units, units), b=(units,))
    return {**weights, "order": np.array(order)}


@exercise(
    cases=lambda: [network([1, 0], 1), network([2, 0, 1], 5), network([1, 3, 0, 2], 3)],
    praise="Units have no order of their own: H! sets of weights are one and the same network.",
    see="One row, one unit",
    parts=("W", "U", "b"),
)
def renumbered(W, U, b, order):
    """W, U and b of the same network with its units renumbered: new unit k is the old unit order[k]."""
    return W[order], U[order][:, order], b[order]


renumbered.mistake(
    "Only the rows of U are moved. Its columns belong to units too: those that are heard.",
    lambda W, U, b, order: U[order],
    part="U",
)
renumbered.mistake(
    "Only the columns of U are moved. Its rows belong to units too: those that hear.",
    lambda W, U, b, order: U[:, order],
    part="U",
)
renumbered.mistake(
    "U is not moved: units listen to one another, so that it has to follow the new numbers on both sides.",
    lambda W, U, b, order: U,
    part="U",
)
renumbered.mistake(
    "The rows of U are moved twice; rows once and columns once is wanted.",
    lambda W, U, b, order: U[order][order],
    part="U",
)
renumbered.mistake(
    "Two lists of indices in one bracket pick single entries, here the diagonal. First the rows, then the "
    "columns of what that gives.",
    lambda W, U, b, order: U[order, order],
    lambda W, U, b, order: np.tile(U[order, order], (len(order), 1)),
    lambda W, U, b, order: np.diag(U[order, order]),
    lambda W, U, b, order: into_the_diagonal(U, order),
    part="U",
)


def into_the_diagonal(U, order):
    moved = np.zeros_like(U)
    moved[order, order] = U
    return moved


renumbered.mistake(
    "U is transposed besides: after the new numbers its rows must still be those who hear.",
    lambda W, U, b, order: U[order][:, order].T,
    part="U",
)
renumbered.mistake(
    "That is the way back: you put old unit k at the place order[k]. New unit k is the old unit order[k].",
    lambda W, U, b, order: renumbered(W, U, b, np.argsort(order)),
    lambda W, U, b, order: (
        W[np.argsort(order)],
        U[np.argsort(order)][:, np.argsort(order)],
        b[order],
    ),
)
renumbered.mistake(
    "b keeps its old order: each unit takes its bias along.",
    lambda W, U, b, order: b,
    part="b",
)
renumbered.mistake(
    "W keeps its old order: each unit takes along its row, what it hears from the inputs.",
    lambda W, U, b, order: W,
    part="W",
)
renumbered.mistake(
    "The columns of W are moved. They belong to the inputs, and these keep their numbers: the rows move.",
    lambda W, U, b, order: W[:, order],
    part="W",
)
renumbered.mistake(
    "The columns of W are moved as well. They belong to the inputs, which keep their numbers.",
    lambda W, U, b, order: (W[order][:, order], *renumbered(W, U, b, order)[1:]),
)


@renumbered.mistake("You write into the weights that you were given: return new arrays.")
def moved_in_place(W, U, b, order):
    W[:], U[:], b[:] = renumbered(W, U, b, order)
    return W, U, b


def padded(lengths: list[int], time: int, features: int) -> dict[str, np.ndarray]:
    [x] = cases.normal((len(lengths), time, features))
    return {"x": x, "lengths": np.array(lengths)}


@exercise(
    cases=lambda: [padded([3, 2], 3, 1), padded([1, 4, 3], 5, 2), padded([2, 2], 2, 3)],
    praise="So a network that reads backwards begins with each sequence's own last step, never with padding.",
    see="Sequences of different lengths",
)
def turned_round(x, lengths):
    """Each sequence (T, D) of x (B, T, D) in reverse; what lies beyond its length stays where it is."""
    turned = x.copy()
    for row, length in enumerate(lengths):
        turned[row, :length] = x[row, :length][::-1]
    return turned


def turning(turn):
    """Each sequence by turn(x, length)."""
    return lambda x, lengths: np.stack([turn(row, length) for row, length in zip(x, lengths, strict=True)])


turned_round.mistake(
    "You turn the whole array round, and the padding comes first. Each sequence is turned within its own "
    "length.",
    lambda x, lengths: x[:, ::-1].copy(),
)
turned_round.mistake(
    "All sequences are turned within the same length; each has its own.",
    lambda x, lengths: np.concatenate([x[:, : lengths.max()][:, ::-1], x[:, lengths.max() :]], axis=1),
    lambda x, lengths: np.concatenate([x[:, : lengths.min()][:, ::-1], x[:, lengths.min() :]], axis=1),
    lambda x, lengths: np.concatenate([x[:, : lengths[0]][:, ::-1], x[:, lengths[0] :]], axis=1),
)
turned_round.mistake(
    "Your stretch is one step too short: a sequence of length n has the steps 0 to n - 1, all of them.",
    turning(lambda row, length: np.concatenate([row[: length - 1][::-1], row[length - 1 :]])),
)
turned_round.mistake(
    "Your stretch is one step too long, and a step of padding gets in.",
    turning(lambda row, length: np.concatenate([row[: length + 1][::-1], row[length + 1 :]])),
)
turned_round.mistake(
    "The padding is zero in your answer. It should stay as it is.",
    turning(lambda row, length: np.concatenate([row[:length][::-1], 0 * row[length:]])),
)
turned_round.mistake(
    "The padding is turned round as well; it stays where and as it is.",
    turning(lambda row, length: np.concatenate([row[:length][::-1], row[length:][::-1]])),
)
turned_round.mistake(
    "The padding is cut off. The result has the shape of x.",
    lambda x, lengths: [row[:length][::-1] for row, length in zip(x, lengths, strict=True)],
)
turned_round.mistake(
    "You turn the features round. Time is the second axis of x.",
    lambda x, lengths: x[:, :, ::-1].copy(),
    turning(lambda row, length: np.concatenate([row[:length, ::-1], row[length:]])),
)
turned_round.mistake(
    "You turn the features round as well. Only the steps change places, each with its features as they are.",
    turning(lambda row, length: np.concatenate([row[:length][::-1, ::-1], row[length:]])),
)
turned_round.mistake(
    "You turn the batch round: the sequences keep their places, and each is turned within itself.",
    lambda x, lengths: x[::-1].copy(),
)
turned_round.mistake(
    "Nothing is turned.",
    lambda x, lengths: x.copy(),
)


@turned_round.mistake("You overwrite steps before they are read: take them from x, and write into a copy.")
def overwrites(x, lengths):
    turned = x.copy()
    for row, length in enumerate(lengths):
        for t in range(length):
            turned[row, t] = turned[row, length - 1 - t]
    return turned


@turned_round.mistake("You write into x itself. Whoever called still needs it: return a new array.")
def writes_into_x(x, lengths):
    for row, length in enumerate(lengths):
        x[row, :length] = x[row, :length][::-1].copy()
    return x
