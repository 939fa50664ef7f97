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


def to_keras(
    params: Mapping[str, np.ndarray], *, activation: str = "tanh", reset_after: bool = True
) -> keras.layers.Layer:
    """Make a new Keras layer (``return_sequences=True, return_state=True``) that holds these weights.

    params: canonical weights of one layer or of a ``Bidirectional``.
    activation: that of an ``ElmanRNN``; the weights do not tell.
    reset_after: that of a ``GRU`` without biases; where there are biases, the weights tell.

    Raises ValueError for what a Keras layer cannot hold: a ``JordanRNN``, peepholes, a stack.
    """
    layers = canonical.parse_params(params, activation, reset_after, "keras.layers")
    layer = canonical.one_layer(layers, "keras.layers")
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
    options["use_bias"] = spec.use_bias
    if spec.name == "ElmanRNN":
        return keras.layers.SimpleRNN(spec.hidden_size, activation=ACTIVATIONS[activation], **options)
    if spec.name == "LSTM":
        if spec.peephole:
            raise ValueError("keras.layers.LSTM has no peepholes")
        return keras.layers.LSTM(spec.hidden_size, **options)
    return keras.layers.GRU(spec.hidden_size, reset_after=spec.reset_after, **options)


def _to_keras_arrays(cell: Cell) -> list[np.ndarray]:
    weights = {name: np.asarray(array) for name, array in cell.params.items()}
    if cell.spec.name == "GRU":
        weights = {name: canonical.reorder(array, "rzn", "zrn") for name, array in weights.items()}
    biases = [weights[name] for name in ("b", "b_u") if name in weights]
    bias = [np.stack(biases) if len(biases) == 2 else biases[0]] if biases else []
    return [weights["W"].T, weights["U"].T, *bias]


def from_keras(layer: keras.layers.Layer) -> dict[str, np.ndarray]:
    """Read the canonical weights out of a built Keras layer; the arrays are copies.

    Without biases (``use_bias=False``) there is no ``b``. Dropout and the activation of a ``SimpleRNN`` are
    no weights: the dict does not hold them.

    Raises TypeError for another layer or dtype, and ValueError for one that computes what our network does
    not (other activations in LSTM or GRU, ``go_backwards``, ``stateful``, a ``merge_mode`` but "concat",
    halves of a ``Bidirectional`` that run the wrong way round or have two activations), or that is not built.
    """
    if isinstance(layer, keras.layers.Bidirectional):
        if layer.merge_mode != "concat":
            raise ValueError(f"our Bidirectional concatenates, got merge_mode={layer.merge_mode!r}")
        inner = {"forward": layer.forward_layer, "backward": layer.backward_layer}
    else:
        inner = {None: layer}
    arrays = {direction: _from_keras_arrays(direction, each) for direction, each in inner.items()}
    activations = {each.activation for each in inner.values() if isinstance(each, keras.layers.SimpleRNN)}
    if len(activations) > 1:
        names = " and ".join(sorted(map(_described, activations)))
        raise ValueError(f"our weights are of one activation, the halves of the keras layer have {names}")
    return canonical.format_params([arrays])


def _from_keras_arrays(direction: str | None, layer: keras.layers.Layer) -> dict[str, np.ndarray]:
    if not isinstance(layer, keras.layers.SimpleRNN | keras.layers.LSTM | keras.layers.GRU):
        raise TypeError(
            "layer must be a keras SimpleRNN, LSTM, GRU or Bidirectional of them, got "
            + canonical.described_type(layer)
        )
    if layer.go_backwards != (direction == "backward"):
        raise ValueError(
            "our layers read forward, and the second of a Bidirectional backward; "
            f"got go_backwards={layer.go_backwards}{f' in the {direction} one' if direction else ''}"
        )
    if layer.stateful:
        raise ValueError("our layers keep no state from batch to batch, got stateful=True")
    if not layer.built:
        raise ValueError(
            "layer must be built first: call it once, or call layer.build((None, None, features))"
        )
    if isinstance(layer, keras.layers.SimpleRNN):
        _check_activation("activation", layer.activation, tuple(ACTIVATIONS.values()))
    else:
        _check_activation("activation", layer.activation, ("tanh",))
        _check_activation("recurrent_activation", layer.recurrent_activation, ("sigmoid",))

    for variable in layer.weights:
        canonical.check_stored_dtype(str(variable.dtype))
    kernel, recurrent_kernel, *bias = layer.get_weights()
    two = isinstance(layer, keras.layers.GRU) and layer.reset_after
    weights = {"W": kernel.T, "U": recurrent_kernel.T}
    if bias:
        weights |= {"b": bias[0][0], "b_u": bias[0][1]} if two else {"b": bias[0]}
    if isinstance(layer, keras.layers.GRU):
        weights = {name: canonical.reorder(array, "zrn", "rzn") for name, array in weights.items()}
    return {name: array.copy() for name, array in weights.items()}


def _check_activation(name: str, function, allowed: tuple[str, ...]) -> None:
    # By the function itself: any function may be called tanh.
    if function not in [keras.activations.get(each) for each in allowed]:
        have = _described(function)
        raise ValueError(f"our network has {name} {' or '.join(allowed)}, the keras layer has {have}")


def _described(function) -> str:
    name = getattr(function, "__name__", type(function).__name__)
    module = getattr(function, "__module__", "")
    return name if module.startswith("keras.src.activations") else f"{name} of {module}"
