import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("02-core-concepts/05-recurrent-and-recursive.ipynb")


def nested(value):
    """Trees are compared as text: (1, 2) is not [1, 2], and ((1, 2), 3) is not (1, 2, 3)."""
    return repr(value)


@exercise(
    cases=lambda: [{"leaves": leaves} for leaves in ([5], [1, 2], [1, 2, 3], [0, 1, 1, 0, 1])],
    view=nested,
    praise="A recursive network on this tree is a recurrent network on its leaves.",
    see="A chain is the special tree",
)
def lean_left(leaves):
    """The tree of nested pairs that leans to the left as far as it can: [1, 2, 3] gives ((1, 2), 3)."""
    tree = leaves[0]
    for leaf in leaves[1:]:
        tree = (tree, leaf)
    return tree


@lean_left.mistake("Your tree leans to the right: (1, (2, 3)).")
def leans_right(leaves):
    tree = leaves[-1]
    for leaf in leaves[-2::-1]:
        tree = (leaf, tree)
    return tree


lean_left.mistake(
    "Your tree is flat: every node has two children, nested pairs.",
    lambda leaves: tuple(leaves),
    see="Expressions",
)


@lean_left.mistake("The new leaf stands on the left; the left child is everything so far.")
def new_leaf_left(leaves):
    tree = leaves[0]
    for leaf in leaves[1:]:
        tree = (leaf, tree)
    return tree


lean_left.mistake("The last leaf is missing.", lambda leaves: lean_left(leaves[:-1] or leaves))
lean_left.mistake(
    "The first leaf stands alone in a pair with None; it is the innermost left child itself.",
    lambda leaves: lean_left([None, *leaves]),
)
lean_left.mistake(
    "You begin from the last leaf: the order of the leaves is turned round.",
    lambda leaves: lean_left(leaves[::-1]),
)


def expression(tree, leaves: int, units: int) -> dict:
    E, A, B, b = cases.normal((leaves, units), (units, units), (units, units), (units,))
    return {"tree": tree, "E": E, "A": A, "B": B, "b": b}


@exercise(
    cases=lambda: [
        expression(1, 2, 2),
        expression((0, 1), 2, 2),
        expression(((0, 1), 1), 2, 3),
        expression(((2, 0), (1, (0, 2))), 3, 2),
    ],
    praise="One step, repeated up a tree instead of along a chain.",
    see="The recursive network",
)
def tree_vector(tree, E, A, B, b):
    """The vector (H,) of a tree of nested pairs; a leaf is the number of its row of E (K, H)."""
    if not isinstance(tree, tuple):
        return E[tree]
    left, right = tree
    return np.tanh(A @ tree_vector(left, E, A, B, b) + B @ tree_vector(right, E, A, B, b) + b)


tree_vector.mistake(
    "The two children get the same matrix; A is for the left and B for the right.",
    lambda tree, E, A, B, b: tree_vector(tree, E, A, A, b),
)
tree_vector.mistake("Left and right are exchanged.", lambda tree, E, A, B, b: tree_vector(tree, E, B, A, b))
tree_vector.mistake(
    "The leaves are squeezed as well; a leaf is its row of E as it stands.",
    lambda tree, E, A, B, b: tree_vector(tree, np.tanh(E), A, B, b),
)


@tree_vector.mistake("The nodes are not squeezed: tanh is missing.")
def nodes_unsqueezed(tree, E, A, B, b):
    if not isinstance(tree, tuple):
        return E[tree]
    return A @ nodes_unsqueezed(tree[0], E, A, B, b) + B @ nodes_unsqueezed(tree[1], E, A, B, b) + b


@tree_vector.mistake(
    "You read the leaves as a chain and leave out the brackets.", see="A chain is the special tree"
)
def brackets_ignored(tree, E, A, B, b):
    def leaves(tree):
        return leaves(tree[0]) + leaves(tree[1]) if isinstance(tree, tuple) else [tree]

    return tree_vector(lean_left(leaves(tree)), E, A, B, b)


tree_vector.mistake(
    "The bias is missing at the nodes.", lambda tree, E, A, B, b: tree_vector(tree, E, A, B, 0 * b)
)
tree_vector.mistake(
    "The matrices are transposed.", lambda tree, E, A, B, b: tree_vector(tree, E, A.T, B.T, b)
)
