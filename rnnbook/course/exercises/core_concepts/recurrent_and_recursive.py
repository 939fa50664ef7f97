import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("02-core-concepts/05-recurrent-and-recursive.ipynb")

TREES = ((0, 1), 7, ((0, 1), 2), (4, ((5, 6), 7)), (((1, 1), 0), (0, (1, (0, 1)))), ((((3, 2), 1), 0), 5))


@exercise(
    cases=lambda: [{"tree": tree} for tree in TREES],
    praise="In a chain the first leaf is furthest away; a balanced tree keeps all of them near.",
    see="A chain is the special tree",
)
def leaf_depths(tree):
    """How many steps lead from each leaf up to the root: a list, from the leftmost leaf to the rightmost."""
    if not isinstance(tree, tuple):
        return [0]
    return [1 + depth for child in tree for depth in leaf_depths(child)]


def leaves(tree):
    return [leaf for child in tree for leaf in leaves(child)] if isinstance(tree, tuple) else [tree]


def height(tree):
    return 1 + max(map(height, tree)) if isinstance(tree, tuple) else 0


leaf_depths.mistake(
    "You count from 1; a leaf that is the whole tree is 0 steps from the root.",
    lambda tree: [1 + depth for depth in leaf_depths(tree)],
)
leaf_depths.mistake(
    "That is the height of the tree, the longest of the ways; each leaf has its own.",
    lambda tree: height(tree),
    lambda tree: [height(tree)] * len(leaves(tree)),
)
leaf_depths.mistake(
    "You count as if the leaves stood in a chain; the brackets decide how far each is from the root.",
    lambda tree: list(range(len(leaves(tree)))),
    lambda tree: list(range(len(leaves(tree)) - 1, -1, -1)),
    lambda tree: [max(0, len(leaves(tree)) - max(1, k)) for k in range(len(leaves(tree)))],
    lambda tree: list(range(1, len(leaves(tree)) + 1)),
)
leaf_depths.mistake(
    "The leaves come from right to left; begin with the leftmost.", lambda tree: leaf_depths(tree)[::-1]
)
leaf_depths.mistake(
    "Your list is sorted; it should follow the leaves from left to right.",
    lambda tree: sorted(leaf_depths(tree)),
    lambda tree: sorted(leaf_depths(tree), reverse=True),
)
leaf_depths.mistake(
    "You return the leaves; how far each is from the root is asked for.", lambda tree: leaves(tree)
)
leaf_depths.mistake(
    "You count the step to the node above only; the way goes on, up to the root.",
    lambda tree: [int(isinstance(tree, tuple))] * len(leaves(tree)),
)
leaf_depths.mistake(
    "Your list is nested like the tree; a flat list is asked for.", lambda tree: nested_depths(tree)
)


def nested_depths(tree, depth=0, kind=list):
    if not isinstance(tree, tuple):
        return depth if depth else [0]
    return kind(nested_depths(child, depth + 1, kind) for child in tree)


@leaf_depths.mistake("The inner nodes are in your list; only the leaves should be.")
def all_nodes(tree, depth=0):
    below = [d for child in tree for d in all_nodes(child, depth + 1)] if isinstance(tree, tuple) else []
    return [depth, *below]


def one_side(tree, side):
    if not isinstance(tree, tuple):
        return [0]
    return [(k == side) + depth for k, child in enumerate(tree) for depth in one_side(child, side)]


leaf_depths.mistake(
    "You count the steps to the left only; those to the right lead away from the root as well.",
    lambda tree: one_side(tree, 0),
)
leaf_depths.mistake(
    "You count the steps to the right only; those to the left lead away from the root as well.",
    lambda tree: one_side(tree, 1),
)
leaf_depths.mistake(
    "You add up the ways of all leaves; give one number per leaf.",
    lambda tree: sum(leaf_depths(tree)),
)


def pulled(tree, rows: int, units: int, seed: int = 0) -> dict:
    shapes = (rows, units), (units, units), (units, units), (units,), (units,)
    E, A, B, b, d_root = cases.normal(*shapes, seed=seed)
    return {"tree": tree, "E": E, "A": (0.7 * A).round(2), "B": (0.7 * B).round(2), "b": b, "d_root": d_root}


@exercise(
    cases=lambda: [
        pulled((0, 1), 2, 2),
        pulled(2, 3, 2, seed=1),
        pulled((1, 1), 2, 3, seed=2),
        pulled(((0, 2), 1), 4, 3, seed=3),
        pulled((3, (0, (1, 0))), 4, 2, seed=4),
        pulled(((2, 0), ((1, 2), 3)), 5, 3, seed=5),
    ],
    praise="Back-propagation through structure: down each branch, and added up where a leaf is met again.",
    see="Many trees at once",
)
def leaf_gradients(tree, E, A, B, b, d_root):
    """dL/dE (K, H) for a tree of nested pairs over rows of E, from d_root = dL/dh (H,) at its root."""

    def vector(tree):
        if not isinstance(tree, tuple):
            return E[tree]
        return np.tanh(A @ vector(tree[0]) + B @ vector(tree[1]) + b)

    def descend(tree, d_h):
        if isinstance(tree, tuple):
            delta = d_h * (1 - vector(tree) ** 2)
            descend(tree[0], A.T @ delta)
            descend(tree[1], B.T @ delta)
        else:
            dE[tree] += d_h

    dE = np.zeros_like(E)
    descend(tree, d_root)
    return dE


def vector(tree, E, A, B, b):
    if not isinstance(tree, tuple):
        return E[tree]
    return np.tanh(A @ vector(tree[0], E, A, B, b) + B @ vector(tree[1], E, A, B, b) + b)


def downwards(
    tree,
    E,
    A,
    B,
    b,
    d_root,
    slope=lambda h, children: 1 - h * h,
    left=lambda A, B: A.T,
    right=lambda A, B: B.T,
    collect=np.add,
    at_leaf=lambda d_h, leaf: d_h,
    split=1.0,
    down=True,
):
    """The solution with one thing done in another way."""
    dE = np.zeros_like(E)

    def descend(tree, d_h):
        if not isinstance(tree, tuple):
            dE[tree] = collect(dE[tree], at_leaf(d_h, E[tree]))
            return
        h, children = vector(tree, E, A, B, b), [vector(child, E, A, B, b) for child in tree]
        delta = split * d_h * slope(h, children)
        descend(tree[0], left(A, B) @ (delta if down else split * d_root * slope(h, children)))
        descend(tree[1], right(A, B) @ (delta if down else split * d_root * slope(h, children)))

    descend(tree, d_root)
    return dE


leaf_gradients.mistake(
    "A leaf that stands twice in the tree gets two gradients, and they add up; you keep one of them.",
    lambda *case: downwards(*case, collect=lambda old, new: new),
    lambda *case: downwards(*case, collect=lambda old, new: old if old.any() else new),
)
leaf_gradients.mistake(
    "The slope of tanh is missing: the error enters each node from behind its squashing function.",
    lambda *case: downwards(*case, slope=lambda h, children: 1.0),
)
leaf_gradients.mistake(
    "You take the slope of the sigmoid, h * (1 - h); the nodes are tanh.",
    lambda *case: downwards(*case, slope=lambda h, children: h * (1 - h)),
)
leaf_gradients.mistake(
    "Left and right are exchanged: A made the left child's part, so its error goes back through A.",
    lambda *case: downwards(*case, left=lambda A, B: B.T, right=lambda A, B: A.T),
)
leaf_gradients.mistake(
    "Your error goes through A and B as they stand; on the way down it goes through them transposed.",
    lambda *case: downwards(*case, left=lambda A, B: A, right=lambda A, B: B),
)
leaf_gradients.mistake(
    "In your answer both children get the same error; the right one's goes through B.",
    lambda *case: downwards(*case, right=lambda A, B: A.T),
)
leaf_gradients.mistake(
    "The leaves are not squeezed, and yet your error passes a slope at them.",
    lambda *case: downwards(*case, at_leaf=lambda d_h, leaf: d_h * (1 - leaf**2)),
    lambda *case: downwards(*case, at_leaf=lambda d_h, leaf: d_h * (1 - np.tanh(leaf) ** 2)),
)
leaf_gradients.mistake(
    "The same error enters every node in your answer; it changes on its way down.",
    lambda *case: downwards(*case, down=False),
    lambda *case: downwards(
        *case,
        slope=lambda h, children: 1.0,
        left=lambda A, B: np.eye(len(A)),
        right=lambda A, B: np.eye(len(A)),
    ),
)
leaf_gradients.mistake(
    "You halve the error for two children; each gets all of it, through its own matrix.",
    lambda *case: downwards(*case, split=0.5),
)


def one_level(tree, E, A, B, b, d_root):
    dE = np.zeros_like(E)
    if not isinstance(tree, tuple):
        dE[tree] += d_root
        return dE
    delta = d_root * (1 - vector(tree, E, A, B, b) ** 2)
    for child, matrix in zip(tree, (A, B), strict=True):
        if not isinstance(child, tuple):
            dE[child] += matrix.T @ delta
    return dE


leaf_gradients.mistake(
    "Your error stops one level below the root; it goes on, down to every leaf.", one_level
)


def by_leaf(tree, E, A, B, b, d_h):
    if not isinstance(tree, tuple):
        return [d_h]
    delta = d_h * (1 - vector(tree, E, A, B, b) ** 2)
    return by_leaf(tree[0], E, A, B, b, A.T @ delta) + by_leaf(tree[1], E, A, B, b, B.T @ delta)


leaf_gradients.mistake(
    "You return one gradient per leaf of the tree; one per row of E is asked for, zero where it is not used.",
    lambda *case: np.array(by_leaf(*case)),
)
leaf_gradients.mistake(
    "Your slopes are one level off: the error passes the slope of a node before it goes to its children.",
    lambda *case: slope_of_child(*case),
)


def slope_of_child(tree, E, A, B, b, d_root):
    """The root's error passes no slope, and that of each child its own, leaves too."""
    dE = np.zeros_like(E)

    def descend(tree, d_h):
        if not isinstance(tree, tuple):
            dE[tree] += d_h
            return
        for child, matrix in zip(tree, (A, B), strict=True):
            descend(child, matrix.T @ d_h * (1 - vector(child, E, A, B, b) ** 2))

    descend(tree, d_root)
    return dE


def no_slope_at_root(tree, E, A, B, b, d_root):
    """Slopes at all nodes but the root."""
    dE = np.zeros_like(E)

    def descend(tree, d_h, is_root=False):
        if not isinstance(tree, tuple):
            dE[tree] += d_h
            return
        delta = d_h if is_root else d_h * (1 - vector(tree, E, A, B, b) ** 2)
        descend(tree[0], A.T @ delta)
        descend(tree[1], B.T @ delta)

    descend(tree, d_root, is_root=True)
    return dE


def slope_at_root_alone(tree, E, A, B, b, d_root):
    """A slope at the root, and at no other node."""
    if isinstance(tree, tuple):
        d_root = d_root * (1 - vector(tree, E, A, B, b) ** 2)
    return downwards(tree, E, A, B, b, d_root, slope=lambda h, children: 1.0)


leaf_gradients.mistake(
    "The root has no slope in your answer: d_root is dL/dh, in front of the root's own tanh.",
    no_slope_at_root,
)
leaf_gradients.mistake(
    "Only the root has a slope in your answer; every inner node has a tanh of its own.", slope_at_root_alone
)
leaf_gradients.mistake(
    "The mean of a leaf's gradients is taken where it stands twice; they add up.",
    lambda tree, *rest: (
        downwards(tree, *rest) / np.maximum(np.bincount(leaves(tree), minlength=len(rest[0])), 1)[:, None]
    ),
)


leaf_depths.mistake(
    "For a single leaf you do not return [0]: it gives a list, too, with one 0 in it.",
    lambda tree: leaf_depths(tree) if isinstance(tree, tuple) else 0,
    lambda tree: leaf_depths(tree) if isinstance(tree, tuple) else [],
)
leaf_depths.mistake(
    "You keep the longest way of each of the two subtrees; every leaf has its own.",
    lambda tree: [1 + height(child) for child in tree] if isinstance(tree, tuple) else [0],
    lambda tree: (
        [1 + height(child) for child in tree for _ in leaves(child)] if isinstance(tree, tuple) else [0]
    ),
)


@leaf_gradients.mistake(
    "You take the slope after the matrix; on the way down the slope of the node comes first."
)
def slope_last(tree, E, A, B, b, d_root):
    dE = np.zeros_like(E)

    def descend(tree, d_h):
        if not isinstance(tree, tuple):
            dE[tree] += d_h
            return
        slope = 1 - vector(tree, E, A, B, b) ** 2
        descend(tree[0], A.T @ d_h * slope)
        descend(tree[1], B.T @ d_h * slope)

    descend(tree, d_root)
    return dE


def with_slopes(tree, E, A, B, b, d_root, slope):
    """slope(z, h): of a node with the sum z and the vector h = tanh(z)."""
    dE = np.zeros_like(E)

    def descend(tree, d_h):
        if not isinstance(tree, tuple):
            dE[tree] += d_h
            return
        z = A @ vector(tree[0], E, A, B, b) + B @ vector(tree[1], E, A, B, b) + b
        delta = d_h * slope(z, np.tanh(z))
        descend(tree[0], A.T @ delta)
        descend(tree[1], B.T @ delta)

    descend(tree, d_root)
    return dE


leaf_gradients.mistake(
    "You put the sum z into 1 - h * h; that is the slope if h is the node's vector, behind the tanh.",
    lambda *case: with_slopes(*case, lambda z, h: 1 - z**2),
)
leaf_gradients.mistake(
    "You squeeze the node's vector once more; it is behind the tanh already, and its slope is 1 - h * h.",
    lambda *case: with_slopes(*case, lambda z, h: 1 - np.tanh(h) ** 2),
)
