"""Solutions for chapters/04-mathematics/04-truncated-backpropagation.ipynb."""

import numpy as np


def steps_seen(T, k):
    """For each of T losses, how many steps its gradient reaches with chunks of k (T,)."""
    return np.arange(T) % k + 1


def window_slope(x, d_h, u, k):
    """dL/du of h_t = u h_{t-1} + x_t from h_0 = 0, each loss going back k steps. x, d_h (T,)."""
    h = np.zeros(len(x) + 1)  # h[t + 1] is the state after step t
    for t in range(len(x)):
        h[t + 1] = u * h[t] + x[t]
    total = 0.0
    for s in range(len(x)):
        for lag in range(min(k, s + 1)):
            total += d_h[s] * u**lag * h[s - lag]
    return total
