"""From letters to phonemes in two wings: the same weights give the same outputs, loss and gradients."""

import numpy as np
import pytest

from tests.models.twins import Twins, framework

SIZES = {"vocab_size": 9, "num_classes": 5, "embedding_size": 4}
X = np.random.default_rng(0).integers(1, 9, (3, 6))
LENGTHS = np.array([6, 2, 4])
Y = np.array([[1, 2, 2, 4], [3, 1, 0, 0], [4, 4, 4, 1]])
PHONEME_LENGTHS = np.array([4, 2, 4])


class TestG2P(Twins):
    KINDS = {
        "GRU": ("G2P", SIZES | {"hidden_size": 5}),
        "two GRUs": ("G2P", SIZES | {"hidden_size": 4, "num_layers": 2}),
        "window": ("WindowG2P", SIZES | {"hidden_size": 6, "context_size": 2}),
        "letter alone": ("WindowG2P", SIZES | {"hidden_size": 6, "context_size": 0}),
    }
    SCALE = 0.6
    LEARNERS = ("GRU", "window")
    LEFT = 0.5
    ANSWERS = {
        f"log_probabilities of {kind}": (kind, {"dropout": 0.5}, lambda model: model.log_probabilities(X))
        for kind in ("two GRUs", "window")
    }
    REFUSED = [
        ("GRU", {"num_layers": 0}, ValueError, "num_layers must be a positive integer, got 0"),
        ("GRU", {"dropout": 2}, ValueError, r"dropout must be a number in 0\.\.1, got 2"),
        ("window", {"context_size": -1}, ValueError, "context_size must be a positive integer, got -1"),
        ("window", {"vocab_size": 0}, ValueError, "vocab_size must be a positive integer, got 0"),
    ]

    def inputs(self, kind, dtype="float64"):
        return (X,), {"lengths": LENGTHS}

    def batch(self, kind, dtype="float64"):
        return X, LENGTHS, Y, PHONEME_LENGTHS

    def loss(self, wing, kind):
        return framework(wing).g2p_loss

    def valid(self, kind):
        return np.arange(12) < 2 * LENGTHS[:, None]

    def tolerances(self, dtype):
        # TensorFlow computes this loss in seven digits, whatever the dtype.
        return (1e-10, 1e-6, 1e-5) if dtype == "float64" else (1e-5, 1e-5, 1e-4)

    def test_wings_believe_alike(self, kind):
        one, other = (self.draw(wing, kind).log_probabilities(X, LENGTHS) for wing in self.WINGS)
        assert one.shape == (3, 12, 5)
        np.testing.assert_allclose(other[self.valid(kind)], one[self.valid(kind)], rtol=1e-10, atol=1e-10)

    def test_what_stands_beyond_a_word_changes_nothing(self, kind, wing):
        model = self.draw(wing, kind)
        valid = np.arange(6) < LENGTHS[:, None]
        one, two = (model.log_probabilities(np.where(valid, X, other), LENGTHS) for other in (0, 7))
        steps = valid.repeat(2, axis=1)
        np.testing.assert_allclose(one[steps], two[steps], atol=1e-12)
        alone = model.log_probabilities(X[2:, :4])
        np.testing.assert_allclose(one[2, :8], alone[0], atol=1e-12)

    @pytest.mark.parametrize(("kind", "reach"), [("GRU", 5), ("window", 2), ("letter alone", 0)])
    def test_how_far_a_letter_is_seen(self, wing, kind, reach):
        model = self.draw(wing, kind)
        changed = X.copy()
        changed[:, 0] = 1 + X[:, 0] % 8
        moved = np.abs(model.log_probabilities(changed) - model.log_probabilities(X)).max(axis=(0, 2)) > 1e-9
        assert moved.tolist() == [step // 2 <= reach for step in range(12)]

    def test_inputs_are_refused(self, wing):
        with pytest.raises(ValueError, match=r"x must lie in 0\.\.8, got values from .* to 9"):
            self.make(wing, "GRU").log_probabilities(X + (X == X.max()) * (9 - X.max()))
        with pytest.raises(TypeError, match="x must be integers"):
            self.make(wing, "window").log_probabilities(X.astype(float))
