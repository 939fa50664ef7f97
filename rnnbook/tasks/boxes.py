"""Boxes as maps, and maps as boxes: what a detector of centres is taught, and how its answer is read.

A picture of R x C pixels is seen as R/4 x C/4 *cells*. A box becomes a bump in the heat map of its class,
which is 1 in the cell that holds the box's centre, and four numbers in that cell:

    across = (centre - the cell's middle) / 4      down = likewise      width / 16      height / 16

Zhou, Wang and Krähenbühl, 2019, 'Objects as points', whose bumps grow with the box; ours do not.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from rnnbook import validation
from rnnbook.specs import BOX_CHANNELS, STRIDE, feature_map_size
from rnnbook.tasks import metrics

SIZE_UNIT = 16.0  # pixels: so that widths and heights are numbers near 1
SIGMA = 0.8  # of a bump, in cells


@dataclass(frozen=True)
class Boxes:
    """Boxes in pictures: as many places in each picture, of which some stay empty.

    corners: left, top, right, bottom in pixels ``(*images, M, 4)``. classes: ``(*images, M)``.
    scores: how sure somebody is of the box, ``(*images, M)``; 1 for a true box, 0 for an empty place.
    """

    corners: Float[np.ndarray, "*images boxes 4"]
    classes: Int[np.ndarray, "*images boxes"]
    scores: Float[np.ndarray, "*images boxes"]

    def select(self, images) -> "Boxes":
        """The boxes of some pictures: ``images`` is an index or a mask, as for an array."""
        return Boxes(self.corners[images], self.classes[images], self.scores[images])


def pack_boxes(images: list[list[tuple[float, float, float, float, int]]]) -> Boxes:
    """Put lists of ``(left, top, right, bottom, class)``, one list a picture, into arrays."""
    max_boxes = max([1, *map(len, images)])
    corners = np.zeros((len(images), max_boxes, 4), np.float32)
    classes = np.zeros((len(images), max_boxes), np.int64)
    scores = np.zeros((len(images), max_boxes), np.float32)
    for image, boxes in enumerate(images):
        for place, (*box, label) in enumerate(boxes):
            corners[image, place], classes[image, place], scores[image, place] = box, label, 1
    return Boxes(corners, classes, scores)


def encode_targets(
    boxes: Boxes, num_classes: int, height: int, width: int
) -> Float[np.ndarray, "*images maps r c"]:
    """The maps that a detector should give: ``(*images, num_classes + 4, height / 4, width / 4)``.

    height, width: of the pictures, in pixels. A box whose centre lies outside counts in the nearest cell.
    Raises ValueError where these are not multiples of 4.
    """
    grid = feature_map_size(height, width)
    images = boxes.scores.shape[:-1]
    corners = boxes.corners.reshape(-1, *boxes.corners.shape[-2:])
    classes, is_box = (field.reshape(len(corners), -1) for field in (boxes.classes, boxes.scores > 0))
    maps = np.zeros((len(corners), num_classes + BOX_CHANNELS, *grid), np.float32)
    down, across = np.mgrid[: grid[0], : grid[1]]
    for place in range(is_box.shape[1]):
        indices = np.flatnonzero(is_box[:, place])
        left, top, right, bottom = corners[indices, place].T
        x, y = (left + right) / (2 * STRIDE), (top + bottom) / (2 * STRIDE)
        column, row = (np.clip(np.floor(c), 0, size - 1) for c, size in ((x, grid[1]), (y, grid[0])))
        squared = (across - column[:, None, None]) ** 2 + (down - row[:, None, None]) ** 2
        bump = np.exp(-squared / (2 * SIGMA**2))
        label, cell = classes[indices, place], (row.astype(int), column.astype(int))
        maps[indices, label] = np.maximum(maps[indices, label], bump)
        numbers = (x - column - 0.5, y - row - 0.5, (right - left) / SIZE_UNIT, (bottom - top) / SIZE_UNIT)
        for channel, value in enumerate(numbers, start=num_classes):
            maps[indices, channel, cell[0], cell[1]] = value
    return maps.reshape(*images, *maps.shape[1:])


def decode_boxes(maps: Float[np.ndarray, "*images maps r c"], *, top_k: int = 6) -> Boxes:
    """Read a detector's maps: the ``top_k`` highest peaks of each picture, surest first, as boxes.

    A peak is a cell whose heat is the highest among its eight neighbours of the same class. Its score is
    σ(heat): the maps hold the heat before σ. Places without a peak have a score of 0.

    Raises ValueError or TypeError unless ``top_k`` is a positive integer.
    """
    validation.check_size("top_k", top_k)
    maps = np.asarray(maps)
    images, (rows, columns) = maps.shape[:-3], maps.shape[-2:]
    flat = maps.reshape(-1, *maps.shape[-3:]).astype(np.float64)
    heat, numbers = flat[:, :-BOX_CHANNELS], flat[:, -BOX_CHANNELS:].reshape(len(flat), BOX_CHANNELS, -1)
    padded = np.pad(heat, ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=-np.inf)
    shifted = [padded[:, :, i : i + rows, j : j + columns] for i in range(3) for j in range(3)]
    highest = np.max(shifted, axis=0)
    scores = np.where(heat == highest, 1 / (1 + np.exp(-heat)), 0).reshape(len(flat), -1)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :top_k]
    classes, cell = np.divmod(order, rows * columns)
    row, column = np.divmod(cell, columns)
    across, down, width, height = np.moveaxis(np.take_along_axis(numbers, cell[:, None], axis=2), 1, 0)
    x, y = STRIDE * (column + 0.5 + across), STRIDE * (row + 0.5 + down)
    half_width, half_height = (SIZE_UNIT / 2 * np.maximum(side, 0.1) for side in (width, height))
    corners = np.stack([x - half_width, y - half_height, x + half_width, y + half_height], axis=-1)
    edge = np.array([columns, rows, columns, rows]) * STRIDE
    fields = (corners.clip(0, edge), classes, np.take_along_axis(scores, order, axis=1))
    return Boxes(*(field.reshape(*images, *field.shape[1:]) for field in fields))


def carry_forward(
    detections: Boxes, dark: Bool[np.ndarray, "clips time"], *, min_score: float = 0.0, decay: float = 1.0
) -> Boxes:
    """A memory that nobody trained: in a dark picture, say again what was found in the last lit one.

    detections: of pictures ``(clips, T)``. It is told which pictures are dark. Only boxes with a score of
    ``min_score`` are said again. decay: what a score is multiplied by in each dark picture. Nothing is found
    in pictures that are dark before the first lit one.
    """
    corners, classes, scores = (f.copy() for f in (detections.corners, detections.classes, detections.scores))
    scores[dark[:, 0], 0] = 0
    for t in range(1, dark.shape[1]):
        now, first = dark[:, t], dark[:, t] & ~dark[:, t - 1]
        corners[now, t], classes[now, t] = corners[now, t - 1], classes[now, t - 1]
        scores[now, t] = decay * scores[now, t - 1]
        scores[first, t] *= scores[first, t - 1] >= min_score
    return Boxes(corners, classes, scores)


@dataclass(frozen=True)
class DetectionResult:
    """Found boxes, compared with the true ones.

    For each class its found boxes' ``scores`` and whether each ``is_true_positive``, both ``(images, P)``,
    and how many true boxes each picture holds, ``num_gt (images,)``.
    """

    scores: list[np.ndarray]
    is_true_positive: list[np.ndarray]
    num_gt: list[np.ndarray]

    def mean_average_precision(self, weights: Float[np.ndarray, " images"] | None = None) -> float:
        """The mean over classes of the average precision, mAP. weights: how often each picture counts."""
        weights = np.ones(len(self.num_gt[0])) if weights is None else weights
        per_class = [
            metrics.average_precision(
                scores, hits, float(weights @ num_gt), weights=np.repeat(weights, scores.shape[1])
            )
            for scores, hits, num_gt in zip(self.scores, self.is_true_positive, self.num_gt, strict=True)
        ]
        return float(np.mean(per_class))


def evaluate_detections(
    detections: Boxes,
    ground_truth: Boxes,
    eval_mask: Bool[np.ndarray, "*images"],
    *,
    num_classes: int = 1,
    iou_threshold: float = 0.5,
) -> DetectionResult:
    """Compare boxes with the true ones in the pictures of ``eval_mask``. iou_threshold: of a hit."""
    detections, ground_truth = detections.select(eval_mask), ground_truth.select(eval_mask)
    scores, is_true_positive, num_gt = [], [], []
    for label in range(num_classes):
        scores.append(np.where(detections.classes == label, detections.scores, 0))
        gt_mask = (ground_truth.scores > 0) & (ground_truth.classes == label)
        hits = metrics.match_detections(
            detections.corners, scores[-1], ground_truth.corners, gt_mask, iou_threshold=iou_threshold
        )
        is_true_positive.append(hits)
        num_gt.append(gt_mask.sum(axis=1))
    return DetectionResult(scores, is_true_positive, num_gt)


def cluster_bootstrap(
    results: dict[str, DetectionResult],
    clusters: Int[np.ndarray, " images"],
    *,
    num_resamples: int = 500,
    seed: int = 0,
) -> dict[str, Float[np.ndarray, " resamples"]]:
    """The mean average precision of several models, many times, each on clusters drawn with replacement.

    clusters: where each counted picture comes from. Pictures of one source are drawn together, because they
    resemble one another; all models see the same draws, so that differences can be taken. Davison and
    Hinkley, 1997, 'Bootstrap methods and their application'.
    """
    rng = np.random.default_rng(seed)
    sources, place = np.unique(clusters, return_inverse=True)
    uniform = np.full(len(sources), 1 / len(sources))
    values = {name: [] for name in results}
    for _ in range(num_resamples):
        weights = rng.multinomial(len(sources), uniform)[place].astype(float)
        for name, result in results.items():
            values[name].append(result.mean_average_precision(weights))
    return {name: np.array(each) for name, each in values.items()}
