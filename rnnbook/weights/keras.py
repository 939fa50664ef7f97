"""Canonical weights to and from Keras's ``SimpleRNN``, ``LSTM``, ``GRU`` and ``Bidirectional`` of these.

Keras multiplies from the other side, ``x @ kernel``, so that its matrices are ours transposed. Its LSTM has
our order of gates (i f g o, where it writes c for g), its GRU has z r h where we have r z n. A GRU with
``reset_after`` keeps both biases in one array ``(2, 3H)``.
"""

from collections.abc import Mapping

import rnnbook.tensorflow  # noqa: F401  first, because it loads TensorFlow without lines on stderr

# isort: split

import keras
import numpy as np

from rnnbook.weights import canonical
from rnnbook.weights.canonical import Cell

ACTIVATIONS = {"tanh": "tanh", "relu": "relu", "sigmoid": "sigmoid", "identity": "linear"}


def to_keras(params: Mapping[str, np.ndarray], *, activation: str = "tanh") -> keras.layers.Layer:
    """Make a new Keras layer (``return_sequences=True, return_state=True``) that holds these weights.

    params: canonical weights of one layer or of a ``Bidirectional``.
    activation: that of an ``ElmanRNN``; the weights do not tell.

    Raises ValueError for what a Keras layer cannot hold: a ``JordanRNN``, peepholes, a stack.
    """
    layer = canonical.one_layer(canonical.parse_params(params, activation, "keras.layers"), "keras.layers")
    if None in layer:
        theirs = _recurrent_layer(layer[None], activation)
        inner = {None: theirs}
    else:
        forward = _recurrent_layer(layer["forward"], activation)
        backward = _recurrent_layer(layer["backward"], activation, go_backwards=True)
        theirs = keras.layers.Bidirectional(
            forward, merge_mode="concat", backward_layer=backward, dtype=layer["forward"].dtype
        )
        inner = {"forward": theirs.forward_layer, "backward": theirs.backward_layer}
    theirs.build((None, None, next(iter(layer.values())).spec.input_size))
    for direction, cell in layer.items():
        inner[direction].set_weights(_to_keras_arrays(cell))
    return theirs


def _recurrent_layer(cell: Cell, activation: str, **direction) -> keras.layers.Layer:
    spec = cell.spec
    options = {"return_sequences": True, "return_state": True, "dtype": cell.dtype, **direction}
    if spec.name == "ElmanRNN":
        return keras.layers.SimpleRNN(spec.hidden_size, activation=ACTIVATIONS[activation], **options)
    if spec.name == "LSTM":
        if spec.peephole:
            raise ValueError("keras.layers.LSTM has no peepholes")
        return keras.layers.LSTM(spec.hidden_size, **options)
    return keras.layers.GRU(spec.hidden_size, reset_after=spec.reset_after, **options)


def _to_keras_arrays(cell: Cell) -> list[np.ndarray]:
    W, U, b = (np.asarray(cell.params[name]) for name in ("W", "U", "b"))
    if cell.spec.name == "GRU":
        W, U, b = (canonical.reorder(array, "rzn", "zrn") for array in (W, U, b))
        if cell.spec.reset_after:
            b = np.stack([b, canonical.reorder(cell.params["b_u"], "rzn", "zrn")])
    return [W.T, U.T, b]


def from_keras(layer: keras.layers.Layer) -> dict[str, np.ndarray]:
    """Read the canonical weights out of a built Keras layer; the arrays are copies.

    Without biases (``use_bias=False``), ``b`` is zero. Dropout and the activation of a ``SimpleRNN`` are no
    weights: the dict does not hold them.

    Raises TypeError for another layer, and ValueError for one that computes what our network does not (other
    activations in LSTM or GRU, ``go_backwards``, a ``merge_mode`` but "concat"), or that is not built yet.
    """
    if isinstance(layer, keras.layers.Bidirectional):
        if layer.merge_mode != "concat":
            raise ValueError(f"our Bidirectional concatenates, got merge_mode={layer.merge_mode!r}")
        inner = {"forward": layer.forward_layer, "backward": layer.backward_layer}
    else:
        inner = {None: layer}
        if getattr(layer, "go_backwards", False):
            raise ValueError("our layers read forward, except inside Bidirectional; got go_backwards=True")
    arrays = {direction: _from_keras_arrays(each) for direction, each in inner.items()}
    return canonical.format_params([arrays])


def _from_keras_arrays(layer: keras.layers.Layer) -> dict[str, np.ndarray]:
    if not isinstance(layer, keras.layers.SimpleRNN | keras.layers.LSTM | keras.layers.GRU):
        raise TypeError(
            f"layer must be a keras SimpleRNN, LSTM, GRU or Bidirectional of them, got {type(layer).__name__}"
        )
    if not layer.built:
        raise ValueError(
            "layer must be built first: call it once, or call layer.build((None, None, features))"
        )
    if isinstance(layer, keras.layers.SimpleRNN):
        _check_activation("activation", layer.activation, tuple(ACTIVATIONS.values()))
    else:
        _check_activation("activation", layer.activation, ("tanh",))
        _check_activation("recurrent_activation", layer.recurrent_activation, ("sigmoid",))

    kernel, recurrent_kernel, *bias = layer.get_weights()
    two = isinstance(layer, keras.layers.GRU) and layer.reset_after
    no_bias = np.zeros_like(kernel[0])
    b = bias[0] if bias else np.stack([no_bias, no_bias]) if two else no_bias
    weights = {"W": kernel.T, "U": recurrent_kernel.T}
    weights |= {"b": b[0], "b_u": b[1]} if two else {"b": b}
    if isinstance(layer, keras.layers.GRU):
        weights = {name: canonical.reorder(array, "zrn", "rzn") for name, array in weights.items()}
    return {name: array.copy() for name, array in weights.items()}


def _check_activation(name: str, function, allowed: tuple[str, ...]) -> None:
    have = keras.activations.serialize(function)
    if have not in allowed:
        raise ValueError(f"our network has {name} {' or '.join(allowed)}, the keras layer has {have}")
