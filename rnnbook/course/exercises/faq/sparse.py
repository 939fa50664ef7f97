from itertools import pairwise

import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("09-faq/05-sparse.ipynb")


def blocks(sparsity: float, *shapes: tuple[int, int], scales: tuple[float, ...] = (), seed: int = 0) -> dict:
    """A case: matrices without two weights of one size; scales: of each matrix."""
    rng = np.random.default_rng(seed)
    count = sum(rows * columns for rows, columns in shapes)
    weights = iter((rng.permutation(np.arange(1, count + 1)) / 16 + 1) * rng.choice([-1, 1], count))
    scales = scales or (1.0,) * len(shapes)
    return {
        "matrices": [
            np.array([scale * next(weights) for _ in range(rows * columns)]).reshape(rows, columns)
            for (rows, columns), scale in zip(shapes, scales, strict=True)
        ],
        "sparsity": sparsity,
    }


@exercise(
    cases=lambda: [
        blocks(0.5, (1, 2), (2, 1), seed=3),
        blocks(0.4, (2, 3), (3, 3), scales=(0.7, 1.9)),
        blocks(0.75, (2, 4), (4, 3), (1, 2), scales=(1.3, 0.6, 2.1), seed=1),
        blocks(0.3, (1, 5), (2, 2), scales=(0.8, 1.4), seed=2),
        blocks(0.0, (2, 2), (2, 3)),
        blocks(1.0, (3, 2), (1, 3)),
    ],
    praise="One threshold for all: blocks with small weights give more, and nobody has to say how much.",
    see="Which weights to remove?",
)
def prune_together(matrices, sparsity):
    """Copies of the matrices in which the smallest weights of all of them together are 0."""
    sizes = np.sort(np.abs(np.concatenate([matrix.ravel() for matrix in matrices])))
    gone = round(sparsity * sizes.size)
    largest_gone = sizes[gone - 1] if gone else -1.0
    return [np.where(np.abs(matrix) > largest_gone, matrix, 0.0) for matrix in matrices]


def pruned_by(matrices, gone, key=np.abs):
    """The matrices without the `gone` weights for which `key` is smallest."""
    order = np.sort(np.concatenate([key(matrix).ravel() for matrix in matrices]))
    limit = order[min(gone, order.size) - 1] if gone > 0 else -np.inf
    return [np.where(key(matrix) > limit, matrix, 0.0) for matrix in matrices]


def flat(matrices):
    return np.concatenate([matrix.ravel() for matrix in matrices])


def sizes(matrices):
    """The sizes of all weights, in order."""
    return np.sort(np.abs(flat(matrices)))


def listed(matrices):
    """The same as a list, which says it in other words where a place is beyond its end."""
    return sizes(matrices).tolist()


def total(matrices):
    return sum(matrix.size for matrix in matrices)


prune_together.mistake(
    "Each matrix loses its own smallest weights; the smallest of all matrices together should go.",
    lambda matrices, sparsity: [prune_together([matrix], sparsity)[0] for matrix in matrices],
)
prune_together.mistake(
    "You sort by value; a large negative weight is a large weight.",
    lambda matrices, sparsity: [
        np.where(np.abs(m) > np.sort(flat(matrices))[round(sparsity * total(matrices)) - 1], m, 0.0)
        if sparsity
        else m
        for m in matrices
    ],
    lambda matrices, sparsity: pruned_by(matrices, round(sparsity * total(matrices)), np.positive),
)
prune_together.mistake(
    "You remove the largest weights; the smallest ones are to go.",
    lambda matrices, sparsity: pruned_by(
        matrices, round(sparsity * total(matrices)), lambda matrix: -np.abs(matrix)
    ),
    lambda matrices, sparsity: pruned_by(
        matrices, round(sparsity * total(matrices)) or total(matrices), lambda matrix: -np.abs(matrix)
    ),
)
prune_together.mistake(
    "Sparsity is the share that goes; you take it for the share that stays.",
    lambda matrices, sparsity: prune_together(matrices, 1 - sparsity),
)
prune_together.mistake(
    "One weight too few goes: the last of the smallest stands at the place before their number.",
    lambda matrices, sparsity: [
        np.where(np.abs(m) >= sizes(matrices)[round(sparsity * total(matrices)) - 1], m, 0.0)
        for m in matrices
    ],
    lambda matrices, sparsity: pruned_by(matrices, round(sparsity * total(matrices)) - 1),
    lambda matrices, sparsity: pruned_by(
        matrices, max(round(sparsity * total(matrices)) - 1, 0) if sparsity < 1 else total(matrices)
    ),
)
prune_together.mistake(
    "One weight too many goes.",
    lambda matrices, sparsity: pruned_by(matrices, round(sparsity * total(matrices)) + 1),
    lambda matrices, sparsity: pruned_by(matrices, round(sparsity * total(matrices)) + (0 < sparsity < 1)),
    *[
        lambda matrices, sparsity, row=row, more=more: (
            [np.where(np.abs(m) > row(matrices)[round(sparsity * total(matrices))], m, 0.0) for m in matrices]
            if more or sparsity
            else matrices
        )
        for row in (sizes, listed)
        for more in (True, False)
    ],
)
prune_together.mistake(
    "You cut off what follows the point; the number that goes is rounded to the nearest.",
    lambda matrices, sparsity: pruned_by(matrices, int(sparsity * total(matrices))),
)
prune_together.mistake(
    "You round up; the number that goes is rounded to the nearest.",
    lambda matrices, sparsity: pruned_by(matrices, int(np.ceil(sparsity * total(matrices)))),
)
prune_together.mistake(
    "You take the sparsity itself for the threshold; it is a share of the number of weights.",
    lambda matrices, sparsity: [np.where(np.abs(m) > sparsity, m, 0.0) for m in matrices],
    lambda matrices, sparsity: [np.where(np.abs(m) >= sparsity, m, 0.0) for m in matrices],
)
prune_together.mistake(
    "Your threshold is a share of the largest weight; sparsity is a share of their number.",
    lambda matrices, sparsity: [
        np.where(np.abs(m) > sparsity * max(np.abs(one).max() for one in matrices), m, 0.0) for m in matrices
    ],
    lambda matrices, sparsity: [
        np.where(np.abs(m) >= sparsity * max(np.abs(one).max() for one in matrices), m, 0.0) for m in matrices
    ],
    lambda matrices, sparsity: [np.where(np.abs(m) > sparsity * np.abs(m).max(), m, 0.0) for m in matrices],
    lambda matrices, sparsity: [np.where(np.abs(m) >= sparsity * np.abs(m).max(), m, 0.0) for m in matrices],
)
prune_together.mistake(
    "You return masks; the matrices with their remaining weights are asked for.",
    lambda matrices, sparsity: [matrix != 0 for matrix in prune_together(matrices, sparsity)],
    lambda matrices, sparsity: [matrix == 0 for matrix in prune_together(matrices, sparsity)],
)
prune_together.mistake(
    "You return the sizes of the weights; those that stay keep their signs.",
    lambda matrices, sparsity: [np.abs(matrix) for matrix in prune_together(matrices, sparsity)],
)
prune_together.mistake(
    "Only the weights that stay come back; each matrix keeps its shape, with zeros for the others.",
    lambda matrices, sparsity: [matrix[matrix != 0] for matrix in prune_together(matrices, sparsity)],
)
prune_together.mistake(
    "The matrices come back as one flat array; a list of them is asked for.",
    lambda matrices, sparsity: np.concatenate(
        [matrix.ravel() for matrix in prune_together(matrices, sparsity)]
    ),
)
prune_together.mistake(
    "The matrices come back flat; each keeps its shape.",
    lambda matrices, sparsity: [matrix.ravel() for matrix in prune_together(matrices, sparsity)],
)
prune_together.mistake(
    "Each row loses its own smallest weights; the smallest of all matrices together should go.",
    lambda matrices, sparsity: [
        np.array([prune_together([row], sparsity)[0] for row in matrix]) for matrix in matrices
    ],
)
prune_together.mistake(
    "You take the mean of the thresholds of the matrices; then the number that goes is another.",
    lambda matrices, sparsity: (
        [
            np.where(
                np.abs(m)
                > np.mean([np.sort(np.abs(o).ravel())[round(sparsity * o.size) - 1] for o in matrices]),
                m,
                0.0,
            )
            for m in matrices
        ]
        if sparsity
        else prune_together(matrices, sparsity)
    ),
)
prune_together.mistake(
    "Where no weight goes, the place before the first is place -1, the last of the list: then all go.",
    lambda matrices, sparsity: [
        np.where(np.abs(m) > sizes(matrices)[round(sparsity * total(matrices)) - 1], m, 0.0) for m in matrices
    ],
)
prune_together.mistake(
    "Where all weights go, there is no next one in the list to compare with.",
    lambda matrices, sparsity: [
        np.where(np.abs(m) >= sizes(matrices)[round(sparsity * total(matrices))], m, 0.0) for m in matrices
    ],
    lambda matrices, sparsity: [
        np.where(np.abs(m) >= listed(matrices)[round(sparsity * total(matrices))], m, 0.0) for m in matrices
    ],
)


@prune_together.mistake("You write into the given matrices, which are still needed: begin with copies.")
def writes_zeros(matrices, sparsity):
    for matrix, pruned in zip(matrices, prune_together(matrices, sparsity), strict=True):
        matrix[...] = pruned
    return matrices


prune_together.mistake(
    "At a sparsity of 0 the quantile is the smallest weight itself, which should stay.",
    lambda matrices, sparsity: [
        np.where(np.abs(m) > np.quantile(sizes(matrices), sparsity), m, 0.0) for m in matrices
    ],
)
prune_together.mistake(
    "At a sparsity of 1 the quantile is the largest weight itself, which should go.",
    lambda matrices, sparsity: [
        np.where(np.abs(m) >= np.quantile(sizes(matrices), sparsity), m, 0.0) for m in matrices
    ],
)


@exercise(
    cases=lambda: [
        {"rows": 2, "columns": 3, "value_bytes": 4, "index_bytes": 4},
        {"rows": 3, "columns": 4, "value_bytes": 4, "index_bytes": 4},
        {"rows": 1, "columns": 2, "value_bytes": 4, "index_bytes": 4},
        {"rows": 1, "columns": 3, "value_bytes": 4, "index_bytes": 4},
        {"rows": 2, "columns": 2, "value_bytes": 1, "index_bytes": 4},
        {"rows": 5, "columns": 7, "value_bytes": 8, "index_bytes": 2},
        {"rows": 96, "columns": 32, "value_bytes": 4, "index_bytes": 2},
        {"rows": 3, "columns": 10, "value_bytes": 1, "index_bytes": 4},
        {"rows": 384, "columns": 512, "value_bytes": 2, "index_bytes": 4},
    ],
    praise="With small indices CSR pays sooner, and with small values later: each value carries its column.",
    see="How many bytes?",
)
def csr_pays_from(rows, columns, value_bytes, index_bytes):
    """The least number of zeros with which CSR takes fewer bytes than the dense matrix, or None."""
    room = value_bytes * rows * columns - index_bytes * (rows + 1)  # more than values and columns may take
    nonzero = (room - 1) // (value_bytes + index_bytes)
    return rows * columns - nonzero if nonzero >= 0 else None


def pays(starts=lambda rows, columns: rows + 1, each=lambda value, index: value + index, equal=0):
    """An answer that counts other indices; each: the bytes of a value with what it carries."""

    def answer(rows, columns, value_bytes, index_bytes):
        room = value_bytes * rows * columns - index_bytes * starts(rows, columns)
        nonzero = (room - 1 + equal) // each(value_bytes, index_bytes)
        return rows * columns - nonzero if nonzero >= 0 else None

    return answer


csr_pays_from.mistake(
    "At equal size CSR does not yet take fewer bytes.",
    lambda rows, columns, value_bytes, index_bytes: (
        rows * columns
        - (value_bytes * rows * columns - index_bytes * (rows + 1)) // (value_bytes + index_bytes)
    ),
    pays(equal=1),
)
csr_pays_from.mistake(
    "You take half of the weights; that holds only where values and indices have the same size.",
    lambda rows, columns, value_bytes, index_bytes: rows * columns // 2 + 1,
    lambda rows, columns, value_bytes, index_bytes: -(-rows * columns // 2),
    lambda rows, columns, value_bytes, index_bytes: rows * columns // 2,
    lambda rows, columns, value_bytes, index_bytes: csr_pays_from(rows, columns, 4, 4),
)
csr_pays_from.mistake(
    "The list that says where each row begins is missing.",
    pays(starts=lambda rows, columns: 0),
    pays(starts=lambda rows, columns: 0, equal=1),
)
csr_pays_from.mistake(
    "The list of row starts has one number more than there are rows: the end.",
    pays(starts=lambda rows, columns: rows),
)
csr_pays_from.mistake(
    "CSR is compressed by rows: its list of starts is as long as the rows ask for, not the columns.",
    pays(starts=lambda rows, columns: columns + 1),
    pays(starts=lambda rows, columns: columns),
)
csr_pays_from.mistake(
    "The column of each value must be kept too.",
    pays(each=lambda value, index: value),
)
csr_pays_from.mistake(
    "You keep row and column of each value: that is the coordinate format, COO.",
    pays(starts=lambda rows, columns: 0, each=lambda value, index: value + 2 * index),
    pays(each=lambda value, index: value + 2 * index),
)
csr_pays_from.mistake(
    "The sizes of values and indices are exchanged.",
    lambda rows, columns, value_bytes, index_bytes: csr_pays_from(rows, columns, index_bytes, value_bytes),
)
csr_pays_from.mistake(
    "The row starts are indices too, of `index_bytes` bytes each.",
    lambda rows, columns, value_bytes, index_bytes: (
        rows * columns - nonzero
        if (nonzero := (value_bytes * rows * columns - 4 * (rows + 1) - 1) // (value_bytes + index_bytes))
        >= 0
        else None
    ),
    lambda rows, columns, value_bytes, index_bytes: (
        rows * columns - nonzero
        if (nonzero := (value_bytes * (rows * columns - rows - 1) - 1) // (value_bytes + index_bytes)) >= 0
        else None
    ),
)
csr_pays_from.mistake(
    "That is the number of values that may stay; the zeros are asked for.",
    lambda rows, columns, value_bytes, index_bytes: (
        None
        if (zeros := csr_pays_from(rows, columns, value_bytes, index_bytes)) is None
        else rows * columns - zeros
    ),
    lambda rows, columns, value_bytes, index_bytes: (
        (value_bytes * rows * columns - index_bytes * (rows + 1) - 1) // (value_bytes + index_bytes)
    ),
)
csr_pays_from.mistake(
    "That is a share; the number of zeros is asked for.",
    lambda rows, columns, value_bytes, index_bytes: (
        1
        - (value_bytes * rows * columns - index_bytes * (rows + 1))
        / ((value_bytes + index_bytes) * rows * columns)
    ),
    lambda rows, columns, value_bytes, index_bytes: (
        None
        if (zeros := csr_pays_from(rows, columns, value_bytes, index_bytes)) is None
        else zeros / (rows * columns)
    ),
)
csr_pays_from.mistake(
    "In a small matrix the list of starts alone may take as much as the dense matrix: then None.",
    lambda rows, columns, value_bytes, index_bytes: (
        rows * columns
        - (value_bytes * rows * columns - index_bytes * (rows + 1) - 1) // (value_bytes + index_bytes)
    ),
    lambda rows, columns, value_bytes, index_bytes: (
        rows * columns
        - max((value_bytes * rows * columns - index_bytes * (rows + 1) - 1) // (value_bytes + index_bytes), 0)
    ),
)
csr_pays_from.mistake(
    "A matrix of zeros may be the only one for which CSR pays; then the answer is the number of all entries.",
    lambda rows, columns, value_bytes, index_bytes: (
        None
        if csr_pays_from(rows, columns, value_bytes, index_bytes) == rows * columns
        else csr_pays_from(rows, columns, value_bytes, index_bytes)
    ),
)
csr_pays_from.mistake(
    "You let the zeros be stored; it is the other entries that take a value and a column each.",
    lambda rows, columns, value_bytes, index_bytes: (
        0 if index_bytes * (rows + 1) < value_bytes * rows * columns else None
    ),
)


def compressed(columns: int, batch: int, *rows: tuple[int, ...], seed: int = 0) -> dict:
    """A case: a matrix in CSR that has values in these columns of each row."""
    values, h = cases.normal((sum(map(len, rows)),), (columns, batch), seed=seed)
    return {
        "values": values,
        "columns": np.array([column for row in rows for column in row]),
        "starts": np.cumsum([0, *map(len, rows)]),
        "h": h,
    }


@exercise(
    cases=lambda: [
        compressed(3, 2, (2,), (0, 2)),
        compressed(4, 3, (1, 3), (), (0, 1, 2, 3), (2,), (0, 1, 3), seed=1),
        compressed(5, 2, (4, 0), (1, 2, 4), (), seed=2),
        compressed(2, 3, (), (1,), (0, 1), seed=3),
        compressed(4, 2, (0, 3), (), (1, 2), (2,), seed=4),
        compressed(4, 2, (0, 2), (), (1,), seed=5),  # no value in the last column
    ],
    praise="Three lists, and no zero is read or multiplied; each value costs a jump into h instead.",
    see="How many bytes?",
)
def csr_product(values, columns, starts, h):
    """U h (n, B) for U (n, m) in CSR and h (m, B); row r has the values from starts[r] to starts[r + 1]."""
    product = np.zeros((len(starts) - 1, h.shape[1]))
    for row in range(len(product)):
        here = slice(starts[row], starts[row + 1])
        product[row] = values[here] @ h[columns[here]]
    return product


def row_of_place(values, columns, starts, h, side, less):
    """The product in which the row of a value is looked up among the starts."""
    product = np.zeros((len(starts) - 1, h.shape[1]))
    for place, column in enumerate(columns):
        product[np.searchsorted(starts, place, side) - less] += values[place] * h[column]
    return product


def by_rows(values, columns, starts, h, row):
    return np.array([row(begin, end) for begin, end in pairwise(starts)])


csr_product.mistake(
    "The last row is missing: there is one start more than there are rows.",
    lambda values, columns, starts, h: np.append(
        csr_product(values, columns, starts, h)[:-1], np.zeros((1, h.shape[1])), axis=0
    ),
    lambda values, columns, starts, h: csr_product(values, columns, starts[:-1], h),
)
csr_product.mistake(
    "You read the states in order; the column of a value says which state it meets.",
    lambda values, columns, starts, h: csr_product(values, np.arange(len(values)), starts, h),
    lambda values, columns, starts, h: csr_product(values, np.arange(len(values)) % len(h), starts, h),
    lambda values, columns, starts, h: by_rows(
        values, columns, starts, h, lambda begin, end: values[begin:end] @ h[: end - begin]
    ),
    lambda values, columns, starts, h: by_rows(
        values, columns, starts, h, lambda begin, end: values[begin:end] @ h[begin:end]
    ),
)


@csr_product.mistake("You let a later value of a row overwrite the earlier ones; they are added up.")
def overwrites(values, columns, starts, h):
    product = np.zeros((len(starts) - 1, h.shape[1]))
    for row in range(len(product)):
        for place in range(starts[row], starts[row + 1]):
            product[row] = values[place] * h[columns[place]]
    return product


def transposed(values, columns, starts, h, rows):
    product = np.zeros((rows, h.shape[1]))
    for row in range(len(starts) - 1):
        for place in range(starts[row], starts[row + 1]):
            product[columns[place]] += values[place] * h[row]
    return product


csr_product.mistake(
    "Rows and columns are exchanged: that is U transposed.",
    lambda values, columns, starts, h: transposed(values, columns, starts, h, len(h)),
    lambda values, columns, starts, h: transposed(values, columns, starts, h, len(starts) - 1),
)


@csr_product.mistake("The product has as many rows as U, and not as many as h.")
def like_h(values, columns, starts, h):
    product = np.zeros_like(h)
    for row in range(len(starts) - 1):
        for place in range(starts[row], starts[row + 1]):
            product[row] += values[place] * h[columns[place]]
    return product


csr_product.mistake(
    "You give out a row for each start; the last start is the end, and no row.",
    lambda values, columns, starts, h: np.append(
        csr_product(values, columns, starts, h), np.zeros((1, h.shape[1])), axis=0
    ),
)


csr_product.mistake(
    "A row without values is a row of zeros, and your sum runs into the next one there.",
    lambda values, columns, starts, h: np.add.reduceat(values[:, None] * h[columns], starts[:-1], axis=0),
    lambda values, columns, starts, h: np.add.reduceat(
        np.append(values[:, None] * h[columns], np.zeros((1, h.shape[1])), axis=0), starts[:-1], axis=0
    ),
)
csr_product.mistake(
    "A row without values is left out; it is a row of zeros.",
    lambda values, columns, starts, h: np.array(
        [values[begin:end] @ h[columns[begin:end]] for begin, end in pairwise(starts) if end > begin]
    ),
)
csr_product.mistake(
    "The states are added without their weights.",
    lambda values, columns, starts, h: by_rows(
        values, columns, starts, h, lambda begin, end: h[columns[begin:end]].sum(axis=0)
    ),
)
csr_product.mistake(
    "Each row ends one value too late: the end does not belong to it.",
    lambda values, columns, starts, h: by_rows(
        values, columns, starts, h, lambda begin, end: values[begin : end + 1] @ h[columns[begin : end + 1]]
    ),
)
csr_product.mistake(
    "Each row begins one value too early.",
    lambda values, columns, starts, h: by_rows(
        values,
        columns,
        starts,
        h,
        lambda begin, end: values[max(begin - 1, 0) : end] @ h[columns[max(begin - 1, 0) : end]],
    ),
)
csr_product.mistake(
    "The last value of each row is missing: a slice leaves its end out by itself.",
    lambda values, columns, starts, h: by_rows(
        values, columns, starts, h, lambda begin, end: values[begin : end - 1] @ h[columns[begin : end - 1]]
    ),
)
csr_product.mistake(
    "You take every row from the first value on; it begins at its own start.",
    lambda values, columns, starts, h: by_rows(
        values, columns, starts, h, lambda begin, end: values[:end] @ h[columns[:end]]
    ),
)
csr_product.mistake(
    "You take every row up to the last value; it ends where the next one begins.",
    lambda values, columns, starts, h: by_rows(
        values, columns, starts, h, lambda begin, end: values[begin:] @ h[columns[begin:]]
    ),
)
csr_product.mistake(
    "You take the starts for the numbers of values in the rows.",
    lambda values, columns, starts, h: by_rows(
        values,
        columns,
        np.cumsum(starts),
        h,
        lambda begin, end: values[begin:end] @ h[columns[begin:end]],
    ),
)
csr_product.mistake(
    "The batch is reduced to one number; each of its columns has a product of its own.",
    lambda values, columns, starts, h: csr_product(values, columns, starts, h)[:, 0],
    lambda values, columns, starts, h: csr_product(values, columns, starts, h).mean(axis=1),
    lambda values, columns, starts, h: csr_product(values, columns, starts, h).sum(axis=1),
)
csr_product.mistake(
    "That is the transpose of the product; the rows of U come first.",
    lambda values, columns, starts, h: csr_product(values, columns, starts, h).T,
)


@csr_product.mistake("That is the dense matrix U; its product with h is asked for.")
def as_dense(values, columns, starts, h):
    U = np.zeros((len(starts) - 1, len(h)))
    for row in range(len(U)):
        U[row, columns[starts[row] : starts[row + 1]]] = values[starts[row] : starts[row + 1]]
    return U


def square(values, columns, starts, h, side):
    """The product with a dense U of the same number of rows and columns."""
    U = np.zeros((side, side))
    for row in range(len(starts) - 1):
        U[row, columns[starts[row] : starts[row + 1]]] = values[starts[row] : starts[row + 1]]
    return U @ h


def square_place_by_place(values, columns, starts, h, side):
    U = np.zeros((side, side))
    for row in range(len(starts) - 1):
        for place in range(starts[row], starts[row + 1]):
            U[row, columns[place]] = values[place]
    return U @ h


def square_at_once(values, columns, starts, h, side):
    U = np.zeros((side, side))
    U[np.repeat(np.arange(len(starts) - 1), np.diff(starts)), columns] = values
    return U @ h


csr_product.mistake(
    "You take U for a square matrix. It has a column for each row of h, and these may be more or fewer.",
    *(
        lambda values, columns, starts, h, make=make: make(values, columns, starts, h, len(starts) - 1)
        for make in (square, square_place_by_place, square_at_once)
    ),
)
csr_product.mistake(
    "You take the largest column that holds a value for the last one; h has a row for each column of U.",
    lambda values, columns, starts, h: as_dense(values, columns, starts, h)[:, : columns.max() + 1] @ h,
)
csr_product.mistake(
    "A sum over no values is the number 0, and a row of the product has B numbers.",
    lambda values, columns, starts, h: np.array(
        [
            sum(values[place] * h[columns[place]] for place in range(begin, end))
            for begin, end in pairwise(starts)
        ]
    ),
)
csr_product.mistake(
    "The products stand there one by one; those of a row are added up.",
    lambda values, columns, starts, h: values[:, None] * h[columns],
)
csr_product.mistake(
    "A place belongs to the last row that starts at it or before it; you find another row.",
    lambda values, columns, starts, h: row_of_place(values, columns, starts, h, "left", 0),
    lambda values, columns, starts, h: row_of_place(values, columns, starts, h, "left", 1),
    lambda values, columns, starts, h: row_of_place(values, columns, starts, h, "right", 0),
)
