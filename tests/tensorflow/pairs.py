"""Layers of the NumPy and the TensorFlow wing in pairs, with the same drawn weights."""

import numpy as np
import tensorflow as tf

import rnnbook.numpy
import rnnbook.tensorflow

D = 3

KINDS = {
    "elman": lambda wing, **o: wing.ElmanRNN(D, 4, **o),
    "elman_relu": lambda wing, **o: wing.ElmanRNN(D, 4, activation="relu", **o),
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


def pair(kind: str, dtype="float64", seed: int = 0):
    """One layer of each wing; every weight is drawn, so that none is zero as biases are at the start."""
    rng = np.random.default_rng(seed)
    in_numpy = KINDS[kind](rnnbook.numpy, dtype=dtype)
    in_tensorflow = KINDS[kind](rnnbook.tensorflow, dtype=dtype)
    params = {
        name: rng.normal(0, 0.6, array.shape).astype(dtype) for name, array in in_tensorflow.params.items()
    }
    in_numpy.load_params(params)
    in_tensorflow.load_params(params)
    return in_numpy, in_tensorflow


def drawn_like(structure, rng):
    draw = lambda array: rng.standard_normal(array.shape).astype(array.dtype)
    return tf.nest.map_structure(draw, structure)


def value_and_gradients(layer, x, state, d_outputs, d_state, lengths=None):
    """``(outputs, state after, gradients by name)``, given a loss's gradients at the layer's exit."""
    weights = layer.named_variables()
    with tf.GradientTape() as tape:
        tape.watch((x, state))
        outputs, after = layer(x, state, lengths)
        loss = tf.reduce_sum(outputs * d_outputs)
        for part, d_part in zip(tf.nest.flatten(after), tf.nest.flatten(d_state), strict=True):
            loss += tf.reduce_sum(part * d_part)
    d_weights, d_x, d_before = tape.gradient(
        loss, (list(weights.values()), x, state), unconnected_gradients=tf.UnconnectedGradients.ZERO
    )
    return outputs, after, dict(zip(weights, d_weights, strict=True)) | {"x": d_x, "state": d_before}


def assert_equal(have, want, tolerance: float) -> None:
    have, want = tf.nest.flatten(have), tf.nest.flatten(want)
    for actual, expected in zip(have, want, strict=True):
        np.testing.assert_allclose(np.array(actual), np.array(expected), rtol=tolerance, atol=tolerance)
