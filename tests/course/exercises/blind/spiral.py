import numpy as np


def right_1(pairs, size, angle):
    """Real arithmetic with a rotation written out."""
    c, s = size * np.cos(angle), size * np.sin(angle)
    out = np.zeros(pairs.shape)
    re = np.zeros(len(size))
    im = np.zeros(len(size))
    for t in range(len(pairs)):
        re, im = c * re - s * im + pairs[t, :, 0], s * re + c * im + pairs[t, :, 1]
        out[t, :, 0] = re
        out[t, :, 1] = im
    return out


def wrong_1(pairs, size, angle):
    """Uses the new real part for the imaginary part (two assignments one after the other)."""
    re, im = np.zeros(size.shape), np.zeros(size.shape)
    states = []
    for u in pairs:
        re = size * (np.cos(angle) * re - np.sin(angle) * im) + u[:, 0]
        im = size * (np.sin(angle) * re + np.cos(angle) * im) + u[:, 1]
        states.append(np.stack([re, im], axis=-1))
    return np.array(states)


def wrong_2(pairs, size, angle):
    """Turns the other way: the sign of the sine."""
    T, H, _ = pairs.shape
    R = np.empty((H, 2, 2))
    R[:, 0, 0] = R[:, 1, 1] = np.cos(angle)
    R[:, 0, 1] = np.sin(angle)
    R[:, 1, 0] = -np.sin(angle)
    R *= size[:, None, None]
    s = np.zeros((H, 2))
    states = np.empty((T, H, 2))
    for t in range(T):
        s = (R @ s[:, :, None])[:, :, 0] + pairs[t]
        states[t] = s
    return states


def wrong_3(pairs, size, angle):
    """Also turns the new input: s = lambda * (s + u)."""
    lam = size * np.exp(1j * angle)
    u = pairs[..., 0] + 1j * pairs[..., 1]
    s = np.zeros(len(size), dtype=complex)
    out = []
    for u_t in u:
        s = lam * (s + u_t)
        out.append(s)
    out = np.array(out)
    return np.stack([out.real, out.imag], axis=-1)
