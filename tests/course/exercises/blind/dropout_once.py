import numpy as np


def right_1(x, W, U, b, u, rate):
    """One mask, one loop."""
    m = np.where(u >= rate, 1 / (1 - rate), 0.0)
    B, T, _ = x.shape
    h = np.zeros((B, len(b)))
    states = np.zeros((B, T, len(b)))
    for t in range(T):
        h = np.tanh(x[:, t] @ W.T + (m * h) @ U.T + b)
        states[:, t] = h
    return states


def wrong_1(x, W, U, b, u, rate):
    """Does not scale what is kept."""
    m = (u >= rate).astype(float)
    h, out = np.zeros(u.shape), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W.T + (m * h) @ U.T + b)
        out.append(h)
    return np.stack(out, axis=1)


def wrong_2(x, W, U, b, u, rate):
    """Thins the state that is returned as well: writes m * h into the output."""
    keep = (u >= rate) / (1 - rate)
    h = np.zeros_like(u)
    states = np.empty((x.shape[0], x.shape[1], U.shape[0]))
    for t in range(x.shape[1]):
        h = keep * np.tanh(np.einsum("bd,hd->bh", x[:, t], W) + h @ U.T + b)
        states[:, t] = h
    return states


def wrong_3(x, W, U, b, u, rate):
    """Keeps where the draw is below the rate."""
    mask = np.zeros(u.shape)
    mask[u < rate] = 1 / (1 - rate)
    result = []
    h = np.zeros(u.shape)
    for x_t in np.swapaxes(x, 0, 1):
        h = np.tanh(x_t @ W.T + (h * mask) @ U.T + b)
        result.append(h)
    return np.swapaxes(np.array(result), 0, 1)
