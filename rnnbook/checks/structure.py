"""Layers made of layers, and their states: the names of their parts, and copies with other weights."""

import copy
from collections.abc import Mapping

import numpy as np

from rnnbook import validation


def inner_layers(layer) -> dict[str, object]:
    """The layers that a layer of any wing is made of, under the names that begin their weights' names."""
    if hasattr(layer, "forward_layer"):
        return {"forward": layer.forward_layer, "backward": layer.backward_layer}
    if hasattr(layer, "layers"):
        return {str(index): inner for index, inner in enumerate(layer.layers)}
    return {}


def with_params(layer, params: Mapping[str, np.ndarray]):
    """Return a copy of ``layer`` with other weights of any dtype, complex too."""
    twin = copy.copy(layer)
    inner = inner_layers(layer)
    if not inner:
        twin._params = dict(params)  # not through the door, which would refuse complex weights
        dtype = np.result_type(*params.values())
        twin.dtype = np.dtype(np.float64) if dtype.kind == "c" else dtype
        return twin
    parts = validation.split(params, tuple(inner))
    copies = [with_params(layer_, parts[name]) for name, layer_ in inner.items()]
    if hasattr(layer, "forward_layer"):
        twin.forward_layer, twin.backward_layer = copies
    else:
        twin.layers = copies
    return twin


def map_state(function, state):
    """Apply ``function`` to every array of a state, keeping its tuples; None stays None."""
    if state is None:
        return None
    if isinstance(state, tuple | list):
        return tuple(map_state(function, part) for part in state)
    return function(state)


def name_states(layer, state, name: str = "state") -> dict[str, np.ndarray]:
    """Lay a state's arrays out flat: ``"state.h"``, ``"state.forward.c"``, ``"state.0.backward.h"``."""
    inner = inner_layers(layer)
    if not inner:
        names = layer.network.state
        parts = (state,) if len(names) == 1 else state
        return {f"{name}.{part}": array for part, array in zip(names, parts, strict=True)}
    named = {}
    for (key, each), part in zip(inner.items(), state, strict=True):
        named |= name_states(each, part, f"{name}.{key}")
    return named


def nest_states(layer, arrays: Mapping[str, np.ndarray], name: str = "state"):
    """Undo ``name_states``."""
    inner = inner_layers(layer)
    if inner:
        return tuple(nest_states(each, arrays, f"{name}.{key}") for key, each in inner.items())
    parts = tuple(arrays[f"{name}.{part}"] for part in layer.network.state)
    return parts[0] if len(parts) == 1 else parts
