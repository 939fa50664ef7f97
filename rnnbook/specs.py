"""What a recurrent network is, whoever computes it: sizes, options, weights by name, and its state.

The NumPy, PyTorch and TensorFlow wings each ask this file what a network looks like, so that the same
arguments give the same weights, the same shapes and the same error in all three.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import ClassVar, NewType

import numpy as np

from rnnbook import initializers
from rnnbook.validation import (
    check_bool,
    check_choice,
    check_even_size,
    check_image_size,
    check_number,
    check_odd_size,
    check_size,
    check_unit_interval,
)

ACTIVATIONS = ("tanh", "relu", "sigmoid", "identity")
NUM_POSITION_FEATURES = 4  # numbers that say where in a word a step is: what an acoustic model reads
STRIDE = 4  # pixels to the side of a detector's cell
BOX_CHANNELS = 4  # numbers that tell a box's place and size: a detector's last maps

# What an argument of a layer may be. Each kind has its check.
Activation = NewType("Activation", str)
Fraction = NewType("Fraction", float)
Check = Callable[[str, object], None]
_CHECKS: Mapping[type, Check] = {
    int: check_size,
    bool: check_bool,
    Activation: lambda name, value: check_choice(name, value, ACTIVATIONS),
    Fraction: check_unit_interval,
}

Shapes = dict[str, tuple[int, ...]]


class LayerSpec(ABC):
    """The description that a layer of any wing carries as ``layer.spec``.

    A subclass is a frozen dataclass. Its fields are the arguments of the layer's constructor, without
    ``dtype`` and ``rng``; ValueError or TypeError for arguments that make no network.

    gates: one letter a block of H rows in ``W``, ``U`` and ``b``, in order: ``"ifgo"`` for LSTM.
    parts: the names of the parts of the state, each ``hidden_size`` wide. output_size: that of the outputs.
    use_bias, recurrent_dropout: what holds for a layer that does not take them as arguments.
    """

    gates: ClassVar[str] = ""
    parts: ClassVar[Sequence[str]] = "h"
    use_bias: ClassVar[bool] = True
    recurrent_dropout: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.type in _CHECKS:
                _CHECKS[field.type](field.name, getattr(self, field.name))

    @property
    def name(self) -> str:
        """The class that computes it, such as ``"LSTM"``."""
        return type(self).__name__.removesuffix("Spec")

    @property
    def options(self) -> dict[str, object]:
        """The arguments by name: ``LSTM(**spec.options)`` makes such a layer again."""
        return _plain({field.name: getattr(self, field.name) for field in fields(self)})

    @property
    @abstractmethod
    def shapes(self) -> Shapes:
        """The shape of every weight, by name."""

    @property
    def state(self) -> dict[str, int]:
        """The width of every part of the state, by name: ``{"h": H, "c": H}`` for LSTM."""
        return dict.fromkeys(self.parts, self.hidden_size)

    def initial_params(self, rng: np.random.Generator, dtype) -> dict[str, np.ndarray]:
        """Draw starting weights; one ``rng`` seed gives the same in all three wings."""
        return {name: array.astype(dtype) for name, array in self._draw(rng).items()}

    def _draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Glorot for ``W`` and ``V``, orthogonal for ``U``, zero biases."""
        blocks, params = len(self.gates), {}
        for name, shape in self.shapes.items():
            if name in ("W", "V"):
                params[name] = initializers.glorot(shape, rng, blocks=blocks if name == "W" else 1)
            elif name == "U":
                params[name] = initializers.orthogonal(shape, rng, blocks=blocks)
            else:
                params[name] = np.zeros(shape)
        return params


@dataclass(frozen=True)
class GatedSpec(LayerSpec):
    """A layer whose output is its hidden state: blocks of ``hidden_size`` rows in its weights, one a gate."""

    input_size: int
    hidden_size: int

    recurrent: ClassVar[bool] = True  # whether the gates see the state, through ``U``

    @property
    def output_size(self) -> int:
        return self.hidden_size

    @property
    def shapes(self) -> Shapes:
        rows = len(self.gates) * self.hidden_size
        shapes = {"W": (rows, self.input_size)}
        if self.recurrent:
            shapes["U"] = (rows, self.hidden_size)
        return shapes | ({"b": (rows,)} if self.use_bias else {})


@dataclass(frozen=True)
class ElmanRNNSpec(GatedSpec):
    """One block of rows: no gates, the state itself."""

    activation: Activation = "tanh"
    recurrent_dropout: Fraction = 0.0
    use_bias: bool = True

    gates = "h"


@dataclass(frozen=True)
class JordanRNNSpec(LayerSpec):
    """Its recurrent weights ``U`` read the ``K`` state units, not ``h``."""

    input_size: int
    hidden_size: int
    output_size: int
    activation: Activation = "tanh"
    output_activation: Activation = "identity"
    decay: Fraction = 0.5
    use_bias: bool = True

    gates = "h"

    @property
    def shapes(self) -> Shapes:
        inputs, hidden, outputs = self.input_size, self.hidden_size, self.output_size
        shapes = {"W": (hidden, inputs), "U": (hidden, outputs), "b": (hidden,)}
        shapes |= {"V": (outputs, hidden), "c": (outputs,)}
        return {name: shape for name, shape in shapes.items() if self.use_bias or name not in "bc"}

    @property
    def state(self) -> dict[str, int]:
        return {"s": self.output_size}


@dataclass(frozen=True)
class LSTMSpec(GatedSpec):
    """``peephole`` adds the weights ``p``, in the order i, f, o.

    The forget bias starts at 1, so that the memory is kept until training learns to forget (Gers,
    Schmidhuber and Cummins, 2000, 'Learning to forget: continual prediction with LSTM'; the value 1 from
    Jozefowicz, Zaremba and Sutskever, 2015, 'An empirical exploration of recurrent network architectures').
    """

    peephole: bool = False
    recurrent_dropout: Fraction = 0.0
    use_bias: bool = True

    gates, parts = "ifgo", "hc"

    @property
    def shapes(self) -> Shapes:
        return super().shapes | ({"p": (3 * self.hidden_size,)} if self.peephole else {})

    def _draw(self, rng):
        params = super()._draw(rng)
        return params | ({"b": initializers.forget_bias(self.hidden_size)} if self.use_bias else {})


@dataclass(frozen=True)
class GRUSpec(GatedSpec):
    """``reset_after`` adds the second bias ``b_u``, where there are biases."""

    reset_after: bool = True
    recurrent_dropout: Fraction = 0.0
    use_bias: bool = True

    gates = "rzn"

    @property
    def shapes(self) -> Shapes:
        two = self.reset_after and self.use_bias
        return super().shapes | ({"b_u": (3 * self.hidden_size,)} if two else {})


# Linear recurrences, and the exponential gate


@dataclass(frozen=True)
class MinGRUSpec(GatedSpec):
    """Gates z and n, which see the input alone."""

    gates, recurrent = "zn", False


@dataclass(frozen=True)
class MinLSTMSpec(GatedSpec):
    """Gates f, i and n, which see the input alone."""

    gates, recurrent = "fin", False


@dataclass(frozen=True)
class LRUSpec(LayerSpec):
    """The last three arguments say where the eigenvalues start."""

    input_size: int
    hidden_size: int
    output_size: int
    r_min: Fraction = 0.9
    r_max: Fraction = 0.999
    max_phase: float = 2 * np.pi

    parts = ("re", "im")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.r_min < self.r_max < 1:
            raise ValueError(f"r_max must be above r_min and below 1, got {self.r_min} and {self.r_max}")
        check_number("max_phase", self.max_phase)
        if not 0 < self.max_phase <= 2 * np.pi:
            raise ValueError(f"max_phase must lie above 0 and at most at 2 pi, got {self.max_phase}")

    @property
    def shapes(self) -> Shapes:
        inputs, hidden, outputs = self.input_size, self.hidden_size, self.output_size
        shapes = dict.fromkeys(("nu", "theta", "gamma"), (hidden,))
        shapes |= dict.fromkeys(("B_re", "B_im"), (hidden, inputs))
        return shapes | dict.fromkeys(("C_re", "C_im"), (outputs, hidden)) | {"D": (outputs, inputs)}

    def _draw(self, rng):
        """Eigenvalues even over a ring; B and C such that what goes in comes out about as large.

        Orvieto et al., 2023, 'Resurrecting recurrent neural networks for long sequences', lemma 3.2.
        """
        size = np.sqrt(rng.uniform(self.r_min**2, self.r_max**2, self.hidden_size))
        phase = self.max_phase * (1 - rng.random(self.hidden_size))  # above 0: its logarithm is needed
        params = {"nu": np.log(-np.log(size)), "theta": np.log(phase), "gamma": np.log(1 - size**2) / 2}
        for name, shape in self.shapes.items():
            if name not in params:
                scale = np.sqrt((1 if name == "D" else 2) * shape[1])
                params[name] = rng.standard_normal(shape) / scale
        return params


@dataclass(frozen=True)
class SelectiveSSMSpec(LayerSpec):
    """``state_size`` numbers of state for each input channel."""

    input_size: int
    state_size: int

    @property
    def hidden_size(self) -> int:
        return self.input_size * self.state_size

    @property
    def output_size(self) -> int:
        return self.input_size

    @property
    def shapes(self) -> Shapes:
        inputs, states = self.input_size, self.state_size
        shapes = {"A_log": (inputs, states), "W_step": (inputs, inputs), "b_step": (inputs,)}
        return shapes | {"W_B": (states, inputs), "W_C": (states, inputs), "skip": (inputs,)}

    def _draw(self, rng):
        """A = -1, -2, ..., -N in each channel, and steps from 0.001 to 0.1, even on a log scale.

        Gu and Dao, 2023, 'Mamba: linear-time sequence modeling with selective state spaces', section 3.6.
        """
        inputs, states = self.input_size, self.state_size
        step = np.exp(rng.uniform(np.log(0.001), np.log(0.1), inputs))
        return {
            "A_log": np.tile(np.log(np.arange(1.0, states + 1)), (inputs, 1)),
            "W_step": initializers.glorot((inputs, inputs), rng) * 0.1,
            "b_step": np.log(np.expm1(step)),  # what softplus turns into the step
            "W_B": initializers.glorot((states, inputs), rng),
            "W_C": initializers.glorot((states, inputs), rng),
            "skip": np.ones(inputs),
        }


@dataclass(frozen=True)
class SLSTMSpec(GatedSpec):
    """The gates of an LSTM, two of them exponential."""

    gates, parts = "ifzo", "hcnm"


# Layers without recurrence: their starting weights, which one seed gives alike in all three wings.


def dense(input_size: int, output_size: int, activation: str, rng, dtype) -> dict[str, np.ndarray]:
    """Draw ``W (K, D)`` by Glorot's rule, and ``b (K,)`` zero; ValueError or TypeError for bad arguments."""
    _check_sizes(input_size=input_size, output_size=output_size)
    check_choice("activation", activation, ACTIVATIONS)
    W = initializers.glorot((output_size, input_size), rng)
    return {"W": W.astype(dtype), "b": np.zeros(output_size, dtype)}


def embedding(vocab_size: int, size: int, rng, dtype) -> dict[str, np.ndarray]:
    """Draw ``E (V, D)`` from a normal distribution of standard deviation 1/sqrt(D)."""
    _check_sizes(vocab_size=vocab_size, size=size)
    return {"E": (rng.standard_normal((vocab_size, size)) / np.sqrt(size)).astype(dtype)}


def attention(query_size: int, memory_size: int, size: int, rng, dtype) -> dict[str, np.ndarray]:
    """Draw ``W (A, Q)``, ``U (A, M)`` and ``v (A,)`` by Glorot's rule."""
    _check_sizes(query_size=query_size, memory_size=memory_size, size=size)
    shapes = {"W": (size, query_size), "U": (size, memory_size), "v": (1, size)}
    weights = {name: initializers.glorot(shape, rng).astype(dtype) for name, shape in shapes.items()}
    return weights | {"v": weights["v"][0]}


def layer_norm(size: int, dtype) -> dict[str, np.ndarray]:
    """``gamma (H,)`` one and ``beta (H,)`` zero: at first a layer norm only normalises."""
    _check_sizes(size=size)
    return {"gamma": np.ones(size, dtype), "beta": np.zeros(size, dtype)}


def multi_head_attention(size: int, num_heads: int, rng, dtype) -> dict[str, np.ndarray]:
    """Draw ``W_q``, ``W_k``, ``W_v`` and ``W_o``, each ``(H, H)``, by Glorot's rule."""
    _check_sizes(size=size, num_heads=num_heads)
    if size % num_heads:
        raise ValueError(f"num_heads must divide hidden_size, {size}, got {num_heads}")
    return {
        name: initializers.glorot((size, size), rng).astype(dtype) for name in ("W_q", "W_k", "W_v", "W_o")
    }


def convolution(
    input_size: int, output_size: int, kernel_size: int, stride: int, activation: str, rng, dtype
) -> dict[str, np.ndarray]:
    """Draw ``W (K, D, k, k)`` by Glorot's rule, and ``b (K,)`` zero; ValueError or TypeError as above."""
    _check_sizes(input_size=input_size, output_size=output_size)
    check_odd_size("kernel_size", kernel_size)
    check_size("stride", stride)
    check_choice("activation", activation, ACTIVATIONS)
    W = _draw_kernels(1, output_size, input_size, kernel_size, rng)
    return {"W": W.astype(dtype), "b": np.zeros(output_size, dtype)}


def conv_gru(input_size: int, hidden_size: int, kernel_size: int, rng, dtype) -> dict[str, np.ndarray]:
    """Draw ``W (3H, D, k, k)`` and ``U (3H, H, k, k)`` by Glorot's rule a gate, and ``b (3H,)`` zero."""
    _check_sizes(input_size=input_size, hidden_size=hidden_size)
    check_odd_size("kernel_size", kernel_size)
    W = _draw_kernels(3, hidden_size, input_size, kernel_size, rng)
    U = _draw_kernels(3, hidden_size, hidden_size, kernel_size, rng)
    return {"W": W.astype(dtype), "U": U.astype(dtype), "b": np.zeros(3 * hidden_size, dtype)}


def _check_sizes(**sizes: int) -> None:
    for name, size in sizes.items():
        check_size(name, size)


def _draw_kernels(gates: int, outputs: int, inputs: int, kernel_size: int, rng) -> np.ndarray:
    # A unit sees k² places of every input channel, and is seen by k² places: Glorot's rule counts them.
    limit = np.sqrt(6.0 / (kernel_size**2 * (inputs + outputs)))
    return rng.uniform(-limit, limit, (gates * outputs, inputs, kernel_size, kernel_size))


# Models made of layers: their arguments, checked once for all wings

CELLS = ("ElmanRNN", "GRU", "LSTM")  # what a model may be built from
POOLINGS = ("last", "max", "attention")
VOICES = ("soprano", "alto", "tenor", "bass")
VOICE_ORDER = (0, 3, 1, 2)  # who sings first: the tune, then the bass that carries it
LOOKBACK = 2  # frames in which a key looks at itself and at its neighbours
ANSWERS_PER_LETTER = 2  # phonemes, or blanks, that a G2P model says for each letter
check_wave_size = partial(check_even_size, reason="a sine and a cosine for each frequency")  # of positions
FEED_FORWARD = 4  # how much wider a Transformer block is inside
FRAME_CHANNELS = (12, 24, 32)  # of a frame encoder's three convolutions

# What an argument of a model may be, where it is no positive integer
_ARGUMENTS: Mapping[str, Check] = {
    "bidirectional": check_bool,
    "attention": check_bool,
    "dropout": check_unit_interval,
    "key_dropout": check_unit_interval,
    "cell": lambda name, value: check_choice(name, value, CELLS),
    "pooling": lambda name, value: check_choice(name, value, POOLINGS),
    "kernel_size": check_odd_size,
    "image_size": check_image_size,
}


def checked(arguments: Mapping[str, object], **checks: Check) -> dict[str, object]:
    """A model's options by name, as plain values: JSON can hold them, and they build the model anew.

    arguments: those of its constructor, of which ``self``, ``dtype``, ``rng`` and ``device`` are no options:
    ``locals()``, in a constructor that has done nothing yet.
    checks: what an argument may be, where the model asks for something else than others do.
    Raises ValueError or TypeError for an argument that makes no model.
    """
    no_options = ("self", "__class__", "dtype", "rng", "device")
    options = {name: value for name, value in arguments.items() if name not in no_options}
    for name, value in options.items():
        (_ARGUMENTS | checks).get(name, check_size)(name, value)
    return _plain(options)


def _plain(options: Mapping[str, object]) -> dict[str, object]:
    return {name: value.item() if isinstance(value, np.generic) else value for name, value in options.items()}


def feature_map_size(height: int, width: int) -> tuple[int, int]:
    """The grid of a detector's cells in a picture; ValueError unless both sides are multiples of 4."""
    for name, size in (("height", height), ("width", width)):
        if size < STRIDE or size % STRIDE:
            raise ValueError(f"{name} must be a multiple of {STRIDE}, got {size}")
    return height // STRIDE, width // STRIDE
