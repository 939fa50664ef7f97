"""Drawn weights, inputs and states: what most tests of layers begin with."""

import numpy as np


def draw_params(layer, rng: np.random.Generator, scale: float = 0.5) -> None:
    """Give ``layer`` weights of which none is zero, biases included."""
    layer.params = {
        name: rng.normal(0, scale, array.shape).astype(array.dtype) for name, array in layer.params.items()
    }


def map_state(function, state):
    """Apply ``function`` to every array of a nested state."""
    return tuple(map_state(function, part) for part in state) if isinstance(state, tuple) else function(state)


def arrays_of(state) -> list[np.ndarray]:
    """The arrays of a nested state, in order."""
    return [array for part in state for array in arrays_of(part)] if isinstance(state, tuple) else [state]


def draw_state(layer, batch: int, rng: np.random.Generator):
    """Draw an initial state of the structure that ``layer`` returns."""
    x = np.zeros((batch, 1, layer.input_size), layer.dtype)
    _, state, _ = layer.forward(x)
    return map_state(lambda array: rng.standard_normal(array.shape).astype(array.dtype), state)
