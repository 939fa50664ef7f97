"""A small organ: four ranks of pipes, written with sines alone.

    from rnnbook.tasks.sound import play, timbre

    play(timbre.sung(score, beats_a_minute=80), timbre.RATE, "Sixteen beats of a chorale.")

A pipe's tone is a sum of sines at whole multiples of its pitch, each weaker than the one before. Three things
keep it from sounding like a machine: it begins and ends softly, its pitch wavers a little, and the room
answers.
"""

import numpy as np
from jaxtyping import Float

from rnnbook import validation
from rnnbook.tasks.music.score import TICKS, Score

RATE = 8000  # samples a second: enough for pitches up to 4,000 hertz
PARTIALS = np.array([1, 0.55, 0.32, 0.2, 0.12, 0.07, 0.04, 0.02])  # how loud each multiple of the pitch is
LOUDNESS = (1.0, 0.75, 0.75, 1.05)  # from the top voice down: the tune and the bass stand out
ATTACK, RELEASE = 0.045, 0.11  # seconds
WAVER, WAVERS = 0.0025, 4.8  # of the pitch, and times a second
ROOM, SECONDS = 0.28, 0.9  # how loud the room answers, and how long


def frequency(pitch: int) -> float:
    """Hertz of a MIDI number: 69 is the A of 440 hertz, and twelve semitones double it."""
    return 440 * 2 ** ((pitch - 69) / 12)


def tone(pitch: int, seconds: float, *, rate: int = RATE) -> Float[np.ndarray, " time"]:
    """One pipe, held for so long; its last breath comes after that."""
    time = np.arange(round((seconds + RELEASE) * rate)) / rate
    # The phase is what turns: the integral of a pitch that wavers, more and more as the tone goes on.
    depth = WAVER * np.clip((time - 0.25) / 0.5, 0, 1)
    phase = (
        2
        * np.pi
        * frequency(pitch)
        * (time - depth * np.cos(2 * np.pi * WAVERS * time) / (2 * np.pi * WAVERS))
    )
    multiples = np.arange(1, len(PARTIALS) + 1)
    heard = (
        multiples * frequency(pitch) * (1 + WAVER) < 0.45 * rate
    )  # what is higher would come back as a lower pitch
    samples = PARTIALS[heard] @ np.sin(multiples[heard, None] * phase)
    swell = np.clip(time / ATTACK, 0, 1) * np.clip((seconds + RELEASE - time) / RELEASE, 0, 1)
    return samples * np.sin(np.pi / 2 * swell) ** 2


def sung(
    score: Score, *, beats_a_minute: float = 76, rate: int = RATE, seed: int = 0
) -> Float[np.ndarray, " time"]:
    """The whole score on the organ, with its room, in -1..1.

    beats_a_minute: quarter notes. seed: of the room, whose answer is noise that dies away.

    Raises ValueError for a score without notes, or no tempo.
    """
    validation.check_size("rate", rate)
    if not beats_a_minute > 0:
        raise ValueError(f"beats_a_minute must be positive, got {beats_a_minute}")
    if not score.ticks:
        raise ValueError("score must hold at least one note, got none")
    tick = 60 / beats_a_minute / TICKS  # seconds
    samples = np.zeros(round((score.ticks * tick + RELEASE + SECONDS) * rate) + 2)
    for voice, notes in enumerate(score.voices):
        loudness = LOUDNESS[min(voice, len(LOUDNESS) - 1)]
        for note in notes:
            # The last part of a note is silent, so that the same pitch twice is heard twice.
            one = loudness * tone(note.pitch, max(note.length * tick - 0.06, 0.05), rate=rate)
            start = round(note.start * tick * rate)
            samples[start : start + len(one)] += one
    samples = samples + ROOM * _answer(samples, rate, np.random.default_rng(seed))
    return samples / np.abs(samples).max()


def _answer(samples: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """What the room gives back: each sample again and again, weaker and weaker, at random moments."""
    time = np.arange(round(SECONDS * rate)) / rate
    echo = rng.standard_normal(len(time)) * np.exp(-6.9 * time / SECONDS)  # 60 decibels down at the end
    echo = np.convolve(echo, [0.25, 0.5, 0.25], mode="same")  # walls swallow high pitches first
    size = len(samples) + len(echo)
    answer = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(echo / np.linalg.norm(echo), size), size)
    return answer[: len(samples)]
