"""Two films of fish that swim in a tank, seen from above; the fish found, followed, and cut out in clips.

    from rnnbook.data import fish

    video = fish.video("A")                # the whole film: frames, background, boxes, tracks
    data = fish.load()                     # clips of one fish each, in three splits
    data.train.x                           # (clips, frames, 32, 32): how much darker than the tank

What is dark is a fish: a blob that differs from the tank's median over the whole film. Blobs of two frames
that lie nearest to each other are the same fish. Nobody looked at the result by hand: fish that touch are one
blob, and a track ends there.

The films are fetched by `python -m rnnbook data`. The first `video` of each takes some seconds, and keeps
what it found beside the film.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int, UInt8

from rnnbook import require, validation
from rnnbook.data import Card, Dataset
from rnnbook.data.cache import Archive, File, cached_arrays

ARCHIVE = Archive("idtrackerai", "6.0.14", "301627dc5a203d9a5e5aa79be3f56754ce1cffc312ae0308834d7d1b0e93d854")
FILMS = {
    name: File(ARCHIVE, f"idtrackerai/data/test_{name}.avi", sha256)
    for name, sha256 in {
        "A": "f126c0d1e74f16373a9116bd189970736fb2de7fcd4c00195a64d94d2a2b08d7",
        "B": "0a9b6e7af5b8404a67ae277df4ca6b6931221e8f6aecb7294397c3c8e326dc3f",
    }.items()
}
FILES = tuple(FILMS.values())

# To be raised when what is computed here changes: what was kept before is then computed anew.
CACHE_VERSION = 1

# All in pixels of the half-size film, in which a fish is about 35 long and 7 wide.
THRESHOLD = 20  # grey levels, out of 255, by which a fish is darker than the tank
MIN_AREA, MAX_AREA = 60, 200  # the area of one fish alone: less is dirt, more are fish that touch
MAX_STEP = 12  # how far a fish swims between two frames, at most

SIZE = 32  # the side of a clip, in pixels of a frame
CROP_CENTERS = {
    "middle": lambda centers: centers.mean(axis=0),
    "first": lambda centers: centers[0],
    "last": lambda centers: centers[-1],
    "follow": lambda centers: centers,
}
TRAIN_UNTIL, VALIDATION_FROM = 380, 395  # frames of film A; half a second between them belongs to neither


class Track(NamedTuple):
    """One fish, frame after frame without a gap.

    start: its first frame. centers: the centres of its blobs ``(L, 2)``, row and column in pixels of a frame.
    """

    start: int
    centers: Float[np.ndarray, "steps 2"]


class Video(NamedTuple):
    """A film at a quarter of its size, and what moves in it.

    frames: grey levels ``(T, 234, 290)``, 28 frames a second.
    background: the tank without fish ``(234, 290)``.
    boxes: for each frame ``(N_t, 4)``: left, top, right, bottom of every blob, in pixels of a frame. Fish
        that touch have one box together.
    tracks: of fish that swim alone.
    """

    frames: UInt8[np.ndarray, "time rows columns"]
    background: UInt8[np.ndarray, "rows columns"]
    boxes: tuple[Float[np.ndarray, "blobs 4"], ...]
    tracks: tuple[Track, ...]


class Clips(NamedTuple):
    """Films of one fish each; others may swim through.

    x: ``(N, T, rows, columns)``, float32: how much darker than the tank, about 1 on a fish's back.
    start: ``(N,)``, the frame of the film with which each clip begins.
    track: ``(N,)``, the number of the track in the film: clips of one track overlap.
    """

    x: Float[np.ndarray, "clips time rows columns"]
    start: Int[np.ndarray, " clips"]
    track: Int[np.ndarray, " clips"]


CARD = Card(
    name="fish",
    source="the wheel of the package idtrackerai 6.0.14: idtrackerai/data/test_A.avi and test_B.avi, "
    "https://idtracker.ai",
    licence="GNU General Public License, version 3 or later, as the package that carries them. So each "
    "reader fetches the films from their publisher; this course passes none on, and shows a few small "
    "cut-outs as quotations",
    citation="J. Torrents, T. Costa and G.G. de Polavieja, 2025, 'New idtracker.ai: rethinking multi-animal "
    "tracking as a representation learning problem to increase accuracy and reduce tracking times', eLife "
    "14, RP107602",
    description="Two films of 501 and 508 frames, 1160 x 938 pixels, 28 frames a second: about eight fish "
    "in one tank, from above. Cut into clips of 13 frames (0.46 s) and 32 x 32 pixels, one fish in the "
    "middle of each, a new clip every three frames",
    counts={"train": 801, "validation": 200, "test": 976},
    splits="by film and time: A up to frame 380 trains, A from frame 395 validates, all of B tests. The "
    "films show one tank, and probably the same fish: the test measures new moments, not new fish",
    sha256=ARCHIVE.sha256,
)


def video(name: str) -> Video:
    """Film ``"A"`` or ``"B"``. DataNotFoundError where the cache lacks it, ValueError for another name."""
    validation.check_choice("name", name, tuple(FILMS))
    film = FILMS[name]
    content = film.read()  # also where what was found is kept: a film that is another one must not pass
    path = film.path.with_suffix(f".found-{CACHE_VERSION}.npz")
    arrays = cached_arrays(path, lambda: _to_arrays(detect_and_track(decode(content))), source=film.sha256)
    return _from_arrays(arrays)


def decode(content: bytes) -> UInt8[np.ndarray, "time rows columns"]:
    """The grey levels of a film file, at half its size: each pixel the mean of four."""
    require("av")
    import av  # imported here: who has the fish already does not need it

    halves = []
    with av.open(io.BytesIO(content)) as film:
        for frame in film.decode(video=0):
            grey = frame.to_ndarray(format="gray")
            rows, columns = (size // 4 * 4 for size in grey.shape)  # what can be halved twice
            halves.append(_halved(grey[:rows, :columns]))
    return np.stack(halves)


def detect_and_track(film: UInt8[np.ndarray, "time rows columns"]) -> Video:
    """Find and follow what is darker than the rest of the time, in a film of half size."""
    background = np.median(film[::5], axis=0).astype(np.uint8)
    blobs = [_blobs(background.astype(np.int16) - frame > THRESHOLD) for frame in film]
    boxes = tuple(box / 2 for _, box, _ in blobs)
    alone = [centers[areas <= MAX_AREA] for centers, _, areas in blobs]
    # The middle of a half-size pixel lies a quarter of a pixel beside that of the quarter-size one.
    tracks = tuple(Track(start, (centers + 0.5) / 2 - 0.5) for start, centers in link_tracks(alone, MAX_STEP))
    frames = np.stack([_halved(frame) for frame in film])
    return Video(frames, _halved(background), boxes, tracks)


def link_tracks(
    centers: Sequence[Float[np.ndarray, "blobs 2"]], max_distance: float
) -> list[tuple[int, Float[np.ndarray, "steps 2"]]]:
    """Follow blobs from frame to frame: a list of ``(first frame, centers (L, 2))``, in order of their ends.

    In each frame the two places nearest to each other, one at the end of a track and one new, are linked
    first; then the next two, and so on, none further apart than ``max_distance``. What is left of the new
    ones begins a track, what is left of the tracks has ended.
    """
    ended, open_tracks = [], []
    for time, new in enumerate(centers):
        ends = np.array([track[-1] for _, track in open_tracks]).reshape(-1, 2)
        pairs = _nearest_first(ends, np.reshape(new, (-1, 2)), max_distance)
        for old, place in pairs:
            open_tracks[old][1].append(new[place])
        linked = {old for old, _ in pairs}
        ended += [track for old, track in enumerate(open_tracks) if old not in linked]
        begun = set(range(len(new))) - {place for _, place in pairs}
        open_tracks = [open_tracks[old] for old in sorted(linked)] + [(time, [new[i]]) for i in sorted(begun)]
    return [(start, np.array(track)) for start, track in ended + open_tracks]


def _nearest_first(ends, new, max_distance) -> list[tuple[int, int]]:
    distances = np.linalg.norm(ends[:, None] - new, axis=2)
    pairs, taken_ends, taken_new = [], set(), set()
    for old, place in zip(*np.unravel_index(np.argsort(distances, axis=None), distances.shape), strict=True):
        if distances[old, place] > max_distance:
            break
        if old not in taken_ends and place not in taken_new:
            pairs.append((int(old), int(place)))
            taken_ends.add(old)
            taken_new.add(place)
    return pairs


def _blobs(dark: Bool[np.ndarray, "rows columns"]):
    """Centres ``(N, 2)``, boxes ``(N, 4)`` and areas ``(N,)`` of the dark blobs that are no dirt."""
    from scipy import ndimage  # imported here: it takes longer than all the rest

    marks, count = ndimage.label(dark, np.ones((3, 3)))  # pixels that touch at a corner belong together
    areas = np.bincount(marks.ravel(), minlength=count + 1)[1:]
    large = np.flatnonzero(areas >= MIN_AREA)
    centres = np.array(ndimage.center_of_mass(dark, marks, large + 1)).reshape(-1, 2)
    slices = ndimage.find_objects(marks)
    edges = [(slices[i][1].start, slices[i][0].start, slices[i][1].stop, slices[i][0].stop) for i in large]
    return centres, np.array(edges, float).reshape(-1, 4), areas[large]


def _halved(image: np.ndarray) -> np.ndarray:
    rows, columns = image.shape
    return image.reshape(rows // 2, 2, columns // 2, 2).mean((1, 3)).round().astype(np.uint8)


def foreground(video: Video) -> Float[np.ndarray, "time rows columns"]:
    """How much darker than the tank each pixel is: about 1 on a fish's back, about 0 elsewhere; float32."""
    differences = video.background.astype(np.float32) - video.frames
    differences /= 64
    return np.clip(differences, -0.25, 1.5, out=differences)


def clips(
    video: Video, length: int = 13, *, hop: int = 3, size: int = SIZE, crop_center: str = "middle"
) -> Clips:
    """Cut every track into clips of ``length`` frames and ``size`` pixels square, one every ``hop`` frames.

    crop_center: where the camera looks. It stands still and is aimed at the ``"middle"`` of the fish's places
        in all frames, the same forwards and backwards; or at the fish in the ``"first"`` frame, or in the
        ``"last"``; or it does ``"follow"`` the fish.

    Beyond the edge of the film a clip is as dark as the tank: 0. Raises ValueError or TypeError for sizes
    that are no positive integers, or another ``crop_center``.
    """
    validation.check_size("length", length)
    validation.check_size("hop", hop)
    validation.check_size("size", size)
    validation.check_choice("crop_center", crop_center, tuple(CROP_CENTERS))
    half = size // 2
    dark = np.pad(foreground(video), ((0, 0), (half, size - half), (half, size - half)))
    cut, starts, numbers = [], [], []
    for number, track in enumerate(video.tracks):
        for first in range(0, len(track.centers) - length + 1, hop):
            # The middle of a window of even size is the corner between pixels: half a pixel further.
            aims = (
                (CROP_CENTERS[crop_center](track.centers[first : first + length]) + 0.5).round().astype(int)
            )
            start = track.start + first
            frames = zip(dark[start : start + length], np.broadcast_to(aims, (length, 2)), strict=True)
            cut.append([frame[row : row + size, column : column + size] for frame, (row, column) in frames])
            starts.append(start)
            numbers.append(number)
    x = np.array(cut, np.float32).reshape(-1, length, size, size)
    return Clips(x, np.array(starts, int), np.array(numbers, int))


def load(length: int = 13, *, hop: int = 3, size: int = SIZE, crop_center: str = "middle") -> Dataset:
    """Clips in three splits of ``Clips``; the card counts those of 13 frames.

    Raises as ``clips`` does, and DataNotFoundError where the cache lacks the films.
    """
    a, b = (clips(video(name), length, hop=hop, size=size, crop_center=crop_center) for name in FILMS)
    early, late = a.start + length <= TRAIN_UNTIL, a.start >= VALIDATION_FROM
    return Dataset(CARD, *(Clips(*(column[part] for column in a)) for part in (early, late)), b)


def _to_arrays(video: Video) -> dict[str, np.ndarray]:
    """A video as plain arrays: lists of arrays laid end to end, with their lengths."""
    return {
        "frames": video.frames,
        "background": video.background,
        "boxes": np.concatenate(video.boxes),
        "box_counts": np.array([len(box) for box in video.boxes], int),
        "places": np.concatenate([np.zeros((0, 2)), *(track.centers for track in video.tracks)]),
        "track_starts": np.array([track.start for track in video.tracks], int),
        "track_lengths": np.array([len(track.centers) for track in video.tracks], int),
    }


def _from_arrays(arrays: Mapping[str, np.ndarray]) -> Video:
    boxes = _cut(arrays["boxes"], arrays["box_counts"])
    centers = _cut(arrays["places"], arrays["track_lengths"])
    tracks = tuple(map(Track, arrays["track_starts"].tolist(), centers))
    return Video(arrays["frames"], arrays["background"], boxes, tracks)


def _cut(array: np.ndarray, lengths: Iterable[int]) -> tuple[np.ndarray, ...]:
    return tuple(np.split(array, np.cumsum(lengths)[:-1])) if len(lengths) else ()
