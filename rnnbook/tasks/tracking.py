"""A memory that nobody trained: each found box becomes a track, which moves on where the camera is dark.

A track's centre has a place and a velocity, and a *Kalman filter* (Kalman, 1960, 'A new approach to linear
filtering and prediction problems') weighs what it expected against what was found:

    s_t = F s_{t-1} + noise       found_t = H s_t + noise       s = (x, y, velocity of x, velocity of y)

Boxes are given to tracks by the Hungarian method. Both as in Bewley, Ge, Ott, Ramos and Upcroft, 2016,
'Simple online and realtime tracking', but that a box keeps its size.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy.optimize import linear_sum_assignment

from rnnbook.tasks import metrics
from rnnbook.tasks.boxes import Boxes

MEASUREMENT_DEVIATION = 1.5  # pixels, of a found centre
FIRST_VELOCITY_DEVIATION = 2.0  # pixels per frame, of a track that was found once
MIN_IOU = 0.1  # a box that overlaps a track by less is another one

MOVE = np.eye(4) + np.eye(4, k=2)
SEE = np.eye(2, 4)


@dataclass
class Track:
    """mean ``(4,)`` and covariance ``(4, 4)`` of the state; the size, class and score of the last box."""

    mean: Float[np.ndarray, " 4"]
    covariance: Float[np.ndarray, "4 4"]
    size: Float[np.ndarray, " 2"]
    label: int
    score: float

    @classmethod
    def start(cls, corners, label, score, first_velocity: float = FIRST_VELOCITY_DEVIATION) -> "Track":
        deviations = [MEASUREMENT_DEVIATION] * 2 + [first_velocity] * 2
        mean = np.concatenate([(corners[:2] + corners[2:]) / 2, np.zeros(2)])
        return cls(mean, np.diag(np.square(deviations)), corners[2:] - corners[:2], label, score)

    @property
    def corners(self) -> Float[np.ndarray, " 4"]:
        return np.concatenate([self.mean[:2] - self.size / 2, self.mean[:2] + self.size / 2])

    def predict(self, acceleration: float) -> None:
        """One frame goes by. acceleration: its deviation, in pixels per frame and frame."""
        step = np.concatenate([np.eye(2) / 2, np.eye(2)])
        self.mean = MOVE @ self.mean
        self.covariance = MOVE @ self.covariance @ MOVE.T + acceleration**2 * step @ step.T

    def update(self, corners, label, score) -> None:
        """The box was found: place and velocity move towards it, as far as each is trusted."""
        innovation = (corners[:2] + corners[2:]) / 2 - SEE @ self.mean
        spread = SEE @ self.covariance @ SEE.T + MEASUREMENT_DEVIATION**2 * np.eye(2)
        gain = self.covariance @ SEE.T @ np.linalg.inv(spread)
        self.mean = self.mean + gain @ innovation
        self.covariance = (np.eye(4) - gain @ SEE) @ self.covariance
        self.size, self.label, self.score = corners[2:] - corners[:2], label, score


def predict_through_dark(
    detections: Boxes,
    dark: Bool[np.ndarray, "clips time"],
    *,
    min_score: float = 0.0,
    decay: float = 1.0,
    acceleration: float = 0.3,
    first_velocity: float = FIRST_VELOCITY_DEVIATION,
) -> Boxes:
    """In a dark picture, say where the boxes found before must be by now; lit pictures stay as they are.

    detections: of pictures ``(clips, T)``. It is told which pictures are dark. Boxes with a score of
    ``min_score`` have tracks, which end when a lit picture lacks them. decay: what a score is multiplied by
    in each dark picture. acceleration: the deviation of what a fish may do, in pixels per frame and frame.
    first_velocity: the deviation of what a fish found once may swim, in pixels per frame.
    """
    corners, classes, scores = (f.copy() for f in (detections.corners, detections.classes, detections.scores))
    scores[dark] = 0
    for clip in range(len(dark)):
        tracks: list[Track] = []
        for t in range(dark.shape[1]):
            for track in tracks:
                track.predict(acceleration)
            if not dark[clip, t]:
                tracks = _match(tracks, detections.select((clip, t)), min_score, first_velocity)
                continue
            for place, track in enumerate(tracks):
                track.score *= decay
                corners[clip, t, place], classes[clip, t, place] = track.corners, track.label
                scores[clip, t, place] = track.score
    return Boxes(corners, classes, scores)


def _match(tracks: list[Track], found: Boxes, min_score: float, first_velocity: float) -> list[Track]:
    """The tracks of a lit picture: those that go on, and those that begin."""
    rows = np.flatnonzero((found.scores > 0) & (found.scores >= min_score))
    boxes = [(found.corners[row], int(found.classes[row]), float(found.scores[row])) for row in rows]
    if not tracks or not boxes:
        return [Track.start(*box, first_velocity) for box in boxes]
    iou = metrics.box_iou(np.array([track.corners for track in tracks]), found.corners[rows])
    iou[np.array([[track.label != label for _, label, _ in boxes] for track in tracks])] = 0
    going_on = {}
    for track, box in zip(*linear_sum_assignment(-iou), strict=True):
        if iou[track, box] >= MIN_IOU:
            tracks[track].update(*boxes[box])
            going_on[box] = tracks[track]
    return [going_on.get(place) or Track.start(*box, first_velocity) for place, box in enumerate(boxes)]
