import numpy as np
import pytest

from rnnbook.checks import compare_gradients
from rnnbook.numpy import mean_squared_error, softmax, softmax_cross_entropy

MASK = np.array([[True, False, True], [True, True, False]])


@pytest.fixture
def logits():
    return np.random.default_rng(0).standard_normal((2, 3, 4))


@pytest.fixture(params=["indices", "one-hot", "soft"])
def targets(request):
    rng = np.random.default_rng(1)
    indices = rng.integers(4, size=(2, 3))
    return {"indices": indices, "one-hot": np.eye(4)[indices], "soft": rng.dirichlet(np.ones(4), (2, 3))}[
        request.param
    ]


@pytest.mark.parametrize("mask", [None, MASK])
def test_cross_entropy_gradient(logits, targets, mask):
    _, d_logits = softmax_cross_entropy(logits, targets, mask)
    loss = lambda arrays: softmax_cross_entropy(arrays["logits"], targets, mask)[0]
    report = compare_gradients(loss, {"logits": logits}, {"logits": d_logits})
    assert report.passed, report


@pytest.mark.parametrize("mask", [None, MASK])
def test_cross_entropy_equals_torchs(logits, targets, mask):
    torch = pytest.importorskip("torch")
    counted = np.ones((2, 3), bool) if mask is None else mask
    theirs = torch.tensor(logits, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(theirs[torch.tensor(counted)], torch.tensor(targets[counted]))
    loss.backward()
    ours, d_logits = softmax_cross_entropy(logits, targets, mask)
    assert ours == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(d_logits, theirs.grad.numpy(), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("mask", [None, MASK])
def test_squared_error_gradient(logits, mask):
    targets = np.random.default_rng(1).standard_normal(logits.shape)
    value, d_predictions = mean_squared_error(logits, targets, mask)
    loss = lambda arrays: mean_squared_error(arrays["y"], targets, mask)[0]
    report = compare_gradients(loss, {"y": logits}, {"y": d_predictions})
    assert report.passed, report
    counted = slice(None) if mask is None else mask
    assert value == pytest.approx(np.mean((logits - targets)[counted] ** 2), rel=1e-12)


def test_squared_error_equals_torchs(logits):
    torch = pytest.importorskip("torch")
    targets = np.zeros_like(logits)
    theirs = torch.tensor(logits, requires_grad=True)
    loss = torch.nn.functional.mse_loss(theirs, torch.tensor(targets))
    loss.backward()
    ours, d_predictions = mean_squared_error(logits, targets)
    assert ours == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(d_predictions, theirs.grad.numpy(), rtol=1e-12)


def test_what_is_masked_is_never_read(logits):
    targets = np.zeros((2, 3), int)
    expected, expected_d = softmax_cross_entropy(logits, targets, MASK)
    expected_squared, _ = mean_squared_error(logits, 0 * logits, MASK)
    logits[~MASK] = np.nan
    targets[~MASK] = -1
    value, d_logits = softmax_cross_entropy(logits, targets, MASK)
    assert value == expected
    np.testing.assert_array_equal(d_logits, expected_d)
    assert (d_logits[~MASK] == 0).all()
    value, d_predictions = mean_squared_error(logits, 0 * logits, MASK)
    assert value == expected_squared
    assert (d_predictions[~MASK] == 0).all()


def test_cross_entropy_of_a_guess_is_log_k():
    value, _ = softmax_cross_entropy(np.zeros((5, 4)), np.arange(5) % 4)
    assert value == pytest.approx(np.log(4), rel=1e-15)


def test_softmax_neither_overflows_nor_underflows_to_nan():
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_array_equal(softmax(np.array([1000.0, 0.0, -1000.0])), [1, 0, 0])
        value, d_logits = softmax_cross_entropy(np.array([[1000.0, -1000.0]]), np.array([1]))
    assert value == 2000
    np.testing.assert_array_equal(d_logits, [[1, -1]])
    np.testing.assert_allclose(softmax(np.array([[1.0, 2.0], [3.0, 3.0]])).sum(axis=-1), 1, rtol=1e-15)


def test_softmax_by_hand():
    np.testing.assert_allclose(softmax(np.log([[1.0, 2.0, 5.0]])), [[0.125, 0.25, 0.625]], rtol=1e-15)


def test_float32_stays_float32(logits):
    logits = logits.astype(np.float32)
    assert softmax_cross_entropy(logits, np.zeros((2, 3), int))[1].dtype == np.float32
    assert mean_squared_error(logits, logits)[1].dtype == np.float32
    assert softmax(logits).dtype == np.float32


LOGITS = np.zeros((2, 3))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: softmax_cross_entropy(LOGITS, np.zeros(3, int)),
            ValueError,
            "targets must have shape (2,), got (3,)",
        ),
        (
            lambda: softmax_cross_entropy(LOGITS, np.zeros((2, 4))),
            ValueError,
            "targets must have shape (2, 3), got (2, 4)",
        ),
        (
            lambda: softmax_cross_entropy(LOGITS, np.array([0, 3])),
            ValueError,
            "targets must lie in 0..2, got 0 to 3",
        ),
        (
            lambda: softmax_cross_entropy(np.zeros((2, 3), int), np.array([0, 1])),
            TypeError,
            "logits must be float32 or float64, got int64",
        ),
        (
            lambda: softmax_cross_entropy(LOGITS, np.array([0, 1]), np.ones(2)),
            TypeError,
            "mask must be bool, True where a place counts, got float64",
        ),
        (
            lambda: softmax_cross_entropy(LOGITS, np.array([0, 1]), np.zeros(2, bool)),
            ValueError,
            "mask must be True somewhere, got False everywhere",
        ),
        (
            lambda: softmax_cross_entropy(LOGITS, np.array([0, 1]), np.ones((2, 3), bool)),
            ValueError,
            "mask must have shape (2,), got (2, 3)",
        ),
        (
            lambda: mean_squared_error(LOGITS, np.zeros(2)),
            ValueError,
            "targets must have shape (2, 3), got (2,)",
        ),
        (
            lambda: mean_squared_error(np.zeros((0, 3)), np.zeros((0, 3))),
            ValueError,
            "predictions must have shape (..., size) with something in it, got (0, 3)",
        ),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == message
