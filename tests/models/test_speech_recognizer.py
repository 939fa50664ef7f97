"""Twins with the same weights give the same; padding changes nothing; windows are a convolution."""

import numpy as np
import pytest
import torch

from rnnbook.tasks.decoding import ctc_greedy_search
from tests.models.twins import Twins, framework

RNG = np.random.default_rng(0)
SIZES = {"input_size": 4, "num_classes": 5, "hidden_size": 6}
LENGTHS = np.array([9, 4, 7])
X = RNG.standard_normal((3, 9, 4))
Y = np.array([[1, 2], [4, 0], [3, 3]])
TARGET_LENGTHS = np.array([2, 1, 2])


class TestRecognizer(Twins):
    KINDS = {
        "stride 2": ("CTCRecognizer", SIZES | {"kernel_size": 5, "stride": 2}),
        "stride 1": ("CTCRecognizer", SIZES | {"kernel_size": 3, "stride": 1}),
        "window": ("WindowCTCRecognizer", SIZES | {"kernel_size": 5, "stride": 3}),
        "window 2": ("WindowCTCRecognizer", SIZES | {"kernel_size": 5, "stride": 2}),
    }
    SCALE = 0.4
    test_they_learn = None  # see test_a_recognizer_learns
    ANSWERS = {
        f"log_probabilities of {kind}": (
            kind,
            {"dropout": 0.5},
            lambda model: model.log_probabilities(X, LENGTHS),
        )
        for kind in ("stride 2", "window")
    }
    REFUSED = [
        (kind, options, ValueError, message)
        for kind in ("stride 2", "window")
        for options, message in [
            ({"kernel_size": 4}, "kernel_size must be odd, so that it has a middle, got 4"),
            ({"stride": 0}, "stride must be a positive integer, got 0"),
        ]
    ]

    def inputs(self, kind, dtype="float64"):
        return (X.astype(dtype),), {"lengths": LENGTHS}

    def batch(self, kind, dtype="float64"):
        return X.astype(dtype), LENGTHS, Y, TARGET_LENGTHS

    def loss(self, wing, kind):
        ctc_loss, stride = framework(wing).ctc_loss, self.KINDS[kind][1]["stride"]
        return lambda model, x, lengths, y, target_lengths: ctc_loss(
            model(x, lengths), y, -(-lengths // stride), target_lengths
        )

    def tolerances(self, dtype):
        # TensorFlow's own loss takes float64, and is right to seven digits.
        return (1e-10, 1e-7, 1e-6) if dtype == "float64" else (1e-5, 1e-5, 1e-4)

    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    def test_wings_believe_alike(self, kind, dtype):
        one, other = (self.draw(wing, kind, dtype) for wing in self.WINGS)
        x = X.astype(dtype)
        said = one.log_probabilities(x, LENGTHS)
        assert said.shape == (3, one.output_lengths(9), 5)
        np.testing.assert_allclose(np.exp(said).sum(axis=2), 1, rtol=1e-5)
        tolerance = 1e-9 if dtype == "float64" else 1e-4
        np.testing.assert_allclose(other.log_probabilities(x, LENGTHS), said, atol=tolerance)

    def test_padding_changes_nothing(self, wing, kind):
        model = self.make(wing, kind)
        soiled = X.copy()
        for row, length in enumerate(LENGTHS):
            soiled[row, length:] = np.nan
        together = model.log_probabilities(soiled, LENGTHS)
        for row, length in enumerate(LENGTHS):
            alone = model.log_probabilities(X[row : row + 1, :length], np.array([length]))[0]
            assert len(alone) == model.output_lengths(length) == -(-length // model.stride)
            np.testing.assert_allclose(together[row, : len(alone)], alone, atol=1e-12)

    def test_windows_are_a_strided_convolution(self):
        """The weights, put into PyTorch's own convolution over time, give the same features."""
        model = self.make("torch", "window 2")
        x = torch.tensor(X)
        kernel = model.convolution.W.unflatten(1, (5, 4)).transpose(1, 2)
        bias = model.convolution.b
        expected = torch.nn.functional.conv1d(x.transpose(1, 2), kernel, bias, stride=2, padding=2)
        features = model.convolution(model._windows(x))
        torch.testing.assert_close(features, torch.relu(expected).transpose(1, 2))

    @pytest.mark.parametrize(("kind", "heard"), [("window 2", [4, 5, 6]), ("stride 2", list(range(10)))])
    def test_who_hears_what(self, wing, kind, heard):
        """Without recurrence a step hears its window; with it, everything before and after."""
        model = self.make(wing, kind)
        x = RNG.standard_normal((1, 20, 4))
        other = x.copy()
        other[0, 10] += 1
        moved = np.abs(model.log_probabilities(x, [20]) - model.log_probabilities(other, [20])).max(axis=2)
        assert np.flatnonzero(moved[0] > 1e-12).tolist() == heard

    def test_bad_input_is_refused(self, wing):
        model = self.make(wing, "stride 2")
        with pytest.raises(ValueError, match=r"x must have shape \(batch, time, 4\), got \(3, 9, 5\)"):
            model.log_probabilities(np.zeros((3, 9, 5)), LENGTHS)
        with pytest.raises(ValueError, match=r"lengths must lie in 1\.\.9, got 10 at index 0"):
            model.log_probabilities(np.zeros((3, 9, 4)), [10, 4, 7])
        with pytest.raises(TypeError, match="x must be float64, got float32"):
            model.log_probabilities(np.zeros((3, 9, 4), np.float32), LENGTHS)

    def test_a_recognizer_learns(self, wing):
        """Bumps of two kinds in noise, in a few steps of either wing's own ``fit``."""
        module = framework(wing)
        rng = np.random.default_rng(0)
        y = rng.integers(1, 3, (64, 3))
        x = 0.3 * rng.standard_normal((64, 24, 2)).astype(np.float32)
        for row, places in enumerate(y):
            for number, symbol in enumerate(places):
                start = 8 * number + int(rng.integers(4))
                x[row, start : start + 4, symbol - 1] += 2
        lengths, target_lengths = np.full(64, 24), np.full(64, 3)
        model = module.CTCRecognizer(
            2, 3, hidden_size=12, kernel_size=5, stride=2, rng=np.random.default_rng(0)
        )

        def score(model):
            log_p = model.log_probabilities(x, lengths)
            readings = ctc_greedy_search(log_p, model.output_lengths(lengths))
            return float(np.mean([one == list(other) for one, other in zip(readings, y, strict=True)]))

        everything = (x, lengths, y, target_lengths)
        history = module.fit(
            model,
            lambda rng: [
                tuple(array[rows] for array in everything) for rows in np.array_split(rng.permutation(64), 4)
            ],
            self.loss(wing, "stride 2"),
            score,
            epochs=20,
            learning_rate=2e-2,
            progress=False,
        )
        assert history.losses[-1] < 0.3 * history.losses[0] and history.best_score > 0.9
