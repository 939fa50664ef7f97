"""Layers without biases, dropout inside the loop and between layers, packed sequences."""

import copy

import numpy as np
import pytest
import torch
from torch.nn import functional
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pack_sequence, pad_packed_sequence

import rnnbook.numpy
import rnnbook.torch
from rnnbook.checks.structure import tree_leaves, tree_map
from rnnbook.torch import GRU, LSTM, Bidirectional, ElmanRNN, JordanRNN, MinGRU, Stacked
from rnnbook.weights import to_torch
from tests.torch.pairs import KINDS, SINGLE, D, draw

B, T, H = 4, 6, 4
LENGTHS = [6, 1, 4, 3]
GATED = [kind for kind in SINGLE if kind != "jordan"]

every_gated = pytest.mark.parametrize("kind", GATED)
full_and_ragged = pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "ragged"])


def build(kind: str, wing=rnnbook.torch, **options):
    layer = KINDS[kind](wing, dtype="float64", **options)
    rng = np.random.default_rng(0)
    layer.load_params({name: rng.normal(0, 0.6, array.shape) for name, array in layer.params.items()})
    return layer


def question(layer):
    x = draw(1, B, T, D)
    return x, tree_map(lambda part: draw(2, *part.shape), layer(x)[1])


def assert_same(have, want, tolerance=1e-13):
    for one, other in zip(tree_leaves(have), tree_leaves(want), strict=True):
        torch.testing.assert_close(one, other, rtol=tolerance, atol=tolerance)


# Without biases


@pytest.mark.parametrize("kind", SINGLE)
def test_without_biases(kind):
    layer, in_numpy = build(kind, use_bias=False), build(kind, rnnbook.numpy, use_bias=False)
    names = [name for name, _ in layer.named_parameters()]
    assert names == list(layer.params) == list(in_numpy.params) == list(layer.state_dict())
    assert not {"b", "b_u", "c"} & set(names)
    x, before = question(layer)
    outputs, after, _ = in_numpy.forward(x.numpy(), tree_map(torch.Tensor.numpy, before), LENGTHS)
    have = layer(x, before, LENGTHS)
    assert_same(have, tree_map(torch.tensor, (outputs, after)), 1e-12)
    assert_same(copy.deepcopy(layer)(x, before, LENGTHS), have, 0)
    after = before
    for t in range(T):
        output, after = layer.step(x[:, t], after)
    assert_same(output, layer(x, before)[0][:, -1])


# Dropout inside the loop


@every_gated
@full_and_ragged
def test_each_sequence_is_a_network_that_has_lost_columns_of_U(kind, lengths):
    """U (m * h) = (U diag(m)) h: one mask m a sequence, the same at every step; with all gradients."""
    share = 0.5
    layer, plain = build(kind, recurrent_dropout=share), build(kind)
    x, before = question(plain)
    torch.manual_seed(3)
    mask = functional.dropout(torch.ones(B, H, dtype=torch.float64), share)
    assert set(mask.unique().tolist()) == {0, 2} and len(mask.unique(dim=0)) > 1

    def run(call, weights):
        x_leaf = x.clone().requires_grad_()
        outputs, after = call(x_leaf)
        loss = (outputs * draw(4, *outputs.shape)).sum() + sum(p.square().sum() for p in tree_leaves(after))
        return outputs, after, *torch.autograd.grad(loss, [x_leaf, *weights.values()])

    def by_hand(x):
        rows = []
        for row in range(B):
            own = lambda part, row=row: part[row : row + 1]
            thinned = weights | {"U": weights["U"] * mask[row]}
            given = (own(x), tree_map(own, before), None if lengths is None else own(lengths))
            rows.append(torch.func.functional_call(plain, thinned, given))
        outputs, after = zip(*rows, strict=True)
        parts = [torch.cat(part) for part in zip(*map(tree_leaves, after), strict=True)]
        return torch.cat(outputs), tuple(parts) if len(parts) > 1 else parts[0]

    weights = dict(plain.named_parameters())
    want = run(by_hand, weights)
    torch.manual_seed(3)
    assert_same(run(lambda x: layer(x, before, lengths), layer.named_variables()), want, 1e-12)


@every_gated
def test_evaluation_is_without_dropout(kind):
    layer, plain = build(kind, recurrent_dropout=0.5), build(kind)
    x, before = question(plain)
    assert_same(layer.eval()(x, before), plain(x, before), 0)
    step = layer.train().step(x[:, 0], before)
    assert_same(step, plain.step(x[:, 0], before), 0)


def test_one_seed_gives_one_result_and_the_next_call_another():
    layer, x = build("gru", recurrent_dropout=0.5), draw(1, B, T, D)
    torch.manual_seed(3)
    first, second = layer(x)[0], layer(x)[0]
    torch.manual_seed(3)
    assert_same(layer(x)[0], first, 0)
    assert torch.equal(first[:, 0], second[:, 0])  # the first step reads a state of zeros
    assert not torch.equal(first[:, 1:], second[:, 1:])


def test_without_dropout_no_random_number_is_drawn():
    layer = Stacked([GRU(D, 3), LSTM(3, 2)])
    before = torch.get_rng_state()
    layer(draw(1, B, T, D).float())
    assert torch.equal(torch.get_rng_state(), before)


def test_compiled_with_dropout():
    torch.compiler.reset()
    layer = Stacked([GRU(D, 3, recurrent_dropout=0.5), LSTM(3, 2)], dropout=0.5)
    compiled = torch.compile(layer, backend="eager", fullgraph=True)
    x = draw(1, B, T, D).float()
    torch.manual_seed(3)
    want = layer(x)
    torch.manual_seed(3)
    assert_same(compiled(x), want, 1e-6)


# Dropout between layers


def stack(**options):
    layers = [GRU(D, 3), Bidirectional(ElmanRNN(3, 2), LSTM(3, 2)), JordanRNN(4, 3, 2)]
    return Stacked(layers, **options).double()


@full_and_ragged
def test_between_layers_and_nowhere_else(lengths):
    layer, x = stack(dropout=0.5), draw(1, B, T, D)
    torch.manual_seed(3)
    have = layer(x, lengths=lengths)
    torch.manual_seed(3)
    y, after = x, []
    for index, each in enumerate(layer.layers):
        y = functional.dropout(y, 0.5) if index else y
        y, state = each(y, lengths=lengths)
        after.append(state)
    assert_same(have, (y, tuple(after)), 0)
    assert "dropout=0.5" in repr(layer) and "dropout=" not in repr(stack()).replace("recurrent_dropout", "")


def test_a_stack_evaluates_without_dropout_as_torch_does():
    module = torch.nn.LSTM(D, H, num_layers=2, dropout=0.5, batch_first=True, dtype=torch.float64)
    layer = Stacked([LSTM(D, H, dtype="float64"), LSTM(H, H, dtype="float64")], dropout=0.5)
    layer.load_params(rnnbook.weights.from_torch(module))
    x = draw(1, B, T, D)
    assert_same(layer.eval()(x)[0], module.eval()(x)[0], 1e-12)
    torch.manual_seed(3)
    ours = layer.train()(x)[0]
    torch.manual_seed(3)
    theirs = module.train()(x)[
        0
    ]  # the same numbers are drawn for the same places, of batches in another order
    assert not torch.equal(ours, layer.eval()(x)[0])
    assert abs(ours.mean() - theirs.mean()) < 0.1


@pytest.mark.parametrize("share", [-0.1, 1.5, "half"])
def test_no_share(share):
    error = TypeError if isinstance(share, str) else ValueError
    with pytest.raises(error, match=r"recurrent_dropout must be a number in 0\.\.1, got"):
        GRU(D, 4, recurrent_dropout=share)
    with pytest.raises(error, match=r"^dropout must be a number in 0\.\.1, got"):
        Stacked([GRU(D, 4)], dropout=share)


# Packed sequences


LAYERS = KINDS | {"min_gru": lambda wing, **o: wing.MinGRU(D, 4, **o)}


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("enforce_sorted", [True, False])
def test_packed_is_padded_with_lengths(kind, enforce_sorted):
    layer = LAYERS[kind](rnnbook.torch, dtype="float64")
    x, before = question(layer)
    lengths = sorted(LENGTHS, reverse=True) if enforce_sorted else LENGTHS
    packed = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=enforce_sorted)
    for state in (None, before):
        outputs, after = layer(packed, state)
        assert isinstance(outputs, PackedSequence)
        for ours, theirs in zip(outputs[1:], packed[1:], strict=True):
            assert (ours is None and theirs is None) or torch.equal(ours, theirs)
        padded, have = pad_packed_sequence(outputs, batch_first=True)
        assert have.tolist() == list(lengths)
        assert_same((padded, after), layer(x, state, lengths), 0)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_packed_as_torch_takes_it(kind):
    ours = {"RNN": ElmanRNN, "LSTM": LSTM, "GRU": GRU}[kind](D, H, dtype="float64")
    theirs = to_torch(ours.params)
    sequences = [draw(seed, length, D) for seed, length in enumerate([2, 5, 5, 1])]
    packed = pack_sequence(sequences, enforce_sorted=False)
    before = draw(9, 4, H)
    two = kind == "LSTM"
    outputs, after = ours(packed, (before, before) if two else before)
    want, want_after = theirs(packed, (before[None], before[None]) if two else before[None])
    torch.testing.assert_close(outputs.data, want.data, rtol=0, atol=1e-12)
    assert_same(after, tuple(part[0] for part in want_after) if two else want_after[0], 1e-12)
    outputs.data.sum().backward()
    assert all(weight.grad is not None for weight in ours.parameters())


def test_packed_under_autocast():
    layer = MinGRU(D, 4)
    packed = pack_sequence([draw(1, 3, D), draw(2, 1, D)]).to(torch.bfloat16)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        outputs, _ = layer(packed)
    assert outputs.data.shape == (4, 4)


def test_packed_with_lengths_or_of_another_width_is_refused():
    packed = pack_sequence([draw(1, 3, D)])
    with pytest.raises(ValueError, match="lengths must be None where x is a PackedSequence, got both"):
        GRU(D, 4, dtype="float64")(packed, lengths=[3])
    with pytest.raises(ValueError, match=r"x must have shape \(batch, time, 2\), got \(1, 3, 3\)"):
        Bidirectional(GRU(2, 4), GRU(2, 4)).double()(packed)


# The ways of the docstring, word for word, beside torch.nn


def ways(module) -> dict[str, str]:
    rows = [line.split(None, 1) for line in module.__doc__.splitlines() if line.startswith("    ")]
    return dict(rows)


WAYS = ways(rnnbook.torch)


def run(option: str, **names) -> dict:
    exec(WAYS[option], {"torch": torch}, names)
    return names


def twins():
    """A layer of ours and of torch.nn with the same weights."""
    layer = ElmanRNN(D, H, use_bias=False, dtype="float64", rng=np.random.default_rng(0))
    return layer, to_torch(layer.params)


def test_no_other_way_is_documented():
    tested = {name.removeprefix("test_way_of_") for name in globals() if name.startswith("test_way_of_")}
    assert WAYS.keys() == tested


def test_way_of_initialiser():
    layer, module = twins()
    torch.manual_seed(3)
    run("initialiser", layer=layer)
    torch.manual_seed(3)
    torch.nn.init.xavier_normal_(module.weight_hh_l0)
    assert torch.equal(layer.U, module.weight_hh_l0)


def test_way_of_regulariser():
    layer, module = twins()
    x = draw(1, B, T, D)
    run("regulariser", layer=layer, loss=layer(x)[0].sum())["loss"].backward()
    (module(x)[0].sum() + 0.01 * module.weight_hh_l0.square().sum()).backward()
    torch.testing.assert_close(layer.U.grad, module.weight_hh_l0.grad, rtol=0, atol=1e-12)


def test_way_of_constraint():
    layer, module = twins()
    run("constraint", layer=layer)
    torch.nn.utils.parametrizations.orthogonal(module, "weight_hh_l0")
    x = draw(1, B, T, D)
    for each in (layer, module):
        optimizer = torch.optim.SGD(each.parameters(), 0.1)
        each(x)[0].square().sum().backward()
        optimizer.step()
    assert_same(layer(x)[0], module(x)[0], 1e-10)
    assert_same(layer.U @ layer.U.T, torch.eye(H, dtype=torch.float64), 1e-12)


def test_way_of_stateful():
    layer, module = twins()
    x, state = draw(1, B, T, D), None
    for part in x.split(2, dim=1):
        state = run("stateful", layer=layer, x=part, state=state)["state"]
    assert_same(state, module(x)[1][0], 1e-12)


def test_way_of_go_backwards():
    layer, module = twins()
    x = draw(1, B, T, D)
    assert_same(run("go_backwards", layer=layer, x=x)["outputs"], module(x.flip(1))[0], 1e-12)


def test_way_of_merge_mode():
    layer = Bidirectional(GRU(D, H, dtype="float64"), GRU(D, H, dtype="float64"))
    x = draw(1, B, T, D)
    ahead, behind = to_torch(layer.params)(x)[0].split(H, dim=-1)
    assert_same(run("merge_mode", outputs=layer(x)[0], H=H)["outputs"], ahead + behind, 1e-12)


def test_way_of_proj_size():
    module = torch.nn.LSTM(D, H, proj_size=2, batch_first=True, dtype=torch.float64)
    weight = lambda name: getattr(module, f"{name}_l0").detach().numpy()
    W, U, P, b = (
        weight("weight_ih"),
        weight("weight_hh"),
        weight("weight_hr"),
        weight("bias_ih") + weight("bias_hh"),
    )
    x = draw(1, B, T, D)
    names = run("proj_size", layer=LSTM(D, H, dtype="float64"), x=x, W=W, U=U, P=P, b=b)
    assert_same(names["outputs"], module(x)[0], 1e-12)


def test_way_of_padding_idx():
    layer, module = twins()
    embedding = rnnbook.torch.Embedding(5, D, dtype="float64")
    theirs = torch.nn.Embedding(5, D, padding_idx=0, dtype=torch.float64)
    with torch.no_grad():
        theirs.weight.copy_(embedding.E)
    ids, lengths = torch.tensor([[2, 1, 3], [4, 0, 0]]), torch.tensor([3, 1])
    run("padding_idx", layer=layer, embedding=embedding, ids=ids, lengths=lengths)["outputs"].sum().backward()
    packed = pack_padded_sequence(theirs(ids), lengths, batch_first=True)
    module(packed)[0].data.sum().backward()
    assert_same(embedding.E.grad, theirs.weight.grad, 1e-12)
    assert not embedding.E.grad[0].any()
