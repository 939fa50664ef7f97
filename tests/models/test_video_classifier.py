"""The classifiers of clips in two wings: the same weights give the same outputs, loss and gradients."""

import importlib

import numpy as np
import pytest

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 5, 16, 16))
Y = np.array([0, 2, 1])
LENGTHS = np.array([5, 2, 4])
WINGS = ("torch", "tensorflow")
KINDS = ("memory", "channels")
TOLERANCES = [("float64", 1e-10), ("float32", 1e-5)]


def made(wing, kind, dtype="float64", seed=0, **options):
    module = importlib.import_module(f"rnnbook.{wing}")
    options = {"features": 6, "dtype": dtype, "rng": np.random.default_rng(seed)} | options
    if kind == "channels":
        return module.FramesAsChannels(5, 16, 3, **options)
    return module.ClipClassifier(16, 3, hidden_size=4, **options)


def drawn_params(model) -> dict:
    rng = np.random.default_rng(1)
    return {
        name: rng.normal(0, 0.3, array.shape).astype(array.dtype) for name, array in model.params().items()
    }


def answers(model, wing, x, **options):
    if wing == "torch":
        import torch

        with torch.no_grad():
            return model(torch.tensor(x), **options).numpy()
    return model(x, **options).numpy()


def in_torch(model, x):
    import torch

    from rnnbook.torch import clip_loss

    loss = clip_loss(model, torch.tensor(x), torch.tensor(Y))
    loss.backward()
    gradients = [weight.grad.numpy() for weight in model.parameters()]
    return loss.item(), dict(zip(model.params(), gradients, strict=True))


def in_tensorflow(model, x):
    import tensorflow as tf

    from rnnbook.tensorflow import clip_loss

    with tf.GradientTape() as tape:
        loss = clip_loss(model, x, Y)
    gradients = tape.gradient(loss, [weight.value for weight in model.trainable_variables])
    gradients = [np.array(tf.convert_to_tensor(gradient)) for gradient in gradients]
    return float(loss), dict(zip(model.params(), gradients, strict=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("dtype", "tolerance"), TOLERANCES)
def test_wings_agree(kind, dtype, tolerance):
    one, other = (made(wing, kind, dtype) for wing in WINGS)
    params = drawn_params(one)
    one.load_params(params)
    other.load_params(params)
    x = X.astype(dtype)
    close = {"rtol": tolerance, "atol": tolerance}
    found = answers(one, "torch", x)
    assert found.shape == ((3, 3) if kind == "channels" else (3, 5, 3))
    np.testing.assert_allclose(answers(other, "tensorflow", x), found, **close)
    (loss, gradients), (other_loss, other_gradients) = in_torch(one, x), in_tensorflow(other, x)
    assert other_loss == pytest.approx(loss, rel=tolerance)
    assert set(gradients) == set(other_gradients) == set(params)
    for name, gradient in gradients.items():
        assert np.abs(gradient).max() > 0, name
        np.testing.assert_allclose(other_gradients[name], gradient, **close, err_msg=name)


@pytest.mark.parametrize("kind", KINDS)
def test_one_seed_starts_both_wings_alike(kind):
    one, other = (made(wing, kind).params() for wing in WINGS)
    assert list(one) == list(other)
    assert all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_trained_in_one_wing_and_read_in_the_other(dtype):
    from rnnbook.torch import clip_loss, fit

    one, other = (made(wing, "memory", dtype) for wing in WINGS)
    x = X.astype(dtype)
    run = fit(
        one, lambda rng: [(x, Y)], clip_loss, lambda model: 0.0, epochs=30, learning_rate=0.02, progress=False
    )
    assert run.losses[-1] < 0.7 * run.losses[0]
    other.load_params(one.params())
    found, expected = answers(other, "tensorflow", x), answers(one, "torch", x)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_tensorflow_trains_too(kind):
    from rnnbook.tensorflow import clip_loss, fit

    model = made("tensorflow", kind, "float32")
    x = X.astype("float32")
    run = fit(
        model,
        lambda rng: [(x, Y)],
        clip_loss,
        lambda model: 0.0,
        epochs=30,
        learning_rate=0.02,
        progress=False,
    )
    assert run.losses[-1] < 0.7 * run.losses[0]


@pytest.mark.parametrize("wing", WINGS)
def test_an_answer_knows_no_later_frame(wing):
    model = made(wing, "memory")
    before = answers(model, wing, X)
    changed = X.copy()
    changed[:, 3] += 1
    after = answers(model, wing, changed)
    np.testing.assert_allclose(after[:, :3], before[:, :3], atol=1e-12)
    assert np.abs(after[:, 3:] - before[:, 3:]).max(axis=2).min() > 1e-6
    np.testing.assert_allclose(answers(model, wing, X[:, :2]), before[:, :2], atol=1e-12)


@pytest.mark.parametrize("wing", WINGS)
def test_what_stands_beyond_a_length_changes_nothing_before(wing):
    model = made(wing, "memory")
    valid = np.arange(5) < LENGTHS[:, None]
    other = np.where(valid[:, :, None, None], X, 7.0)
    one, two = (answers(model, wing, x, lengths=LENGTHS) for x in (X, other))
    np.testing.assert_allclose(one[valid], two[valid], atol=1e-12)
    np.testing.assert_allclose(one[valid], answers(model, wing, X)[valid], atol=1e-12)


@pytest.mark.parametrize("wing", WINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_dropout_is_on_in_training_alone(wing, kind):
    model = made(wing, kind, dropout=0.5)
    if wing == "torch":
        model.eval()
        quiet = [answers(model, wing, X) for _ in range(2)]
        model.train()
        loud = [answers(model, wing, X) for _ in range(2)]
    else:
        quiet = [answers(model, wing, X) for _ in range(2)]
        loud = [answers(model, wing, X, training=True) for _ in range(2)]
    assert np.array_equal(*quiet) and np.abs(loud[0] - loud[1]).max() > 1e-4


@pytest.mark.parametrize("wing", WINGS)
@pytest.mark.parametrize(
    ("kind", "options", "error", "message"),
    [
        ("memory", {"dropout": 2}, ValueError, r"dropout must be a number in 0\.\.1, got 2"),
        ("channels", {"features": 0}, ValueError, "features must be a positive integer, got 0"),
        ("memory", {"hidden": 1.5}, TypeError, "hidden"),
    ],
)
def test_arguments_are_refused(wing, kind, options, error, message):
    with pytest.raises(error, match=message):
        made(wing, kind, **options)


@pytest.mark.parametrize("wing", WINGS)
def test_sizes_are_refused_in_the_same_words(wing):
    module = importlib.import_module(f"rnnbook.{wing}")
    with pytest.raises(
        ValueError, match="size must be a multiple of 8, since it is halved three times, got 20"
    ):
        module.ClipClassifier(20, 2)
    with pytest.raises(ValueError, match="frames must be a positive integer, got 0"):
        module.FramesAsChannels(0, 16, 2)
    with pytest.raises(ValueError, match=r"x must have shape \(batch, time, 16, 16\), got \(3, 5, 8, 8\)"):
        answers(made(wing, "memory"), wing, X[:, :, :8, :8])
    with pytest.raises(ValueError, match=r"x must have shape \(batch, 5, 16, 16\), got \(3, 4, 16, 16\)"):
        answers(made(wing, "channels"), wing, X[:, :4])
    with pytest.raises(TypeError, match="x must be float64, got float32"):
        answers(made(wing, "memory"), wing, X.astype("float32"))
