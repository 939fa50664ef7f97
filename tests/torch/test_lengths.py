"""Ragged sequences: whatever kind the lengths are, and whatever the padding holds."""

import numpy as np
import pytest
import torch

from rnnbook.checks.structure import tree_leaves, tree_map
from rnnbook.torch import GRU, LSTM
from tests.torch.pairs import KINDS, D, draw, pair

B, T = 4, 6
LENGTHS = [6, 1, 4, 3]


@pytest.mark.parametrize("kind", KINDS)
def test_every_sequence_as_if_it_were_alone(kind):
    _, layer = pair(kind)
    x = draw(0, B, T, D)
    before = tree_map(lambda part: draw(1, *part.shape), layer(x)[1])
    outputs, after = layer(x, before, LENGTHS)
    for row, length in enumerate(LENGTHS):
        alone, state = layer(
            x[row : row + 1, :length], tree_map(lambda part, row=row: part[row : row + 1], before)
        )
        torch.testing.assert_close(outputs[row, :length], alone[0], rtol=0, atol=1e-13)
        assert not outputs[row, length:].any()
        for have, want in zip(tree_leaves(after), tree_leaves(state), strict=True):
            torch.testing.assert_close(have[row], want[0], rtol=0, atol=1e-13)


@pytest.mark.parametrize(
    "lengths",
    [
        LENGTHS,
        tuple(LENGTHS),
        [np.int64(length) for length in LENGTHS],
        [torch.tensor(length) for length in LENGTHS],
        np.array(LENGTHS),
        np.array(LENGTHS[::-1])[::-1],
        np.array(LENGTHS, np.uint8),
        np.array(LENGTHS, np.uint64),
        torch.tensor(LENGTHS),
        torch.tensor(LENGTHS, dtype=torch.int32),
        torch.tensor(LENGTHS, dtype=torch.uint8),
        torch.tensor(LENGTHS, dtype=torch.uint64),
    ],
    ids=lambda lengths: f"{type(lengths).__name__}-{getattr(lengths, 'dtype', type(lengths[0]).__name__)}",
)
@pytest.mark.parametrize("kind", ["gru", "stacked", "bidirectional"])
def test_every_kind_of_lengths(kind, lengths):
    _, layer = pair(kind)
    x = draw(0, B, T, D)
    beyond = torch.arange(T) >= torch.tensor(LENGTHS)[:, None]
    outputs, _ = layer(x, lengths=lengths)
    assert not outputs[beyond].any()
    assert outputs[~beyond].all()


def test_lengths_may_be_those_of_pack_padded_sequence():
    reference = torch.nn.GRU(D, 4, batch_first=True, dtype=torch.float64)
    layer = GRU(D, 4, dtype="float64")
    for ours, theirs in (("W", "weight_ih"), ("U", "weight_hh"), ("b", "bias_ih"), ("b_u", "bias_hh")):
        layer.get_parameter(ours).data.copy_(reference.get_parameter(f"{theirs}_l0"))
    x, lengths = draw(0, B, T, D), torch.tensor(LENGTHS)
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    packed, last = reference(packed)
    unpacked, _ = torch.nn.utils.rnn.pad_packed_sequence(packed, batch_first=True, total_length=T)
    outputs, state = layer(x, lengths=lengths)
    torch.testing.assert_close(outputs, unpacked)
    torch.testing.assert_close(state, last[0])


@pytest.mark.parametrize(
    ("lengths", "error", "message"),
    [
        ([6, 1, 4], ValueError, r"lengths must have shape \(4,\), got \(3,\)"),
        ([6, 0, 4, 3], ValueError, "lengths must lie in 1..6, got 0 at index 1"),
        (torch.tensor([6, 7, 4, 3]), ValueError, "lengths must lie in 1..6, got 7 at index 1"),
        (torch.tensor([6.0, 1, 4, 3]), TypeError, "lengths must be integers, got float32"),
        (torch.tensor([True] * B), TypeError, "lengths must be integers, got bool"),
        (6, TypeError, r"lengths must be an array of shape \(4,\), got 6"),
    ],
)
@pytest.mark.parametrize("kind", ["gru", "bidirectional", "stacked"])
def test_wrong_lengths(kind, lengths, error, message):
    _, layer = pair(kind)
    with pytest.raises(error, match=message):
        layer(draw(0, B, T, D), lengths=lengths)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("padding", [np.nan, np.inf])
def test_padding_may_hold_anything(kind, padding):
    _, layer = pair(kind)
    valid = (torch.arange(T) < torch.tensor(LENGTHS)[:, None]).unsqueeze(-1)

    def run(x):
        layer.zero_grad()
        x = x.requires_grad_()
        outputs, after = layer(x, lengths=LENGTHS)
        # Reads what stands beyond the lengths too: no gradient may come from there.
        loss = (outputs + 1).square().sum() + sum(part.square().sum() for part in tree_leaves(after))
        loss.backward()
        return [outputs, *tree_leaves(after), x.grad, *(weight.grad for weight in layer.parameters())]

    x = draw(0, B, T, D)
    clean = run(torch.where(valid, x, 0))
    dirty = run(torch.where(valid, x, padding))
    for have, want in zip(dirty, clean, strict=True):
        assert have.isfinite().all()
        torch.testing.assert_close(have, want, rtol=0, atol=0)
    of_x = dirty[-len(list(layer.parameters())) - 1]
    assert not of_x[~valid.expand_as(of_x)].any()
    assert of_x[valid.expand_as(of_x)].any()


def test_a_sequence_that_has_ended_cannot_overflow_in_its_padding():
    _, layer = pair("elman_identity")
    with torch.no_grad():
        layer.U.copy_(100 * torch.eye(4))
    time = 400  # 100 ** 400 is no float64
    x = draw(0, 2, time, D).requires_grad_()
    outputs, state = layer(x, lengths=[2, 3])
    (outputs.sum() + state.sum()).backward()
    assert all(weight.grad.isfinite().all() for weight in layer.parameters())
    assert x.grad.isfinite().all()


def test_without_lengths_nothing_is_masked():
    layer = LSTM(D, 4)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile:
        layer(draw(0, B, T, D).float())
    used = {event.key for event in profile.key_averages()}
    assert "aten::addmm" in used and "aten::where" not in used


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("kind", KINDS)
def test_on_a_gpu(kind):
    _, layer = pair(kind)
    x = draw(0, B, T, D)
    want, _ = layer(x, lengths=LENGTHS)
    layer.to("cuda")
    for lengths in (LENGTHS, torch.tensor(LENGTHS), torch.tensor(LENGTHS, device="cuda")):
        have, _ = layer(x.to("cuda"), lengths=lengths)
        torch.testing.assert_close(have.cpu(), want)
    layer.load_params(layer.params)
