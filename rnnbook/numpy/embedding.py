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
        self.dtype = np.dtype(validation.float_dtype(dtype))
        validation.check_rng(rng)
        self.register_weights(specs.embedding(vocab_size, size, np.random.default_rng(rng), self.dtype))

    def forward(self, x: Int[np.ndarray, "*any"]) -> tuple[Float[np.ndarray, "*any size"], np.ndarray]:
        """Return ``(y, tape)`` for integers ``x``; TypeError for others, ValueError outside 0..V-1."""
        x = validation.as_array("x", x)
        validation.check_params(self.params, self.shapes, validation.dtype_of(self))
        validation.check_ids(x, self.shapes["E"][0])
        return self.params["E"][x], x

    def backward(self, tape: np.ndarray, d_outputs: Float[np.ndarray, "*any size"]) -> dict[str, np.ndarray]:
        """Return dL/dE from dL/dy. Integers have no gradient, so there is no ``"x"``."""
        vocab_size, size = self.shapes["E"]
        d_outputs = validation.as_array("d_outputs", d_outputs)
        validation.check_shape("d_outputs", d_outputs, (*tape.shape, size))
        validation.check_float("d_outputs", d_outputs, validation.dtype_of(self))
        d_E = np.zeros((vocab_size, size), self.dtype)
        np.add.at(d_E, tape.reshape(-1), d_outputs.reshape(-1, size))
        return {"E": d_E}
