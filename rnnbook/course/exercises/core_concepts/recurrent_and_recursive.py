"""Exercises of chapters/02-core-concepts/05-recurrent-and-recursive.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.core_concepts import recurrent_and_recursive as solutions

NOTEBOOK = "02-core-concepts/05-recurrent-and-recursive.ipynb"


def nested(value):
    """Trees are compared as text: (1, 2) is not [1, 2], and ((1, 2), 3) is not (1, 2, 3)."""
    return repr(value)


lean_left = Exercise(
    solutions.lean_left,
    notebook=NOTEBOOK,
    cases=lambda: [{"leaves": leaves} for leaves in ([5], [1, 2], [1, 2, 3], [0, 1, 1, 0, 1])],
    view=nested,
    praise="A recursive network on this tree is a recurrent network on its leaves.",
)
SPECIAL, NETWORK = "A chain is the special tree", "The recursive network"


@lean_left.mistake("Your tree leans to the right: (1, (2, 3)).", see=SPECIAL)
def leans_right(leaves):
    tree = leaves[-1]
    for leaf in leaves[-2::-1]:
        tree = (leaf, tree)
    return tree


@lean_left.mistake("Your tree is flat: every node has two children, nested pairs.", see="Expressions")
def flat(leaves):
    return tuple(leaves)


@lean_left.mistake("The new leaf stands on the left; the left child is everything so far.", see=SPECIAL)
def new_leaf_left(leaves):
    tree = leaves[0]
    for leaf in leaves[1:]:
        tree = (leaf, tree)
    return tree


@lean_left.mistake("The last leaf is missing.", see=SPECIAL)
def last_leaf_missing(leaves):
    return solutions.lean_left(leaves[:-1] or leaves)


@lean_left.mistake(
    "The first leaf stands alone in a pair with None; it is the innermost left child itself.", see=SPECIAL
)
def none_at_the_bottom(leaves):
    tree = None
    for leaf in leaves:
        tree = (tree, leaf)
    return tree


@lean_left.mistake("You begin from the last leaf: the order of the leaves is turned round.", see=SPECIAL)
def from_the_end(leaves):
    return solutions.lean_left(leaves[::-1])


def expression(tree, leaves: int, units: int) -> dict:
    E, A, B, b = cases.normal((leaves, units), (units, units), (units, units), (units,))
    return {"tree": tree, "E": E, "A": A, "B": B, "b": b}


tree_vector = Exercise(
    solutions.tree_vector,
    notebook=NOTEBOOK,
    cases=lambda: [
        expression(1, 2, 2),
        expression((0, 1), 2, 2),
        expression(((0, 1), 1), 2, 3),
        expression(((2, 0), (1, (0, 2))), 3, 2),
    ],
    praise="One step, repeated up a tree instead of along a chain.",
)


@tree_vector.mistake(
    "The two children get the same matrix; A is for the left and B for the right.", see=NETWORK
)
def one_matrix(tree, E, A, B, b):
    return solutions.tree_vector(tree, E, A, A, b)


@tree_vector.mistake("Left and right are exchanged.", see=NETWORK)
def children_exchanged(tree, E, A, B, b):
    return solutions.tree_vector(tree, E, B, A, b)


@tree_vector.mistake("The leaves are squeezed as well; a leaf is its row of E as it stands.", see=NETWORK)
def leaves_squeezed(tree, E, A, B, b):
    return solutions.tree_vector(tree, np.tanh(E), A, B, b)


@tree_vector.mistake("The nodes are not squeezed: tanh is missing.", see=NETWORK)
def nodes_unsqueezed(tree, E, A, B, b):
    if not isinstance(tree, tuple):
        return E[tree]
    return A @ nodes_unsqueezed(tree[0], E, A, B, b) + B @ nodes_unsqueezed(tree[1], E, A, B, b) + b


@tree_vector.mistake("You read the leaves as a chain and leave out the brackets.", see=SPECIAL)
def brackets_ignored(tree, E, A, B, b):
    def leaves(tree):
        return leaves(tree[0]) + leaves(tree[1]) if isinstance(tree, tuple) else [tree]

    return solutions.tree_vector(solutions.lean_left(leaves(tree)), E, A, B, b)


@tree_vector.mistake("The bias is missing at the nodes.", see=NETWORK)
def nodes_without_bias(tree, E, A, B, b):
    return solutions.tree_vector(tree, E, A, B, 0 * b)


@tree_vector.mistake("The matrices are transposed.", see=NETWORK)
def matrices_transposed(tree, E, A, B, b):
    return solutions.tree_vector(tree, E, A.T, B.T, b)
