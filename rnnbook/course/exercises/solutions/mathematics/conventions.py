"""Solutions for chapters/04-mathematics/06-conventions.ipynb."""

import numpy as np


def torch_gru_to_keras(weight_ih, weight_hh, bias_ih, bias_hh):
    """Keras's kernel (D, 3H), recurrent kernel (H, 3H) and bias (2, 3H) from a torch GRU's arrays."""

    def reordered(array):
        r, z, n = np.split(array, 3)
        return np.concatenate([z, r, n])

    kernel = reordered(weight_ih).T
    recurrent_kernel = reordered(weight_hh).T
    bias = np.stack([reordered(bias_ih), reordered(bias_hh)])
    return kernel, recurrent_kernel, bias


def onnx_lstm_weights(W):
    """W (1, 4H, D) of ONNX, gates i o f c, from ours (4H, D), gates i f g o."""
    i, f, g, o = np.split(W, 4)
    return np.concatenate([i, o, f, g])[None]
