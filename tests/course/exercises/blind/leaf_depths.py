import numpy as np


def right_1(tree):
    """Recursion: one more than the depths in the two children."""
    if not isinstance(tree, tuple):
        return [0]
    return [1 + depth for child in tree for depth in right_1(child)]


def wrong_1(tree):
    """The height of the tree for every leaf: each takes one more than the deepest leaf of its children."""
    if isinstance(tree, int):
        return [0]
    left, right = wrong_1(tree[0]), wrong_1(tree[1])
    deepest = 1 + max(left + right)
    return [deepest] * (len(left) + len(right))


def wrong_2(tree):
    """A queue level by level: the leaves come in the order of their depth, not from left to right."""
    queue, depths = [(tree, 0)], []
    while queue:
        node, depth = queue.pop(0)
        if isinstance(node, tuple):
            queue.append((node[0], depth + 1))
            queue.append((node[1], depth + 1))
        else:
            depths.append(depth)
    return depths


def wrong_3(tree):
    """The depths are nested as the tree is, not a flat list (append instead of extend)."""
    def walk(node, depth):
        if isinstance(node, int):
            return depth
        result = []
        for child in node:
            result.append(walk(child, depth + 1))
        return result

    depths = walk(tree, 0)
    return depths if isinstance(depths, list) else [depths]
