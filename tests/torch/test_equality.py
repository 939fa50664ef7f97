"""The PyTorch wing computes what the NumPy wing computes: outputs, final states and all gradients."""

import numpy as np
import pytest
import torch

import rnnbook.numpy
import rnnbook.torch
from rnnbook.checks.structure import tree_leaves, tree_map
from tests.torch.pairs import KINDS, SINGLE, D, draw, gradients, pair

B, T = 4, 6
LENGTHS = [6, 1, 4, 3]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "ragged"])
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
def test_outputs_states_and_gradients(kind, lengths, dtype, tolerance):
    in_numpy, in_torch = pair(kind, dtype)
    draws = iter(range(100))
    like = lambda array: np.random.default_rng(next(draws)).standard_normal(array.shape).astype(dtype)
    x = like(np.empty((B, T, D)))
    before = tree_map(like, in_numpy.forward(x)[1])
    outputs, after, tape = in_numpy.forward(x, before, lengths)
    d_outputs, d_after = like(outputs), tree_map(like, after)
    wanted = in_numpy.backward(tape, d_outputs, d_after)

    leaf = lambda array: torch.tensor(array, requires_grad=True)
    x_t, before_t = leaf(x), tree_map(leaf, before)
    outputs_t, after_t = in_torch(x_t, before_t, lengths)
    loss = (outputs_t * torch.tensor(d_outputs)).sum()
    for part, d_part in zip(tree_leaves(after_t), tree_leaves(d_after), strict=True):
        loss = loss + (part * torch.tensor(d_part)).sum()
    loss.backward()

    near = lambda have, want: np.testing.assert_allclose(have, want, rtol=tolerance, atol=tolerance)
    near(outputs_t.detach().numpy(), outputs)
    for have, want in zip(tree_leaves(after_t), tree_leaves(after), strict=True):
        near(have.detach().numpy(), want)
    near(x_t.grad.numpy(), wanted.pop("x"))
    for have, want in zip(tree_leaves(before_t), tree_leaves(wanted.pop("state")), strict=True):
        near(have.grad.numpy(), want)
    have = gradients(in_torch)
    assert have.keys() == wanted.keys()
    for name in wanted:
        near(have[name], wanted[name])


@pytest.mark.parametrize("kind", SINGLE)
def test_step_is_the_loop(kind):
    _, layer = pair(kind)
    x = draw(0, B, T, D)
    outputs, after = layer(x)
    state = tree_map(torch.zeros_like, after)
    for t in range(T):
        output, state = layer.step(x[:, t], state)
        torch.testing.assert_close(output, outputs[:, t], rtol=0, atol=1e-13)
    for have, want in zip(tree_leaves(state), tree_leaves(after), strict=True):
        torch.testing.assert_close(have, want, rtol=0, atol=1e-13)


@pytest.mark.parametrize("kind", SINGLE)
def test_large_inputs_are_projected_block_by_block(kind, monkeypatch):
    _, layer = pair(kind)
    x = draw(0, B, T, D)
    whole, _ = layer.loop(x)
    calls = []
    project = layer._project
    monkeypatch.setattr(layer, "_project", lambda block, w: calls.append(len(block)) or project(block, w))
    step_bytes = B * len(layer.W) * 8
    monkeypatch.setattr("rnnbook.torch.layer.BLOCK_BYTES", 4 * step_bytes + 1)
    torch.testing.assert_close(layer.loop(x)[0], whole, rtol=0, atol=1e-13)
    assert calls == [4, 2]
    monkeypatch.setattr("rnnbook.torch.layer.BLOCK_BYTES", 1)
    torch.testing.assert_close(layer.loop(x)[0], whole, rtol=0, atol=1e-13)
    assert calls == [4, 2] + [1] * T


@pytest.mark.parametrize("kind", KINDS)
def test_one_seed_gives_the_weights_of_the_numpy_wing(kind):
    rng, again = np.random.default_rng(7), np.random.default_rng(7)
    in_numpy = KINDS[kind](rnnbook.numpy, rng=rng)
    in_torch = KINDS[kind](rnnbook.torch, rng=again)
    have = in_torch.params
    assert list(have) == list(in_numpy.params)
    for name, array in in_numpy.params.items():
        np.testing.assert_array_equal(have[name], array, strict=True)


def test_without_rng_torch_seeds():
    def weights(seed):
        torch.manual_seed(seed)
        return [rnnbook.torch.GRU(D, 4).W.detach() for _ in range(2)]

    (first, second), again, other = weights(1), weights(1), weights(2)
    assert torch.equal(first, again[0]) and torch.equal(second, again[1])
    assert not torch.equal(first, second) and not torch.equal(first, other[0])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lengths", [None, [4, 1]], ids=["full", "ragged"])
def test_gradcheck(kind, lengths):
    if kind == "elman_relu":
        pytest.skip("central differences do not know the kink of relu")
    _, layer = pair(kind)
    x = draw(0, 2, 4, D).requires_grad_()
    names, weights = zip(*layer.named_parameters(), strict=True)

    def run(x, *weights):
        of_call = torch.func.functional_call(
            layer, dict(zip(names, weights, strict=True)), (x, None, lengths)
        )
        return of_call[0], *tree_leaves(of_call[1])

    assert torch.autograd.gradcheck(run, (x, *weights), fast_mode=True)
