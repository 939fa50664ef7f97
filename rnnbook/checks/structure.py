"""Layers made of layers, and their states: the names of their parts, and other weights."""

from collections.abc import Mapping

import numpy as np

from rnnbook import validation


def set_params(layer, params: Mapping[str, np.ndarray]) -> None:
    """Give a NumPy ``layer`` weights of any dtype, complex too: ``load_params`` would refuse those."""
    layers = layer.submodules()
    if layers:
        for name, part in validation.unflatten_params(params, tuple(layers)).items():
            set_params(layers[name], part)
    else:
        dtype = np.result_type(*params.values())
        layer._params = dict(params)
        layer.dtype = np.dtype(np.float64) if dtype.kind == "c" else dtype


def tree_map(function, state):
    """Apply ``function`` to every array of a state, keeping its tuples; None stays None."""
    if state is None:
        return None
    if isinstance(state, tuple | list):
        return tuple(tree_map(function, part) for part in state)
    return function(state)


def tree_leaves(state) -> list:
    """The arrays of a state, in order."""
    return [array for part in state for array in tree_leaves(part)] if isinstance(state, tuple) else [state]


def draw_loss(layer, x, state, lengths, seed: int) -> tuple:
    """Draw the loss L = Σ outputs * R + Σ final state * S of a NumPy ``layer``, and derive it.

    Returns ``(outputs, final, R, S, initial, gradients)``: what the layer says, the weights of the loss, the
    initial state (zeros if ``state`` is None), and the gradients. States lie flat, by name.
    """
    outputs, final, tape = layer.forward(x, state, lengths)
    rng = np.random.default_rng(seed)
    draw = lambda array: rng.standard_normal(array.shape).astype(layer.dtype)
    R, S = draw(outputs), tree_map(draw, final)
    gradients = layer.backward(tape, R, S)
    gradients |= flatten_state(layer, gradients.pop("state"))
    initial = tree_map(np.zeros_like, final) if state is None else state
    final, S, initial = (flatten_state(layer, each) for each in (final, S, initial))
    return outputs, final, R, S, initial, gradients


def flatten_state(layer, state, name: str = "state") -> dict[str, np.ndarray]:
    """Lay a state's arrays out flat: ``"state.h"``, ``"state.forward.c"``, ``"state.0.backward.h"``."""
    layers = layer.submodules()
    if not layers:
        names = layer.spec.state
        parts = (state,) if len(names) == 1 else state
        return {f"{name}.{part}": array for part, array in zip(names, parts, strict=True)}
    named = {}
    for (key, each), part in zip(layers.items(), state, strict=True):
        named |= flatten_state(each, part, f"{name}.{key}")
    return named


def unflatten_state(layer, arrays: Mapping[str, np.ndarray], name: str = "state"):
    """Undo ``flatten_state``."""
    layers = layer.submodules()
    if layers:
        return tuple(unflatten_state(each, arrays, f"{name}.{key}") for key, each in layers.items())
    parts = tuple(arrays[f"{name}.{part}"] for part in layer.spec.state)
    return parts[0] if len(parts) == 1 else parts
