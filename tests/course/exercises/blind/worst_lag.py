import numpy as np


def right_1(U, K):
    """The spectral norm of each power, in a list."""
    factors = [np.linalg.norm(np.linalg.matrix_power(U, k), 2) for k in range(K + 1)]
    k = int(np.argmax(factors))
    return k, float(factors[k])


def wrong_1(U, K):
    """Takes sigma_1 to the power k, the bound, for the norm of the power."""
    sigma = np.linalg.svd(U, compute_uv=False)[0]
    factors = sigma ** np.arange(K + 1)
    k = int(factors.argmax())
    return k, factors[k]


def wrong_2(U, K):
    """Uses the Frobenius norm (NumPy's default), which is more than any one gradient can grow."""
    best, factor = 0, 1.0
    P = np.eye(len(U))
    for k in range(1, K + 1):
        P = P @ U
        if np.linalg.norm(P) > factor:
            best, factor = k, np.linalg.norm(P)
    return best, factor


def wrong_3(U, K):
    """Leaves out the last lag K."""
    best = (0, 1.0)
    power = np.eye(U.shape[0])
    for k in range(1, K):
        power = U @ power
        longest = np.linalg.svd(power)[1].max()
        if longest > best[1]:
            best = (k, longest)
    return best
