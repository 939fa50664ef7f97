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
from rnnbook.tasks import metrics

STRIDE = 4
UNIT = 16.0  # pixels: so that widths and heights are numbers near 1
SPREAD = 0.8  # of a bump, in cells
SHAPE = 4  # numbers that tell a box's place and size


@dataclass(frozen=True)
class Boxes:
    """Boxes in pictures: as many places in each picture, of which some stay empty.

    corners: left, top, right, bottom in pixels ``(*pictures, M, 4)``. classes: ``(*pictures, M)``.
    scores: how sure somebody is of the box, ``(*pictures, M)``; 1 for a true box, 0 for an empty place.
    """

    corners: Float[np.ndarray, "*pictures boxes 4"]
    classes: Int[np.ndarray, "*pictures boxes"]
    scores: Float[np.ndarray, "*pictures boxes"]

    def of(self, pictures) -> "Boxes":
        """The boxes of some pictures: ``pictures`` is an index or a mask, as for an array."""
        return Boxes(self.corners[pictures], self.classes[pictures], self.scores[pictures])


def collect(pictures: list[list[tuple[float, float, float, float, int]]]) -> Boxes:
    """Put lists of ``(left, top, right, bottom, class)``, one list a picture, into arrays."""
    most = max([1, *map(len, pictures)])
    corners = np.zeros((len(pictures), most, 4), np.float32)
    classes = np.zeros((len(pictures), most), np.int64)
    scores = np.zeros((len(pictures), most), np.float32)
    for number, boxes in enumerate(pictures):
        for place, (*box, kind) in enumerate(boxes):
            corners[number, place], classes[number, place], scores[number, place] = box, kind, 1
    return Boxes(corners, classes, scores)


def targets(boxes: Boxes, classes: int, rows: int, columns: int) -> Float[np.ndarray, "*pictures maps r c"]:
    """The maps that a detector should give for these boxes: ``(*pictures, classes + 4, rows/4, columns/4)``.

    rows, columns: of the pictures, in pixels. A box whose centre lies outside counts in the nearest cell.
    Raises ValueError where these are not multiples of 4.
    """
    grid = cells(rows, columns)
    pictures = boxes.scores.shape[:-1]
    corners = boxes.corners.reshape(-1, *boxes.corners.shape[-2:])
    kinds, there = (field.reshape(len(corners), -1) for field in (boxes.classes, boxes.scores > 0))
    maps = np.zeros((len(corners), classes + SHAPE, *grid), np.float32)
    down, across = np.mgrid[: grid[0], : grid[1]]
    for place in range(there.shape[1]):
        few = np.flatnonzero(there[:, place])
        left, top, right, bottom = corners[few, place].T
        x, y = (left + right) / (2 * STRIDE), (top + bottom) / (2 * STRIDE)
        column, row = (np.clip(np.floor(c), 0, most - 1) for c, most in ((x, grid[1]), (y, grid[0])))
        apart = (across - column[:, None, None]) ** 2 + (down - row[:, None, None]) ** 2
        bump = np.exp(-apart / (2 * SPREAD**2))
        kind, at = kinds[few, place], (row.astype(int), column.astype(int))
        maps[few, kind] = np.maximum(maps[few, kind], bump)
        shape = (x - column - 0.5, y - row - 0.5, (right - left) / UNIT, (bottom - top) / UNIT)
        for number, value in enumerate(shape):
            maps[few, classes + number, at[0], at[1]] = value
    return maps.reshape(*pictures, *maps.shape[1:])


def cells(rows: int, columns: int) -> tuple[int, int]:
    """The grid of a picture; ValueError unless both sides are multiples of 4."""
    for name, size in (("rows", rows), ("columns", columns)):
        if size < STRIDE or size % STRIDE:
            raise ValueError(f"{name} must be a multiple of {STRIDE}, got {size}")
    return rows // STRIDE, columns // STRIDE


def boxes_in(maps: Float[np.ndarray, "*pictures maps r c"], *, most: int = 6) -> Boxes:
    """Read a detector's maps: the ``most`` highest peaks of each picture, surest first, as boxes.

    A peak is a cell whose heat is the highest among its eight neighbours of the same class. Its score is
    σ(heat): the maps hold the heat before σ. Places without a peak have a score of 0.
    """
    validation.check_size("most", most)
    maps = np.asarray(maps)
    pictures, (rows, columns) = maps.shape[:-3], maps.shape[-2:]
    flat = maps.reshape(-1, *maps.shape[-3:]).astype(np.float64)
    heat, shape = flat[:, :-SHAPE], flat[:, -SHAPE:].reshape(len(flat), SHAPE, -1)
    around = np.pad(heat, ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=-np.inf)
    shifted = [around[:, :, i : i + rows, j : j + columns] for i in range(3) for j in range(3)]
    highest = np.max(shifted, axis=0)
    scores = np.where(heat == highest, 1 / (1 + np.exp(-heat)), 0).reshape(len(flat), -1)
    chosen = np.argsort(-scores, axis=1, kind="stable")[:, :most]
    kind, cell = np.divmod(chosen, rows * columns)
    row, column = np.divmod(cell, columns)
    across, down, width, height = np.moveaxis(np.take_along_axis(shape, cell[:, None], axis=2), 1, 0)
    x, y = STRIDE * (column + 0.5 + across), STRIDE * (row + 0.5 + down)
    half_width, half_height = (UNIT / 2 * np.maximum(side, 0.1) for side in (width, height))
    corners = np.stack([x - half_width, y - half_height, x + half_width, y + half_height], axis=-1)
    edge = np.array([columns, rows, columns, rows]) * STRIDE
    fields = (corners.clip(0, edge), kind, np.take_along_axis(scores, chosen, axis=1))
    return Boxes(*(field.reshape(*pictures, *field.shape[1:]) for field in fields))


def hold(found: Boxes, dark: Bool[np.ndarray, "clips time"], *, at_least: float = 0.0) -> Boxes:
    """A memory that nobody trained: in a dark picture, say again what was found in the last lit one.

    It is told which pictures are dark. Only boxes with a score of ``at_least`` are said again. Nothing is
    found in pictures that are dark before the first lit one.
    """
    corners, classes, scores = found.corners.copy(), found.classes.copy(), found.scores.copy()
    for t in range(dark.shape[1]):
        now = dark[:, t]
        if t == 0:
            scores[now, 0] = 0
            continue
        corners[now, t], classes[now, t] = corners[now, t - 1], classes[now, t - 1]
        before = scores[now, t - 1]
        scores[now, t] = np.where(before >= at_least, before, 0)
    return Boxes(corners, classes, scores)


@dataclass(frozen=True)
class Judged:
    """Found boxes, compared with the true ones.

    For each class its found boxes' ``scores`` and ``hits`` ``(pictures, P)``, and how many ``true`` boxes
    each picture holds ``(pictures,)``.
    """

    scores: list[np.ndarray]
    hits: list[np.ndarray]
    true: list[np.ndarray]

    def precision(self, weights: Float[np.ndarray, " pictures"] | None = None) -> float:
        """The mean over classes of the average precision. weights: how often each picture counts."""
        weights = np.ones(len(self.true[0])) if weights is None else weights
        each = [
            metrics.average_precision(
                scores, hits, float(weights @ true), weights=np.repeat(weights, scores.shape[1])
            )
            for scores, hits, true in zip(self.scores, self.hits, self.true, strict=True)
        ]
        return float(np.mean(each))


def judge(
    found: Boxes,
    truth: Boxes,
    counted: Bool[np.ndarray, "*pictures"],
    *,
    classes: int = 1,
    at_least: float = 0.5,
) -> Judged:
    """Compare boxes with the true ones in the pictures that are ``counted``. at_least: the IoU of a hit."""
    found, truth = found.of(counted), truth.of(counted)
    scores, hits, true = [], [], []
    for kind in range(classes):
        of_kind = np.where(found.classes == kind, found.scores, 0)
        there = (truth.scores > 0) & (truth.classes == kind)
        scores.append(of_kind)
        hits.append(metrics.matched(found.corners, of_kind, truth.corners, there, at_least=at_least))
        true.append(there.sum(axis=1))
    return Judged(scores, hits, true)


def resampled(
    judged: dict[str, Judged], sources: Int[np.ndarray, " pictures"], *, draws: int = 500, seed: int = 0
) -> dict[str, Float[np.ndarray, " draws"]]:
    """The precision of several models, many times, each time on sources drawn with replacement.

    sources: where each counted picture comes from. Pictures of one source are drawn together, because they
    resemble one another; all models see the same draws, so that differences can be taken.
    """
    rng = np.random.default_rng(seed)
    every, place = np.unique(sources, return_inverse=True)
    result = {name: [] for name in judged}
    for _ in range(draws):
        weights = rng.multinomial(len(every), np.full(len(every), 1 / len(every)))[place].astype(float)
        for name, one in judged.items():
            result[name].append(one.precision(weights))
    return {name: np.array(values) for name, values in result.items()}
