"""Twins with the same weights give the same; padding changes nothing; windows are a convolution."""

import numpy as np
import pytest
import torch

import rnnbook

WINGS = ("torch", "tensorflow")
OPTIONS = (
    {"kernel": 5, "stride": 2},
    {"kernel": 3, "stride": 1},
    {"kernel": 5, "stride": 3, "recurrent": False},
)
RNG = np.random.default_rng(0)
LENGTHS = np.array([9, 4, 7])


def made(wing: str, options: dict, dtype: str = "float64", **others):
    module = getattr(rnnbook, wing)
    return module.Recogniser(
        4, 5, hidden_size=6, **options, **others, dtype=dtype, rng=np.random.default_rng(0)
    )


def batch(dtype: str = "float64"):
    x = RNG.standard_normal((3, 9, 4)).astype(dtype)
    y = np.array([[1, 2], [4, 0], [3, 3]])
    return x, LENGTHS, y, np.array([2, 1, 2])


def drawn_params(model) -> dict:
    rng = np.random.default_rng(1)
    params = model.params()
    return {name: rng.normal(0, 0.4, array.shape).astype(array.dtype) for name, array in params.items()}


def in_torch(model, x, lengths, y, target_lengths):
    x, lengths, y, target_lengths = map(torch.tensor, (x, lengths, y, target_lengths))
    logits = model(x, lengths)
    loss = rnnbook.torch.ctc_loss(logits, y, model.steps(lengths), target_lengths)
    loss.backward()
    gradients = [weight.grad.numpy() for weight in model.parameters()]
    return logits.detach().numpy(), loss.item(), dict(zip(model.params(), gradients, strict=True))


def in_tensorflow(model, x, lengths, y, target_lengths):
    import tensorflow as tf

    x, lengths, y, target_lengths = map(tf.constant, (x, lengths, y, target_lengths))
    with tf.GradientTape() as tape:
        logits = model(x, lengths)
        loss = rnnbook.tensorflow.ctc_loss(logits, y, model.steps(lengths), target_lengths)
    gradients = tape.gradient(loss, [weight.value for weight in model.trainable_variables])
    gradients = [tf.convert_to_tensor(gradient).numpy() for gradient in gradients]
    return logits.numpy(), float(loss), dict(zip(model.params(), gradients, strict=True))


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_wings_agree(options, dtype):
    tolerance = 1e-5 if dtype == "float32" else 1e-10
    one, other = (made(wing, options, dtype) for wing in WINGS)
    assert list(one.params()) == list(other.params())
    assert all(np.array_equal(array, other.params()[name]) for name, array in one.params().items())
    one.load_params(drawn_params(one))
    other.load_params(one.params())
    everything = batch(dtype)
    logits, loss, gradients = in_torch(one, *everything)
    assert logits.shape == (3, one.steps(9), 5)
    other_logits, other_loss, other_gradients = in_tensorflow(other, *everything)
    np.testing.assert_allclose(other_logits, logits, atol=tolerance)
    # TensorFlow's own loss takes float64, and is right to seven digits.
    assert other_loss == pytest.approx(loss, rel=max(tolerance, 1e-7))
    for name, gradient in gradients.items():
        np.testing.assert_allclose(
            other_gradients[name], gradient, atol=max(10 * tolerance, 1e-6), err_msg=name
        )
    said = one.log_probabilities(*everything[:2])
    np.testing.assert_allclose(np.exp(said).sum(axis=2), 1, rtol=1e-5)
    np.testing.assert_allclose(other.log_probabilities(*everything[:2]), said, atol=10 * tolerance)


@pytest.mark.parametrize("wing", WINGS)
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_padding_changes_nothing(wing, options):
    model = made(wing, options)
    x, lengths, _, _ = batch()
    soiled = x.copy()
    for row, length in enumerate(lengths):
        soiled[row, length:] = np.nan
    together = model.log_probabilities(soiled, lengths)
    for row, length in enumerate(lengths):
        alone = model.log_probabilities(x[row : row + 1, :length], np.array([length]))[0]
        assert len(alone) == model.steps(length) == -(-length // options["stride"])
        np.testing.assert_allclose(together[row, : len(alone)], alone, atol=1e-12)


def test_windows_are_a_strided_convolution():
    """The weights, put into PyTorch's own convolution over time, give the same features."""
    model = made("torch", {"kernel": 5, "stride": 2, "recurrent": False})
    x = torch.tensor(batch()[0])
    kernel = model.convolution.W.unflatten(1, (5, 4)).transpose(1, 2)
    expected = torch.nn.functional.conv1d(x.transpose(1, 2), kernel, model.convolution.b, stride=2, padding=2)
    features = model.convolution(model._windows(x))
    torch.testing.assert_close(features, torch.relu(expected).transpose(1, 2))


@pytest.mark.parametrize("wing", WINGS)
def test_who_hears_what(wing):
    """Without recurrence a step hears its window; with it, everything before and after."""
    x = RNG.standard_normal((1, 20, 4))
    other = x.copy()
    other[0, 10] += 1
    for options, heard in (
        ({"kernel": 5, "stride": 2, "recurrent": False}, [4, 5, 6]),
        ({"kernel": 5, "stride": 2}, list(range(10))),
    ):
        model = made(wing, options)
        moved = np.abs(model.log_probabilities(x, [20]) - model.log_probabilities(other, [20])).max(axis=2)
        assert np.flatnonzero(moved[0] > 1e-12).tolist() == heard


@pytest.mark.parametrize("wing", WINGS)
def test_dropout_is_on_in_training_alone(wing):
    model = made(wing, {}, dropout=0.5)
    x, lengths, _, _ = batch()
    one, other = (model.log_probabilities(x, lengths) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    if wing == "torch":
        model.train()
        differ = (model(torch.tensor(x)) - model(torch.tensor(x))).abs().max().item()
    else:
        differ = np.abs(model(x, training=True) - model(x, training=True)).max()
    assert differ > 1e-3


@pytest.mark.parametrize("wing", WINGS)
def test_bad_input_is_refused(wing):
    with pytest.raises(ValueError, match="kernel must be odd, so that it has a middle, got 4"):
        made(wing, {"kernel": 4})
    with pytest.raises(TypeError, match="recurrent must be True or False, got 1"):
        made(wing, {"recurrent": 1})
    model = made(wing, {})
    with pytest.raises(ValueError, match=r"x must have shape \(batch, time, 4\), got \(3, 9, 5\)"):
        model.log_probabilities(np.zeros((3, 9, 5)), LENGTHS)
    with pytest.raises(ValueError, match=r"lengths must lie in 1\.\.9, got 10 at index 0"):
        model.log_probabilities(np.zeros((3, 9, 4)), [10, 4, 7])
    with pytest.raises(TypeError, match="x must be float64, got float32"):
        model.log_probabilities(np.zeros((3, 9, 4), np.float32), LENGTHS)


@pytest.mark.parametrize("wing", WINGS)
def test_a_recogniser_learns(wing):
    """Bumps of two kinds in noise, in a few steps of either wing's own ``fit``."""
    module = getattr(rnnbook, wing)
    rng = np.random.default_rng(0)
    y = rng.integers(1, 3, (64, 3))
    x = 0.3 * rng.standard_normal((64, 24, 2)).astype(np.float32)
    for row, places in enumerate(y):
        for number, symbol in enumerate(places):
            start = 8 * number + int(rng.integers(4))
            x[row, start : start + 4, symbol - 1] += 2
    lengths, target_lengths = np.full(64, 24), np.full(64, 3)
    model = module.Recogniser(2, 3, hidden_size=12, kernel=5, stride=2, rng=np.random.default_rng(0))

    def loss(model, x, lengths, y, target_lengths):
        return module.ctc_loss(model(x, lengths), y, -(-lengths // 2), target_lengths)

    def score(model):
        found = rnnbook.tasks.decoding.ctc_greedy(model.log_probabilities(x, lengths), model.steps(lengths))
        return float(np.mean([one == list(other) for one, other in zip(found, y, strict=True)]))

    everything = (x, lengths, y, target_lengths)
    run = module.fit(
        model,
        lambda rng: [tuple(a[few] for a in everything) for few in np.array_split(rng.permutation(64), 4)],
        loss,
        score,
        epochs=20,
        learning_rate=2e-2,
        progress=False,
    )
    assert run.losses[-1] < 0.3 * run.losses[0] and run.best_score > 0.9
