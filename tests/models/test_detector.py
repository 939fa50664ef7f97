"""The two wings' detectors alike, and who of them sees what."""

import numpy as np
import pytest

from rnnbook.tasks.boxes import Boxes, decode_boxes, encode_targets, evaluate_detections, pack_boxes
from tests.models.twins import Twins, framework, tensors

RNG = np.random.default_rng(0)
SIZES = {"num_classes": 2, "hidden_size": 3}
X = RNG.standard_normal((2, 4, 1, 16, 12))
CORNERS = RNG.uniform(0, 12, (2, 4, 1, 4))
TARGETS = encode_targets(Boxes(CORNERS, np.zeros((2, 4, 1), int), np.ones((2, 4, 1))), 2, 16, 12)


class TestDetector(Twins):
    KINDS = {
        "memory": ("Detector", SIZES),
        "memory, two frames": ("Detector", SIZES | {"num_frames": 2}),
        "one frame": ("WindowDetector", SIZES),
        "three frames": ("WindowDetector", SIZES | {"num_frames": 3}),
    }
    SCALE = 0.4
    test_they_learn = None  # see test_a_detector_learns
    test_dropout_is_on_in_training_alone = None  # there is none
    ANSWERS = {f"maps of {kind}": (kind, {}, lambda model: model.maps(X)) for kind in ("memory", "one frame")}
    REFUSED = [
        (kind, {name: 0}, ValueError, f"{name} must be a positive integer, got 0")
        for kind in ("memory", "one frame")
        for name in ("num_frames", "num_classes", "hidden_size")
    ]

    def inputs(self, kind, dtype="float64"):
        return (X.astype(dtype),), {}

    def batch(self, kind, dtype="float64"):
        return X.astype(dtype), TARGETS.astype(dtype)

    def loss(self, wing, kind):
        return lambda model, x, targets: framework(wing).detection_loss(model(x), targets)

    def tolerances(self, dtype):
        return (1e-10, 1e-10, 1e-9) if dtype == "float64" else (1e-5, 1e-5, 1e-4)

    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    def test_maps_in_parts_are_the_whole(self, kind, wing, dtype):
        """What a notebook calls: in parts, without gradients."""
        model, x = self.draw(wing, kind, dtype), X.astype(dtype)
        maps = self.outputs(model, kind, dtype)
        assert maps.shape == (2, 4, 6, 4, 3)
        tolerance = self.tolerances(dtype)[0]
        np.testing.assert_allclose(model.maps(x, batch_size=1), maps, rtol=tolerance, atol=tolerance)

    def test_loss_by_hand(self, wing):
        maps, y = np.zeros((1, 1, 5, 1, 2)), np.zeros((1, 1, 5, 1, 2))
        y[0, 0, :, 0, 0] = (1, 0.5, 0, 1, 2)  # one box, its centre in the left cell
        y[0, 0, 0, 0, 1] = 0.5
        # p = 1/2 everywhere. Centre: (1/2)² log 2. Beside it: (1/2)⁴ (1/2)² log 2.
        # The box: 2 (0.5 + 0 + 1 + 2).
        by_hand = (1 / 4 + 1 / 64) * np.log(2) + 7
        assert float(framework(wing).detection_loss(*tensors(wing, maps, y))) == pytest.approx(by_hand)

    def test_loss_without_a_box_and_of_a_belief_that_is_sure(self, wing):
        loss = lambda *arrays: float(framework(wing).detection_loss(*tensors(wing, *arrays)))
        maps, y = np.zeros((1, 1, 5, 1, 2)), np.zeros((1, 1, 5, 1, 2))
        assert loss(maps, y) == pytest.approx(2 / 4 * np.log(2))  # p² log 2 in two cells, divided by 1
        y[0, 0, 0, 0, 0], maps[0, 0, 0, 0] = 1, (-1000, 1000)  # and wrong: both cells cost 1000
        assert loss(maps, y) == pytest.approx(2000)

    @pytest.mark.parametrize(
        ("kind", "seen"), [("one frame", [1]), ("three frames", [1, 2, 3]), ("memory", [1, 2, 3, 4, 5])]
    )
    def test_who_sees_what(self, wing, kind, seen):
        """Without memory one frame is seen, or three of them; a ConvGRU sees all frames before."""
        x = RNG.standard_normal((1, 6, 1, 8, 8))
        other = x.copy()
        other[:, 1] += 1
        model = self.make(wing, kind)
        moved = np.abs(model.maps(x) - model.maps(other)).max(axis=(0, 2, 3, 4)) > 1e-12
        assert np.flatnonzero(moved).tolist() == seen

    @pytest.mark.parametrize(
        ("shape", "message"),
        [
            ((1, 2, 3, 8, 8), r"x must have shape \(batch, time, 1, rows, columns\), got \(1, 2, 3, 8, 8\)"),
            ((1, 2, 1, 8, 9), "width must be a multiple of 4, got 9"),
        ],
    )
    def test_bad_input_is_refused(self, wing, shape, message):
        with pytest.raises(ValueError, match=message):
            self.make(wing, "memory").maps(np.zeros(shape))

    def test_a_detector_learns(self, wing):
        """A bright square in noise, in a few steps of either wing's own ``fit``."""
        module = framework(wing)
        rng = np.random.default_rng(0)
        places = rng.integers(0, 9, (40, 3, 2))
        x = 0.1 * rng.standard_normal((40, 3, 1, 16, 16)).astype(np.float32)
        lists = []
        for clip, t in np.ndindex(40, 3):
            row, column = places[clip, t]
            x[clip, t, 0, row : row + 8, column : column + 8] += 1
            lists.append([(column, row, column + 8, row + 8, 0)])
        flat = pack_boxes(lists)
        truth = Boxes(*(a.reshape(40, 3, *a.shape[1:]) for a in (flat.corners, flat.classes, flat.scores)))
        y = encode_targets(truth, 1, 16, 16)
        model = module.WindowDetector(1, hidden_size=8, rng=np.random.default_rng(0))
        everywhere = np.ones((40, 3), bool)
        score = lambda model: evaluate_detections(
            decode_boxes(model.maps(x)), truth, everywhere
        ).mean_average_precision()
        before = score(model)
        history = module.fit(
            model,
            lambda rng: [(x[rows], y[rows]) for rows in np.array_split(rng.permutation(40), 5)],
            self.loss(wing, "one frame"),
            score,
            epochs=12,
            learning_rate=1e-2,
            progress=False,
        )
        assert before < 0.2 and history.best_score > 0.8
