"""Say a digit in a voice that was never heard saying it: a recurrent voice, and what it must be better than.

Three seeds; each leaves out six other pairs of a speaker and a digit. The settings were chosen with the pairs
of ``TUNING``, which no seed leaves out, on recordings that no test holds.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from jaxtyping import Float, Int

from rnnbook import training
from rnnbook.batching import bucket_by_length, pad
from rnnbook.course.experiments import _train
from rnnbook.course.experiments.spoken_digits import concat
from rnnbook.data import pronunciations, spoken_digits
from rnnbook.data.spoken_digits import SPEAKERS, WORDS, DigitRecordings, select, time_stretch
from rnnbook.tasks.sound.length_regulator import expand_to_frames
from rnnbook.tasks.sound.vocoder import NUM_MELS, mel_cepstral_distance, mfcc
from rnnbook.tasks.sound.vocoder import synthesize as vocode

SEEDS = (0, 1, 2)
TUNING = 3

MODELS = {  # each by its class
    "AcousticModel": "AcousticModel",
    "without recurrence": "FramewiseAcousticModel",
    "window": "WindowAcousticModel",
    "AutoregressiveAcousticModel": "AutoregressiveAcousticModel",
}
DROPOUT, EPOCHS, LEARNING_RATE, BATCH_SIZE = 0.1, 10, 0.006, 32
# Decibels to recordings of the never trained pairs of ``TUNING``, out of training and validation recordings.
TRIED = {
    "voice": {
        "5 epochs, rate 0.003": 4.42, "5 epochs, rate 0.006": 4.38, "5 epochs, rate 0.012": 4.34,
        "10 epochs, rate 0.003": 4.3, "10 epochs, rate 0.006": 4.23, "10 epochs, rate 0.012": 4.26,
        "20 epochs, rate 0.003": 4.27, "20 epochs, rate 0.006": 4.18,
    },
    "window, one step on each side": {
        "5 epochs, rate 0.003": 4.55, "5 epochs, rate 0.006": 4.52, "5 epochs, rate 0.012": 4.56,
        "10 epochs, rate 0.003": 4.58, "10 epochs, rate 0.006": 4.5, "10 epochs, rate 0.012": 4.55,
        "20 epochs, rate 0.003": 4.55, "20 epochs, rate 0.006": 4.52, "20 epochs, rate 0.012": 4.49,
    },
    "window, three steps on each side": {
        "5 epochs, rate 0.003": 4.67, "5 epochs, rate 0.006": 4.77, "5 epochs, rate 0.012": 4.69,
        "10 epochs, rate 0.003": 4.67, "10 epochs, rate 0.006": 4.5, "10 epochs, rate 0.012": 4.65,
        "20 epochs, rate 0.003": 4.6, "20 epochs, rate 0.006": 4.79,
    },
    "window, five steps on each side": {
        "5 epochs, rate 0.003": 4.6, "5 epochs, rate 0.006": 4.8, "5 epochs, rate 0.012": 4.74,
        "10 epochs, rate 0.003": 4.6, "10 epochs, rate 0.006": 4.83, "10 epochs, rate 0.012": 4.77,
        "20 epochs, rate 0.003": 4.7, "20 epochs, rate 0.006": 4.9,
    },
    "one step": {
        "5 epochs, rate 0.003": 4.79, "5 epochs, rate 0.006": 4.69, "5 epochs, rate 0.012": 4.67,
        "10 epochs, rate 0.003": 4.7, "10 epochs, rate 0.006": 4.54, "10 epochs, rate 0.012": 4.66,
        "20 epochs, rate 0.003": 4.5, "20 epochs, rate 0.006": 4.54,
    },
    "feedback voice": {
        "10 epochs, rate 0.003": 5.27, "10 epochs, rate 0.006": 5.1, "10 epochs, rate 0.012": 5.0,
        "20 epochs, rate 0.003": 5.1, "20 epochs, rate 0.006": 5.05, "20 epochs, rate 0.012": 4.88,
    },
}  # fmt: skip
FRAMES = 20  # steps of a mean, and of what a probe hears: every recording is stretched to as many


def held_out_pairs(seed: int) -> list[tuple[int, int]]:
    """Six pairs of a speaker and a digit, one a speaker, all digits different for each seed."""
    return [(speaker, (3 * speaker + 2 * seed + 1) % 10) for speaker in range(SPEAKERS)]


def spelling() -> dict[str, tuple[str, ...]]:
    """The phonemes of the ten words, as the CMU dictionary has them.

    DataNotFoundError where the cache lacks it.
    """
    entries = pronunciations.read()
    return {word: entries[word][0] for word in WORDS}


class VoiceData:
    """The recordings as a voice learns them: without the pairs of one seed, in units near 1.

    train, validation, seen: recordings of the other pairs; ``seen`` is the test. unseen: all fifty recordings
    of each of the pairs, since none was used. everything: with the pairs, for the probes. whole: in one.
    phoneme_ids: the phonemes of each of the ten digits, by their places in ``inventory``.
    """

    def __init__(self, seed: int) -> None:
        self.everything = spoken_digits.load()
        self.pairs = held_out_pairs(seed)
        parts = (self.everything.train, self.everything.validation, self.everything.test)
        left_out = lambda part: np.array([pair in self.pairs for pair in pairs_of(part)])
        self.train, self.validation, self.seen = (select(part, ~left_out(part)) for part in parts)
        self.whole = concat(*parts)
        self.unseen = select(self.whole, left_out(self.whole))
        words = spelling()
        self.inventory = sorted({phoneme for word in words.values() for phoneme in word})
        self.phoneme_ids = [self.encode(words[word]) for word in WORDS]
        steps = np.concatenate(list(self.train.x))
        self.mean, self.scale = steps.mean(axis=0), steps.std(axis=0)

    def encode(self, phonemes: Sequence[str]) -> list[int]:
        """The phonemes' places in the inventory; ValueError for one that no digit has."""
        for phoneme in phonemes:
            if phoneme not in self.inventory:
                raise ValueError(f"phonemes must be some of {' '.join(self.inventory)}, got {phoneme!r}")
        return [self.inventory.index(phoneme) for phoneme in phonemes]

    def batch(self, part: DigitRecordings, indices: Int[np.ndarray, " batch"]) -> tuple[np.ndarray, ...]:
        """What the losses ask for: phonemes of frames, lengths, speaker, positions, y, phonemes, lengths."""
        x, words = part.x[indices], [self.phoneme_ids[digit] for digit in part.digit[indices]]
        frames = [expand_to_frames(word, len(steps)) for word, steps in zip(words, x, strict=True)]
        frame_phonemes, lengths = pad([phonemes for phonemes, _ in frames])
        positions, _ = pad([positions for _, positions in frames])
        y, _ = pad([((steps - self.mean) / self.scale).astype(np.float32) for steps in x])
        phoneme_ids, phoneme_lengths = pad([np.array(word) for word in words])
        return frame_phonemes, lengths, part.speaker[indices], positions, y, phoneme_ids, phoneme_lengths


def pairs_of(part: DigitRecordings) -> list[tuple[int, int]]:
    """The speaker and the digit of each recording."""
    return list(zip(part.speaker.tolist(), part.digit.tolist(), strict=True))


def train(
    data: VoiceData,
    name: str,
    *,
    seed: int,
    wing: str = "torch",
    epochs: int = EPOCHS,
    progress: bool = False,
    watch: Callable | None = None,
) -> tuple[object, training.History]:
    """Train one of ``MODELS``; the best weights are those with the least loss on validation.

    watch: called with the model after each epoch, without dropout; for who wants to hear it learn.
    """
    loss = "teacher_forced_loss" if name == "AutoregressiveAcousticModel" else "acoustic_loss"
    sizes = len(data.inventory), SPEAKERS
    model = _train.build_model(MODELS[name], *sizes, seed=seed, wing=wing, dropout=DROPOUT)
    lengths = np.array([len(x) for x in data.train.x])
    validation = data.batch(data.validation, np.arange(len(data.validation.x)))

    def score(model) -> float:
        if watch is not None:
            watch(model)
        return -_train.mean_loss(model, loss, validation, wing=wing)

    history = _train.fit(
        model,
        lambda rng: [
            data.batch(data.train, indices) for indices in bucket_by_length(lengths, BATCH_SIZE, rng)
        ],
        loss,
        score,
        {"epochs": epochs, "learning_rate": LEARNING_RATE},
        seed=seed,
        wing=wing,
        progress=progress,
    )
    return model, history


def synthesize(
    model, data: VoiceData, phoneme_ids: Sequence[int], speaker: int, steps: int | None = None
) -> Float[np.ndarray, "steps 13"]:
    """MFCCs of a word in a speaker's voice. steps: how long; as long as the model finds right if None.

    For a model of the PyTorch wing.
    """
    import torch

    speakers = torch.tensor([speaker])
    with torch.no_grad():
        word = torch.tensor([list(phoneme_ids)])
        if steps is None:
            steps = max(4, round(float(model.predict_log_duration(word, speakers).exp())))
        phonemes, positions = (torch.as_tensor(array)[None] for array in expand_to_frames(phoneme_ids, steps))
        if hasattr(model, "generate"):
            mfccs = model.generate(phonemes, speakers, positions)
        else:
            mfccs, _ = model(phonemes, speakers, positions, word)
    return mfccs[0].numpy() * data.scale + data.mean


def to_equal_length(sounds: Sequence[np.ndarray]) -> Float[np.ndarray, "sounds 20 13"]:
    """Each sound stretched to ``FRAMES`` steps."""
    return np.array([time_stretch(x, FRAMES / len(x)) for x in sounds])


class Means:
    """What can be said without a network, from means over training recordings, each stretched to 20 steps.

    digit: of all speakers. of_speaker: of one, where it was trained. offset: what a speaker adds to the mean
    of all, in each coefficient, over the digits that were trained.
    """

    def __init__(self, data: VoiceData) -> None:
        part = data.train
        equal = to_equal_length(part.x)
        lengths = np.array([len(x) for x in part.x])
        self.steps = [round(lengths[part.digit == digit].mean()) for digit in range(10)]
        self.digit = [equal[part.digit == digit].mean(axis=0) for digit in range(10)]
        self.of_speaker, offsets = {}, {speaker: [] for speaker in range(SPEAKERS)}
        for speaker, digit in sorted(set(pairs_of(part))):
            same = (part.speaker == speaker) & (part.digit == digit)
            mean = equal[same].mean(axis=0)
            self.of_speaker[speaker, digit] = mean, round(lengths[same].mean())
            offsets[speaker].append((mean - self.digit[digit]).mean(axis=0))
        self.offset = {speaker: np.mean(each, axis=0) for speaker, each in offsets.items()}

    def digit_mean(self, speaker: int, digit: int) -> Float[np.ndarray, "steps 13"]:
        """The digit's mean, the same for every speaker."""
        return time_stretch(self.digit[digit], self.steps[digit] / FRAMES)

    def shifted_mean(self, speaker: int, digit: int) -> Float[np.ndarray, "steps 13"]:
        """The digit's mean with the speaker's offset."""
        return self.digit_mean(speaker, digit) + self.offset[speaker]

    def speaker_mean(self, speaker: int, digit: int) -> Float[np.ndarray, "steps 13"]:
        """The mean of the speaker's own recordings of the digit; KeyError where none was trained."""
        mean, steps = self.of_speaker[speaker, digit]
        return time_stretch(mean, steps / FRAMES)


def mean_distance(voice: Callable[[int, int], np.ndarray], part: DigitRecordings) -> float:
    """The mean ``mel_cepstral_distance`` from what is said to each recording of the same pair."""
    pairs = pairs_of(part)
    mfccs = {pair: voice(*pair) for pair in set(pairs)}
    distances = [mel_cepstral_distance(mfccs[pair], x) for pair, x in zip(pairs, part.x, strict=True)]
    return float(np.mean(distances))


def distance_by_pair(voice: Callable[[int, int], np.ndarray], part: DigitRecordings) -> dict[str, float]:
    """``mean_distance`` of each pair's recordings alone, by speaker and word."""
    pairs = np.array(pairs_of(part))
    of = lambda pair: select(part, (pairs == pair).all(axis=1))
    each = sorted(set(pairs_of(part)))
    return {f"{pair[0]} {WORDS[pair[1]]}": round(mean_distance(voice, of(pair)), 3) for pair in each}


def mean_distance_between(part: DigitRecordings, whole: DigitRecordings, seed: int) -> float:
    """The mean ``mel_cepstral_distance`` from each recording to another of its pair, out of ``whole``."""
    rng, distances = np.random.default_rng(seed), []
    for x, speaker, digit in zip(part.x, part.speaker, part.digit, strict=True):
        others = np.flatnonzero((whole.speaker == speaker) & (whole.digit == digit))
        others = [row for row in others if whole.x[row].shape != x.shape or (whole.x[row] != x).any()]
        distances.append(mel_cepstral_distance(whole.x[rng.choice(others)], x))
    return float(np.mean(distances))


class ProbeClassifiers:
    """Hear which digit is said, and by whom: two logistic regressions that learned from real recordings."""

    def __init__(self, part: DigitRecordings) -> None:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        x = to_equal_length(part.x).reshape(len(part.x), -1)
        fit = lambda y: make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=300)).fit(x, y)
        self.digit, self.speaker = fit(part.digit), fit(part.speaker)

    def accuracy(self, sounds: Sequence[np.ndarray], speaker, digit) -> dict[str, float]:
        """The shares whose digit, and whose speaker, is heard as meant."""
        x = to_equal_length(sounds).reshape(len(sounds), -1)
        return {
            "digit": float(np.mean(self.digit.predict(x) == digit)),
            "speaker": float(np.mean(self.speaker.predict(x) == speaker)),
        }


def probe_accuracy(
    probes: ProbeClassifiers, voice: Callable[[int, int], np.ndarray], pairs: Sequence[tuple[int, int]]
) -> dict:
    """What the probes hear of what is said for each pair: as MFCCs, and again through the vocoder."""
    speaker, digit = np.array(pairs).T
    sounds = [voice(*pair) for pair in pairs]
    vocoded = [mfcc(vocode(sound)) for sound in sounds]
    return {
        f"{what}{suffix}": round(share, 4)
        for suffix, heard in (("", sounds), (", vocoded", vocoded))
        for what, share in probes.accuracy(heard, speaker, digit).items()
    }


def mean_step_error(voice: Callable[[np.ndarray, int, int], np.ndarray], part: DigitRecordings) -> float:
    """The mean error of a step in decibels a band, unwarped. voice: of a recording, a speaker and a digit."""
    errors = []
    for x, pair in zip(part.x, pairs_of(part), strict=True):
        off = (voice(x, *pair) - x)[1:, 1:]  # no model knows the step before the first
        errors.append(np.sqrt((off**2).sum(axis=1) / NUM_MELS))
    return float(np.concatenate(errors).mean())


def predict_teacher_forced(
    model, data: VoiceData, x: np.ndarray, speaker: int, digit: int
) -> Float[np.ndarray, "steps 13"]:
    """What an ``AutoregressiveAcousticModel`` says when at each step it gets the recording's step before."""
    import torch

    frames = expand_to_frames(data.phoneme_ids[digit], len(x))
    phonemes, positions = (torch.as_tensor(array)[None] for array in frames)
    y = torch.as_tensor(((x - data.mean) / data.scale).astype(np.float32))
    previous_frames = torch.nn.functional.pad(y[:-1], (0, 0, 1, 0))[None]
    with torch.no_grad():
        predicted = model(phonemes, torch.tensor([speaker]), positions, previous_frames)
    return predicted[0].numpy() * data.scale + data.mean


def compare_teacher_forcing(autoregressive, parallel, data: VoiceData) -> dict:
    """The error of a step, with a teacher and without, on the test recordings of seen pairs."""
    free = lambda model: lambda x, s, d: synthesize(model, data, data.phoneme_ids[d], s, len(x))
    voices = {
        "the step before, again": lambda x, *_: np.concatenate([x[:1], x[:-1]]),
        "AutoregressiveAcousticModel, forced": lambda *of: predict_teacher_forced(autoregressive, data, *of),
        "AutoregressiveAcousticModel, free": free(autoregressive),
        "AcousticModel": free(parallel),
    }
    return {name: round(mean_step_error(voice, data.seen), 3) for name, voice in voices.items()}


def run(seed: int) -> dict:
    """Distances to real recordings, what probes hear, and what teacher forcing hides."""
    data = VoiceData(seed)
    means, models, seconds = Means(data), {}, {}
    for name in MODELS:
        models[name], history = train(data, name, seed=seed)
        seconds[name] = round(history.seconds, 1)
    say = lambda name, s, d, steps=None: synthesize(models[name], data, data.phoneme_ids[d], s, steps)
    voices = {
        "digit mean": means.digit_mean,
        "digit mean, shifted": means.shifted_mean,
        "without recurrence": partial(say, "without recurrence"),
        "window": partial(say, "window"),
        "AcousticModel": partial(say, "AcousticModel"),
        # It has no opinion of a length, and gets that of the AcousticModel.
        "AutoregressiveAcousticModel": lambda s, d: say(
            "AutoregressiveAcousticModel", s, d, len(say("AcousticModel", s, d))
        ),
    }
    tests = {"seen": data.seen, "unseen": data.unseen}
    distances = {
        name: {pairs: round(mean_distance(voice, part), 3) for pairs, part in tests.items()}
        for name, voice in voices.items()
    }
    distances["speaker's own digit mean"] = {"seen": round(mean_distance(means.speaker_mean, data.seen), 3)}
    distances["two real recordings"] = {
        pairs: round(mean_distance_between(part, data.whole, seed), 3) for pairs, part in tests.items()
    }
    probes, test = ProbeClassifiers(data.everything.train), data.everything.test
    vocoded = [mfcc(vocode(x)) for x in test.x]
    heard = {
        "real": probes.accuracy(test.x, test.speaker, test.digit),
        "real, vocoded": probes.accuracy(vocoded, test.speaker, test.digit),
    }
    for name, voice in voices.items():
        heard[name] = {
            pairs: probe_accuracy(probes, voice, sorted(set(pairs_of(part)))) for pairs, part in tests.items()
        }
    vocoder = [mel_cepstral_distance(x, y) for x, y in zip(test.x, vocoded, strict=True)]
    return {
        "mel_cepstral_distance": distances,
        "by_pair": {name: distance_by_pair(voice, data.unseen) for name, voice in voices.items()},
        "num_params": {
            name: sum(array.size for array in model.params.values()) for name, model in models.items()
        },
        "probe_accuracy": heard,
        "step_error": compare_teacher_forcing(
            models["AutoregressiveAcousticModel"], models["AcousticModel"], data
        ),
        "vocoder": round(float(np.mean(vocoder)), 3),
        "seconds": seconds,
    }
