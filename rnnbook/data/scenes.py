"""Short clips with boxes in them, seen badly: noise in every frame, and blackouts of a few frames.

    from rnnbook.data import scenes

    clips = scenes.from_fish("train", 240, rng)        # cut out of the films of rnnbook.data.fish
    clips = scenes.from_digits("train", 240, rng)      # digits 0, 1, 4 and 7, moving over a photograph
    clips.x, clips.boxes, clips.dark

The photographs come with scikit-learn: china.jpg and flower.jpg, attributed to danielbuechele, licensed under
Creative Commons Attribution 2.0. The digits are those of ``rnnbook.data.digits``.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Bool, Float, Int

from rnnbook import validation
from rnnbook.data import digits, fish
from rnnbook.tasks.boxes import Boxes, pack_boxes

SIDE = 48
STEPS = 10
DIGITS = (0, 1, 4, 7)
MIN_SIDE = 8  # pixels: of a box of 4 x 17 a shift of 2 pixels would be a miss


@dataclass(frozen=True)
class Scenes:
    """Clips, N of them, each of T frames.

    x: what a detector sees ``(N, T, 1, 48, 48)``. boxes: the true ones, in ``(N, T)`` pictures.
    dark: the frames in which the camera was off ``(N, T)``. source: clips with the same number are cut from
    the same moments, and resemble one another ``(N,)``.
    """

    x: Float[np.ndarray, "clips time 1 rows columns"]
    boxes: Boxes
    dark: Bool[np.ndarray, "clips time"]
    source: Int[np.ndarray, " clips"]


def blackouts(clips: int, steps: int, rng: np.random.Generator) -> Bool[np.ndarray, "clips time"]:
    """Which frames are dark: in four clips of five one stretch of 2 to 4 frames, never among the first 3."""
    dark = np.zeros((clips, steps), bool)
    for row in dark:
        start, length, has = rng.integers(3, max(4, steps - 2)), rng.integers(2, 5), rng.random() < 0.8
        row[start : start + length] = has
    return dark


def corrupt(
    clean: Float[np.ndarray, "clips time rows columns"],
    dark: Bool[np.ndarray, "clips time"],
    noise: float,
    rng: np.random.Generator,
) -> Float[np.ndarray, "clips time 1 rows columns"]:
    """Put out the dark frames, then add normal noise of this standard deviation to every frame."""
    x = np.empty(clean.shape, np.float32)
    for seen, clip, out in zip(x, clean, dark, strict=True):  # one by one: large arrays come slowly
        seen[:] = np.where(out[:, None, None], 0, clip) + noise * rng.standard_normal(clip.shape)
    return x[:, :, None]


@cache
def _film(name: str):
    video = fish.video(name)
    return fish.foreground(video), video.boxes


# First and last frame of each split, as in rnnbook.data.fish: of film A, of film A, and of film B.
SPANS = {
    "train": ("A", 0, fish.TRAIN_UNTIL),
    "validation": ("A", fish.VALIDATION_FROM, 501),
    "test": ("B", 0, 508),
}


def from_fish(
    split: str,
    clips: int,
    rng: np.random.Generator,
    *,
    noise: float = 0.6,
    steps: int = STEPS,
    dark: bool | Bool[np.ndarray, "clips time"] = True,
) -> Scenes:
    """Cut-outs of the films: how much darker than the tank, each near one fish of its middle frame.

    Training clips begin anywhere, and are flipped and turned by chance. Those of the other splits begin at
    every ``steps``-th frame in turn, so that two sources share no frame, and are left as they are.
    A box counts if its centre is inside; it is cut at the edge. A side shorter than 8 pixels is made 8.
    noise: its standard deviation; a fish's back is 1. dark: whether there are blackouts, or in which frames.
    Raises DataNotFoundError where the films are not in the cache.
    """
    validation.check_choice("split", split, tuple(SPANS))
    name, first, last = SPANS[split]
    film, boxes = _film(name)
    begins = np.arange(first, last - steps + 1, 1 if split == "train" else steps)
    source = rng.choice(begins, clips) if split == "train" else begins[np.arange(clips) % len(begins)]
    clean, pictures = np.empty((clips, steps, SIDE, SIDE), film.dtype), []
    for number, begin in enumerate(source):
        near = boxes[begin + steps // 2]
        centre = near[rng.integers(len(near))].reshape(2, 2).mean(axis=0) + rng.uniform(-14, 14, 2)
        left, top = (int(np.clip(centre[k] - SIDE / 2, 0, film.shape[2 - k] - SIDE)) for k in (0, 1))
        cut = film[begin : begin + steps, top : top + SIDE, left : left + SIDE]
        inside = [_inside(box, left, top) for box in boxes[begin : begin + steps]]
        if split == "train":
            cut, inside = _augmented(cut, inside, rng)
        clean[number] = cut
        pictures += [[(*box, 0) for box in frame] for frame in inside]
    return _scenes(clean, pictures, source, noise, dark, rng)


def _inside(box: Float[np.ndarray, "blobs 4"], left: int, top: int) -> Float[np.ndarray, "blobs 4"]:
    """The boxes of a frame as seen in a cut-out with this corner."""
    middle, sides = (box[:, :2] + box[:, 2:]) / 2 - (left, top), np.maximum(box[:, 2:] - box[:, :2], MIN_SIDE)
    seen = ((middle > 0) & (middle < SIDE)).all(axis=1)
    return np.concatenate([middle - sides / 2, middle + sides / 2], axis=1)[seen].clip(0, SIDE)


def _augmented(cut, inside, rng: np.random.Generator):
    """A clip and its boxes, flipped or turned: one of eight ways, drawn by chance."""
    left_right, up_down, transpose = rng.random(3) < 0.5
    if left_right:
        cut, inside = cut[:, :, ::-1], [_mirrored(box, 0) for box in inside]
    if up_down:
        cut, inside = cut[:, ::-1], [_mirrored(box, 1) for box in inside]
    if transpose:
        cut, inside = cut.transpose(0, 2, 1), [box[:, [1, 0, 3, 2]] for box in inside]
    return cut, inside


def _mirrored(box: Float[np.ndarray, "blobs 4"], axis: int) -> Float[np.ndarray, "blobs 4"]:
    box = box.copy()
    box[:, [axis, axis + 2]] = SIDE - box[:, [axis + 2, axis]]
    return box


def _scenes(clean, pictures, source, noise: float, dark, rng: np.random.Generator) -> Scenes:
    clips, steps = clean.shape[:2]
    flat = pack_boxes(pictures)
    fields = (flat.corners, flat.classes, flat.scores)
    boxes = Boxes(*(field.reshape(clips, steps, *field.shape[1:]) for field in fields))
    out = blackouts(clips, steps, rng) if dark is True else np.broadcast_to(dark, (clips, steps))
    return Scenes(corrupt(clean, out, noise, rng), boxes, out, source)


@cache
def _photograph(name: str) -> Float[np.ndarray, "rows columns"]:
    """A photograph of scikit-learn's in grey, 0 to 1, each side halved."""
    from sklearn.datasets import load_sample_image  # imported here: it takes longer than all the rest

    grey = load_sample_image(name).mean(axis=2) / 255
    rows, columns = (size // 2 for size in grey.shape)
    return grey[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2).mean(axis=(1, 3))


@cache
def _material(split: str):
    """The photograph and the digits of a split: a part of a picture, and images by class."""
    validation.check_choice("split", split, ("train", "validation", "test"))
    china = _photograph("china.jpg")
    cut = 2 * china.shape[1] // 3
    photograph = {"train": china[:, :cut], "validation": china[:, cut:], "test": _photograph("flower.jpg")}
    images, kinds = getattr(digits.load(), split)
    return photograph[split], [images[kinds == kind] for kind in DIGITS]


def from_digits(
    split: str,
    clips: int,
    rng: np.random.Generator,
    *,
    noise: float = 0.2,
    steps: int = STEPS,
    objects: int = 2,
    dark: bool | Bool[np.ndarray, "clips time"] = True,
) -> Scenes:
    """Digits that move over a photograph, straight on until they meet an edge, where they bounce.

    A training clip has two thirds of china.jpg behind it, a validation clip the last third, a test clip
    flower.jpg; the handwriting is that of the same split of ``rnnbook.data.digits``.
    noise: its standard deviation; the picture runs from 0 to 1. dark: whether there are blackouts, or in
    which frames.
    """
    photograph, images = _material(split)
    clean = np.empty((clips, steps, SIDE, SIDE))
    pictures = []
    for clip in clean:
        top, left = (rng.integers(size - SIDE + 1) for size in photograph.shape)
        clip[:] = 0.6 * photograph[top : top + SIDE, left : left + SIDE]
        moving = [_digit(images, rng) for _ in range(objects)]
        for t, frame in enumerate(clip):
            pictures.append([])
            for ink, kind, start, speed in moving:
                y, x = (int(_bounced(start[k] + t * speed[k], SIDE - ink.shape[k])) for k in (0, 1))
                patch = frame[y : y + ink.shape[0], x : x + ink.shape[1]]
                patch[:] = (1 - ink) * patch + ink
                pictures[-1].append((x, y, x + ink.shape[1], y + ink.shape[0], kind))
    return _scenes(clean, pictures, np.arange(clips), noise, dark, rng)


def _digit(images, rng: np.random.Generator):
    """One digit to draw: its ink, cut close, its class, where it starts and how far it goes in a step."""
    kind = int(rng.integers(len(DIGITS)))
    image = images[kind][rng.integers(len(images[kind]))]
    inked = [np.flatnonzero((image > 0.25).any(axis=axis)) for axis in (1, 0)]
    image = image[inked[0][0] : inked[0][-1] + 1, inked[1][0] : inked[1][-1] + 1]
    ink = np.kron(image, np.ones((2, 2)))
    start = [rng.uniform(0, SIDE - size) for size in ink.shape]
    angle, pace = rng.uniform(0, 2 * np.pi), rng.uniform(1, 3)
    return ink, kind, start, (pace * np.sin(angle), pace * np.cos(angle))


def _bounced(place: float, room: float) -> float:
    """Where something is that went on to ``place``, between walls at 0 and at ``room``."""
    place = place % (2 * room)
    return min(place, 2 * room - place)
