"""Right answers to 07-tools/04-taking-a-model-elsewhere, written in other ways."""

import numpy as np


def keras_lstm_from_onnx(W, R, B):
    H = R.shape[2]
    rows = np.r_[0:H, 2 * H : 3 * H, 3 * H : 4 * H, H : 2 * H]
    bias = B[0, rows] + B[0, rows + 4 * H]
    return {"bias": bias, "recurrent_kernel": R[0, rows].T, "kernel": W[0, rows].T}


def keras_lstm_from_onnx_by_a_shape(W, R, B):
    H = R.shape[-1]
    order = ["iofc".index(gate) for gate in "ifco"]
    kernel = np.moveaxis(W.reshape(4, H, -1)[order], 2, 0).reshape(-1, 4 * H)
    recurrent = np.moveaxis(R.reshape(4, H, H)[order], 2, 0).reshape(H, 4 * H)
    return {"kernel": kernel, "recurrent_kernel": recurrent, "bias": B.reshape(2, 4, H).sum(0)[order].ravel()}


def strict_weights(own, saved, renamed):
    left, found = dict(own), {}
    for name in saved:
        prefixes = [old for old in renamed if name[: len(old)] == old]
        new = renamed[prefixes[0]] + name.removeprefix(prefixes[0]) if prefixes else name
        if left.pop(new).shape != saved[name].shape:  # a KeyError, if the model has no such name
            raise ValueError(f"{new}: another shape")
        found[new] = saved[name]
    if left:
        raise KeyError(f"not in the file: {', '.join(left)}")
    return found


def strict_weights_by_the_model(own, saved, renamed):
    names = {}
    for name in saved:
        names[next((renamed[old] + name[len(old) :] for old in renamed if name.startswith(old)), name)] = name
    if set(names) != set(own):
        raise KeyError("names")
    if [np.shape(own[name]) for name in own] != [np.shape(saved[names[name]]) for name in own]:
        raise ValueError("shapes")
    return {name: saved[names[name]].copy() for name in own}


def lost_in_half(weights, tolerance):
    def kept(array):
        largest = max(abs(number) for number in array.flat)
        return all(abs(float(np.float16(number)) - number) <= tolerance * largest for number in array.flat)

    return [name for name in weights if not kept(weights[name])]


def lost_in_half_by_the_norm(weights, tolerance):
    largest = lambda array: np.linalg.norm(array.ravel(), np.inf)
    return [k for k, a in weights.items() if largest(a.astype("float16") - a) > tolerance * largest(a)]
