"""The adding problem: two numbers out of a long row are marked, and their sum is asked for at the end.

    from rnnbook.data import adding

    x, y = adding.draw(np.random.default_rng(0), batch_size=32, seq_len=100)

Each step brings a number between 0 and 1, and a mark that is 1 twice and 0 otherwise: once in the first half
of the steps, once in the second. So the first number must be kept for up to ``seq_len`` steps, and all others
be passed over. After Hochreiter and Schmidhuber, 1997, 'Long short-term memory', experiment 4, in the form of
Le, Jaitly and Hinton, 2015, 'A simple way to initialize recurrent networks of rectified linear units', with
the marks placed as in Arjovsky, Shah and Bengio, 2016, 'Unitary evolution recurrent neural networks'.
"""

import numpy as np
from jaxtyping import Float

from rnnbook.validation import check_size

# Who always answers the mean, 1, has as error the variance of a sum of two numbers, each uniform in 0..1:
# 2/12. Le et al. print 0.1767 for it; Arjovsky et al. 0.167.
BASELINE = 1 / 6


def draw(
    rng: np.random.Generator, batch_size: int, seq_len: int, dtype=np.float32
) -> tuple[Float[np.ndarray, "batch time 2"], Float[np.ndarray, " batch"]]:
    """Draw rows: the numbers and the marks ``x (B, T, 2)``, and the sums of the marked numbers ``y (B,)``.

    Raises ValueError or TypeError unless both are positive integers, and ``seq_len`` at least 2.
    """
    check_size("batch_size", batch_size)
    check_size("seq_len", seq_len)
    if seq_len < 2:
        raise ValueError(f"seq_len must be at least 2, for two numbers to be marked, got {seq_len}")
    x = np.zeros((batch_size, seq_len, 2), dtype)
    x[:, :, 0] = rng.random((batch_size, seq_len))
    rows = np.arange(batch_size)
    x[rows, rng.integers(0, seq_len // 2, batch_size), 1] = 1
    x[rows, rng.integers(seq_len // 2, seq_len, batch_size), 1] = 1
    return x, (x[:, :, 0] * x[:, :, 1]).sum(axis=1)
