"""Right answers to 07-tools/01-where-the-names-went, written in other ways."""

import numpy as np


def old_lstm_weights(kernel, bias, forget_bias):
    H = kernel.shape[1] // 4
    D = kernel.shape[0] - H
    columns = [gate * H + unit for gate in (0, 2, 1, 3) for unit in range(H)]
    b = bias[columns]
    b[H : 2 * H] = b[H : 2 * H] + forget_bias
    return kernel[:D, columns].T, kernel[D:, columns].T, b


def old_lstm_weights_by_a_shape(kernel, bias, forget_bias):
    H = len(bias) // 4
    added = bias + forget_bias * (np.arange(4 * H) // H == 2)
    blocks = np.vstack([kernel, added]).reshape(-1, 4, H)[:, [0, 2, 1, 3]].reshape(-1, 4 * H).T
    return blocks[:, : -H - 1], blocks[:, -H - 1 : -1], blocks[:, -1]


def old_gru_step(x_t, h, gate_kernel, gate_bias, kernel, bias):
    D, H = x_t.shape[1], h.shape[1]
    z = x_t @ gate_kernel[:D] + h @ gate_kernel[D:] + gate_bias
    r, u = 0.5 + 0.5 * np.tanh(z[:, :H] / 2), 0.5 + 0.5 * np.tanh(z[:, H:] / 2)
    n = np.tanh(x_t @ kernel[:D] + (r * h) @ kernel[D:] + bias)
    return n + u * (h - n)


def old_gru_step_by_loops(x_t, h, gate_kernel, gate_bias, kernel, bias):
    new = []
    for x, old in zip(x_t, h, strict=True):
        H = len(old)
        gates = [
            1 / (1 + np.exp(-np.append(x, old) @ gate_kernel[:, k] - gate_bias[k])) for k in range(2 * H)
        ]
        joined = [*x, *(r * s for r, s in zip(gates[:H], old, strict=True))]
        n = [
            np.tanh(sum(a * w for a, w in zip(joined, kernel[:, k], strict=True)) + bias[k]) for k in range(H)
        ]
        new.append([gates[H + k] * old[k] + (1 - gates[H + k]) * n[k] for k in range(H)])
    return new


def ctc_for_torch(logits, labels):
    rolled = np.roll(logits, 1, axis=-1)
    return rolled - np.logaddexp.reduce(rolled, axis=-1, keepdims=True), np.where(labels == -1, 0, labels + 1)


def ctc_for_torch_by_loops(logits, labels):
    T, B, K = logits.shape
    logs = np.empty((T, B, K))
    for t in range(T):
        for b in range(B):
            row = np.array([logits[t, b, (k - 1) % K] for k in range(K)])
            row = row - row.max()
            logs[t, b] = row - np.log(sum(np.exp(row)))
    return logs, [[label + 1 for label in row] for row in labels]
