"""Right answers to the exercises of 04-mathematics/06-conventions, written in other ways."""

import numpy as np


def torch_gru_to_keras(weight_ih, weight_hh, bias_ih, bias_hh):
    H = weight_hh.shape[1]
    rows = np.r_[H : 2 * H, :H, 2 * H : 3 * H]
    return [weight_ih[rows].T, weight_hh[rows].T, np.array([bias_ih, bias_hh])[:, rows]]


def torch_gru_to_keras_by_swapping(weight_ih, weight_hh, bias_ih, bias_hh):
    moved = []
    for array in (weight_ih, weight_hh, bias_ih, bias_hh):
        gates = array.reshape(3, -1, *array.shape[1:]).copy()
        gates[[0, 1]] = gates[[1, 0]]
        moved.append(gates.reshape(array.shape))
    return moved[0].transpose(), moved[1].transpose(), np.vstack(moved[2:])


def onnx_lstm_weights(ours, bias):
    H = len(ours) // 4
    theirs, both = np.empty((1, *ours.shape)), np.zeros((1, 8 * H))
    for place, block in enumerate([0, 3, 1, 2]):
        theirs[0, place * H : (place + 1) * H] = ours[block * H : (block + 1) * H]
        both[0, place * H : (place + 1) * H] = bias[block * H : (block + 1) * H]
    return theirs, both


def onnx_lstm_weights_by_rolling(W, b):
    """f g o becomes o f g: one turn of the last three gates."""
    gates, biases = W.reshape(4, -1, W.shape[1]), b.reshape(4, -1)
    W = np.concatenate([gates[:1], np.roll(gates[1:], 1, axis=0)]).reshape(1, *W.shape)
    B = np.concatenate([biases[:1], np.roll(biases[1:], 1, axis=0), np.zeros_like(biases)])
    return W, B.reshape(1, -1)


def fewest_biases(bias_ih, bias_hh):
    (r, z, n), (r_u, z_u, n_u) = np.split(bias_ih, 3), np.split(bias_hh, 3)
    return np.concatenate([r + r_u, z + z_u, n]), n_u


def fewest_biases_by_mask(bias_ih, bias_hh):
    H = len(bias_hh) // 3
    return bias_ih + bias_hh * ([1] * H + [1] * H + [0] * H), list(bias_hh[-H:])
