import numpy as np


def right_1(W, U, b, dW, dU, db, rate, limit):
    """Lists both biases as parameters of their own, as PyTorch does."""
    params = [W, U, b, np.zeros_like(b)]
    grads = [dW, dU, db, db]
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    scale = limit / norm if norm > limit else 1.0
    W2, U2, b1, b2 = [p - rate * scale * g for p, g in zip(params, grads)]
    return W2, U2, b1 + b2


def wrong_1(W, U, b, dW, dU, db, rate, limit):
    """Counts the bias's gradient only once in the norm."""
    norm = np.sqrt((dW**2).sum() + (dU**2).sum() + (db**2).sum())
    k = min(1, limit / norm)
    return W - rate * k * dW, U - rate * k * dU, b - 2 * rate * k * db


def wrong_2(W, U, b, dW, dU, db, rate, limit):
    """Moves only one of the two biases."""
    total = np.sum(dW * dW) + np.sum(dU * dU) + 2 * np.sum(db * db)
    norm = total**0.5
    if norm > limit:
        dW, dU, db = dW * limit / norm, dU * limit / norm, db * limit / norm
    return W - rate * dW, U - rate * dU, b - rate * db


def wrong_3(W, U, b, dW, dU, db, rate, limit):
    """Clips always to the length `limit`, also gradients that are shorter."""
    flat = np.concatenate([dW.ravel(), dU.ravel(), db, db])
    factor = limit / np.linalg.norm(flat)
    step = rate * factor
    return W - step * dW, U - step * dU, b - step * (db + db)
