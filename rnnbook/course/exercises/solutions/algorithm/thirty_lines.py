"""Solutions for chapters/03-algorithm/02-thirty-lines.ipynb."""

import numpy as np


def loss_and_slope(scores, y):
    """The mean cross-entropy of softmax(scores) (B, K) for y (B,), and its gradient d_scores (B, K)."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = -np.log(p[rows, y]).mean()
    d_scores = p
    d_scores[rows, y] -= 1
    return loss, d_scores / len(y)


def running_answers(x, W, U, b, V, c):
    """The class (B, T) that the network would name after each step of x (B, T, D)."""
    h = np.zeros((len(x), len(b)))
    answers = []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W.T + h @ U.T + b)
        answers.append((h @ V.T + c).argmax(axis=1))
    return np.stack(answers, axis=1)
