import numpy as np


def right_1(x, W, U, b, V, c):
    """Filled arrays instead of lists, a helper for the sigmoid."""
    def f(z):
        return 1 / (1 + np.exp(-z))

    h = np.full(len(b), 0.5)
    out = np.empty((len(x), len(c)))
    for t in range(len(x)):
        h = f(W @ x[t] + U @ h + b)
        out[t] = f(V @ h + c)
    return out


def wrong_1(x, W, U, b, V, c):
    """Two faults mended; the context still starts at zero."""
    context, outputs = np.zeros(len(b)), []
    for x_t in x:
        z = W @ x_t + U @ context + b
        h = 1 / (1 + np.exp(-z))
        o = 1 / (1 + np.exp(-(V @ h + c)))
        outputs.append(o)
        context = h
    return np.array(outputs)


def wrong_2(x, W, U, b, V, c):
    """Mended the start and the output; the context still copies z, from before the sigmoid."""
    context, outputs = 0.5 * np.ones(len(b)), []
    for x_t in x:
        z = W @ x_t + U @ context + b
        h = 1 / (1 + np.exp(-z))
        outputs.append(1 / (1 + np.exp(-(V @ h + c))))
        context = z
    return np.array(outputs)


def wrong_3(x, W, U, b, V, c):
    """The output's sigmoid got lost in the rewriting: o = V h + c."""
    context, outputs = np.full(len(b), 0.5), []
    for x_t in x:
        z = W @ x_t + U @ context + b
        h = 1 / (1 + np.exp(-z))
        o = V @ h + c
        outputs.append(o)
        context = h
    return np.array(outputs)
