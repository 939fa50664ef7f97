from functools import partial

import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("02-core-concepts/07-drag-the-weight.ipynb")


def turned(radius: float, period: float) -> np.ndarray:
    angle = 2 * np.pi / period
    return radius * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def loops() -> list[dict]:
    """One unit, a negative one, a pair that turns, a leaning one, mixed ones, and those that do not fade."""
    skew = np.array([[0.5, 3.0], [0.0, 0.8]])
    mixed = np.zeros((3, 3))
    mixed[:2, :2], mixed[2, 2] = turned(0.9, 12), 0.7
    falling = np.array([[0.6, 0.0, 0.4], [-1.0, -0.95, 0.3], [0.0, 0.0, 0.2]])
    [free] = cases.normal((4, 4), seed=3)
    matrices = [np.array([[0.5]]), np.array([[-0.8]]), turned(0.97, 8), skew, mixed, falling, 0.25 * free]
    matrices += [np.array([[1.0]]), np.array([[0.4, 0.0], [0.7, 1.3]]), turned(1.1, 5), np.array([[0.99]])]
    return [{"U": U} for U in matrices]


@exercise(
    cases=loops,
    praise="The largest eigenvalue sets the pace, as |u| does for one unit: near 1, 0.69 / (1 - |u|) steps.",
    see="Two units: any rhythm of two steps and more",
)
def half_life(U):
    """In how many steps (a float) the slowest push in h_t = U h_{t-1}, U (H, H), loses half its size."""
    size = np.abs(np.linalg.eigvals(U)).max()
    return float(np.log(0.5) / np.log(size)) if size < 1 else np.inf


def life(size, half=0.5):
    with np.errstate(all="ignore"):
        return float(np.log(half) / np.log(size)) if size < 1 else np.inf


def eigenvalues(U):
    return np.linalg.eigvals(U)


half_life.mistake(
    "A pair of complex eigenvalues turns the push, and its pace is their size; you take the real part.",
    lambda U: life(np.abs(eigenvalues(U).real).max()),
)
half_life.mistake(
    "You pick the eigenvalue by its real part; a negative or a complex one counts by its size.",
    lambda U: life(eigenvalues(U).real.max()),
    lambda U: life(np.abs(eigenvalues(U)[np.argmax(eigenvalues(U).real)])),
)
half_life.mistake(
    "You take the fastest push, that of the smallest eigenvalue; the slowest is asked for.",
    lambda U: life(np.abs(eigenvalues(U)).min()),
)
half_life.mistake(
    "You take the mean size of the eigenvalues; the largest sets the pace in the end.",
    lambda U: life(np.abs(eigenvalues(U)).mean()),
)
half_life.mistake(
    "You take a norm of U, as singular values give it: a stretch in one step is not the pace of many.",
    lambda U: life(np.linalg.norm(U, 2)),
    lambda U: life(np.linalg.norm(U)),
)
half_life.mistake(
    "You look at single weights; for several units the eigenvalues play the role of u.",
    lambda U: life(np.abs(U).max()),
    lambda U: life(np.abs(np.diag(U)).max()),
    lambda U: life(np.abs(U[0, 0])),
)
half_life.mistake(
    "That is when a push has lost all but 1/e; half is asked for.",
    lambda U: life(np.abs(eigenvalues(U)).max(), np.exp(-1)),
)
half_life.mistake(
    "That is the approximation for sizes near 1; ask at which k the k-th power is 1/2.",
    lambda U: np.log(2) / (1 - np.abs(eigenvalues(U)).max()) if np.abs(eigenvalues(U)).max() < 1 else np.inf,
)
half_life.mistake(
    "A whole number of steps hides how it changes with U; do not round.",
    lambda U: np.ceil(half_life(U)),
    lambda U: np.round(half_life(U)),
    lambda U: np.floor(half_life(U)),
)
half_life.mistake(
    "Your fraction is upside down.",
    lambda U: 1 / half_life(U),
    lambda U: np.log2(np.abs(eigenvalues(U)).max()) if half_life(U) < np.inf else np.inf,
    lambda U: -np.log2(np.abs(eigenvalues(U)).max()) if half_life(U) < np.inf else np.inf,
)
half_life.mistake(
    "You do not take the logarithm of one half; solving for an exponent takes it of both sides.",
    lambda U: 0.5 / np.log(np.abs(eigenvalues(U)).max()) if half_life(U) < np.inf else np.inf,
    lambda U: -0.5 / np.log(np.abs(eigenvalues(U)).max()) if half_life(U) < np.inf else np.inf,
    lambda U: 0.5 / np.abs(eigenvalues(U)).max() if half_life(U) < np.inf else np.inf,
)
half_life.mistake(
    "Your number of steps is negative: both logarithms are, so their signs cancel.",
    lambda U: -half_life(U),
    lambda U: -half_life(U) if np.isfinite(half_life(U)) else np.inf,
)


def unguarded(U):
    with np.errstate(all="ignore"):
        return float(np.log(0.5) / np.log(np.abs(eigenvalues(U)).max()))


half_life.mistake(
    "Where nothing fades your answer is not np.inf; from a largest size of 1 on, half is never lost.",
    unguarded,
    lambda U: half_life(U) if np.isfinite(half_life(U)) else None,
    lambda U: half_life(U) if np.isfinite(half_life(U)) else 0.0,
    lambda U: half_life(U) if np.isfinite(half_life(U)) else np.nan,
    lambda U: half_life(U) if np.abs(eigenvalues(U)).max() <= 1 else -np.inf,
    lambda U: unguarded(U) if np.abs(eigenvalues(U)).max() != 1 else np.inf,
)
half_life.mistake(
    "That is the determinant's pace: how fast an area shrinks, and not the slowest push.",
    lambda U: life(np.abs(np.linalg.det(U))),
    lambda U: life(np.abs(np.linalg.det(U)) ** (1 / len(U))),
)


@exercise(
    cases=lambda: [{"u": u} for u in (2.0, 1.5, 1.2, 1.05, 4.0, 12.0)],
    praise="The larger u, the safer the bit: only a strong push turns it, and a gradient sees less of it.",
    see="Why it decides",
)
def push_to_turn(u):
    """The size of the weakest single push that turns h_t = tanh(u h_{t-1} + push), u > 1, at rest above 0."""
    h = 1.0
    for _ in range(1000):
        h = np.tanh(u * h)
    return float(u * h)


def rest(u, steps=1000, start=1.0):
    h = start
    for _ in range(steps):
        h = np.tanh(u * h)
    return float(h)


STARTS = (1.0, 0.5, 0.1, 0.9)


def too_short(u, start, steps):
    return u * rest(u, steps, start)


def too_soon(u, start, near, last):
    """Ends when a step moves by less than `near`, at the last state or at the one before it."""
    h, after = start, float(np.tanh(u * start))
    while abs(after - h) > near:
        h, after = after, float(np.tanh(u * after))
    return u * (after if last else h)


def up_to(u, bound):
    return min(push_to_turn(u), bound)


push_to_turn.mistake(
    "That is where the unit rests; what the push must outweigh is u times it.", lambda u: rest(u)
)
push_to_turn.mistake(
    "You push the state further than across zero; the rest of the way it goes by itself.",
    lambda u: 2 * rest(u),
    lambda u: 2 * u * rest(u),
    lambda u: (u + 1) * rest(u),
)
push_to_turn.mistake("The size of the push is asked for, a positive number.", lambda u: -push_to_turn(u))
push_to_turn.mistake(
    "The unit has not come to rest: just above u = 1 it creeps; go on until nothing moves.",
    *(partial(too_short, start=start, steps=steps) for start in STARTS for steps in (1, 10, 20, 30, 50, 100)),
    *(
        partial(too_soon, start=start, near=near, last=last)
        for start in (1.0, 0.5)
        for near in (1e-3, 1e-4, 1e-5, 1e-6)
        for last in (True, False)
    ),
)
push_to_turn.mistake(
    "You look for the push up to a fixed bound; for a large u it lies beyond.",
    *(partial(up_to, bound=bound) for bound in (1.0, 1.5, 2.0, 3.0, 5.0, 10.0)),
)
push_to_turn.mistake(
    "You start from h = 1; before the push comes, the unit is at rest, and that is below 1.",
    lambda u: float(u),
    lambda u: 1.0,
)
push_to_turn.mistake(
    "You squeeze the push's rival: the push is added inside the tanh, to u h itself.",
    lambda u: float(np.tanh(u * rest(u) * u)),
    lambda u: float(np.tanh(rest(u))),
)
push_to_turn.mistake(
    "That is the slope at the resting place: how fast it returns from a small push, and not what turns it.",
    lambda u: u * (1 - rest(u) ** 2),
)
push_to_turn.mistake("Your unit rests at zero, where no push is needed; it rests above zero.", lambda u: 0.0)
push_to_turn.mistake(
    "u is missing in the loop: the resting place belongs to u.",
    lambda u: u * float(rest(1.0)),
    lambda u: float(np.tanh(u)),
)
push_to_turn.mistake(
    "The weight stands outside the tanh in your loop; it multiplies the state inside.",
    lambda u: u * outside(u),
)


def outside(u):
    h = 1.0
    for _ in range(1000):
        h = u * np.tanh(h)
    return float(h)


def tried(u, grid):
    """The first push of a grid that turns the unit."""
    return float(grid[grid > u * rest(u)][0])


push_to_turn.mistake(
    "You try pushes on a grid, which is too coarse: ask what the sum inside the tanh must be.",
    lambda u: tried(u, np.arange(0, 15, 0.1)),
    lambda u: tried(u, np.arange(0, 15, 0.01)),
    lambda u: tried(u, np.arange(0, 15, 0.001)),
)
push_to_turn.mistake("You divide by u; the push is compared with u times the state.", lambda u: rest(u) / u)


half_life.mistake(
    "You take the first eigenvalue; they come in no order: look for the largest in size.",
    lambda U: life(np.abs(eigenvalues(U)[0])),
)
half_life.mistake(
    "You take the last eigenvalue; they come in no order: look for the largest in size.",
    lambda U: life(np.abs(eigenvalues(U)[-1])),
)
