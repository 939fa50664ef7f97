"""What a recurrent network is, whoever computes it: sizes, options, weights by name, and its state.

The NumPy, PyTorch and TensorFlow wings each ask this file what a network looks like, so that the same
arguments give the same weights, the same shapes and the same error in all three.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from rnnbook import initializers
from rnnbook.validation import check_choice, check_flag, check_fraction, check_size

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
        if self.name in _INITIAL:
            return {name: array.astype(dtype) for name, array in _INITIAL[self.name](self, rng).items()}
        blocks = len(self.gates)
        params = {}
        for name, shape in self.shapes.items():
            if name in ("W", "V"):
                params[name] = initializers.glorot(shape, rng, blocks=blocks if name == "W" else 1)
            elif name == "U":
                params[name] = initializers.orthogonal(shape, rng, blocks=blocks)
            else:
                params[name] = np.zeros(shape)
        if self.name == "LSTM":
            params["b"] = initializers.forget_bias(self.hidden_size)
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


# Linear recurrences, and the exponential gate


def min_gru(input_size: int, hidden_size: int) -> Network:
    """Describe ``MinGRU``: gates z and n, which see the input alone."""
    return _linear("MinGRU", "zn", input_size, hidden_size)


def min_lstm(input_size: int, hidden_size: int) -> Network:
    """Describe ``MinLSTM``: gates f, i and n, which see the input alone."""
    return _linear("MinLSTM", "fin", input_size, hidden_size)


def _linear(name: str, gates: str, input_size: int, hidden_size: int) -> Network:
    check_size("input_size", input_size)
    check_size("hidden_size", hidden_size)
    rows = len(gates) * hidden_size
    return Network(
        name=name,
        options=MappingProxyType({"input_size": input_size, "hidden_size": hidden_size}),
        gates=gates,
        shapes=MappingProxyType({"W": (rows, input_size), "b": (rows,)}),
        state=MappingProxyType({"h": hidden_size}),
        output_size=hidden_size,
    )


def lru(
    input_size: int, hidden_size: int, output_size: int, smallest: float, largest: float, max_phase: float
) -> Network:
    """Describe ``LRU``; the last three say where the eigenvalues start."""
    for name, size in (("input", input_size), ("hidden", hidden_size), ("output", output_size)):
        check_size(f"{name}_size", size)
    check_fraction("smallest", smallest)
    check_fraction("largest", largest)
    if not smallest < largest < 1:
        raise ValueError(f"largest must be above smallest and below 1, got {smallest} and {largest}")
    if not 0 < max_phase <= 2 * np.pi:
        raise ValueError(f"max_phase must lie above 0 and at most at 2 pi, got {max_phase}")
    shapes = dict.fromkeys(("nu", "theta", "gamma"), (hidden_size,))
    shapes |= {"B_re": (hidden_size, input_size), "B_im": (hidden_size, input_size)}
    shapes |= {"C_re": (output_size, hidden_size), "C_im": (output_size, hidden_size)}
    shapes |= {"D": (output_size, input_size)}
    return Network(
        name="LRU",
        options=MappingProxyType(
            {
                "input_size": input_size,
                "hidden_size": hidden_size,
                "output_size": output_size,
                "smallest": float(smallest),
                "largest": float(largest),
                "max_phase": float(max_phase),
            }
        ),
        gates="",
        shapes=MappingProxyType(shapes),
        state=MappingProxyType({"re": hidden_size, "im": hidden_size}),
        output_size=output_size,
    )


def _initial_lru(network: Network, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Eigenvalues even over a ring; B and C such that what goes in comes out about as large.

    Orvieto et al., 2023, 'Resurrecting recurrent neural networks for long sequences', lemma 3.2.
    """
    options, width = network.options, network.options["hidden_size"]
    low, high = options["smallest"] ** 2, options["largest"] ** 2
    size = np.sqrt(rng.uniform(low, high, width))
    phase = options["max_phase"] * (1 - rng.random(width))  # above 0: its logarithm is needed
    params = {"nu": np.log(-np.log(size)), "theta": np.log(phase), "gamma": np.log(1 - size**2) / 2}
    for name, shape in network.shapes.items():
        if name not in params:
            scale = np.sqrt((1 if name == "D" else 2) * shape[1])
            params[name] = rng.standard_normal(shape) / scale
    return params


def selective_ssm(input_size: int, state_size: int) -> Network:
    """Describe ``SelectiveSSM``: ``state_size`` numbers of state for each input channel."""
    check_size("input_size", input_size)
    check_size("state_size", state_size)
    shapes = {
        "A_log": (input_size, state_size),
        "W_step": (input_size, input_size),
        "b_step": (input_size,),
        "W_B": (state_size, input_size),
        "W_C": (state_size, input_size),
        "skip": (input_size,),
    }
    return Network(
        name="SelectiveSSM",
        options=MappingProxyType({"input_size": input_size, "state_size": state_size}),
        gates="",
        shapes=MappingProxyType(shapes),
        state=MappingProxyType({"h": input_size * state_size}),
        output_size=input_size,
    )


def _initial_ssm(network: Network, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """A = -1, -2, ..., -N in each channel, and steps from 0.001 to 0.1, even on a log scale.

    Gu and Dao, 2023, 'Mamba: linear-time sequence modeling with selective state spaces', section 3.6.
    """
    inputs, states = network.shapes["A_log"]
    step = np.exp(rng.uniform(np.log(0.001), np.log(0.1), inputs))
    return {
        "A_log": np.tile(np.log(np.arange(1.0, states + 1)), (inputs, 1)),
        "W_step": initializers.glorot((inputs, inputs), rng) * 0.1,
        "b_step": np.log(np.expm1(step)),  # what softplus turns into the step
        "W_B": initializers.glorot((states, inputs), rng),
        "W_C": initializers.glorot((states, inputs), rng),
        "skip": np.ones(inputs),
    }


def slstm(input_size: int, hidden_size: int) -> Network:
    """Describe ``SLSTM``: the gates of an LSTM, two of them exponential."""
    check_size("input_size", input_size)
    check_size("hidden_size", hidden_size)
    return Network(
        name="SLSTM",
        options=MappingProxyType({"input_size": input_size, "hidden_size": hidden_size}),
        gates="ifzo",
        shapes=MappingProxyType(_gated("ifzo", input_size, hidden_size, hidden_size)),
        state=MappingProxyType(dict.fromkeys("hcnm", hidden_size)),
        output_size=hidden_size,
    )


_INITIAL = {"LRU": _initial_lru, "SelectiveSSM": _initial_ssm}


# Layers without recurrence: their starting weights, which one seed gives alike in all three wings.


def dense(
    input_size: int, output_size: int, activation: str, rng: np.random.Generator, dtype
) -> dict[str, np.ndarray]:
    """Draw ``W (K, D)`` by Glorot's rule, and ``b (K,)`` zero; ValueError or TypeError for bad arguments."""
    check_size("input_size", input_size)
    check_size("output_size", output_size)
    check_choice("activation", activation, ACTIVATIONS)
    W = initializers.glorot((output_size, input_size), rng)
    return {"W": W.astype(dtype), "b": np.zeros(output_size, dtype)}


def embedding(symbols: int, size: int, rng: np.random.Generator, dtype) -> dict[str, np.ndarray]:
    """Draw ``E (V, D)`` from a normal distribution of standard deviation 1/sqrt(D)."""
    check_size("symbols", symbols)
    check_size("size", size)
    return {"E": (rng.standard_normal((symbols, size)) / np.sqrt(size)).astype(dtype)}


def attention(
    query_size: int, memory_size: int, size: int, rng: np.random.Generator, dtype
) -> dict[str, np.ndarray]:
    """Draw ``W (A, Q)``, ``U (A, M)`` and ``v (A,)`` by Glorot's rule."""
    check_size("query_size", query_size)
    check_size("memory_size", memory_size)
    check_size("size", size)
    shapes = {"W": (size, query_size), "U": (size, memory_size), "v": (1, size)}
    weights = {name: initializers.glorot(shape, rng).astype(dtype) for name, shape in shapes.items()}
    return weights | {"v": weights["v"][0]}


def convolution(
    input_size: int, output_size: int, kernel: int, stride: int, activation: str, rng, dtype
) -> dict[str, np.ndarray]:
    """Draw ``W (K, D, k, k)`` by Glorot's rule, and ``b (K,)`` zero; ValueError or TypeError as above."""
    check_size("input_size", input_size)
    check_size("output_size", output_size)
    check_kernel(kernel)
    check_size("stride", stride)
    check_choice("activation", activation, ACTIVATIONS)
    W = _drawn_kernels(1, output_size, input_size, kernel, rng)
    return {"W": W.astype(dtype), "b": np.zeros(output_size, dtype)}


def conv_gru(input_size: int, hidden_size: int, kernel: int, rng, dtype) -> dict[str, np.ndarray]:
    """Draw ``W (3H, D, k, k)`` and ``U (3H, H, k, k)`` by Glorot's rule a gate, and ``b (3H,)`` zero."""
    check_size("input_size", input_size)
    check_size("hidden_size", hidden_size)
    check_kernel(kernel)
    W = _drawn_kernels(3, hidden_size, input_size, kernel, rng)
    U = _drawn_kernels(3, hidden_size, hidden_size, kernel, rng)
    return {"W": W.astype(dtype), "U": U.astype(dtype), "b": np.zeros(3 * hidden_size, dtype)}


def check_kernel(kernel) -> None:
    check_size("kernel", kernel)
    if kernel % 2 == 0:
        raise ValueError(f"kernel must be odd, so that it has a middle, got {kernel}")


def _drawn_kernels(gates: int, outputs: int, inputs: int, kernel: int, rng) -> np.ndarray:
    # A unit sees k² places of every input channel, and is seen by k² places: Glorot's rule counts them.
    limit = np.sqrt(6.0 / (kernel**2 * (inputs + outputs)))
    return rng.uniform(-limit, limit, (gates * outputs, inputs, kernel, kernel))


# Models made of layers


def classifier(
    symbols: int,
    classes: int,
    embedding_size: int,
    hidden_size: int,
    cell: str,
    bidirectional: bool,
    pooling: str,
    dropout: float,
) -> dict[str, object]:
    """The arguments of ``SequenceClassifier`` by name; ValueError or TypeError for those that make none."""
    check_size("symbols", symbols)
    check_size("classes", classes)
    check_size("embedding_size", embedding_size)
    check_size("hidden_size", hidden_size)
    check_choice("cell", cell, ("ElmanRNN", "GRU", "LSTM"))
    check_flag("bidirectional", bidirectional)
    check_choice("pooling", pooling, ("last", "max", "attention"))
    check_fraction("dropout", dropout)
    return {
        "symbols": int(symbols),
        "classes": int(classes),
        "embedding_size": int(embedding_size),
        "hidden_size": int(hidden_size),
        "cell": cell,
        "bidirectional": bool(bidirectional),
        "pooling": pooling,
        "dropout": float(dropout),
    }


def tagger(
    input_size: int, classes: int, hidden_size: int, cell: str, bidirectional: bool, dropout: float
) -> dict[str, object]:
    """The arguments of ``SequenceTagger`` by name; ValueError or TypeError for those that make none."""
    check_size("input_size", input_size)
    check_size("classes", classes)
    check_size("hidden_size", hidden_size)
    check_choice("cell", cell, ("ElmanRNN", "GRU", "LSTM"))
    check_flag("bidirectional", bidirectional)
    check_fraction("dropout", dropout)
    return {
        "input_size": int(input_size),
        "classes": int(classes),
        "hidden_size": int(hidden_size),
        "cell": cell,
        "bidirectional": bool(bidirectional),
        "dropout": float(dropout),
    }


def translator(
    source_symbols: int,
    target_symbols: int,
    embedding_size: int,
    hidden_size: int,
    attention: bool,
    dropout: float,
) -> dict[str, object]:
    """The arguments of ``SequenceTranslator`` by name; ValueError or TypeError for those that make none."""
    check_size("source_symbols", source_symbols)
    check_size("target_symbols", target_symbols)
    check_size("embedding_size", embedding_size)
    check_size("hidden_size", hidden_size)
    if hidden_size % 2:
        raise ValueError(f"hidden_size must be even, half for each reading direction, got {hidden_size}")
    check_flag("attention", attention)
    check_fraction("dropout", dropout)
    return {
        "source_symbols": int(source_symbols),
        "target_symbols": int(target_symbols),
        "embedding_size": int(embedding_size),
        "hidden_size": int(hidden_size),
        "attention": bool(attention),
        "dropout": float(dropout),
    }


def composer(sizes: dict[str, int], recurrent: bool, **dropouts: float) -> dict[str, object]:
    """The arguments of ``KeyComposer`` or ``VoiceComposer`` by name; ValueError or TypeError for others."""
    for name, size in sizes.items():
        check_size(name, size)
    check_flag("recurrent", recurrent)
    for name, dropout in dropouts.items():
        check_fraction(name, dropout)
    options = {name: int(size) for name, size in sizes.items()} | {"recurrent": bool(recurrent)}
    return options | {name: float(dropout) for name, dropout in dropouts.items()}


def detector(classes: int, hidden_size: int, frames: int, recurrent: bool) -> dict[str, object]:
    """The arguments of ``Detector`` by name; ValueError or TypeError for those that make none."""
    check_size("classes", classes)
    check_size("hidden_size", hidden_size)
    check_size("frames", frames)
    check_flag("recurrent", recurrent)
    return {
        "classes": int(classes),
        "hidden_size": int(hidden_size),
        "frames": int(frames),
        "recurrent": bool(recurrent),
    }


def recogniser(
    input_size: int,
    classes: int,
    hidden_size: int,
    kernel: int,
    stride: int,
    recurrent: bool,
    dropout: float,
) -> dict[str, object]:
    """The arguments of ``Recogniser`` by name; ValueError or TypeError for those that make none."""
    check_size("input_size", input_size)
    check_size("classes", classes)
    check_size("hidden_size", hidden_size)
    check_kernel(kernel)
    check_size("stride", stride)
    check_flag("recurrent", recurrent)
    check_fraction("dropout", dropout)
    return {
        "input_size": int(input_size),
        "classes": int(classes),
        "hidden_size": int(hidden_size),
        "kernel": int(kernel),
        "stride": int(stride),
        "recurrent": bool(recurrent),
        "dropout": float(dropout),
    }


def frame_reader(channels: int, size: int, features: int) -> tuple[int, int, int]:
    """The channels after each convolution of a ``FrameReader``; ValueError or TypeError for bad arguments."""
    check_size("channels", channels)
    check_size("size", size)
    if size % 8:
        raise ValueError(f"size must be a multiple of 8, since it is halved three times, got {size}")
    check_size("features", features)
    return 12, 24, 32


def clip_classifier(size: int, classes: int, dropout: float) -> None:
    """Refuse arguments that make no ``ClipClassifier``, with ValueError or TypeError."""
    check_size("size", size)
    check_size("classes", classes)
    check_fraction("dropout", dropout)


ANSWERS_A_LETTER = 2  # phonemes, or blanks, that a pronouncer says for each letter


def pronouncer(
    symbols: int, classes: int, embedding_size: int, hidden_size: int, layers: int, dropout: float
) -> dict[str, object]:
    """The arguments of ``Pronouncer`` by name; ValueError or TypeError for those that make none."""
    check_size("symbols", symbols)
    check_size("classes", classes)
    check_size("embedding_size", embedding_size)
    check_size("hidden_size", hidden_size)
    check_size("layers", layers)
    check_fraction("dropout", dropout)
    return {
        "symbols": int(symbols),
        "classes": int(classes),
        "embedding_size": int(embedding_size),
        "hidden_size": int(hidden_size),
        "layers": int(layers),
        "dropout": float(dropout),
    }


def window_pronouncer(
    symbols: int, classes: int, reach: int, embedding_size: int, hidden_size: int, dropout: float
) -> dict[str, object]:
    """The arguments of ``WindowPronouncer`` by name; ValueError or TypeError for those that make none."""
    if reach != 0:
        check_size("reach", reach)
    options = pronouncer(symbols, classes, embedding_size, hidden_size, 1, dropout)
    del options["layers"]
    return options | {"reach": int(reach)}


def voice(
    phonemes: int,
    speakers: int,
    outputs: int,
    embedding_size: int,
    hidden_size: int,
    dropout: float,
    recurrent: bool = True,
) -> dict[str, object]:
    """The arguments of ``Voice`` and ``FeedbackVoice``; ValueError or TypeError for those that make none."""
    check_size("phonemes", phonemes)
    check_size("speakers", speakers)
    check_size("outputs", outputs)
    check_size("embedding_size", embedding_size)
    check_size("hidden_size", hidden_size)
    check_fraction("dropout", dropout)
    check_flag("recurrent", recurrent)
    return {
        "phonemes": int(phonemes),
        "speakers": int(speakers),
        "outputs": int(outputs),
        "embedding_size": int(embedding_size),
        "hidden_size": int(hidden_size),
        "dropout": float(dropout),
        "recurrent": bool(recurrent),
    }


DESCRIPTIONS = {
    "ElmanRNN": elman,
    "JordanRNN": jordan,
    "LSTM": lstm,
    "GRU": gru,
    "MinGRU": min_gru,
    "MinLSTM": min_lstm,
    "LRU": lru,
    "SelectiveSSM": selective_ssm,
    "SLSTM": slstm,
}
