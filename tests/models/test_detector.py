"""Boxes to maps and back; the two wings' detectors alike; a memory that nobody trained."""

import numpy as np
import pytest
import torch

import rnnbook
from rnnbook.tasks.boxes import Boxes, boxes_in, collect, hold, judge, resampled, targets

RNG = np.random.default_rng(0)
OPTIONS = [{"recurrent": True}, {"recurrent": False}, {"recurrent": False, "frames": 3}, {"frames": 2}]


def apart(pictures: int, classes: int, most: int = 3) -> Boxes:
    """Boxes in pictures of 48 x 32 pixels, no two of which have their centres near each other."""
    lists = []
    for _ in range(pictures):
        places = RNG.permutation(6)[: RNG.integers(most + 1)]
        lists.append([])
        for place in places:  # one place in each field of 16 x 16, away from its edges
            row, column = divmod(int(place), 2)
            x, y = RNG.uniform(5, 11, 2) + 16 * np.array([column, row])
            half = RNG.uniform(2, 5, 2)
            lists[-1].append((x - half[0], y - half[1], x + half[0], y + half[1], int(RNG.integers(classes))))
    return collect(lists)


def sorted_boxes(boxes: Boxes, picture: int):
    rows = zip(boxes.classes[picture], boxes.corners[picture], boxes.scores[picture], strict=True)
    return sorted((int(kind), *corners) for kind, corners, score in rows if score > 0.5)


def test_boxes_come_back_from_their_maps():
    boxes = apart(40, classes=3)
    maps = targets(boxes, 3, 48, 32)
    assert maps.shape == (40, 7, 12, 8) and maps.dtype == np.float32
    maps[:, :3] = 20 * maps[:, :3] - 10  # heat before σ: a centre is sure, its neighbours are not
    back = boxes_in(maps)
    for picture in range(40):
        ours, theirs = sorted_boxes(boxes, picture), sorted_boxes(back, picture)
        assert len(ours) == len(theirs)
        np.testing.assert_allclose(theirs, ours, atol=1e-4)


def test_maps_by_hand():
    maps = targets(collect([[(4, 8, 12, 24, 1)]]), 2, 32, 16)[0]
    row, column = 4, 2  # the centre (8, 16), in cells of four pixels
    assert maps[1].argmax() == row * 4 + column and maps[1, row, column] == 1 and not maps[0].any()
    assert maps[1, row, column + 1] == pytest.approx(np.exp(-1 / (2 * 0.8**2)))
    assert maps[2:, row, column].tolist() == [-0.5, -0.5, 0.5, 1.0]
    assert np.count_nonzero(maps[2:]) == 4


def test_a_centre_at_the_edge_belongs_to_the_nearest_cell():
    maps = targets(collect([[(14, 30, 18, 34, 0)]]), 1, 32, 16)[0]
    assert maps[0, 7, 3] == 1


def test_sides_must_fit_the_grid():
    with pytest.raises(ValueError, match="rows must be a multiple of 4, got 30"):
        targets(collect([[]]), 1, 30, 16)


def test_hold_repeats_the_last_lit_picture():
    corners = RNG.random((2, 5, 3, 4))
    scores = np.tile(np.array([0.9, 0.5, 0.1]), (2, 5, 1))
    found = Boxes(corners, np.zeros((2, 5, 3), int), scores)
    dark = np.array([[False, True, True, False, True], [True, True, False, False, False]])
    held = hold(found, dark, at_least=0.3)
    for t, before in ((1, 0), (2, 0), (4, 3)):
        assert np.array_equal(held.corners[0, t], corners[0, before])
        assert held.scores[0, t].tolist() == [0.9, 0.5, 0]
    assert not held.scores[1, :2].any()
    assert np.array_equal(held.corners[~dark], corners[~dark])
    assert np.array_equal(held.scores[~dark], scores[~dark])
    assert np.array_equal(found.corners, corners)  # and what was found is as it was


def test_judging_perfect_missed_and_wrong_class():
    truth = apart(30, classes=2)
    everywhere = np.ones(30, bool)
    assert judge(truth, truth, everywhere, classes=2).precision() == 1
    other = Boxes(truth.corners, 1 - truth.classes, truth.scores)
    assert judge(other, truth, everywhere, classes=2).precision() == 0
    nothing = Boxes(truth.corners, truth.classes, 0 * truth.scores)
    assert judge(nothing, truth, everywhere, classes=2).precision() == 0
    # Only the pictures that are counted count.
    half = np.arange(30) < 15
    found = Boxes(truth.corners, truth.classes, truth.scores * half[:, None])
    assert judge(found, truth, half, classes=2).precision() == 1
    assert judge(found, truth, everywhere, classes=2).precision() < 0.9


def test_resampling_keeps_sources_together():
    truth = apart(60, classes=1)
    found = Boxes(truth.corners + RNG.normal(0, 1.5, truth.corners.shape), truth.classes, truth.scores)
    judged = judge(found, truth, np.ones(60, bool))
    draws = resampled({"one": judged, "again": judged}, np.arange(60) // 10, draws=200)
    assert np.array_equal(draws["one"], draws["again"])
    assert draws["one"].min() < judged.precision() < draws["one"].max()
    one_source = resampled({"one": judged}, np.zeros(60, int), draws=3)["one"]
    assert one_source == pytest.approx(np.full(3, judged.precision()))


def made(wing: str, options: dict, dtype: str = "float64"):
    return getattr(rnnbook, wing).Detector(
        2, hidden_size=3, **options, dtype=dtype, rng=np.random.default_rng(0)
    )


def drawn_params(model) -> dict:
    rng = np.random.default_rng(1)
    params = model.params()
    return {name: rng.normal(0, 0.4, array.shape).astype(array.dtype) for name, array in params.items()}


def in_torch(model, x, y):
    maps = model(torch.tensor(x))
    loss = rnnbook.torch.detection_loss(maps, torch.tensor(y))
    loss.backward()
    gradients = [weight.grad.numpy() for weight in model.parameters()]
    return maps.detach().numpy(), loss.item(), dict(zip(model.params(), gradients, strict=True))


def in_tensorflow(model, x, y):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        maps = model(x)
        loss = rnnbook.tensorflow.detection_loss(maps, tf.constant(y))
    gradients = tape.gradient(loss, [weight.value for weight in model.trainable_variables])
    gradients = [tf.convert_to_tensor(gradient).numpy() for gradient in gradients]
    return maps.numpy(), float(loss), dict(zip(model.params(), gradients, strict=True))


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-5)])
def test_wings_agree(options, dtype, tolerance):
    one, other = (made(wing, options, dtype) for wing in ("torch", "tensorflow"))
    assert list(one.params()) == list(other.params())
    assert all(np.array_equal(array, other.params()[name]) for name, array in one.params().items())
    one.load_params(drawn_params(one))
    other.load_params(one.params())
    x = RNG.standard_normal((2, 4, 1, 16, 12)).astype(dtype)
    boxes = Boxes(*(np.zeros((2, 4, 1, *shape)) for shape in ((4,), (), ())))
    boxes.corners[:] = RNG.uniform(0, 12, (2, 4, 1, 4))
    boxes.scores[:] = 1
    y = targets(Boxes(boxes.corners, boxes.classes.astype(int), boxes.scores), 2, 16, 12).astype(dtype)
    maps, loss, gradients = in_torch(one, x, y)
    assert maps.shape == (2, 4, 6, 4, 3)
    other_maps, other_loss, other_gradients = in_tensorflow(other, x, y)
    np.testing.assert_allclose(other_maps, maps, rtol=tolerance, atol=tolerance)
    assert other_loss == pytest.approx(loss, rel=tolerance)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(
            other_gradients[name], gradient, rtol=10 * tolerance, atol=10 * tolerance, err_msg=name
        )
    for model in (one, other):  # what a notebook calls: in parts, without gradients
        np.testing.assert_allclose(model.maps(x, batch_size=1), maps, rtol=tolerance, atol=tolerance)


def test_loss_by_hand():
    maps, y = np.zeros((1, 1, 5, 1, 2)), np.zeros((1, 1, 5, 1, 2))
    y[0, 0, :, 0, 0] = (1, 0.5, 0, 1, 2)  # one box, its centre in the left cell
    y[0, 0, 0, 0, 1] = 0.5
    # p = 1/2 everywhere. Centre: (1/2)² log 2. Beside it: (1/2)⁴ (1/2)² log 2. The box: 2 (0.5 + 0 + 1 + 2).
    by_hand = (1 / 4 + 1 / 64) * np.log(2) + 7
    assert float(rnnbook.torch.detection_loss(torch.tensor(maps), torch.tensor(y))) == pytest.approx(by_hand)
    assert float(rnnbook.tensorflow.detection_loss(maps, y)) == pytest.approx(by_hand)


@pytest.mark.parametrize("wing", ["torch", "tensorflow"])
def test_who_sees_what(wing):
    """Without memory a frame is all; with three frames the two before count; a ConvGRU sees all before."""
    x = RNG.standard_normal((1, 6, 1, 8, 8))
    other = x.copy()
    other[:, 1] += 1
    for options, reach in (({"recurrent": False}, [1]), ({"recurrent": False, "frames": 3}, [1, 2, 3])):
        model = made(wing, options)
        moved = np.abs(model.maps(x) - model.maps(other)).max(axis=(0, 2, 3, 4)) > 1e-12
        assert np.flatnonzero(moved).tolist() == reach
    model = made(wing, {"recurrent": True})
    moved = np.abs(model.maps(x) - model.maps(other)).max(axis=(0, 2, 3, 4)) > 1e-12
    assert np.flatnonzero(moved).tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("wing", ["torch", "tensorflow"])
def test_bad_input_is_refused(wing):
    with pytest.raises(TypeError, match="recurrent must be True or False, got 1"):
        made(wing, {"recurrent": 1})
    with pytest.raises(ValueError, match="frames must be a positive integer, got 0"):
        made(wing, {"frames": 0})
    model = made(wing, {})
    for shape, words in (
        ((1, 2, 3, 8, 8), r"x must have shape \(batch, time, 1, rows, columns\), got \(1, 2, 3, 8, 8\)"),
        ((1, 2, 1, 8, 9), "columns must be a multiple of 4, got 9"),
    ):
        with pytest.raises(ValueError, match=words):
            model.maps(np.zeros(shape))


@pytest.mark.parametrize("wing", ["torch", "tensorflow"])
def test_a_detector_learns(wing):
    """A bright square in noise, in a few steps of either wing's own ``fit``."""
    module = getattr(rnnbook, wing)
    rng = np.random.default_rng(0)
    places = rng.integers(0, 9, (40, 3, 2))
    x = 0.1 * rng.standard_normal((40, 3, 1, 16, 16)).astype(np.float32)
    lists = []
    for clip, t in np.ndindex(40, 3):
        row, column = places[clip, t]
        x[clip, t, 0, row : row + 8, column : column + 8] += 1
        lists.append([(column, row, column + 8, row + 8, 0)])
    flat = collect(lists)
    truth = Boxes(*(a.reshape(40, 3, *a.shape[1:]) for a in (flat.corners, flat.classes, flat.scores)))
    y = targets(truth, 1, 16, 16)
    model = module.Detector(1, hidden_size=8, recurrent=False, rng=np.random.default_rng(0))
    score = lambda model: judge(boxes_in(model.maps(x)), truth, np.ones((40, 3), bool)).precision()
    before = score(model)
    run = module.fit(
        model,
        lambda rng: [(x[few], y[few]) for few in np.array_split(rng.permutation(40), 5)],
        lambda model, x, y: module.detection_loss(model(x), y),
        score,
        epochs=12,
        learning_rate=1e-2,
        progress=False,
    )
    assert before < 0.2 and run.best_score > 0.8
