"""Solutions for chapters/08-trends/01-from-attention-to-the-transformer.ipynb."""

import numpy as np


def local_attention(q, k, v, window):
    """Causal attention (B, T, H) in which each step sees the last `window` steps, itself included."""
    T, H = q.shape[1:]
    back = np.arange(T)[:, None] - np.arange(T)
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(H)
    scores = np.where((back >= 0) & (back < window), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=2, keepdims=True))
    return weights / weights.sum(axis=2, keepdims=True) @ v


def linear_attention(q, k, v):
    """y (T, K) and the last state (K, H): S_t = S_{t-1} + v_t k_t^T, y_t = S_t q_t; q, k (T, H), v (T, K)."""
    S, y = np.zeros((v.shape[1], k.shape[1])), []
    for q_t, k_t, v_t in zip(q, k, v, strict=True):
        S = S + np.outer(v_t, k_t)
        y.append(S @ q_t)
    return np.array(y), S
