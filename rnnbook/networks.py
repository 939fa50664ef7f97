"""What a recurrent network is, whoever computes it: sizes, options, weights by name, and its state.

The NumPy, PyTorch and TensorFlow wings each ask this file what a network looks like, so that the same
arguments give the same weights, the same shapes and the same error in all three.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from rnnbook import initialisers
from rnnbook.contract import check_choice, check_flag, check_fraction, check_size

ACTIVATIONS = ("tanh", "relu", "sigmoid", "identity")


@dataclass(frozen=True)
class Network:
    """The description that a layer of any wing carries as ``layer.network``.

    name: the class that computes it, such as ``"LSTM"``.
    options: the constructor's arguments by name, without ``dtype`` and ``rng``.
    gates: one letter a block of H rows in ``W``, ``U`` and ``b``, in order: ``"ifgo"`` for LSTM.
    shapes: the shape of every weight, by name.
    state: the width of every part of the state, by name: ``{"h": H, "c": H}`` for LSTM.
    output_size: the width of the outputs.
    """

    name: str
    options: Mapping[str, object]
    gates: str
    shapes: Mapping[str, tuple[int, ...]]
    state: Mapping[str, int]
    output_size: int

    def __reduce__(self):
        # The read-only mappings cannot be pickled or deep-copied, what they were made of can.
        return DESCRIPTIONS[self.name], tuple(self.options.values())

    @property
    def input_size(self) -> int:
        return self.options["input_size"]

    @property
    def hidden_size(self) -> int:
        return self.options["hidden_size"]

    def initial_params(self, rng: np.random.Generator, dtype) -> dict[str, np.ndarray]:
        """Draw starting weights: Glorot for ``W`` and ``V``, orthogonal for ``U``, zero biases.

        LSTM's forget bias starts at 1, so that its memory is kept until training learns to forget
        (Gers, Schmidhuber and Cummins, 2000, 'Learning to forget: continual prediction with LSTM'; the
        value 1 from Jozefowicz, Zaremba and Sutskever, 2015, 'An empirical exploration of recurrent
        network architectures'). One ``rng`` seed gives the same weights in all three wings.
        """
        blocks = len(self.gates)
        params = {}
        for name, shape in self.shapes.items():
            if name in ("W", "V"):
                params[name] = initialisers.glorot(shape, rng, blocks=blocks if name == "W" else 1)
            elif name == "U":
                params[name] = initialisers.orthogonal(shape, rng, blocks=blocks)
            else:
                params[name] = np.zeros(shape)
        if self.name == "LSTM":
            params["b"] = initialisers.forget_bias(self.hidden_size)
        return {name: array.astype(dtype) for name, array in params.items()}


def _gated(gates: str, input_size: int, hidden_size: int, recurrent_size: int) -> dict[str, tuple[int, ...]]:
    rows = len(gates) * hidden_size
    return {"W": (rows, input_size), "U": (rows, recurrent_size), "b": (rows,)}


def elman(input_size: int, hidden_size: int, activation: str) -> Network:
    """Describe ``ElmanRNN``; ValueError or TypeError for a size or activation that makes no network."""
    check_size("input_size", input_size)
    check_size("hidden_size", hidden_size)
    check_choice("activation", activation, ACTIVATIONS)
    return Network(
        name="ElmanRNN",
        options=MappingProxyType(
            {"input_size": input_size, "hidden_size": hidden_size, "activation": activation}
        ),
        gates="h",
        shapes=MappingProxyType(_gated("h", input_size, hidden_size, hidden_size)),
        state=MappingProxyType({"h": hidden_size}),
        output_size=hidden_size,
    )


def jordan(
    input_size: int,
    hidden_size: int,
    output_size: int,
    activation: str,
    output_activation: str,
    decay: float,
) -> Network:
    """Describe ``JordanRNN``; its recurrent weights ``U`` read the ``K`` state units, not ``h``."""
    check_size("input_size", input_size)
    check_size("hidden_size", hidden_size)
    check_size("output_size", output_size)
    check_choice("activation", activation, ACTIVATIONS)
    check_choice("output_activation", output_activation, ACTIVATIONS)
    check_fraction("decay", decay)
    shapes = _gated("h", input_size, hidden_size, output_size)
    shapes |= {"V": (output_size, hidden_size), "c": (output_size,)}
    return Network(
        name="JordanRNN",
        options=MappingProxyType(
            {
                "input_size": input_size,
                "hidden_size": hidden_size,
                "output_size": output_size,
                "activation": activation,
                "output_activation": output_activation,
                "decay": float(decay),
            }
        ),
        gates="h",
        shapes=MappingProxyType(shapes),
        state=MappingProxyType({"s": output_size}),
        output_size=output_size,
    )


def lstm(input_size: int, hidden_size: int, peephole: bool) -> Network:
    """Describe ``LSTM``; ``peephole`` adds the weights ``p``, in the order i, f, o."""
    check_size("input_size", input_size)
    check_size("hidden_size", hidden_size)
    check_flag("peephole", peephole)
    shapes = _gated("ifgo", input_size, hidden_size, hidden_size)
    if peephole:
        shapes["p"] = (3 * hidden_size,)
    return Network(
        name="LSTM",
        options=MappingProxyType(
            {"input_size": input_size, "hidden_size": hidden_size, "peephole": peephole}
        ),
        gates="ifgo",
        shapes=MappingProxyType(shapes),
        state=MappingProxyType({"h": hidden_size, "c": hidden_size}),
        output_size=hidden_size,
    )


def gru(input_size: int, hidden_size: int, reset_after: bool) -> Network:
    """Describe ``GRU``; ``reset_after`` adds the second bias ``b_u``."""
    check_size("input_size", input_size)
    check_size("hidden_size", hidden_size)
    check_flag("reset_after", reset_after)
    shapes = _gated("rzn", input_size, hidden_size, hidden_size)
    if reset_after:
        shapes["b_u"] = (3 * hidden_size,)
    return Network(
        name="GRU",
        options=MappingProxyType(
            {"input_size": input_size, "hidden_size": hidden_size, "reset_after": reset_after}
        ),
        gates="rzn",
        shapes=MappingProxyType(shapes),
        state=MappingProxyType({"h": hidden_size}),
        output_size=hidden_size,
    )


DESCRIPTIONS = {"ElmanRNN": elman, "JordanRNN": jordan, "LSTM": lstm, "GRU": gru}
