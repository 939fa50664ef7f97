"""The gradients of the inner states are those that autograd finds when the sequence is cut at each step."""

import numpy as np
import pytest
import torch

import rnnbook.torch
from rnnbook.numpy import GRU, LSTM, ElmanRNN, JordanRNN, state_gradients

B, T, D, H = 3, 6, 2, 4
LAYERS = [
    (ElmanRNN, {"activation": "tanh"}),
    (ElmanRNN, {"activation": "relu"}),
    (GRU, {"reset_after": True}),
    (GRU, {"reset_after": False}),
    (LSTM, {"peephole": False}),
    (LSTM, {"peephole": True}),
]


def parts(state):
    return list(state) if isinstance(state, tuple) else [state]


def drawn(Layer, options, seed=3):
    """A layer whose weights are all different from zero, and everything that a loss through it needs."""
    rng = np.random.default_rng(seed)
    layer = Layer(D, H, dtype=np.float64, rng=rng, **options)
    layer.load_params({name: 0.7 * rng.normal(size=array.shape) for name, array in layer.params.items()})
    count = len(layer.spec.state)
    state, d_state = (tuple(rng.normal(size=(count, B, H))) for _ in range(2))
    if count == 1:
        state, d_state = state[0], d_state[0]
    return layer, rng.normal(size=(B, T, D)), rng.normal(size=(B, T, H)), state, d_state


def by_autograd(layer, options, x, d_outputs, state, d_state, t):
    """Cut the sequence after ``t`` steps, and let PyTorch differentiate what follows."""
    twin = getattr(rnnbook.torch, layer.spec.name)(D, H, dtype=torch.float64, **options)
    twin.load_params(layer.params)
    before = layer.loop(x[:, :t], state)[1] if t else state
    cut = [torch.tensor(part, requires_grad=True) for part in parts(before)]
    after, loss = cut, 0.0
    if t < T:
        outputs, after = twin(torch.tensor(x[:, t:]), tuple(cut) if len(cut) > 1 else cut[0])
        loss = (outputs * torch.tensor(d_outputs[:, t:])).sum()
    if t > 0:
        loss = loss + (cut[0] * torch.tensor(d_outputs[:, t - 1])).sum()
    for part, d_part in zip(parts(after) if t < T else cut, parts(d_state), strict=True):
        loss = loss + (part * torch.tensor(d_part)).sum()
    return [gradient.numpy() for gradient in torch.autograd.grad(loss, cut)]


@pytest.mark.parametrize(("Layer", "options"), LAYERS)
def test_agreement_with_autograd_at_every_step(Layer, options):
    layer, x, d_outputs, state, d_state = drawn(Layer, options)
    found = parts(state_gradients(layer, x, d_outputs, state=state, d_state=d_state))
    assert len(found) == len(layer.spec.state)
    assert all(part.shape == (B, T + 1, H) for part in found)
    for t in range(T + 1):
        expected = by_autograd(layer, options, x, d_outputs, state, d_state, t)
        for part, right in zip(found, expected, strict=True):
            np.testing.assert_allclose(part[:, t], right, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("Layer", "options"), LAYERS)
def test_the_initial_state_is_that_of_backward(Layer, options):
    layer, x, d_outputs, state, d_state = drawn(Layer, options)
    _, _, tape = layer.forward(x, state)
    whole = parts(layer.backward(tape, d_outputs, d_state)["state"])
    found = parts(state_gradients(layer, x, d_outputs, state=state, d_state=d_state))
    for part, right in zip(found, whole, strict=True):
        np.testing.assert_allclose(part[:, 0], right, rtol=0, atol=1e-12)


def test_what_is_left_out_is_zero():
    layer, x, d_outputs, _, _ = drawn(LSTM, {})
    zeros = (np.zeros((B, H)), np.zeros((B, H)))
    found = state_gradients(layer, x, d_outputs)
    explicit = state_gradients(layer, x, d_outputs, state=zeros, d_state=zeros)
    assert all(np.array_equal(*pair) for pair in zip(found, explicit, strict=True))
    assert np.array_equal(found[0][:, T], d_outputs[:, T - 1]) and not found[1][:, T].any()
    assert not any(part.any() for part in state_gradients(layer, x))


def test_other_layers_and_shapes_are_refused():
    x = np.zeros((B, T, D))
    with pytest.raises(TypeError, match="layer must be an ElmanRNN, a GRU or an LSTM, got JordanRNN"):
        state_gradients(JordanRNN(D, H, 2, dtype=np.float64), x)
    layer = GRU(D, H, dtype=np.float64)
    with pytest.raises(ValueError, match="x must have shape"):
        state_gradients(layer, x[0])
    with pytest.raises(ValueError, match="d_outputs must have shape"):
        state_gradients(layer, x, np.zeros((B, T - 1, H)))
    with pytest.raises(ValueError, match="d_state"):
        state_gradients(layer, x, d_state=np.zeros((B, H + 1)))
