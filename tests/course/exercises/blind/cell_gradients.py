import numpy as np


def right_1(f, d_c):
    """Recursion from the end."""
    if f.shape[1] == 0:
        return d_c[:, :0], np.zeros((len(f), f.shape[2]))
    def total(t):
        if t == f.shape[1] - 1:
            return [d_c[:, t]]
        later = total(t + 1)
        return [d_c[:, t] + f[:, t + 1] * later[0]] + later
    all_of_them = total(0)
    return np.stack(all_of_them, axis=1), f[:, 0] * all_of_them[0]


def wrong_1(f, d_c):
    """The gate of the step itself is used in place of that of the next step."""
    B, T, H = f.shape
    total = d_c.copy()
    for t in range(T - 2, -1, -1):
        total[:, t] = d_c[:, t] + f[:, t] * total[:, t + 1]
    return total, f[:, 0] * total[:, 0]


def wrong_2(f, d_c):
    """dL/dc_0 is given as the total at the first step, without its gate."""
    total = np.zeros_like(d_c)
    back = np.zeros_like(d_c[:, 0])
    for t in reversed(range(f.shape[1])):
        total[:, t] = d_c[:, t] + back
        if t > 0:
            back = total[:, t] * f[:, t]
        else:
            back = total[:, t]
    return total, back


def wrong_3(f, d_c):
    """Only the next step's immediate derivative comes back, not its total."""
    T = f.shape[1]
    total = d_c.copy()
    for t in range(T - 1):
        total[:, t] = d_c[:, t] + f[:, t + 1] * d_c[:, t + 1]
    return total, f[:, 0] * total[:, 0]
