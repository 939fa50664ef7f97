"""The classifiers of clips in two wings: the same weights give the same outputs, loss and gradients."""

import numpy as np
import pytest

from tests.models.twins import Twins, call, framework

X = np.random.default_rng(0).normal(size=(3, 5, 16, 16))
Y = np.array([0, 2, 1])
LENGTHS = np.array([5, 2, 4])
VALID = np.arange(5) < LENGTHS[:, None]
SIZES = {"image_size": 16, "num_classes": 3, "num_features": 6}


class TestVideoClassifier(Twins):
    KINDS = {
        "memory": ("VideoClassifier", SIZES | {"hidden_size": 4}),
        "early fusion": ("EarlyFusionClassifier", SIZES | {"num_frames": 5}),
    }
    SCALE = 0.3
    test_answers_come_without_dropout = None  # it gives logits alone
    LEARNERS = ("memory", "early fusion")
    LEARNING = {"epochs": 30, "learning_rate": 0.02}
    REFUSED = [
        ("memory", {"dropout": 2}, ValueError, r"dropout must be a number in 0\.\.1, got 2"),
        ("early fusion", {"num_features": 0}, ValueError, "num_features must be a positive integer, got 0"),
        ("early fusion", {"num_frames": 0}, ValueError, "num_frames must be a positive integer, got 0"),
        ("memory", {"hidden": 1.5}, TypeError, "hidden"),
        ("memory", {"hidden_size": 0}, ValueError, "hidden_size must be a positive integer, got 0"),
        ("memory", {"image_size": 20}, ValueError, "image_size must be a multiple of 8"),
        ("early fusion", {"image_size": 20}, ValueError, "image_size must be a multiple of 8, .* got 20"),
    ]

    def inputs(self, kind, dtype="float64"):
        return (X.astype(dtype),), {}

    def batch(self, kind, dtype="float64"):
        return X.astype(dtype), Y

    def loss(self, wing, kind):
        return framework(wing).video_loss

    def test_how_often_it_answers(self, kind, wing):
        shape = (3, 5, 3) if kind == "memory" else (3, 3)
        assert self.outputs(self.make(wing, kind), kind).shape == shape

    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    def test_trained_in_one_wing_and_read_in_the_other(self, dtype):
        one, other = (self.make(wing, "memory", dtype) for wing in self.WINGS)
        torch = framework("torch")
        history = torch.fit(
            one,
            lambda rng: [self.batch("memory", dtype)],
            torch.video_loss,
            lambda model: 0.0,
            **self.LEARNING,
            progress=False,
        )
        assert history.losses[-1] < 0.7 * history.losses[0]
        other.load_params(one.params)
        outputs = [self.outputs(model, "memory", dtype) for model in (other, one)]
        np.testing.assert_allclose(*outputs, rtol=1e-5, atol=1e-5)

    def test_an_answer_knows_no_later_frame(self, wing):
        model = self.make(wing, "memory")
        before = call(model, X)
        changed = X.copy()
        changed[:, 3] += 1
        after = call(model, changed)
        np.testing.assert_allclose(after[:, :3], before[:, :3], atol=1e-12)
        assert np.abs(after[:, 3:] - before[:, 3:]).max(axis=2).min() > 1e-6
        np.testing.assert_allclose(call(model, X[:, :2]), before[:, :2], atol=1e-12)

    def test_what_stands_beyond_a_length_changes_nothing_before(self, wing):
        model = self.make(wing, "memory")
        other = np.where(VALID[:, :, None, None], X, 7.0)
        one, two = (call(model, x, lengths=LENGTHS) for x in (X, other))
        np.testing.assert_allclose(one[VALID], two[VALID], atol=1e-12)
        np.testing.assert_allclose(one[VALID], call(model, X)[VALID], atol=1e-12)

    @pytest.mark.parametrize(
        ("kind", "x", "error", "message"),
        [
            ("memory", X[:, :, :8, :8], ValueError, r"\(batch, time, 16, 16\), got \(3, 5, 8, 8\)"),
            ("early fusion", X[:, :4], ValueError, r"\(batch, 5, 16, 16\), got \(3, 4, 16, 16\)"),
            ("memory", X.astype("float32"), TypeError, "x must be float64, got float32"),
        ],
        ids=["size", "frames", "dtype"],
    )
    def test_frames_are_refused(self, wing, kind, x, error, message):
        with pytest.raises(error, match=message):
            call(self.make(wing, kind), x)
