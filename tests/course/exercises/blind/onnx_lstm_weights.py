import numpy as np


def right_1(W, b):
    """Reshape to gates, then pick them in ONNX's order."""
    H = len(b) // 4
    onnx = [0, 3, 1, 2]
    new_W = W.reshape(4, H, -1)[onnx].reshape(1, 4 * H, -1)
    new_b = b.reshape(4, H)[onnx].ravel()
    return new_W, np.concatenate([new_b, np.zeros(4 * H)])[np.newaxis]


def wrong_1(W, b):
    """The order is inverted: our blocks are read in ONNX's order and laid down in ours."""
    i, o, f, g = np.split(W, 4)
    bi, bo, bf, bg = np.split(b, 4)
    new_W = np.concatenate([i, f, g, o])[None]
    new_b = np.concatenate([bi, bf, bg, bo])
    return new_W, np.concatenate([new_b, np.zeros_like(b)])[None]


def wrong_2(W, b):
    """The bias is put into both halves, so that ONNX adds it twice."""
    i, f, g, o = np.split(W, 4)
    new_W = np.stack([np.concatenate([i, o, f, g])])
    i, f, g, o = np.split(b, 4)
    new_b = np.concatenate([i, o, f, g])
    return new_W, np.tile(new_b, 2)[None, :]


def wrong_3(W, b):
    """The zeros are put between the gates: each gate's bias is followed by its own zeros."""
    H = len(b) // 4
    rows = []
    B = []
    for gate in (0, 3, 1, 2):
        rows.extend(W[gate * H:(gate + 1) * H])
        B.extend(b[gate * H:(gate + 1) * H])
        B.extend([0.0] * H)
    return np.array(rows)[None], np.array(B)[None]
