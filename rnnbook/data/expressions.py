"""Boolean expressions with brackets: strings that are also trees, with a meaning that can be computed.

    from rnnbook.data import expressions

    tree = expressions.draw(4, np.random.default_rng(0))     # nested tuples: (left, operator, right)
    expressions.text(tree)                                   # such as "((0&1)^(1|1))"
    expressions.value(tree)                                  # 0 or 1

A leaf is 0 or 1. The operators are & (and), | (or) and ^ (exclusive or). Every operator has its brackets, so
the string and the tree say the same.
"""

from collections.abc import Collection, Sequence

import numpy as np

OPERATORS = "&|^"
SYMBOLS = "01&|^()"

Tree = int | tuple["Tree", str, "Tree"]


def draw(leaves: int, rng: np.random.Generator) -> Tree:
    """One expression with ``leaves`` leaves; its split, its operators and its leaves are drawn uniformly.

    ValueError if ``leaves`` is less than 1.
    """
    if leaves < 1:
        raise ValueError(f"leaves must be at least 1, got {leaves}")
    if leaves == 1:
        return int(rng.integers(2))
    on_the_left = int(rng.integers(1, leaves))
    operator = OPERATORS[int(rng.integers(len(OPERATORS)))]
    return draw(on_the_left, rng), operator, draw(leaves - on_the_left, rng)


def draw_new(
    count: int, leaves: Sequence[int], rng: np.random.Generator, seen: Collection[str] = ()
) -> list[Tree]:
    """Draw ``count`` different expressions whose texts are not in ``seen``; sizes uniform over ``leaves``.

    RuntimeError if that many new ones are not found.
    """
    taken, trees = set(seen), []
    for _ in range(100 * count):
        tree = draw(int(rng.choice(leaves)), rng)
        if text(tree) not in taken:
            taken.add(text(tree))
            trees.append(tree)
        if len(trees) == count:
            return trees
    raise RuntimeError(f"found only {len(trees)} of {count} new expressions with leaves in {list(leaves)}")


def text(tree: Tree) -> str:
    """Write a tree as a string; ``n`` leaves make ``4 n - 3`` symbols."""
    if isinstance(tree, int):
        return str(tree)
    left, operator, right = tree
    return f"({text(left)}{operator}{text(right)})"


def value(tree: Tree) -> int:
    """Compute what the expression means: 0 or 1."""
    if isinstance(tree, int):
        return tree
    left, operator, right = tree
    a, b = value(left), value(right)
    return {"&": a & b, "|": a | b, "^": a ^ b}[operator]


def leaves(tree: Tree) -> int:
    """Count the leaves."""
    return 1 if isinstance(tree, int) else leaves(tree[0]) + leaves(tree[2])
