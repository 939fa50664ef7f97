import numpy as np


def right_1(states, lengths, U, d_outputs, d_state):
    """One sequence after the other, from its own last step."""
    d_a = np.zeros(states.shape)
    for b, n in enumerate(lengths):
        dh = d_state[b].copy()
        for t in range(n - 1, -1, -1):
            dh = dh + d_outputs[b, t]
            d_a[b, t] = dh * (1 - states[b, t] ** 2)
            dh = U.T @ d_a[b, t]
    return d_a


def wrong_1(states, lengths, U, d_outputs, d_state):
    """d_state enters at step T - 1 and is not carried through the padding: it is lost for short sequences."""
    B, T, H = states.shape
    d_a = np.zeros_like(states)
    back = d_state
    for t in reversed(range(T)):
        real = (t < np.asarray(lengths))[:, None]
        d_a[:, t] = (d_outputs[:, t] + back) * (1 - states[:, t] ** 2) * real
        back = d_a[:, t] @ U
    return d_a


def wrong_2(states, lengths, U, d_outputs, d_state):
    """The gradient of the zeros that were put out beyond the length flows into the state."""
    B, T, H = states.shape
    lengths = np.asarray(lengths)
    d_a = np.zeros_like(states)
    dh = d_state.copy()
    for t in range(T - 1, -1, -1):
        dh = dh + d_outputs[:, t]
        m = (t < lengths)[:, None]
        d_a[:, t] = np.where(m, dh * (1 - states[:, t] ** 2), 0)
        dh = np.where(m, d_a[:, t] @ U, dh)
    return d_a


def wrong_3(states, lengths, U, d_outputs, d_state):
    """The slope is taken of the state before (t - 1), not of that after the step."""
    d_a = np.zeros_like(states)
    for b in range(len(states)):
        dh = d_state[b]
        for t in reversed(range(lengths[b])):
            h = states[b, t - 1] if t > 0 else np.zeros(len(U))
            d_a[b, t] = (dh + d_outputs[b, t]) * (1 - h**2)
            dh = d_a[b, t] @ U
    return d_a
