"""Seven exercises for a sore shoulder, done by ten people with a smartwatch on the wrist.

    from rnnbook.data import shoulder

    data = shoulder.load(fold=0)                  # a Dataset: other people in each split
    data.train.x[0], data.train.exercise[0], data.train.subject[0]
    shoulder.windows(data.train)                  # four seconds of one exercise
    shoulder.streams(data.train, 100, np.random.default_rng(0))         # exercises that follow one another
    shoulder.step_features(data.train.x[0])               # five steps a second, of 12 features

Burns et al., 2018, 'Shoulder physiotherapy exercise recognition: machine learning the inertial signals from
a smartwatch'.
"""

import io
import pickle
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy._core.multiarray import _reconstruct

from rnnbook import validation
from rnnbook.data import Card, Dataset, object_array, shuffle_numbers
from rnnbook.data.cache import Archive, File

ARCHIVE = Archive("seglearn", "1.2.5", "ec6b952c85c9627050102854b372d85951563d3b990df677d7c55547e87413dd")
RECORDINGS = File(
    ARCHIVE,
    "seglearn/data/watch_dataset.npy",
    "eb122f23cdf06ef6bd6c6c5312958ec5cf9d038e2e6d457b8081662c75a42537",
)
FILES = (RECORDINGS,)

SAMPLE_RATE = 50  # samples a second
AXES = ("ax", "ay", "az", "wx", "wy", "wz")  # acceleration, gravity included; turning
EXERCISES = {
    "PEN": "pendulum",
    "ABD": "abduction",
    "FEL": "forward elevation",
    "IR": "internal rotation",
    "ER": "external rotation",
    "TRAP": "trapezius extension",
    "ROW": "upright row",
}
SIDES = ("left", "right")

SEED = 0
FOLDS = 5  # two of the ten people are tested in each

# What the file's pickle may ask for, and all that it may: plain arrays need no more.
ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("_codecs", "encode"): lambda text, encoding: text.encode(encoding),
}


class ShoulderRecordings(NamedTuple):
    """One row a recording: one person does one exercise again and again, with one arm.

    x: ``(N,)`` arrays ``(T_i, 6)`` of 50 samples a second on the six ``AXES``.
    exercise: ``(N,)`` places in ``EXERCISES``. subject: ``(N,)`` 1..10. side: ``(N,)`` places in ``SIDES``.
    """

    x: np.ndarray
    exercise: Int[np.ndarray, " recordings"]
    subject: Int[np.ndarray, " recordings"]
    side: Int[np.ndarray, " recordings"]


class LabeledSequences(NamedTuple):
    """Sequences of equal length and whose they are.

    x: ``(N, T, 6)``, 50 samples a second. y: the exercise, ``(N,)`` of a window, ``(N, T / 10)`` of each step
    of a stream. subject: ``(N,)``.
    """

    x: Float[np.ndarray, "sequences time axes"]
    y: Int[np.ndarray, "sequences *steps"]
    subject: Int[np.ndarray, " sequences"]


CARD = Card(
    name="shoulder",
    source="the package seglearn 1.2.5: seglearn/data/watch_dataset.npy, put there by the study's first "
    "author",
    licence="BSD 3-Clause, copyright David M. Burns, for the package that he published it in; it names no "
    "other licence for the data",
    citation="D.M. Burns, N. Leung, M. Hardisty, C.M. Whyne, P. Henry, S. McLachlin, 2018, 'Shoulder "
    "physiotherapy exercise recognition: machine learning the inertial signals from a smartwatch', "
    "Physiological Measurement 39(7)",
    description="140 recordings, 81 minutes: 10 healthy people, 7 exercises, 2 arms, about 20 repetitions "
    "each; acceleration and turning on 3 axes, 50 samples a second",
    counts={"train": 84, "validation": 28, "test": 28},
    splits="by person, five folds: six people train, two validate, two test. Over the folds each person "
    "tests once and validates once",
    sha256=ARCHIVE.sha256,
)


class _PlainArrays(pickle.Unpickler):
    """An unpickler that makes nothing but arrays and Python's own containers."""

    def find_class(self, module: str, name: str):
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(f"the file asks for {module}.{name}, which no array needs")
        return ALLOWED[module, name]


def read() -> ShoulderRecordings:
    """The whole set in the file's order.

    The file is a pickle, and a pickle is a program: who loads it runs what its writer put in. So first its
    sha256 must be that of the file which the course's authors looked into. Then it is read by an unpickler
    that knows arrays alone.

    Raises DataNotFoundError where the cache lacks the file, or holds another one.
    """
    file = io.BytesIO(RECORDINGS.read())  # read() has checked the sha256
    np.lib.format.read_magic(file)
    np.lib.format.read_array_header_1_0(file)
    table = _PlainArrays(file).load().item()
    return ShoulderRecordings(
        object_array(table["X"]), *(table[name].astype(int) for name in ("y", "subject", "side"))
    )


def fold_subjects(fold: int) -> tuple[list[int], list[int], list[int]]:
    """Who trains, validates and tests in a fold. ValueError unless it is in 0..4."""
    if fold not in range(FOLDS):
        raise ValueError(f"fold must be one of 0..{FOLDS - 1}, got {fold!r}")
    order = shuffle_numbers(range(1, 11), SEED)
    pairs = [sorted(order[2 * place : 2 * place + 2]) for place in range(FOLDS)]
    test, validation = pairs[fold], pairs[(fold + 1) % FOLDS]
    return sorted(set(order) - {*test, *validation}), validation, test


def load(fold: int = 0) -> Dataset:
    """The recordings in three splits of ``ShoulderRecordings``, by person.

    Raises as ``read`` and ``fold_subjects`` do.
    """
    raw = read()
    chosen = (np.isin(raw.subject, subjects) for subjects in fold_subjects(fold))
    return Dataset(CARD, *(ShoulderRecordings(*(column[rows] for column in raw)) for rows in chosen))


def step_features(
    x: Float[np.ndarray, "*any time axes"], samples_per_step: int = 10
) -> Float[np.ndarray, "*any steps features"]:
    """Gather every few samples into one step: their mean on each axis, then their deviation on each axis.

    Ten samples are a fifth of a second. The means say how the wrist is held and where it goes, the deviations
    how much it moves meanwhile. What is left over at the end is dropped.
    """
    validation.check_size("samples_per_step", samples_per_step)
    *before, time, axes = x.shape
    if time < samples_per_step:
        raise ValueError(f"x must hold at least {samples_per_step} samples, got {time}")
    count = time // samples_per_step
    grouped = x[..., : count * samples_per_step, :].reshape(*before, count, samples_per_step, axes)
    return np.concatenate([grouped.mean(axis=-2), grouped.std(axis=-2)], axis=-1)


def windows(recordings: ShoulderRecordings, *, seconds: float = 4) -> LabeledSequences:
    """Cut every recording into windows that do not overlap; what is left over at its end is dropped."""
    length = round(seconds * SAMPLE_RATE)
    x, y, subject = [], [], []
    for recording, exercise, person, _ in zip(*recordings, strict=True):
        for start in range(0, len(recording) - length + 1, length):
            x.append(recording[start : start + length])
            y.append(exercise)
            subject.append(person)
    return LabeledSequences(np.array(x, np.float32), np.array(y), np.array(subject))


def streams(
    recordings: ShoulderRecordings,
    count: int,
    rng: np.random.Generator,
    *,
    seconds: float = 16,
    piece_seconds: tuple[float, float] = (3, 7),
    samples_per_step: int = 10,
) -> LabeledSequences:
    """Streams in which exercises follow one another: pieces of one arm's recordings, put end to end.

    The movements are real, the joins are not: the wrist jumps from one position into the next. Neighbouring
    pieces are of different exercises. The people take turns, so that each has as many streams as the others.

    count: how many. seconds: how long each is.
    piece_seconds: the shortest and the longest piece, in seconds; the last one is cut off.
    samples_per_step: exercises change between steps of so many samples, and ``y`` has a label for each step.
    """
    validation.check_size("count", count)
    length = round(seconds * SAMPLE_RATE / samples_per_step)
    min_steps, max_steps = (round(part * SAMPLE_RATE / samples_per_step) for part in piece_seconds)
    arms: dict[tuple[int, int], dict[int, np.ndarray]] = {}
    for recording, exercise, person, side in zip(*recordings, strict=True):
        arms.setdefault((int(person), int(side)), {})[int(exercise)] = recording
    people = sorted({person for person, _ in arms})
    x = np.empty((count, length * samples_per_step, len(AXES)), np.float32)
    y = np.empty((count, length), int)
    subject = np.array([people[row % len(people)] for row in range(count)])
    for row, person in enumerate(subject):
        recording_of = arms[int(person), int(rng.integers(len(SIDES)))]
        now, last = 0, None
        while now < length:
            exercise = int(rng.choice([each for each in sorted(recording_of) if each != last]))
            steps = min(int(rng.integers(min_steps, max_steps + 1)), length - now)
            size = steps * samples_per_step
            start = int(rng.integers(len(recording_of[exercise]) - size + 1))
            x[row, now * samples_per_step :][:size] = recording_of[exercise][start : start + size]
            y[row, now : now + steps] = exercise
            now, last = now + steps, exercise
    return LabeledSequences(x, y, subject)
