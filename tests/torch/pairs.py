"""Layers of the NumPy and the PyTorch wing in pairs, with the same drawn weights."""

import numpy as np
import torch

import rnnbook.numpy
import rnnbook.torch

D = 3

KINDS = {
    "elman": lambda wing, **o: wing.ElmanRNN(D, 4, **o),
    "elman_relu": lambda wing, **o: wing.ElmanRNN(D, 4, activation="relu", **o),
    "elman_sigmoid": lambda wing, **o: wing.ElmanRNN(D, 4, activation="sigmoid", **o),
    "elman_identity": lambda wing, **o: wing.ElmanRNN(D, 4, activation="identity", **o),
    "jordan": lambda wing, **o: wing.JordanRNN(D, 4, 2, output_activation="sigmoid", decay=0.7, **o),
    "lstm": lambda wing, **o: wing.LSTM(D, 4, **o),
    "lstm_peephole": lambda wing, **o: wing.LSTM(D, 4, peephole=True, **o),
    "gru": lambda wing, **o: wing.GRU(D, 4, **o),
    "gru_reset_before": lambda wing, **o: wing.GRU(D, 4, reset_after=False, **o),
    "bidirectional": lambda wing, **o: wing.Bidirectional(wing.LSTM(D, 3, **o), wing.GRU(D, 2, **o)),
    "stacked": lambda wing, **o: wing.Stacked(
        [
            wing.GRU(D, 4, **o),
            wing.Bidirectional(wing.ElmanRNN(4, 3, **o), wing.LSTM(4, 2, **o)),
            wing.JordanRNN(5, 4, 2, **o),
        ]
    ),
}
SINGLE = [kind for kind in KINDS if kind not in ("bidirectional", "stacked")]


def pair(kind: str, dtype: str = "float64", seed: int = 0):
    """One layer of each wing; every weight is drawn, so that none is zero as biases are at the start."""
    rng = np.random.default_rng(seed)
    in_numpy = KINDS[kind](rnnbook.numpy, dtype=dtype)
    in_torch = KINDS[kind](rnnbook.torch, dtype=dtype)
    params = {name: rng.normal(0, 0.6, array.shape).astype(dtype) for name, array in in_numpy.params.items()}
    in_numpy.load_params(params)
    in_torch.load_params(params)
    return in_numpy, in_torch


def draw(seed: int, *shape: int) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape))


def gradients(layer) -> dict[str, np.ndarray]:
    """The gradients that ``backward`` left, by the canonical names of the weights."""
    return {name: weight.grad.numpy() for name, weight in layer.named_variables().items()}
