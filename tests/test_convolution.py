"""Convolutions, and the GRU made of them: as defined, place by place; twins alike; by differences."""

import numpy as np
import pytest
import torch
from scipy.signal import correlate2d

import rnnbook

WINGS = ("torch", "tensorflow")
RNG = np.random.default_rng(0)


def tensors(wing: str, *arrays):
    import tensorflow as tf

    return [torch.tensor(a) if wing == "torch" else tf.constant(a) for a in arrays]


def with_drawn_weights(layer):
    rng = np.random.default_rng(1)
    layer.load_params(
        {name: rng.normal(0, 0.5, array.shape).astype(array.dtype) for name, array in layer.params.items()}
    )
    return layer


def by_hand(x, W, b=None, stride=1):
    """W * x as it is defined: one kernel a pair of channels, zeros around. SciPy's is the plain product."""
    around = W.shape[-1] // 2
    padded = np.pad(x, ((0, 0), (0, 0), (around, around), (around, around)))
    y = np.array(
        [[sum(map(correlate2d, one, kernel, ["valid"] * len(one))) for kernel in W] for one in padded]
    )
    return (y if b is None else y + b[:, None, None])[:, :, ::stride, ::stride]


@pytest.mark.parametrize("wing", WINGS)
@pytest.mark.parametrize(("kernel", "stride"), [(1, 1), (3, 1), (3, 2), (5, 3)])
def test_convolution_is_what_it_says(wing, kernel, stride):
    layer = getattr(rnnbook, wing).Convolution(
        2, 4, kernel_size=kernel, stride=stride, activation="tanh", dtype="float64"
    )
    params = with_drawn_weights(layer).params
    x = RNG.standard_normal((3, 2, 8, 7))
    y = np.asarray(layer(*tensors(wing, x)).detach() if wing == "torch" else layer(x))
    np.testing.assert_allclose(y, np.tanh(by_hand(x, **params, stride=stride)), atol=1e-12)


@pytest.mark.parametrize("wing", WINGS)
def test_conv_gru_is_what_it_says(wing):
    layer = with_drawn_weights(getattr(rnnbook, wing).ConvGRU(2, 3, dtype="float64"))
    params = layer.params
    W, U, b = (np.split(params[name], 3) for name in ("W", "U", "b"))
    x, h = RNG.standard_normal((2, 4, 2, 6, 5)), RNG.standard_normal((2, 3, 6, 5))
    outputs, state = layer(*tensors(wing, x, h))
    sigmoid = lambda z: 1 / (1 + np.exp(-z))
    for t in range(4):
        r, z = (sigmoid(by_hand(x[:, t], W[k], b[k]) + by_hand(h, U[k])) for k in (0, 1))
        n = np.tanh(by_hand(x[:, t], W[2], b[2]) + by_hand(r * h, U[2]))
        h = (1 - z) * n + z * h
        here = outputs[:, t].detach() if wing == "torch" else outputs[:, t]
        np.testing.assert_allclose(np.asarray(here), h, atol=1e-12)
    np.testing.assert_allclose(np.asarray(state.detach() if wing == "torch" else state), h, atol=1e-12)


@pytest.mark.parametrize("wing", WINGS)
def test_on_one_place_with_a_kernel_of_one_it_is_a_gru(wing):
    module = getattr(rnnbook, wing)
    gru = module.GRU(3, 4, reset_after=False, dtype="float64", rng=np.random.default_rng(2))
    layer = module.ConvGRU(3, 4, kernel_size=1, dtype="float64")
    params = gru.params
    layer.load_params({name: a if name == "b" else a[:, :, None, None] for name, a in params.items()})
    (x,) = tensors(wing, RNG.standard_normal((2, 5, 3)))
    outputs, _ = layer(x[:, :, :, None, None])
    expected, _ = gru(x)
    difference = outputs[..., 0, 0] - expected
    assert float(abs(difference.detach().numpy() if wing == "torch" else difference.numpy()).max()) < 1e-12


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-5)])
def test_conv_gru_twins_agree_in_values_and_gradients(dtype, tolerance):
    import tensorflow as tf

    one = with_drawn_weights(rnnbook.torch.ConvGRU(2, 3, kernel_size=3, dtype=dtype))
    other = rnnbook.tensorflow.ConvGRU(2, 3, kernel_size=3, dtype=dtype)
    other.load_params(one.params)
    x, h, d = (
        RNG.standard_normal(shape).astype(dtype) for shape in ((2, 4, 2, 5, 6), (2, 3, 5, 6), (2, 4, 3, 5, 6))
    )
    x_t, h_t = torch.tensor(x, requires_grad=True), torch.tensor(h, requires_grad=True)
    outputs, state = one(x_t, h_t)
    ((outputs * torch.tensor(d)).sum() + state.sum()).backward()
    x_f, h_f = tf.constant(x), tf.constant(h)
    weights = [getattr(other, name) for name in other.shapes]
    with tf.GradientTape() as tape:
        tape.watch((x_f, h_f))
        outputs_f, state_f = other(x_f, h_f)
        loss = tf.reduce_sum(outputs_f * d) + tf.reduce_sum(state_f)
    gradients = tape.gradient(loss, [x_f, h_f, *[weight.value for weight in weights]])
    np.testing.assert_allclose(outputs_f.numpy(), outputs.detach().numpy(), atol=tolerance)
    expected = [x_t.grad, h_t.grad, *[getattr(one, name).grad for name in one.shapes]]
    for have, want in zip(gradients, expected, strict=True):
        np.testing.assert_allclose(have.numpy(), want.numpy(), rtol=tolerance, atol=10 * tolerance)


def test_gradients_by_differences():
    layer = with_drawn_weights(rnnbook.torch.ConvGRU(1, 2, dtype="float64"))
    x = torch.tensor(RNG.standard_normal((1, 3, 1, 3, 4)), requires_grad=True)
    h = torch.tensor(RNG.standard_normal((1, 2, 3, 4)), requires_grad=True)
    names = list(layer.shapes)

    def run(x, h, *weights):
        return torch.func.functional_call(layer, dict(zip(names, weights, strict=True)), (x, h))

    assert torch.autograd.gradcheck(run, (x, h, *[getattr(layer, name) for name in names]))


@pytest.mark.parametrize("wing", WINGS)
def test_steps_are_what_the_sequence_is_made_of(wing):
    layer = with_drawn_weights(getattr(rnnbook, wing).ConvGRU(2, 3, dtype="float64"))
    x, h = tensors(wing, RNG.standard_normal((1, 3, 2, 4, 4)), np.zeros((1, 3, 4, 4)))
    outputs, state = layer(x)
    for t in range(3):
        output, h = layer.step(x[:, t], h)
        np.testing.assert_allclose(_np(output), _np(outputs[:, t]), atol=1e-12)
    np.testing.assert_allclose(_np(h), _np(state), atol=1e-12)


def _np(tensor) -> np.ndarray:
    return (tensor.detach() if isinstance(tensor, torch.Tensor) else tensor).numpy()


def test_one_seed_starts_both_wings_alike():
    for name, options in {"Convolution": {"stride": 2}, "ConvGRU": {"kernel_size": 5}}.items():
        layers = [
            getattr(getattr(rnnbook, w), name)(2, 3, rng=np.random.default_rng(5), **options) for w in WINGS
        ]
        one, other = (layer.params for layer in layers)
        assert list(one) == list(other) and all(np.array_equal(one[key], other[key]) for key in one)


@pytest.mark.parametrize("wing", WINGS)
def test_bad_input_is_refused_at_the_door(wing):
    module = getattr(rnnbook, wing)
    with pytest.raises(ValueError, match="kernel_size must be odd, so that it has a middle, got 4"):
        module.ConvGRU(2, 3, kernel_size=4)
    with pytest.raises(ValueError, match="stride must be a positive integer, got 0"):
        module.Convolution(2, 3, stride=0)
    layer = module.ConvGRU(2, 3)
    x, wide, doubles, state = tensors(
        wing,
        np.zeros((1, 2, 2, 4, 4), np.float32),
        np.zeros((1, 2, 3, 4, 4), np.float32),
        np.zeros((1, 2, 2, 4, 4)),
        np.zeros((1, 3, 4, 5), np.float32),
    )
    with pytest.raises(
        ValueError, match=r"x must have shape \(batch, time, 2, rows, columns\), got \(1, 2, 3"
    ):
        layer(wide)
    with pytest.raises(TypeError, match="x must be float32, got float64"):
        layer(doubles)
    with pytest.raises(ValueError, match=r"state must have shape \(1, 3, 4, 4\), got \(1, 3, 4, 5\)"):
        layer(x, state)
    with pytest.raises(ValueError, match=r"x must have shape \(batch, 2, rows, columns\)"):
        module.Convolution(2, 3)(wide[0])


def test_keras_can_save_them(tmp_path):
    import keras

    x = RNG.standard_normal((1, 4, 2, 6, 6)).astype(np.float32)
    inputs = keras.Input((4, 2, 6, 6))
    outputs, _ = rnnbook.tensorflow.ConvGRU(2, 3)(inputs)
    model = keras.Model(inputs, outputs)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded(x), model(x))
