"""One classifier in three wings: the same weights give the same outputs, loss and gradients."""

import itertools

import numpy as np
import pytest

import rnnbook
from rnnbook.checks import compare_gradients

OPTIONS = [
    {"cell": cell, "bidirectional": two, "pooling": pooling}
    for cell, two, pooling in itertools.product(
        ("ElmanRNN", "GRU", "LSTM"), (False, True), ("last", "max", "attention")
    )
]
options_drawn = pytest.mark.parametrize("options", OPTIONS, ids=lambda one: "-".join(map(str, one.values())))
X = np.random.default_rng(0).integers(0, 9, (5, 7))
LENGTHS = np.array([7, 3, 1, 5, 2])
Y = np.array([0, 2, 1, 1, 0])


def made(wing: str, options: dict, dtype: str = "float64", seed: int = 0, **more):
    module = getattr(rnnbook, wing)
    sizes = {"embedding_size": 4, "hidden_size": 3}
    rng = np.random.default_rng(seed)
    return module.SequenceClassifier(9, 3, **sizes, **options, dtype=dtype, rng=rng, **more)


def drawn_params(model) -> dict:
    """Weights of which none is zero, biases included; large enough for states to differ."""
    rng = np.random.default_rng(1)
    params = model.params if isinstance(model, rnnbook.numpy.Model) else model.params()
    return {name: rng.normal(0, 0.8, array.shape).astype(array.dtype) for name, array in params.items()}


def in_numpy(model, lengths=LENGTHS):
    logits, tape = model.forward(X, lengths)
    loss, d_logits = rnnbook.numpy.softmax_cross_entropy(logits, Y)
    return logits, loss, model.backward(tape, d_logits)


def in_torch(model, lengths=LENGTHS):
    import torch

    logits = model(torch.tensor(X), lengths)
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(Y))
    model.zero_grad()
    loss.backward()
    gradients = [weight.grad.numpy() for weight in model.parameters()]
    return logits.detach().numpy(), loss.item(), dict(zip(model.params(), gradients, strict=True))


def in_tensorflow(model, lengths=LENGTHS):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        logits = model(X, lengths)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(Y, logits))
    gradients = tape.gradient(loss, [weight.value for weight in model.trainable_variables])
    gradients = [np.array(tf.convert_to_tensor(gradient)) for gradient in gradients]
    return logits.numpy(), float(loss), dict(zip(model.params(), gradients, strict=True))


WINGS = {"numpy": in_numpy, "torch": in_torch, "tensorflow": in_tensorflow}


@options_drawn
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-5)])
@pytest.mark.parametrize("lengths", [LENGTHS, None], ids=["ragged", "full"])
def test_wings_agree(options, dtype, tolerance, lengths):
    reference = made("numpy", options, dtype)
    reference.params = drawn_params(reference)
    logits, loss, gradients = in_numpy(reference, lengths)
    for wing in ("torch", "tensorflow"):
        twin = made(wing, options, dtype)
        twin.load_params(dict(reference.params))
        other_logits, other_loss, other_gradients = WINGS[wing](twin, lengths)
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
        return rnnbook.numpy.softmax_cross_entropy(model.forward(X, LENGTHS)[0], Y)[0]

    arrays = dict(model.params)
    gradients = in_numpy(model)[2]
    report = compare_gradients(loss, arrays, gradients)
    assert report.passed, str(report)


@options_drawn
@pytest.mark.parametrize("wing", WINGS)
def test_what_stands_beyond_a_length_changes_nothing(options, wing):
    model = made(wing, options)
    if wing == "numpy":
        model.params = drawn_params(model)
    else:
        model.load_params(drawn_params(model))
    before = model.probabilities(X, LENGTHS)
    other = np.where(np.arange(7) < LENGTHS[:, None], X, 8 - X)
    np.testing.assert_allclose(model.probabilities(other, LENGTHS), before, atol=1e-12)
    # Each sequence alone, without any padding, gets the same answer.
    for row, length in enumerate(LENGTHS):
        alone = model.probabilities(X[row : row + 1, :length])
        np.testing.assert_allclose(alone[0], before[row], atol=1e-12)
    # And the lengths matter: forgotten, they change the answer of padded rows, and of no other.
    changed = np.abs(model.probabilities(X) - before).max(axis=1)
    padded = LENGTHS < 7
    assert (changed[~padded] < 1e-12).all()
    # The largest value of a feature may stand before the padding: then max does not see the mistake.
    assert (changed[padded] > 1e-6).any() if options["pooling"] == "max" else (changed[padded] > 1e-6).all()


@pytest.mark.parametrize("wing", WINGS)
def test_attention_is_a_share_of_the_valid_steps(wing):
    model = made(wing, {"pooling": "attention"})
    if wing == "torch":
        import torch

        weights = model.attention_weights(torch.tensor(X), LENGTHS).detach().numpy()
    else:
        weights = np.asarray(model.attention_weights(X, LENGTHS))
    assert weights.shape == X.shape
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    assert (weights[np.arange(7) >= LENGTHS[:, None]] == 0).all()
    with pytest.raises(ValueError, match="pooling must be one of attention, got 'last'"):
        made(wing, {}).attention_weights(X, LENGTHS)


@pytest.mark.parametrize("wing", WINGS)
def test_dropout_is_on_in_training_alone(wing):
    model = made(wing, {"pooling": "max"}, dropout=0.5)
    assert np.array_equal(model.probabilities(X, LENGTHS), model.probabilities(X, LENGTHS))
    if wing == "numpy":
        rng = np.random.default_rng(0)
        passes = [model.forward(X, LENGTHS, rng=rng)[0] for _ in range(400)]
        plain = model.forward(X, LENGTHS)[0]
    elif wing == "torch":
        import torch

        with torch.no_grad():
            passes = [model(torch.tensor(X), LENGTHS).numpy() for _ in range(2)]
            plain = model.eval()(torch.tensor(X), LENGTHS).numpy()
    else:
        passes = [model(X, LENGTHS, training=True).numpy() for _ in range(2)]
        plain = model(X, LENGTHS).numpy()
    assert np.abs(passes[0] - passes[1]).max() > 1e-3 and np.abs(passes[0] - plain).max() > 1e-3


def test_dropout_keeps_the_mean():
    model = made("numpy", {}, dropout=0.3)
    kept = model._kept(np.ones((200, 500)), np.random.default_rng(0))
    assert kept.mean() == pytest.approx(1, abs=0.01) and (kept == 0).mean() == pytest.approx(0.3, abs=0.01)


def test_dropout_reaches_the_gradients():
    model = made("numpy", {"pooling": "max"}, dropout=0.5)
    arrays = dict(model.params)

    def passed():
        logits, tape = model.forward(X, LENGTHS, rng=np.random.default_rng(3))
        return *rnnbook.numpy.softmax_cross_entropy(logits, Y), tape

    def loss(arrays):
        model.params = arrays
        return passed()[0]

    _, d_logits, tape = passed()
    report = compare_gradients(loss, arrays, model.backward(tape, d_logits))
    assert report.passed, str(report)


@pytest.mark.parametrize("wing", WINGS)
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"cell": "RNN"}, ValueError, "cell must be one of ElmanRNN, GRU, LSTM, got 'RNN'"),
        ({"pooling": "mean"}, ValueError, "pooling must be one of last, max, attention, got 'mean'"),
        ({"bidirectional": 1}, TypeError, "bidirectional must be True or False, got 1"),
        ({"dropout": 1.5}, ValueError, r"dropout must be a number in 0\.\.1, got 1.5"),
    ],
)
def test_arguments_are_refused_in_the_same_words(wing, arguments, error, message):
    with pytest.raises(error, match=message):
        made(wing, arguments)


@pytest.mark.parametrize("wing", WINGS)
@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (np.array([1, 2]), ValueError, r"x must have shape \(batch, time\), got \(2,\)"),
        (np.zeros((2, 0), int), ValueError, "x must hold at least one sequence and one step"),
        (np.zeros((2, 3)), TypeError, "x must be integers, got float64; encode tokens with a Vocabulary"),
        (np.array([[1, 9]]), ValueError, r"x must lie in 0\.\.8, got values from 1 to 9"),
        (np.array([[-1, 3]]), ValueError, r"x must lie in 0\.\.8, got values from -1 to 3"),
    ],
)
def test_inputs_are_refused_in_the_same_words(wing, x, error, message):
    model = made(wing, {})
    with pytest.raises(error, match=message):
        model.probabilities(x)


def test_the_whole_dict_or_nothing():
    model = made("torch", {})
    before = model.params()
    with pytest.raises(ValueError, match=r"params\['W'\] must have shape"):
        model.load_params(before | {"readout.W": np.zeros((1, 1))})
    assert all(np.array_equal(model.params()[name], before[name]) for name in before)
