"""One tagger in three wings: the same weights give the same outputs, loss and gradients."""

import itertools

import numpy as np
import pytest

import rnnbook
from rnnbook.checks import compare_gradients

OPTIONS = [
    {"cell": cell, "bidirectional": two}
    for cell, two in itertools.product(("ElmanRNN", "GRU", "LSTM"), (False, True))
]
options_drawn = pytest.mark.parametrize("options", OPTIONS, ids=lambda one: "-".join(map(str, one.values())))
WINGS = ("numpy", "torch", "tensorflow")
LENGTHS = np.array([7, 3, 1, 5])
X = np.random.default_rng(0).normal(size=(4, 7, 5))
Y = np.random.default_rng(1).integers(0, 3, (4, 7))
VALID = np.arange(7) < LENGTHS[:, None]


def made(wing: str, options: dict, dtype: str = "float64", **more):
    module = getattr(rnnbook, wing)
    rng = np.random.default_rng(0)
    return module.SequenceTagger(5, 3, hidden_size=4, **options, dtype=dtype, rng=rng, **more)


def drawn_params(model) -> dict:
    """Weights of which none is zero, biases included."""
    rng = np.random.default_rng(2)
    params = model.params if isinstance(model, rnnbook.numpy.Model) else model.params()
    return {name: rng.normal(0, 0.8, array.shape).astype(array.dtype) for name, array in params.items()}


def in_numpy(model, x, lengths):
    logits, tape = model.forward(x, lengths)
    loss, d_logits = rnnbook.numpy.softmax_cross_entropy(logits, Y, None if lengths is None else VALID)
    return logits, loss, model.backward(tape, d_logits)


def in_torch(model, x, lengths):
    import torch

    logits = model(torch.tensor(x), lengths)
    mask = torch.ones(VALID.shape, dtype=bool) if lengths is None else torch.tensor(VALID)
    loss = torch.nn.functional.cross_entropy(logits[mask], torch.tensor(Y)[mask])
    model.zero_grad()
    loss.backward()
    gradients = [weight.grad.numpy() for weight in model.parameters()]
    return logits.detach().numpy(), loss.item(), dict(zip(model.params(), gradients, strict=True))


def in_tensorflow(model, x, lengths):
    import tensorflow as tf

    mask = np.ones_like(VALID) if lengths is None else VALID
    with tf.GradientTape() as tape:
        logits = model(x, lengths)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(Y[mask], logits[mask]))
    gradients = tape.gradient(loss, [weight.value for weight in model.trainable_variables])
    gradients = [np.array(tf.convert_to_tensor(gradient)) for gradient in gradients]
    return logits.numpy(), float(loss), dict(zip(model.params(), gradients, strict=True))


@options_drawn
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-5)])
@pytest.mark.parametrize("lengths", [LENGTHS, None], ids=["ragged", "full"])
def test_wings_agree(options, dtype, tolerance, lengths):
    x = X.astype(dtype)
    reference = made("numpy", options, dtype)
    reference.params = drawn_params(reference)
    logits, loss, gradients = in_numpy(reference, x, lengths)
    assert logits.shape == (4, 7, 3)
    for wing, run in (("torch", in_torch), ("tensorflow", in_tensorflow)):
        twin = made(wing, options, dtype)
        twin.load_params(dict(reference.params))
        other_logits, other_loss, other_gradients = run(twin, x, lengths)
        np.testing.assert_allclose(other_logits, logits, rtol=tolerance, atol=tolerance)
        assert other_loss == pytest.approx(loss, rel=tolerance)
        assert set(other_gradients) == set(gradients) == set(reference.params)
        for name, gradient in gradients.items():
            np.testing.assert_allclose(
                other_gradients[name], gradient, rtol=tolerance, atol=tolerance, err_msg=f"{wing}: {name}"
            )


@options_drawn
def test_one_seed_starts_all_wings_alike(options):
    reference = made("numpy", options).params
    for wing in ("torch", "tensorflow"):
        params = made(wing, options).params()
        assert list(params) == list(reference)
        assert all(np.array_equal(params[name], reference[name]) for name in params)


@options_drawn
def test_gradients_against_differences(options):
    model = made("numpy", options)
    model.params = drawn_params(model)

    def loss(arrays):
        model.params = arrays
        return rnnbook.numpy.softmax_cross_entropy(model.forward(X, LENGTHS)[0], Y, VALID)[0]

    arrays = dict(model.params)
    report = compare_gradients(loss, arrays, in_numpy(model, X, LENGTHS)[2])
    assert report.passed, str(report)


@options_drawn
@pytest.mark.parametrize("wing", WINGS)
def test_only_a_causal_tagger_never_looks_ahead(options, wing):
    model = made(wing, options)
    if wing == "numpy":
        model.params = drawn_params(model)
    else:
        model.load_params(drawn_params(model))
    before = model.probabilities(X)
    np.testing.assert_allclose(before.sum(axis=2), 1)
    future = X.copy()
    future[:, 4:] += 1
    changed = np.abs(model.probabilities(future) - before).max(axis=(0, 2)) > 1e-9
    assert changed[4:].all()
    assert changed[:4].all() if options["bidirectional"] else not changed[:4].any()


@options_drawn
@pytest.mark.parametrize("wing", WINGS)
def test_what_stands_beyond_a_length_changes_nothing(options, wing):
    model = made(wing, options)
    other = np.where(VALID[:, :, None], X, 9.0)
    one, two = model.probabilities(X, LENGTHS), model.probabilities(other, LENGTHS)
    np.testing.assert_allclose(one[VALID], two[VALID], atol=1e-12)


def test_dropout_is_for_training_alone():
    model = made("numpy", {}, dropout=0.5)
    still = model.forward(X)[0]
    assert np.array_equal(still, model.forward(X)[0])
    dropped = [model.forward(X, rng=np.random.default_rng(seed))[0] for seed in range(400)]
    assert not np.allclose(dropped[0], still)
    np.testing.assert_allclose(np.mean(dropped, axis=0), still, atol=0.2)
    twin = made("torch", {}, dropout=0.5)
    twin.train()
    np.testing.assert_allclose(twin.probabilities(X), model.probabilities(X), atol=1e-12)
    assert twin.training


@pytest.mark.parametrize("wing", WINGS)
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"classes": 0}, ValueError, "classes must be a positive integer, got 0"),
        ({"cell": "gru"}, ValueError, "cell must be one of .*, got 'gru'"),
        ({"bidirectional": 1}, TypeError, "bidirectional must be True or False, got 1"),
        ({"dropout": -0.1}, ValueError, "dropout must"),
    ],
)
def test_arguments_are_refused_in_the_same_words(wing, change, error, message):
    arguments = {"input_size": 5, "classes": 3, "hidden_size": 4} | change
    with pytest.raises(error, match=message):
        getattr(rnnbook, wing).SequenceTagger(**arguments)


@pytest.mark.parametrize("wing", WINGS)
def test_inputs_are_refused(wing):
    with pytest.raises(ValueError, match=r"x must have shape \(batch, time, 5\), got \(4, 5\)"):
        made(wing, {}).probabilities(X[:, 0])
