"""The copy task: ten symbols are read, then nothing for a long while, then the ten must be said again.

    from rnnbook.data import copying

    x, y = copying.draw(np.random.default_rng(0), batch_size=32, lag=100)

Time runs over ``lag + 20`` steps: ten symbols out of eight; blanks; on step ``lag + 10`` the sign to begin;
ten more blanks. The target is blank, but for the last ten steps, where it is the ten symbols in order. After
Hochreiter and Schmidhuber, 1997, 'Long short-term memory', in the form of Arjovsky, Shah and Bengio, 2016,
'Unitary evolution recurrent neural networks', section 5.1.
"""

import numpy as np
from jaxtyping import Int

from rnnbook.validation import check_size

NUM_SYMBOLS = 8
NUM_ITEMS = 10
BLANK, BEGIN = NUM_SYMBOLS, NUM_SYMBOLS + 1
VOCAB_SIZE = NUM_SYMBOLS + 2  # what a step can hold


def draw(
    rng: np.random.Generator, batch_size: int, lag: int, num_items: int = NUM_ITEMS
) -> tuple[Int[np.ndarray, "batch time"], Int[np.ndarray, "batch time"]]:
    """Draw rows: what is read and what should be said, ids ``(B, lag + 2 * num_items)`` in 0..9.

    lag: steps from the end of the symbols to the sign to begin, that one included: a symbol is said
        ``lag + num_items`` steps after it was read. num_items: how many symbols there are to remember.

    Raises ValueError or TypeError for sizes that are not positive integers.
    """
    check_size("batch_size", batch_size)
    check_size("lag", lag)
    check_size("num_items", num_items)
    symbols = rng.integers(0, NUM_SYMBOLS, (batch_size, num_items))
    x = np.full((batch_size, lag + 2 * num_items), BLANK)
    y = x.copy()
    x[:, :num_items] = symbols
    x[:, num_items + lag - 1] = BEGIN
    y[:, -num_items:] = symbols
    return x, y


def baseline(lag: int, num_items: int = NUM_ITEMS) -> float:
    """The cross-entropy, in nats a step, of who says all blanks surely and guesses the symbols evenly.

    Nothing that forgets the symbols can do better: ``num_items * ln 8 / (lag + 2 * num_items)``.
    """
    check_size("lag", lag)
    check_size("num_items", num_items)
    return num_items * float(np.log(NUM_SYMBOLS)) / (lag + 2 * num_items)
