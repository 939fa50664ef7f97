import numpy as np


def right_1(press, start):
    """OR and AND of 'light on' and 'pressed'."""
    sign = 1.0 if press == 1 else -1.0
    W = np.array([sign, sign])
    U = np.array([[1.0, -1.0], [1.0, -1.0]])
    b = np.array([-0.5, -1.5]) + (0.0 if press == 1 else 1.0)
    h_0 = np.array([float(start), 0.0])
    return W, U, b, h_0


def wrong_1(press, start):
    """Ignores `press`: always presses at 1."""
    W = np.ones(2)
    U = np.array([[1, -1], [1, -1]])
    b = np.array([-0.5, -1.5])
    return W, U, b, np.array([start, 0])


def wrong_2(press, start):
    """Biases 0 and -1, as if H(0) were 0."""
    W = np.array([1.0, 1.0]) if press else np.array([-1.0, -1.0])
    U = np.array([[1.0, -1.0]] * 2)
    b = np.array([0.0, -1.0]) if press else np.array([1.0, 0.0])
    return W, U, b, np.array([start, 0.0])


def wrong_3(press, start):
    """Transposes U: each unit reads its own state with one sign."""
    s = 2 * press - 1
    U = np.array([[1.0, 1.0], [-1.0, -1.0]])
    b = np.array([-0.5, -1.5]) + (1 - press)
    return s * np.ones(2), U, b, np.array([float(start), 0.0])
