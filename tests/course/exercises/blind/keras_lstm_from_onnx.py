import numpy as np


def right_1(W, R, B):
    """Splits by name and joins by name."""
    def to_keras(a):
        i, o, f, c = np.split(a, 4, axis=0)
        return np.concatenate([i, f, c, o], axis=0)

    H = R.shape[2]
    bias = B[0, : 4 * H] + B[0, 4 * H :]
    return {
        "kernel": to_keras(W[0]).T,
        "recurrent_kernel": to_keras(R[0]).T,
        "bias": to_keras(bias),
    }


def wrong_1(W, R, B):
    """Uses only the first of the two biases."""
    H = R.shape[-1]
    pick = np.concatenate([np.arange(H) + H * k for k in (0, 2, 3, 1)])
    return {"kernel": W[0][pick].T, "recurrent_kernel": R[0][pick].T, "bias": B[0][: 4 * H][pick]}


def wrong_2(W, R, B):
    """Uses the inverse permutation: sends blocks to 0 3 1 2 (mixes up 'from' and 'to')."""
    H = R.shape[2]
    order = [0, 3, 1, 2]
    w = W.reshape(4, H, -1)[order].reshape(4 * H, -1)
    r = R.reshape(4, H, H)[order].reshape(4 * H, H)
    b = B.reshape(2, 4, H).sum(axis=0)[order].reshape(-1)
    return {"kernel": w.T, "recurrent_kernel": r.T, "bias": b}


def wrong_3(W, R, B):
    """Reorders the two kernels, but forgets to reorder the bias."""
    result = {}
    for name, a in (("kernel", W), ("recurrent_kernel", R)):
        i, o, f, c = np.split(a[0].T, 4, axis=1)
        result[name] = np.hstack([i, f, c, o])
    first, second = np.split(B[0], 2)
    result["bias"] = first + second
    return result
