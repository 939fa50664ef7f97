"""One classifier in three wings: the same weights give the same outputs, loss and gradients."""

import numpy as np
import pytest

import rnnbook
from rnnbook.checks import compare_gradients
from tests.models.twins import Twins, loss_and_gradients, tensors, wing_of

SIZES = {"vocab_size": 9, "num_classes": 3, "embedding_size": 4, "hidden_size": 3}
# Every pair of two choices stands in it, and not every three: layers know nothing of what pools their states.
OPTIONS = [
    {"cell": cell, "bidirectional": two, "pooling": pooling}
    for cell, two, pooling in [
        *(("ElmanRNN", False, "last"), ("ElmanRNN", True, "max"), ("ElmanRNN", False, "attention")),
        *(("GRU", True, "last"), ("GRU", False, "last"), ("GRU", True, "max"), ("GRU", True, "attention")),
        *(("LSTM", True, "last"), ("LSTM", False, "max"), ("LSTM", True, "attention")),
    ]
]
X = np.random.default_rng(0).integers(0, 9, (5, 7))
LENGTHS = np.array([7, 3, 1, 5, 2])
Y = np.array([0, 2, 1, 1, 0])


class TestClassifier(Twins):
    WINGS = ("numpy", "torch", "tensorflow")
    KINDS = {"-".join(map(str, one.values())): ("SequenceClassifier", SIZES | one) for one in OPTIONS}
    SCALE = 0.8
    test_they_learn = None  # see tests/test_fit.py
    SILENT = ("attention.b",)
    ANSWERS = {
        "probabilities": ("GRU-True-max", {"dropout": 0.5}, lambda model: model.probabilities(X, LENGTHS)),
        "attention_weights": (
            "GRU-True-attention",
            {"dropout": 0.5},
            lambda model: model.attention_weights(*tensors(wing_of(model), X), LENGTHS),
        ),
    }
    REFUSED = [
        ("GRU-True-max", options, error, message)
        for options, error, message in [
            ({"cell": "RNN"}, ValueError, "cell must be one of ElmanRNN, GRU, LSTM, got 'RNN'"),
            ({"pooling": "mean"}, ValueError, "pooling must be one of last, max, attention, got 'mean'"),
            ({"bidirectional": 1}, TypeError, "bidirectional must be True or False, got 1"),
            ({"dropout": 1.5}, ValueError, r"dropout must be a number in 0\.\.1, got 1.5"),
            ({"num_classes": 0}, ValueError, "num_classes must be a positive integer, got 0"),
        ]
    ]

    def inputs(self, kind, dtype="float64"):
        return (X,), {"lengths": LENGTHS}

    def batch(self, kind, dtype="float64"):
        return X, LENGTHS, Y

    def loss(self, wing, kind):
        return cross_entropy[wing]

    def value_and_gradients(self, model, kind, dtype="float64", lengths=LENGTHS):
        if wing_of(model) == "numpy":
            return in_numpy(model, lengths)
        return loss_and_gradients(model, cross_entropy[wing_of(model)], (X, lengths, Y))

    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    def test_wings_agree_without_lengths(self, kind, dtype):
        close = {"rtol": self.tolerances(dtype)[0], "atol": self.tolerances(dtype)[0]}
        reference, *others = (self.draw(wing, kind, dtype) for wing in self.WINGS)
        outputs = self.outputs(reference, kind, lengths=None)
        loss, gradients = self.value_and_gradients(reference, kind, lengths=None)
        for other in others:
            np.testing.assert_allclose(self.outputs(other, kind, lengths=None), outputs, **close)
            other_loss, other_gradients = self.value_and_gradients(other, kind, lengths=None)
            assert other_loss == pytest.approx(loss, rel=close["rtol"])
            for name, gradient in gradients.items():
                np.testing.assert_allclose(other_gradients[name], gradient, **close, err_msg=name)

    def test_gradients_against_differences(self, kind):
        model = self.draw("numpy", kind)
        report = compare_gradients(loss_of(model), dict(model.params), in_numpy(model, LENGTHS)[1])
        assert report.passed, str(report)

    def test_what_stands_beyond_a_length_changes_nothing(self, kind, wing):
        model = self.draw(wing, kind)
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
        assert (changed[padded] > 1e-6).any() if "max" in kind else (changed[padded] > 1e-6).all()

    def test_attention_is_a_share_of_the_valid_steps(self, wing):
        model = self.make(wing, "GRU-True-attention")
        weights = model.attention_weights(*tensors(wing, X), LENGTHS)
        weights = np.asarray(weights.detach() if wing == "torch" else weights)
        assert weights.shape == X.shape
        np.testing.assert_allclose(weights.sum(axis=1), 1)
        assert (weights[np.arange(7) >= LENGTHS[:, None]] == 0).all()
        with pytest.raises(ValueError, match="pooling must be one of attention, got 'last'"):
            self.make(wing, "GRU-True-last").attention_weights(X, LENGTHS)

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
    def test_inputs_are_refused_in_the_same_words(self, wing, x, error, message):
        with pytest.raises(error, match=message):
            self.make(wing, "GRU-True-last").probabilities(x)

    def test_dropout_keeps_the_mean(self):
        model = self.make("numpy", "GRU-True-last", dropout=0.3)
        mask = model._dropout_mask(np.ones((200, 500)), np.random.default_rng(0))
        assert mask.mean() == pytest.approx(1, abs=0.01) and (mask == 0).mean() == pytest.approx(
            0.3, abs=0.01
        )

    def test_dropout_reaches_the_gradients(self):
        model = self.make("numpy", "GRU-True-max", dropout=0.5)
        _, gradients = in_numpy(model, LENGTHS, seed=3)
        report = compare_gradients(loss_of(model, seed=3), dict(model.params), gradients)
        assert report.passed, str(report)

    def test_the_whole_dict_or_nothing(self):
        model = self.make("torch", "GRU-True-last")
        before = model.params
        with pytest.raises(ValueError, match=r"params\['W'\] must have shape"):
            model.load_params(before | {"readout.W": np.zeros((1, 1))})
        assert all(np.array_equal(model.params[name], before[name]) for name in before)


def in_numpy(model, lengths, seed=None):
    """The loss and its gradients, by the backward pass. seed: of dropout, which is off if None."""
    rng = None if seed is None else np.random.default_rng(seed)
    logits, tape = model.forward(X, lengths, rng=rng)
    loss, d_logits = rnnbook.numpy.softmax_cross_entropy(logits, Y)
    return loss, model.backward(tape, d_logits)


def loss_of(model, seed=None):
    def loss(params):
        model.load_params(params)
        return in_numpy(model, LENGTHS, seed)[0]

    return loss


def torch_cross_entropy(model, x, lengths, y):
    import torch

    return torch.nn.functional.cross_entropy(model(x, lengths), y)


def tensorflow_cross_entropy(model, x, lengths, y):
    import tensorflow as tf

    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, model(x, lengths)))


cross_entropy = {"torch": torch_cross_entropy, "tensorflow": tensorflow_cross_entropy}
