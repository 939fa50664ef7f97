"""Drawn weights, inputs and states: what most tests of layers begin with."""

import numpy as np

from rnnbook.checks.structure import tree_map


def draw_params(layer, rng: np.random.Generator, scale: float = 0.5) -> None:
    """Give ``layer`` weights of which none is zero, biases included."""
    layer.load_params(
        {name: rng.normal(0, scale, array.shape).astype(array.dtype) for name, array in layer.params.items()}
    )


def draw_state(layer, batch: int, rng: np.random.Generator):
    """Draw an initial state of the structure that ``layer`` returns."""
    x = np.zeros((batch, 1, layer.input_size), layer.dtype)
    _, state, _ = layer.forward(x)
    return tree_map(lambda array: rng.standard_normal(array.shape).astype(array.dtype), state)
