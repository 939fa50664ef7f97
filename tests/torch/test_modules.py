"""The layers are PyTorch modules like any others."""

import copy
import pickle

import numpy as np
import pytest
import torch

import rnnbook.torch
from rnnbook.checks.structure import tree_leaves, tree_map
from rnnbook.torch import GRU, LSTM, Bidirectional, ElmanRNN, JordanRNN, Stacked
from tests.torch.pairs import KINDS, D, draw, pair

B, T = 4, 6
LENGTHS = [6, 1, 4, 3]

every_kind = pytest.mark.parametrize("kind", KINDS)


def assert_same(one, other):
    for have, want in zip(tree_leaves(one), tree_leaves(other), strict=True):
        torch.testing.assert_close(have, want, rtol=0, atol=0)


@every_kind
def test_a_sequence_in_two_pieces_is_one_pass(kind):
    if kind in ("bidirectional", "stacked"):
        pytest.skip("a backward layer starts at the end")
    _, layer = pair(kind)
    x = draw(0, B, T, D)
    whole, after = layer(x)
    first, state = layer(x[:, :2])
    second, state = layer(x[:, 2:], state)
    assert_same((torch.cat([first, second], dim=1), state), (whole, after))


@every_kind
def test_state_dict_carries_everything(kind, tmp_path):
    _, layer = pair(kind)
    other = KINDS[kind](rnnbook.torch, dtype="float64")
    x = draw(0, B, T, D)
    assert not torch.equal(other(x)[0], layer(x)[0])
    torch.save(layer.state_dict(), tmp_path / "weights.pt")
    other.load_state_dict(torch.load(tmp_path / "weights.pt", weights_only=True))
    assert_same(other(x), layer(x))


@every_kind
def test_params_are_copies_in_canonical_names(kind):
    in_numpy, layer = pair(kind)
    params = layer.params
    assert list(params) == list(in_numpy.params)
    for array in params.values():
        array[...] = 0
    for name, array in layer.params.items():
        np.testing.assert_array_equal(array, in_numpy.params[name], strict=True)


@every_kind
def test_load_params_takes_all_or_nothing(kind):
    _, layer = pair(kind)
    before = layer.params
    parameters = list(layer.parameters())
    wrong = {name: array + 1 for name, array in before.items()}
    wrong[list(before)[-1]] = np.zeros(99)
    with pytest.raises(ValueError, match=r"must have shape .*, got \(99,\)"):
        layer.load_params(wrong)
    for name, array in layer.params.items():
        np.testing.assert_array_equal(array, before[name])

    layer.load_params({name: array[...] + 1 for name, array in before.items()})
    for name, array in layer.params.items():
        np.testing.assert_array_equal(array, before[name] + 1)
    assert all(have is was for have, was in zip(layer.parameters(), parameters, strict=True))  # in place


def test_load_params_takes_arrays_of_any_layout(recwarn):
    layer = LSTM(D, 4, dtype="float64")
    params = {name: array[::-1] for name, array in layer.params.items()}
    for array in params.values():
        array.flags.writeable = False
    layer.load_params(params)
    for name, array in layer.params.items():
        np.testing.assert_array_equal(array, params[name])
    assert not recwarn.list


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda p: {"W": p["W"]}, ValueError, "they lack 'U'"),
        (lambda p: p | {"V": p["W"]}, ValueError, "they hold an unknown key 'V'"),
        (lambda p: p | {"b": p["b"].astype(np.float32)}, TypeError, "must be float64, got float32"),
        (lambda p: list(p.values()), TypeError, "params must be a dict"),
    ],
)
def test_wrong_params(change, error, message):
    layer = LSTM(D, 4, dtype="float64")
    with pytest.raises(error, match=message):
        layer.load_params(change(layer.params))


@every_kind
def test_dtype_follows_the_parameters(kind):
    _, layer = pair(kind, "float32")
    x = draw(0, B, T, D)
    outputs, _ = layer(x.float())
    with pytest.raises(TypeError, match="x must be float32, got float64; convert it to float32"):
        layer(x)
    layer.to(torch.float64)
    assert layer.dtype == torch.float64
    assert all(array.dtype == np.float64 for array in layer.params.values())
    torch.testing.assert_close(layer(x)[0].float(), outputs)
    with pytest.raises(TypeError, match="x must be float64, got float32"):
        layer(x.float())
    layer.load_params(layer.params)


@every_kind
def test_deepcopy_and_pickle(kind):
    _, layer = pair(kind)
    x = draw(0, B, T, D)
    for twin in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert_same(twin(x), layer(x))
        assert repr(twin) == repr(layer)
        with torch.no_grad():
            for weight in twin.parameters():
                weight.zero_()
        assert not torch.equal(twin(x)[0], layer(x)[0])


def test_no_grad():
    layer = LSTM(D, 4)
    x = draw(0, B, T, D).float()
    assert layer(x)[0].requires_grad
    with torch.no_grad():
        assert not layer(x)[0].requires_grad


@pytest.mark.parametrize("kind", ["elman", "jordan", "lstm_peephole", "gru", "gru_reset_before", "stacked"])
def test_compile_in_one_graph(kind):
    torch.compiler.reset()
    _, layer = pair(kind)
    compiled = torch.compile(layer, backend="aot_eager", fullgraph=True)
    x = draw(0, B, T, D)

    def run(call):
        layer.zero_grad()
        outputs, after = call(x)
        (outputs.sum() + sum(part.square().sum() for part in tree_leaves(after))).backward()
        return outputs, after, *(weight.grad.clone() for weight in layer.parameters())

    for have, want in zip(run(compiled), run(layer), strict=True):
        for one, other in zip(tree_leaves(have), tree_leaves(want), strict=True):
            torch.testing.assert_close(one, other, rtol=0, atol=1e-12)


@pytest.mark.parametrize("lengths", [LENGTHS, torch.tensor(LENGTHS)], ids=["list", "tensor"])
def test_compile_with_lengths(lengths):
    torch.compiler.reset()
    _, layer = pair("gru")
    compiled = torch.compile(layer, backend="eager", fullgraph=True)
    x = draw(0, B, T, D)
    torch.testing.assert_close(compiled(x, None, lengths)[0], layer(x, None, lengths)[0])


@every_kind
def test_autocast(kind):
    _, layer = pair(kind, "float32")
    x = draw(0, B, T, D).float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        outputs, _ = layer(x, lengths=LENGTHS)
    outputs.float().sum().backward()
    torch.testing.assert_close(outputs.float(), layer(x, lengths=LENGTHS)[0], rtol=0.1, atol=0.1)


def test_trains():
    rng = np.random.default_rng(0)
    layer, readout = GRU(1, 8, rng=rng), torch.nn.Linear(8, 1)
    torch.manual_seed(0)
    torch.nn.init.zeros_(readout.weight)
    optimizer = torch.optim.Adam([*layer.parameters(), *readout.parameters()], lr=0.02)
    x = torch.randint(0, 2, (64, 5, 1)).float()
    target = x[:, 0]  # must be carried over four steps
    losses = []
    for _ in range(150):
        loss = torch.nn.functional.mse_loss(readout(layer(x)[0][:, -1]), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[0] > 0.2 and losses[-1] < 0.02


def test_attributes_and_repr():
    layer = JordanRNN(D, 4, 2, decay=0.25)
    assert (layer.input_size, layer.hidden_size, layer.output_size) == (D, 4, 2)
    assert layer.spec.name == "JordanRNN"
    assert "decay=0.25" in repr(layer)
    both = Bidirectional(LSTM(D, 4), GRU(D, 2))
    assert (both.input_size, both.output_size) == (D, 6)
    assert "(forward_layer): LSTM(input_size=3" in repr(both)
    stack = Stacked([both, GRU(6, 5)])
    assert (stack.input_size, stack.output_size, stack.dtype) == (D, 5, torch.float32)


def test_device_is_honoured():
    layer = LSTM(D, 4, device="meta")
    assert all(weight.device.type == "meta" for weight in layer.parameters())


@pytest.mark.parametrize("dtype", [torch.float64, "float64"])
def test_dtype_by_type_or_name(dtype):
    assert ElmanRNN(D, 4, dtype=dtype).dtype == torch.float64


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (
            lambda: ElmanRNN(D, 4, dtype=torch.float16),
            TypeError,
            "dtype must be float32 or float64, got float16",
        ),
        (lambda: ElmanRNN(0, 4), ValueError, "input_size must be a positive integer, got 0"),
        (lambda: ElmanRNN(D, 4, activation="elu"), ValueError, "activation must be one of tanh"),
        (lambda: LSTM(D, 4, peephole=1), TypeError, "peephole must be True or False, got 1"),
        (lambda: Bidirectional(GRU(D, 4), GRU(2, 4)), ValueError, "backward must take 3 inputs"),
        (lambda: Stacked([GRU(D, 4), GRU(D, 4)]), ValueError, r"layers\[1\] must take"),
        (lambda: Stacked([torch.nn.GRU(D, 4)]), TypeError, r"layers\[0\] must be a recurrent layer, got GRU"),
    ],
)
def test_wrong_arguments(build, error, message):
    with pytest.raises(error, match=message):
        build()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x, s: (x[0],), ValueError, r"x must have shape \(batch, time, 3\), got \(6, 3\)"),
        (lambda x, s: (x[:, :0],), ValueError, "at least one sequence and one step"),
        (lambda x, s: (x.long(),), TypeError, "one-hot encode integers"),
        (lambda x, s: (x.numpy(),), TypeError, r"x must be a torch.Tensor, got ndarray"),
        (lambda x, s: (None,), TypeError, "x must be an array"),
        (lambda x, s: (x, s[0]), TypeError, r"state must be a tuple \(h, c\)"),
        (lambda x, s: (x, (s[0], s[1][:2])), ValueError, r"state c must have shape \(4, 4\), got \(2, 4\)"),
        (lambda x, s: (x, (s[0], s[1].float())), TypeError, "state c must be float64, got float32"),
        (lambda x, s: (x, tree_map(torch.Tensor.numpy, s)), TypeError, "state must be a torch.Tensor"),
    ],
)
def test_wrong_inputs(call, error, message):
    _, layer = pair("lstm")
    x = draw(0, B, T, D)
    with torch.no_grad():
        _, state = layer(x)
    with pytest.raises(error, match=message):
        layer(*call(x, state))
