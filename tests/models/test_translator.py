"""The two translators are one model, and it does what its equations say."""

from itertools import pairwise

import numpy as np
import pytest

from rnnbook.tasks.decoding import beam, greedy
from rnnbook.vocabulary import PADDING
from tests.models.translators import (
    SOURCE,
    TARGET,
    WINGS,
    batch,
    gradients,
    logits,
    loss,
    tensors,
    translator,
)

both_wings = pytest.mark.parametrize("wing", WINGS)
both_kinds = pytest.mark.parametrize("attention", [True, False], ids=["attention", "summary"])


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    z = np.exp(z - z.max(axis=-1, keepdims=True))
    return z / z.sum(axis=-1, keepdims=True)


# The equations, written out once more for one sequence at a time


def gru(p, name, x_t, h):
    W, U, b, b_u = (p[f"{name}.{key}"] for key in ("W", "U", "b", "b_u"))
    size = len(h)
    from_x, from_h = W @ x_t + b, U @ h + b_u
    r, z = sigmoid(from_x[:size] + from_h[:size]), sigmoid((from_x + from_h)[size : 2 * size])
    n = np.tanh(from_x[2 * size :] + r * from_h[2 * size :])
    return (1 - z) * n + z * h


def by_hand(p, x, y, attention):
    """Logits ``(T, V)`` and weights ``(T, S)`` for one source ``x`` and the symbols ``y`` before each."""
    embedded = p["source.E"][x]
    half = len(p["encoder.forward.b"]) // 3
    ahead, behind = [np.zeros(half)], [np.zeros(half)]
    for e in embedded:
        ahead.append(gru(p, "encoder.forward", e, ahead[-1]))
    for e in embedded[::-1]:
        behind.append(gru(p, "encoder.backward", e, behind[-1]))
    memory = np.concatenate([ahead[1:], behind[:0:-1]], axis=1)
    summary = np.concatenate([ahead[-1], behind[-1]])
    s = np.tanh(p["start.W"] @ summary + p["start.b"])
    said, looked = [], []
    for symbol in y:
        context, a = summary, None
        if attention:
            scores = [p["attention.v"] @ np.tanh(p["attention.W"] @ s + p["attention.U"] @ m) for m in memory]
            a = softmax(np.array(scores))
            context = sum(weight * m for weight, m in zip(a, memory, strict=True))
        s = gru(p, "decoder", np.concatenate([p["target.E"][symbol], context]), s)
        said.append(p["readout.W"] @ np.concatenate([s, context]) + p["readout.b"])
        looked.append(a)
    return np.array(said), looked


@both_wings
@both_kinds
def test_logits_and_alignment_are_what_the_equations_say(wing, attention):
    model = translator(wing, attention=attention)
    x, lengths, y = batch()
    said = logits(model, wing, x, y[:, :-1], lengths)
    for row, size in enumerate(lengths):
        want, looked = by_hand(model.params(), x[row, :size], y[row, :-1], attention)
        np.testing.assert_allclose(said[row], want, rtol=0, atol=1e-10)
        if attention:
            found = model.alignment(x, y[:, :-1], lengths)[row]
            np.testing.assert_allclose(found[:, :size], looked, rtol=0, atol=1e-10)
            assert (found[:, size:] == 0).all()


@both_kinds
@pytest.mark.parametrize(("dtype", "close"), [("float64", 1e-10), ("float32", 1e-5)])
def test_the_twins_agree(attention, dtype, close):
    ours, theirs = (translator(wing, attention=attention, dtype=dtype) for wing in WINGS)
    theirs.load_params(ours.params())
    x, lengths, y = batch(1)
    one, other = (
        logits(model, wing, x, y[:, :-1], lengths) for model, wing in zip((ours, theirs), WINGS, strict=True)
    )
    np.testing.assert_allclose(one, other, rtol=0, atol=close)
    assert abs(loss(ours, "torch", x, lengths, y) - loss(theirs, "tensorflow", x, lengths, y)) < close
    assert greedy(ours.step, ours.begin(x, lengths), longest=9) == greedy(
        theirs.step, theirs.begin(x, lengths), longest=9
    )
    ours_best, theirs_best = (
        beam(model.step, model.begin(x[:1], lengths[:1]), width=3, longest=9) for model in (ours, theirs)
    )
    assert [best.symbols for best in ours_best] == [best.symbols for best in theirs_best]
    np.testing.assert_allclose(
        [best.log_probability for best in ours_best],
        [best.log_probability for best in theirs_best],
        rtol=0,
        atol=10 * close,
    )
    if attention:
        one, other = (model.alignment(x, y, lengths) for model in (ours, theirs))
        np.testing.assert_allclose(one, other, rtol=0, atol=close)


@both_kinds
def test_the_twins_gradients_agree(attention):
    ours, theirs = (translator(wing, attention=attention) for wing in WINGS)
    one, other = (
        gradients(model, wing, *batch(2)) for model, wing in zip((ours, theirs), WINGS, strict=True)
    )
    assert list(one) == list(other) == list(ours.params())
    for name, gradient in one.items():
        np.testing.assert_allclose(gradient, other[name], rtol=0, atol=1e-10, err_msg=name)
        assert np.abs(gradient).max() > 0, name


@both_kinds
def test_one_seed_starts_both_wings_alike(attention):
    ours, theirs = (
        framework.SequenceTranslator(
            SOURCE,
            TARGET,
            embedding_size=4,
            hidden_size=6,
            attention=attention,
            rng=np.random.default_rng(3),
        ).params()
        for framework in WINGS.values()
    )
    assert list(ours) == list(theirs)
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name])
        assert array.dtype == np.float32


# What would be easy to get wrong


@both_wings
@both_kinds
def test_the_loss_scores_each_symbol_given_those_before_it(wing, attention):
    """Stepping through is another path than teacher forcing: a target shifted by one would differ."""
    model = translator(wing, attention=attention)
    x, lengths, y = batch()
    total, counted = 0.0, 0
    for row, size in enumerate(lengths):
        state = model.begin(x[row : row + 1, :size])
        symbols = y[row][y[row] != PADDING]
        for before, following in pairwise(symbols):
            log_probabilities, state = model.step(np.array([before]), state)
            assert np.exp(log_probabilities).sum() == pytest.approx(1)
            total -= log_probabilities[0, following]
            counted += 1
    assert loss(model, wing, x, lengths, y) == pytest.approx(total / counted, abs=1e-10)


@both_wings
@both_kinds
def test_no_step_sees_what_it_should_say(wing, attention):
    model = translator(wing, attention=attention)
    x, lengths, y = batch()
    said = logits(model, wing, x, y, lengths)
    changed = y.copy()
    changed[0, 3] = 4 + (y[0, 3] - 3) % (TARGET - 4)
    after = logits(model, wing, x, changed, lengths)
    np.testing.assert_array_equal(said[0, :3], after[0, :3])
    assert np.abs(said[0, 3] - after[0, 3]).max() > 1e-3


@both_wings
def test_every_step_looks_at_the_source_and_not_always_at_the_same_place(wing):
    model = translator(wing)
    # The only way left from the source to the decoder is attention.
    model.load_params(model.params() | {"start.W": np.zeros((8, 8)), "start.b": np.full(8, 0.3)})
    x, lengths, y = batch()
    said = logits(model, wing, x, y, lengths)
    for place in range(lengths[0]):
        changed = x.copy()
        changed[0, place] = 4 + (x[0, place] - 3) % (SOURCE - 4)
        difference = np.abs(logits(model, wing, changed, y, lengths) - said).max(axis=2)
        assert difference[0].min() > 1e-6 and difference[1:].max() == 0
    looked = model.alignment(x, y, lengths)
    np.testing.assert_allclose(looked.sum(axis=2), 1, atol=1e-12)
    assert np.abs(looked[0] - looked[0, :1]).max() > 1e-3


@both_wings
@both_kinds
def test_padding_of_the_source_changes_nothing(wing, attention):
    model = translator(wing, attention=attention)
    x, lengths, y = batch()
    said = logits(model, wing, x, y, lengths)
    noise = np.random.default_rng(9).integers(4, SOURCE, x.shape)
    padded = np.where(np.arange(x.shape[1]) < lengths[:, None], x, noise)
    wider = np.pad(padded, ((0, 0), (0, 3)), constant_values=7)
    np.testing.assert_allclose(logits(model, wing, wider, y, lengths), said, rtol=0, atol=1e-12)
    for row, size in enumerate(lengths):
        alone = logits(model, wing, x[row : row + 1, :size], y[row : row + 1])
        np.testing.assert_allclose(alone[0], said[row], rtol=0, atol=1e-12)
        for one, other in zip(model.begin(x[row : row + 1, :size]), model.begin(wider, lengths), strict=True):
            of_row = other[row, : one.shape[1]] if one.ndim > 1 else other[row]
            np.testing.assert_allclose(one[0], of_row, rtol=0, atol=1e-12)


@both_wings
def test_padding_of_the_target_counts_nothing(wing):
    model = translator(wing)
    x, lengths, y = batch()
    wider = np.pad(y, ((0, 0), (0, 4)), constant_values=PADDING)
    assert loss(model, wing, x, lengths, wider) == pytest.approx(loss(model, wing, x, lengths, y), abs=1e-12)


@both_wings
def test_dropout_is_for_training_alone(wing):
    model = translator(wing, dropout=0.5)
    x, lengths, y = batch()
    quiet = [logits(model, wing, x, y, lengths) for _ in range(2)]
    np.testing.assert_array_equal(*quiet)
    if wing == "torch":
        model.train()
        loud = model(*tensors(wing, x, y), lengths).detach().numpy()
    else:
        loud = model(x, y, lengths, training=True).numpy()
    assert np.abs(loud - quiet[0]).max() > 0.1
    np.testing.assert_array_equal(model.begin(x, lengths)[0], model.begin(x, lengths)[0])
    np.testing.assert_array_equal(*(model.alignment(x, y, lengths) for _ in range(2)))


@both_wings
@pytest.mark.parametrize("lengths", [None, "all"])
def test_without_lengths_all_steps_count(wing, lengths):
    model = translator(wing)
    x, _, y = batch(lengths=(5, 5), targets=(3, 3))
    full = np.array([5, 5]) if lengths else None
    np.testing.assert_array_equal(logits(model, wing, x, y), logits(model, wing, x, y, full))


# Training


@both_wings
def test_it_learns_to_write_backwards(wing):
    """To be learned, every part must be right: the shift, the mask, the path from the source."""
    framework = WINGS[wing]
    lengths = np.random.default_rng(0).integers(1, 4, 60)
    x, _, y = batch(4, lengths=lengths, targets=lengths)
    for row, size in enumerate(lengths):
        y[row, 1 : size + 1] = x[row, :size][::-1]
    model = framework.SequenceTranslator(
        SOURCE, TARGET, embedding_size=12, hidden_size=24, rng=np.random.default_rng(0)
    )

    def right() -> float:
        written = greedy(model.step, model.begin(x, lengths), longest=6)
        backwards = [list(row[:size][::-1]) for row, size in zip(x, lengths, strict=True)]
        return np.mean([ours == theirs for ours, theirs in zip(written, backwards, strict=True)])

    before = right()
    run = framework.fit(
        model,
        lambda rng: [(x[rows], lengths[rows], y[rows]) for rows in rng.permutation(60).reshape(3, 20)],
        framework.teacher_forcing,
        lambda model: 0.0,  # a tie goes to the later weights
        epochs=40,
        learning_rate=0.02,
        progress=False,
    )
    assert before < 0.2 and right() > 0.9
    assert run.losses[-1] < 0.3 < run.losses[0]


# The door


@both_wings
def test_bad_arguments_are_refused(wing):
    make = WINGS[wing].SequenceTranslator
    with pytest.raises(ValueError, match="hidden_size must be even, half for each reading direction, got 7"):
        make(5, 5, embedding_size=4, hidden_size=7)
    with pytest.raises(TypeError, match="attention must be True or False, got 1"):
        make(5, 5, embedding_size=4, hidden_size=8, attention=1)
    with pytest.raises(ValueError, match="target_symbols must be a positive integer, got 0"):
        make(5, 0, embedding_size=4, hidden_size=8)


@both_wings
def test_bad_input_is_refused(wing):
    model = translator(wing)
    x, lengths, y = batch()
    with pytest.raises(ValueError, match=r"x must lie in 0\.\.10, got values from 0 to 11"):
        model.begin(np.where(x == x.max(), SOURCE, x), lengths)
    with pytest.raises(ValueError, match=r"y must lie in 0\.\.12"):
        logits(model, wing, x, y + TARGET, lengths)
    with pytest.raises(TypeError, match="x must be integers, got float64"):
        logits(model, wing, x.astype(float), y, lengths)
    with pytest.raises(ValueError, match=r"lengths must lie in 1\.\.6, got 0 at index 1"):
        logits(model, wing, x, y, np.array([6, 0, 4, 3]))
    with pytest.raises(ValueError, match="alignment needs a translator with attention"):
        translator(wing, attention=False).alignment(x, y, lengths)
    with pytest.raises(ValueError, match=r"params must have keys that begin with .*attention"):
        model.load_params({"attentive.W": np.zeros(3)})


@both_wings
def test_weights_have_canonical_names(wing):
    with_attention, without = (translator(wing, attention=attention).params() for attention in (True, False))
    assert set(with_attention) - set(without) == {"attention.W", "attention.U", "attention.v"}
    assert {name.split(".")[0] for name in without} == {
        "source", "encoder", "start", "target", "decoder", "readout"
    }  # fmt: skip


# Attention alone


@both_wings
def test_attention_is_a_mean_with_weights_that_the_query_chooses(wing):
    attention = WINGS[wing].AdditiveAttention(3, 4, 5, dtype="float64", rng=np.random.default_rng(0))
    rng = np.random.default_rng(1)
    query, memory = rng.normal(size=(2, 3)), rng.normal(size=(2, 6, 4))
    lengths = np.array([6, 2])
    context, looked = (
        part.detach().numpy() if wing == "torch" else part.numpy()
        for part in attention(*tensors(wing, query, memory), lengths)
    )
    p = attention.params()
    for row, size in enumerate(lengths):
        scores = [p["v"] @ np.tanh(p["W"] @ query[row] + p["U"] @ m) for m in memory[row, :size]]
        np.testing.assert_allclose(looked[row, :size], softmax(np.array(scores)), atol=1e-12)
        np.testing.assert_allclose(context[row], looked[row, :size] @ memory[row, :size], atol=1e-12)
    assert (looked[1, 2:] == 0).all()
    again = attention(*tensors(wing, query + 1, memory), lengths)[1]
    assert np.abs(np.asarray(again.detach() if wing == "torch" else again) - looked).max() > 1e-3
