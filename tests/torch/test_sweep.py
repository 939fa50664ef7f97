"""Whole sequences by hand are the plain loop under autograd: outputs, states and every gradient, at 1e-12."""

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

import rnnbook.torch
from rnnbook.checks.structure import tree_leaves, tree_map
from rnnbook.torch import sweep
from tests.torch.pairs import draw

D, H = 3, 4
KINDS = {
    "elman": lambda **o: rnnbook.torch.ElmanRNN(D, H, **o),
    "elman_relu": lambda **o: rnnbook.torch.ElmanRNN(D, H, activation="relu", **o),
    "elman_sigmoid": lambda **o: rnnbook.torch.ElmanRNN(D, H, activation="sigmoid", **o),
    "elman_identity": lambda **o: rnnbook.torch.ElmanRNN(D, H, activation="identity", **o),
    "gru": lambda **o: rnnbook.torch.GRU(D, H, **o),
    "lstm": lambda **o: rnnbook.torch.LSTM(D, H, **o),
}
COMPOSITES = {
    "both ways": lambda **o: rnnbook.torch.Bidirectional(KINDS["gru"](**o), KINDS["lstm"](**o)),
    "stacked": lambda **o: rnnbook.torch.Stacked(
        [KINDS["elman"](**o), rnnbook.torch.LSTM(H, H, peephole=True, **o), rnnbook.torch.MinGRU(H, H, **o)]
    ),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def make(kind: str, **options):
    layer = (KINDS | COMPOSITES)[kind](dtype="float64", rng=np.random.default_rng(0), **options)
    with torch.no_grad():
        for k, weight in enumerate(layer.parameters()):
            weight.copy_(0.6 * draw(k, *weight.shape))
    return layer


def swept(function, *arguments, **named):
    """What a function returns, and how often a sequence went by hand in it."""
    calls, apply = [], sweep._Sweep.apply
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep._Sweep, "apply", lambda *a: calls.append(1) or apply(*a))
        return function(*arguments, **named), len(calls)


def everything(run, layer, x, state, lengths, *, of_outputs=True, of_state=True, seed=7, **options):
    """Outputs, state and all gradients of ``run``, for a drawn gradient of what is read."""
    leaf = lambda array: array.detach().clone().requires_grad_()
    x, state = leaf(x), None if state is None else tree_map(leaf, state)
    torch.manual_seed(seed)
    outputs, after = run(x, state, lengths)
    read = [outputs] * of_outputs + tree_leaves(after) * of_state
    loss = sum((part * draw(k, *part.shape)).sum() for k, part in enumerate(read))
    inputs = [x, *([] if state is None else tree_leaves(state)), *layer.parameters()]
    return [outputs, *tree_leaves(after)], torch.autograd.grad(loss, inputs, allow_unused=True, **options)


def assert_equal(have, want, tolerance=1e-12):
    for one, other in zip((*have[0], *have[1]), (*want[0], *want[1]), strict=True):
        other = torch.zeros_like(one) if other is None else other
        torch.testing.assert_close(one, other, rtol=tolerance, atol=tolerance)


@st.composite
def cases(draw_case):
    batch, time = draw_case(st.integers(1, 4)), draw_case(st.integers(1, 9))
    lengths = draw_case(st.none() | st.lists(st.integers(1, time), min_size=batch, max_size=batch))
    options = {
        "use_bias": draw_case(st.booleans()),
        "recurrent_dropout": draw_case(st.sampled_from([0.0, 0.4])),
    }
    read = draw_case(st.sampled_from([(True, True), (True, False), (False, True)]))
    return batch, time, lengths, draw_case(st.booleans()), options, read, draw_case(st.integers(1, 4000))


OPTIONS = {"use_bias": True, "recurrent_dropout": 0.4}


@every_kind
@given(case=cases())
@example(case=(3, 5, [5, 2, 4], True, OPTIONS, (True, True), 300))
@example(case=(3, 5, [2, 5, 4], False, OPTIONS | {"use_bias": False}, (False, True), 4000))
def test_is_the_loop(kind, case):
    batch, time, lengths, with_state, options, (of_outputs, of_state), chunk_bytes = case
    layer = make(kind, **options)
    x = draw(100, batch, time, D)
    state = layer(x)[1] if with_state else None
    read = {"of_outputs": of_outputs, "of_state": of_state}
    want, by_hand = swept(everything, layer.loop, layer, x, state, lengths, **read)
    assert by_hand == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "CHUNK_BYTES", chunk_bytes)
        have, by_hand = swept(everything, layer, layer, x, state, lengths, **read)
    assert by_hand == 1
    assert_equal(have, want)


@pytest.mark.parametrize("kind", COMPOSITES)
@pytest.mark.parametrize("lengths", [None, [6, 1, 4]])
def test_layers_of_layers_have_a_loop(kind, lengths):
    layer, x = make(kind), draw(0, 3, 6, D)
    want, by_hand = swept(everything, layer.loop, layer, x, None, lengths)
    assert by_hand == 0
    assert_equal(everything(layer, layer, x, None, lengths), want)
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, [6, 4, 1], batch_first=True)
    torch.testing.assert_close(layer.loop(packed)[0].data, layer(packed)[0].data, rtol=0, atol=1e-12)


@every_kind
def test_inputs_of_any_layout_twice_in_a_row(kind):
    layer = make(kind)
    x = draw(0, 6, D, 4).permute(2, 0, 1)  # (B, T, D) laid out otherwise
    want = everything(layer.loop, layer, x.contiguous(), None, None)
    x = x.requires_grad_()
    outputs, state = layer(x)
    loss = sum((part * draw(k, *part.shape)).sum() for k, part in enumerate([outputs, *tree_leaves(state)]))
    inputs = [x, *layer.parameters()]
    first = torch.autograd.grad(loss, inputs, retain_graph=True)
    second = torch.autograd.grad(loss, inputs)
    assert_equal(([], first), ([], want[1]))
    for one, other in zip(first, second, strict=True):
        assert torch.equal(one, other)
    with torch.no_grad():
        x = x[:, :, None].expand(4, 6, 2, D)[:, :, 1]  # rows a stride apart
    assert_equal(everything(layer, layer, x, None, None), want)


@every_kind
def test_gradcheck(kind):
    layer, x = make(kind), draw(0, 3, 5, D).requires_grad_()
    state = tree_map(lambda part: part.detach().requires_grad_(), layer(x)[1])
    names, weights = zip(*layer.named_parameters(), strict=True)

    def run(x, *tensors):
        parts = tensors[: len(tree_leaves(state))]
        params = dict(zip(names, tensors[len(parts) :], strict=True))
        before = parts[0] if len(parts) == 1 else parts
        outputs, after = torch.func.functional_call(layer, params, (x, before, [5, 2, 4]))
        return outputs, *tree_leaves(after)

    inputs = (x, *tree_leaves(state), *weights)
    assert torch.autograd.gradcheck(run, inputs)
    assert torch.autograd.gradgradcheck(run, inputs)


@every_kind
def test_gradients_in_a_batch(kind):
    layer, x = make(kind), draw(0, 2, 3, D).requires_grad_()
    several = draw(1, 5, 2, 3, H)
    (have,) = torch.autograd.grad(layer(x)[0], x, several, is_grads_batched=True)
    for one, d_outputs in zip(have, several, strict=True):
        (want,) = torch.autograd.grad(layer.loop(x)[0], x, d_outputs)
        torch.testing.assert_close(one, want, rtol=1e-12, atol=1e-12)


@every_kind
def test_forward_mode(kind):
    layer, x, along = make(kind), draw(0, 2, 3, D), draw(1, 2, 3, D)
    with torch.autograd.forward_ad.dual_level():
        outputs, _ = layer(torch.autograd.forward_ad.make_dual(x, along))
        tangent = torch.autograd.forward_ad.unpack_dual(outputs).tangent
    (gradient,) = torch.autograd.grad(layer(x.requires_grad_())[0].sum(), x)
    torch.testing.assert_close(tangent.sum(), (gradient * along).sum(), rtol=1e-12, atol=1e-12)


@every_kind
def test_what_is_returned_may_be_changed(kind):
    layer = make(kind)
    for shape in ((3, 4, D), (1, 4, D), (3, 1, D)):
        x = draw(0, *shape).requires_grad_()
        outputs, state = layer(x)
        want = torch.autograd.grad(outputs.square().sum(), layer.W, retain_graph=True)
        for part in (outputs, *tree_leaves(state)):
            part.detach().zero_()
        d_outputs = 2 * layer.loop(x)[0].detach()
        (have,) = torch.autograd.grad(outputs, layer.W, d_outputs)
        torch.testing.assert_close(have, want[0], rtol=1e-12, atol=1e-12)


@every_kind
def test_a_call_changes_no_weight(kind):
    layer = make(kind)
    before = layer.params
    layer(draw(0, 2, 3, D))[0].sum().backward()
    for name, weight in layer.params.items():
        np.testing.assert_array_equal(weight, before[name])


@every_kind
def test_weights_changed_in_between_are_noticed(kind):
    layer, x = make(kind), draw(0, 2, 3, D)
    outputs, _ = layer(x)
    with torch.no_grad():
        layer.U.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        outputs.sum().backward()


@every_kind
def test_backward_under_autocast_keeps_its_precision(kind):
    layer, x = make(kind).float(), draw(0, 2, 3, D).float().requires_grad_()
    want = torch.autograd.grad(layer(x)[0].sum(), [x, layer.U])
    outputs = layer(x)[0].sum()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        have = torch.autograd.grad(outputs, [x, layer.U])
    for one, other in zip(have, want, strict=True):
        assert torch.equal(one, other)


@every_kind
def test_saved_tensors_are_told_to_their_hooks(kind):
    layer, x = make(kind), draw(0, 2, 5, D).requires_grad_()
    want = everything(layer, layer, x, None, None)
    with torch.autograd.graph.save_on_cpu():
        assert_equal(everything(layer, layer, x, None, None), want, 0)
    run = lambda x, state, lengths: torch.utils.checkpoint.checkpoint(layer, x, use_reentrant=False)
    assert_equal(everything(run, layer, x, None, None), want, 0)


@every_kind
def test_frozen_weights_get_no_gradient(kind):
    layer, x = make(kind), draw(0, 2, 5, D).requires_grad_()
    _, (want, *_) = everything(layer.loop, layer, x, None, None)
    for weight in layer.parameters():
        weight.requires_grad_(False)
    outputs, state = layer(x)
    loss = sum((part * draw(k, *part.shape)).sum() for k, part in enumerate([outputs, *tree_leaves(state)]))
    loss.backward()
    torch.testing.assert_close(x.grad, want, rtol=1e-12, atol=1e-12)
    assert all(weight.grad is None for weight in layer.parameters())
    _, by_hand = swept(layer, x.detach())
    assert by_hand == 0


def test_what_grows_without_end_beyond_a_length_stays_out():
    layer = make("elman_identity")
    with torch.no_grad():
        layer.U.copy_(50 * torch.eye(H))
    x = draw(0, 2, 300, D)
    have = everything(layer, layer, x, None, [2, 3])
    assert_equal(have, everything(layer.loop, layer, x, None, [2, 3]))


@every_kind
def test_a_step_needs_no_more_memory_than_the_loop(kind):
    layer = KINDS[kind](dtype="float32")

    def kept(run) -> int:
        """The bytes that autograd keeps for the way back, each storage once."""
        storages = {}

        def pack(tensor):
            storages[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage()
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
            outputs, _ = run(torch.zeros(8, 100, D))
        assert outputs.requires_grad
        return sum(storage.nbytes() for storage in storages.values())

    assert kept(layer) <= 1.03 * kept(layer.loop)
