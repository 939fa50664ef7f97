"""The loss by hand is the sum over all paths, its gradient is the slope; the frameworks agree."""

from itertools import pairwise, product

import numpy as np
import pytest
import torch

import rnnbook
from rnnbook.numpy import ctc_loss, softmax
from rnnbook.numpy.ctc import backward_variables, forward_variables, posteriors, with_blanks
from rnnbook.tasks.decoding import ctc_collapse

RNG = np.random.default_rng(0)


def drawn(dtype="float64"):
    """A batch with a repeated symbol, a target that fits in one way only, and padding to ignore."""
    logits = (2 * RNG.standard_normal((4, 9, 5))).astype(dtype)
    targets = np.array([[1, 2, 3], [4, 4, 9], [2, 2, 1], [3, -5, 0]])
    return logits, targets, np.array([9, 7, 4, 1]), np.array([3, 2, 3, 1])


def every_path(logits, target) -> float:
    """log p(y | x) by its definition."""
    p = softmax(logits)
    paths = product(range(p.shape[1]), repeat=len(p))
    return np.log(
        sum(np.prod(p[range(len(p)), path]) for path in paths if ctc_collapse(path) == list(target))
    )


@pytest.mark.parametrize("target", [[1], [1, 2], [2, 2], [1, 2, 1], [2, 2, 2], [1, 1, 2]])
@pytest.mark.parametrize("steps", [5, 6])
def test_it_is_the_sum_over_all_paths(target, steps):
    logits = RNG.standard_normal((1, steps, 3))
    loss, _ = ctc_loss(logits, np.array([target]), np.array([steps]), np.array([len(target)]))
    assert loss == pytest.approx(-every_path(logits[0], target), rel=1e-12)


def test_all_targets_together_are_certain():
    logits = RNG.standard_normal((4, 3))
    targets = [list(t) for size in (1, 2, 3, 4) for t in product((1, 2), repeat=size)]
    fitting = [t for t in targets if len(t) + sum(a == b for a, b in pairwise(t)) <= 4]
    total = np.prod(softmax(logits)[:, 0])  # nothing but blanks
    for t in fitting:
        total += np.exp(-ctc_loss(logits[None], np.array([t]), np.array([4]), np.array([len(t)]))[0])
    assert total == pytest.approx(1, rel=1e-12)


def test_the_gradient_is_the_slope():
    batch = drawn()
    logits, *rest = batch
    _, d_logits = ctc_loss(*batch)
    slope = np.zeros_like(logits)
    for place in np.ndindex(logits.shape):
        step = np.zeros_like(logits)
        step[place] = 1e-6
        slope[place] = (ctc_loss(logits + step, *rest)[0] - ctc_loss(logits - step, *rest)[0]) / 2e-6
    np.testing.assert_allclose(d_logits, slope, atol=1e-8)
    assert not d_logits[1, 7:].any() and not d_logits[3, 1:].any()


def test_forward_and_backward_meet_at_every_step():
    logits, target = RNG.standard_normal((8, 4)), np.array([1, 1, 3])
    log_p = np.log(softmax(logits))
    alpha, beta = forward_variables(log_p, target), backward_variables(log_p, target)
    total = np.logaddexp.reduce(alpha + beta, axis=1)
    np.testing.assert_allclose(total, total[0], rtol=1e-12)
    np.testing.assert_allclose(np.logaddexp(alpha[-1, -1], alpha[-1, -2]), total[0], rtol=1e-12)
    log, gamma = posteriors(logits, target)
    assert log == pytest.approx(total[0])
    np.testing.assert_allclose(gamma.sum(axis=1), 1)
    assert with_blanks(target).tolist() == [0, 1, 0, 1, 0, 3, 0]


def test_long_sequences_do_not_underflow():
    logits = 5 * RNG.standard_normal((1, 2000, 11))
    loss, d_logits = ctc_loss(logits, np.array([[1, 2, 3]]), np.array([2000]), np.array([3]))
    assert 2000 < loss < 1e5 and np.isfinite(d_logits).all()


def test_sums_are_taken_in_double_precision():
    """In NumPy, whatever the dtype: a float32 sum over so many steps keeps five digits."""
    logits = RNG.standard_normal((1, 2000, 11)).astype(np.float32)
    rest = np.array([[1, 2, 3]]), np.array([2000]), np.array([3])
    assert ctc_loss(logits, *rest)[0] == ctc_loss(logits.astype(float), *rest)[0]


def in_torch(logits, *rest):
    logits = torch.tensor(logits, requires_grad=True)
    loss = rnnbook.torch.ctc_loss(logits, *map(torch.tensor, rest))
    loss.backward()
    return loss.item(), logits.grad.numpy()


def in_tensorflow(logits, *rest, graph: bool = False):
    import tensorflow as tf

    run = tf.function(rnnbook.tensorflow.ctc_loss) if graph else rnnbook.tensorflow.ctc_loss
    logits = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = run(logits, *map(tf.constant, rest))
    return float(loss), tape.gradient(loss, logits).numpy()


def in_a_graph(*batch):
    return in_tensorflow(*batch, graph=True)


@pytest.mark.parametrize("wing", [in_torch, in_tensorflow, in_a_graph])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_frameworks_agree(wing, dtype):
    # TensorFlow's loss takes float64, and is right to seven digits.
    tolerance = 1e-5 if dtype == "float32" else 1e-10 if wing is in_torch else 1e-6
    batch = drawn(dtype)
    loss, d_logits = ctc_loss(*batch)
    other, d_other = wing(*batch)
    assert d_logits.dtype == d_other.dtype == dtype
    assert other == pytest.approx(loss, rel=tolerance)
    np.testing.assert_allclose(d_other, d_logits, atol=tolerance)


@pytest.mark.parametrize("wing", ["numpy", "torch", "tensorflow"])
def test_bad_input_is_refused(wing):
    loss = getattr(rnnbook, wing).ctc_loss
    as_tensor = torch.tensor if wing == "torch" else np.asarray
    logits = np.zeros((2, 4, 3))
    good = {"targets": [[1, 2], [1, 1]], "lengths": [4, 3], "target_lengths": [2, 2]}
    for change, kind, words in (
        ({"lengths": [4, 2]}, ValueError, r"targets\[1\] needs 3 steps, and its sequence has 2"),
        ({"targets": [[1, 0], [1, 1]]}, ValueError, r"in 1\.\.2, got values from 0 to 1 in row 0; 0 is the"),
        ({"targets": [[1, 2], [3, 1]]}, ValueError, r"in 1\.\.2, got values from 1 to 3 in row 1"),
        ({"target_lengths": [2, 0]}, ValueError, r"target_lengths must lie in 1\.\.2, got 0 at index 1"),
        ({"lengths": [4, 5]}, ValueError, r"lengths must lie in 1\.\.4, got 5"),
        ({"targets": [[1.0, 2.0], [1.0, 1.0]]}, TypeError, "targets must be integers"),
        ({"targets": [[1, 2]]}, ValueError, r"targets must have shape \(2, symbols\)"),
    ):
        with pytest.raises(kind, match=words):
            loss(as_tensor(logits), *map(as_tensor, (good | change).values()))
    with pytest.raises(ValueError, match=r"logits must have shape \(batch, time, classes\)"):
        loss(as_tensor(logits[0]), *map(as_tensor, good.values()))
