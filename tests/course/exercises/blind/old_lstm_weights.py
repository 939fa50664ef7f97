import numpy as np


def right_1(kernel, bias, forget_bias):
    """Expert's style: reshape into blocks and pick."""
    H = bias.size // 4
    D = kernel.shape[0] - H
    order = [0, 2, 1, 3]
    blocks = kernel.T.reshape(4, H, D + H)[order].reshape(4 * H, D + H)
    b = bias.reshape(4, H)[order].copy()
    b[1] += forget_bias
    return blocks[:, :D], blocks[:, D:], b.reshape(-1)


def wrong_1(kernel, bias, forget_bias):
    """Swaps the wrong pair of blocks: gives i o f j in place of i f j o."""
    H = len(bias) // 4
    i, j, f, o = np.split(kernel, 4, axis=1)
    bi, bj, bf, bo = np.split(bias, 4)
    k = np.concatenate([i, f, o, j], axis=1).T
    b = np.concatenate([bi, bf + forget_bias, bo, bj])
    return k[:, :-H], k[:, -H:], b


def wrong_2(kernel, bias, forget_bias):
    """Takes the rows of the state for those of the inputs: state above inputs."""
    H = kernel.shape[1] // 4
    cols = np.r_[0:H, 2 * H:3 * H, H:2 * H, 3 * H:4 * H]
    k = kernel[:, cols]
    b = bias[cols].astype(float)
    b[H:2 * H] += forget_bias
    U = k[:H].T
    W = k[H:].T
    return W, U, b


def wrong_3(kernel, bias, forget_bias):
    """Adds the forget bias to block 2 of the new order, which is now g and no longer f."""
    H = bias.shape[0] // 4
    D = kernel.shape[0] - H

    def reorder(a):
        i, j, f, o = np.split(a, 4, axis=-1)
        return np.concatenate([i, f, j, o], axis=-1)

    b = reorder(bias)
    b[2 * H : 3 * H] += forget_bias
    return reorder(kernel[:D]).T, reorder(kernel[D:]).T, b
