"""Say a digit in a voice that was never heard saying it: a recurrent voice, and what it must be better than.

Three seeds; each leaves out six other pairs of a speaker and a digit. The settings were chosen with the pairs
of ``TUNING``, which no seed leaves out, on recordings that no test holds; what was tried stands beside them.
"""

import importlib
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float, Int

from rnnbook import training
from rnnbook.batching import buckets, pad
from rnnbook.data import pronunciations, spoken_digits
from rnnbook.data.spoken_digits import SPEAKERS, WORDS, Recordings, rows, stretched
from rnnbook.tasks.sound.length_regulator import placed
from rnnbook.tasks.sound.vocoder import BANDS, analysed, distance, spoken

SEEDS = (0, 1, 2)
TUNING = 3

MODELS = {
    "Voice": {"dropout": 0.1},
    "without recurrence": {"dropout": 0.1, "recurrent": False},
    "FeedbackVoice": {"dropout": 0.1},
}
EPOCHS = 10  # of 5 and 10
LEARNING_RATE = 0.006
BATCH_SIZE = 32
FRAMES = 20  # steps of a mean, and of what a judge hears: every recording is stretched to as many


def held_out(seed: int) -> list[tuple[int, int]]:
    """Six pairs of a speaker and a digit, one a speaker, all digits different for each seed."""
    return [(speaker, (3 * speaker + 2 * seed + 1) % 10) for speaker in range(SPEAKERS)]


def spelling() -> dict[str, tuple[str, ...]]:
    """The phonemes of the ten words, as the CMU dictionary has them. NotFetched where the cache lacks it."""
    entries = pronunciations.read()
    return {word: entries[word][0] for word in WORDS}


class Digits:
    """The recordings as a voice learns them: without the pairs of one seed, in units near 1.

    train, validation, seen: recordings of the other pairs; ``seen`` is the test. unseen: all fifty recordings
    of each of the pairs, since none was used. everything: with the pairs, for judges.
    """

    def __init__(self, seed: int) -> None:
        self.everything = spoken_digits.load()
        self.pairs = held_out(seed)
        parts = (self.everything.train, self.everything.validation, self.everything.test)
        out = [_of_pairs(part, self.pairs) for part in parts]
        self.train, self.validation, self.seen = (
            rows(part, ~few) for part, few in zip(parts, out, strict=True)
        )
        self.unseen = _joined([rows(part, few) for part, few in zip(parts, out, strict=True)])
        words = spelling()
        self.inventory = sorted({phoneme for word in words.values() for phoneme in word})
        self.spelt = [self.numbers(words[word]) for word in WORDS]
        steps = np.concatenate(list(self.train.x))
        self.mean = steps.mean(axis=0)
        self.scale = steps.std(axis=0)

    def numbers(self, phonemes: Sequence[str]) -> list[int]:
        """The phonemes' places in the inventory; ValueError for one that no digit has."""
        for phoneme in phonemes:
            if phoneme not in self.inventory:
                raise ValueError(f"phonemes must be some of {' '.join(self.inventory)}, got {phoneme!r}")
        return [self.inventory.index(phoneme) for phoneme in phonemes]

    def batch(self, part: Recordings, few: Int[np.ndarray, " batch"]) -> tuple[np.ndarray, ...]:
        """What the losses ask for: phonemes, lengths, speaker, positions, y, spelt, counts."""
        spelt = [self.spelt[digit] for digit in part.digit[few]]
        places = [placed(one, len(x)) for one, x in zip(spelt, part.x[few], strict=True)]
        phonemes, lengths = pad([one for one, _ in places])
        positions, _ = pad([one for _, one in places])
        y, _ = pad([((x - self.mean) / self.scale).astype(np.float32) for x in part.x[few]])
        spelt, counts = pad([np.array(one) for one in spelt])
        return phonemes, lengths, part.speaker[few], positions, y, spelt, counts


def _of_pairs(part: Recordings, pairs: Sequence[tuple[int, int]]) -> np.ndarray:
    return np.array(
        [(speaker, digit) in pairs for speaker, digit in zip(part.speaker, part.digit, strict=True)]
    )


def _joined(parts: Sequence[Recordings]) -> Recordings:
    return Recordings(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def train(
    digits: Digits, name: str, *, seed: int, wing: str = "torch", epochs: int = EPOCHS, progress: bool = False
) -> tuple[object, training.Run]:
    """Train one of ``MODELS``; the best weights are those with the least loss on validation."""
    framework = importlib.import_module(f"rnnbook.{wing}")
    kind = "FeedbackVoice" if name == "FeedbackVoice" else "Voice"
    loss = framework.forced_loss if kind == "FeedbackVoice" else framework.speech_loss
    model = getattr(framework, kind)(
        len(digits.inventory), SPEAKERS, **MODELS[name], rng=np.random.default_rng(seed)
    )
    lengths = np.array([len(x) for x in digits.train.x])
    look = digits.batch(digits.validation, np.arange(len(digits.validation.x)))
    if wing == "torch":
        import torch

        as_tensors = lambda arrays: [torch.as_tensor(array) for array in arrays]
    else:
        as_tensors = list
    run = framework.fit(
        model,
        lambda rng: [digits.batch(digits.train, few) for few in buckets(lengths, BATCH_SIZE, rng)],
        loss,
        lambda model: -float(loss(model, *as_tensors(look))),
        epochs=epochs,
        learning_rate=LEARNING_RATE,
        seed=seed,
        progress=progress,
    )
    return model, run


def say(
    model, digits: Digits, spelt: Sequence[int], speaker: int, steps: int | None = None
) -> Float[np.ndarray, "steps 13"]:
    """MFCCs of a word in a speaker's voice. steps: how long; as long as the model finds right if None.

    For a model of the PyTorch wing.
    """
    import torch

    who = torch.tensor([speaker])
    with torch.no_grad():
        word = torch.tensor([list(spelt)])
        if steps is None:
            steps = max(4, round(float(model.log_steps(word, who).exp())))
        phonemes, positions = (torch.as_tensor(array)[None] for array in placed(spelt, steps))
        if hasattr(model, "speak"):
            said = model.speak(phonemes, who, positions)
        else:
            said, _ = model(phonemes, who, positions, word)
    return said[0].numpy() * digits.scale + digits.mean


class Means:
    """What can be said without a network, from means over training recordings, each stretched to 20 steps.

    digit: of all speakers. of_speaker: of one, where it was trained. offset: what a speaker adds to the mean
    of all, in each coefficient, over the digits that were trained.
    """

    def __init__(self, digits: Digits) -> None:
        part = digits.train
        equal = np.array([stretched(x, FRAMES / len(x)) for x in part.x])
        lengths = np.array([len(x) for x in part.x])
        self.steps = [round(lengths[part.digit == digit].mean()) for digit in range(10)]
        self.digit = [equal[part.digit == digit].mean(axis=0) for digit in range(10)]
        self.of_speaker, offsets = {}, {speaker: [] for speaker in range(SPEAKERS)}
        for speaker in range(SPEAKERS):
            for digit in range(10):
                same = (part.speaker == speaker) & (part.digit == digit)
                if same.any():
                    mean = equal[same].mean(axis=0)
                    self.of_speaker[speaker, digit] = mean, round(lengths[same].mean())
                    offsets[speaker].append((mean - self.digit[digit]).mean(axis=0))
        self.offset = {speaker: np.mean(some, axis=0) for speaker, some in offsets.items()}

    def plain(self, speaker: int, digit: int) -> Float[np.ndarray, "steps 13"]:
        """The digit's mean, the same for every speaker."""
        return stretched(self.digit[digit], self.steps[digit] / FRAMES)

    def shifted(self, speaker: int, digit: int) -> Float[np.ndarray, "steps 13"]:
        """The digit's mean with the speaker's offset."""
        return self.plain(speaker, digit) + self.offset[speaker]

    def own(self, speaker: int, digit: int) -> Float[np.ndarray, "steps 13"]:
        """The mean of the speaker's own recordings of the digit; KeyError where none was trained."""
        mean, steps = self.of_speaker[speaker, digit]
        return stretched(mean, steps / FRAMES)


def decibels(says: Callable[[int, int], np.ndarray], part: Recordings) -> float:
    """The mean ``vocoder.distance`` from what is said to each recording of the same speaker and digit."""
    pairs = list(zip(part.speaker.tolist(), part.digit.tolist(), strict=True))
    kept = {pair: says(*pair) for pair in set(pairs)}
    return float(np.mean([distance(kept[pair], x) for pair, x in zip(pairs, part.x, strict=True)]))


def decibels_between(part: Recordings, whole: Recordings, seed: int) -> float:
    """The mean ``vocoder.distance`` from each recording to another of the same pair, drawn from ``whole``."""
    rng, found = np.random.default_rng(seed), []
    for x, speaker, digit in zip(part.x, part.speaker, part.digit, strict=True):
        others = np.flatnonzero((whole.speaker == speaker) & (whole.digit == digit))
        others = [row for row in others if whole.x[row].shape != x.shape or (whole.x[row] != x).any()]
        found.append(distance(whole.x[rng.choice(others)], x))
    return float(np.mean(found))


class Judge:
    """Hears which digit is said, and by whom: two logistic regressions that learned from real recordings."""

    def __init__(self, part: Recordings) -> None:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        heard = self._heard(part.x)
        made = lambda answers: make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=300)).fit(
            heard, answers
        )
        self.digit, self.speaker = made(part.digit), made(part.speaker)

    @staticmethod
    def _heard(sounds: Sequence[np.ndarray]) -> np.ndarray:
        return np.array([stretched(x, FRAMES / len(x)).ravel() for x in sounds])

    def right(self, sounds: Sequence[np.ndarray], speaker, digit) -> tuple[float, float]:
        """The shares whose digit, and whose speaker, is heard as meant."""
        heard = self._heard(sounds)
        return (
            float(np.mean(self.digit.predict(heard) == digit)),
            float(np.mean(self.speaker.predict(heard) == speaker)),
        )


def judged(judge: Judge, says: Callable[[int, int], np.ndarray], pairs: Sequence[tuple[int, int]]) -> dict:
    """What a judge hears of what is said for each pair: as MFCCs, and again through the vocoder."""
    speaker, digit = np.array(pairs).T
    sounds = [says(*pair) for pair in pairs]
    heard = [analysed(spoken(sound)) for sound in sounds]
    result = {}
    for name, some in (("", sounds), (", vocoded", heard)):
        right = judge.right(some, speaker, digit)
        result |= {f"digit{name}": round(right[0], 4), f"speaker{name}": round(right[1], 4)}
    return result


def step_errors(says: Callable[[np.ndarray, int, int], np.ndarray], part: Recordings) -> float:
    """The mean error of a step in decibels a band, unwarped. says: of a recording, a speaker and a digit."""
    found = []
    for x, speaker, digit in zip(part.x, part.speaker.tolist(), part.digit.tolist(), strict=True):
        off = (says(x, speaker, digit) - x)[1:, 1:]  # no model knows the step before the first
        found.append(np.sqrt((off**2).sum(axis=1) / BANDS))
    return float(np.concatenate(found).mean())


def forced(model, digits: Digits, x: np.ndarray, speaker: int, digit: int) -> Float[np.ndarray, "steps 13"]:
    """What a ``FeedbackVoice`` says when at each step it gets the recording's step before."""
    import torch

    phonemes, positions = (torch.as_tensor(array)[None] for array in placed(digits.spelt[digit], len(x)))
    y = torch.as_tensor(((x - digits.mean) / digits.scale).astype(np.float32))
    before = torch.nn.functional.pad(y[:-1], (0, 0, 1, 0))[None]
    with torch.no_grad():
        said = model(phonemes, torch.tensor([speaker]), positions, before)
    return said[0].numpy() * digits.scale + digits.mean


def forcing(feedback, voice, digits: Digits) -> dict:
    """The error of a step, with a teacher and without, on the test recordings of seen pairs."""
    free = lambda model: lambda x, speaker, digit: say(model, digits, digits.spelt[digit], speaker, len(x))
    ways = {
        "the step before, again": lambda x, *_: np.concatenate([x[:1], x[:-1]]),
        "FeedbackVoice, forced": lambda *of: forced(feedback, digits, *of),
        "FeedbackVoice, free": free(feedback),
        "Voice": free(voice),
    }
    return {name: round(step_errors(says, digits.seen), 3) for name, says in ways.items()}


def run(seed: int) -> dict:
    """Distances to real recordings, what judges hear, and what teacher forcing hides."""
    import torch

    torch.set_num_threads(1)
    digits = Digits(seed)
    means, models, seconds = Means(digits), {}, {}
    for name in MODELS:
        models[name], made = train(digits, name, seed=seed)
        seconds[name] = round(made.seconds, 1)
    says = {
        "digit mean": means.plain,
        "digit mean, shifted": means.shifted,
        "without recurrence": None,
        "Voice": None,
    }
    for name in says:
        if says[name] is None:
            says[name] = lambda s, d, name=name: say(models[name], digits, digits.spelt[d], s)
    # A FeedbackVoice has no opinion of a length: it gets Voice's.
    says["FeedbackVoice"] = lambda s, d: say(
        models["FeedbackVoice"], digits, digits.spelt[d], s, len(says["Voice"](s, d))
    )
    whole = _joined([digits.everything.train, digits.everything.validation, digits.everything.test])
    distances = {
        name: {
            "seen": round(decibels(one, digits.seen), 3),
            "unseen": round(decibels(one, digits.unseen), 3),
        }
        for name, one in says.items()
    }
    distances["speaker's own digit mean"] = {"seen": round(decibels(means.own, digits.seen), 3)}
    distances["two real recordings"] = {
        name: round(decibels_between(part, whole, seed), 3)
        for name, part in (("seen", digits.seen), ("unseen", digits.unseen))
    }
    judge, test = Judge(digits.everything.train), digits.everything.test
    vocoded = [analysed(spoken(x)) for x in test.x]
    heard = {
        "real": dict(zip(("digit", "speaker"), judge.right(test.x, test.speaker, test.digit), strict=True)),
        "real, vocoded": dict(
            zip(("digit", "speaker"), judge.right(vocoded, test.speaker, test.digit), strict=True)
        ),
    }
    seen = [(s, d) for s in range(SPEAKERS) for d in range(10) if (s, d) not in digits.pairs]
    for name, one in says.items():
        heard[name] = {"seen": judged(judge, one, seen), "unseen": judged(judge, one, digits.pairs)}
    return {
        "decibels": distances,
        "heard": heard,
        "step errors": forcing(models["FeedbackVoice"], models["Voice"], digits),
        "vocoder": round(float(np.mean([distance(x, y) for x, y in zip(test.x, vocoded, strict=True)])), 3),
        "seconds": seconds,
    }
