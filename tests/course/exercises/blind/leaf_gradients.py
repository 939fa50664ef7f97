import numpy as np


def right_1(tree, E, A, B, b, d_root):
    """Two recursions: vectors upwards, gradients downwards."""
    dE = np.zeros(E.shape)

    def vector(node):
        if isinstance(node, tuple):
            return np.tanh(A @ vector(node[0]) + B @ vector(node[1]) + b)
        return E[node]

    def down(node, d):
        if isinstance(node, tuple):
            delta = d * (1 - vector(node) ** 2)
            down(node[0], A.T @ delta)
            down(node[1], B.T @ delta)
        else:
            dE[node] += d

    down(tree, d_root)
    return dE


def wrong_1(tree, E, A, B, b, d_root):
    """= instead of +=: a leaf that is used again overwrites what was there."""
    dE = np.zeros_like(E)

    def forward(node):
        if isinstance(node, int):
            return E[node]
        return np.tanh(A @ forward(node[0]) + B @ forward(node[1]) + b)

    def backward(node, d):
        if isinstance(node, int):
            dE[node] = d
            return
        delta = (1 - forward(node) ** 2) * d
        backward(node[0], delta @ A)
        backward(node[1], delta @ B)

    backward(tree, d_root)
    return dE


def wrong_2(tree, E, A, B, b, d_root):
    """The matrices are not transposed on the way down: A @ delta."""
    dE = np.zeros_like(E)

    def vec(t):
        return E[t] if isinstance(t, int) else np.tanh(A @ vec(t[0]) + B @ vec(t[1]) + b)

    stack = [(tree, d_root)]
    while stack:
        t, d = stack.pop()
        if isinstance(t, int):
            dE[t] += d
        else:
            delta = d * (1 - vec(t) ** 2)
            stack += [(t[0], A @ delta), (t[1], B @ delta)]
    return dE


def wrong_3(tree, E, A, B, b, d_root):
    """The slope of the parent's tanh is left out at the root: d_root is taken for dL/dz."""
    dE = np.zeros_like(E)

    def run(t):
        if isinstance(t, int):
            return E[t]
        return np.tanh(A @ run(t[0]) + B @ run(t[1]) + b)

    def back(t, delta):
        for child, M in zip(t, (A, B)):
            d = M.T @ delta
            if isinstance(child, int):
                dE[child] += d
            else:
                back(child, d * (1 - run(child) ** 2))

    if isinstance(tree, int):
        dE[tree] = d_root
    else:
        back(tree, d_root)
    return dE
