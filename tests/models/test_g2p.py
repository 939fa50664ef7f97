"""The pronouncers in two wings: the same weights give the same outputs, loss and gradients."""

import importlib

import numpy as np
import pytest

WINGS = ("torch", "tensorflow")
KINDS = {
    "GRU": ("Pronouncer", {"hidden_size": 5}),
    "two GRUs": ("Pronouncer", {"hidden_size": 4, "layers": 2}),
    "window": ("WindowPronouncer", {"hidden_size": 6, "reach": 2}),
    "letter alone": ("WindowPronouncer", {"hidden_size": 6, "reach": 0}),
}
kinds = pytest.mark.parametrize("kind", KINDS)
wings = pytest.mark.parametrize("wing", WINGS)
X = np.random.default_rng(0).integers(1, 9, (3, 6))
LENGTHS = np.array([6, 2, 4])
Y = np.array([[1, 2, 2, 4], [3, 1, 0, 0], [4, 4, 4, 1]])
COUNTS = np.array([4, 2, 4])


def made(wing, kind, dtype="float64", seed=0, **more):
    name, options = KINDS[kind]
    model = getattr(importlib.import_module(f"rnnbook.{wing}"), name)
    return model(9, 5, embedding_size=4, **options, dtype=dtype, rng=np.random.default_rng(seed), **more)


def drawn_params(model) -> dict:
    rng = np.random.default_rng(1)
    return {
        name: rng.normal(0, 0.6, array.shape).astype(array.dtype) for name, array in model.params().items()
    }


def in_torch(model):
    import torch

    from rnnbook.torch import pronouncer_loss

    loss = pronouncer_loss(model, *map(torch.tensor, (X, LENGTHS, Y, COUNTS)))
    loss.backward()
    gradients = [weight.grad.numpy() for weight in model.parameters()]
    return loss.item(), dict(zip(model.params(), gradients, strict=True))


def in_tensorflow(model):
    import tensorflow as tf

    from rnnbook.tensorflow import pronouncer_loss

    with tf.GradientTape() as tape:
        loss = pronouncer_loss(model, *map(tf.constant, (X, LENGTHS, Y, COUNTS)))
    gradients = tape.gradient(loss, [weight.value for weight in model.trainable_variables])
    gradients = [np.array(tf.convert_to_tensor(gradient)) for gradient in gradients]
    return float(loss), dict(zip(model.params(), gradients, strict=True))


@kinds
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-5)])
def test_wings_agree(kind, dtype, tolerance):
    one, other = (made(wing, kind, dtype) for wing in WINGS)
    params = drawn_params(one)
    one.load_params(params)
    other.load_params(params)
    found = one.log_probabilities(X, LENGTHS)
    assert found.shape == (3, 12, 5)
    valid = np.arange(12) < 2 * LENGTHS[:, None]
    close = {"rtol": tolerance, "atol": tolerance}
    np.testing.assert_allclose(other.log_probabilities(X, LENGTHS)[valid], found[valid], **close)
    # TensorFlow computes this loss in seven digits, whatever the dtype.
    tolerance = max(tolerance, 1e-6)
    close = {"rtol": 10 * tolerance, "atol": tolerance}
    (loss, gradients), (other_loss, other_gradients) = in_torch(one), in_tensorflow(other)
    assert other_loss == pytest.approx(loss, rel=tolerance)
    assert set(gradients) == set(other_gradients) == set(params)
    for name, gradient in gradients.items():
        assert np.abs(gradient).max() > 0, name
        np.testing.assert_allclose(other_gradients[name], gradient, **close, err_msg=name)


@kinds
def test_one_seed_starts_both_wings_alike(kind):
    one, other = (made(wing, kind).params() for wing in WINGS)
    assert list(one) == list(other)
    assert all(np.array_equal(one[name], other[name]) for name in one)


@wings
@kinds
def test_what_stands_beyond_a_word_changes_nothing(kind, wing):
    model = made(wing, kind)
    model.load_params(drawn_params(model))
    valid = np.arange(6) < LENGTHS[:, None]
    one, two = (model.log_probabilities(np.where(valid, X, other), LENGTHS) for other in (0, 7))
    steps = valid.repeat(2, axis=1)
    np.testing.assert_allclose(one[steps], two[steps], atol=1e-12)
    alone = model.log_probabilities(X[2:, :4])
    np.testing.assert_allclose(one[2, :8], alone[0], atol=1e-12)


@wings
@pytest.mark.parametrize(("kind", "reach"), [("GRU", 5), ("window", 2), ("letter alone", 0)])
def test_how_far_a_letter_is_seen(wing, kind, reach):
    model = made(wing, kind)
    model.load_params(drawn_params(model))
    changed = X.copy()
    changed[:, 0] = 1 + X[:, 0] % 8
    moved = np.abs(model.log_probabilities(changed) - model.log_probabilities(X)).max(axis=(0, 2)) > 1e-9
    assert moved.tolist() == [step // 2 <= reach for step in range(12)]


@wings
@pytest.mark.parametrize("kind", ["GRU", "window"])
def test_they_learn(wing, kind):
    framework = importlib.import_module(f"rnnbook.{wing}")
    model = made(wing, kind, "float32")
    run = framework.fit(
        model,
        lambda rng: [(X, LENGTHS, Y, COUNTS)],
        framework.pronouncer_loss,
        lambda model: 0.0,
        epochs=40,
        learning_rate=0.03,
        progress=False,
    )
    assert run.losses[-1] < 0.5 * run.losses[0]


@wings
def test_dropout_is_for_training_alone(wing):
    model = made(wing, "GRU", dropout=0.5)
    if wing == "torch":
        import torch

        model.train()
        loud = [model(torch.tensor(X)).detach().numpy() for _ in range(2)]
    else:
        loud = [model(X, training=True).numpy() for _ in range(2)]
    assert np.abs(loud[0] - loud[1]).max() > 1e-3
    assert np.array_equal(model.log_probabilities(X), model.log_probabilities(X))


@wings
@pytest.mark.parametrize(
    ("kind", "change", "error", "message"),
    [
        ("GRU", {"layers": 0}, ValueError, "layers must be a positive integer, got 0"),
        ("GRU", {"dropout": 2}, ValueError, r"dropout must be a number in 0\.\.1, got 2"),
        ("window", {"reach": -1}, ValueError, "reach must be a positive integer, got -1"),
    ],
)
def test_arguments_are_refused_in_the_same_words(wing, kind, change, error, message):
    name, options = KINDS[kind]
    with pytest.raises(error, match=message):
        getattr(importlib.import_module(f"rnnbook.{wing}"), name)(9, 5, **options | change)


@wings
def test_inputs_are_refused(wing):
    with pytest.raises(ValueError, match=r"x must lie in 0\.\.8, got values from .* to 9"):
        made(wing, "GRU").log_probabilities(X + (X == X.max()) * (9 - X.max()))
    with pytest.raises(TypeError, match="x must be integers"):
        made(wing, "window").log_probabilities(X.astype(float))
