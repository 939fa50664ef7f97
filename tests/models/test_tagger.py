"""One tagger in two wings: the same weights give the same outputs, loss and gradients."""

import itertools

import numpy as np
import pytest

from rnnbook import specs
from tests.models.twins import Twins, loss_and_gradients

OPTIONS = [
    {"cell": cell, "bidirectional": two} for cell, two in itertools.product(specs.CELLS, (False, True))
]
LENGTHS = np.array([7, 3, 1, 5])
X = np.random.default_rng(0).normal(size=(4, 7, 5))
Y = np.random.default_rng(1).integers(0, 3, (4, 7))
VALID = np.arange(7) < LENGTHS[:, None]


class TestTagger(Twins):
    KINDS = {
        "-".join(map(str, one.values())): (
            "SequenceTagger",
            {"input_size": 5, "num_classes": 3, "hidden_size": 4} | one,
        )
        for one in OPTIONS
    }
    SCALE = 0.8
    test_they_learn = None
    ANSWERS = {"probabilities": ("GRU-False", {"dropout": 0.5}, lambda model: model.probabilities(X))}
    REFUSED = [
        ("GRU-False", options, error, message)
        for options, error, message in [
            ({"num_classes": 0}, ValueError, "num_classes must be a positive integer, got 0"),
            ({"cell": "gru"}, ValueError, "cell must be one of .*, got 'gru'"),
            ({"bidirectional": 1}, TypeError, "bidirectional must be True or False, got 1"),
            ({"dropout": -0.1}, ValueError, "dropout must"),
        ]
    ]

    def inputs(self, kind, dtype="float64"):
        return (X.astype(dtype),), {"lengths": LENGTHS}

    def batch(self, kind, dtype="float64"):
        return X.astype(dtype), LENGTHS, Y, VALID

    def loss(self, wing, kind):
        return {"torch": torch_loss, "tensorflow": tensorflow_loss}[wing]

    def test_outputs_are_logits_of_each_step(self, kind, wing):
        assert self.outputs(self.make(wing, kind), kind).shape == (4, 7, 3)

    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    def test_wings_agree_without_lengths(self, kind, dtype):
        tolerance, x = self.tolerances(dtype)[0], X.astype(dtype)
        close = {"rtol": tolerance, "atol": tolerance}
        one, other = (self.draw(wing, kind, dtype) for wing in self.WINGS)
        outputs = [self.outputs(model, kind, dtype, lengths=None) for model in (one, other)]
        np.testing.assert_allclose(*outputs, **close)
        (loss, gradients), (other_loss, other_gradients) = (
            loss_and_gradients(model, self.loss(wing, kind), (x, None, Y, np.ones_like(VALID)))
            for model, wing in zip((one, other), self.WINGS, strict=True)
        )
        assert other_loss == pytest.approx(loss, rel=tolerance)
        for name, gradient in gradients.items():
            np.testing.assert_allclose(other_gradients[name], gradient, **close, err_msg=name)

    def test_only_a_causal_tagger_never_looks_ahead(self, kind, wing):
        model = self.draw(wing, kind)
        before = model.probabilities(X)
        np.testing.assert_allclose(before.sum(axis=2), 1)
        future = X.copy()
        future[:, 4:] += 1
        changed = np.abs(model.probabilities(future) - before).max(axis=(0, 2)) > 1e-9
        assert changed[4:].all()
        assert changed[:4].all() if "True" in kind else not changed[:4].any()

    def test_what_stands_beyond_a_length_changes_nothing(self, kind, wing):
        model = self.make(wing, kind)
        other = np.where(VALID[:, :, None], X, 9.0)
        one, two = model.probabilities(X, LENGTHS), model.probabilities(other, LENGTHS)
        np.testing.assert_allclose(one[VALID], two[VALID], atol=1e-12)

    def test_inputs_are_refused(self, wing):
        with pytest.raises(ValueError, match=r"x must have shape \(batch, time, 5\), got \(4, 5\)"):
            self.make(wing, "GRU-False").probabilities(X[:, 0])


def torch_loss(model, x, lengths, y, valid):
    import torch

    return torch.nn.functional.cross_entropy(model(x, lengths)[valid], y[valid])


def tensorflow_loss(model, x, lengths, y, valid):
    import tensorflow as tf

    logits = tf.boolean_mask(model(x, lengths), valid)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(tf.boolean_mask(y, valid), logits))
