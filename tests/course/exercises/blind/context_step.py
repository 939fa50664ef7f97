import numpy as np


def right_1(x_t, context, y, W, U, b, V, c, eta):
    """Named gradients, new arrays."""
    h = np.tanh(W @ x_t + U @ context + b)
    error = V @ h + c - y
    delta = (error @ V) * (1 - h**2)
    steps = np.outer(delta, x_t), np.outer(delta, context), delta, np.outer(error, h), error
    return *(old - eta * d for old, d in zip((W, U, b, V, c), steps)), h


def wrong_1(x_t, context, y, W, U, b, V, c, eta):
    """V is moved first, and the error then goes back through the new V."""
    h = np.tanh(W @ x_t + U @ context + b)
    e = V @ h + c - y
    V = V - eta * np.outer(e, h)
    c = c - eta * e
    delta = V.T @ e * (1 - h**2)
    W = W - eta * np.outer(delta, x_t)
    U = U - eta * np.outer(delta, context)
    b = b - eta * delta
    return W, U, b, V, c, h


def wrong_2(x_t, context, y, W, U, b, V, c, eta):
    """The next context is computed again with the new weights."""
    h = np.tanh(W @ x_t + U @ context + b)
    err = V @ h + c - y
    delta = V.T @ err * (1 - h**2)
    new_W = W - eta * np.outer(delta, x_t)
    new_U = U - eta * np.outer(delta, context)
    new_b = b - eta * delta
    new_V = V - eta * np.outer(err, h)
    new_c = c - eta * err
    return new_W, new_U, new_b, new_V, new_c, np.tanh(new_W @ x_t + new_U @ context + new_b)


def wrong_3(x_t, context, y, W, U, b, V, c, eta):
    """The slope of the tanh is forgotten on the way to W, U and b."""
    h = np.tanh(W.dot(x_t) + U.dot(context) + b)
    d_o = V.dot(h) + c - y
    d_h = V.T.dot(d_o)
    W = W - eta * d_h[:, None] * x_t[None, :]
    U = U - eta * d_h[:, None] * context[None, :]
    b = b - eta * d_h
    V, c = V - eta * d_o[:, None] * h[None, :], c - eta * d_o
    return W, U, b, V, c, h
