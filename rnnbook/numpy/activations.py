"""Activation functions and their derivatives, each derivative written in terms of the output.

That is why the tape need not keep what went into an activation: ``a = f(z)`` is enough.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-z)), written with tanh, which overflows nowhere: σ(z) = ½ + ½ tanh(½ z)."""
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def relu(z: np.ndarray) -> np.ndarray:
    return np.where(z.real > 0, z, 0)


def identity(z: np.ndarray) -> np.ndarray:
    return z


@dataclass(frozen=True)
class Activation:
    """A function ``f``, its derivative from the output, and ``in_place``: ``f`` without a new array."""

    f: Callable[[np.ndarray], np.ndarray]
    derivative: Callable[[np.ndarray], np.ndarray]
    in_place: Callable[[np.ndarray], object]

    def __reduce__(self) -> tuple:
        """Pickled by its name in the table: functions without a name cannot be pickled themselves."""
        return _named, (next(name for name, known in ACTIVATIONS.items() if known is self),)


def _named(name: str) -> Activation:
    return ACTIVATIONS[name]


def _sigmoid_in_place(z: np.ndarray) -> None:
    half = np.array(0.5, z.dtype)
    np.multiply(z, half, out=z)
    np.tanh(z, out=z)
    finish_sigmoid(z, half)


ACTIVATIONS = {
    "tanh": Activation(np.tanh, lambda a: 1 - a * a, lambda z: np.tanh(z, out=z)),
    "sigmoid": Activation(sigmoid, lambda a: a * (1 - a), _sigmoid_in_place),
    "relu": Activation(relu, lambda a: (a > 0).astype(a.dtype), lambda z: np.maximum(z, 0, out=z)),
    "identity": Activation(identity, np.ones_like, lambda z: z),
}


def finish_sigmoid(a: np.ndarray, half: np.ndarray) -> None:
    """Turn tanh(½ z) into σ(z), in place; ``half`` is an array, to spare a conversion at every call."""
    np.multiply(a, half, out=a)
    np.add(a, half, out=a)
