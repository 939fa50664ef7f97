from collections.abc import Callable

import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("08-trends/03-the-parallel-scan.ipynb")


def steps_of(*shape: int, seed: int = 0) -> dict:
    """Two stretches of steps with a matrix, of the shape (..., H)."""
    H = shape[-1]
    A, b, A_then, b_then = cases.normal((*shape, H), shape, (*shape, H), shape, seed=seed)
    return {"first": (A, b), "then": (A_then, b_then)}


@exercise(
    cases=lambda: [steps_of(2), steps_of(3, 2), steps_of(3, 3, seed=1), steps_of(4, 3), steps_of(2, 4, 3)],
    praise="Matrices join as numbers do, with the later one on the left, at the price of H times the work.",
    see="Two steps are one step",
    parts=("A", "b"),
)
def combine_steps(first, then):
    """Two steps as one: each is a pair A (..., H, H), b (..., H), which turns h into A h + b."""
    (A, b), (A_then, b_then) = first, then
    return A_then @ A, (A_then @ b[..., None])[..., 0] + b_then


def through(A, b):
    """A b, for stacks of both."""
    return np.einsum("...ij,...j->...i", A, b)


combine_steps.mistake(
    "The later matrix must stand on the left: it acts on what the earlier one has made.",
    lambda first, then: first[0] @ then[0],
    part=0,
)
combine_steps.mistake(
    "Your A is in the wrong order, and your b goes through the wrong matrix: write out what happens to h.",
    lambda first, then: (first[0] @ then[0], through(first[0], first[1]) + then[1]),
)
combine_steps.mistake(
    "Your A is in the wrong order, and the earlier b goes through no matrix: write out what happens to h.",
    lambda first, then: (first[0] @ then[0], first[1] + then[1]),
)
combine_steps.mistake(
    "In your b the two steps are exchanged: it is the earlier b that goes through the later matrix.",
    lambda first, then: through(first[0], then[1]) + first[1],
    part=1,
)
combine_steps.mistake(
    "The two arguments are exchanged: you take `then` first.", lambda first, then: combine_steps(then, first)
)
combine_steps.mistake(
    "The earlier b passes through the later step too: it must be multiplied by the later matrix.",
    lambda first, then: first[1] + then[1],
    part=1,
)
combine_steps.mistake(
    "You multiply the earlier b by the earlier matrix. It was added after that one, and meets the later one.",
    lambda first, then: through(first[0], first[1]) + then[1],
    part=1,
)
combine_steps.mistake(
    "The earlier b goes through both matrices. It was added after the earlier one had acted.",
    lambda first, then: through(then[0] @ first[0], first[1]) + then[1],
    lambda first, then: through(first[0] @ then[0], first[1]) + then[1],
    part=1,
)
combine_steps.mistake(
    "You multiply the later b. It comes last, and meets no matrix any more.",
    lambda first, then: through(then[0], first[1] + then[1]),
    lambda first, then: first[1] + through(then[0], then[1]),
    lambda first, then: through(first[0], first[1]) + through(then[0], then[1]),
    part=1,
)
combine_steps.mistake(
    "The star multiplies entry by entry, as for the diagonal recurrence. Here the multipliers are matrices.",
    lambda first, then: (then[0] * first[0], through(then[0], first[1]) + then[1]),
    lambda first, then: (then[0] * first[0], then[0] * first[1] + then[1]),
)
combine_steps.mistake(
    "A @ b reads a stack of vectors b as one matrix. Each vector must be a column of its own.",
    lambda first, then: (then[0] @ first[0], then[0] @ first[1] + then[1]),
)
combine_steps.mistake(
    "Your vector stands on the left of the matrix, which so is transposed.",
    lambda first, then: through(then[0].swapaxes(-1, -2), first[1]) + then[1],
    part=1,
)
combine_steps.mistake("The later b is forgotten.", lambda first, then: through(then[0], first[1]), part=1)
combine_steps.mistake(
    "You add the matrices. Two steps in a row multiply.",
    lambda first, then: then[0] + first[0],
    part=0,
)
combine_steps.mistake(
    "Your b is a column, and has one axis too many: take off the one that you have put on.",
    lambda first, then: (then[0] @ first[0], then[0] @ first[1][..., None] + then[1][..., None]),
    lambda first, then: (then[0] @ first[0], then[0] @ first[1][..., None] + then[1]),
)


def add(first, then):
    return (first[0] + then[0],)


def join(first, then):
    return then[0] * first[0], then[0] * first[1] + then[1]


def multiply(first, then):
    return (first[0] @ then[0],)


def nearest(first, then):
    return (np.where(np.isnan(first[0]), then[0], first[0]),)


def at_most(calls: int, operator: Callable) -> Callable:
    """The operator, which refuses to work after so many calls."""
    left = [calls]

    def counted(first, then):
        left[0] -= 1
        if left[0] < 0:
            raise RuntimeError(f"operator is called more than {calls} times")
        return operator(first, then)

    return counted


def with_gaps() -> np.ndarray:
    (numbers,) = cases.normal((9,))
    numbers[[1, 2, 4, 5, 6, 7]] = np.nan
    return numbers


@exercise(
    # Sums, a step alone, a recurrence, matrices, 'the next measured value', and a count of the calls.
    cases=lambda: [
        {"operator": add, "arrays": tuple(cases.normal((3,)))},
        {"operator": add, "arrays": tuple(cases.normal((1, 2)))},
        {"operator": join, "arrays": tuple(cases.normal((4,), (4,)))},
        {"operator": join, "arrays": tuple(cases.normal((6, 2), (6, 2)))},
        {"operator": multiply, "arrays": tuple(cases.normal((5, 2, 2)))},
        {"operator": nearest, "arrays": (with_gaps(),)},
        {"operator": at_most(4, join), "arrays": tuple(cases.normal((11, 3), (11, 3)))},
        {"operator": at_most(5, add), "arrays": tuple(cases.normal((32,)))},
    ],
    praise="The way back is a scan too, of anything that is associative, in log2 T rounds.",
    see="A scan in sweeps",
)
def scan_from_the_end(operator, arrays):
    """At each position all from it to the end, joined: arrays is a tuple, each array with time first."""
    arrays = tuple(array.copy() for array in arrays)
    reach = 1
    while reach < len(arrays[0]):
        first = tuple(array[:-reach] for array in arrays)
        then = tuple(array[reach:] for array in arrays)
        for array, joined in zip(arrays, operator(first, then), strict=True):
            array[:-reach] = joined
        reach *= 2
    return arrays


def swept(operator, arrays, reaches):
    """Sweeps with the given reaches, each over what the one before has left."""
    for reach in reaches:
        joined = operator(tuple(one[:-reach] for one in arrays), tuple(one[reach:] for one in arrays))
        arrays = tuple(np.concatenate([new, one[-reach:]]) for one, new in zip(arrays, joined, strict=True))
    return arrays


def doubling(T):
    return [2**k for k in range(20) if 2**k < T]


def exchanged(operator):
    return lambda first, then: operator(then, first)


def flipped(arrays):
    return tuple(one[::-1] for one in arrays)


def from_the_start(operator, arrays):
    return flipped(scan_from_the_end(exchanged(operator), flipped(arrays)))


scan_from_the_end.mistake(
    "You scan from the start: each position is joined with all before it. Here it is all after it.",
    from_the_start,
    lambda operator, arrays: flipped(from_the_start(operator, arrays)),
    see="The way back is a scan too",
)
scan_from_the_end.mistake(
    "The operator's arguments are exchanged: `first` is what comes earlier in time, from either end.",
    lambda operator, arrays: scan_from_the_end(exchanged(operator), arrays),
    see="Two steps are one step",
)
scan_from_the_end.mistake(
    "You turn the arrays round, and not back again: position t belongs to step t.",
    lambda operator, arrays: flipped(scan_from_the_end(operator, arrays)),
    lambda operator, arrays: flipped(scan_from_the_end(exchanged(operator), arrays)),
    see="The way back is a scan too",
)
scan_from_the_end.mistake(
    "You stop one sweep too early: go on while the reach is less than T.",
    lambda operator, arrays: swept(operator, arrays, doubling(len(arrays[0]))[:-1]),
    lambda operator, arrays: swept(
        operator, arrays, [reach for reach in doubling(len(arrays[0])) if 2 * reach <= len(arrays[0])]
    ),
)
scan_from_the_end.mistake(
    "The reach grows by 1. After a sweep each position covers twice as many steps: the reach must double.",
    lambda operator, arrays: swept(operator, arrays, range(1, len(arrays[0]))),
)
scan_from_the_end.mistake(
    "The reach stays 1, so that a position meets its neighbour's steps again and again.",
    lambda operator, arrays: swept(operator, arrays, [1 for _ in doubling(len(arrays[0]))]),
    lambda operator, arrays: swept(operator, arrays, [1 for _ in range(len(arrays[0]) - 1)]),
)
scan_from_the_end.mistake(
    "There is a single sweep: each position is joined with its neighbour alone.",
    lambda operator, arrays: swept(operator, arrays, [1][: len(arrays[0]) - 1]),
)


@scan_from_the_end.mistake(
    "Your values are right, but you call the operator too often. One call can join many positions."
)
def one_by_one(operator, arrays):
    positions = [tuple(one[-1:] for one in arrays)]
    for t in reversed(range(len(arrays[0]) - 1)):
        positions.append(tuple(operator(tuple(one[t : t + 1] for one in arrays), positions[-1])))
    return tuple(np.concatenate(parts) for parts in zip(*positions[::-1], strict=True))


@scan_from_the_end.mistake(
    "You write into the arrays that you were given: copy them first.",
)
def writes_into_them(operator, arrays):
    for one, new in zip(arrays, scan_from_the_end(operator, arrays), strict=True):
        one[:] = new
    return arrays


@scan_from_the_end.mistake(
    "Your arrays close to a ring: positions that have nothing so far to their right must stay as they are."
)
def closed_to_a_ring(operator, arrays):
    for reach in doubling(len(arrays[0])):
        arrays = operator(arrays, tuple(np.roll(one, -reach, axis=0) for one in arrays))
    return arrays


@scan_from_the_end.mistake(
    "After a sweep only the joined positions are left. The last ones have nothing to join, and stay."
)
def shortened(operator, arrays):
    for reach in doubling(len(arrays[0])):
        if reach < len(arrays[0]):
            arrays = operator(tuple(one[:-reach] for one in arrays), tuple(one[reach:] for one in arrays))
    return arrays


scan_from_the_end.mistake(
    "You join everything to one. Each position wants its own: all from it to the end.",
    lambda operator, arrays: tuple(one[0] for one in scan_from_the_end(operator, arrays)),
    lambda operator, arrays: tuple(one[:1] for one in scan_from_the_end(operator, arrays)),
)


def recurrence(T: int, H: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Steps with a matrix, and the states that they made."""
    A, b, h0, d_h = cases.normal((T, H, H), (T, H), (H,), (T, H), seed=seed)
    state, states = h0, []
    for A_t, b_t in zip(A, b, strict=True):
        state = A_t @ state + b_t
        states.append(state)
    return {"A": A, "h": np.array(states).round(2), "h0": h0, "d_h": d_h}


@exercise(
    cases=lambda: [
        recurrence(1, 2),
        recurrence(2, 2),
        recurrence(3, 1),
        recurrence(4, 2, seed=1),
        recurrence(5, 3),
    ],
    praise="The way back through matrices is the same recurrence from the end, with each matrix turned.",
    see="The way back is a scan too",
    parts=("dA", "db", "dh0"),
)
def matrix_steps_backward(A, h, h0, d_h):
    """dA (T, H, H), db (T, H) and dh0 (H,); A (T, H, H), the states h and d_h (T, H), h0 (H,)."""
    total, later = np.zeros_like(d_h), 0
    for t in reversed(range(len(A))):
        total[t] = d_h[t] + later
        later = A[t].T @ total[t]
    h_before = np.concatenate([h0[None], h[:-1]])
    return total[:, :, None] * h_before[:, None, :], total, later


def back(
    A,
    h,
    h0,
    d_h,
    *,
    turn=lambda A_t: A_t.T,
    ahead=1,
    before=lambda h, h0: np.concatenate([h0[None], h[:-1]]),
    at_start=lambda A_1, total_1: A_1.T @ total_1,
):
    """The way back with its parts to turn. ahead: 1 for the next step's matrix, 0 for a step's own."""
    total = np.array(d_h)
    for t in reversed(range(len(A) - 1)):
        total[t] += turn(A[t + ahead]) @ total[t + 1]
    return total[:, :, None] * before(h, h0)[:, None, :], total, at_start(A[0], total[0])


matrix_steps_backward.mistake(
    "The matrix must be turned: what it mixes into one entry on the way out, it hands back to many.",
    lambda *arguments: back(*arguments, turn=lambda A_t: A_t, at_start=lambda A_1, total_1: A_1 @ total_1),
    lambda *arguments: back(*arguments, turn=lambda A_t: A_t),
)
matrix_steps_backward.mistake(
    "In dh0 the matrix is not turned, as it is in the steps.",
    lambda *arguments: back(*arguments, at_start=lambda A_1, total_1: A_1 @ total_1),
)
matrix_steps_backward.mistake(
    "Your matrix is one step off: the state of step t is read by the step after it, with that step's matrix.",
    lambda *arguments: back(*arguments, ahead=0),
)
matrix_steps_backward.mistake(
    "Nothing comes back through the steps: each state hears of its own loss alone.",
    lambda *arguments: back(*arguments, turn=lambda A_t: 0 * A_t),
)
matrix_steps_backward.mistake(
    "Your dA reads the state that the step has made. A_t multiplied the state before it.",
    lambda *arguments: back(*arguments, before=lambda h, h0: h),
)
matrix_steps_backward.mistake(
    "Your first step has no state before it. It read h0.",
    lambda *arguments: back(*arguments, before=lambda h, h0: np.concatenate([0 * h0[None], h[:-1]])),
)
matrix_steps_backward.mistake(
    "Your dA is turned: its rows belong to the new state, its columns to the one before.",
    lambda *arguments: back(*arguments)[0].swapaxes(1, 2),
    part=0,
)
matrix_steps_backward.mistake(
    "Your dA is a product entry by entry, as for the diagonal recurrence. Each pair has an entry of its own.",
    lambda A, h, h0, d_h: back(A, h, h0, d_h)[1] * np.concatenate([h0[None], h[:-1]]),
    part=0,
)
matrix_steps_backward.mistake(
    "You add dA over the steps. Each step has a matrix of its own, (T, H, H).",
    lambda *arguments: back(*arguments)[0].sum(axis=0),
    part=0,
)
matrix_steps_backward.mistake(
    "Your dh0 has not gone through the first step's matrix.",
    lambda *arguments: back(*arguments, at_start=lambda A_1, total_1: total_1),
)
matrix_steps_backward.mistake(
    "Your db is what each loss says of its own state. b_t moves all later states too.",
    lambda A, h, h0, d_h: d_h.copy(),
    part=1,
)
matrix_steps_backward.mistake(
    "You add db over the steps. Each step has a b of its own, (T, H).",
    lambda *arguments: back(*arguments)[1].sum(axis=0),
    part=1,
)


@matrix_steps_backward.mistake(
    "You go from the first step to the last. What a state is told comes from the steps after it."
)
def forwards(A, h, h0, d_h):
    total, later = np.zeros_like(d_h), 0
    for t in range(len(A)):
        total[t] = d_h[t] + later
        later = A[t].T @ total[t]
    return total[:, :, None] * np.concatenate([h0[None], h[:-1]])[:, None, :], total, later


def back_by(A, h, h0, d_h, total):
    """The three gradients from these totals."""
    before = np.concatenate([h0[None], h[:-1]])
    return total[:, :, None] * before[:, None, :], total, A[0].T @ total[0]


@matrix_steps_backward.mistake(
    "Your totals have gone through A_t already: that is what the state before is told."
)
def handed_on(A, h, h0, d_h):
    total, later = np.zeros_like(d_h), 0
    for t in reversed(range(len(A))):
        later = total[t] = A[t].T @ (d_h[t] + later)
    return back_by(A, h, h0, d_h, total)[0], total, later


@matrix_steps_backward.mistake(
    "You pass back what the next step's own loss says. Pass on the total: all later steps speak through it."
)
def neighbours(A, h, h0, d_h):
    total = d_h.copy()
    for t in range(len(A) - 1):
        total[t] += A[t + 1].T @ d_h[t + 1]
    return *back_by(A, h, h0, d_h, total)[:2], A[0].T @ d_h[0]


matrix_steps_backward.mistake(
    "You pass back what the next step's own loss says. Pass on the total: all later steps speak through it.",
    lambda A, h, h0, d_h: back_by(A, h, h0, d_h, neighbours(A, h, h0, d_h)[1]),
)


matrix_steps_backward.mistake(
    "Your dh0 has heard of the first step's loss alone. All later losses come through the first state.",
    lambda A, h, h0, d_h: A[0].T @ d_h[0],
    part=2,
)


@matrix_steps_backward.mistake(
    "You carry the totals from each step to the next one. The way back goes to the step before."
)
def to_the_next(A, h, h0, d_h):
    total = d_h.copy()
    for t in range(1, len(A)):
        total[t] += A[t].T @ total[t - 1]
    return back_by(A, h, h0, d_h, total)


matrix_steps_backward.mistake(
    "Your totals add up without the matrices. The step after has multiplied the state.",
    lambda A, h, h0, d_h: back_by(A, h, h0, d_h, np.cumsum(d_h[::-1], axis=0)[::-1]),
)
matrix_steps_backward.mistake(
    "Your dA hears of each step's own loss alone. A_t moves all later states too.",
    lambda A, h, h0, d_h: d_h[:, :, None] * np.concatenate([h0[None], h[:-1]])[:, None, :],
    part=0,
)
