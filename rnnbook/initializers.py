"""Starting weights, drawn in NumPy so that one seed starts all three wings alike.

Each function returns a float64 array of ``shape = (blocks * rows, columns)``: one block of rows a gate,
every block drawn on its own, because each gate is a matrix of its own.
"""

import numpy as np

from rnnbook import validation


def _rows(shape: tuple[int, int], blocks: int) -> int:
    validation.check_size("blocks", blocks)
    if not isinstance(shape, tuple | list) or len(shape) != 2:
        raise ValueError(f"shape must be (blocks * rows, columns), got {shape!r}")
    for size in shape:
        validation.check_size("shape's sizes", size)
    if shape[0] % blocks:
        raise ValueError(f"shape must be (blocks * rows, columns) with blocks = {blocks}, got {shape}")
    return shape[0] // blocks


def glorot(shape: tuple[int, int], rng: np.random.Generator, *, blocks: int = 1) -> np.ndarray:
    """Uniform in ±sqrt(6 / (rows + columns)), which keeps the variance of signals and gradients level.

    Glorot and Bengio, 2010, 'Understanding the difficulty of training deep feedforward neural networks',
    equation 16. ValueError if the rows do not divide into ``blocks``.
    """
    limit = np.sqrt(6.0 / (_rows(shape, blocks) + shape[1]))
    validation.check_rng(rng)
    return np.random.default_rng(rng).uniform(-limit, limit, shape)


def orthogonal(shape: tuple[int, int], rng: np.random.Generator, *, blocks: int = 1) -> np.ndarray:
    """Random rotations: every singular value of each block is 1, so a step neither grows nor shrinks ``h``.

    Saxe, McClelland and Ganguli, 2014, 'Exact solutions to the nonlinear dynamics of learning in deep
    linear neural networks'. ValueError if the rows do not divide into ``blocks``.
    """
    rows, columns = _rows(shape, blocks), shape[1]
    validation.check_rng(rng)
    rng, drawn = np.random.default_rng(rng), []
    for _ in range(blocks):
        q, r = np.linalg.qr(rng.standard_normal((max(rows, columns), min(rows, columns))))
        q *= np.sign(np.diagonal(r))  # without this, QR favours some rotations over others
        drawn.append(q if rows >= columns else q.T)
    return np.concatenate(drawn)


def identity(shape: tuple[int, int], *, scale: float = 1.0, blocks: int = 1) -> np.ndarray:
    """Return ``scale`` times the identity in each block: with relu units, the state is carried unchanged.

    Le, Jaitly and Hinton, 2015, 'A simple way to initialize recurrent networks of rectified linear units'.
    ValueError if the rows do not divide into ``blocks``.
    """
    validation.check_number("scale", scale)
    return np.concatenate([scale * np.eye(_rows(shape, blocks), shape[1])] * blocks)


def forget_bias(hidden_size: int, value: float = 1.0) -> np.ndarray:
    """LSTM biases ``(4H,)``, gate order i f g o: zero, but ``value`` for the forget gate.

    Gers, Schmidhuber and Cummins, 2000, 'Learning to forget: continual prediction with LSTM'.
    """
    validation.check_size("hidden_size", hidden_size)
    validation.check_number("value", value)
    bias = np.zeros(4 * hidden_size)
    bias[hidden_size : 2 * hidden_size] = value
    return bias
