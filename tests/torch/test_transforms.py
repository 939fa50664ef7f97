"""What else PyTorch does with a module: functional gradients, export, traces, derivatives of derivatives."""

import warnings

import pytest
import torch
from torch.func import functional_call, grad, jacfwd, jacrev, jvp, vmap

import rnnbook.torch
from rnnbook.checks.structure import tree_leaves
from tests.torch.pairs import D, draw

T, H = 4, 3
LENGTHS = [4, 2]

KINDS = {
    **{
        f"{name} {method}": lambda name=name, method=method: getattr(rnnbook.torch, name)(
            D, H, method=method, dtype="float64"
        )
        for name, method in (("MinGRU", "loop"), ("MinLSTM", "sweeps"), ("SelectiveSSM", "chunked"))
    },
    **{
        f"LRU {method}": lambda method=method: rnnbook.torch.LRU(D, H, 2, method=method, dtype="float64")
        for method in ("loop", "sweeps", "chunked")
    },
    "LSTM": lambda: rnnbook.torch.LSTM(D, H, dtype="float64"),
    "GRU": lambda: rnnbook.torch.GRU(D, H, dtype="float64"),
    "SLSTM": lambda: rnnbook.torch.SLSTM(D, H, dtype="float64"),
    "both ways": lambda: rnnbook.torch.Bidirectional(
        rnnbook.torch.ElmanRNN(D, H, dtype="float64"), rnnbook.torch.MinGRU(D, H, dtype="float64")
    ),
}
every_kind = pytest.mark.parametrize("kind", KINDS)
close = torch.testing.assert_close


def loss_of(layer):
    def loss(params, x, lengths=LENGTHS):
        return functional_call(layer, params, (x, None, lengths))[0].square().sum()

    return loss


@every_kind
def test_functional_gradients(kind):
    layer, x = KINDS[kind](), draw(0, 2, T, D)
    loss, params = loss_of(layer), dict(layer.named_parameters())
    loss(params, x).backward()
    expected = {name: weight.grad for name, weight in params.items()}
    close(grad(loss)(params, x), expected)

    params = {name: weight.detach() for name, weight in params.items()}
    along = {name: torch.ones_like(weight) for name, weight in params.items()}
    _, tangent = jvp(lambda params: loss(params, x), (params,), (along,))
    close(tangent, sum(gradient.sum() for gradient in expected.values()))

    def outputs(x):
        return layer(x)[0].sum(dim=1)

    close(jacfwd(outputs)(x), jacrev(outputs)(x))

    _, state = layer(x)
    of_state = lambda state: layer(x, state)[0].sum(dim=1)
    for one, other in zip(
        tree_leaves(jacfwd(of_state)(state)), tree_leaves(jacrev(of_state)(state)), strict=True
    ):
        close(one, other)


@every_kind
def test_vmap(kind):
    layer, xs = KINDS[kind](), draw(0, 3, 2, T, D)
    lengths = torch.tensor([[4, 2], [1, 4], [3, 3]])
    one_by_one = torch.stack([layer(x, None, n)[0] for x, n in zip(xs, lengths, strict=True)])
    close(vmap(lambda x, n: layer(x, None, n)[0])(xs, lengths), one_by_one)

    loss = loss_of(layer)
    params = {name: weight.detach() for name, weight in layer.named_parameters()}
    models = {name: torch.stack([weight, 0.5 * weight]) for name, weight in params.items()}
    halved = {name: 0.5 * weight for name, weight in params.items()}
    close(vmap(loss, (0, None))(models, xs[0]), torch.stack([loss(params, xs[0]), loss(halved, xs[0])]))
    of_each = vmap(grad(loss), (None, 0))(params, xs)
    for name, gradient in grad(loss)(params, xs[1]).items():
        close(of_each[name][1], gradient)


@every_kind
def test_second_derivatives(kind):
    layer, x = KINDS[kind](), draw(0, 2, T, D).requires_grad_()
    assert torch.autograd.gradgradcheck(lambda x: layer(x, None, LENGTHS)[0], x)


@every_kind
@pytest.mark.parametrize("strict", [False, True])
def test_export(kind, strict):
    layer, x = KINDS[kind](), draw(0, 2, T, D)
    lengths = torch.tensor(LENGTHS)
    exported = torch.export.export(layer, (x, None, lengths), strict=strict).module()
    other = draw(1, 2, T, D)
    close(exported(other, None, lengths.flip(0)), layer(other, None, lengths.flip(0)))


@every_kind
def test_trace(kind):
    layer, x = KINDS[kind](), draw(0, 2, T, D)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # shapes are compared, and become constants of the trace
        traced = torch.jit.trace(layer, (x,))
    other = draw(1, 2, T, D)
    close(traced(other), layer(other))


@pytest.mark.parametrize("kind", ["LRU chunked", "GRU"])
def test_compiled_in_one_graph_with_gradients(kind):
    torch.compiler.reset()
    layer, x = KINDS[kind](), draw(0, 2, T, D)
    loss_of(layer)(dict(layer.named_parameters()), x).backward()
    expected = {name: weight.grad.clone() for name, weight in layer.named_parameters()}
    layer.zero_grad()
    compiled = torch.compile(layer, backend="aot_eager", fullgraph=True)
    compiled(x, None, torch.tensor(LENGTHS))[0].square().sum().backward()
    close({name: weight.grad for name, weight in layer.named_parameters()}, expected)
