import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("08-trends/03-the-parallel-scan.ipynb")


def steps_of(*shape: int) -> dict:
    """Two stretches of steps with a matrix, of the shape (..., H)."""
    H = shape[-1]
    A, b, A_then, b_then = cases.normal((*shape, H), shape, (*shape, H), shape)
    return {"first": (A, b), "then": (A_then, b_then)}


@exercise(
    cases=lambda: [steps_of(2), steps_of(2, 2), steps_of(4, 3), steps_of(2, 3, 2)],
    praise="Matrices join as numbers do, with the later one on the left, at the price of H times the work.",
    see="Two steps are one step",
)
def combine_steps(first, then):
    """Two steps as one: each is a pair A (..., H, H), b (..., H), which turns h into A h + b."""
    (A, b), (A_then, b_then) = first, then
    return A_then @ A, (A_then @ b[..., None])[..., 0] + b_then


combine_steps.mistake(
    "The later matrix must stand on the left: it acts on what the earlier one has made.",
    lambda first, then: first[0] @ then[0],
    part=0,
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
    "You multiply b by the earlier matrix; it was added after that one, and meets the later one.",
    lambda first, then: (first[0] @ first[1][..., None])[..., 0] + then[1],
    part=1,
)
combine_steps.mistake(
    "The star multiplies entry by entry, as for the diagonal recurrence; matrices take @.",
    lambda first, then: then[0] * first[0],
    part=0,
)
combine_steps.mistake(
    "A @ b reads a stack of vectors b as one matrix; give each vector a last axis, and take it off after.",
    lambda first, then: then[0] @ first[1] + then[1],
    part=1,
)
combine_steps.mistake(
    "The later b is forgotten.", lambda first, then: (then[0] @ first[1][..., None])[..., 0], part=1
)


def add(first, then):
    return (first[0] + then[0],)


def join(first, then):
    return then[0] * first[0], then[0] * first[1] + then[1]


def later(first, then):
    return (np.where(np.isnan(then[0]), first[0], then[0]),)


def with_gaps() -> np.ndarray:
    (numbers,) = cases.normal((9,))
    numbers[[1, 2, 4, 5, 6, 7]] = np.nan
    return numbers


@exercise(
    # Sums, one step alone, steps of a recurrence, and 'the last value that was measured'.
    cases=lambda: [
        {"operator": add, "arrays": tuple(cases.normal((3,)))},
        {"operator": add, "arrays": tuple(cases.normal((1, 2)))},
        {"operator": join, "arrays": tuple(cases.normal((4,), (4,)))},
        {"operator": join, "arrays": tuple(cases.normal((8, 2), (8, 2)))},
        {"operator": join, "arrays": tuple(cases.normal((11, 3), (11, 3)))},
        {"operator": later, "arrays": (with_gaps(),)},
    ],
    praise="One program for sums, recurrences and all else that is associative, in log2 T rounds.",
    see="A scan in sweeps",
)
def scan_by_sweeps(operator, arrays):
    """Every position joined with all before it: arrays is a tuple, each array with time first."""
    arrays = tuple(array.copy() for array in arrays)
    reach = 1
    while reach < len(arrays[0]):
        first = tuple(array[:-reach] for array in arrays)
        then = tuple(array[reach:] for array in arrays)
        for array, joined in zip(arrays, operator(first, then), strict=True):
            array[reach:] = joined
        reach *= 2
    return arrays


def swept(operator, arrays, reaches):
    """Sweeps with the given reaches, each over what the one before has left."""
    for reach in reaches:
        joined = operator(tuple(one[:-reach] for one in arrays), tuple(one[reach:] for one in arrays))
        arrays = tuple(np.concatenate([one[:reach], new]) for one, new in zip(arrays, joined, strict=True))
    return arrays


def doubling(T):
    return [2**k for k in range(20) if 2**k < T]


@scan_by_sweeps.mistake(
    "The operator's arguments are exchanged: what lies further left comes first.",
    see="Two steps are one step",
)
def operator_exchanged(operator, arrays):
    return swept(lambda first, then: operator(then, first), arrays, doubling(len(arrays[0])))


scan_by_sweeps.mistake(
    "You stop one sweep too early: go on while the reach is less than T.",
    lambda operator, arrays: swept(operator, arrays, doubling(len(arrays[0]))[:-1]),
)
scan_by_sweeps.mistake(
    "The reach grows by 1. After a sweep each position covers twice as many steps: the reach must double.",
    lambda operator, arrays: swept(operator, arrays, range(1, len(arrays[0]))),
)
scan_by_sweeps.mistake(
    "The reach stays 1, so that a position meets its neighbour's steps again and again.",
    lambda operator, arrays: swept(operator, arrays, [1 for _ in doubling(len(arrays[0]))]),
)


@scan_by_sweeps.mistake(
    "Within a sweep you read positions that this sweep has already overwritten; all must read the old ones."
)
def reads_overwritten(operator, arrays):
    arrays = tuple(one.copy() for one in arrays)
    for reach in doubling(len(arrays[0])):
        for t in range(reach, len(arrays[0])):
            joined = operator(tuple(one[t - reach] for one in arrays), tuple(one[t] for one in arrays))
            for one, new in zip(arrays, joined, strict=True):
                one[t] = new
    return arrays


@scan_by_sweeps.mistake("You write into the arrays that you were given: copy them first.")
def writes_into_them(operator, arrays):
    for one, new in zip(arrays, scan_by_sweeps(operator, arrays), strict=True):
        one[:] = new
    return arrays


@scan_by_sweeps.mistake(
    "Your arrays close to a ring: positions that have nothing so far to their left must stay as they are."
)
def closed_to_a_ring(operator, arrays):
    for reach in doubling(len(arrays[0])):
        arrays = operator(tuple(np.roll(one, reach, axis=0) for one in arrays), arrays)
    return arrays
