"""Right answers to 08-trends/01-from-attention-to-the-transformer, written in other ways."""

import numpy as np


def local_attention(q, k, v, window):
    y = np.zeros_like(v)
    for n in range(len(q)):
        for t in range(q.shape[1]):
            seen = slice(max(0, t - window + 1), t + 1)
            weights = np.exp(k[n, seen] @ q[n, t] / q.shape[2] ** 0.5)
            y[n, t] = weights @ v[n, seen] / weights.sum()
    return y


def local_attention_by_einsum(q, k, v, window):
    seen = np.tril(np.ones((q.shape[1], q.shape[1]))) - np.tril(np.ones((q.shape[1], q.shape[1])), -window)
    weights = seen * np.exp(np.einsum("bth,bsh->bts", q, k) / np.sqrt(q.shape[-1]))
    return np.einsum("bts,bsh->bth", weights / weights.sum(-1, keepdims=True), v)


def linear_attention(q, k, v):
    weights = np.tril(q @ k.T)
    return weights @ v / weights.sum(axis=1, keepdims=True), v.T @ k, k.sum(axis=0)


def linear_attention_by_running_sum(q, k, v):
    states, sums = np.cumsum(v[:, :, None] * k[:, None, :], axis=0), np.cumsum(k, axis=0)
    return [states[t] @ q[t] / np.dot(sums[t], q[t]) for t in range(len(q))], states[-1], list(sums[-1])


def query_backward(q, k, v, d_y):
    """With the softmax's whole matrix."""
    scores = k @ q / len(q) ** 0.5
    a = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    d_scores = (np.diag(a) - np.outer(a, a)) @ (v @ d_y)
    return k.T @ d_scores / len(q) ** 0.5, d_scores[:, None] * q / len(q) ** 0.5, a[:, None] * d_y


def query_backward_by_the_output(q, k, v, d_y):
    """The mean under the weights is what the output itself is told."""
    root = np.sqrt(q.size)
    a = np.exp(k @ q / root)
    a = a / sum(a)
    y = a @ v
    d_q, d_k, d_v = np.zeros_like(q), [], []
    for weight, key, value in zip(a, k, v, strict=True):
        push = weight * np.dot(value - y, d_y) / root
        d_q = d_q + push * key
        d_k.append(push * q)
        d_v.append(weight * d_y)
    return d_q, d_k, d_v
