"""A table of vectors, one a symbol: the product of a one-hot vector and ``E``, without the product.

y = E[k]      dL/dE[k] = Σ dL/dy over every place where k was looked up
"""

import numpy as np
from jaxtyping import Float, Int

from rnnbook import specs, validation
from rnnbook.numpy.weights import ParamLayer


class Embedding(ParamLayer):
    """Look up rows of ``E (V, D)`` for integers of any shape.

    vocab_size: V, the number of rows. size: D, their width.
    dtype: float32 or float64.
    rng: where the starting table is drawn from (normal, standard deviation 1/sqrt(D)); unseeded if None.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(self, vocab_size: int, size: int, *, dtype=np.float32, rng=None) -> None:
        self.dtype = np.dtype(dtype)
        validation.check_dtype(self.dtype.name)
        self.register_weights(specs.embedding(vocab_size, size, np.random.default_rng(rng), self.dtype))

    def forward(self, x: Int[np.ndarray, "*any"]) -> tuple[Float[np.ndarray, "*any size"], np.ndarray]:
        """Return ``(y, tape)`` for integers ``x``; TypeError for others, ValueError outside 0..V-1."""
        x = np.asarray(x)
        vocab_size = self.shapes["E"][0]
        if not np.issubdtype(x.dtype, np.integer):
            raise TypeError(f"x must hold integers, got {x.dtype}")
        if x.size and not (0 <= x.min() and x.max() < vocab_size):
            raise ValueError(f"x must lie in 0..{vocab_size - 1}, got values from {x.min()} to {x.max()}")
        return self.params["E"][x], x

    def backward(self, tape: np.ndarray, d_outputs: Float[np.ndarray, "*any size"]) -> dict[str, np.ndarray]:
        """Return dL/dE from dL/dy. Integers have no gradient, so there is no ``"x"``."""
        vocab_size, size = self.shapes["E"]
        validation.check_shape("d_outputs", d_outputs, (*tape.shape, size))
        validation.check_float("d_outputs", d_outputs, self.dtype.name)
        d_E = np.zeros((vocab_size, size), self.dtype)
        np.add.at(d_E, tape.reshape(-1), d_outputs.reshape(-1, size))
        return {"E": d_E}
